"""What every penalised fit does before and after the iteration."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..errors import DataError
from .adjusted import Adjusted
from .definite import made_definite
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, linear_map
from .link import Link
from .newton import Evaluate, Solution


def check_outcome(x: Matrix, y: Vector, weights: Vector) -> None:
    """Refuse what `check_rows` refuses, and outcomes outside [0, 1].

    Examples
    --------
    >>> check_outcome(np.ones((2, 1)), np.array([1.0, 2.0]), np.ones(2))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: A binary outcome must lie between 0 and 1; it runs from 1 to 2. Recode it.
    """
    check_rows(x, y, weights)
    low, high = y[weights > 0].min(), y[weights > 0].max()
    if low < 0 or high > 1:
        raise DataError(f"A binary outcome must lie between 0 and 1; it runs from {low:g} to {high:g}. Recode it.")


def penalty_weights(weights: Vector, counts: bool) -> Vector:
    """Weights as a penalty sees them: as they are, or scaled to mean 1.

    Examples
    --------
    >>> penalty_weights(np.array([10.0, 30.0]), counts=False)
    array([0.5, 1.5])
    """
    return weights if counts else weights * (len(weights) / weights.sum())


def penalised_map(solution: Solution, slopes: Matrix, jacobian: Matrix, information: Matrix, back: Matrix) -> Fit:
    """A solution of corrected score equations in the user's coordinates, params = back @ q.

    Parameters
    ----------
    solution, slopes
        In whitened coordinates: where the iteration ended, and the scores' derivative by weight times weight (n, k).
    jacobian, information
        Minus the derivative of the scores by the parameters, which scores are divided by; the expected information,
        whose inverse is the covariance.
    back
        Shape (k, k).

    Examples
    --------
    >>> one = np.eye(1)
    >>> penalised_map(Solution(np.ones(1), 0.0, one, True), one, 2 * one, one, one).scores
    array([[0.5]])
    """
    if not solution.converged:
        return linear_map(solution.params, slopes, information, back, solution)
    turned = slopes @ np.linalg.solve(jacobian.T, information)
    return linear_map(solution.params, turned, information, back, solution)


def rescaled(fit: Fit, weights: Vector, counts: bool) -> Fit:
    """Scores by the weights as given, from those by the weights scaled to mean 1.

    Notes
    -----
    v_i = n w_i / sum w, so w_i d/dw_i = v_i d/dv_i - (w_i / sum w) sum over j of v_j d/dv_j.

    Examples
    --------
    >>> rescaled(Fit(np.zeros(1), np.array([[3.0], [1.0]])), np.ones(2), counts=False).scores
    array([[ 1.],
           [-1.]])
    """
    if counts:
        return fit
    return replace(fit, scores=fit.scores - np.outer(weights / weights.sum(), fit.scores.sum(axis=0)))


def penalised_start(z: Matrix, y: Vector, w: Vector, link: Link) -> Vector:
    """The model of the intercept alone, with half a respondent more on either side.

    Examples
    --------
    >>> from .links import link_named
    >>> penalised_start(np.ones((2, 1)), np.ones(2), np.ones(2), link_named("logit")).round(4)
    array([1.6094])
    """
    share = (w @ y + 0.5) / (w.sum() + 1)
    return link.quantile(np.array(share)) * z.sum(axis=0) / len(z)


def penalised_likelihood(evaluate: Callable[[Vector], Adjusted]) -> Evaluate:
    """Value, gradient and negative Hessian of a penalised log-likelihood, for `maximise`.

    Notes
    -----
    Where the Hessian is not definite, which may be far from the maximum, its eigenvalues are taken in absolute value.

    Examples
    --------
    >>> at = Adjusted(-2.0, 0.5, np.zeros(1), -np.eye(1), np.eye(1))
    >>> penalised_likelihood(lambda p: at)(np.zeros(1))
    (-1.5, array([0.]), array([[1.]]))
    """

    def value(params: Vector) -> tuple[float, Vector, Matrix]:
        at = evaluate(params)
        return at.loglik + at.penalty, at.score, made_definite(at.jacobian)

    return value
