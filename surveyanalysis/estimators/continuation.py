"""Ordered outcomes reached step by step: sequential models, a binary regression at every step."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import one_of
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .link import Link
from .links import LinkName, link_named
from .newton import maximise
from .predictors import (
    Cube,
    Layout,
    Positions,
    chained,
    chained_sum,
    coordinates,
    layout_of,
    predictors,
)  # fmt: skip
from .whitening import blocks

Direction = Literal["forward", "backward"]


@dataclass(frozen=True, slots=True)
class Steps:
    """What the likelihood is taken of.

    Attributes
    ----------
    x, y, weights
        Covariates (m, k), levels from 0 (m,), weights (m,).
    layout, link, direction
        Where the parameters stand; the link of every step; from which end the levels are reached.
    """

    x: Matrix
    y: Codes
    weights: Vector
    layout: Layout
    link: Link
    direction: Direction


def continuation_fit(
    x: Matrix,
    y: Codes,
    weights: Vector,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Fit:
    """Continuation-ratio model: who gets as far as a level stops there, or goes on.

    Parameters
    ----------
    x, y, weights, levels, link
        As for `ordered_fit`.
    direction
        "forward": P(y = j | y >= j) = F(threshold_j - x b_j), for levels that are passed from the lowest on (schooling,
        stages of a plan). "backward": P(y <= j | y <= j + 1) = F(threshold_j - x b_j), from the highest down.
    free
        Columns of x, counted from 0, whose slopes differ by step; all of them for separate regressions.

    Returns
    -------
    Fit
        `params` = [levels - 1 thresholds, slopes of the columns that are not free, slopes of each free column from the
        first step to the last], with observed information. A positive slope moves towards the higher levels.
        One row of scores for each respondent, however many steps he took.

    Raises
    ------
    DataError, ChoiceError
        As for `ordered_fit`, and if `free` names no column.

    Notes
    -----
    The probability of a level is the product of those of the steps to it, so the log-likelihood is the sum of those of
    binary regressions over the rows at each step (Fienberg 1980; Tutz 1991). Rows of one respondent at different steps
    belong together in the variance of a design: scores are summed over them. Forward with the cloglog it is the
    cumulative model of that link in other thresholds (Laara and Matthews 1985). Checked against R ``glm`` and
    ``svyglm(ids = ~respondent)`` on the stacked rows and VGAM ``sratio`` (o.cr.*).

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> continuation_fit(x, y, np.ones(4), 3, "logit").params.round(4)
    array([-1.0986,  0.6931])
    """
    one_of(direction, ("forward", "backward"), "direction")
    check_rows(x, y, weights)
    layout, used = layout_of(x.shape[1], levels, free), present(weights)
    codes, w = np.asarray(y[used], np.intp), weights[used]
    shares = level_shares(codes, w, levels)
    place = coordinates(x[used], layout)
    steps = Steps(place.x, codes, w, layout, link_named(link), direction)
    start = np.zeros(layout.size)
    start[: layout.cuts] = steps.link.quantile(_ratios(shares, direction))
    solution = maximise(lambda p: _likelihood(steps, p), start, scale=w.sum(), concave=steps.link.concave)
    slopes = _row_slopes(steps, solution.params)
    return spread(linear_map(solution.params, slopes, solution.information, place.back, solution), used, len(x))


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


def _ratios(shares: Vector, direction: Direction) -> Vector:
    """Share of those at each step who stop (forward) or lie lower (backward)."""
    if direction == "forward":
        return shares[:-1] / np.cumsum(shares[::-1])[:0:-1]
    below = np.cumsum(shares)
    return below[:-1] / below[1:]


def _at_steps(steps: Steps) -> Iterator[tuple[int, Positions, Vector]]:
    """Step, rows that take it, and 1 for those with y <= step, within blocks of rows."""
    for block in blocks(len(steps.y)):
        for step in range(steps.layout.cuts):
            y = steps.y[block]
            at_step = y >= step if steps.direction == "forward" else y <= step + 1
            rows = np.flatnonzero(at_step)
            if len(rows):
                yield step, block.start + rows, (y[rows] <= step).astype(float)


def _local(steps: Steps, step: int, rows: Positions) -> tuple[Positions, Matrix]:
    """Positions of the parameters that act at a step, and the predictor's derivative by them."""
    layout = steps.layout
    at = np.concatenate([[step], layout.common_at, layout.own_at[step]]).astype(np.intp)
    x = steps.x[rows]
    return at, np.hstack([np.ones((len(rows), 1)), -x[:, layout.common], -x[:, layout.own]])


def _likelihood(steps: Steps, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information."""
    size = steps.layout.size
    value, score, information = 0.0, np.zeros(size), np.zeros((size, size))
    for step, rows, stops in _at_steps(steps):
        at, by = _local(steps, step, rows)
        w = steps.weights[rows]
        log_p, first, second = steps.link.outcome(by @ params[at], stops)
        value += float(w @ log_p)
        score[at] += (w * first) @ by
        information[np.ix_(at, at)] -= by.T @ ((w * second)[:, None] * by)
    return value, score, information


def _row_slopes(steps: Steps, params: Vector) -> Matrix:
    """Gradient of every respondent's weighted log-likelihood, summed over his steps, shape (m, p)."""
    result = np.zeros((len(steps.y), steps.layout.size))
    for step, rows, stops in _at_steps(steps):
        at, by = _local(steps, step, rows)
        first = steps.link.outcome(by @ params[at], stops)[1]
        result[np.ix_(rows, at)] += (steps.weights[rows] * first)[:, None] * by
    return result
