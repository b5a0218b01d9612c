"""Normal densities and probabilities of functions of several predictors, to the last digits of the tails."""

import numpy as np

from .curves import Curves, exp_of
from .fit import Vector
from .link import FAR
from .probit import LINK

HALF_LOG_TWO_PI = np.log(2 * np.pi) / 2


def log_density(at: Curves) -> Curves:
    """Logarithm of the standard normal density.

    Examples
    --------
    >>> from .curves import variables
    >>> log_density(variables(np.zeros((1, 1)))[0]).value.round(4)
    array([-0.9189])
    """
    return at * at * -0.5 - HALF_LOG_TWO_PI


def log_below(at: Curves) -> Curves:
    """log Phi.

    Examples
    --------
    >>> from .curves import variables
    >>> log_below(variables(np.full((1, 1), -40.0))[0]).first.ravel().round(4)
    array([40.025])
    """
    from scipy.special import log_ndtr

    value = log_ndtr(at.value)
    ratio = np.exp(-0.5 * at.value * at.value - HALF_LOG_TWO_PI - value)
    return at.through(value, ratio, -ratio * (at.value + ratio))


def below(at: Curves) -> Curves:
    """Phi.

    Examples
    --------
    >>> from .curves import variables
    >>> below(variables(np.zeros((1, 1)))[0]).value
    array([0.5])
    """
    from scipy.special import ndtr

    density = np.exp(-0.5 * at.value * at.value - HALF_LOG_TWO_PI)
    return at.through(ndtr(at.value), density, -at.value * density)


def mills(at: Curves) -> Curves:
    """phi / Phi, the mean of a standard normal variable above -`at`.

    Examples
    --------
    >>> from .curves import variables
    >>> mills(variables(np.zeros((1, 1)))[0]).value.round(4)
    array([0.7979])
    """
    return exp_of(log_density(at) - log_below(at))


def log_between(lower: Curves, upper: Curves) -> Curves:
    """log(Phi(upper) - Phi(lower)); an end at -FAR or FAR is infinite, if its derivatives are zero.

    Examples
    --------
    >>> from .curves import variables
    >>> low, high = variables(np.array([[-1.0], [1.0]]))
    >>> log_between(low, high).value.round(4)
    array([-0.3817])
    """
    value, at_upper, at_lower, up_up, low_low, both = LINK.interval(lower.value, upper.value)
    up, low = upper.first, lower.first
    crossed = up[:, None] * low[None, :]
    second = at_upper * upper.second + at_lower * lower.second + both * (crossed + crossed.transpose(1, 0, 2))
    second = second + up_up * up[:, None] * up[None, :] + low_low * low[:, None] * low[None, :]
    return Curves(value, at_upper * up + at_lower * low, second)


def finite(ends: Vector) -> tuple[Vector, Vector]:
    """Limits with 0 for the infinite ones, and what to add to these: -FAR, FAR, or 0.

    Examples
    --------
    >>> finite(np.array([-np.inf, 3.0]))
    (array([0., 3.]), array([-1.e+15,  0.e+00]))
    """
    open_ = np.isinf(ends)
    return np.where(open_, 0.0, ends), np.where(open_, np.copysign(FAR, ends), 0.0)


def standing(factor: Curves, shift: Curves, ends: Vector) -> Curves:
    """factor * ends - shift, with ends that may be infinite, shape (m,).

    Examples
    --------
    >>> from .curves import variables
    >>> factor, shift = variables(np.array([[2.0], [1.0]]))
    >>> standing(factor, shift, np.array([3.0])).value
    array([5.])
    """
    values, far = finite(ends)
    found, inside = factor * values - shift, (far == 0).astype(float)
    return found * inside + far
