"""The normal distribution as a link."""

import numpy as np

from .fit import Vector
from .link import Bend, Link, Rise, log_complement


def _log_phi(e: Vector) -> Vector:
    return -0.5 * (e * e + np.log(2 * np.pi))


def _cdf(e: Vector) -> Vector:
    from scipy.special import ndtr

    return ndtr(e)


def _tail(e: Vector) -> Vector:
    from scipy.special import ndtr

    return ndtr(-e)


def _pdf(e: Vector) -> Vector:
    return np.exp(_log_phi(e))


def _bend(e: Vector) -> Vector:
    return -e * _pdf(e)


def _tilt(e: Vector) -> tuple[Vector, Vector]:
    return -e, np.full(e.shape, -1.0)


def _quantile(p: Vector) -> Vector:
    from scipy.special import ndtri

    return ndtri(p)


def _outcome(e: Vector, y: Vector) -> Rise:
    """Inverse Mills ratios on the log scale."""
    from scipy.special import log_ndtr

    yes, no, phi = log_ndtr(e), log_ndtr(-e), _log_phi(e)
    up, down = np.exp(phi - yes), np.exp(phi - no)
    second = -y * up * (e + up) + (1 - y) * down * (e - down)
    return y * yes + (1 - y) * no, y * up - (1 - y) * down, second


def _expected(e: Vector) -> Vector:
    from scipy.special import log_ndtr

    return np.exp(2 * _log_phi(e) - log_ndtr(e) - log_ndtr(-e))


def _interval(lower: Vector, upper: Vector) -> Bend:
    """Taken in the lower tail, where differences of log Phi keep their digits."""
    from scipy.special import log_ndtr

    flip = lower + upper > 0
    low, high = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    big = log_ndtr(high)
    log_p = big + log_complement(big - log_ndtr(low))
    at_upper, at_lower = np.exp(_log_phi(upper) - log_p), np.exp(_log_phi(lower) - log_p)
    return (
        log_p,
        at_upper,
        -at_lower,
        -at_upper * (upper + at_upper),
        at_lower * (lower - at_lower),
        at_upper * at_lower,
    )


LINK = Link(
    cdf=_cdf,
    tail=_tail,
    pdf=_pdf,
    bend=_bend,
    tilt=_tilt,
    quantile=_quantile,
    outcome=_outcome,
    expected=_expected,
    interval=_interval,
)
