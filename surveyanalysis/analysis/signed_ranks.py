"""Tests of paired answers on plain numbers: McNemar and Wilcoxon's signed ranks."""

from dataclasses import dataclass

import numpy as np

from ..estimators.fit import Vector

EXACT_UP_TO = 50


@dataclass(frozen=True)
class SignedRanks:
    """Wilcoxon's signed-rank test.

    Attributes
    ----------
    positive, negative
        Sums of the ranks of positive and of negative differences.
    n
        Differences other than zero.
    z, p
        Normal deviate (variance corrected for ties, no continuity correction), and the two-sided p-value.
    exact
        Whether `p` is exact.
    """

    positive: float
    negative: float
    n: int
    z: float
    p: float
    exact: bool

    @property
    def effect(self) -> float:
        """Matched-pairs rank-biserial correlation (Kerby 2014); NaN where nobody differs."""
        total = self.positive + self.negative
        return (self.positive - self.negative) / total if total else float("nan")


def signed_ranks(differences: Vector) -> SignedRanks:
    """Wilcoxon's signed-rank test of differences; zeros are left out, ties have mid-ranks.

    Notes
    -----
    Up to 50 differences the p-value is exact given the mid-ranks: each difference is as likely positive as negative. (R
    ``wilcox.test(paired = TRUE)`` is exact without ties only, and agrees there.) Beyond, the normal approximation
    with variance n (n + 1) (2n + 1) / 24 - sum (t^3 - t) / 48.

    Examples
    --------
    >>> signed_ranks(np.array([1.0, 2.0, 3.0, 4.0, -5.0])).p
    0.625
    """
    from scipy.special import ndtr

    moved = differences[differences != 0]
    n = len(moved)
    if n == 0:
        return SignedRanks(0.0, 0.0, 0, 0.0, 1.0, True)
    _, code, ties = np.unique(np.abs(moved), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[code]
    positive, total = float(ranks[moved > 0].sum()), n * (n + 1) / 2
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((ties.astype(float) ** 3 - ties).sum()) / 48
    z = (positive - total / 2) / variance**0.5
    p = _exact_p(ranks, positive) if n <= EXACT_UP_TO else float(2 * ndtr(-abs(z)))
    return SignedRanks(positive, total - positive, n, z, p, n <= EXACT_UP_TO)


def _exact_p(ranks: Vector, positive: float) -> float:
    """Two-sided p-value over all assignments of signs to these ranks; doubled mid-ranks are whole numbers."""
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] = ways[rank:] + ways[: len(ways) - rank]
    at = round(2 * positive)
    tail = min(ways[: at + 1].sum(), ways[at:].sum())
    return float(min(1.0, 2 * tail / 2.0 ** len(ranks)))


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided binomial p-value of the discordant pairs; 1 where there are none.

    Examples
    --------
    >>> round(mcnemar_exact(5, 1), 5)
    0.21875
    """
    from scipy.special import bdtr

    return float(min(1.0, 2 * bdtr(min(only_first, only_second), only_first + only_second, 0.5)))


def mcnemar(only_first: int, only_second: int) -> tuple[float, float]:
    """McNemar's statistic (b - c)^2 / (b + c) without continuity correction, and its p-value."""
    from scipy.special import chdtrc

    pairs = only_first + only_second
    statistic = (only_first - only_second) ** 2 / pairs if pairs else 0.0
    return statistic, float(chdtrc(1, statistic))
