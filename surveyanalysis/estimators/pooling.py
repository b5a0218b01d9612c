"""Rubin's rules: one result from those of several imputations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector


@dataclass(frozen=True, eq=False)
class Pooling:
    """Estimates over imputations, and where their uncertainty comes from.

    Attributes
    ----------
    estimate
        Means over imputations, shape (k,).
    within, between
        Mean covariance within imputations, and covariance of the estimates between them, shape (k, k).
    complete_df
        Degrees of freedom that there would be with complete answers, shape (k,).
    m
        Number of imputations.
    """

    estimate: Vector
    within: Matrix
    between: Matrix
    complete_df: Vector
    m: int

    @property
    def total(self) -> Matrix:
        """Covariance of the estimates, shape (k, k)."""
        return self.within + (1 + 1 / self.m) * self.between

    @property
    def increase(self) -> Vector:
        """Relative increase of each variance by the missing answers, (1 + 1/m) B / W; infinite where W is zero."""
        between, within = (1 + 1 / self.m) * np.diag(self.between), np.diag(self.within)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(between > 0, between / within, np.where(np.isnan(between), np.nan, 0.0))

    @property
    def share(self) -> Vector:
        """Share of each variance that is due to the missing answers, (1 + 1/m) B / T."""
        return 1 - 1 / (1 + self.increase)

    @property
    def df(self) -> Vector:
        """Degrees of freedom after Barnard and Rubin (1999); those of Rubin (1987) for infinite complete ones."""
        share, complete = self.share, self.complete_df
        with np.errstate(divide="ignore", invalid="ignore"):
            old = np.where(share > 0, (self.m - 1) / share**2, np.inf)
            observed = np.where(np.isinf(complete), np.inf, (complete + 1) / (complete + 3) * complete * (1 - share))
            both = 1 / (1 / old + 1 / observed)
        return np.where(np.isinf(old), observed, np.where(np.isinf(observed), old, both))

    @property
    def missing_information(self) -> Vector:
        """Fraction of missing information, (r + 2 / (df + 3)) / (1 + r)."""
        r, df = self.increase, self.df
        with np.errstate(invalid="ignore"):
            return np.where(np.isinf(r), 1.0, (r + 2 / (df + 3)) / (1 + r))


def pooled(estimates: Matrix, covariances: np.ndarray, complete_df: Vector) -> Pooling:
    """Combine estimates (m, k) with their covariances (m, k, k).

    References
    ----------
    Rubin (1987), section 3.1; Barnard and Rubin (1999). R mice ``pool``, mitools ``MIcombine``.

    Examples
    --------
    >>> both = pooled(np.array([[1.0], [3.0]]), np.array([[[4.0]], [[4.0]]]), np.array([np.inf]))
    >>> both.estimate.item(), both.total.item(), both.increase.item()
    (2.0, 7.0, 0.75)
    """
    m = len(estimates)
    centre = estimates.mean(axis=0)
    away = estimates - centre
    return Pooling(centre, covariances.mean(axis=0), away.T @ away / (m - 1), complete_df, m)


@dataclass(frozen=True, slots=True)
class JointTest:
    """F statistic that several parameters are zero, its degrees of freedom, and the mean relative increase."""

    statistic: float
    df: float
    df_denominator: float
    increase: float


def jointly_zero(pooling: Pooling, rows: NDArray[np.intp], complete_df: float) -> JointTest:
    """Test that the parameters `rows` are zero together, as D1 of Li, Raghunathan and Rubin (1991).

    Parameters
    ----------
    complete_df
        Degrees of freedom with complete answers: finite ones give the denominator of Reiter (2007).

    Notes
    -----
    r = (1 + 1/m) tr(B W^-1) / k, F = q' W^-1 q / (k (1 + r)): the missing answers are taken to cost each combination of
    the parameters alike, since B from few imputations is poor in several dimensions.
    """
    at = np.ix_(rows, rows)
    k, m = len(rows), pooling.m
    inverse = np.linalg.inv(pooling.within[at])
    r = (1 + 1 / m) * float(np.trace(pooling.between[at] @ inverse)) / k
    q = pooling.estimate[rows]
    return JointTest(float(q @ inverse @ q) / (k * (1 + r)), float(k), _denominator(k, m, r, complete_df), r)


def _denominator(k: int, m: int, r: float, complete: float) -> float:
    """Denominator degrees of freedom."""
    t = k * (m - 1)
    if r <= 0:
        return (complete + 1) / (complete + 3) * complete if np.isfinite(complete) else np.inf
    if t <= 4:
        large = t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2
        return large if np.isinf(complete) else min(large, complete)
    if np.isinf(complete):
        return 4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2
    return _reiter(t, r, complete)


def _reiter(t: int, r: float, complete: float) -> float:
    """Small-sample denominator of Reiter (2007), equation 2."""
    star, a = (complete + 1) / (complete + 3) * complete, r * t / (t - 2)
    near, far = star - 2 * (1 + a), star - 4 * (1 + a)
    if far <= 0:  # the expansion needs more degrees of freedom than there are
        return min(4.0, star)
    own = a**2 * near / ((1 + a) ** 2 * far) + 8 * a**2 * near / ((1 + a) * far**2) + 4 * a**2 / ((1 + a) * far)
    own += 4 * a**2 / (far * near) + 16 * a**2 * near / far**3 + 8 * a**2 / far**2
    return 4 + 1 / (1 / far + own / (t - 4))
