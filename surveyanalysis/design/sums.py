"""Many groups at once: covariances from sums by group, stratum and cluster, without a column for every group."""

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector
from .linearized import covariance, of_units, sums
from .stages import COMPLETE, Codes, Sample, Spread, Stage, spread_of

BLOCK = 20_000_000  # numbers held at once for means by stratum and group


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
        How the rows were drawn.

    Returns
    -------
    Matrix
        Shape (count * k, count * k), estimate j of group g at position g * k + j: the same as `linearized.covariance`
        of scores spread over count * k columns, in time that grows with rows * k rather than with rows * count * k.
    """
    if sample.joint is not None:
        return covariance(spread_over(scores, groups, count), rows, sample)
    result = np.zeros((count * scores.shape[1],) * 2)
    for stage in sample.stages:
        spread = spread_of(stage, sample, rows)
        if stage.cluster is None and stage.unequal is None:
            result += _of_rows(scores, groups, count, rows, stage, spread)
            continue
        units = len(stage.stratum)
        totals = sums(scores, stage.owners(rows) * count + groups, units * count).reshape(units, -1)
        result += of_units(totals, np.arange(units), stage, spread)
    return result


def spread_over(scores: Matrix, groups: Codes, count: int) -> Matrix:
    """Contributions of each row over the columns of all groups, shape (m, count * k)."""
    m, k = scores.shape
    wide = np.zeros((m, count, k))
    wide[np.arange(m), groups] = scores
    return wide.reshape(m, count * k)


def _of_rows(scores: Matrix, groups: Codes, count: int, rows: Codes, stage: Stage, spread: Spread) -> Matrix:
    """Every row its own unit: squares around the mean of each stratum and group, plus those of these means."""
    stratum, k = stage.stratum[rows], scores.shape[1]
    pair, held, size = _pairs(stratum, groups, count, len(stage.size))
    typical = sums(scores, pair, len(held)) / size[:, None]
    result = np.zeros((count * k,) * 2)
    step = max(1, BLOCK // (count * k))
    h = held // count
    firsts = np.searchsorted(h, np.unique(h[::step]))  # blocks begin with a stratum, so that none is cut
    for first, last in zip(firsts, [*firsts[1:], len(held)]):
        block = slice(first, last)
        result += _between(typical[block], h[block], held[block] % count, size[block], count, stage, spread)
    away = (scores - typical[pair]) * np.sqrt(spread.factor[stratum])[:, None]
    blocks = result.reshape(count, k, count, k)
    order = np.argsort(groups, kind="stable")
    ends = np.cumsum(np.bincount(groups, minlength=count))
    for group, own in enumerate(np.split(order, ends[:-1])):
        blocks[group, :, group, :] += away[own].T @ away[own]
    return result


def _pairs(stratum: Codes, groups: Codes, count: int, strata: int) -> tuple[Codes, Codes, Vector]:
    """Pairs of stratum and group that have rows: the pair of each row, stratum * count + group, and rows of each."""
    key = stratum * count + groups
    if strata * count > 4 * len(key) + 1000:
        held, pair, size = np.unique(key, return_inverse=True, return_counts=True)
        return pair, held, size.astype(float)
    every = np.bincount(key, minlength=strata * count)
    held = np.flatnonzero(every)
    position = np.zeros(strata * count, np.intp)
    position[held] = np.arange(len(held))
    return position[key], held, every[held].astype(float)


def _between(typical: Matrix, h: Codes, g: Codes, size: Vector, count: int, stage: Stage, spread: Spread) -> Matrix:
    """Squares of the means of stratum and group around the stratum's mean, for whole strata."""
    strata, own = np.unique(h, return_inverse=True)
    wide = spread_over(typical, g, count)
    units, factor = stage.size[strata], spread.factor[strata]
    centre = sums(size[:, None] * wide, own, len(strata)) / units[:, None] * spread.centred[strata][:, None]
    wide -= centre[own]
    absent = factor * (units - np.bincount(own, size))
    return wide.T @ ((factor[own] * size)[:, None] * wide) + centre.T @ (absent[:, None] * centre)


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
    domain, unit = _within_domains(domains, rows)
    if sample.first.cluster is not None:
        domain, unit = _different(domain, sample.first.owners(unit), count, len(sample.first.stratum))
    strata = _different(domain, sample.first.stratum[unit], count, len(sample.first.size))[0]
    return (np.bincount(domain, minlength=count) - np.bincount(strata, minlength=count)).astype(float)


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
    if not sample.finite or sample.joint is not None:
        return np.zeros(count, bool)
    domains, rows = _within_domains(domains, rows)
    held = np.bincount(domains, minlength=count)
    open_rows = np.zeros(len(rows), bool)
    for stage in sample.stages:
        units = stage.owners(rows)
        left = 1 - stage.sampled[stage.stratum[units]] if stage.unequal is None else 1 - stage.unequal[units]
        open_rows |= left >= COMPLETE
    return (held > 0) & (np.bincount(domains, open_rows, minlength=count) == 0)


def _within_domains(domains: Codes, rows: Codes) -> tuple[Codes, Codes]:
    """Domains and row numbers of the rows that lie in a domain."""
    inside = domains >= 0
    return (domains, rows) if inside.all() else (domains[inside], rows[inside])


def _different(domains: Codes, units: Codes, count: int, span: int) -> tuple[Codes, Codes]:
    """Domain and unit, of `span`, of every pair that occurs, each once."""
    key = domains * span + units
    if count * span > 10**7:
        pairs = np.unique(key)
    else:
        seen = np.zeros(count * span, bool)
        seen[key] = True
        pairs = np.flatnonzero(seen)
    return pairs // span, pairs % span
