"""Two questions against each other: Pearson's statistic, and what the design makes of it (Rao and Scott)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class CellTable:
    """Cells of two crossed questions: all that a test of independence needs.

    Attributes
    ----------
    counts
        Respondents, shape (r, c).
    weighted
        Sums of their weights, shape (r, c).
    covariance
        Covariance of the weighted sums divided by `weighted.sum()` as a constant, cells in row order,
        shape (r * c, r * c).
    share_covariance
        Covariance of the cells' shares of the whole table, shape (r * c, r * c).
    df
        Clusters minus strata of the respondents counted.
    simple
        Whether they are a simple random sample with equal weights.
    replicated
        Whether the covariance comes from replicate weights.
    """

    counts: Counts
    weighted: Matrix
    covariance: Matrix
    share_covariance: Matrix
    df: float
    simple: bool
    replicated: bool = False

    @property
    def n(self) -> int:
        """Respondents counted."""
        return int(self.counts.sum())

    def trimmed(self) -> "CellTable":
        """Return the table without the rows and columns that nobody is in."""
        kept = self.counts.sum(axis=1) > 0, self.counts.sum(axis=0) > 0
        at = np.flatnonzero(np.outer(*kept).ravel())
        part = np.ix_(*kept)
        both = np.ix_(at, at)
        return replace(
            self,
            counts=self.counts[part],
            weighted=self.weighted[part],
            covariance=self.covariance[both],
            share_covariance=self.share_covariance[both],
        )


@dataclass(frozen=True)
class RaoScott:
    """A statistic of independence corrected for the design.

    Attributes
    ----------
    x2
        The statistic (Pearson's, or the likelihood ratio) of the weighted shares, scaled to the number of respondents.
    statistic, df, df_denominator, p
        Second-order F test.
    chi_df, chi_p
        First-order chi-square test: X2 / mean design effect on `chi_df`.
    mean_deff
        Mean generalised design effect.
    deffs
        Generalised design effects, shape (chi_df,): independence makes X2 a sum of chi-squares with these weights.
    """

    x2: float
    statistic: float
    df: float
    df_denominator: float
    p: float
    chi_df: int
    chi_p: float
    mean_deff: float
    deffs: Vector


def expected_counts(table: Matrix) -> Matrix:
    """Counts that independence would give, shape (r, c)."""
    return np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()


def pearson_statistic(table: Matrix) -> float:
    """Sum of (observed - expected)^2 / expected; no continuity correction."""
    expected = expected_counts(table)
    return float(((table - expected) ** 2 / expected).sum())


def likelihood_statistic(table: Matrix) -> float:
    """2 * sum of observed * log(observed / expected); empty cells add nothing."""
    seen = table > 0
    return float(2 * (table[seen] * np.log(table[seen] / expected_counts(table)[seen])).sum())


def pearson_test(counts: Counts) -> tuple[float, int, float]:
    """Pearson's statistic, its degrees of freedom and p-value, right far in the tail."""
    from scipy.special import chdtrc

    x2, df = pearson_statistic(counts.astype(float)), (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return x2, df, float(chdtrc(df, x2))


def cramers_v(x2: float, n: float, shape: tuple[int, ...]) -> float:
    """Cramer's V: sqrt(X2 / (n (min(r, c) - 1)))."""
    return float(np.sqrt(x2 / (n * (min(shape) - 1))))


def thin(counts: Counts) -> bool:
    """Whether Pearson's chi-square is no good approximation: Cochran's rule on the expected counts."""
    expected = expected_counts(counts.astype(float))
    return bool((expected < 5).mean() > 0.2 or (expected < 1).any())


def rao_scott(table: CellTable, of: Callable[[Matrix], float] = pearson_statistic) -> RaoScott:
    """Test independence under the design.

    Parameters
    ----------
    table
        Cells without empty rows and columns.
    of
        Statistic to correct: `pearson_statistic` or `likelihood_statistic`, which have the same limit.

    Returns
    -------
    RaoScott

    Notes
    -----
    Design effects of the interaction contrasts C of the cell shares p:
    D = (C' diag(1/p) C / n)^-1 C' diag(1/p) V diag(1/p) C, with 1/0 taken as 0 for empty cells.
    F = X2 / tr D on d = (tr D)^2 / tr D^2 and d * df degrees of freedom (second order, Rao and Scott 1984; Thomas and
    Rao 1987); chi-square: X2 / mean of the diagonal of D (first order). The same as R survey
    ``svychisq(statistic = "F")`` and ``"Chisq"``.
    """
    from scipy.special import chdtrc, fdtrc

    share = table.weighted / table.weighted.sum()
    effects = _design_effects(share, table.share_covariance, table.n)
    trace, chi_df = float(np.trace(effects)), len(effects)
    x2 = of(share) * table.n
    with np.errstate(invalid="ignore", divide="ignore"):
        f, d = np.divide(x2, trace), np.divide(trace**2, np.trace(effects @ effects))
    known = trace > 0 and table.df > 0
    p = float(fdtrc(d, d * table.df, f)) if known else np.nan
    chi_p = float(chdtrc(chi_df, f * chi_df)) if trace > 0 else np.nan
    deffs = np.linalg.eigvalsh(effects).astype(np.float64)
    return RaoScott(x2, float(f), float(d), float(d * table.df), p, chi_df, chi_p, trace / chi_df, deffs)


def _design_effects(share: Matrix, covariance: Matrix, n: int) -> Matrix:
    """Matrix of generalised design effects of the interaction, shape (d, d)."""
    contrast = np.kron(*(_contrasts(size) for size in share.shape))
    p = share.ravel()
    weighted = contrast * np.where(p > 0, 1 / np.where(p > 0, p, 1), 0)[:, None]
    simple = contrast.T @ weighted / n
    values, vectors = np.linalg.eigh(simple)
    kept = values > values.max() * 1e-10
    root = vectors[:, kept] / np.sqrt(values[kept])
    return root.T @ (weighted.T @ covariance @ weighted) @ root


def _contrasts(size: int) -> Matrix:
    """Orthonormal contrasts: columns that sum to zero, shape (size, size - 1)."""
    return np.linalg.qr(np.column_stack([np.ones(size), np.eye(size)[:, 1:]]))[0][:, 1:]
