"""Wald's tests: of independence in a table, and of any estimates against zero."""

from dataclasses import dataclass

import numpy as np

from ..design.linearized import carried
from ..estimators.fit import Matrix, Vector
from .contingency import CellTable, expected_counts

SINGULAR = 1e-10  # least eigenvalue of correlations, relative to the largest


@dataclass(frozen=True)
class Wald:
    """Wald's test of independence: the chi-square form and the F that it makes with the design's degrees of freedom."""

    chi2: float
    statistic: float
    df: int
    df_denominator: float
    p: float


def wald(table: CellTable, adjusted: bool = False) -> Wald:
    """Test by the distances of the cells from what their margins would give.

    Parameters
    ----------
    table
        Cells without empty rows and columns.
    adjusted
        Whether the F makes up for the variance of the estimated covariance, as Hotelling's T2 does (Fellegi 1980).

    Returns
    -------
    Wald
        NaN where the covariance is singular, or the design has too few degrees of freedom for it.

    Notes
    -----
    W = Y' V^-1 Y with Y = p_ij - p_i p_j of all rows and columns but the first, k = (r - 1)(c - 1) numbers, and V their
    linearised covariance (Koch, Freeman and Freeman 1975). F = W / k on k and df; adjusted W (df - k + 1) / (k df) on k
    and df - k + 1. The same as R survey ``svychisq(statistic = "Wald")`` and ``"adjWald"``.
    """
    from scipy.special import fdtrc

    share = table.weighted / table.weighted.sum()
    rows, columns = (np.eye(m.size) - m[:, None] for m in (share.sum(axis=1), share.sum(axis=0)))
    inner = np.arange(share.size).reshape(share.shape)[1:, 1:].ravel()
    distance = (share - expected_counts(share)).ravel()[inner]
    chi2 = quadratic_form(distance, carried(np.kron(rows, columns), table.covariance)[np.ix_(inner, inner)])
    k = len(inner)
    below = table.df - k + 1 if adjusted else table.df
    f = chi2 / k * (below / table.df if adjusted else 1.0) if below > 0 else np.nan
    p = float(fdtrc(k, below, f)) if below > 0 and not np.isnan(f) else np.nan
    return Wald(chi2, float(f), k, float(below), p)


def quadratic_form(estimate: Vector, covariance: Matrix) -> float:
    """Y' V^-1 Y, NaN where V is singular."""
    se = np.sqrt(np.diag(covariance))
    if not (se > 0).all():
        return np.nan
    values, vectors = np.linalg.eigh(covariance / np.outer(se, se))
    if values[0] <= SINGULAR * values[-1]:
        return np.nan
    return float(((vectors.T @ (estimate / se)) ** 2 / values).sum())
