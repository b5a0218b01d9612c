"""Intervals from draws of an estimate: percentiles, and percentiles corrected for bias and skewness."""

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector


def percentile_ends(draws: Matrix, confidence: float) -> tuple[Vector, Vector]:
    """Percentile interval of each column of draws (R, k), two ends of shape (k,).

    Examples
    --------
    >>> low, high = percentile_ends(np.arange(1.0, 1000.0)[:, None], 0.9)
    >>> round(low.item(), 6), round(high.item(), 6)
    (50.0, 950.0)
    """
    tail = (1 - confidence) / 2
    ends = np.array([_ordered(column, np.array([tail, 1 - tail])) for column in draws.T])
    return ends[:, 0], ends[:, 1]


def bca_ends(draws: Matrix, at: Vector, acceleration: Vector, confidence: float) -> tuple[Vector, Vector]:
    """Bias-corrected and accelerated interval of each column of draws (R, k).

    Parameters
    ----------
    at
        Estimates of the sample itself, shape (k,).
    acceleration
        See `accelerations`, shape (k,).

    Returns
    -------
    tuple
        Two ends of shape (k,); NaN where all draws lie on one side of the estimate, so that no correction exists.

    Notes
    -----
    Percentiles at F(w + (w + z) / (1 - a (w + z))), z the normal quantiles of the tails, w that of the share of
    draws below the estimate (those equal to it count half). Efron (1987), JASA 82, 171. R
    ``boot::boot.ci(type = "bca")``.

    Examples
    --------
    >>> draws = np.arange(1.0, 1000.0)[:, None]
    >>> low, high = bca_ends(draws, np.array([500.0]), np.zeros(1), 0.9)
    >>> round(low.item(), 6), round(high.item(), 6)
    (50.0, 950.0)
    """
    from scipy.special import ndtr, ndtri

    below = ((draws < at).sum(axis=0) + 0.5 * (draws == at).sum(axis=0)) / len(draws)
    z = ndtri(np.array([(1 - confidence) / 2, (1 + confidence) / 2]))
    ends = np.full((len(at), 2), np.nan)
    for j in np.flatnonzero((below > 0) & (below < 1)):
        moved = ndtri(below[j]) + z
        stretch = 1 - acceleration[j] * moved
        if (stretch > 0).all():
            ends[j] = _ordered(draws[:, j], ndtr(ndtri(below[j]) + moved / stretch))
    return ends[:, 0], ends[:, 1]


def accelerations(left_out: Matrix, strata: NDArray[np.intp]) -> Vector:
    """Acceleration of each estimate, from the estimates without each unit.

    Parameters
    ----------
    left_out
        Estimates without each unit, shape (u, k).
    strata
        Stratum of each unit, shape (u,), codes from 0.

    Notes
    -----
    Sum l^3 / m^3 over 6 (sum l^2 / m^2)^(3/2), l = (m - 1) (mean - estimate without the unit) within strata of m units:
    a sixth of the skewness of the estimate, linearised; with one stratum as Efron and Tibshirani (1993, eq. 14.15).
    0 where nothing varies.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 9.0])
    >>> means = (y.sum() - y)[:, None] / 2
    >>> accelerations(means, np.zeros(3, int)).round(4)
    array([0.064])
    """
    size = np.bincount(strata)[strata].astype(float)[:, None]
    mean = np.stack([np.bincount(strata, c)[strata] for c in left_out.T], axis=1) / size
    parts = (size - 1) * (mean - left_out) / size
    spread = (parts**2).sum(axis=0) ** 1.5
    return np.divide((parts**3).sum(axis=0), 6 * spread, out=np.zeros(left_out.shape[1]), where=spread > 0)


def _ordered(draws: Vector, at: Vector) -> Vector:
    """Quantiles: order statistics (R + 1) p, interpolated on the normal scale (Davison and Hinkley 1997, eq. 5.8)."""
    from scipy.special import ndtri

    ordered, count = np.sort(draws), len(draws)
    rank = np.clip((count + 1) * at, 1, count)
    near = np.rint(rank)
    rank = np.where(np.abs(rank - near) < 1e-9 * count, near, rank)
    below = np.clip(np.floor(rank).astype(np.intp), 1, count - 1)
    low, high = ndtri(below / (count + 1)), ndtri((below + 1) / (count + 1))
    share = np.clip((ndtri(rank / (count + 1)) - low) / (high - low), 0, 1)
    return np.asarray(ordered[below - 1] + share * (ordered[below] - ordered[below - 1]))
