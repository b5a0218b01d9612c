"""Shares against known ones: Pearson's goodness of fit, the exact multinomial test, and what the design makes of it."""

from dataclasses import dataclass

import numpy as np

from ..estimators.fit import Matrix, Vector
from .contingency import Counts
from .exact import DRAWS, TIE, Exact

STATES = 500_000


@dataclass(frozen=True)
class Fitted:
    """Goodness of fit under a design.

    Attributes
    ----------
    x2
        Pearson's statistic of the weighted shares, scaled to the number of respondents.
    statistic, df, df_denominator, p
        Second-order F test.
    chi_df, chi_p
        First-order chi-square test: X2 / mean design effect on `chi_df`.
    mean_deff
        Mean generalised design effect.
    """

    x2: float
    statistic: float
    df: float
    df_denominator: float
    p: float
    chi_df: int
    chi_p: float
    mean_deff: float


def pearson_fit(counts: Vector, expected: Vector) -> float:
    """Sum of (observed - expected)^2 / expected."""
    return float(((counts - expected) ** 2 / expected).sum())


def rao_scott_fit(share: Vector, known: Vector, covariance: Matrix, n: int, df: float) -> Fitted:
    """Test the fit of estimated shares to known ones under the design.

    Parameters
    ----------
    share, known
        Estimated and known shares, shape (k,); every known share is positive.
    covariance
        Of the estimated shares, shape (k, k).
    n
        Respondents.
    df
        Degrees of freedom of the design.

    Returns
    -------
    Fitted

    Notes
    -----
    X2 = n sum (p - p0)^2 / p0. Its null distribution is sum of l_i chi-square(1), l the k - 1 eigenvalues of
    n diag(1 / p0) V: generalised design effects (Rao and Scott 1981). F = X2 / sum l on d = (sum l)^2 / sum l^2 and
    d * df degrees of freedom (second order); chi-square: X2 / mean l on k - 1 (first order). F * d on d is R survey
    ``svygofchisq``.
    """
    from scipy.special import chdtrc, fdtrc

    scaled = n * covariance / np.sqrt(np.outer(known, known))
    trace, squares, chi_df = float(np.trace(scaled)), float((scaled * scaled).sum()), len(share) - 1
    x2 = n * pearson_fit(share, known)
    if trace <= 0:
        return Fitted(x2, np.nan, np.nan, np.nan, np.nan, chi_df, np.nan, trace / chi_df)
    f, d = x2 / trace, trace**2 / squares
    p = float(fdtrc(d, d * df, f)) if df > 0 else np.nan
    return Fitted(x2, f, d, d * df, p, chi_df, float(chdtrc(chi_df, f * chi_df)), trace / chi_df)


def multinomial_test(counts: Counts, known: Vector, seed: int = 1, states: int = STATES) -> Exact:
    """Probability of samples no more likely than the observed one, where the shares are known.

    Parameters
    ----------
    counts
        Respondents of each answer, shape (k,).
    known
        Known shares, shape (k,), positive.
    seed
        Seed of the Monte Carlo sample, where it is needed.
    states
        Most samples counted one by one; beyond it 100,000 are drawn: p = (1 + as unlikely) / (1 + draws).

    Examples
    --------
    >>> round(multinomial_test(np.array([8, 2]), np.array([0.5, 0.5])).p, 6)
    0.109375
    """
    from math import comb

    from scipy.special import gammaln

    n, k = int(counts.sum()), len(counts)
    log_known, least = np.log(known), 0.0
    least = float(counts @ log_known - gammaln(counts + 1.0).sum())
    if comb(n + k - 1, k - 1) <= states:
        return Exact(_count_all(n, log_known, least))
    drawn = np.random.default_rng(seed).multinomial(n, known, size=DRAWS)
    value = drawn @ log_known - gammaln(drawn + 1.0).sum(axis=1)
    p = (1 + int((value <= least + TIE).sum())) / (1 + DRAWS)
    return Exact(p, float(np.sqrt(p * (1 - p) / DRAWS)), DRAWS)


def _count_all(n: int, log_known: Vector, least: float) -> float:
    """Exact p-value: every way to spread n respondents over the answers."""
    from scipy.special import gammaln

    left, value = np.array([n]), np.zeros(1)
    for log_share in log_known[:-1]:
        at = np.repeat(np.arange(len(left)), left + 1)
        put = np.arange(len(at)) - np.repeat(np.cumsum(left + 1) - left - 1, left + 1)
        value = value[at] + put * log_share - gammaln(put + 1.0)
        left = left[at] - put
    value = value + left * log_known[-1] - gammaln(left + 1.0)
    return min(1.0, float(np.exp(value[value <= least + TIE] + gammaln(n + 1.0)).sum()))
