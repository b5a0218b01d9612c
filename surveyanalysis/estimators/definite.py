"""Matrices that should be positive definite."""

import numpy as np

from .fit import Matrix


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
        return np.asarray(np.linalg.inv(matrix), float)
    except np.linalg.LinAlgError:
        return np.full(matrix.shape, np.nan)


def made_definite(matrix: Matrix) -> Matrix:
    """The matrix itself where it is positive definite, or not finite; else with the size of its eigenvalues.

    Examples
    --------
    >>> made_definite(np.diag([2.0, -1.0]))
    array([[2., 0.],
           [0., 1.]])
    """
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        if np.isfinite(matrix).all():
            size, axes = np.linalg.eigh(matrix)
            size = np.abs(size)
            return (axes * np.maximum(size, max(size.max() / 1000, 1e-300))) @ axes.T
    return matrix
