"""Probabilities of continuation-ratio models, and how they follow the predictors and parameters."""

from collections.abc import Collection

import numpy as np

from .chain_rule import Cube, chained, chained_sum
from .fit import Matrix, Vector
from .links import LinkName, link_named
from .predictors import layout_of, predictors
from .steps import Direction


def continuation_probabilities(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Matrix:
    """Probability of every level at every row, shape (m, levels); rows sum to 1.

    Examples
    --------
    >>> continuation_probabilities(np.array([-1.0986, 0.6931]), np.zeros((1, 0)), 3, "logit").round(3)
    array([[0.25, 0.5 , 0.25]])
    """
    model, place = link_named(link), predictors(params, x, layout_of(x.shape[1], levels, free))
    stop, go, one = model.cdf(place), model.tail(place), np.ones((len(x), 1))
    if direction == "forward":
        return np.hstack([stop, one]) * np.cumprod(np.hstack([one, go]), axis=1)
    downward = np.cumprod(np.hstack([one, stop[:, ::-1]]), axis=1)[:, ::-1]
    return np.hstack([one, go]) * downward


def continuation_turns(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Cube:
    """Derivative of every level's probability by every step's predictor, shape (m, levels, levels - 1).

    Examples
    --------
    >>> continuation_turns(np.zeros(2), np.zeros((1, 0)), 3, "logit")
    array([[[ 0.25 ,  0.   ],
            [-0.125,  0.125],
            [-0.125, -0.125]]])
    """
    layout = layout_of(x.shape[1], levels, free)
    chance = continuation_probabilities(params, x, levels, link, direction=direction, free=free)
    place, outcome = predictors(params, x, layout), link_named(link).outcome
    stop, go = outcome(place, np.ones(1))[1], outcome(place, np.zeros(1))[1]
    level, step = np.arange(levels)[:, None], np.arange(levels - 1)
    stops, goes = (level == step, level > step) if direction == "forward" else (level <= step, level == step + 1)
    return chance[:, :, None] * (stops * stop[:, None, :] + goes * go[:, None, :])


def continuation_jacobian(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Cube:
    """Derivative of every level's probability by every parameter, shape (m, levels, p); sums over levels are 0.

    Examples
    --------
    >>> continuation_jacobian(np.zeros(2), np.zeros((1, 0)), 3, "logit")[0, 0]
    array([0.25, 0.  ])
    """
    turns = continuation_turns(params, x, levels, link, direction=direction, free=free)
    return chained(turns, x, layout_of(x.shape[1], levels, free))


def continuation_summed_jacobian(
    params: Vector,
    x: Matrix,
    weights: Vector,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Matrix:
    """Sum over rows of weight times `continuation_jacobian`, shape (levels, p); the cube itself is never made.

    Examples
    --------
    >>> continuation_summed_jacobian(np.zeros(2), np.zeros((2, 0)), np.ones(2), 3, "logit")[0]
    array([0.5, 0. ])
    """
    turns = continuation_turns(params, x, levels, link, direction=direction, free=free)
    return chained_sum(turns, x, weights, layout_of(x.shape[1], levels, free))
