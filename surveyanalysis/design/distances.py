"""How far a weight may move: g-weights as functions of a linear predictor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector

Method = Literal["linear", "raking", "logit"]
METHODS = ("linear", "raking", "logit")
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Distance:
    """A calibration function: g(0) = 1, g'(0) = 1, increasing.

    Attributes
    ----------
    factor, slope
        g and its derivative, element by element.
    bounds
        What g never leaves.
    """

    factor: Callable[[Vector], Vector]
    slope: Callable[[Vector], Vector]
    bounds: Bounds


def distance(method: Method, bounds: Bounds | None) -> Distance:
    """Build the calibration function by its name.

    Notes
    -----
    Linear g = 1 + u, raking g = exp(u), each cut off at the bounds L and U; logit
    g = (L (U - 1) + U (1 - L) exp(A u)) / (U - 1 + (1 - L) exp(A u)) with A = (U - L) / ((U - 1) (1 - L))
    (Deville and Sarndal 1992; Deville, Sarndal and Sautory 1993). The same as R survey ``cal.linear``, ``cal.raking``
    and ``cal.logit``.

    Examples
    --------
    >>> distance("linear", (0.5, 2.0)).factor(np.array([-1.0, 0.0, 3.0]))
    array([0.5, 1. , 2. ])
    """
    one_of(method, METHODS, "method")
    low, high = _checked(method, bounds)
    if method == "logit":
        return _logit(low, high)
    return _cut(_identity if method == "linear" else _exponential, low, high)


def _checked(method: Method, bounds: Bounds | None) -> Bounds:
    """Bounds as numbers around 1."""
    if bounds is None:
        if method == "logit":
            raise ChoiceError("method='logit' needs `bounds` on the g-weights, such as (0.5, 2).")
        bounds = -np.inf, np.inf
    try:
        low, high = (float(b) for b in bounds)
    except (TypeError, ValueError):
        raise ChoiceError(f"`bounds` is {bounds!r}; give two numbers around 1, such as (0.5, 2).") from None
    if not low < 1 < high:
        raise ChoiceError(
            f"`bounds` is ({low:g}, {high:g}); they hold the factor by which a weight changes, so one must lie below 1 "
            "and one above, such as (0.5, 2)."
        )
    if method == "logit" and not np.isfinite([low, high]).all():
        raise ChoiceError(f"`bounds` is ({low:g}, {high:g}); method='logit' needs finite ones, such as (0.5, 2).")
    return (max(low, 0.0), high) if method == "raking" else (low, high)


def _identity(u: Vector) -> tuple[Vector, Vector]:
    return 1 + u, np.ones_like(u)


def _exponential(u: Vector) -> tuple[Vector, Vector]:
    with np.errstate(over="ignore"):
        g = np.exp(u)
    return g, g


def _cut(of: Callable[[Vector], tuple[Vector, Vector]], low: float, high: float) -> Distance:
    """A function that stays at its bounds once it has reached them."""

    def slope(u: Vector) -> Vector:
        g, steep = of(u)
        return np.where((g > low) & (g < high), steep, 0.0)

    return Distance(lambda u: np.clip(of(u)[0], low, high), slope, (low, high))


def _logit(low: float, high: float) -> Distance:
    """Between its bounds as a share: g = L + (U - L) s, with logit of s linear in u."""
    steep, odds = (high - low) / ((high - 1) * (1 - low)), (high - 1) / (1 - low)

    def share(u: Vector) -> Vector:
        with np.errstate(over="ignore"):
            return 1 / (1 + odds * np.exp(-steep * u))

    def slope(u: Vector) -> Vector:
        s = share(u)
        return (high - low) * steep * s * (1 - s)

    return Distance(lambda u: low + (high - low) * share(u), slope, (low, high))
