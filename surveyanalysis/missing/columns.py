"""The matrix that equations take their columns from, and the equations on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..errors import DataError
from ..estimators.chained import Incomplete
from ..estimators.fit import Matrix, Vector
from .answers import Answers

Carried = Literal["weights", "strata", "clusters"]
CARRIED = ("weights", "strata", "clusters")
DEPENDENT = 1e-7  # of a column's length: what is left of it beside the columns before it


@dataclass(frozen=True, eq=False)
class Block:
    """Columns that show one question: `own` change with imputed answers, `fixed` tells who was not asked."""

    own: NDArray[np.intp]
    shown: Matrix
    fixed: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns for the rows used, shape (n, K): intercept, design, questions; and where each question's are."""

    matrix: Matrix
    design: NDArray[np.intp]
    blocks: Mapping[str, Block]


def columns_of_design(design: Design, carried: Sequence[Carried]) -> Matrix:
    """Logarithm of the weights where they differ, strata and clusters as indicators, shape (n, d)."""
    rows, parts = design.rows, [np.zeros((len(design.rows), 0))]
    if "weights" in carried and np.ptp(design.row_weights) > 0:
        log = np.log(design.row_weights)
        parts.append(((log - log.mean()) / log.std())[:, None])
    first = design.sample.first
    unit = first.owners(rows)
    if "strata" in carried:
        parts.append(indicators(first.stratum[unit]))
    if "clusters" in carried and first.cluster is not None:
        parts.append(indicators(unit))
    return np.hstack(parts)


def indicators(codes: NDArray[np.intp]) -> Matrix:
    """One column for each code but the first."""
    found, place = np.unique(codes, return_inverse=True)
    return np.asarray(place[:, None] == np.arange(1, len(found)), float)


def columns_of(design: Design, answers: Sequence[Answers], carried: Sequence[Carried], spelled: bool) -> Columns:
    """Lay out the matrix.

    Parameters
    ----------
    spelled
        Whether answers of scales enter as categories; else as one column of scores.
    """
    drawn = columns_of_design(design, carried)
    parts, at = [np.ones((len(drawn), 1)), drawn], 1 + drawn.shape[1]
    blocks = {}
    for one in answers:
        values = one.values[design.rows]
        shown = _shown(one, values, spelled)
        own, fixed = _cells(one, values, shown), _unasked(one, values, design.rows)
        places = np.arange(at, at + own.shape[1] + fixed.shape[1])
        blocks[one.name] = Block(places[: own.shape[1]], shown, places[own.shape[1] :])
        parts += [own, fixed]
        at += len(places)
    return Columns(np.hstack(parts), np.arange(1 + drawn.shape[1]), blocks)


def _shown(one: Answers, values: Vector, spelled: bool) -> Matrix:
    """What the columns hold for each level; of a number its centre and spread."""
    seen = values[~np.isnan(values)]
    if one.kind == "number":
        return np.array([[seen.mean(), seen.std()]])
    levels = np.arange(len(one.levels))
    if one.kind == "ordered" and not spelled:
        return ((levels - seen.mean()) / seen.std())[:, None]
    return np.asarray(levels[:, None] == levels[None, 1:], float)


def _cells(one: Answers, values: Vector, shown: Matrix) -> Matrix:
    """Columns of the answers given; zero where there is none."""
    known = ~np.isnan(values)
    if one.kind == "number":
        centre, spread = shown[0]
        return np.where(known, (values - centre) / spread, 0.0)[:, None]
    out = np.zeros((len(values), shown.shape[1]))
    out[known] = shown[values[known].astype(np.intp)]
    return out


def _unasked(one: Answers, values: Vector, rows: NDArray[np.intp]) -> Matrix:
    """One column that tells whose answer stays missing, where there is somebody."""
    absent = np.isnan(values) & ~one.owed[rows]
    return np.asarray(absent[:, None], float) if absent.any() else np.zeros((len(values), 0))


def equation_of(one: Answers, columns: Columns, rows: NDArray[np.intp], filled: Matrix) -> Incomplete:
    """The equation of an incomplete question: which columns predict it.

    Parameters
    ----------
    filled
        The matrix with missing answers drawn at random: columns that depend on others there are left out.
    """
    values, block = one.values[rows], columns.blocks[one.name]
    answered = np.flatnonzero(~np.isnan(values))
    own = {*block.own.tolist(), *block.fixed.tolist()}
    others = np.array([j for j in range(filled.shape[1]) if j not in own])
    kept = others[independent(filled[np.ix_(answered, others)])]
    y = values[answered]
    made = Incomplete(
        one.kind, answered, np.flatnonzero(one.owed[rows]), y, block.own, block.shown, kept, _score(one, y)
    )
    _refuse_too_many(one, made)
    return made


def _score(one: Answers, y: Vector) -> Vector:
    """What the trace takes the mean of: positions of a scale; of other answers the share of the commonest."""
    if one.kind == "number":
        return np.array([])
    if one.kind == "ordered" or len(one.levels) == 2:
        return np.arange(len(one.levels), dtype=float)
    counts = np.bincount(y.astype(np.intp), minlength=len(one.levels))
    return np.asarray(np.arange(len(counts)) == counts.argmax(), float)


def independent(x: Matrix) -> NDArray[np.intp]:
    """Columns that are no combination of those before them.

    Examples
    --------
    >>> independent(np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 1.0], [1.0, 2.0, 5.0]]))
    array([0, 2])
    """
    kept: list[int] = []
    basis = np.zeros((len(x), 0))
    for j, column in enumerate(x.T):
        length = float(np.linalg.norm(column))
        left = column - basis @ (basis.T @ column)
        left -= basis @ (basis.T @ left)
        rest = float(np.linalg.norm(left))
        if rest > DEPENDENT * max(length, 1e-300) and len(kept) < len(x):
            kept.append(j)
            basis = np.column_stack([basis, left / rest])
    return np.array(kept, dtype=np.intp)


def _refuse_too_many(one: Answers, made: Incomplete) -> None:
    """An equation needs more answers than coefficients."""
    n, k = len(made.answered), made.parameters
    if n < k + 2:
        raise DataError(
            f"The equation of {one.name!r} has {k} coefficients for {n} answers. Name fewer questions in `questions` "
            "and `predictors`, or enter scales by their scores (scales='scores')."
        )
