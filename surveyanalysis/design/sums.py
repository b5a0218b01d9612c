"""Many groups at once: covariances from sums by group, stratum and cluster, without a column for every group."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector
from .linearized import Codes, Sample, covariance, sums


def grouped_covariance(scores: Matrix, groups: Codes, count: int, rows: Codes, sample: Sample) -> Matrix:
    """Covariance of estimates of every group, where a respondent contributes to its own group only.

    Parameters
    ----------
    scores
        Contributions of each row to the k estimates of its group, shape (m, k).
    groups
        Group of each row, shape (m,).
    count
        Number of groups.
    rows
        Row numbers in the design, shape (m,).
    sample
        The design.

    Returns
    -------
    Matrix
        Shape (count * k, count * k), estimate j of group g at position g * k + j: the same as `linearized.covariance`
        of scores spread over count * k columns, in time that grows with rows * k rather than with rows * count * k.
    """
    if sample.cluster is None:
        return _of_rows(scores, groups, count, rows, sample)
    units = len(sample.stratum)
    totals = sums(scores, sample.cluster[rows] * count + groups, units * count)
    return covariance(totals.reshape(units, -1), np.arange(units), replace(sample, cluster=None))


def _of_rows(scores: Matrix, groups: Codes, count: int, rows: Codes, sample: Sample) -> Matrix:
    """Every row its own cluster: squares around the mean of each stratum and group, plus those of these means."""
    stratum, strata, k = sample.stratum[rows], len(sample.sampled), scores.shape[1]
    held, pair, size = np.unique(stratum * count + groups, return_inverse=True, return_counts=True)
    h, g = held // count, held % count
    units = np.bincount(sample.stratum, minlength=strata)
    factor = (1 - sample.sampled) * units / np.maximum(units - 1, 1)
    typical = sums(scores, pair, len(held)) / size[:, None]
    spread = np.zeros((len(held), count, k))
    spread[np.arange(len(held)), g] = typical
    between = spread.reshape(len(held), count * k)
    centre = sums(size[:, None] * between, h, strata) / units[:, None]
    between -= centre[h]
    absent = factor * (units - np.bincount(h, size, minlength=strata))
    result = between.T @ ((factor[h] * size)[:, None] * between) + centre.T @ (absent[:, None] * centre)
    away = (scores - typical[pair]) * np.sqrt(factor[stratum])[:, None]
    blocks = result.reshape(count, k, count, k)
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(np.bincount(groups, minlength=count))
    for group, own in enumerate(np.split(order, ends[:-1])):
        blocks[group, :, group, :] += away[own].T @ away[own]
    return result


def domain_df(domains: Codes, rows: Codes, sample: Sample, count: int) -> Vector:
    """Degrees of freedom of several domains: clusters minus strata that each has rows in (R ``degf`` of each subset).

    Parameters
    ----------
    domains
        Domain of each row, shape (m,); -1 for none.
    rows
        Row numbers in the design, shape (m,).

    Returns
    -------
    Vector
        Shape (count,).
    """
    inside = domains >= 0
    domains, rows = domains[inside], rows[inside]
    clusters = rows if sample.cluster is None else sample.cluster[rows]
    strata = _distinct(domains, sample.stratum[clusters], count, len(sample.sampled))
    if sample.cluster is None:
        return np.bincount(domains, minlength=count) - strata
    return _distinct(domains, clusters, count, len(sample.stratum)) - strata


def domain_complete(domains: Codes, rows: Codes, sample: Sample, count: int) -> NDArray[np.bool_]:
    """Whether each domain lies in strata of which everybody was sampled, so that nothing is left to chance.

    Parameters
    ----------
    domains
        Domain of each row, shape (m,); -1 for none.
    rows
        Row numbers in the design, shape (m,).

    Returns
    -------
    NDArray
        Shape (count,); False for a domain without rows.
    """
    inside = domains >= 0
    domains, rows = domains[inside], rows[inside]
    open_rows = sample.sampled[sample.stratum[rows if sample.cluster is None else sample.cluster[rows]]] < 1
    held = np.bincount(domains, minlength=count)
    return (held > 0) & (np.bincount(domains, open_rows, minlength=count) == 0)


def _distinct(domains: Codes, units: Codes, count: int, span: int) -> Vector:
    """Number of different units, of `span`, in each domain."""
    if count * span <= 10**7:
        seen = np.zeros(count * span, bool)
        seen[domains * span + units] = True
        return seen.reshape(count, span).sum(axis=1).astype(float)
    return np.bincount(np.unique(domains * span + units) // span, minlength=count).astype(float)
