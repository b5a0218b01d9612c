"""Tests of a square table of paired answers: symmetry (Bowker) and equal margins (Stuart-Maxwell, Wald)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..design.linearized import ROUNDING, carried
from ..estimators.fit import Matrix, Vector
from .contingency import CellTable, Counts


@dataclass(frozen=True)
class SquareTest:
    """A statistic with its degrees of freedom and p-value; `df_denominator` for an F."""

    statistic: float
    df: float
    p: float
    df_denominator: float | None = None


def bowker(counts: Counts) -> SquareTest:
    """Test whether a square table is symmetric (Bowker 1948).

    Parameters
    ----------
    counts
        Respondents, shape (k, k).

    Returns
    -------
    SquareTest
        df are the pairs of cells with any respondent; p = 1 where nobody answered differently.

    Notes
    -----
    Sum over i < j of (n_ij - n_ji)^2 / (n_ij + n_ji), no continuity correction; McNemar's for k = 2.

    References
    ----------
    R ``mcnemar.test``, which counts empty pairs as well, and then has no p-value.

    Examples
    --------
    >>> bowker(np.array([[10, 5, 1], [2, 8, 0], [1, 4, 9]])).df
    3.0
    """
    from scipy.special import chdtrc

    upper = np.triu_indices(len(counts), 1)
    one, other = counts[upper].astype(float), counts.T[upper].astype(float)
    both = one + other
    statistic = float(((one - other) ** 2 / np.where(both > 0, both, 1)).sum())
    df = int((both > 0).sum())
    return SquareTest(statistic, float(df), float(chdtrc(df, statistic)) if df else 1.0)


def stuart_maxwell(counts: Counts) -> SquareTest:
    """Test whether both margins of a square table are equal (Stuart 1955; Maxwell 1970).

    Parameters
    ----------
    counts
        Respondents, shape (k, k).

    Returns
    -------
    SquareTest
        df is the rank of the covariance: k - 1, less where answers have no change between them.

    Notes
    -----
    d' S^- d with d_i = n_i+ - n_+i and S_ii = n_i+ + n_+i - 2 n_ii, S_ij = -(n_ij + n_ji): the covariance of d where
    the margins are equal. McNemar's for k = 2.

    References
    ----------
    Stuart (1955) on the vision of 7,477 women; R ``coin::mh_test``.

    Examples
    --------
    >>> test = stuart_maxwell(np.array([[20, 10, 5], [3, 30, 15], [0, 5, 40]]))
    >>> round(test.statistic, 2), test.df
    (13.76, 2.0)
    """
    from scipy.special import chdtrc

    statistic, rank = quadratic((counts.sum(axis=1) - counts.sum(axis=0)).astype(float), _spread(counts))
    return SquareTest(statistic, float(rank), float(chdtrc(rank, statistic)) if rank else 1.0)


def marginal_wald(table: CellTable) -> SquareTest:
    """Test whether both margins of a square table are equal under the design.

    Parameters
    ----------
    table
        Cells of the two answers, shape (k, k).

    Returns
    -------
    SquareTest
        F on q and df - q + 1 degrees of freedom; NaN where the clusters are too few to show a covariance of rank q.

    Notes
    -----
    W = d' V^- d with d the differences of the weighted margins' shares, V their linearised covariance, q Stuart's df;
    F = W (df - q + 1) / (q df) (Korn and Graubard 1990; Fellegi 1980). For a simple random sample W is
    (n - 1) / n times the statistic of Bhapkar (1966).

    References
    ----------
    R survey ``svymean``, ``svycontrast`` of the cells.
    """
    from scipy.special import fdtrc

    share = table.weighted.ravel() / table.weighted.sum()
    gaps = gap_contrasts(len(table.counts))
    changed = table.counts.sum(axis=0) + table.counts.sum(axis=1) > 2 * np.diag(table.counts)
    if not changed.any():
        return SquareTest(0.0, 0.0, 1.0)
    q = quadratic(np.zeros(len(changed)), _spread(table.counts))[1]
    wald, rank = quadratic((gaps @ share)[changed], carried(gaps, table.share_covariance)[np.ix_(changed, changed)])
    below = table.df - q + 1
    if rank < q or below < 1:
        return SquareTest(np.nan, float(q), np.nan, float(below))
    f = wald * below / (q * table.df)
    return SquareTest(f, float(q), float(fdtrc(q, below, f)), float(below))


def _spread(counts: Counts) -> Matrix:
    """Covariance of the differences between row and column margins, were they equal in the population."""
    both = (counts + counts.T).astype(float)
    return np.diag(both.sum(axis=0)) - both


def gap_contrasts(levels: int) -> Matrix:
    """Row margin minus column margin of every level, as contrasts of the cells in row order, shape (k, k * k)."""
    own = np.eye(levels)
    return np.kron(own, np.ones(levels)) - np.kron(np.ones(levels), own)


def quadratic(gap: Vector, spread: NDArray[np.float64]) -> tuple[float, int]:
    """gap' spread^- gap, and the rank of `spread`."""
    values, vectors = np.linalg.eigh(spread)
    kept = values > max(values.max(initial=0.0), 0.0) * ROUNDING * 1e3
    along = vectors[:, kept].T @ gap
    return float((along**2 / values[kept]).sum()), int(kept.sum())
