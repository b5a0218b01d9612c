"""The logistic distribution as a link."""

import numpy as np

from .fit import Vector
from .link import Bend, Bends, Link, Rise, log_complement

FARTHEST = 700.0  # beyond, odds are no numbers any more


def _cdf(e: Vector) -> Vector:
    from scipy.special import expit

    return expit(e)


def _tail(e: Vector) -> Vector:
    from scipy.special import expit

    return expit(-e)


def _pdf(e: Vector) -> Vector:
    from scipy.special import expit

    return expit(e) * expit(-e)


def _bend(e: Vector) -> Vector:
    """Second derivative p (1 - p) (1 - 2p), with 1 - 2p = -tanh(e / 2)."""
    return -_pdf(e) * np.tanh(e / 2)


def _tilt(e: Vector) -> tuple[Vector, Vector]:
    """1 - 2p and -2 p (1 - p)."""
    return -np.tanh(e / 2), -2 * _pdf(e)


def _quantile(p: Vector) -> Vector:
    from scipy.special import logit

    return logit(p)


def _outcome(e: Vector, y: Vector) -> Rise:
    """Log-likelihood y e - log(1 + exp(e)), and its derivatives."""
    odds, p = _against(e)
    small = np.minimum(odds, 1)  # exp(-|e|)
    small /= np.maximum(odds, 1)
    value = y * e
    value -= np.maximum(e, 0)
    value -= np.log1p(small, out=small)
    return value, *_bent(odds, p, y)


def _slope(e: Vector, y: Vector) -> Vector:
    """y (1 - p) - (1 - y) p, which keeps its digits where p is near y."""
    odds, p = _against(e)
    odds *= y
    odds += y - 1
    odds *= p
    return odds


def _slopes(e: Vector, y: Vector) -> tuple[Vector, Vector]:
    """`_slope`, and -p (1 - p)."""
    return _bent(*_against(e), y)


def _bent(odds: Vector, p: Vector, y: Vector) -> tuple[Vector, Vector]:
    """`_slopes` from the odds against the event, which are overwritten, and its probability."""
    first = y * odds
    first += y - 1
    first *= p
    odds *= p
    odds *= p
    return first, np.negative(odds, out=odds)


def _against(e: Vector) -> tuple[Vector, Vector]:
    """Odds against the event, and its probability."""
    odds = -e
    if odds.size and odds.max() > FARTHEST:
        np.minimum(odds, FARTHEST, out=odds)
    np.exp(odds, out=odds)
    p = odds + 1
    return odds, np.reciprocal(p, out=p)


def _interval(lower: Vector, upper: Vector) -> Bend:
    """F(u) - F(l) = F(u) (1 - F(l)) (1 - exp(l - u))."""
    log_p = -np.log1p(np.exp(-np.abs(upper))) + np.minimum(upper, 0)
    log_p = log_p - np.log1p(np.exp(-np.abs(lower))) - np.maximum(lower, 0) + log_complement(upper - lower)
    return log_p, *_interval_slopes(lower, upper)


def _interval_slopes(lower: Vector, upper: Vector) -> Bends:
    top, bottom = _against(-upper)[1], _against(lower)[1]
    apart = np.minimum(upper - lower, FARTHEST)
    g = np.reciprocal(np.expm1(apart, out=apart), out=apart)
    q = g * (1 + g)
    return top + g, -bottom - g, top * (top - 1) - q, bottom * (bottom - 1) - q, q


LINK = Link(
    cdf=_cdf,
    tail=_tail,
    pdf=_pdf,
    bend=_bend,
    tilt=_tilt,
    quantile=_quantile,
    outcome=_outcome,
    expected=_pdf,
    interval=_interval,
    slope=_slope,
    slopes=_slopes,
    interval_slopes=_interval_slopes,
)
