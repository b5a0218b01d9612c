"""From derivatives by the predictors of an ordered outcome to those by its parameters."""

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector
from .predictors import Layout

Cube = NDArray[np.float64]


def chained(turns: Cube, x: Matrix, layout: Layout) -> Cube:
    """Derivatives by every parameter from `turns` (m, levels, cuts), those by the predictors: shape (m, levels, p).

    Examples
    --------
    >>> from .predictors import layout_of
    >>> chained(np.ones((1, 1, 2)), np.array([[10.0]]), layout_of(1, 3, free=[0]))
    array([[[  1.,   1., -10., -10.]]])
    """
    result = np.empty((*turns.shape[:2], layout.size))
    result[:, :, : layout.cuts] = turns
    result[:, :, layout.common_at] = -turns.sum(axis=2)[:, :, None] * x[:, None, layout.common]
    for column, at in zip(layout.own, layout.own_at.T):
        result[:, :, at] = -turns * x[:, None, None, column]
    return result


def chained_sum(turns: Cube, x: Matrix, weights: Vector, layout: Layout) -> Matrix:
    """Sum over rows of weight times `chained`, shape (levels, p); the cube of all parameters is never made.

    Examples
    --------
    >>> from .predictors import layout_of
    >>> chained_sum(np.ones((2, 1, 2)), np.array([[10.0], [20.0]]), np.ones(2), layout_of(1, 3, free=[0]))
    array([[  2.,   2., -30., -30.]])
    """
    weighted = weights[:, None, None] * turns
    result = np.empty((turns.shape[1], layout.size))
    result[:, : layout.cuts] = weighted.sum(axis=0)
    result[:, layout.common_at] = -weighted.sum(axis=2).T @ x[:, layout.common]
    for column, at in zip(layout.own, layout.own_at.T):
        result[:, at] = -np.tensordot(x[:, column], weighted, 1)
    return result
