"""Weights as numbers: checked, totalled over margins, and how uneven they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from .linearized import Codes


@dataclass(frozen=True, slots=True)
class Kish:
    """What uneven weights cost.

    Attributes
    ----------
    deff
        Design effect of weighting, 1 + cv^2; 1 for equal weights.
    effective
        Equally weighted respondents that would be worth as much.
    """

    deff: float
    effective: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an adjustment did.

    Attributes
    ----------
    wanted, before, after
        Totals of the margins: as asked for, under the weights before and after, shape (p,).
    difference
        (after - wanted) / wanted, shape (p,); NaN where nothing is wanted.
    lowest, highest
        Range of the g-weights, after / before, over the respondents who had a weight.
    kish_before, kish_after
        How uneven the weights were, and are.
    """

    wanted: Vector
    before: Vector
    after: Vector
    difference: Vector
    lowest: float
    highest: float
    kish_before: Kish
    kish_after: Kish


def kish(weights: Vector) -> Kish:
    """Kish's design effect and effective sample size.

    Parameters
    ----------
    weights
        Shape (n,); rows of weight zero are not in the sample.

    Notes
    -----
    deff = n sum(w^2) / sum(w)^2 = 1 + cv^2 and n / deff = sum(w)^2 / sum(w^2) (Kish 1965, section 11.7; Kish 1992).

    Examples
    --------
    >>> kish(np.array([1.0, 1.0, 2.0]))
    Kish(deff=1.125, effective=2.6666666666666665)
    """
    w = as_columns(weights, negative=True)[:, 0]
    effective = float(w.sum() ** 2 / (w @ w))
    return Kish(int(np.count_nonzero(w)) / effective, effective)


def diagnosis(wanted: Vector, totals: tuple[Vector, Vector], weights: tuple[Vector, Vector]) -> Diagnosis:
    """Hold weights before and after an adjustment against what was wanted.

    Parameters
    ----------
    wanted
        Totals asked for, shape (p,).
    totals
        Totals under the weights before and after, each shape (p,): `margin_totals`, or weights @ x.
    weights
        Weights before and after, each shape (n,).

    Examples
    --------
    >>> before, after, codes = np.array([1.0, 1.0, 2.0]), np.array([2.0, 1.0, 2.0]), [np.array([0, 1, 1])]
    >>> totals = margin_totals(codes, [2], before), margin_totals(codes, [2], after)
    >>> found = diagnosis(np.array([2.0, 3.0]), totals, (before, after))
    >>> found.difference.tolist(), found.lowest, found.highest
    ([0.0, 0.0], 1.0, 2.0)
    """
    wanted, (before, after), (first, last) = np.asarray(wanted, float), totals, weights
    g = last[first != 0] / first[first != 0]
    difference = np.full(len(wanted), np.nan)
    np.divide(after - wanted, np.abs(wanted), out=difference, where=wanted != 0)
    return Diagnosis(wanted, before, after, difference, float(g.min()), float(g.max()), kish(first), kish(last))


def margin_totals(codes: Sequence[Codes], sizes: Sequence[int], weights: Vector) -> Vector:
    """Weighted totals of the levels of several margins, one margin after the other.

    Parameters
    ----------
    codes
        Level of each row for every margin, each shape (n,); rows of weight zero may be missing (-1).
    sizes
        Number of levels of every margin.
    weights
        Shape (n,).

    Examples
    --------
    >>> margin_totals([np.array([0, 1, 1]), np.array([0, 0, -1])], [2, 1], np.array([1.0, 2.0, 0.0]))
    array([1., 2., 3.])
    """
    counted = [np.bincount(np.maximum(c, 0), weights, size) for c, size in zip(codes, sizes)]
    return np.concatenate(counted)


def as_columns(weights: Matrix, negative: bool = False) -> Matrix:
    """Weights (n,) or (n, R) as checked columns, shape (n, R)."""
    columns = np.asarray(weights, float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or not columns.size:
        raise DesignError(f"Weights have shape {np.shape(weights)}; one for each respondent is needed.")
    low, high = columns.min(), columns.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DesignError(f"Weights are missing or infinite for {_rows(~np.isfinite(columns))}. Correct them first.")
    if low < 0 and not negative:
        raise DesignError(
            f"Weights are negative for {_rows(columns < 0)}. Where linear calibration made them, calibrate with "
            "bounds=(0, ...) or method='raking' instead, or trim them first."
        )
    empty = np.flatnonzero(~columns.any(axis=0))
    if len(empty):
        where = in_replicate(int(empty[0]), columns.shape[1])
        raise DesignError(f"Weights are zero for everybody{where}: there is nothing to adjust.")
    return columns


def shaped_like(columns: Matrix, weights: Matrix) -> Matrix:
    """Columns (n, R) in the shape that the weights came in."""
    return columns if np.ndim(weights) == 2 else columns[:, 0]


def in_replicate(number: int, count: int) -> str:
    """Words for one set of weights among several; nothing where there is only one."""
    return f" in replicate {number + 1} of {count}" if count > 1 else ""


def _rows(wrong: NDArray[np.bool_]) -> str:
    """How many rows, and the first of them."""
    found = np.flatnonzero(wrong.any(axis=1))
    return f"{len(found)} row(s), the first at position {found[0]} (counted from 0)"
