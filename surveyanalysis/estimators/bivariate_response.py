"""Probabilities of the four combinations of two yes/no answers, and their derivatives."""

import numpy as np
from numpy.typing import NDArray

from .bivariate_likelihood import Pair, pair_bends
from .bivariate_normal import bivariate_normal_cdf
from .fit import Matrix, Vector

Cube = NDArray[np.float64]


def bivariate_probabilities(params: Vector, x1: Matrix, x2: Matrix) -> Matrix:
    """Probability of the answers (0, 0), (0, 1), (1, 0) and (1, 1) at every row, shape (m, 4).

    Examples
    --------
    >>> bivariate_probabilities(np.array([0.0, 0.0, np.arctanh(0.5)]), np.ones((1, 1)), np.ones((1, 1))).round(4)
    array([[0.3333, 0.1667, 0.1667, 0.3333]])
    """
    k1, rho = x1.shape[1], np.tanh(params[-1])
    first, second = x1 @ params[:k1], x2 @ params[k1:-1]
    cells = [bivariate_normal_cdf(q1 * first, q2 * second, q1 * q2 * rho) for q1 in (-1, 1) for q2 in (-1, 1)]
    return np.stack(cells, axis=1)


def bivariate_jacobian(params: Vector, x1: Matrix, x2: Matrix) -> Cube:
    """Derivative of `bivariate_probabilities` by every parameter, shape (m, 4, p); sums over the cells are 0.

    Examples
    --------
    >>> bivariate_jacobian(np.array([0.0, 0.0, 0.0]), np.ones((1, 1)), np.ones((1, 1))).round(4)[0]
    array([[-0.1995, -0.1995,  0.1592],
           [-0.1995,  0.1995, -0.1592],
           [ 0.1995, -0.1995, -0.1592],
           [ 0.1995,  0.1995,  0.1592]])
    """
    chance, one = bivariate_probabilities(params, x1, x2), np.ones(len(x1))
    result = np.empty((len(x1), 4, len(params)))
    for cell, (q1, q2) in enumerate([(q1, q2) for q1 in (-1, 1) for q2 in (-1, 1)]):
        by1, by2, by_angle = pair_bends(Pair(x1, x2, q1 * one, q2 * one, one), params)[1]
        result[:, cell] = np.hstack([by1[:, None] * x1, by2[:, None] * x2, by_angle[:, None]])
    return result * chance[:, :, None]
