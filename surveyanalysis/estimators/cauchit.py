"""The Cauchy distribution as a link: for answers that now and then contradict the predictor entirely."""

import numpy as np

from .fit import Vector
from .link import FAR, Bend, Link, Rise


def _below(e: Vector) -> Vector:
    """F(e): an angle, without cancellation."""
    return np.arctan2(1.0, -np.asarray(e, float)) / np.pi


def _log_below(e: Vector) -> Vector:
    """log F(e), from whichever tail is smaller."""
    return np.where(e > 0, np.log1p(-_below(-e)), np.log(_below(e)))


def _within(e: Vector, value: Vector) -> Vector:
    """The value, or 0 where e stands in for an infinite threshold."""
    return np.where(np.abs(e) < FAR / 2, value, 0.0)


def _cdf(e: Vector) -> Vector:
    return np.where(np.asarray(e) < FAR / 2, _within(e, _below(e)), 1.0)


def _tail(e: Vector) -> Vector:
    return _cdf(-np.asarray(e, float))


def _pdf(e: Vector) -> Vector:
    return _within(e, 1 / (np.pi * (1 + e * e)))


def _bend(e: Vector) -> Vector:
    return _within(e, -2 * e / (np.pi * (1 + e * e) ** 2))


def _tilt(e: Vector) -> tuple[Vector, Vector]:
    size = 1 + e * e
    return -2 * e / size, 2 * (e * e - 1) / size**2


def _quantile(p: Vector) -> Vector:
    """Cotangents of the nearer end keep the digits of both tails."""
    p = np.asarray(p, float)
    near = np.minimum(p, 1 - p)
    return np.where(p < 0.5, -1.0, 1.0) * np.where(near < 0.5, 1 / np.tan(np.pi * near), 0.0)


def _outcome(e: Vector, y: Vector) -> Rise:
    f, g = 1 / (np.pi * (1 + e * e)), -2 * e / (np.pi * (1 + e * e) ** 2)
    p, q = _below(e), _below(-e)
    second = y * (g / p - (f / p) ** 2) - (1 - y) * (g / q + (f / q) ** 2)
    return y * _log_below(e) + (1 - y) * _log_below(-e), y * f / p - (1 - y) * f / q, second


def _expected(e: Vector) -> Vector:
    return (1 / (np.pi * (1 + e * e))) ** 2 / (_below(e) * _below(-e))


def _interval(lower: Vector, upper: Vector) -> Bend:
    """F(u) - F(l) = angle(1 + u l, u - l) / pi; NaN where the ends do not increase."""
    angle = np.where(upper > lower, np.arctan2(upper - lower, 1 + upper * lower) / np.pi, np.nan)
    log_p = np.where(lower < -FAR / 2, _log_below(upper), np.where(upper > FAR / 2, _log_below(-lower), np.log(angle)))
    p = np.exp(log_p)
    at_upper, at_lower = _pdf(upper) / p, _pdf(lower) / p
    return (
        log_p,
        at_upper,
        -at_lower,
        _bend(upper) / p - at_upper**2,
        -_bend(lower) / p - at_lower**2,
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
    concave=False,
)
