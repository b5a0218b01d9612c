"""Each respondent's own part of a likelihood: gradient, information, leverage, the solution without the respondent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cumulative import Codes, row_ends
from .fit import Matrix, Vector
from .links import LinkName, link_named

Cube = NDArray[np.float64]
ALONE = 1e-10  # what leverage leaves of a respondent without whom a parameter does not exist


@dataclass(frozen=True, slots=True)
class RowLikelihood:
    """Weighted log-likelihoods of m respondents as functions of r linear predictors (1, or 2 between two thresholds).

    Attributes
    ----------
    directions
        Derivative of the predictors by the parameters, shape (m, r, p).
    slope
        Derivative of the log-likelihood by the predictors, shape (m, r).
    curvature
        Information about the predictors, shape (m, r, r).
    """

    directions: Cube
    slope: Matrix
    curvature: Cube

    @property
    def gradients(self) -> Matrix:
        """Gradient of each respondent's log-likelihood, shape (m, p)."""
        return np.einsum("mr,mrp->mp", self.slope, self.directions)

    @property
    def information(self) -> Matrix:
        """Information of all respondents, shape (p, p)."""
        return np.einsum("mrp,mrs,msq->pq", self.directions, self.curvature, self.directions, optimize=True)


def binary_rows(params: Vector, x: Matrix, y: Vector, weights: Vector, link: LinkName) -> RowLikelihood:
    """Parts of a binary model's likelihood, with expected information (as R's glm).

    Parameters
    ----------
    params, x, y, weights, link
        As for `binary_fit`; params of shape (p,).

    Examples
    --------
    >>> rows = binary_rows(np.zeros(1), np.ones((2, 1)), np.array([0.0, 1.0]), np.ones(2), "logit")
    >>> rows.gradients.ravel(), rows.information
    (array([-0.5,  0.5]), array([[0.5]]))
    """
    model, predictor = link_named(link), x @ params
    slope = weights * model.outcome(predictor, y)[1]
    return RowLikelihood(x[:, None, :], slope[:, None], (weights * model.expected(predictor))[:, None, None])


def ordered_rows(params: Vector, x: Matrix, y: Codes, weights: Vector, levels: int, link: LinkName) -> RowLikelihood:
    """Parts of a cumulative model's likelihood, with observed information.

    Parameters
    ----------
    params, x, y, weights, levels, link
        As for `ordered_fit`; params of shape (p,).

    Examples
    --------
    >>> rows = ordered_rows(np.zeros(1), np.zeros((2, 0)), np.array([0, 1]), np.ones(2), 2, "logit")
    >>> rows.gradients.ravel(), rows.information
    (array([ 0.5, -0.5]), array([[0.5]]))
    """
    _, up, down, up_up, down_down, both = link_named(link).interval(*row_ends(x, y, params, levels))
    thresholds = np.zeros((len(y), 2, levels + 1))
    every = np.arange(len(y))
    thresholds[every, 0, y + 1], thresholds[every, 1, y] = 1.0, 1.0
    directions = np.concatenate([thresholds[:, :, 1:levels], np.broadcast_to(-x[:, None], (len(x), 2, x.shape[1]))], 2)
    bend = np.stack([np.stack([up_up, both], 1), np.stack([both, down_down], 1)], 1)
    return RowLikelihood(directions, weights[:, None] * np.stack([up, down], 1), -weights[:, None, None] * bend)


def leverages(rows: RowLikelihood, covariance: Matrix) -> Vector:
    """Leverage of each respondent, shape (m,).

    Parameters
    ----------
    covariance
        Inverse of the information of all respondents, shape (p, p).

    Notes
    -----
    trace(I_i I^-1), the respondent's share in the information: between 0 and 1 for one predictor, and the sum over all
    is p. For binary models the diagonal of the hat matrix of weighted least squares (Pregibon 1981; R ``hatvalues``).

    Examples
    --------
    >>> rows = binary_rows(np.zeros(1), np.ones((2, 1)), np.array([0.0, 1.0]), np.ones(2), "logit")
    >>> leverages(rows, np.array([[2.0]]))
    array([0.5, 0.5])
    """
    return np.einsum("mrs,msr->m", rows.curvature, _spread(rows, covariance))


def deletions(rows: RowLikelihood, covariance: Matrix) -> Matrix:
    """Parameters with each respondent minus those without, by one Newton step, shape (m, p).

    Parameters
    ----------
    covariance
        Inverse of the information of all respondents, shape (p, p).

    Notes
    -----
    (I - I_i)^-1 g_i with g_i and I_i the respondent's gradient and information, by Woodbury's identity; for binary
    models I^-1 g_i / (1 - leverage) (Pregibon 1981; statsmodels ``GLMInfluence.d_params``). NaN where a parameter does
    not exist without the respondent.

    Examples
    --------
    >>> x, y = np.ones((4, 1)), np.array([0.0, 0.0, 0.0, 1.0])
    >>> rows = binary_rows(np.array([-np.log(3)]), x, y, np.ones(4), "logit")
    >>> deletions(rows, np.array([[4 / 3]])).ravel().round(4)
    array([-0.4444, -0.4444, -0.4444,  1.3333])
    """
    steps = rows.gradients @ covariance
    left = np.eye(rows.slope.shape[1]) - rows.curvature @ _spread(rows, covariance)
    alone = np.linalg.det(left) < ALONE
    left[alone] = np.eye(left.shape[1])
    pulled = np.einsum("mrs,msp,mp->mr", rows.curvature, rows.directions, steps, optimize=True)
    more = np.linalg.solve(left, pulled[:, :, None])[:, :, 0]
    moved = steps + np.einsum("mr,mrp->mp", more, rows.directions) @ covariance
    return np.where(alone[:, None], np.nan, moved)


def _spread(rows: RowLikelihood, covariance: Matrix) -> Cube:
    """Covariance of each respondent's predictors, shape (m, r, r)."""
    return (rows.directions @ covariance) @ rows.directions.transpose(0, 2, 1)
