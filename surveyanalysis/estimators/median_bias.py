"""What moves every estimate from its mean to its median."""

from dataclasses import dataclass

import numpy as np

from .fit import Matrix, Vector
from .row_curves import RowCurves
from .third_moments import Cube


@dataclass(frozen=True, slots=True)
class MedianBias:
    """The distance u (k,) in whitened coordinates, and what its derivatives need.

    Attributes
    ----------
    u
        sigma_j / phi_j for each of the user's parameters j, brought to the whitened coordinates.
    columns, bent, phi
        c_j = F^-1 b_j with b_j the axis of parameter j; F^-1 S(c_j, c_j) with S the third moments; phi_j = b_j'c_j.
    axes
        Rows b_j, shape (k, k).
    """

    u: Vector
    columns: Matrix
    bent: Matrix
    phi: Vector
    axes: Matrix


def median_bias(skewed: Cube, inverse: Matrix, axes: Matrix) -> MedianBias:
    """Distance from mean to median at third moments `skewed` (k, k, k) and inverse information (k, k).

    Notes
    -----
    sigma_j = sum w s (z'c_j)^3, contracted from `skewed` = sum w s z z z (Kenne Pagui, Salvan and Sartori 2017).

    Examples
    --------
    >>> median_bias(np.full((1, 1, 1), 0.3), np.eye(1), np.eye(1)).u
    array([0.3])
    """
    columns = inverse @ axes.T
    phi = np.einsum("jk,kj->j", axes, columns)
    bent = _twice(skewed, columns, columns)
    sigma = np.einsum("aj,aj->j", bent, columns)
    return MedianBias(np.linalg.solve(axes, sigma / phi), columns, inverse @ bent, phi, axes)


def median_slope(z: Matrix, w: Vector, curves: RowCurves, bias: MedianBias, turning: Cube) -> Matrix:
    """Derivative of u by the parameters, shape (k, k); `turning` is that of the information, (k, k, k).

    Examples
    --------
    >>> from .links import link_named
    >>> from .row_curves import row_curves
    >>> curves = row_curves(link_named("logit"), np.zeros(1), np.ones(1), "mean")
    >>> bias = median_bias(np.zeros((1, 1, 1)), np.eye(1), np.eye(1))
    >>> median_slope(np.ones((1, 1)), np.ones(1), curves, bias, np.zeros((1, 1, 1))).round(4)
    array([[0.0417]])
    """
    c, phi = bias.columns, bias.phi
    direct = ((w * curves.skew[1])[:, None] * (z @ c) ** 3).T @ z
    through = _twice(turning, bias.bent, c).T
    own = (bias.axes @ bias.u / phi)[:, None] * _twice(turning, c, c).T
    return np.asarray(np.linalg.solve(bias.axes, (direct - 3 * through) / phi[:, None] + own), float)


def median_rows(z: Matrix, curves: RowCurves, bias: MedianBias) -> Matrix:
    """Derivative of u by each weight, shape (n, k).

    Examples
    --------
    >>> from .links import link_named
    >>> from .row_curves import row_curves
    >>> curves = row_curves(link_named("logit"), np.zeros(1), np.ones(1), "mean")
    >>> median_rows(np.ones((1, 1)), curves, median_bias(np.full((1, 1, 1), 0.3), np.eye(1), np.eye(1))).round(4)
    array([[-0.15]])
    """
    along, omega = z @ bias.columns, curves.omega[0][:, None]
    moved = curves.skew[0][:, None] * along**3 - 3 * omega * (z @ bias.bent) * along
    moved += omega * along**2 * (bias.axes @ bias.u)
    return np.asarray(np.linalg.solve(bias.axes, (moved / bias.phi).T).T, float)


def _twice(cube: Cube, left: Matrix, right: Matrix) -> Matrix:
    """Sum over b, c of cube[a, b, c] left[b, j] right[c, j], shape (k, k)."""
    return (cube @ right * left).sum(axis=1)
