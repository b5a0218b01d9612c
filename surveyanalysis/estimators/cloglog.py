"""The complementary log-log link: F(e) = 1 - exp(-exp(e))."""

import numpy as np

from .fit import Vector
from .link import Bend, Link, Rise, log_complement


def _hazard(e: Vector) -> Vector:
    """exp(e), kept finite and positive."""
    return np.exp(np.clip(e, -700, 700))


def _inverse_expm1(a: Vector) -> Vector:
    """1 / (exp(a) - 1) without overflow."""
    return np.exp(-a) / -np.expm1(-a)


def _cdf(e: Vector) -> Vector:
    return -np.expm1(-_hazard(e))


def _tail(e: Vector) -> Vector:
    return np.exp(-_hazard(e))


def _pdf(e: Vector) -> Vector:
    a = _hazard(e)
    return a * np.exp(-a)


def _bend(e: Vector) -> Vector:
    a = _hazard(e)
    return a * (1 - a) * np.exp(-a)


def _tilt(e: Vector) -> tuple[Vector, Vector]:
    a = _hazard(e)
    return 1 - a, -a


def _quantile(p: Vector) -> Vector:
    return np.log(-np.log1p(-p))


def _outcome(e: Vector, y: Vector) -> Rise:
    """log F = log(1 - exp(-a)), log(1 - F) = -a, with a = exp(e)."""
    a = _hazard(e)
    r = a * _inverse_expm1(a)
    value = y * log_complement(a) - (1 - y) * a
    return value, y * r - (1 - y) * a, y * r * (1 - a - r) - (1 - y) * a


def _expected(e: Vector) -> Vector:
    a = _hazard(e)
    return a * a * _inverse_expm1(a)


def _interval(lower: Vector, upper: Vector) -> Bend:
    """F(u) - F(l) = exp(-a) (1 - exp(a - b)) with a = exp(l), b = exp(u)."""
    a, b = _hazard(np.minimum(lower, 690)), _hazard(upper)
    g = _inverse_expm1(b - a)
    at_upper, at_lower = b * g, a * g
    log_p = log_complement(b - a) - a
    return (
        log_p,
        at_upper,
        -a - at_lower,
        at_upper * (1 - b - at_upper),
        -(a + at_lower) * (1 + at_lower),
        at_lower * (b + at_upper),
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
