"""Separation: covariates that tell the outcomes apart, so that no finite maximum likelihood estimate exists."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cone import ZERO, Kind, rising
from .fit import Matrix, Vector
from .predictors import Layout, layout_of, predictor_rows, slopes_by_threshold
from .whitening import constant_column


@dataclass(frozen=True, slots=True)
class Separation:
    """A direction in which the likelihood rises for ever.

    Attributes
    ----------
    kind
        "perfect": every answer is told apart; "quasi": some rows lie on the border.
    columns
        Columns of x whose coefficients are infinite, in order.
    direction
        Where they go, in units of the parameters: (k,) for a binary outcome, [thresholds, slopes] for an ordered one,
        the coefficients of each level but the reference for an unordered one.
    levels
        Levels of an unordered outcome that part from the others; empty for other outcomes.
    """

    kind: Kind
    columns: tuple[int, ...]
    direction: Vector
    levels: tuple[int, ...] = ()


def separating(x: Matrix, y: Vector) -> Separation | None:
    """Find out whether the columns of `x` separate a binary outcome.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (n, k); rows of weight 0 left out.
    y
        0 or 1, shape (n,).

    Returns
    -------
    Separation or None
        None where the outcomes overlap: then the maximum likelihood estimate exists and is unique (Albert and Anderson
        1984), given columns of full rank.

    Notes
    -----
    With z = (2y - 1) x: maximise sum z'b subject to z'b >= 0 in every row and |b| <= 1 (Konis 2007; R
    ``detectseparation``). The programme is solved on some rows first, those that its solution violates are added, and
    so on: if fewer rows overlap, all do, and a solution that violates no row solves the whole.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> separating(x, np.array([0.0, 1.0, 1.0, 1.0]))
    Separation(kind='quasi', columns=(1,), direction=array([0., 1.]), levels=())
    >>> separating(x, np.array([0.0, 1.0, 1.0, 0.0])) is None
    True
    """
    centre, scale, constant = units(x)
    moved = (x - centre) / scale
    sign = np.where(np.asarray(y) > 0.5, 1.0, -1.0)
    found = rising(sign[:, None] * moved)
    if found is None:
        return None
    return _told(*found, (centre, scale, constant), x)


def separating_counts(x: Matrix, y: Vector) -> Separation | None:
    """Find out whether the columns of `x` mark rows whose counts are all 0.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (n, k); rows of weight 0 left out.
    y
        Counts, shape (n,).

    Returns
    -------
    Separation or None
        None where the maximum likelihood estimate of a Poisson or negative binomial regression exists.

    Notes
    -----
    Along b + t d the likelihood of a row of 0 never falls if and only if x d <= 0, and it rises where x d < 0; that of
    any other row stays if and only if x d = 0, and else falls in the end (Santos Silva and Tenreyro 2010; Correia,
    Guimaraes and Zylkin 2019). The programme of `separating`, with two rows for each count above 0.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> separating_counts(x, np.array([0.0, 3.0, 0.0, 0.0])).columns
    (1,)
    >>> separating_counts(x, np.array([0.0, 3.0, 0.0, 1.0])) is None
    True
    """
    within = units(x)
    moved = (x - within[0]) / within[1]
    above = moved[y > 0]
    found = rising(np.vstack([-moved[y <= 0], above, -above]))
    return None if found is None else _told(*found, within, x)


def _told(kind: Kind, inside: Vector, within: tuple[Vector, Vector, int | None], x: Matrix) -> Separation:
    """A direction in units of the columns, in the user's parameters."""
    centre, scale, constant = within
    direction, matters = inside / scale, np.abs(inside) > ZERO * np.abs(inside).max()
    if constant is not None:
        level = inside[constant] - centre @ direction
        direction[constant] = level / x[0, constant]
        matters[constant] = abs(level) > ZERO * max(1.0, np.abs(centre * direction).max())
    return Separation(kind, _positions(matters), _tidy(direction, matters))


def separating_ordered(x: Matrix, y: NDArray[np.intp], levels: int, free: Collection[int] = ()) -> Separation | None:
    """Find out whether the columns of `x` separate an ordered outcome.

    Parameters
    ----------
    x
        Covariates without an intercept, shape (n, k); rows of weight 0 left out.
    y
        Level of each row, 0 .. levels - 1, shape (n,); every level occurs.
    levels
        Number of levels.
    free
        Columns of x whose slopes differ by threshold, as for `nonparallel_fit`.

    Returns
    -------
    Separation or None
        `columns` are those of `x`; `direction` has the order of the fit's parameters.

    Notes
    -----
    Along thresholds + t d, slopes + t b the likelihood of a row at level j never falls if and only if
    d_j - x b >= 0 (unless j is the last level) and x b - d_(j-1) >= 0 (unless it is the first), and it rises where one
    of them is not zero (the densities of all links are positive everywhere); b is that of the threshold, for free
    columns. A finite maximum exists if and only if no direction fulfils all of them and makes one positive: the
    programme of `separating` with up to two rows for each respondent. With two levels it is the same programme.

    Examples
    --------
    >>> x = np.array([[0.0], [0.0], [0.0], [1.0], [1.0]])
    >>> separating_ordered(x, np.array([0, 1, 2, 2, 2]), 3).kind
    'quasi'
    >>> separating_ordered(x, np.array([0, 1, 2, 2, 1]), 3) is None
    True
    """
    if not x.shape[1]:
        return None
    layout = layout_of(x.shape[1], levels, free)
    centre = x.mean(axis=0)
    scale = _spread(x - centre)
    found = rising(_slack_rows((x - centre) / scale, y, layout))
    if found is None:
        return None
    kind, inside = found
    unit, column = np.ones(layout.size), np.empty(layout.size, np.intp)
    for at, of in ((layout.common_at, layout.common), (layout.own_at, layout.own)):
        unit[at], column[at] = scale[of], of
    direction, cuts = inside / unit, layout.cuts
    direction[:cuts] += slopes_by_threshold(direction, layout) @ centre
    matters = np.abs(inside) > ZERO * np.abs(inside[cuts:]).max()
    matters[:cuts] = True
    columns = np.zeros(x.shape[1], bool)
    columns[column[cuts:][matters[cuts:]]] = True
    return Separation(kind, _positions(columns), _tidy(direction, matters))


def _slack_rows(x: Matrix, y: NDArray[np.intp], layout: Layout) -> Matrix:
    """Rows of d_y - x b and of x b - d_(y-1), in the parameters' columns."""
    below, above = np.flatnonzero(y < layout.cuts), np.flatnonzero(y > 0)
    return np.vstack([predictor_rows(x[below], y[below], layout), -predictor_rows(x[above], y[above] - 1, layout)])


def units(x: Matrix) -> tuple[Vector, Vector, int | None]:
    """Centre (0 without an intercept) and scale (k,) of the columns, and the intercept's column.

    Examples
    --------
    >>> units(np.array([[1.0, 2.0], [1.0, 6.0]]))
    (array([0., 4.]), array([1., 2.]), 0)
    """
    constant = constant_column(x)
    centre = np.zeros(x.shape[1]) if constant is None else x.mean(axis=0)
    if constant is not None:
        centre[constant] = 0.0
    return centre, _spread(x - centre), constant


def _spread(moved: Matrix) -> Vector:
    """Root mean square of each column, 1 for a column of zeros."""
    size = np.sqrt(np.einsum("ij,ij->j", moved, moved) / max(len(moved), 1))
    return np.where(size > 0, size, 1.0)


def _positions(matters: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(j) for j in np.flatnonzero(matters))


def _tidy(direction: Vector, matters: NDArray[np.bool_]) -> Vector:
    """Scale the largest element to 1 and set what is only rounding to zero."""
    result = np.where(matters, direction, 0.0)
    return result / np.abs(result).max()
