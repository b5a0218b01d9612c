"""Counts whose zeros are absent, or more than the distribution has."""

from typing import Literal

import numpy as np

from .count_density import Distribution, count_density, count_zero
from .curves import Curves
from .fit import Matrix, Vector
from .link import log_complement

Zeros = Literal["plain", "truncated", "inflated"]


def truncated_density(distribution: Distribution, y: Vector, predictors: Matrix) -> Curves:
    """Log-probability of counts of 1 and more, given that they are not 0: log f(y) - log(1 - f(0)).

    Parameters
    ----------
    distribution, y, predictors
        As for `count_density`.

    Examples
    --------
    >>> truncated_density("poisson", np.array([1.0]), np.zeros((1, 1))).value.round(6)
    array([-0.541325])
    """
    found, none = count_density(distribution, y, predictors), count_zero(distribution, predictors)
    odds = zero_odds(none.value)
    outer = none.first[:, None] * none.first[None]
    return Curves(
        found.value - log_complement(-none.value),
        found.first + odds * none.first,
        found.second + odds * none.second + odds * (1 + odds) * outer,
    )


def inflated_density(distribution: Distribution, y: Vector, predictors: Matrix) -> Curves:
    """Log-probability of counts of which a share is always 0.

    Parameters
    ----------
    distribution, y
        As for `count_density`.
    predictors
        Rows log mu, the logit of the share pi, and, but for "poisson", log alpha, shape (2 or 3, m).

    Notes
    -----
    log[pi + (1 - pi) f(0)] for zeros, log(1 - pi) + log f(y) for others (Lambert 1992).

    Examples
    --------
    >>> inflated_density("poisson", np.array([0.0, 1.0]), np.zeros((2, 2))).value.round(6)
    array([-0.379885, -1.693147])
    """
    from scipy.special import expit, log_expit

    order = [0, *range(2, len(predictors))]
    zeta, zero = predictors[1], y == 0
    found = count_density(distribution, y, predictors[order])
    share, always = expit(zeta), np.where(zero, expit(zeta - found.value), 0.0)
    value = log_expit(-zeta) + np.where(zero, np.logaddexp(zeta, found.value), found.value)
    both = always * (1 - always)
    counted = (1 - always) * found.first
    by_zeta = always - share
    second = (1 - always) * found.second + both * found.first[:, None] * found.first[None]
    crossed = -both * found.first
    corner = (both - share * (1 - share))[None, None]
    whole = Curves(
        value,
        np.vstack([counted, by_zeta]),
        np.concatenate(
            [np.concatenate([second, crossed[:, None]], 1), np.concatenate([crossed[None], corner], 1)],
        ),
    )
    last = len(order)
    return whole.ordered([0, last, *range(1, last)])


def zero_odds(log_zero: Vector) -> Vector:
    """f(0) / (1 - f(0)) from log f(0).

    Examples
    --------
    >>> zero_odds(np.log([0.5, 0.2]))
    array([1.  , 0.25])
    """
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(1 / np.expm1(-log_zero))


DENSITIES = {"plain": count_density, "truncated": truncated_density, "inflated": inflated_density}
