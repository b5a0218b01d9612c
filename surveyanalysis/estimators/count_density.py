"""Distributions of counts: log-probabilities and how they bend with the mean and the dispersion."""

from typing import Literal

import numpy as np

from .curves import Curves
from .fit import Matrix, Vector
from .rising import log_excess, log_shortfall, rising_sums

Distribution = Literal["poisson", "nb2", "nb1"]
DISTRIBUTIONS: tuple[Distribution, ...] = ("poisson", "nb2", "nb1")
TABLED = 4096  # counts up to here are looked up where all rows share one dispersion
EXACT = 16.0  # from here on Stirling's series for log y! has all digits


def count_density(distribution: Distribution, y: Vector, predictors: Matrix) -> Curves:
    """Log-probability of counts, with derivatives by the predictors.

    Parameters
    ----------
    distribution
        "poisson": variance mu; "nb2": mu + alpha mu^2; "nb1": mu (1 + alpha).
    y
        Counts, shape (m,).
    predictors
        Rows log mu and, but for "poisson", log alpha, shape (1 or 2, m).

    Notes
    -----
    Poisson: y log mu - mu - log y!. The negative binomial adds L - y log(1 + x) + [x - log(1 + x)] / a, x = a mu, with
    L = sum over j < y of log(1 + a j) and a = alpha (NB2) or alpha / mu (NB1; Cameron and Trivedi 2013, section 3.3).
    Nothing in it divides by alpha what has lost its digits, so alpha may be as small as it likes.

    Examples
    --------
    >>> count_density("poisson", np.array([2.0]), np.log([[2.0]])).value.round(6)
    array([-1.306853])
    >>> count_density("nb2", np.array([2.0]), np.log([[2.0], [0.5]])).value.round(6)
    array([-1.673976])
    """
    from scipy.special import kl_div

    mu = np.exp(predictors[0])
    value = log_peak(y) - kl_div(y, mu)
    if distribution == "poisson":
        return Curves(value, (y - mu)[None], -mu[None, None])
    return _negative_binomial(y, mu, predictors, value, 0.0 if distribution == "nb2" else -1.0)


def count_zero(distribution: Distribution, predictors: Matrix) -> Curves:
    """Log-probability of zero, with derivatives; as `count_density` at y = 0.

    Examples
    --------
    >>> count_zero("poisson", np.zeros((1, 1))).value
    array([-1.])
    """
    return count_density(distribution, np.zeros(predictors.shape[1]), predictors)


def log_peak(y: Vector) -> Vector:
    """Log-probability that a Poisson variable of mean y takes the value y.

    Examples
    --------
    >>> log_peak(np.array([0.0, 1.0, 1e12])).round(6)
    array([  0.      ,  -1.      , -14.734449])
    """
    most = int(y.max(initial=0.0))
    if most < TABLED and len(y) > 2 * most and (y == np.floor(y)).all():
        return _log_peak(np.arange(most + 1.0))[y.astype(np.intp)]
    return _log_peak(y)


def _log_peak(y: Vector) -> Vector:
    """The same, number by number."""
    from scipy.special import gammaln, xlogy

    far = np.maximum(y, EXACT)
    q = 1 / (far * far)
    rest = (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q / 1188)))) / far
    near = np.minimum(y, EXACT)
    return np.where(y < EXACT, xlogy(near, near) - near - gammaln(near + 1), -np.log(2 * np.pi * far) / 2 - rest)


def _negative_binomial(y: Vector, mu: Vector, predictors: Matrix, poisson: Vector, power: float) -> Curves:
    """With a = alpha mu^power; derivatives by log mu and log a first, then by log mu and log alpha."""
    from scipy.special import expit

    eta, tau = predictors
    log_spread = tau + power * eta
    a, x = np.exp(log_spread), np.exp(log_spread + eta)
    s, t = expit(log_spread + eta), expit(-log_spread - eta)
    total, slope, bend = _sums(a, y, shared=power == 0)
    short = log_shortfall(x) / a
    value = poisson + total - y * np.log1p(x) + log_excess(x) / a
    by_mean, by_spread = (y - mu) * t, slope - y * s + short
    twice = -mu * (1 + a * y) * t * t
    crossed = -(y - mu) * s * t
    spreads = bend - y * s * t - short + mu * s * t
    first = np.stack([by_mean + power * by_spread, by_spread])
    mixed = crossed + power * spreads
    second = np.array([[twice + power * (crossed + mixed), mixed], [mixed, spreads]])
    return Curves(value, first, second)


def _sums(a: Vector, y: Vector, *, shared: bool) -> tuple[Vector, Vector, Vector]:
    """`rising_sums`, from a table of all counts where the rows share one spread."""
    most = int(y.max(initial=0.0))
    if not (shared and len(y) and most <= min(TABLED, len(y)) and (a == a[0]).all()):
        return rising_sums(a, y)
    at = y.astype(np.intp)
    first, second, third = rising_sums(a[0], np.arange(most + 1.0))
    return first[at], second[at], third[at]
