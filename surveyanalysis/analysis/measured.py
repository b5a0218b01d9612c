"""Means and totals of a design's respondents by group, with their joint covariance; the frame of such estimates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..design.design import Design
from ..design.linearized import ROUNDING
from ..design.stages import taken
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


def nan_where_empty(estimate: Matrix, base: Matrix) -> Matrix:
    """Nothing, not zero, where a base holds no weight."""
    return np.where(base != 0, estimate, np.nan)


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
    y, group = taken(values, used.rows), taken(groups, used.rows)
    known = ~np.isnan(y)
    whole = bool(known.all())
    y = y if whole else np.where(known, y, 0.0)
    params, base = _averages_under(y, known, weights, group, count, what)
    covaried = used.covaried(
        nan_where_empty(params, base).ravel(),
        lambda other: nan_where_empty(*_averages_under(y, known, other, group, count, what)).ravel(),
        lambda: _average_covariance(used, y, known, group, params, base, what),
    )
    everybody = np.bincount(group, minlength=count)[:, None].repeat(k, axis=1)
    ones, n = _by_group(y, group, count), everybody if whole else _by_group(known, group, count)
    order = np.arange(count * k).reshape(count, k).T.ravel()
    return with_empty(
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
    w = _known_weights(weights, known)
    base, total = _by_group(w, group, count), _by_group(w * y, group, count)
    if what == "total":
        return total, base
    params = total / np.where(base == 0, 1.0, base)
    return params + _by_group(w * (y - params[group]), group, count) / np.where(base == 0, 1.0, base), base


def _known_weights(weights: Vector, known: NDArray[np.bool_]) -> Matrix:
    """Weights where a value is known, else zero, shape (m, k)."""
    if known.all():
        return np.broadcast_to(weights[:, None], known.shape)
    return weights[:, None] * known


def _average_covariance(
    used: Design, y: Matrix, known: NDArray[np.bool_], group: NDArray[np.intp], params: Matrix, base: Matrix, what: str
) -> Matrix:
    """Linearised covariance of means or totals, estimate j of group g at position g * k + j."""
    w = _known_weights(used.row_weights, known)
    scores = w * y if what == "total" else w * (y - params[group]) / np.where(base == 0, np.inf, base)[group]
    return seen(used.covariance(scores, group, len(params)), _by_group(abs(scores), group, len(params)))


def _by_base(
    what: Callable[[NDArray[np.intp], int], NDArray[Any]], known: NDArray[np.bool_], group: NDArray[np.intp], count: int
) -> NDArray[Any]:
    """`group_df` or `group_complete` of every column's base in every group, shape (k * G,); each base once.

    `what` takes the group of each row used, -1 where the column is missing, and the number of groups.
    """
    if known.all():
        return np.tile(what(group, count), known.shape[1])
    bases = {seen.tobytes(): seen for seen in known.T}
    found = {key: what(np.where(seen, group, -1), count) for key, seen in bases.items()}
    return np.concatenate([found[seen.tobytes()] for seen in known.T])


def seen(covariance: Matrix, size: Matrix) -> Matrix:
    """The covariance, with variances that are nothing but rounding of contributions of this total size set to zero."""
    nothing = np.diag(covariance) <= (ROUNDING * size.ravel()) ** 2
    return np.where(nothing[:, None] | nothing[None, :], 0.0, covariance) if nothing.any() else covariance


def _by_group(columns: Matrix, group: NDArray[np.intp], count: int) -> Matrix:
    """Column sums within groups, shape (count, k)."""
    if count == 1:
        return columns.sum(axis=0, keepdims=True)
    return np.stack([np.bincount(group, column, minlength=count) for column in columns.T], axis=1)


def with_empty(measured: Measured) -> Measured:
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
