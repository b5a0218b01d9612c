"""Intervals of quantiles by the score test: the values that the test would not reject."""

import numpy as np

from ..estimators.distribution import shares_at_or_below
from ..estimators.fit import Matrix, Vector
from ..estimators.quantile import Rule, quantiles
from ..intervals import t_quantile
from .ranked import Ranked, ranked, share_covariance, share_errors
from .uniroot import uniroot
from .woodruff import Spread, quantile_covariance

ROUNDING = 1e-12
LARGEST = np.finfo(float).max


def score_spread(of: Ranked, at: Matrix, probabilities: Vector, rule: Rule, confidence: float, as_r: bool) -> Spread:
    """Intervals and covariance of quantiles by the score test.

    Parameters
    ----------
    at
        Quantiles by `rule`, shape (G, P).
    as_r
        Whether the ends are those of R survey 4.1.

    Notes
    -----
    The test of "the share at or below x is p" has the statistic (F(x) - p) / SE(F(x)); the interval holds the values x
    with a statistic within -t and t (Francisco and Fuller 1991). The statistic steps at the answers only: the low end
    is the first answer with a statistic of at least -t, the high end the first beyond t.
    """
    of_shares, failed = share_covariance(of, at)
    if as_r:
        low, high = _ends_of_r(of, probabilities, rule, confidence)
    else:
        t = t_quantile(of.df, confidence)
        low, high = (_first_beyond(of, probabilities, bound, beyond) for bound, beyond in ((-t, False), (t, True)))
    low, high = (np.where(of.complete, at, np.where(of.df > 0, end, np.nan)) for end in (low, high))
    return Spread(low, high, quantile_covariance(of_shares, low, high, of.df, confidence), failed)


def _statistic(of: Ranked, points: Matrix, probabilities: Vector) -> Matrix:
    """(F - p) / SE(F) at points (G, P)."""
    away = shares_at_or_below(of.found, points) - probabilities
    away = np.where(np.abs(away) <= ROUNDING, 0.0, away)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = away / share_errors(of, points)
    return np.where(away == 0, 0.0, found)


def _first_beyond(of: Ranked, probabilities: Vector, bound: Matrix, strictly: bool) -> Matrix:
    """First answer (G, P) of each group whose statistic reaches a bound (G, 1): bisection of all at once."""
    shape = (of.count, len(probabilities))
    low, high = (np.broadcast_to(each, shape).copy() for each in (of.found.first, of.found.last))
    while (low < high).any():
        middle = (low + high) // 2
        statistic = _statistic(of, of.found.values[middle], probabilities)
        reached = (statistic > bound) if strictly else (statistic >= bound)
        high = np.where(reached & (low < high), middle, high)
        low = np.where(~reached & (low < high), middle + 1, low)
    return np.where(of.n > 0, of.found.values[low], np.nan)


def _ends_of_r(of: Ranked, probabilities: Vector, rule: Rule, confidence: float) -> tuple[Matrix, Matrix]:
    """Ends as R survey 4.1 has them, group by group.

    ``survey:::ffullerCI`` looks for each end with ``uniroot``, which stops within its tolerance on either side of an
    answer, and then takes the weighted quantile at the *unweighted* share of answers up to there.
    """
    low, high = (np.full((of.count, len(probabilities)), np.nan) for _ in "ab")
    for g in np.flatnonzero((of.n > 0) & (of.df > 0)):
        rows = of.groups == g
        mask = np.zeros(len(of.used.survey), bool)
        mask[of.used.rows[rows]] = True
        y = np.full(len(mask), np.nan)
        y[of.used.rows] = of.values
        own = ranked(of.used.within(mask), y, np.zeros(len(mask), np.intp), 1)
        t = float(t_quantile(of.df[g], confidence)[0])
        for j, p in enumerate(probabilities):
            roots = (_root_of_r(own, float(p), bound) for bound in (-t, t))
            shares = np.array([[np.mean(own.values <= root) if root == root else np.nan for root in roots]])
            low[g, j], high[g, j] = quantiles(own.found, shares, rule)[0]
    return low, high


def _root_of_r(own: Ranked, p: float, bound: float) -> float:
    """Where R's search for statistic = bound stops; NaN where R finds no change of sign."""
    y = own.values
    margin = float(np.subtract(*np.percentile(y, [75, 25]))) / 100
    probabilities = np.array([p])

    def away(x: float) -> float:
        found = bound - _statistic(own, np.array([[x]]), probabilities)[0, 0]
        return float(np.clip(found, -LARGEST, LARGEST))

    return uniroot(away, float(y.min()) + margin, float(y.max()) - margin, 1 / (100 * np.sqrt(len(y))))
