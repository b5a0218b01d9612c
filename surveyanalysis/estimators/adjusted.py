"""Score equations of a binary regression with a correction for bias, and their derivatives."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .fit import Matrix, Vector
from .link import Link
from .third_moments import AT_ONCE, Cube, third_moments
from .whitening import blocks

Correction = Literal["mean", "jeffreys", "median"]


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


@dataclass(frozen=True, slots=True)
class _Curves:
    """Functions of each row's linear predictor, and their derivatives (n,): see `_curves`."""

    log_p: Vector
    first: Vector
    second: Vector
    omega: tuple[Vector, Vector]
    shift: tuple[Vector, Vector]
    skew: tuple[Vector, Vector]


@dataclass(frozen=True, slots=True)
class _Median:
    """What moves each estimate from its mean to its median: columns c_j, and by estimate u_j = sigma_j / phi_j."""

    columns: Matrix
    bent: Matrix
    u: Vector
    phi: Vector
    skewed: Cube


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
    adds F u to that of "mean" (Kenne Pagui, Salvan and Sartori 2017; Kosmidis, Kenne Pagui and Sartori 2020, section 5):
    with a_j column j of F^-1 in the user's parameters, u_j = sum w s (x'a_j)^3 / a_jj,
    s = omega (d (1 - 2p) / (6 p (1 - p)) - r / 2), d = dp/deta.

    Examples
    --------
    >>> from .links import link_named
    >>> at = np.ones((2, 1)), np.array([1.0, 1.0]), np.ones(2), link_named("logit"), np.log([5.0])
    >>> adjusted(*at, "mean", np.eye(1)).score.round(12) + 0.0
    array([0.])
    """
    curves = _curves(link, z @ params, y, correction)
    information = _gram(z, w * curves.omega[0])
    inverse = definite_inverse(information)
    leverage = np.einsum("ij,ij->i", z @ inverse, z)
    score = (w * (curves.first + curves.shift[0] * leverage)) @ z
    moments = third_moments(z, w[:, None] * np.column_stack([curves.shift[0], curves.omega[1], curves.skew[0]]))
    jacobian = -_gram(z, w * (curves.second + curves.shift[1] * leverage))
    turned = inverse @ moments[1] @ inverse
    jacobian += np.einsum("acd,bcd->ab", moments[0], turned)
    if correction == "median":
        median = _median(moments[2], inverse, axes)
        score = score + information @ median.u
        jacobian -= moments[1] @ median.u + information @ _median_slope(z, w, curves, inverse, axes, median, moments[1])
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
    curves = _curves(link, z @ params, y, correction)
    information = _gram(z, w * curves.omega[0])
    inverse = definite_inverse(information)
    through = z @ inverse
    leverage = np.einsum("ij,ij->i", through, z)
    result = (curves.first + curves.shift[0] * leverage)[:, None] * z
    moments = third_moments(z, w[:, None] * np.column_stack([curves.shift[0], curves.skew[0]]))
    result -= curves.omega[0][:, None] * _squares(through, moments[0])
    if correction == "median":
        median = _median(moments[1], inverse, axes)
        result += (curves.omega[0] * (z @ median.u))[:, None] * z
        result += _median_rows(z, through, curves, axes, median) @ information
    return w[:, None] * result


def _curves(link: Link, e: Vector, y: Vector, correction: Correction) -> _Curves:
    """Log-likelihood with derivatives; omega, the shift g and the skewness s with their derivatives."""
    log_p, first, second = link.outcome(e, y)
    (_, yes, yes_slope), (_, no, no_slope) = link.outcome(e, np.ones(len(e))), link.outcome(e, np.zeros(len(e)))
    omega, (tilt, tilt_slope) = link.expected(e), link.tilt(e)
    uneven, uneven_slope = yes + no, yes_slope + no_slope  # d (1 - 2p) / (p (1 - p))
    omega_slope = omega * (2 * tilt - uneven)
    if correction == "jeffreys":
        bend = omega_slope * (2 * tilt - uneven) + omega * (2 * tilt_slope - uneven_slope)
        shift = omega_slope / 2, bend / 2
    else:
        shift = omega * tilt / 2, (omega_slope * tilt + omega * tilt_slope) / 2
    third = uneven / 6 - tilt / 2
    skew = omega * third, omega_slope * third + omega * (uneven_slope / 6 - tilt_slope / 2)
    return _Curves(log_p, first, second, (omega, omega_slope), shift, skew)


def _median(skewed: Cube, inverse: Matrix, axes: Matrix) -> _Median:
    """The median's correction in whitened coordinates."""
    columns = inverse @ axes.T
    phi = np.einsum("jk,kj->j", axes, columns)
    bent = np.einsum("abc,bj,cj->aj", skewed, columns, columns, optimize=True)
    sigma = np.einsum("aj,aj->j", bent, columns)
    return _Median(columns, inverse @ bent, np.linalg.solve(axes, sigma / phi), phi, skewed)


def _median_slope(
    z: Matrix, w: Vector, curves: _Curves, inverse: Matrix, axes: Matrix, median: _Median, turning: Cube
) -> Matrix:
    """Derivative of the median's correction u by the parameters."""
    c, phi = median.columns, median.phi
    direct = ((w * curves.skew[1])[:, None] * (z @ c) ** 3).T @ z
    through = np.einsum("bcd,cj,dj->jb", turning, median.bent, c, optimize=True)
    spread = np.einsum("bcd,cj,dj->jb", turning, c, c, optimize=True)
    own = (axes @ median.u / phi)[:, None] * spread
    return np.linalg.solve(axes, (direct - 3 * through) / phi[:, None] + own)


def _median_rows(z: Matrix, through: Matrix, curves: _Curves, axes: Matrix, median: _Median) -> Matrix:
    """Derivative of the median's correction u by each weight, shape (n, k)."""
    along, omega = z @ median.columns, curves.omega[0][:, None]
    moved = curves.skew[0][:, None] * along**3 - 3 * omega * (z @ median.bent) * along
    moved += omega * along**2 * (axes @ median.u)
    return np.linalg.solve(axes, (moved / median.phi).T).T


def _squares(h: Matrix, cube: Cube) -> Matrix:
    """Of every row h: sum over c, d of cube[a, c, d] h_c h_d, shape (n, k)."""
    size = h.shape[1]
    flat, result = cube.reshape(size, -1).T, np.empty_like(h)
    for rows in blocks(len(h), max(1, AT_ONCE // size**2)):
        part = h[rows]
        result[rows] = (part[:, :, None] * part[:, None, :]).reshape(len(part), -1) @ flat
    return result


def _gram(z: Matrix, weights: Vector) -> Matrix:
    """z' diag(weights) z."""
    return z.T @ (weights[:, None] * z)


def definite_inverse(matrix: Matrix) -> Matrix:
    """The inverse, or not a number where the matrix is not positive definite.

    Examples
    --------
    >>> definite_inverse(np.diag([2.0, -1.0]))
    array([[nan, nan],
           [nan, nan]])
    """
    try:
        np.linalg.cholesky(matrix)
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full(matrix.shape, np.nan)
