"""Measured axes: where the grid lines stand, and how far the axis must go so that the labels fit."""

import math
from collections.abc import Sequence

from .wording import number, percent

Ticks = list[tuple[float, str]]


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`, at most `most` + 1 of them.

    Examples
    --------
    >>> steps(0, 0.46)
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    span = max(high - low, 1e-12)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= most)
    start, stop = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(start, stop + 1)]


def percent_ticks(high: float, most: int = 6) -> Ticks:
    """Grid lines of shares from 0, never beyond 100%."""
    at = steps(0, min(high, 1.0), most)
    decimals = 0 if all(float(100 * a).is_integer() or abs(100 * a - round(100 * a)) < 1e-9 for a in at) else 1
    return [(a, percent(a, decimals)) for a in at]


def point_ticks(low: float, high: float, most: int = 6) -> Ticks:
    """Grid lines of differences in percentage points, with their signs."""
    at = steps(low, high, most)
    decimals = 0 if all(abs(100 * a - round(100 * a)) < 1e-9 for a in at) else 1
    return [(a, number(a, "signed", decimals, percent=True) if a else "0") for a in at]


def number_ticks(low: float, high: float, most: int = 6) -> Ticks:
    """Grid lines of plain numbers, with as many decimals as their steps need."""
    at = steps(low, high, most)
    decimals = next((d for d in range(6) if all(abs(a - round(a, d)) < 1e-9 for a in at)), 6)
    return [(a, number(a, "number", decimals)) for a in at]


def ratio_ticks(low: float, high: float, most: int = 6) -> Ticks:
    """Grid lines of ratios on a log axis: 1, 2, 5 in each decade, or decades where those are too many; 1 among them."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1, 2, 5), (1, 3), (1,)):
        at = [m * 10.0**d for d in decades for m in digits if low * 0.999 <= m * 10.0**d <= high * 1.001]
        if len(at) <= most + 1:
            break
    stride = max(1, math.ceil(len(at) / (most + 1)))
    kept = [a for a in at if round(math.log10(a) * 3) % stride == 0 or a == 1] if stride > 1 else at
    return [(a, f"{a:,.6g}") for a in kept]


def reach(ends: Sequence[float], labels: Sequence[float], inner: float, right: float, least: float = 0.0) -> float:
    """Upper end of an axis from 0 so that labels beside the bars' ends stay on the page.

    Parameters
    ----------
    ends
        Where each bar or interval ends, in units of the axis.
    labels
        Width of each label with its gap, in points.
    inner, right
        Width of the axes and the room at their right, in points.

    Returns
    -------
    float
        The smallest upper end x with end / x * inner + label <= inner + right, for every bar.
    """
    needed = [end * inner / max(inner + right - label, 0.1 * inner) for end, label in zip(ends, labels)]
    return max([least, *needed])
