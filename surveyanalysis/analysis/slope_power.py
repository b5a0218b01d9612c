"""Power of tests of a slope and of pairs: the formulas, and the exact sums."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ChoiceError
from ..estimators.fit import Vector
from .plan import normal_quantile

MOST = 10_000_000  # respondents beyond which no size is looked for


def normal_power(away: float) -> float:
    """Probability that a standard normal lies below `away`."""
    from scipy.special import ndtr

    return float(ndtr(away))


def logit_power(n: float, log_odds: float, share: float, group: float | None, r2: float, level: float) -> float:
    """Power of Wald's test of a logit slope (Hsieh, Bloch and Larsen 1998, formulas 1 and 2).

    Parameters
    ----------
    log_odds
        Of one standard deviation of a number, or of having the answer against not.
    share
        Share with the event at the mean of the number, or of those without the answer.
    group
        Share of respondents with the answer; None for a number.
    r2
        Squared multiple correlation of the covariate with the others.
    """
    n, z = n * (1 - r2), normal_quantile(1 - level / 2)
    if group is None:
        return normal_power(abs(log_odds) * (n * share * (1 - share)) ** 0.5 - z)
    other = shifted(share, log_odds)
    whole = (1 - group) * share + group * other
    tested = (whole * (1 - whole) / group) ** 0.5
    true = (share * (1 - share) + other * (1 - other) * (1 - group) / group) ** 0.5
    return normal_power((abs(share - other) * (n * (1 - group)) ** 0.5 - z * tested) / true)


def shifted(share: float, log_odds: float) -> float:
    """A share whose log-odds are moved."""
    odds = share / (1 - share) * np.exp(log_odds)
    return float(odds / (1 + odds))


def shifted_shares(shares: Vector, log_odds: float) -> Vector:
    """Shares of ordered answers whose cumulative log-odds are moved towards the higher ones."""
    below = np.cumsum(shares)[:-1]
    odds = below / (1 - below) * np.exp(-log_odds)
    return np.diff(np.concatenate([[0.0], odds / (1 + odds), [1.0]]))


def ordered_power(n: float, log_odds: float, shares: Vector, group: float | None, r2: float, level: float) -> float:
    """Power of the test of a slope of an ordered logit (Whitehead 1993).

    Notes
    -----
    var(b) = 3 / (n (1 - R2) v (1 - sum of p^3)), v the covariate's variance (1, or g (1 - g)) and p the shares over
    all: of a number those at its mean.
    """
    spread = 1.0 if group is None else group * (1 - group)
    whole = shares if group is None else (1 - group) * shares + group * shifted_shares(shares, log_odds)
    information = n * (1 - r2) * spread * (1 - float((whole**3).sum())) / 3
    return normal_power(abs(log_odds) * information**0.5 - normal_quantile(1 - level / 2))


def pairs_power(n: float, first: float, second: float, exact: bool, level: float) -> float:
    """Power of McNemar's test: exact, or by the normal approximation (Connor 1987).

    Parameters
    ----------
    first, second
        Shares of pairs with the answer on the first only, and on the second only.
    """
    apart, gap = first + second, abs(first - second)
    if exact:
        return _exact_pairs(int(n), first, apart, level)
    z = normal_quantile(1 - level / 2)
    return normal_power((gap * n**0.5 - z * apart**0.5) / (apart - gap**2) ** 0.5)


def _exact_pairs(n: int, first: float, apart: float, level: float) -> float:
    """Sum over the number of pairs apart, and over how they fall, of what the exact test refuses."""
    from scipy.special import bdtr, xlog1py, xlogy

    total = 0.0
    for m in range(1, n + 1):
        weight = np.exp(_log_choose(n, m) + xlogy(m, apart) + xlog1py(n - m, -apart))
        k = np.arange(m // 2 + 1)
        tail = k[2 * bdtr(k, m, 0.5) <= level]
        if not len(tail):
            continue
        largest, p = int(tail.max()), first / apart
        total += weight * (float(bdtr(largest, m, p)) + float(bdtr(largest, m, 1 - p)))
    return float(total)


def fisher_power(n1: int, n2: int, p1: float, p2: float, level: float) -> float:
    """Power of Fisher's exact test, summed over all pairs of counts."""
    first = np.exp(_log_choose(n1, np.arange(n1 + 1)) + _log_binomial(n1, p1))
    second = np.exp(_log_choose(n2, np.arange(n2 + 1)) + _log_binomial(n2, p2))
    total = 0.0
    for events in range(n1 + n2 + 1):
        a = np.arange(max(0, events - n2), min(n1, events) + 1)
        log_p = _log_choose(n1, a) + _log_choose(n2, events - a)
        p = np.exp(log_p - log_p.max())
        p /= p.sum()
        order = np.argsort(p, kind="stable")
        upto = np.cumsum(p[order])[np.searchsorted(p[order], p * (1 + 1e-7), side="right") - 1]
        refused = a[upto <= level * (1 + 1e-12)]
        total += float(first[refused] @ second[events - refused])
    return total


def _log_choose(n: int, k: Any) -> Vector:
    """Logarithm of the binomial coefficient."""
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1.0) - gammaln(np.asarray(k) + 1.0) - gammaln(n - np.asarray(k) + 1.0))


def _log_binomial(n: int, p: float) -> Vector:
    """k log p + (n - k) log(1 - p), k from 0 to n."""
    k = np.arange(n + 1)
    return np.asarray(k * np.log(p) + (n - k) * np.log1p(-p))


def size_for(power_at: Callable[[float], float], power: float, least: int = 2) -> int:
    """Smallest whole number of respondents with this power."""
    high = least
    while power_at(high) < power:
        high *= 2
        if high > MOST:
            raise ChoiceError(f"More than {MOST:,} respondents would be needed: the effect is too small to be found.")
    low = max(least, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if power_at(middle) < power else (low, middle)
    return high


def effect_for(power_at: Callable[[float], float], power: float, largest: float) -> float:
    """Smallest effect (above zero) with this power; NaN where even the largest has less."""
    from scipy.optimize import brentq

    grid = np.linspace(0, largest, 65)[1:]
    reached = next((e for e in grid if power_at(e) >= power), None)
    if reached is None:
        return float("nan")
    return float(brentq(lambda e: power_at(e) - power, reached - grid[0] + 1e-12, reached, xtol=1e-12))


def check_shares(shares: Sequence[float]) -> Vector:
    """Return shares of ordered answers, each above 0, that sum to 1."""
    try:
        found = np.asarray(list(shares), float)
    except (TypeError, ValueError):
        raise ChoiceError(
            f"`shares` is {shares!r}; it must hold the shares of the answers, such as [0.2, 0.5, 0.3]."
        ) from None
    if found.ndim != 1 or len(found) < 2 or not (found > 0).all() or abs(found.sum() - 1) > 1e-6:
        raise ChoiceError(
            f"`shares` is {shares!r}; it must hold two or more shares above 0 that sum to 1, from the lowest answer "
            "to the highest."
        )
    return found / found.sum()
