"""Ranks of weighted answers, their scores, and the mean score of each group."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector
from .compared import Compared

Ties = Literal["r", "midpoint"]
EQUAL = 1e-12  # of the sum of weights


def rank_shares(values: Vector, weights: Vector, ties: Ties) -> tuple[Vector, bool]:
    """Rank of each value as a share of the sum of weights, shape (m,); whether the order of rows had a part in it.

    Examples
    --------
    >>> rank_shares(np.array([5.0, 5.0, 9.0]), np.array([1.0, 2.0, 1.0]), "midpoint")[0].tolist()
    [0.375, 0.375, 0.875]
    >>> rank_shares(np.array([5.0, 5.0, 9.0]), np.array([1.0, 2.0, 1.0]), "r")[0].tolist()
    [0.3125, 0.3125, 0.875]
    """
    _, block, size = np.unique(values, return_inverse=True, return_counts=True)
    own = np.bincount(block, weights)
    if ties == "midpoint":
        return ((np.cumsum(own) - own / 2) / own.sum())[block], False
    order = np.argsort(values, kind="stable")
    each = np.empty(len(values))
    each[order] = np.cumsum(weights[order]) - weights[order] / 2
    uneven = bool((np.abs(weights - (own / size)[block]) > EQUAL * weights).any())
    return (np.bincount(block, each) / size)[block] / own.sum(), uneven


def scored(ranks: Vector, test: str) -> Vector:
    """Scores of rank shares."""
    if test == "van_der_waerden":
        from scipy.special import ndtri

        return ndtri(ranks)
    return (ranks > 0.5 + EQUAL).astype(float) if test == "median" else ranks


def superiority(groups: Compared) -> float:
    """P(later > earlier) + P(equal) / 2 for one answer of each of two groups, drawn by weight."""
    weights = groups.used.row_weights
    ranks, _ = rank_shares(groups.values, weights, "midpoint")
    base = np.bincount(groups.group, weights)
    earlier, later = np.bincount(groups.group, weights * ranks) / base
    return float(later - earlier + 0.5)


def mean_scores(groups: Compared, scores: Vector) -> tuple[Vector, Matrix, int]:
    """Mean score of each group, and the covariance with the scores as fixed."""
    used, group, count = groups.used, groups.group, groups.count
    weights = used.row_weights
    base = np.bincount(group, weights, minlength=count)
    mean = np.bincount(group, weights * scores, minlength=count) / base
    away = np.where(_varied(scores, group, count)[group], scores - mean[group], 0.0) / base[group]

    def again(other: Vector) -> Vector:
        return np.bincount(group, other * away, minlength=count).astype(float)

    covaried = used.covaried(np.zeros(count), again, lambda: used.covariance((weights * away)[:, None], group, count))
    return mean, covaried.matrix, covaried.failed


def _varied(scores: Vector, group: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Whether the scores of each group differ."""
    return np.array([np.ptp(scores[group == g]) > 0 for g in range(count)])
