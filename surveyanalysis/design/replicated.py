"""Variance by replicates: the same estimate again under many sets of weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import ConvergenceError, DataError, SeparationError
from ..estimators.batched_likelihood import WeightSets
from ..estimators.fit import Matrix, Vector
from ..estimators.turned import products
from ..estimators.whitening import blocks
from ..threads import one_thread
from .stages import Codes, taken

FAILED = 0.1  # share of replicates without a result above which no variance is given
CLEAR = 1e-6  # curvature of columns of size one above which no pivot comes near to RANK
ENOUGH = 50  # rows a column that are looked at first
FEW = 500  # replicates up to which products of all pairs are quicker than an elimination
RANK = 1e-5  # of a column: below it, a replicate repeats the others (as R)


@dataclass(frozen=True, eq=False)
class ReplicateWeights:
    """Sets of weights of all rows, and how much the estimates under them count.

    Attributes
    ----------
    factors
        Factor of each unit in each replicate, shape (units, R).
    unit
        Unit of each row, shape (n,); None where every row is its own.
    base
        Weight of each row that the factors multiply, shape (n,).
    scale, rscales
        V = scale * sum of rscales_r (theta_r - centre)^2.
    mse
        Whether the centre is the estimate under the full weights; else the mean over replicates.
    kind
        "JK1", "JKn", "BRR", ...
    seed
        Of drawn replicates; None where there was nothing to draw.
    """

    factors: Matrix
    unit: Codes | None
    base: Vector
    scale: float
    rscales: Vector
    mse: bool
    kind: str
    seed: int | None = None

    @property
    def count(self) -> int:
        """Number of replicates R."""
        return self.factors.shape[1]

    def weights(self, replicate: int, rows: Codes) -> Vector:
        """Weights of these rows in one replicate."""
        column = self.factors[:, replicate]
        return self.base[rows] * (column[rows] if self.unit is None else column[self.unit[rows]])

    def df(self, rows: Codes) -> float:
        """Rank of the weights of these rows minus one (R ``degf``)."""
        base, factors = self.base[rows], self.factors if self.unit is not None else taken(self.factors, rows)
        if self.unit is not None:
            # rows of a unit are multiples of one another: products of columns are those of units, squares summed
            squares = np.bincount(self.unit[rows], base**2, len(factors))
            base, factors = np.sqrt(squares[squares > 0]), factors[squares > 0]
        return float(_rank(base, factors)) - 1

    @cached_property
    def total_scale(self) -> float:
        """Sum of all factors of the squares."""
        return float(self.scale * self.rscales.sum())


@dataclass(frozen=True, slots=True)
class Covaried:
    """A covariance, shape (k, k), and the number of replicates that gave no result."""

    matrix: Matrix
    failed: int = 0


@dataclass(frozen=True, eq=False)
class RowSets:
    """Weights of these rows in every replicate, shape (m, R), made by slices of rows as they are asked for."""

    replicates: ReplicateWeights
    rows: Codes

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and replicates."""
        return len(self.rows), self.replicates.count

    def __getitem__(self, part: slice) -> Matrix:
        """Weights of some of the rows."""
        every, found = len(self.rows) == len(self.replicates.base), self.replicates
        at = part if every else self.rows[part]
        return found.base[at, None] * found.factors[at if found.unit is None else found.unit[at]]


def replicate_covariance(
    again: Callable[[Vector], Vector],
    at: Vector,
    replicates: ReplicateWeights,
    rows: Codes,
    again_many: Callable[[WeightSets], Matrix | None] | None = None,
) -> Covaried:
    """Covariance of estimates from their values under every set of weights.

    Parameters
    ----------
    again
        Weights of `rows` -> estimates, shape (k,); NaN, or a ConvergenceError, SeparationError or DataError, where
        there is no estimate.
    at
        Estimates under the full weights, shape (k,); those that are NaN have no variance.
    again_many
        The same for all replicates at once, shape (m, R) -> (R, k); it gives None where it does not.

    Returns
    -------
    Covaried
        NaN rows and columns where `at` is NaN.

    Raises
    ------
    DataError
        More than a tenth of the replicates give no result.

    Notes
    -----
    scale * sum of rscales (theta - centre)(theta - centre)'. Replicates without a result are left out, counted, and the
    sum is scaled up by what they would have weighed (R survey leaves it as it is, so that the variance shrinks).
    """
    known = np.isfinite(at)
    together = None if again_many is None else again_many(RowSets(replicates, rows))
    if together is None:
        together = np.stack([_once(again, replicates.weights(r, rows), len(at)) for r in range(replicates.count)])
    thetas = together[:, known]
    kept = np.isfinite(thetas).all(axis=1)
    failed = int((~kept).sum())
    if failed > FAILED * replicates.count:
        raise DataError(
            f"{failed} of {replicates.count} replicates give no estimate, more than {FAILED:.0%}: no variance can be "
            "had from them. Widen the domain, merge rare answers, or use a linearised design."
        )
    rscales = replicates.rscales[kept]
    scale = replicates.total_scale / rscales.sum() if failed and rscales.sum() > 0 else replicates.scale
    centre = at[known] if replicates.mse else thetas[kept][rscales > 0].mean(axis=0)
    away = (thetas[kept] - centre) * np.sqrt(rscales)[:, None]
    whole = np.full((len(at), len(at)), np.nan)
    whole[np.ix_(known, known)] = scale * away.T @ away
    return Covaried(whole, failed)


def _once(again: Callable[[Vector], Vector], weights: Vector, count: int) -> Vector:
    """Estimates under one set of weights, NaN where there are none."""
    try:
        return again(weights)
    except (ConvergenceError, SeparationError, DataError):
        return np.full(count, np.nan)


def _rank(base: Vector, factors: Matrix) -> int:
    """Number of columns of base * factors that do not repeat the ones before, by pivoted elimination.

    Where no pivot can come near to the bound, the smallest eigenvalue of the products of columns of size one tells; of
    very many rows some are enough for that, since the others can only add to it.
    """
    rows, count = factors.shape
    size = np.sqrt(sum((base[at] ** 2 @ factors[at] ** 2 for at in blocks(rows)), np.zeros(count)))
    if count <= min(rows, FEW) and (size > 0).all():  # more columns than rows always repeat
        every = slice(None, None, max(1, rows // (ENOUGH * count)))
        with one_thread():
            together = products(factors[every], base[every] ** 2)
        if np.linalg.eigvalsh(together / np.outer(size, size))[0] > CLEAR:
            return count
    from scipy.linalg import qr

    columns = base[:, None] * factors / np.where(size > 0, size, 1)
    diagonal = np.abs(np.diag(qr(np.linalg.qr(columns, mode="r"), mode="r", pivoting=True)[0]))
    return int((diagonal > RANK).sum())


def stacked(columns: Sequence[Vector]) -> Matrix:
    """Columns side by side, shape (n, R)."""
    return np.stack(columns, axis=1)
