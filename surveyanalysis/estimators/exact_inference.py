"""Estimates, intervals and p-values from the exact distribution of a sufficient statistic."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .exact_logit import Conditional
from .fit import Matrix, Vector

Method = Literal["probability", "score", "tail"]
TIE = 1e-7
"""Values whose probability exceeds the observed one by less than this share count as equally likely (as in R)."""


@dataclass(frozen=True, slots=True)
class ExactEstimate:
    """What the exact distribution says of one coefficient.

    Attributes
    ----------
    estimate
        Conditional maximum likelihood; median unbiased where the observed value is the lowest or highest possible.
    se
        From the conditional information; NaN for the median unbiased estimate.
    score
        (observed - mean) / standard deviation under a coefficient of zero.
    low, high
        Interval; infinite where the observed value is at its bound.
    median
        Whether the estimate is the median unbiased one.
    """

    estimate: float
    se: float
    score: float
    low: float
    high: float
    median: bool


def exact_estimate(found: Conditional, confidence: float, mid_p: bool = False) -> ExactEstimate:
    """Estimate and interval of one coefficient.

    Parameters
    ----------
    found
        Distribution of one statistic.
    confidence
        Of the interval, whose ends are the coefficients under which the tail from the observed value on has probability
        (1 - confidence) / 2.
    mid_p
        Whether the observed value counts half in a tail.

    Returns
    -------
    ExactEstimate
        All NaN but the interval, which is the whole line, where the distribution has a single value.

    Notes
    -----
    P(T = t; b) ~ counts(t) exp(b t). The median unbiased estimate has P(T >= t) = 1/2 at an upper bound,
    P(T <= t) = 1/2 at a lower one (Hirji, Tsiatis and Mehta 1989). R ``fisher.test``,
    ``mantelhaen.test(exact = TRUE)``.

    Examples
    --------
    >>> from surveyanalysis.estimators.exact_logit import conditional
    >>> tea = conditional(np.repeat([[0.0], [1.0]], 4, axis=0), np.array([0.0, 0, 0, 1, 1, 1, 1, 0]), [0])
    >>> np.exp(exact_estimate(tea, 0.95).estimate).round(4)
    np.float64(6.4083)
    """
    nothing = float("nan")
    if found.certain:
        return ExactEstimate(nothing, nothing, nothing, -np.inf, np.inf, False)
    t = found.values[:, 0].astype(float)
    line, unit = _Line(t - t[found.observed], np.log(found.counts)), float(found.unit[0])
    own, tail = 0.5 if mid_p else 1.0, (1 - confidence) / 2
    lowest, highest = t[found.observed] == t.min(), t[found.observed] == t.max()
    low = -np.inf if lowest else line.root(lambda b: line.above(b, own) - tail)
    high = np.inf if highest else line.root(lambda b: tail - line.below(b, own))
    mean, sd = line.moments(0.0)
    if lowest or highest:
        at = line.root((lambda b: 0.5 - line.below(b, 1.0)) if lowest else (lambda b: line.above(b, 1.0) - 0.5))
        return ExactEstimate(at / unit, nothing, -mean / sd, low / unit, high / unit, True)
    at = line.root(lambda b: line.moments(b)[0])
    return ExactEstimate(at / unit, 1 / (line.moments(at)[1] * unit), -mean / sd, low / unit, high / unit, False)


def exact_p(found: Conditional, method: Method, mid_p: bool = False) -> float:
    """Two-sided p-value of all tested coefficients being zero.

    Parameters
    ----------
    found
        Distribution of the tested statistics.
    method
        "probability": outcomes no more likely than the observed one (R ``fisher.test``). "score": those at least as far
        from the mean, in units of the covariance. "tail": twice the smaller tail, of one statistic.
    mid_p
        Whether the observed value counts half.

    Examples
    --------
    >>> from surveyanalysis.estimators.exact_logit import conditional
    >>> tea = conditional(np.repeat([[0.0], [1.0]], 4, axis=0), np.array([0.0, 0, 0, 1, 1, 1, 1, 0]), [0])
    >>> round(exact_p(tea, "probability"), 4), round(exact_p(tea, "probability", mid_p=True), 4)
    (0.4857, 0.3714)
    """
    p = found.counts / found.counts.sum()
    own = float(p[found.observed])
    if method == "tail":
        t = found.values[:, 0]
        sides = (p[t >= t[found.observed]].sum(), p[t <= t[found.observed]].sum())
        return float(min(1.0, 2 * (min(sides) - (own / 2 if mid_p else 0.0))))
    if method == "score":
        far = _distance(found.values.astype(float), p)
        kept = far >= far[found.observed] * (1 - TIE)
    else:
        kept = p <= own * (1 + TIE)
    return float(min(1.0, p[kept].sum())) - (own / 2 if mid_p else 0.0)


def _distance(values: Matrix, p: Vector) -> Vector:
    """Squared distance of each value from the mean, in units of the covariance, shape (s,)."""
    away = values - p @ values
    covariance = away.T @ (p[:, None] * away)
    return np.einsum("si,ij,sj->s", away, np.linalg.pinv(covariance, hermitian=True), away)


@dataclass(frozen=True, slots=True)
class _Line:
    """The distribution as the coefficient moves; values `t` (s,) are counted from the observed one."""

    t: Vector
    log_counts: Vector

    def shares(self, b: float) -> Vector:
        """Probability of each value."""
        e = self.log_counts + b * self.t
        p = np.exp(e - e.max())
        return np.asarray(p / p.sum())

    def above(self, b: float, own: float) -> float:
        """Probability of larger values, and `own` of that of the observed one."""
        p = self.shares(b)
        return float(p[self.t > 0].sum() + own * p[self.t == 0].sum())

    def below(self, b: float, own: float) -> float:
        """Probability of smaller values, and `own` of that of the observed one."""
        p = self.shares(b)
        return float(p[self.t < 0].sum() + own * p[self.t == 0].sum())

    def moments(self, b: float) -> tuple[float, float]:
        """Mean, counted from the observed value, and standard deviation."""
        p = self.shares(b)
        mean = float(p @ self.t)
        return mean, float(np.sqrt(p @ (self.t - mean) ** 2))

    def root(self, rising: Callable[[float], float]) -> float:
        """Coefficient at which a rising function is zero."""
        from scipy.optimize import brentq

        far = 1.0
        while rising(-far) > 0 or rising(far) < 0:
            far *= 2
        return float(brentq(rising, -far, far, xtol=1e-13, rtol=1e-14))
