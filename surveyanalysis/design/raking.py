"""Weights that meet known counts: post-stratification, and raking (iterative proportional fitting)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from .linearized import Codes, sums
from .margins import Margin, checked_margin, one_sum
from .weights import as_columns, in_replicate, shaped_like

LARGEST_TABLE = 10**7  # numbers; beyond it only the cells that somebody is in are counted


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights after raking.

    Attributes
    ----------
    weights
        In the shape of the weights given, (n,) or (n, R).
    iterations
        Rounds over all margins.
    error
        Largest relative error of a margin that the last round met with (it was repaired then).
    """

    weights: Matrix
    iterations: int
    error: float


def post_stratify(
    cells: Codes, totals: Vector, weights: Matrix, names: Sequence[str], *, name: str = "post-stratum"
) -> Matrix:
    """Scale the weights of every cell to its total.

    Parameters
    ----------
    cells
        Cell of each row, codes from 0, shape (n,); may be missing (negative) where the weight is zero.
    totals
        Number of people in each cell of the population, shape (C,).
    weights
        Shape (n,), or (n, R) for replicates, each of which is scaled.
    names
        Names of the cells.
    name
        What the cells are of, for messages.

    Returns
    -------
    Matrix
        In the shape of `weights`.

    Raises
    ------
    DesignError
        A total is missing or negative, a cell with a total has nobody in it, or one with respondents has none.

    Notes
    -----
    w_i N_c / sum of w over the cell c (Holt and Smith 1979). Checked against R survey ``postStratify``.

    Examples
    --------
    >>> post_stratify(np.array([0, 0, 1]), np.array([40.0, 60.0]), np.ones(3), ["men", "women"])
    array([20., 20., 60.])
    """
    columns = as_columns(weights)
    margin = checked_margin(cells, totals, name, names, columns)
    found = sums(columns, margin.codes, len(names))
    margin.refuse_empty(found)
    return shaped_like(columns * _ratio(margin.totals[:, None], found)[margin.codes], weights)


def rake(
    margins: Sequence[Codes],
    totals: Sequence[Vector],
    weights: Matrix,
    names: Sequence[tuple[str, Sequence[str]]],
    *,
    tolerance: float = 1e-12,
    iterations: int = 200,
) -> Raked:
    """Scale weights until every margin has its totals.

    Parameters
    ----------
    margins
        Level of each row for every margin, codes from 0, each shape (n,); may be missing (negative) where the weight is
        zero.
    totals
        Population's number of every level, one array a margin. Sums that differ by rounding (1e-6, relative) are
        brought to that of the first margin.
    weights
        Shape (n,), or (n, R) for replicates, each of which is raked.
    names
        Name of every margin and names of its levels.
    tolerance
        Largest relative error of a margin at the end.
    iterations
        Rounds over all margins at most.

    Returns
    -------
    Raked

    Raises
    ------
    DesignError
        Totals are missing, negative or of different sums; a level has a total and nobody, or respondents and no total;
        or no weights meet all margins, as levels that occur only together ask for different numbers.

    Notes
    -----
    Iterative proportional fitting (Deming and Stephan 1940) of the table of all margins crossed: rows of one cell share
    one factor, so that the rows are read once and written once. Checked against R survey ``rake``.

    Examples
    --------
    >>> sex, age = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> named = [("sex", ["men", "women"]), ("age", ["young", "old"])]
    >>> rake([sex, age], [np.array([40, 60]), np.array([30, 70])], np.ones(4), named).weights
    array([12., 28., 18., 42.])
    """
    columns = as_columns(weights)
    if not len(margins) == len(totals) == len(names) > 0:
        raise DesignError(f"{len(margins)} margins, {len(totals)} totals and {len(names)} names: give one of each.")
    checked = [checked_margin(c, t, name, levels, columns) for c, t, (name, levels) in zip(margins, totals, names)]
    key, count = _crossed(checked, LARGEST_TABLE // columns.shape[1])
    table = sums(columns, key, count)
    held = np.flatnonzero((table > 0).any(axis=1))
    cells = _levels_of(held, key, count, checked)
    for margin, codes in zip(checked, cells):
        margin.refuse_empty(sums(table[held], codes, len(margin.levels)))
    fit, rounds, error = _fitted(table[held], cells, checked, tolerance, iterations)
    factor = np.ones_like(table)
    factor[held] = _ratio(fit, table[held])
    adjusted = factor[key]
    adjusted *= columns
    return Raked(shaped_like(adjusted, weights), rounds, error)


def _crossed(margins: Sequence[Margin], largest: int) -> tuple[Codes, int]:
    """Cell of each row in the table of all margins, shape (n,), and the number of cells."""
    key, count = margins[0].codes.astype(np.intp), len(margins[0].levels)
    for margin in margins[1:]:
        count *= len(margin.levels)
        key *= len(margin.levels)
        key += margin.codes
        if count > largest:
            held, key = np.unique(key, return_inverse=True)
            count = len(held)
    return key, count


def _levels_of(held: Codes, key: Codes, count: int, margins: Sequence[Margin]) -> list[Codes]:
    """Level of every margin in each of the cells `held`, read off one row of the cell."""
    row = np.zeros(count, np.intp)
    row[key] = np.arange(len(key))
    return [margin.codes[row[held]] for margin in margins]


def _ratio(wanted: Matrix, found: Matrix) -> Matrix:
    """Factor from found to wanted; 1 where nobody is."""
    return np.divide(wanted, found, out=np.ones_like(found), where=found > 0)


def _fitted(
    table: Matrix, cells: Sequence[Codes], margins: Sequence[Margin], tolerance: float, iterations: int
) -> tuple[Matrix, int, float]:
    """The table (cells, R) scaled to all margins, the rounds it took, and the largest error of the last round."""
    fit, wanted = table.copy(), one_sum(margins)
    for count in range(1, iterations + 1):
        error = 0.0
        for codes, totals in zip(cells, wanted):
            ratio = _ratio(totals[:, None], sums(fit, codes, len(totals)))
            error = max(error, float(np.abs(ratio - 1).max()))
            fit *= ratio[codes]
        if error <= tolerance:
            return fit, count, error
    raise _unsettled(fit, cells, margins, wanted, iterations)


def _unsettled(
    fit: Matrix, cells: Sequence[Codes], margins: Sequence[Margin], wanted: Sequence[Vector], iterations: int
) -> DesignError:
    """The margin and level that are farthest off at the end."""
    found = [sums(fit, codes, len(totals)) for codes, totals in zip(cells, wanted)]
    gaps = [np.abs(_ratio(now, np.broadcast_to(t[:, None], now.shape)) - 1) for now, t in zip(found, wanted)]
    worst = int(np.argmax([gap.max() for gap in gaps]))
    level, replicate = (int(i) for i in np.unravel_index(np.argmax(gaps[worst]), gaps[worst].shape))
    margin = margins[worst]
    return DesignError(
        f"Raking does not settle within {iterations} rounds{in_replicate(replicate, fit.shape[1])}: "
        f"{margin.levels[level]!r} in {margin.name!r} still has {found[worst][level, replicate]:,.10g} of "
        f"{wanted[worst][level]:,.10g}. Levels that occur only together, or never, leave no weights that meet all "
        f"margins: merge levels of {margin.name!r}, or leave a margin out. If the gap is small, raise `iterations`."
    )
