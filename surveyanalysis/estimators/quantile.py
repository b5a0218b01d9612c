"""Weighted quantiles of groups by every rule of R survey, looked up for all groups and probabilities at once."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import one_of
from .distribution import Codes, Distribution, end_below
from .fit import Matrix

Rule = Literal[
    "math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"
]  # fmt: skip
KNOTS: dict[str, tuple[float, float]] = {
    "hf4": (0, 0), "hf5": (1 / 2, 0), "hf6": (0, 1), "hf7": (1, -1), "hf8": (1 / 3, 1 / 3), "hf9": (3 / 8, 1 / 4),
}  # fmt: skip
"""Interpolating rules: the k-th value stands at (C_k - a w_k) / (C_n + b w_n), with C the cumulated weights."""
RULES = ("math", "school", "shahvaish", "hf1", "hf2", "hf3", *KNOTS)


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
    (n C_k / C_n + 1/2 - w_k / 2) / (n + 1) with the weights as they are: it follows the scale of the weights; divide
    them by their mean to be rid of that.

    References
    ----------
    Hyndman and Fan (1996), The American Statistician 50, 361-365; R survey 4.1 ``svyquantile``.

    Examples
    --------
    >>> from surveyanalysis.estimators.distribution import cumulated, in_order
    >>> order = in_order(np.array([3.0, 1.0, 2.0, 10.0]), np.zeros(4, int), 1)
    >>> quantiles(cumulated(order, np.ones(4)), np.array([0.5]), "school")
    array([[2.5]])
    """
    one_of(rule, RULES, "rule")
    p = np.broadcast_to(np.asarray(probabilities, float), (len(found.edges) - 1, np.shape(probabilities)[-1]))
    nothing = np.isnan(p) | (found.total == 0)
    if nothing.all():
        return np.full(p.shape, np.nan)
    safe = np.where(nothing, 0.5, p)
    value = _between(found, safe, *KNOTS[rule]) if rule in KNOTS else _STEPS[rule](found, safe)
    return np.where(nothing, np.nan, value)


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
    at = end_below(place[order], found.edges, p) - 1
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
