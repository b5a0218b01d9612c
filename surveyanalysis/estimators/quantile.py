"""Weighted quantiles and distribution functions of groups: one sort, then look-ups for all groups at once."""

from collections.abc import Callable
from dataclasses import dataclass
from math import frexp
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import one_of
from .fit import Matrix, Vector

Codes = NDArray[np.intp]
Rule = Literal[
    "math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"
]  # fmt: skip
KNOTS: dict[str, tuple[float, float]] = {
    "hf4": (0, 0), "hf5": (1 / 2, 0), "hf6": (0, 1), "hf7": (1, -1), "hf8": (1 / 3, 1 / 3), "hf9": (3 / 8, 1 / 4),
}  # fmt: skip
"""Interpolating rules: the k-th value stands at (C_k - a w_k) / (C_n + b w_n), with C the cumulated weights."""
RULES = ("math", "school", "shahvaish", "hf1", "hf2", "hf3", *KNOTS)
BITS = 61
"""Size of the total weight in units of a distribution's heights."""
SLACK = 40
"""A cumulated weight within 2^-40 of a group's total from a probability hits it."""


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


def distribution(order: Order, weights: Vector) -> Distribution:
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


def quantiles(found: Distribution, probabilities: Matrix, rule: Rule = "math") -> Matrix:
    """Quantiles of every group.

    Parameters
    ----------
    found
        The distribution functions.
    probabilities
        Shape (P,), or (G, P) where groups have their own.
    rule
        "math" and "hf1": the least value with at least this share of the weight at or below it. "school" and "hf2":
        the same, but halfway to the next value where the share is hit exactly. "hf3": the next value at exact hits of
        a value whose rank is odd. "hf4" ... "hf9": linear between the values (Hyndman and Fan 1996, types 4 to 9).
        "shahvaish": as R computes it, see the notes.

    Returns
    -------
    Matrix
        Shape (G, P); NaN for a group of nobody and a probability that is missing.

    Raises
    ------
    ChoiceError
        `rule` is none of these.

    Notes
    -----
    The rules of R survey 4.1 (``qrule_math`` ...), with these differences. Whether a share is hit exactly is decided
    within 2^-40 of the group's weight, where R leaves it to the last digit of its sums (it may give the 21st of 200
    equal weights for 0.1). Below the share of the first value the step rules and "hf4" give the first value; R's give
    the second there, and its "hf4" a number below them all. R's "shahvaish" puts the k-th value at
    (n C_k / C_n + 1/2 - w_k / 2) / (n + 1) with the weights as they are: it follows the scale of the weights, and is
    the rule of Shah and Vaish (2006) where they average 1.

    References
    ----------
    Hyndman and Fan (1996), The American Statistician 50, 361-365; R survey 4.1 ``svyquantile``.

    Examples
    --------
    >>> order = in_order(np.array([3.0, 1.0, 2.0, 10.0]), np.zeros(4, int), 1)
    >>> quantiles(distribution(order, np.ones(4)), np.array([0.5]), "school")
    array([[2.5]])
    """
    one_of(rule, RULES, "rule")
    p = np.broadcast_to(np.asarray(probabilities, float), (len(found.edges) - 1, np.shape(probabilities)[-1]))
    nothing = np.isnan(p) | (found.total == 0)
    if nothing.all():
        return np.full(p.shape, np.nan)
    safe = np.where(nothing, 0.5, p)
    if rule in KNOTS:
        value = _between(found, safe, *KNOTS[rule])
    else:
        value = _STEPS[rule](found, safe)
    return np.where(nothing, np.nan, value)


def shares_at_or_below(found: Distribution, points: Matrix) -> Matrix:
    """Weighted share of each group at or below points, shape (P,) or (G, P); returns (G, P), NaN for nobody.

    Notes
    -----
    R survey ``svycdf``.

    Examples
    --------
    >>> order = in_order(np.array([3.0, 1.0, 2.0, 10.0]), np.array([0, 0, 0, 1]), 2)
    >>> shares_at_or_below(distribution(order, np.array([2.0, 1.0, 1.0, 5.0])), np.array([2.0]))
    array([[0.5],
           [0. ]])
    """
    asked = np.broadcast_to(np.asarray(points, float), (len(found.edges) - 1, np.shape(points)[-1]))
    height = found.heights[_end_below(found.values, found.edges, asked)] - found.base
    total = np.where(found.total == 0, 1, found.total)
    return np.where((found.total == 0) | np.isnan(asked), np.nan, height / total)


def _reaching(found: Distribution, p: Matrix) -> tuple[Codes, NDArray[np.bool_]]:
    """Position of the first value that a share reaches, and whether it hits that value's height exactly."""
    target = found.base + np.rint(p * found.total).astype(np.int64)
    at = np.searchsorted(found.heights[1:], target - found.slack)
    at = np.minimum(np.maximum(at, found.first), found.last)
    return at, np.abs(found.heights[at + 1] - target) <= found.slack


def _math(found: Distribution, p: Matrix) -> Matrix:
    at, _ = _reaching(found, p)
    return found.values[at]


def _school(found: Distribution, p: Matrix) -> Matrix:
    at, hit = _reaching(found, p)
    low, high = found.values[at], found.values[np.minimum(at + 1, found.last)]
    return np.where(hit, low + (high - low) / 2, low)


def _nearest_even(found: Distribution, p: Matrix) -> Matrix:
    """Ranks are those of the different values, as R counts them."""
    at, hit = _reaching(found, p)
    new = np.ones(len(found.values), bool)
    new[1:] = np.diff(found.values) != 0
    new[found.edges[:-1][np.diff(found.edges) > 0]] = True
    different = np.concatenate([[0], np.cumsum(new)])
    odd = (different[at + 1] - different[found.first]) % 2 == 1
    return found.values[np.where(hit & odd, np.minimum(at + 1, found.last), at)]


def _shah_vaish(found: Distribution, p: Matrix) -> Matrix:
    size = np.diff(found.edges)
    group = np.repeat(np.arange(len(size)), size)
    rank = (found.heights[1:] - found.base[group, 0]) / found.total[group, 0] * size[group]
    place = (rank + 0.5 - found.weights / 2) / (size[group] + 1)
    order = np.lexsort((place, group))
    at = _end_below(place[order], found.edges, p) - 1
    return found.values[order][np.minimum(np.maximum(at, found.first), found.last)]


_STEPS: dict[str, Callable[[Distribution, Matrix], Matrix]] = {
    "math": _math, "hf1": _math, "school": _school, "hf2": _school, "hf3": _nearest_even, "shahvaish": _shah_vaish,
}  # fmt: skip


def _between(found: Distribution, p: Matrix, a: float, b: float) -> Matrix:
    """Linear between values that stand at C_k - a w_k; the first and the last value beyond them."""

    def stand(k: Codes) -> Matrix:
        return (found.heights[k + 1] - found.base) - a * (found.heights[k + 1] - found.heights[k])

    first, last = found.first, found.last
    target = p * (found.total + b * (found.heights[last + 1] - found.heights[last]))
    at = np.searchsorted(found.heights[1:], found.base + np.rint(target).astype(np.int64), side="right")
    at = np.minimum(np.maximum(at, first), last)
    left = np.maximum(np.where(stand(at) <= target, at, at - 1), first)
    right = np.minimum(left + 1, last)
    gap = stand(right) - stand(left)
    part = np.clip((target - stand(left)) / np.where(gap > 0, gap, 1), 0, 1)
    part = np.where(np.abs(part - np.rint(part)) * gap <= found.slack, np.rint(part), part)
    low, high = found.values[left], found.values[right]
    return np.where(part == 1, high, low + (high - low) * part)


def _end_below(values: Vector, edges: Codes, points: Matrix) -> Codes:
    """Position after the last value of each group at or below its points (G, P): bisection of all groups at once."""
    low = np.broadcast_to(edges[:-1, None], points.shape).copy()
    high = np.broadcast_to(edges[1:, None], points.shape).copy()
    while (low < high).any():
        middle = np.minimum((low + high) // 2, len(values) - 1)
        below = (low < high) & (values[middle] <= points)
        high = np.where(below | (low >= high), high, middle)
        low = np.where(below, middle + 1, low)
    return low
