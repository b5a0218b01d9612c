"""Outcomes that are seen only between limits: the truncated normal regression."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..errors import DataError
from .curves import Curves, log_of, variables
from .fit import Fit, Matrix, Vector
from .joint import Joint, best_from
from .likelihood import check_rows, present, spread
from .location_scale import least_squares, reported, standardised, start_from, told_of_spread
from .newton import Solution
from .normal_curves import log_between, log_density, standing

INFINITE = float("inf")


def truncated_fit(x: Matrix, y: Vector, weights: Vector, *, lower: float = 0.0, upper: float = INFINITE) -> Fit:
    """Normal regression of a sample that holds only outcomes between limits.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Outcome strictly between the limits, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    lower, upper
        The limits; -inf or inf for none.

    Returns
    -------
    Fit
        `params` = [k slopes of the normal outcome before truncation, log sigma], with observed information. Not
        converged where the outcome is too skew for a truncated normal distribution, which the message says.

    Raises
    ------
    DataError
        An outcome is at a limit or beyond, a column depends on others, or values are missing.

    Notes
    -----
    Maximises the weighted sum of log phi((y - x b) / sigma) - log sigma - log[Phi((upper - x b) / sigma) - Phi((lower
    - x b) / sigma)] by Newton's method in b / sigma and 1 / sigma, from two starts; the maximum is the only one there
    is (Orme and Ruud 2002), but it may lie at infinity: where the outcome is at least as skew as an exponential one,
    the latent mean runs away from the limit for ever. Means are those of `tobit_response`, "uncensored". Checked
    against R by ``optim`` and Newton with numDeriv (c.trunc.*, l.trunc.*).

    References
    ----------
    Cragg 1971, Econometrica 39: 829-844; Orme and Ruud 2002, Economics Letters 75: 209-217.

    Examples
    --------
    >>> y = np.array([0.5, 1.0, 1.2, 1.5, 2.0, 2.2])
    >>> truncated_fit(np.ones((6, 1)), y, np.ones(6)).params.round(4)
    array([ 1.3829, -0.51  ])
    """
    check_rows(x, y, weights)
    used = present(weights)
    y_used, w = np.asarray(y[used], float), weights[used]
    outside = int(((y_used <= lower) | (y_used >= upper)).sum())
    if outside:
        raise DataError(
            f"{outside} of {len(y_used)} outcomes are not between {lower:g} and {upper:g}: a truncated sample holds "
            "none of these. Give them weight 0, or fit a tobit or a two-part model."
        )
    place = standardised(x[used], y_used)
    inner, low, high = (np.asarray(place.inside(end), float) for end in (y_used, np.array(lower), np.array(upper)))
    joint = Joint((place.z, np.ones((len(inner), 1))), w, truncated_rows(inner, low, high))
    slopes, sigma = least_squares(place.z, inner, w)
    solution = best_from(joint, [start_from(slopes, sigma), start_from(slopes, 3 * sigma)])
    solution = told_of_spread(_told(solution), float(solution.params[-1]), place)
    shift = -float(w.sum()) * np.log(place.unit)
    return spread(reported(joint, solution, *place.outside(solution.params), shift), used, len(x))


def truncated_rows(y: Vector, low: Vector, high: Vector) -> Callable[[Matrix, slice], Curves]:
    """Log-likelihood of truncated outcomes (m,) as a function of x b / sigma and 1 / sigma; limits of shape ().

    Examples
    --------
    >>> curves = truncated_rows(np.ones(1), np.array(0.0), np.array(np.inf))
    >>> curves(np.array([[0.0], [1.0]]), slice(None)).value.round(4)
    array([-0.7258])
    """

    def curves(values: Matrix, rows: slice) -> Curves:
        e, theta = variables(values)
        every = np.ones(values.shape[1])
        among = log_between(standing(theta, e, low * every), standing(theta, e, high * every))
        return log_of(theta) + log_density(theta * y[rows] - e) - among

    return curves


def _told(solution: Solution) -> Solution:
    """The solution, with the reason named why there is none."""
    if solution.converged:
        return solution
    message = (
        "the latent mean runs away from the limit for ever: the outcome is at least as skew as an exponential one, "
        "which no truncated normal distribution is. Take its logarithm (a log-normal positive part), or fewer terms"
    )
    return replace(solution, message=message)
