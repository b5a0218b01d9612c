"""Intervals and tests by the profile of the penalised likelihood of an unordered outcome."""

from collections.abc import Sequence

import numpy as np

from ..errors import ChoiceError
from .adjusted_baseline import adjusted_baseline
from .baseline import Codes, others
from .fit import Matrix, Vector
from .held_columns import columns_last
from .likelihood import check_codes, check_rows, present
from .penalized_multinomial import baseline_start
from .penalized_profile import interval_of
from .penalty import penalty_weights
from .profile_likelihood import LikelihoodRatio, Problem, ProfileInterval, likelihood_ratio


def multinomial_profile_interval(
    x: Matrix,
    y: Codes,
    weights: Vector,
    levels: int,
    level: int,
    column: int,
    confidence: float = 0.95,
    *,
    reference: int = 0,
    counts: bool = False,
) -> ProfileInterval:
    """Interval for one coefficient of `firth_multinomial_fit` by the profile of the penalised likelihood.

    Parameters
    ----------
    x, y, weights, levels, reference, counts
        As in `firth_multinomial_fit`.
    level, column
        Whose coefficient: a level that is not the reference, and a column, counted from 0.
    confidence
        Between 0 and 1.

    Returns
    -------
    ProfileInterval
        As `profile_interval`, which it is for two levels.

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), np.arange(8) > 4])
    >>> found = multinomial_profile_interval(x, np.array([0, 1, 0, 1, 0, 1, 1, 1]), np.ones(8), 2, 1, 1)
    >>> round(found.low, 3), round(found.high, 3)
    (-0.606, 7.358)
    """
    given = others(levels, reference)
    position = list(given).index(level) if level in given else None
    if position is None:
        raise ChoiceError(f"`level` is {level}; the levels with coefficients are {given.tolist()}.")
    problem, turn = _unordered(x, y, weights, [column], (levels, reference), counts)
    return interval_of(problem, (position + 1) * x.shape[1] - 1, confidence, turn)


def multinomial_penalised_lr(
    x: Matrix,
    y: Codes,
    weights: Vector,
    levels: int,
    drop: Sequence[int],
    *,
    reference: int = 0,
    counts: bool = False,
) -> LikelihoodRatio:
    """Penalised likelihood ratio test that some columns have no coefficient for any level.

    Parameters
    ----------
    x, y, weights, levels, reference, counts
        As in `firth_multinomial_fit`.
    drop
        Columns whose coefficients are tested together, counted from 0.

    Returns
    -------
    LikelihoodRatio
        Degrees of freedom: columns times (levels - 1).

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), np.arange(8) > 4])
    >>> found = multinomial_penalised_lr(x, np.array([0, 1, 0, 1, 0, 1, 1, 1]), np.ones(8), 2, [1])
    >>> round(found.statistic, 3), found.df
    (2.296, 1)
    """
    problem, _ = _unordered(x, y, weights, list(drop), (levels, reference), counts)
    last = np.arange(x.shape[1]) >= x.shape[1] - len(drop)
    return likelihood_ratio(problem, np.flatnonzero(np.tile(last, levels - 1)))


def _unordered(
    x: Matrix, y: Codes, weights: Vector, held: list[int], ends: tuple[int, int], counts: bool
) -> tuple[Problem, Matrix]:
    """The penalised likelihood of an unordered outcome, coefficients of `held` last within each level."""
    check_rows(x, y, weights)
    others(*ends)
    used = present(weights)
    y_used, w = np.asarray(y[used], np.intp), penalty_weights(weights[used], counts)
    check_codes(y_used, ends[0])
    z, turn = columns_last(x[used], held)
    start = baseline_start(z, y_used, w, *ends)
    return Problem(lambda p: adjusted_baseline(z, y_used, w, p, *ends), start, float(w.sum())), turn
