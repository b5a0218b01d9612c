"""Outcomes of those who take part: sample selection by weighted maximum likelihood."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .curves import Curves, chosen, exp_of, log_of, variables
from .fit import Fit, Matrix, Vector
from .joint import Joint, best_of, maxima_from
from .likelihood import spread
from .location_scale import least_squares, reported, start_from, told_of_spread
from .newton import Solution
from .normal_curves import log_below, log_density
from .selection import Selection, checked_selection, nowhere, selection_of

BOUND = 0.99  # a correlation beyond it that still rises is on its way to 1
FIRST = 0.9  # the largest correlation to start from
OTHER = 0.5  # the second start, on the other side of 0


def heckman_fit(x: Matrix, y: Vector, z: Matrix, selected: Vector, weights: Vector) -> Fit:
    """Regression of an outcome that is seen of those selected only, with correlated errors, by maximum likelihood.

    Parameters
    ----------
    x
        Covariates of the outcome with the intercept's column, shape (m, k1); rows not selected are not looked at.
    y
        Outcome, shape (m,); rows not selected are not looked at.
    z
        Covariates of selection with the intercept's column, shape (m, k2): those of x, and at least one more.
    selected
        1 where the outcome is seen, else 0, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.

    Returns
    -------
    Fit
        `params` = [k1 slopes of the outcome, k2 slopes of selection, log sigma, atanh of the correlation], with
        observed information. Not converged where the correlation runs to 1 or -1, which the message says.

    Raises
    ------
    DataError
        Everybody or nobody is selected, a column depends on others, or values are missing.

    Notes
    -----
    y = x b + sigma u, seen where z g + v > 0, with u, v standard normal of correlation rho. With r = (y - x b) / sigma
    the log-likelihood is log phi(r) - log sigma + log Phi((z g + rho r) / sqrt(1 - rho^2)) where the outcome is seen,
    else log Phi(-z g). Given rho it is concave in b / sigma, 1 / sigma and g (Olsen 1982), so that several maxima
    differ in rho. Newton's method starts from the two-step estimate, which is consistent, and the maximum beside it is
    the estimate, as in other software; a search from a correlation on the other side of 0 tells, in `message`, where a
    higher one lies, as it does for wages that are not in logarithms. Checked against c.heckman.* and l.heckman.*, and
    printed Stata output for Mroz's data.

    References
    ----------
    Heckman 1979, Econometrica 47: 153-161; Olsen 1982, International Economic Review 23: 223-240.

    Examples
    --------
    >>> z = np.column_stack([np.ones(8), [0.0, 0, 1, 1, 2, 2, 3, 3]])
    >>> y, seen = np.array([0.0, 1, 0, 3, 2, 0, 4, 2]), np.array([0.0, 1, 0, 1, 1, 0, 1, 1])
    >>> heckman_fit(np.ones((8, 1)), y, z, seen, np.ones(8)).params.shape
    (5,)
    """
    used = checked_selection(x, y, z, selected, weights)
    setting = selection_of(x[used], y[used], z[used], selected[used] == 1, weights[used])
    size = x.shape[1] + z.shape[1] + 2
    if not setting.probit.converged:
        return nowhere(len(x), size, f"the probit of selection has no solution: {setting.probit.message}")
    one = np.ones((len(setting.y), 1))
    joint = Joint((setting.x, one, setting.z, one), setting.weights, selected_rows(setting.y, setting.seen))
    k1, solution = x.shape[1], _consistent(maxima_from(joint, _starts(setting)))
    solution = told_of_spread(_told(solution), float(solution.params[k1]), setting.place)
    shift = -float(setting.weights[setting.seen].sum()) * np.log(setting.place.unit)
    return spread(reported(joint, solution, *_outside(setting, solution.params, k1), shift), used, len(x))


def selected_rows(y: Vector, seen: NDArray[np.bool_]) -> Callable[[Matrix, slice], Curves]:
    """Log-likelihood as a function of x b / sigma, 1 / sigma, z g and atanh rho; outcomes of those not seen are 0.

    Examples
    --------
    >>> curves = selected_rows(np.zeros(2), np.array([True, False]))
    >>> curves(np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]), slice(None)).value.round(4)
    array([-1.6121, -0.6931])
    """

    def curves(values: Matrix, rows: slice) -> Curves:
        e, theta, chance, angle = variables(values)
        up, down = exp_of(angle) * 0.5, exp_of(-angle) * 0.5
        error = theta * y[rows] - e
        # with rho = tanh(angle): 1 / sqrt(1 - rho^2) = cosh(angle), and rho times that is sinh(angle)
        among = log_below(chance * (up + down) + error * (up - down))
        return chosen(seen[rows], log_of(theta) + log_density(error) + among, log_below(-chance))

    return curves


def _starts(setting: Selection) -> list[Vector]:
    """From the two-step estimate, and from a correlation on the other side of 0."""
    from scipy.special import log_ndtr

    seen, w, chance = setting.seen, setting.weights, setting.z @ setting.probit.params
    e = chance[seen]
    ratio = np.exp(-e * e / 2 - np.log(2 * np.pi) / 2 - log_ndtr(e))
    both = np.column_stack([setting.x[seen], ratio])
    slopes, error = least_squares(both, setting.y[seen], w[seen])
    shrink = w[seen] @ (ratio * (ratio + e)) / w[seen].sum()
    sigma = np.sqrt(error**2 + shrink * slopes[-1] ** 2)
    first = float(np.clip(slopes[-1] / sigma, -FIRST, FIRST))
    starts = []
    for rho in (first, -np.copysign(OTHER, first)):
        along, spread_ = least_squares(setting.x[seen], setting.y[seen] - rho * sigma * ratio, w[seen])
        wide = np.sqrt(spread_**2 + shrink * (rho * sigma) ** 2)
        starts.append(np.concatenate([start_from(along, wide), setting.probit.params, [np.arctanh(rho)]]))
    return starts


def _consistent(found: list[Solution]) -> Solution:
    """The maximum beside the two-step estimate, with a caution where another is higher; without it, the highest."""
    first, other = found
    if not first.converged:
        return best_of(found)
    gain = other.value - first.value
    if gain < 1e-6 * (1 + abs(first.value)):
        return first
    message = (
        f"a correlation of {np.tanh(other.params[-1]):.3f} has a log-likelihood higher by {gain:.2f} than the maximum "
        f"beside the two-step estimate, {np.tanh(first.params[-1]):.3f}, which is given: errors are not "
        "normal, or no strong covariate is of selection alone. Take the outcome's logarithm, or report the two-step "
        "estimate"
    )
    return replace(first, message=message)


def _outside(setting: Selection, params: Vector, k1: int) -> tuple[Vector, Matrix]:
    """Parameters and Jacobian in the reported order: slopes, slopes of selection, log sigma, angle."""
    outcome, block = setting.place.outside(params[: k1 + 1])
    k2, size = setting.z.shape[1], len(params)
    jacobian = np.zeros((size, size))
    rows = [*range(k1), k1 + k2]
    jacobian[np.ix_(rows, range(k1 + 1))] = block
    jacobian[k1 : k1 + k2, k1 + 1 : -1], jacobian[-1, -1] = setting.turn, 1.0
    return np.concatenate([outcome[:-1], setting.turn @ params[k1 + 1 : -1], outcome[-1:], params[-1:]]), jacobian


def _told(solution: Solution) -> Solution:
    """The solution, with the correlation named where it is what has no bound."""
    rho = float(np.tanh(solution.params[-1]))
    if solution.converged or abs(rho) < BOUND:
        return solution
    message = (
        f"the correlation of the errors runs to its bound {'1' if rho > 0 else '-1'} and the likelihood rises for "
        "ever: the data do not tell selection from outcome. Report the two-step estimate, or find a covariate of "
        "selection alone"
    )
    return replace(solution, message=message)
