"""Links between a linear predictor and probabilities, with derivatives that hold far in the tails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, log_ndtr, logit, ndtr, ndtri

from ..errors import one_of
from .fit import Vector

LinkName = Literal["logit", "probit", "cloglog"]
Rise = tuple[Vector, Vector, Vector]
Bend = tuple[Vector, Vector, Vector, Vector, Vector, Vector]
FAR = 1e8  # stands in for an infinite threshold: products with it stay finite


@dataclass(frozen=True, slots=True)
class Link:
    """A distribution function F of the linear predictor e.

    Attributes
    ----------
    cdf, tail, pdf, bend
        F, 1 - F, the first and the second derivative of F.
    quantile
        The inverse of F.
    outcome
        (e, y) -> log-likelihood y log F + (1 - y) log(1 - F) and its first two derivatives by e.
    expected
        F'^2 / (F (1 - F)): expected information about e of one answer.
    interval
        (lower, upper) -> log(F(upper) - F(lower)), its derivatives by upper and by lower, and its second derivatives by
        upper twice, lower twice, and both.
    """

    cdf: Callable[[Vector], Vector]
    tail: Callable[[Vector], Vector]
    pdf: Callable[[Vector], Vector]
    bend: Callable[[Vector], Vector]
    quantile: Callable[[Vector], Vector]
    outcome: Callable[[Vector, Vector], Rise]
    expected: Callable[[Vector], Vector]
    interval: Callable[[Vector, Vector], Bend]


def link_named(name: str) -> Link:
    """Return the link with this name, or raise with all names.

    Examples
    --------
    >>> float(link_named("cloglog").cdf(np.array(0.0)).round(6))
    0.632121
    """
    return LINKS[one_of(name, tuple(LINKS), "link")]


def _log_complement(a: Vector) -> Vector:
    """log(1 - exp(-a)) for a > 0, by whichever form keeps its digits (Maechler 2012)."""
    return np.where(a < np.log(2), np.log(-np.expm1(-a)), np.log1p(-np.exp(-np.maximum(a, np.log(2)))))


def _logit_pdf(e: Vector) -> Vector:
    return expit(e) * expit(-e)


def _logit_bend(e: Vector) -> Vector:
    """Second derivative p (1 - p) (1 - 2p), with 1 - 2p = -tanh(e / 2)."""
    return -_logit_pdf(e) * np.tanh(e / 2)


def _logit_tail(e: Vector) -> Vector:
    return expit(-e)


def _logit_outcome(e: Vector, y: Vector) -> Rise:
    """Log-likelihood y e - log(1 + exp(e)); slope y - p."""
    p, small = expit(e), np.exp(-np.abs(e))
    return y * e - np.maximum(e, 0) - np.log1p(small), y - p, -small / (1 + small) ** 2


def _logit_interval(lower: Vector, upper: Vector) -> Bend:
    """F(u) - F(l) = F(u) (1 - F(l)) (1 - exp(l - u))."""
    top, bottom = expit(-upper), expit(lower)
    fall = np.exp(lower - upper)
    g = fall / -np.expm1(lower - upper)
    log_p = -np.log1p(np.exp(-np.abs(upper))) + np.minimum(upper, 0)
    log_p = log_p - np.log1p(np.exp(-np.abs(lower))) - np.maximum(lower, 0) + _log_complement(upper - lower)
    q = g * (1 + g)
    return log_p, top + g, -bottom - g, -top * (1 - top) - q, -bottom * (1 - bottom) - q, q


def _log_phi(e: Vector) -> Vector:
    return -0.5 * (e * e + np.log(2 * np.pi))


def _probit_tail(e: Vector) -> Vector:
    return ndtr(-e)


def _probit_pdf(e: Vector) -> Vector:
    return np.exp(_log_phi(e))


def _probit_bend(e: Vector) -> Vector:
    return -e * _probit_pdf(e)


def _probit_outcome(e: Vector, y: Vector) -> Rise:
    """Inverse Mills ratios on the log scale."""
    yes, no, phi = log_ndtr(e), log_ndtr(-e), _log_phi(e)
    up, down = np.exp(phi - yes), np.exp(phi - no)
    second = -y * up * (e + up) + (1 - y) * down * (e - down)
    return y * yes + (1 - y) * no, y * up - (1 - y) * down, second


def _probit_expected(e: Vector) -> Vector:
    return np.exp(2 * _log_phi(e) - log_ndtr(e) - log_ndtr(-e))


def _probit_interval(lower: Vector, upper: Vector) -> Bend:
    """Taken in the lower tail, where differences of log Phi keep their digits."""
    flip = lower + upper > 0
    low, high = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    big = log_ndtr(high)
    log_p = big + _log_complement(big - log_ndtr(low))
    at_upper, at_lower = np.exp(_log_phi(upper) - log_p), np.exp(_log_phi(lower) - log_p)
    return (
        log_p,
        at_upper,
        -at_lower,
        -at_upper * (upper + at_upper),
        at_lower * (lower - at_lower),
        at_upper * at_lower,
    )


def _hazard(e: Vector) -> Vector:
    """exp(e), kept finite and positive."""
    return np.exp(np.clip(e, -700, 700))


def _inverse_expm1(a: Vector) -> Vector:
    """1 / (exp(a) - 1) without overflow."""
    return np.exp(-a) / -np.expm1(-a)


def _cloglog_cdf(e: Vector) -> Vector:
    return -np.expm1(-_hazard(e))


def _cloglog_tail(e: Vector) -> Vector:
    return np.exp(-_hazard(e))


def _cloglog_pdf(e: Vector) -> Vector:
    a = _hazard(e)
    return a * np.exp(-a)


def _cloglog_bend(e: Vector) -> Vector:
    a = _hazard(e)
    return a * (1 - a) * np.exp(-a)


def _cloglog_quantile(p: Vector) -> Vector:
    return np.log(-np.log1p(-p))


def _cloglog_outcome(e: Vector, y: Vector) -> Rise:
    """log F = log(1 - exp(-a)), log(1 - F) = -a, with a = exp(e)."""
    a = _hazard(e)
    r = a * _inverse_expm1(a)
    value = y * _log_complement(a) - (1 - y) * a
    return value, y * r - (1 - y) * a, y * r * (1 - a - r) - (1 - y) * a


def _cloglog_expected(e: Vector) -> Vector:
    a = _hazard(e)
    return a * a * _inverse_expm1(a)


def _cloglog_interval(lower: Vector, upper: Vector) -> Bend:
    """F(u) - F(l) = exp(-a) (1 - exp(a - b)) with a = exp(l), b = exp(u)."""
    a, b = _hazard(np.minimum(lower, 690)), _hazard(upper)
    g = _inverse_expm1(b - a)
    at_upper, at_lower = b * g, a * g
    log_p = _log_complement(b - a) - a
    return (
        log_p,
        at_upper,
        -a - at_lower,
        at_upper * (1 - b - at_upper),
        -(a + at_lower) * (1 + at_lower),
        at_lower * (b + at_upper),
    )


LINKS: dict[str, Link] = {
    "logit": Link(
        cdf=expit,
        tail=_logit_tail,
        pdf=_logit_pdf,
        bend=_logit_bend,
        quantile=logit,
        outcome=_logit_outcome,
        expected=_logit_pdf,
        interval=_logit_interval,
    ),
    "probit": Link(
        cdf=ndtr,
        tail=_probit_tail,
        pdf=_probit_pdf,
        bend=_probit_bend,
        quantile=ndtri,
        outcome=_probit_outcome,
        expected=_probit_expected,
        interval=_probit_interval,
    ),
    "cloglog": Link(
        cdf=_cloglog_cdf,
        tail=_cloglog_tail,
        pdf=_cloglog_pdf,
        bend=_cloglog_bend,
        quantile=_cloglog_quantile,
        outcome=_cloglog_outcome,
        expected=_cloglog_expected,
        interval=_cloglog_interval,
    ),
}
