"""Profiles of the likelihood of a yes/no or an ordered answer, without penalty."""

import numpy as np

from .adjusted import Adjusted
from .cumulative import Codes, cumulative_likelihood
from .fit import Matrix, Vector
from .held_columns import columns_last
from .likelihood import check_rows, level_shares, present
from .links import LinkName, link_named
from .penalized_profile import interval_of
from .penalty import check_outcome, penalised_start
from .profile_likelihood import LikelihoodRatio, Problem, ProfileInterval, likelihood_ratio


def binary_profile(
    x: Matrix, y: Vector, weights: Vector, column: int, confidence: float = 0.95, *, link: LinkName
) -> tuple[ProfileInterval, LikelihoodRatio]:
    """Interval and test of one coefficient of `binary_fit` by the profile of the likelihood.

    Parameters
    ----------
    x, y, weights, link
        As for `binary_fit`; weights are taken for numbers of respondents.
    column
        Whose coefficient, counted from 0.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple
        The interval, and the likelihood ratio of no coefficient.

    Raises
    ------
    ChoiceError
        If there is no such column, or the confidence is outside (0, 1).
    ConvergenceError
        If a maximum is not found.

    Notes
    -----
    The values v at which 2 (l* - max l(coefficient = v)) is the chi-square quantile on 1 degree of freedom. Checked
    against R ``confint(glm)`` (c.binary.*).

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), np.arange(8) > 4])
    >>> interval, ratio = binary_profile(x, np.array([0.0, 1, 0, 1, 0, 1, 0, 1]), np.ones(8), 1, link="logit")
    >>> round(interval.low, 3), round(interval.high, 3), round(ratio.p, 3)
    (-1.815, 4.58, 0.462)
    """
    model = link_named(link)
    check_outcome(x, y, weights)
    used = present(weights)
    z, turn = columns_last(x[used], [column])
    y_used, w = np.asarray(y[used], float), weights[used]

    def evaluate(params: Vector) -> Adjusted:
        log_p, first, second = model.outcome(z @ params, y_used)
        information = -z.T @ ((w * second)[:, None] * z)
        return Adjusted(float(w @ log_p), 0.0, (w * first) @ z, information, information)

    return _profiled(Problem(evaluate, penalised_start(z, y_used, w, model), float(w.sum())), confidence, turn)


def ordered_profile(
    x: Matrix, y: Codes, weights: Vector, levels: int, column: int, confidence: float = 0.95, *, link: LinkName
) -> tuple[ProfileInterval, LikelihoodRatio]:
    """Interval and test of one slope of `ordered_fit` by the profile of the likelihood.

    Parameters
    ----------
    x
        Covariates with the intercept's column first, which thresholds take the place of, shape (m, k).
    y, weights, levels, link
        As for `ordered_fit`.
    column
        Whose slope, counted from 0 in `x`: not the intercept's.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple
        As `binary_profile`, which it is for two levels.

    Notes
    -----
    Checked against R ``confint(clm, type = "profile")``.

    Examples
    --------
    >>> x, y = np.column_stack([np.ones(8), np.arange(8) > 4]), np.array([0, 1, 0, 1, 0, 1, 0, 1])
    >>> interval, ratio = ordered_profile(x, y, np.ones(8), 2, 1, link="logit")
    >>> round(interval.low, 3), round(interval.high, 3), round(ratio.p, 3)
    (-1.815, 4.58, 0.462)
    """
    model = link_named(link)
    check_rows(x, y, weights)
    used = present(weights)
    z, turn = columns_last(x[used], [column])
    slopes, y_used, w = z[:, 1:], np.asarray(y[used], np.intp), weights[used]
    cuts = np.asarray(model.quantile(np.cumsum(level_shares(y_used, w, levels))[:-1]), float)

    def evaluate(params: Vector) -> Adjusted:
        value, score, information = cumulative_likelihood(slopes, y_used, w, model, params, levels)
        return Adjusted(value, 0.0, score, information, information)

    start = np.concatenate([cuts, np.zeros(slopes.shape[1])])
    return _profiled(Problem(evaluate, start, float(w.sum())), confidence, turn)


def _profiled(problem: Problem, confidence: float, turn: Matrix) -> tuple[ProfileInterval, LikelihoodRatio]:
    """Interval and test of the last coordinate."""
    last = len(problem.start) - 1
    return interval_of(problem, last, confidence, turn), likelihood_ratio(problem, np.array([last]))
