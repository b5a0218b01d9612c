"""Intervals of quantiles: an interval for the share below, carried back through the distribution function."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..estimators.distribution import cumulated, shares_at_or_below
from ..estimators.fit import Matrix, Vector
from ..estimators.quantile import Rule, quantiles
from ..intervals import NOTHING, Ends, proportion_interval, t_interval, t_quantile
from .ranked import Ranked, share_covariance

QuantileInterval = Literal["mean", "logit", "beta", "arcsine", "score", "score_r", "quantile"]
QUANTILE_INTERVALS: tuple[str, ...] = get_args(QuantileInterval)
_OF_SHARES = {"mean": "t", "logit": "logit", "beta": "exact"}


@dataclass(frozen=True, slots=True)
class Spread:
    """Ends of intervals, shape (G, P), and the covariance of the quantiles, (G * P, G * P), groups first."""

    low: Matrix
    high: Matrix
    covariance: Matrix
    failed: int = 0


def woodruff(of: Ranked, at: Matrix, rule: Rule, interval: QuantileInterval, confidence: float) -> Spread:
    """Intervals and covariance of quantiles.

    Parameters
    ----------
    of
        Respondents.
    at
        Their quantiles by `rule`, shape (G, P).
    interval
        "mean", "logit", "beta" or "arcsine": how the interval of the share at or below the quantile is made.

    Notes
    -----
    [Q(l), Q(u)] with (l, u) an interval of the share F(q) at or below the quantile q, and Q the quantile by the same
    rule (Woodruff 1952; R survey 4.1 ``svyquantile``, ``interval.type`` "mean", "xlogit", "beta", "asin"). An end is
    missing where l < 0 or u > 1; where F(q) is 1 "beta" takes n itself, "logit" and "arcsine" Wilson's interval (R
    gives nothing). The error of a quantile is the width over 2 t; two quantiles are correlated as the shares below
    them, since q - Q is (p - F(q)) / density but for terms of smaller order (Bahadur 1966). Where everybody was
    sampled, both ends are the quantile.
    """
    of_shares, failed = share_covariance(of, at)
    share, errors = shares_at_or_below(of.found, at), np.sqrt(np.diag(of_shares)).reshape(at.shape)
    ends = (_carried_back(of, end, rule) for end in share_ends(of, share, errors, interval, confidence))
    low, high = (np.where(of.complete, at, end) for end in ends)
    return Spread(low, high, quantile_covariance(of_shares, low, high, of.df, confidence), failed)


def quantile_covariance(of_shares: Matrix, low: Matrix, high: Matrix, df: Matrix, confidence: float) -> Matrix:
    """Covariance of quantiles from the width of their intervals and the covariance of the shares below them."""
    se = ((high - low) / (2 * t_quantile(df, confidence))).ravel()
    of_share = np.sqrt(np.diag(of_shares))
    slope = np.where(of_share > 0, se / np.where(of_share > 0, of_share, 1), 0.0)
    result = slope[:, None] * of_shares * slope[None, :]
    np.fill_diagonal(result, se**2)
    missing = np.isnan(se)
    result[missing] = result[:, missing] = np.nan
    return result


def share_ends(of: Ranked, share: Matrix, se: Matrix, interval: QuantileInterval, confidence: float) -> Ends:
    """Interval of the shares (G, P) at or below quantiles; ends may lie outside 0 and 1."""
    n, df, complete = (np.broadcast_to(each, share.shape) for each in (of.n.astype(float), of.df, of.complete))
    if interval != "arcsine":
        kind = _OF_SHARES[interval]
        return proportion_interval(share, se, n, df, kind, confidence, complete=complete)  # type: ignore[arg-type]
    inner = (share > 0) & (share < 1) & (se**2 > NOTHING * share * (1 - share))
    p = np.where(inner, share, 0.5)
    ends = t_interval(np.arcsin(np.sqrt(p)), se / (2 * np.sqrt(p * (1 - p))), df, confidence)
    low, high = (np.sin(np.clip(end, 0, np.pi / 2)) ** 2 for end in ends)
    edges = proportion_interval(share, se, n, df, "wilson", confidence)
    return np.where(inner, low, edges[0]), np.where(inner, high, edges[1])


def _carried_back(of: Ranked, end: Matrix, rule: Rule) -> Matrix:
    """Quantiles at the ends of shares; nothing where an end lies outside 0 and 1."""
    return of.quantiles(np.where((end < 0) | (end > 1), np.nan, end), rule)


def by_replicates(of: Ranked, at: Matrix, probabilities: Vector, rule: Rule, confidence: float) -> Spread:
    """Intervals from the quantiles under every set of replicate weights (R ``interval.type = "quantile"``)."""

    def again(weights: Vector) -> Vector:
        return quantiles(cumulated(of.order, weights), probabilities, rule).ravel()

    def refused() -> Matrix:
        raise AssertionError("a design without replicates")

    covaried = of.used.covaried(at.ravel(), again, refused)
    se = np.sqrt(np.diag(covaried.matrix)).reshape(at.shape)
    low, high = t_interval(at, se, of.df, confidence)
    return Spread(low, high, covaried.matrix, covaried.failed)
