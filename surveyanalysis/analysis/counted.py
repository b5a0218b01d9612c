"""Weighted counts of answers by group, and the shares that follow from them."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..design.design import Design
from ..design.linearized import carried, carried_within
from ..design.stages import Codes, taken
from ..estimators.fit import Matrix, Vector
from .contingency import CellTable
from .measured import Counts, Measured, nan_where_empty, seen, with_empty
from .variables import Categories


@dataclass(frozen=True, eq=False)
class Counted:
    """Respondents by group and answer, counted once for everything that is said of them.

    Attributes
    ----------
    used
        Domain of respondents with an answer and a group.
    group, cell
        Group of each row used, and group * L + answer, shape (m,) each.
    weights
        Weights of the rows used, divided by `unit`, shape (m,).
    number, total
        Respondents, and sums of their `weights`, shape (G, L).
    unit
        A power of two, so that no square of a weight is out of range.
    """

    used: Design
    group: Codes
    cell: Codes
    weights: Vector
    number: Counts
    total: Matrix
    unit: float

    @cached_property
    def covariance(self) -> Matrix:
        """Linearised covariance of `total`, shape (G * L, G * L)."""
        return self.used.covariance(self.weights[:, None], self.cell, self.total.size)

    def totals(self, weights: Vector) -> Matrix:
        """Sums of other weights of the rows used, shape (G, L)."""
        return _summed(self.cell, weights, self.total.shape)


def counted(used: Design, answers: Codes, levels: int, groups: Codes, count: int) -> Counted:
    """Count respondents and their weights; `answers` and `groups` are codes of all rows of the survey, shape (n,)."""
    group = taken(groups, used.rows)
    cell = group * levels + taken(answers, used.rows)
    unit = float(np.exp2(np.floor(np.log2(np.abs(used.row_weights).max()))))
    weights, shape = used.row_weights / unit, (count, levels)
    number = np.bincount(cell, minlength=count * levels).reshape(shape)
    return Counted(used, group, cell, weights, number, _summed(cell, weights, shape), unit)


def _summed(cell: Codes, weights: Vector, shape: tuple[int, ...]) -> Matrix:
    """Sums of weights by cell."""
    return np.asarray(np.bincount(cell, weights, minlength=math.prod(shape)), float).reshape(shape)


def shares(found: Counted) -> Measured:
    """Share of each answer among the respondents of each group.

    Returns
    -------
    Measured
        G * L estimates: level l of group g at position g * L + l.

    Notes
    -----
    Shares are ratios of weighted counts T: p = T_gl / T_g, with derivative (1(l = m) - p_gl) / T_g by T_gm; their
    covariance is that of the counts carried over (R ``svyby(~q, ~g, svymean, covmat = TRUE)``).
    """
    return _shares(found, found.number, found.total, found.group, together=False)


def shares_of_all(found: Counted) -> Measured:
    """Share of each answer over all groups: L estimates."""
    number, total = (cells.sum(axis=0, keepdims=True) for cells in (found.number, found.total))
    return _shares(found, number, total, np.zeros_like(found.cell), together=True)


def _shares(found: Counted, number: Counts, total: Matrix, group: Codes, together: bool) -> Measured:
    """Shares within the rows of `total`: the `group` of each row used, or all groups `together`."""
    (count, levels), (share, base) = total.shape, _within(total)

    def again(weights: Vector) -> Vector:
        other = found.totals(weights)
        return nan_where_empty(*_within(other.sum(axis=0, keepdims=True) if together else other)).ravel()

    covaried = found.used.covaried(
        nan_where_empty(share, base).ravel(), again, lambda: _linearised(found, share, base, together)
    )
    return with_empty(
        Measured(
            share.ravel(),
            covaried.matrix,
            np.repeat(found.used.group_df(group, count), levels),
            np.repeat(number.sum(axis=1), levels),
            np.repeat(base.ravel() * found.unit, levels),
            number.ravel(),
            np.repeat(found.used.group_complete(group, count), levels),
            covaried.failed,
        )
    )


def _within(total: Matrix) -> tuple[Matrix, Matrix]:
    """Shares within each row, zero where nobody is, shape (G, L); and the rows' sums, shape (G, 1)."""
    base = total.sum(axis=1, keepdims=True)
    return total / np.where(base == 0, 1.0, base), base


def _linearised(found: Counted, share: Matrix, base: Matrix, together: bool) -> Matrix:
    """Covariance of shares, carried over from that of the weighted counts."""
    slope = (np.eye(share.shape[1]) - share[:, :, None]) / np.where(base == 0, np.inf, base)[:, :, None]
    of_counts = found.covariance
    if together:
        count, levels = found.total.shape
        of_counts = of_counts.reshape(count, levels, count, levels).sum(axis=(0, 2))
    return seen(carried_within(slope, of_counts), 2 * share * (1 - share))


def cell_table(found: Counted) -> CellTable:
    """Answers in rows and groups in columns, with the covariance that tests of independence need."""
    used, whole = found.used, found.weights.sum()
    share, size = found.total.ravel() / whole, found.total.size
    covariance = used.covaried(
        share, lambda other: found.totals(other).ravel() / (whole * found.unit), lambda: found.covariance / whole**2
    ).matrix
    of_shares = used.covaried(
        share,
        lambda other: found.totals(other).ravel() / other.sum(),
        lambda: carried(np.eye(size) - share[:, None], covariance),
    ).matrix
    order = np.arange(size).reshape(found.total.shape).T.ravel()
    return CellTable(
        found.number.T,
        found.total.T * found.unit,
        covariance[np.ix_(order, order)],
        of_shares[np.ix_(order, order)],
        used.df,
        used.simple,
        used.replicates is not None,
    )


def crossed(used: Design, rows: Categories, columns: Categories) -> CellTable:
    """Cells of two questions among the respondents used, `rows` by `columns`."""
    return cell_table(counted(used, rows.codes, len(rows.levels), columns.codes, len(columns.levels)))
