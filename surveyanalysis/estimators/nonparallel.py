"""Cumulative models beyond parallel lines: slopes that differ by threshold, spread that differs between people."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .link import FAR
from .links import LinkName, link_named
from .newton import Solution, maximise
from .nonparallel_likelihood import Answers, likelihood, row_slopes
from .predictors import Cube, Layout, chained, chained_sum, coordinates, layout_of, predictors
from .whitening import whitened

__all__ = [
    "nonparallel_fit", "nonparallel_jacobian", "nonparallel_probabilities", "nonparallel_summed_jacobian",
    "nonparallel_turns",
]  # fmt: skip


def nonparallel_fit(
    x: Matrix,
    y: Codes,
    weights: Vector,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Fit:
    """Cumulative model with slopes by threshold, or with a spread that depends on covariates.

    Parameters
    ----------
    x, y, weights, levels, link
        As for `ordered_fit`.
    free
        Columns of x, counted from 0, whose slopes differ by threshold: partial proportional odds for some of them, the
        generalised ordered logit for all.
    scale
        Covariates z of the log spread, shape (m, r), without an intercept; None for one spread. They may be columns of
        x or others.

    Returns
    -------
    Fit
        `params` = [levels - 1 thresholds at x = 0 and z = 0, slopes of the columns that are not free, slopes of each
        free column from the first threshold to the last, r slopes of the log spread], with observed information.
        Not converged, too, where a level has a negative probability at a respondent of positive weight.

    Raises
    ------
    DataError, ChoiceError
        As for `ordered_fit`, and if `free` names no column.

    Notes
    -----
    P(y <= j) = F((threshold_j - x b_j) / exp(z g)), b_j the same at every threshold but for free columns. Each slope
    has the sign of `ordered_fit`: R ``clm(nominal =)`` shows -b_j. Without `scale` the log-likelihood is concave where
    that of `ordered_fit` is; with it the maximum is a local one, found from the model of one spread. The likelihood
    sees a respondent's own level only, so lines may cross elsewhere: at the solution every level is looked at. Checked
    against R ``ordinal::clm`` with ``nominal`` and ``scale`` (c.ppo.*, o.clm.*).

    References
    ----------
    Peterson and Harrell 1990, Applied Statistics 39: 205-217; Williams 2006, Stata Journal 6: 58-82; McCullagh 1980,
    Journal of the Royal Statistical Society B 42: 109-142 (spread).

    Examples
    --------
    >>> x = np.repeat([0.0, 1.0], 6)[:, None]
    >>> y = np.array([0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 2, 2])
    >>> nonparallel_fit(x, y, np.ones(12), 3, "logit", free=[0]).params.round(4)
    array([0.    , 1.6094, 1.6094, 2.3026])
    """
    check_rows(x, y, weights)
    layout, used = layout_of(x.shape[1], levels, free), present(weights)
    z = np.zeros((len(x), 0)) if scale is None else scale
    check_rows(z, y, weights)
    place, middle = coordinates(x[used], layout), z[used].mean(axis=0)
    width, turn = whitened(z[used], middle)
    answers = Answers(place.x, width, np.asarray(y[used], np.intp), weights[used], layout, link_named(link))
    solution = _lines_apart(answers, _solved(answers, levels))
    back, params = _unscaled(place.back, turn, middle, solution.params)
    if not np.isfinite(params).all():
        solution = replace(solution, converged=False, message=BEYOND)
    slopes = row_slopes(answers, solution.params)
    fit = linear_map(solution.params, slopes, solution.information, back, solution)
    return spread(replace(fit, params=params), used, len(x))


BEYOND = (
    "the thresholds where the covariates of the spread are 0 lie beyond the range of numbers: subtract from each "
    "covariate a value that occurs, such as its mean"
)


def _solved(answers: Answers, levels: int) -> Solution:
    """The maximum; with covariates of the spread, from the model without."""
    link, size = answers.link, answers.weights.sum()
    shares = level_shares(answers.y, answers.weights, levels)
    start = np.zeros(answers.layout.size)
    start[: levels - 1] = link.quantile(np.cumsum(shares)[:-1])
    alike = replace(answers, z=answers.z[:, :0])
    solution = maximise(lambda p: likelihood(alike, p), start, scale=size, concave=link.concave)
    if not answers.z.shape[1]:
        return solution
    start = np.concatenate([solution.params, np.zeros(answers.z.shape[1])])
    return maximise(lambda p: likelihood(answers, p), start, scale=size, concave=False)


def _lines_apart(answers: Answers, solution: Solution) -> Solution:
    """The solution, not converged where thresholds cross at somebody's covariates."""
    steps = np.diff(predictors(solution.params, answers.x, answers.layout), axis=1)
    crossed = steps <= 0
    if not crossed.any() or not solution.converged:
        return solution
    who, which = np.asarray(crossed.any(axis=1)), np.flatnonzero(crossed.any(axis=0)) + 1
    message = (
        f"lines cross: at the covariates of {int(who.sum())} of {len(who)} rows with weight, level {which.tolist()} "
        "(counted from 0) gets a negative probability. Let fewer columns differ by threshold, or merge levels"
    )
    return replace(solution, converged=False, message=message)


def _unscaled(back: Matrix, turn: Matrix, middle: Vector, params: Vector) -> tuple[Matrix, Vector]:
    """Parameters for the user's columns, and their derivative by those of the whitened ones.

    The spread's covariates are centred inside; at z = 0 all of place is exp(middle g) times as large.
    """
    size = len(back)
    with np.errstate(over="ignore", invalid="ignore"):
        along = turn @ params[size:]
        factor = np.exp(middle @ along)
        moved = factor * (back @ params[:size])
    jacobian = np.eye(len(params))
    if np.isfinite(moved).all():
        jacobian[:size, :size], jacobian[size:, size:] = factor * back, turn
        jacobian[:size, size:] = np.outer(moved, middle @ turn)
    return jacobian, np.concatenate([moved, along])


def nonparallel_probabilities(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Matrix:
    """Probability of every level at every row, shape (m, levels).

    Parameters
    ----------
    params, levels, link, free
        Of `nonparallel_fit`.
    x, scale
        Covariates (m, k) and (m, r).

    Returns
    -------
    Matrix
        Rows sum to 1. Negative where lines cross: at covariates that nobody in the sample has, a model whose slopes
        differ may say nothing sensible.

    Examples
    --------
    >>> at = np.array([0.0, 1.6094, 1.6094, 2.3026]), np.array([[1.0]])
    >>> nonparallel_probabilities(*at, 3, "logit", free=[0]).round(3)
    array([[0.167, 0.167, 0.667]])
    """
    model = link_named(link)
    lower, upper = _ends(params, x, layout_of(x.shape[1], levels, free), scale)
    right = lower + upper > 0
    return np.where(right, model.tail(lower) - model.tail(upper), model.cdf(upper) - model.cdf(lower))


def nonparallel_turns(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Cube:
    """Derivative of every level's probability by every threshold's predictor, shape (m, levels, levels - 1).

    With `predictors.slopes_by_threshold` it gives the derivative by a covariate: minus the sum over thresholds of turn
    times slope.

    Examples
    --------
    >>> nonparallel_turns(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4)[0] + 0.0
    array([[ 0.1966,  0.    ],
           [-0.1966,  0.1966],
           [ 0.    , -0.1966]])
    """
    layout = layout_of(x.shape[1], levels, free)
    narrow = _narrow(params, layout, scale)
    at = narrow * link_named(link).pdf(narrow * predictors(params, x, layout))
    result = np.zeros((len(x), levels, levels - 1))
    for j in range(levels - 1):
        result[:, j, j], result[:, j + 1, j] = at[:, j], -at[:, j]
    return result


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


def _narrow(params: Vector, layout: Layout, scale: Matrix | None) -> Matrix:
    """One over the spread, shape (m, 1), or (1, 1) for one spread."""
    if scale is None:
        return np.ones((1, 1))
    return np.exp(-(scale @ params[layout.size :]))[:, None]


def _ends(params: Vector, x: Matrix, layout: Layout, scale: Matrix | None) -> tuple[Matrix, Matrix]:
    """Lower and upper end of every level, shape (m, levels) each."""
    far = np.full((len(x), 1), FAR)
    between = _narrow(params, layout, scale) * predictors(params, x, layout)
    return np.hstack([-far, between]), np.hstack([between, far])
