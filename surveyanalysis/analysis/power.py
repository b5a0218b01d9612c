"""The power of a test of two groups, solved for the difference and for the sample size."""

import numpy as np

from ..errors import ChoiceError
from .plan import normal_quantile

Tails = tuple[float, float]
"""Upper probability of the critical value, and the power."""


def spreads(p1: float, p2: float, n1: float, n2: float, deff: float, variance: str) -> tuple[float, float]:
    """Standard errors of the difference: the one that the test takes, and the true one."""
    true = (deff * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)) ** 0.5
    p = (n1 * p1 + n2 * p2) / (n1 + n2)
    return ((deff * p * (1 - p) * (1 / n1 + 1 / n2)) ** 0.5 if variance == "pooled" else true), true


def share_gap(p1: float, sign: int, n1: float, n2: float, tails: Tails, deff: float, variance: str) -> float:
    """Smallest difference of shares in one direction; NaN where there is none."""
    from scipy.optimize import brentq

    z = [normal_quantile(p) for p in tails]

    def excess(gap: float) -> float:
        tested, true = spreads(p1, min(max(p1 + sign * gap, 0.0), 1.0), n1, n2, deff, variance)
        return gap - z[0] * tested - z[1] * true

    room = 1 - p1 if sign > 0 else p1
    return sign * brentq(excess, 0.0, room, xtol=1e-14) if excess(room) > 0 else np.nan


def mean_power(d: float, n1: float, n2: float, upper: float, deff: float) -> float:
    """Power of the t test for a difference of `d` standard deviations."""
    from scipy.special import nctdtr, stdtrit

    df = n1 + n2 - 2
    return float(1 - nctdtr(df, d / (deff * (1 / n1 + 1 / n2)) ** 0.5, stdtrit(df, upper)))


def mean_gap(n1: float, n2: float, tails: Tails, deff: float) -> float:
    """Smallest difference of means, in standard deviations."""
    from scipy.optimize import brentq

    top = 1.0
    while mean_power(top, n1, n2, tails[0], deff) < tails[1]:
        top *= 2
    return float(brentq(lambda d: mean_power(d, n1, n2, tails[0], deff) - tails[1], 0.0, top, xtol=1e-13))


def size_for_shares(p1: float, p2: float, ratio: float, tails: Tails, deff: float, variance: str) -> float:
    """Respondents in the first group: the equation of `smallest_difference` is linear in their root."""
    if p1 == p2:
        raise ChoiceError("`difference` is 0: no sample is large enough to find it.")
    tested, true = spreads(p1, p2, 1.0, ratio, deff, variance)
    return ((normal_quantile(tails[0]) * tested + normal_quantile(tails[1]) * true) / (p2 - p1)) ** 2


def size_for_means(d: float, ratio: float, tails: Tails, deff: float) -> float:
    """Respondents in the first group; each group has one at least, both together three."""
    from scipy.optimize import brentq

    if d == 0:
        raise ChoiceError("`difference` is 0: no sample is large enough to find it.")
    least = max(1.0, 1 / ratio, 3 / (1 + ratio))
    top = 2 * least
    while mean_power(d, top, ratio * top, tails[0], deff) < tails[1]:
        top *= 2
    if mean_power(d, least, ratio * least, tails[0], deff) >= tails[1]:
        return least
    return float(brentq(lambda n: mean_power(d, n, ratio * n, tails[0], deff) - tails[1], least, top))
