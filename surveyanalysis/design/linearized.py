"""From contributions to a covariance: strata, clusters, finite population."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector

Codes = NDArray[np.intp]
ROUNDING = 1e-13  # of the terms that cancel in a variance


@dataclass(frozen=True, slots=True)
class Sample:
    """Who was drawn with whom, as codes from 0.

    Attributes
    ----------
    cluster
        First-stage cluster of each row, shape (n,), unique over strata; None where every row is its own.
    stratum
        Stratum of each cluster, shape (number of clusters,).
    sampled
        Share of each stratum's clusters that is in the sample, shape (number of strata,); 0 for an infinite population.
    """

    cluster: Codes | None
    stratum: Codes
    sampled: Vector


def covariance(scores: Matrix, rows: Codes, sample: Sample) -> Matrix:
    """Covariance of a sum of contributions under stratified one-stage cluster sampling.

    Parameters
    ----------
    scores
        Contributions, shape (m, k), of the rows that contribute; all other rows contribute zero but stay in the design.
    rows
        Their row numbers in the design, shape (m,).
    sample
        The design.

    Returns
    -------
    Matrix
        Shape (k, k).

    Notes
    -----
    sum over strata of (1 - f) m / (m - 1) * sum over its clusters of (z - z_mean)(z - z_mean)'
    (Sarndal, Swensson and Wretman 1992, eq. 4.3.5 with 2.8.5). Clusters without contributing rows count with z = 0.
    Checked against R survey ``svyrecvar``.
    """
    totals, owner = cluster_totals(scores, rows, sample)
    size = np.bincount(sample.stratum, minlength=len(sample.sampled))
    stratum = sample.stratum[owner]
    present = np.bincount(stratum, minlength=len(size))
    mean = sums(totals, stratum, len(size)) / size[:, None]
    factor = (1 - sample.sampled) * size / np.maximum(size - 1, 1)
    centred = totals - mean[stratum]
    inside = centred.T @ (factor[stratum][:, None] * centred)
    absent = factor * (size - present)
    return inside + mean.T @ (absent[:, None] * mean)


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


def cluster_totals(scores: Matrix, rows: Codes, sample: Sample) -> tuple[Matrix, Codes]:
    """Totals of the contributions by cluster, and which cluster each belongs to."""
    if sample.cluster is None:
        return scores, rows
    count = len(sample.stratum)
    return sums(scores, sample.cluster[rows], count), np.arange(count)


def sums(values: Matrix, codes: Codes, count: int) -> Matrix:
    """Column sums within codes, shape (count, k)."""
    if values.shape[1] == 0:
        return np.zeros((count, 0))
    return np.stack([np.bincount(codes, column, minlength=count) for column in values.T], axis=1)
