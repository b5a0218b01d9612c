"""From contributions to a covariance: strata, clusters in several stages, finite populations."""

import numpy as np

from ..estimators.contributions import Contributions
from ..estimators.fit import Matrix
from ..threads import on_one_thread
from .stages import Codes, Sample, Spread, Stage, spread_of

FEW_PRODUCTS = 200_000  # below it, no library of linear algebra takes a second thread
ROUNDING = 1e-13  # of the terms that cancel in a variance


def covariance(scores: Matrix | Contributions, rows: Codes, sample: Sample) -> Matrix:
    """Covariance of a sum of contributions.

    Parameters
    ----------
    scores
        Contributions, shape (m, k), of the rows that contribute; all other rows contribute zero but stay in the design.
    rows
        Their row numbers in the design, shape (m,).
    sample
        How the rows were drawn.

    Returns
    -------
    Matrix
        Shape (k, k).

    Notes
    -----
    sum over stages, strata h: F_h (1 - f_h) m_h / (m_h - 1) * sum over its units of (z - z_mean)(z - z_mean)', with F_h
    the product of the sampled shares of the stages before (Sarndal, Swensson and Wretman 1992, eq. 4.3.5 with 2.8.5;
    R survey ``svyrecvar``). Units without contributing rows count with z = 0. Unequal probabilities (Brewer): 1 - p of
    each unit stands in for 1 - f_h. With joint probabilities: z' D z (Horvitz and Thompson 1952).

    Examples
    --------
    >>> from surveyanalysis.design.stages import simple_stage
    >>> covariance(np.array([[1.0], [3.0]]), np.arange(2), Sample((simple_stage(2),)))
    array([[4.]])
    """
    if sample.joint is not None:
        totals = _spread_out(*cluster_totals(scores, rows, sample.first), len(sample.first.stratum))
        return totals.T @ sample.joint @ totals
    result = np.zeros((scores.shape[1],) * 2)
    for stage in sample.stages:
        totals, owner = cluster_totals(scores, rows, stage)
        result += of_units(totals, owner, stage, spread_of(stage, sample, rows))
    return result


def of_units(totals: Matrix, owner: Codes, stage: Stage, spread: Spread) -> Matrix:
    """What one stage adds to the covariance: `totals` (u, k) of its units `owner`; all others have totals zero."""
    if stage.unequal is not None:
        totals, owner = _spread_out(totals, owner, len(stage.stratum)), np.arange(len(stage.stratum))
    strata = len(stage.size)
    stratum = stage.stratum[owner]
    mean = sums(totals, stratum, strata) / stage.size[:, None] * spread.centred[:, None]
    factor = spread.factor[stratum]
    if stage.unequal is not None:
        factor = factor * (1 - stage.unequal)
    absent = spread.factor * (stage.size - np.bincount(stratum, minlength=strata))
    if strata == 1 and stage.unequal is None:
        inside = spread.factor[0] * _squared(totals - mean)
    else:
        inside = _squared((totals - mean[stratum]) * np.sqrt(factor)[:, None])
    return inside + _squared(mean * np.sqrt(absent)[:, None]) if absent.any() else inside


def carried(jacobian: Matrix, covariance: Matrix) -> Matrix:
    """Covariance of functions of estimates, with variances that are nothing but rounding set to zero.

    Parameters
    ----------
    jacobian
        Derivatives of the functions by the estimates, shape (j, k).
    covariance
        Of the estimates, shape (k, k).

    Returns
    -------
    Matrix
        J V J', shape (j, j). A share of a domain within one cluster is known to have no variance of its own, though the
        sums that cancel in it do: what they leave, of either sign, is their last digit.
    """
    result = jacobian @ covariance @ jacobian.T
    terms = (np.abs(jacobian) @ np.abs(covariance) * np.abs(jacobian)).sum(axis=1)
    nothing = np.diag(result) <= ROUNDING * terms
    return np.where(nothing[:, None] | nothing[None, :], 0.0, result)


def carried_within(slopes: Matrix, covariance: Matrix) -> Matrix:
    """The same for functions of the own group's k estimates: `slopes` (G, j, k), `covariance` (G k, G k)."""
    groups, functions, k = slopes.shape
    half = (slopes @ covariance.reshape(groups, k, -1)).reshape(groups * functions, groups, k)
    result = (slopes @ half.transpose(1, 2, 0)).transpose(2, 0, 1).reshape(groups * functions, -1)
    own = np.abs(covariance.reshape(groups, k, groups, k)[np.arange(groups), :, np.arange(groups), :])
    terms = (np.abs(slopes) @ own * np.abs(slopes)).sum(axis=2).ravel()
    nothing = np.diag(result) <= ROUNDING * terms
    return np.where(nothing[:, None] | nothing[None, :], 0.0, result)


def cluster_totals(scores: Matrix | Contributions, rows: Codes, stage: Stage) -> tuple[Matrix, Codes]:
    """Totals of the contributions by unit of a stage, and which unit each belongs to."""
    if stage.cluster is None:
        return np.asarray(scores), rows
    count = len(stage.stratum)
    if isinstance(scores, Contributions):
        return scores.sums(stage.owners(rows), count), np.arange(count)
    return sums(scores, stage.owners(rows), count), np.arange(count)


def sums(values: Matrix, codes: Codes, count: int) -> Matrix:
    """Column sums within codes, shape (count, k)."""
    if values.shape[1] == 0:
        return np.zeros((count, 0))
    if count == 1:
        return values.sum(axis=0, keepdims=True)
    return np.stack([np.bincount(codes, column, minlength=count) for column in values.T], axis=1)


def _squared(rows: Matrix) -> Matrix:
    """Sum of the squares r r' of rows, shape (k, k)."""
    if rows.size * rows.shape[1] <= FEW_PRODUCTS:
        return rows.T @ rows
    return _squared_alone(rows)


@on_one_thread
def _squared_alone(rows: Matrix) -> Matrix:
    return rows.T @ rows


def _spread_out(totals: Matrix, owner: Codes, count: int) -> Matrix:
    """Totals of all units, zeros for those not listed, shape (count, k)."""
    whole = np.zeros((count, totals.shape[1]))
    whole[owner] = totals
    return whole
