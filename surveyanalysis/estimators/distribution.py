"""Weighted distribution functions of groups: sorted once, cumulated in whole numbers, looked up for all at once."""

from dataclasses import dataclass
from math import frexp

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector

Codes = NDArray[np.intp]
BITS = 61
"""Size of the total weight in units of a distribution's heights."""
SLACK = 40
"""Heights within 2^-40 of a group's total are equal."""


@dataclass(frozen=True, slots=True)
class Order:
    """Values of every group in ascending order: sorted once, for any weights.

    Attributes
    ----------
    rows
        Positions by group, then by value, shape (m,).
    values
        In this order, shape (m,).
    edges
        Where each group begins, and the end of the last, shape (G + 1,).
    """

    rows: Codes
    values: Vector
    edges: Codes


@dataclass(frozen=True, slots=True)
class Distribution:
    """Weighted distribution functions of G groups.

    Attributes
    ----------
    values, weights
        By group, then ascending by value, shape (m,); weights are positive.
    heights
        Cumulated weights over all groups in whole units, a power of two, that make their total 2^60 to 2^61; from 0,
        shape (m + 1,).
    edges
        Where each group begins, and the end of the last, shape (G + 1,).

    Notes
    -----
    Sums of whole numbers are exact: the order of rows leaves them as they are, and equal weights have equal multiples.
    """

    values: Vector
    weights: Vector
    heights: NDArray[np.int64]
    edges: Codes

    @property
    def first(self) -> Codes:
        """Position of each group's first value, shape (G, 1); of any value for a group of nobody."""
        return np.minimum(self.edges[:-1, None], max(len(self.values) - 1, 0))

    @property
    def last(self) -> Codes:
        """Position of each group's last value, shape (G, 1); of any value for a group of nobody."""
        return np.maximum(self.edges[1:, None] - 1, 0)

    @property
    def base(self) -> NDArray[np.int64]:
        """Height at which each group begins, shape (G, 1)."""
        return self.heights[self.edges[:-1, None]]

    @property
    def total(self) -> NDArray[np.int64]:
        """Height of each group, shape (G, 1)."""
        return self.heights[self.edges[1:, None]] - self.base

    @property
    def slack(self) -> NDArray[np.int64]:
        """Difference of heights that is rounding, shape (G, 1)."""
        return (self.total >> SLACK) + np.diff(self.edges)[:, None]


def in_order(values: Vector, groups: Codes, count: int) -> Order:
    """Sort values by group; rows of one value in a group keep their order.

    Parameters
    ----------
    values
        Shape (m,), finite.
    groups
        Group of each value, shape (m,), codes from 0.
    count
        Number of groups G, those of nobody included.
    """
    rows = _packed_order(values, groups, count)
    ordered = values[rows]
    edges = np.zeros(count + 1, np.intp)
    np.cumsum(np.bincount(groups, minlength=count), out=edges[1:])
    if _descends(ordered, edges):
        rows = np.lexsort((values, groups))
        ordered = values[rows]
    return Order(rows, ordered, edges)


def _packed_order(values: Vector, groups: Codes, count: int) -> Codes:
    """Order by group, value on a fine grid, and row, all in one whole number: sorting these is the fastest way.

    Different values on one point of the grid may come out in the wrong order.
    """
    row_bits = len(values).bit_length()
    bits = min(max(62 - row_bits - count.bit_length(), 0), 50)
    with np.errstate(all="ignore"):
        low, span = (values.min(), np.ptp(values)) if len(values) else (0.0, np.float64(0))
        scale = (2.0**bits - 1) / span
    if not 0 < scale < np.inf:
        return np.argsort(groups, kind="stable")
    packed = ((values - low) * scale).astype(np.int64)
    packed += groups << bits
    packed <<= row_bits
    packed |= np.arange(len(values))
    packed.sort()
    packed &= (1 << row_bits) - 1
    return packed


def _descends(ordered: Vector, edges: Codes) -> bool:
    """Whether a value is followed by a smaller one of its group."""
    falls = np.flatnonzero(ordered[1:] < ordered[:-1]) + 1
    return not np.isin(falls, edges).all()


def cumulated(order: Order, weights: Vector) -> Distribution:
    """Cumulate weights (m,), given in the order of the rows before sorting; those of zero are left out."""
    own, values, edges = weights[order.rows], order.values, order.edges
    inside = own > 0
    if not inside.all():
        kept = np.concatenate([[0], np.cumsum(inside)])
        own, values, edges = own[inside], values[inside], kept[edges]
    heights = np.zeros(len(own) + 1, np.int64)
    if len(own):
        units = np.ldexp(own, BITS - frexp(own.sum())[1])
        np.cumsum(np.rint(units, out=units).astype(np.int64), out=heights[1:])
    return Distribution(values, own, heights, edges)


def shares_at_or_below(found: Distribution, points: Matrix) -> Matrix:
    """Weighted share of each group at or below points, shape (P,) or (G, P); returns (G, P), NaN for nobody.

    Notes
    -----
    R survey ``svycdf``.

    Examples
    --------
    >>> order = in_order(np.array([3.0, 1.0, 2.0, 10.0]), np.array([0, 0, 0, 1]), 2)
    >>> shares_at_or_below(cumulated(order, np.array([2.0, 1.0, 1.0, 5.0])), np.array([2.0]))
    array([[0.5],
           [0. ]])
    """
    asked = np.broadcast_to(np.asarray(points, float), (len(found.edges) - 1, np.shape(points)[-1]))
    height = found.heights[end_below(found.values, found.edges, asked)] - found.base
    total = np.where(found.total == 0, 1, found.total)
    return np.where((found.total == 0) | np.isnan(asked), np.nan, height / total)


def end_below(values: Vector, edges: Codes, points: Matrix) -> Codes:
    """Position after the last value of each group at or below its points (G, P): bisection of all groups at once."""
    low = np.broadcast_to(edges[:-1, None], points.shape).copy()
    high = np.broadcast_to(edges[1:, None], points.shape).copy()
    while (low < high).any():
        middle = np.minimum((low + high) // 2, len(values) - 1)
        below = (low < high) & (values[middle] <= points)
        high = np.where(below | (low >= high), high, middle)
        low = np.where(below, middle + 1, low)
    return low
