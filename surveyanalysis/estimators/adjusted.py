"""Score equations of a binary regression with a correction for bias, and their derivatives."""

from dataclasses import dataclass

import numpy as np

from .definite import definite_inverse
from .fit import Matrix, Vector
from .link import Link
from .median_bias import median_bias, median_rows, median_slope
from .row_curves import Correction, row_curves
from .third_moments import squares_through, third_moments


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Corrected score equations at one point.

    Attributes
    ----------
    loglik, penalty
        Log-likelihood, and half the logarithm of the determinant of the expected information.
    score, jacobian
        Corrected score (k,) and minus its derivative by the parameters (k, k).
    information
        Expected information, shape (k, k).
    """

    loglik: float
    penalty: float
    score: Vector
    jacobian: Matrix
    information: Matrix


def adjusted(
    z: Matrix, y: Vector, w: Vector, link: Link, params: Vector, correction: Correction, axes: Matrix
) -> Adjusted:
    """Corrected score equations with their analytic derivative.

    Parameters
    ----------
    z, y, w
        Whitened covariates (n, k), outcome (n,), weights (n,).
    link, params
        The link; parameters in the whitened coordinates, shape (k,).
    correction
        "mean" (Firth 1993), "jeffreys" (gradient of the penalty; the same for the logit), or "median".
    axes
        Shape (k, k): the user's parameters are axes @ params. Matters to "median" alone.

    Returns
    -------
    Adjusted
        Not a number where the information is singular.

    Notes
    -----
    With F = sum w omega z z' the expected information, m = z'F^-1 z, and r = (log F')' of the link, the correction adds
    sum w g m z to the score: g = omega r / 2 for "mean" (Kosmidis and Firth 2009), omega' / 2 for "jeffreys". "median"
    adds F u to that of "mean" (Kenne Pagui, Salvan and Sartori 2017; Kosmidis, Kenne Pagui and Sartori 2020): with a_j
    column j of F^-1 in the user's parameters, u_j = sum w s (x'a_j)^3 / a_jj. `row_curves` has omega, g and s.

    Examples
    --------
    >>> from .links import link_named
    >>> at = np.ones((2, 1)), np.array([1.0, 1.0]), np.ones(2), link_named("logit"), np.log([5.0])
    >>> adjusted(*at, "mean", np.eye(1)).score.round(12) + 0.0
    array([0.])
    """
    curves = row_curves(link, z @ params, y, correction)
    information = _gram(z, w * curves.omega[0])
    inverse = definite_inverse(information)
    leverage = np.einsum("ij,ij->i", z @ inverse, z)
    score = (w * (curves.first + curves.shift[0] * leverage)) @ z
    moments = third_moments(z, w[:, None] * np.column_stack([curves.shift[0], curves.omega[1], curves.skew[0]]))
    jacobian = -_gram(z, w * (curves.second + curves.shift[1] * leverage))
    turned = inverse @ moments[1] @ inverse
    jacobian += np.einsum("acd,bcd->ab", moments[0], turned)
    if correction == "median":
        bias = median_bias(moments[2], inverse, axes)
        score = score + information @ bias.u
        jacobian -= moments[1] @ bias.u + information @ median_slope(z, w, curves, bias, moments[1])
    penalty = np.linalg.slogdet(information)[1] / 2
    return Adjusted(float(w @ curves.log_p), float(penalty), score, jacobian, information)


def adjusted_rows(
    z: Matrix, y: Vector, w: Vector, link: Link, params: Vector, correction: Correction, axes: Matrix
) -> Matrix:
    """Derivative of the corrected score by each weight, times that weight, shape (n, k); arguments as in `adjusted`.

    Examples
    --------
    >>> from .links import link_named
    >>> at = np.ones((2, 1)), np.array([1.0, 0.0]), np.ones(2), link_named("logit"), np.zeros(1)
    >>> adjusted_rows(*at, "mean", np.eye(1))
    array([[ 0.5],
           [-0.5]])
    """
    curves = row_curves(link, z @ params, y, correction)
    information = _gram(z, w * curves.omega[0])
    inverse = definite_inverse(information)
    through = z @ inverse
    leverage = np.einsum("ij,ij->i", through, z)
    result = (curves.first + curves.shift[0] * leverage)[:, None] * z
    moments = third_moments(z, w[:, None] * np.column_stack([curves.shift[0], curves.skew[0]]))
    result -= curves.omega[0][:, None] * squares_through(through, moments[0])
    if correction == "median":
        bias = median_bias(moments[1], inverse, axes)
        result += (curves.omega[0] * (z @ bias.u))[:, None] * z
        result += median_rows(z, curves, bias) @ information
    return w[:, None] * result


def _gram(z: Matrix, weights: Vector) -> Matrix:
    """z' diag(weights) z."""
    return z.T @ (weights[:, None] * z)
