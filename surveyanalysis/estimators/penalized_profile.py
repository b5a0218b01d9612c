"""Intervals and tests by the profile of the penalised likelihood of a binary outcome."""

from collections.abc import Sequence

import numpy as np

from .adjusted import Adjusted, adjusted
from .fit import Matrix, Vector
from .held_columns import columns_last
from .likelihood import present
from .links import LinkName, link_named
from .penalty import check_outcome, penalised_start, penalty_weights
from .profile_likelihood import LikelihoodRatio, Problem, ProfileInterval, likelihood_ratio, profile_ends


def profile_interval(
    x: Matrix,
    y: Vector,
    weights: Vector,
    column: int,
    confidence: float = 0.95,
    *,
    link: LinkName = "logit",
    counts: bool = False,
) -> ProfileInterval:
    """Interval for one coefficient by the profile of the penalised likelihood.

    Parameters
    ----------
    x, y, weights, link, counts
        As in `firth_fit`; the estimate is that of "jeffreys", which for the logit is "firth".
    column
        Whose coefficient, counted from 0.
    confidence
        Between 0 and 1.

    Returns
    -------
    ProfileInterval
        Both ends are finite, also under separation.

    Raises
    ------
    ChoiceError
        If there is no such column, or the confidence is outside (0, 1).
    ConvergenceError
        If a maximum is not found.

    Notes
    -----
    The values v at which 2 (l* - max l*(coefficient = v)) is the chi-square quantile on 1 degree of freedom; the
    penalty keeps all columns (Heinze and Schemper 2002; R ``logistf``). It takes the weights for respondents: under
    unequal weights, strata or clusters its level is not the nominal one. Checked against c.firth.endometrial.profile.

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), np.arange(8) > 4])
    >>> found = profile_interval(x, np.array([0.0, 1, 0, 1, 0, 1, 1, 1]), np.ones(8), 1)
    >>> round(found.low, 3), round(found.high, 3)
    (-0.606, 7.358)
    """
    problem, turn = _binary(x, y, weights, [column], link, counts)
    return interval_of(problem, len(problem.start) - 1, confidence, turn)


def penalised_lr(
    x: Matrix,
    y: Vector,
    weights: Vector,
    drop: Sequence[int],
    *,
    link: LinkName = "logit",
    counts: bool = False,
) -> LikelihoodRatio:
    """Penalised likelihood ratio test that some columns have no coefficient.

    Parameters
    ----------
    x, y, weights, link, counts
        As in `profile_interval`.
    drop
        Columns whose coefficients are tested together, counted from 0.

    Returns
    -------
    LikelihoodRatio
        As many degrees of freedom as columns.

    Raises
    ------
    ChoiceError
        If there is no such column.
    ConvergenceError
        If a maximum is not found.

    Notes
    -----
    The penalty keeps all columns in both fits, so that the test and `profile_interval` agree (R ``logistf``). Weights
    are taken for respondents.

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), np.arange(8) > 4])
    >>> found = penalised_lr(x, np.array([0.0, 1, 0, 1, 0, 1, 1, 1]), np.ones(8), [1])
    >>> round(found.statistic, 3), found.df, round(found.p, 3)
    (2.296, 1, 0.13)
    """
    problem, _ = _binary(x, y, weights, list(drop), link, counts)
    return likelihood_ratio(problem, np.arange(len(problem.start) - len(drop), len(problem.start)))


def interval_of(problem: Problem, index: int, confidence: float, turn: Matrix) -> ProfileInterval:
    """Interval for the coordinate `index`, in the user's unit: times turn[0, 0].

    Examples
    --------
    >>> def parabola(q):
    ...     return Adjusted(float(-q @ q) / 2, 0.0, -q, np.eye(1), np.eye(1))
    >>> round(interval_of(Problem(parabola, np.zeros(1), 1.0), 0, 0.95, np.array([[-10.0]])).high, 3)
    19.6
    """
    low, high = sorted(end * float(turn[0, 0]) for end in profile_ends(problem, index, confidence))
    return ProfileInterval(low, high)


def _binary(
    x: Matrix, y: Vector, weights: Vector, held: list[int], link: LinkName, counts: bool
) -> tuple[Problem, Matrix]:
    """The penalised likelihood of a binary outcome, coefficients of `held` last, and what turns those."""
    model = link_named(link)
    check_outcome(x, y, weights)
    used = present(weights)
    z, turn = columns_last(x[used], held)
    y_used, w, axes = np.asarray(y[used], float), penalty_weights(weights[used], counts), np.eye(x.shape[1])

    def evaluate(params: Vector) -> Adjusted:
        return adjusted(z, y_used, w, model, params, "jeffreys", axes)

    return Problem(evaluate, penalised_start(z, y_used, w, model), float(w.sum())), turn
