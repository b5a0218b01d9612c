"""Shares, means and totals of a design's respondents by group, with their joint covariance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..design.design import Design
from ..design.linearized import ROUNDING, carried
from ..estimators.fit import Matrix, Vector
from ..intervals import Interval, check_confidence, proportion_interval, t_interval
from ..results import estimates_frame

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """Estimates with what they rest on; every array has one entry an estimate, shape (k,).

    Attributes
    ----------
    covariance
        Shape (k, k); NaN where the base is empty.
    df
        Clusters minus strata of the estimate's own domain.
    n, n_weighted
        Respondents in the base, and the sum of their weights.
    count
        Respondents who gave the answer; for means those in the base.
    complete
        Whether everybody in the population of the base was sampled: such an estimate is certain.
    failed
        Replicates that gave no result.
    """

    estimate: Vector
    covariance: Matrix
    df: Vector
    n: Counts
    n_weighted: Vector
    count: Counts
    complete: NDArray[np.bool_]
    failed: int = 0

    @property
    def se(self) -> Vector:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def take(self, rows: Any) -> "Measured":
        """Return the estimates at these positions, in this order."""
        return Measured(
            self.estimate[rows],
            self.covariance[np.ix_(rows, rows)],
            self.df[rows],
            self.n[rows],
            self.n_weighted[rows],
            self.count[rows],
            self.complete[rows],
            self.failed,
        )


def shares(used: Design, answers: NDArray[np.intp], levels: int, groups: NDArray[np.intp], count: int) -> Measured:
    """Share of each answer among the respondents of each group.

    Parameters
    ----------
    used
        Domain of respondents with an answer and a group.
    answers, groups
        Codes of all rows of the survey, shape (n,).
    levels, count
        Number of answers L and of groups G.

    Returns
    -------
    Measured
        G * L estimates: level l of group g at position g * L + l.

    Notes
    -----
    Shares are ratios of weighted counts T: p = T_gl / T_g, with derivative (1(l = m) - p_gl) / T_g by T_gm; their
    covariance is that of the counts carried over (R ``svyby(~q, ~g, svymean, covmat = TRUE)``).
    """
    group, size = groups[used.rows], count * levels
    cell = group * levels + answers[used.rows]
    weights = _scaled(used.row_weights)
    share, base = _shares_under(cell, weights, count, levels)
    covaried = used.covaried(
        _nan_where_empty(share, base).ravel(),
        lambda other: _nan_where_empty(*_shares_under(cell, other, count, levels)).ravel(),
        lambda: _share_covariance(used, cell, weights, share, base),
    )
    number = np.bincount(cell, minlength=size)
    return _with_empty(
        Measured(
            share.ravel(),
            covaried.matrix,
            np.repeat(used.group_df(group, count), levels),
            np.repeat(number.reshape(count, levels).sum(axis=1), levels),
            np.repeat(base.ravel() * (used.row_weights[0] / weights[0]), levels),
            number,
            np.repeat(used.group_complete(group, count), levels),
            covaried.failed,
        )
    )


def _scaled(weights: Vector) -> Vector:
    """Weights divided by a power of two, so that no square of a weight is out of range."""
    return weights / np.exp2(np.floor(np.log2(np.abs(weights).max())))


def _shares_under(cell: NDArray[np.intp], weights: Vector, count: int, levels: int) -> tuple[Matrix, Matrix]:
    """Shares of each level within each group, shape (G, L), zero where nobody is; and the groups' weights, (G, 1)."""
    total = np.bincount(cell, weights, minlength=count * levels).reshape(count, levels)
    base = total.sum(axis=1, keepdims=True)
    return total / np.where(base == 0, 1.0, base), base


def _nan_where_empty(share: Matrix, base: Matrix) -> Matrix:
    return np.where(base != 0, share, np.nan)


def _share_covariance(used: Design, cell: NDArray[np.intp], weights: Vector, share: Matrix, base: Matrix) -> Matrix:
    """Linearised covariance of shares, carried over from that of the weighted counts."""
    count, levels = share.shape
    slope = np.zeros((count, levels, count, levels))
    own = np.arange(count)
    slope[own, :, own, :] = (np.eye(levels) - share[:, :, None]) / np.where(base == 0, np.inf, base)[:, :, None]
    of_counts = used.covariance(weights[:, None], cell, count * levels)
    return _seen(carried(slope.reshape(count * levels, -1), of_counts), 2 * share * (1 - share))


def averages(
    used: Design, values: Matrix, groups: NDArray[np.intp], count: int, what: Literal["mean", "total"] = "mean"
) -> Measured:
    """Means or totals of columns among the respondents of each group, each column on its own base.

    Parameters
    ----------
    used
        Domain of respondents with a group and at least one value.
    values
        Columns of all rows of the survey, shape (n, k); NaN where a respondent is not in the column's base.
    groups
        Codes of all rows, shape (n,).
    count
        Number of groups G.

    Returns
    -------
    Measured
        k * G estimates: group g of column j at position j * G + g. For 0/1 columns `count` holds the number of ones.

    Notes
    -----
    A respondent outside a column's base contributes zero to its mean, so that means on different bases have a joint
    covariance. A mean contributes w (y - mean) / T (the mean is taken out before squares are summed), a total w y.
    """
    weights, k = used.row_weights, values.shape[1]
    y, group = values[used.rows], groups[used.rows]
    known = ~np.isnan(y)
    y = np.where(known, y, 0.0)
    params, base = _averages_under(y, known, weights, group, count, what)
    covaried = used.covaried(
        _nan_where_empty(params, base).ravel(),
        lambda other: _nan_where_empty(*_averages_under(y, known, other, group, count, what)).ravel(),
        lambda: _average_covariance(used, y, known, group, params, base, what),
    )
    ones, n = _by_group(y * known, group, count), _by_group(known.astype(float), group, count)
    order = np.arange(count * k).reshape(count, k).T.ravel()
    return _with_empty(
        Measured(
            params.T.ravel(),
            covaried.matrix[np.ix_(order, order)],
            _by_base(used.group_df, known, group, count),
            n.T.ravel().astype(np.int64),
            base.T.ravel(),
            np.rint(ones).T.ravel().astype(np.int64),
            _by_base(used.group_complete, known, group, count),
            covaried.failed,
        )
    )


def _averages_under(
    y: Matrix, known: NDArray[np.bool_], weights: Vector, group: NDArray[np.intp], count: int, what: str
) -> tuple[Matrix, Matrix]:
    """Means or totals by group under these weights, and the weights of their bases, shape (G, k) each."""
    w = weights[:, None] * known
    base, total = _by_group(w, group, count), _by_group(w * y, group, count)
    if what == "total":
        return total, base
    params = total / np.where(base == 0, 1.0, base)
    return params + _by_group(w * (y - params[group]), group, count) / np.where(base == 0, 1.0, base), base


def _average_covariance(
    used: Design, y: Matrix, known: NDArray[np.bool_], group: NDArray[np.intp], params: Matrix, base: Matrix, what: str
) -> Matrix:
    """Linearised covariance of means or totals, estimate j of group g at position g * k + j."""
    w = used.row_weights[:, None] * known
    scores = w * y if what == "total" else w * (y - params[group]) / np.where(base == 0, np.inf, base)[group]
    return _seen(used.covariance(scores, group, len(params)), _by_group(abs(scores), group, len(params)))


def _by_base(
    what: Callable[[NDArray[np.intp], int], NDArray[Any]], known: NDArray[np.bool_], group: NDArray[np.intp], count: int
) -> NDArray[Any]:
    """`group_df` or `group_complete` of every column's base in every group, shape (k * G,); each base once.

    `what` takes the group of each row used, -1 where the column is missing, and the number of groups.
    """
    bases = {seen.tobytes(): seen for seen in known.T}
    found = {key: what(np.where(seen, group, -1), count) for key, seen in bases.items()}
    return np.concatenate([found[seen.tobytes()] for seen in known.T])


def _seen(covariance: Matrix, size: Matrix) -> Matrix:
    """The covariance, with variances that are nothing but rounding of contributions of this total size set to zero."""
    nothing = np.diag(covariance) <= (ROUNDING * size.ravel()) ** 2
    return np.where(nothing[:, None] | nothing[None, :], 0.0, covariance) if nothing.any() else covariance


def _by_group(columns: Matrix, group: NDArray[np.intp], count: int) -> Matrix:
    """Column sums within groups, shape (count, k)."""
    if count == 1:
        return columns.sum(axis=0, keepdims=True)
    return np.stack([np.bincount(group, column, minlength=count) for column in columns.T], axis=1)


def _with_empty(measured: Measured) -> Measured:
    """Nothing, not zero, where nobody is in the base."""
    empty = measured.n == 0
    if not empty.any():
        return measured
    covariance = np.where(empty[:, None] | empty[None, :], np.nan, measured.covariance)
    estimate = np.where(empty, np.nan, measured.estimate)
    df = np.where(empty, np.nan, measured.df)
    return replace(measured, estimate=estimate, covariance=covariance, df=df)


def measured_frame(
    measured: Measured,
    keys: Mapping[str, Sequence[Any]],
    by: Sequence[str] = (),
    *,
    interval: Interval = "t",
    confidence: float = 0.95,
    simple: bool = False,
    counted: bool = True,
) -> pd.DataFrame:
    """Tidy frame of estimates: keys, estimate, se, df, interval, count (for shares), n, n_weighted."""
    check_confidence(confidence)
    p, se, df = measured.estimate, measured.se, measured.df
    if counted:
        n = measured.n.astype(np.float64)
        low, high = proportion_interval(p, se, n, df, interval, confidence, simple, measured.complete)
    else:
        low, high = t_interval(p, se, df, confidence)
    columns = {**keys, "estimate": p, "se": se, "df": df, "ci_low": low, "ci_high": high}
    if counted:
        columns["count"] = measured.count
    return estimates_frame({**columns, "n": measured.n, "n_weighted": measured.n_weighted}, by)
