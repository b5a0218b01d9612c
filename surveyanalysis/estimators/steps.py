"""The likelihood of steps between levels: a binary outcome at each, of those who get so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .cumulative import Codes
from .fit import Matrix, Vector
from .link import Link
from .predictors import Layout, Positions
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


def steps_likelihood(steps: Steps, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information.

    Examples
    --------
    >>> from .logit import LINK
    >>> from .predictors import layout_of
    >>> steps = Steps(np.zeros((2, 0)), np.array([0, 1]), np.ones(2), layout_of(0, 3, []), LINK, "forward")
    >>> value, score, information = steps_likelihood(steps, np.zeros(2))
    >>> round(value, 4), score, information.diagonal()
    (-2.0794, array([0. , 0.5]), array([0.5 , 0.25]))
    """
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


def steps_slopes(steps: Steps, params: Vector) -> Matrix:
    """Gradient of every respondent's weighted log-likelihood, summed over the steps taken, shape (m, p).

    Examples
    --------
    >>> from .logit import LINK
    >>> from .predictors import layout_of
    >>> steps = Steps(np.zeros((2, 0)), np.array([0, 1]), np.ones(2), layout_of(0, 3, []), LINK, "forward")
    >>> steps_slopes(steps, np.zeros(2))
    array([[ 0.5,  0. ],
           [-0.5,  0.5]])
    """
    result = np.zeros((len(steps.y), steps.layout.size))
    for step, rows, stops in _at_steps(steps):
        at, by = _local(steps, step, rows)
        first = steps.link.outcome(by @ params[at], stops)[1]
        result[np.ix_(rows, at)] += (steps.weights[rows] * first)[:, None] * by
    return result


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
