"""The likelihood of cumulative models beyond parallel lines, with its analytic derivatives."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .cumulative import Codes
from .fit import Matrix, Vector
from .link import FAR, Link
from .predictors import Layout, Positions, predictors
from .whitening import blocks


@dataclass(frozen=True, slots=True)
class Answers:
    """What the likelihood is taken of.

    Attributes
    ----------
    x, z
        Covariates of place (m, k) and of spread (m, r); r may be 0.
    y, weights
        Levels from 0 (m,), and weights (m,).
    layout, link
        Where the parameters of place stand, those of spread follow; and the link.
    """

    x: Matrix
    z: Matrix
    y: Codes
    weights: Vector
    layout: Layout
    link: Link


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of the interval of every respondent at one level, and their derivatives.

    Attributes
    ----------
    rows
        Who they are, shape (b,).
    at
        Positions of the parameters that matter here, shape (c,).
    lower, upper
        The ends, shape (b,) each; FAR for none.
    by_lower, by_upper
        Their derivatives by those parameters, shape (b, c) each; 0 for an infinite end.
    """

    rows: Positions
    at: Positions
    lower: Vector
    upper: Vector
    by_lower: Matrix
    by_upper: Matrix


def likelihood(answers: Answers, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information.

    Parameters
    ----------
    answers
        See `Answers`.
    params
        [parameters of the predictors, slopes of the log spread], shape (p,).

    Returns
    -------
    tuple
        Value (NaN or -inf where somebody's own level has no probability), gradient (p,), negative Hessian (p, p).

    Notes
    -----
    With ends u = (threshold_y - x b_y) / s and l likewise, s = exp(z g): the derivatives of log[F(u) - F(l)] by u and l
    come from the link. u is linear in the parameters of place; by g its derivative is -u z, and its second derivatives
    by g and any parameter t are -(du/dt) z.

    Examples
    --------
    >>> from .logit import LINK
    >>> from .predictors import layout_of
    >>> nothing = np.zeros((2, 0))
    >>> answers = Answers(nothing, nothing, np.array([0, 1]), np.ones(2), layout_of(0, 2, []), LINK)
    >>> value, score, information = likelihood(answers, np.zeros(1))
    >>> round(value, 4), score, information
    (-1.3863, array([0.]), array([[0.5]]))
    """
    size = answers.layout.size + answers.z.shape[1]
    value, score, hessian = 0.0, np.zeros(size), np.zeros((size, size))
    for ends in _every_end(answers, params):
        w, z = answers.weights[ends.rows], answers.z[ends.rows]
        log_p, *bends = answers.link.interval(ends.lower, ends.upper)
        up, down, up_up, down_down, both = (w * b for b in bends)
        u, v = ends.by_upper, ends.by_lower
        slope = u.T @ up + v.T @ down
        crossed = u.T @ (both[:, None] * v)
        curve = u.T @ (up_up[:, None] * u) + v.T @ (down_down[:, None] * v) + crossed + crossed.T
        if z.shape[1]:
            bent = -(up[:, None] * u + down[:, None] * v).T @ z
            first = len(ends.at) - z.shape[1]
            curve[:, first:] += bent
            curve[first:, :first] += bent[:first].T
        value += float(w @ log_p)
        score[ends.at] += slope
        hessian[np.ix_(ends.at, ends.at)] += curve
    return value, score, -hessian


def row_slopes(answers: Answers, params: Vector) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (m, p).

    Examples
    --------
    >>> from .logit import LINK
    >>> from .predictors import layout_of
    >>> nothing = np.zeros((2, 0))
    >>> row_slopes(Answers(nothing, nothing, np.array([0, 1]), np.ones(2), layout_of(0, 2, []), LINK), np.zeros(1))
    array([[ 0.5],
           [-0.5]])
    """
    result = np.zeros((len(answers.y), answers.layout.size + answers.z.shape[1]))
    for ends in _every_end(answers, params):
        _, up, down, *_ = answers.link.interval(ends.lower, ends.upper)
        gradient = up[:, None] * ends.by_upper + down[:, None] * ends.by_lower
        result[np.ix_(ends.rows, ends.at)] = answers.weights[ends.rows, None] * gradient
    return result


def _every_end(answers: Answers, params: Vector) -> Iterator[Ends]:
    """Ends level by level within blocks of rows."""
    for block in blocks(len(answers.y)):
        for level in range(answers.layout.cuts + 1):
            rows = block.start + np.flatnonzero(answers.y[block] == level)
            if len(rows):
                yield _ends(answers, params, rows, level)


def _ends(answers: Answers, params: Vector, rows: Positions, level: int) -> Ends:
    """Ends of the rows at one level."""
    layout, x, z = answers.layout, answers.x[rows], answers.z[rows]
    cuts = [cut for cut in (level - 1, level) if 0 <= cut < layout.cuts]
    at = np.concatenate(
        [cuts, layout.common_at, layout.own_at[cuts].ravel(), layout.size + np.arange(z.shape[1])]
    ).astype(np.intp)
    narrow = np.exp(-(z @ params[layout.size :]))
    place = narrow[:, None] * predictors(params, x, layout)[:, cuts]
    ends, by = {}, {}
    for i, cut in enumerate(cuts):
        own = np.zeros((len(rows), len(cuts), len(layout.own)))
        own[:, i] = -x[:, layout.own]
        one = np.arange(len(cuts)) == i
        whole = np.hstack([np.tile(one, (len(rows), 1)), -x[:, layout.common], own.reshape(len(rows), -1)])
        ends[cut] = place[:, i]
        by[cut] = np.hstack([narrow[:, None] * whole, -place[:, [i]] * z])
    far, flat = np.full(len(rows), FAR), np.zeros((len(rows), len(at)))
    return Ends(
        rows,
        at,
        ends.get(level - 1, -far),
        ends.get(level, far),
        by.get(level - 1, flat),
        by.get(level, flat),
    )
