"""Cumulative models beyond parallel lines: slopes that differ by threshold, spread that differs between people."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from .coordinates import coordinates
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .links import LinkName, link_named
from .newton import Solution, maximise
from .nonparallel_likelihood import Answers, likelihood, row_slopes
from .predictors import layout_of, predictors
from .whitening import whitened


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
    place = predictors(solution.params, answers.x, answers.layout)
    crossed = place[:, 1:] <= place[:, :-1]
    if not crossed.any() or not solution.converged:
        return solution
    who, which = int(crossed.any(axis=1).sum()), np.flatnonzero(crossed.any(axis=0)) + 1
    message = (
        f"lines cross: at the covariates of {who} of {len(place)} rows with weight, level {which.tolist()} "
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
