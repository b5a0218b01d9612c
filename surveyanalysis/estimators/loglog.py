"""The log-log link: F(e) = exp(-exp(-e)), the mirror image of the complementary log-log."""

import numpy as np

from . import cloglog
from .fit import Vector
from .link import Bend, Link, Rise

_MIRROR = cloglog.LINK


def _cdf(e: Vector) -> Vector:
    return _MIRROR.tail(-e)


def _tail(e: Vector) -> Vector:
    return _MIRROR.cdf(-e)


def _pdf(e: Vector) -> Vector:
    return _MIRROR.pdf(-e)


def _bend(e: Vector) -> Vector:
    return -_MIRROR.bend(-e)


def _quantile(p: Vector) -> Vector:
    return -np.log(-np.log(p))


def _tilt(e: Vector) -> tuple[Vector, Vector]:
    first, second = _MIRROR.tilt(-e)
    return -first, second


def _outcome(e: Vector, y: Vector) -> Rise:
    value, first, second = _MIRROR.outcome(-e, 1 - y)
    return value, -first, second


def _expected(e: Vector) -> Vector:
    return _MIRROR.expected(-e)


def _interval(lower: Vector, upper: Vector) -> Bend:
    """The mirror exchanges the ends."""
    log_p, up, down, up_up, down_down, both = _MIRROR.interval(-upper, -lower)
    return log_p, -down, -up, down_down, up_up, both


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
