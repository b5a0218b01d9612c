"""Derivatives by the parameters of the probabilities of cumulative models beyond parallel lines."""

from collections.abc import Collection

import numpy as np

from .chain_rule import Cube, chained, chained_sum
from .fit import Matrix, Vector
from .links import LinkName
from .nonparallel_response import nonparallel_turns
from .predictors import layout_of, predictors


def nonparallel_jacobian(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Cube:
    """Derivative of every level's probability by every parameter, shape (m, levels, p); sums over levels are 0.

    Examples
    --------
    >>> nonparallel_jacobian(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4)[0] + 0.0
    array([[ 0.1966,  0.    ],
           [-0.1966,  0.1966],
           [ 0.    , -0.1966]])
    """
    layout = layout_of(x.shape[1], levels, free)
    turns = nonparallel_turns(params, x, levels, link, free=free, scale=scale)
    place = chained(turns, x, layout)
    if scale is None:
        return place
    by_width = -(turns * predictors(params, x, layout)[:, None, :]).sum(axis=2)
    return np.concatenate([place, by_width[:, :, None] * scale[:, None, :]], axis=2)


def nonparallel_summed_jacobian(
    params: Vector,
    x: Matrix,
    weights: Vector,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Matrix:
    """Sum over rows of weight times `nonparallel_jacobian`, shape (levels, p); the cube itself is never made.

    Examples
    --------
    >>> at = np.array([-1.0, 1.0]), np.zeros((2, 0)), np.array([0.5, 0.5])
    >>> nonparallel_summed_jacobian(*at, 3, "logit").round(4) + 0.0
    array([[ 0.1966,  0.    ],
           [-0.1966,  0.1966],
           [ 0.    , -0.1966]])
    """
    layout = layout_of(x.shape[1], levels, free)
    turns = nonparallel_turns(params, x, levels, link, free=free, scale=scale)
    place = chained_sum(turns, x, weights, layout)
    if scale is None:
        return place
    by_width = -(turns * predictors(params, x, layout)[:, None, :]).sum(axis=2)
    return np.hstack([place, (weights[:, None] * by_width).T @ scale])
