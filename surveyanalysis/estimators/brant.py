"""Are the lines parallel? Brant's test of the slopes of separate logits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .cumulative import Codes
from .fit import Matrix, Vector
from .separate_logits import separate_logits_fit


@dataclass(frozen=True, slots=True)
class Brant:
    """Wald tests that the slopes of separate logits are equal.

    Attributes
    ----------
    statistic, df
        Of all columns together: chi-squared with df = (levels - 2) k under parallel lines; NaN where the covariance of
        the contrasts is singular, as with fewer clusters than contrasts.
    columns, column_df
        Of each column, shape (k,), with df = levels - 2 each.
    slopes
        Slope of every column at every threshold, shape (levels - 1, k).
    """

    statistic: float
    df: int
    columns: Vector
    column_df: int
    slopes: Matrix


def brant(
    x: Matrix, y: Codes, weights: Vector, levels: int, covariance: Callable[[Matrix], Matrix] | None = None
) -> Brant:
    """Brant's test of parallel lines.

    Parameters
    ----------
    x, y, weights, levels
        As for `ordered_fit`; at least 3 levels.
    covariance
        From scores (m, p) to a covariance (p, p), such as that of a design; None for Brant's own, where weights are
        counts.

    Returns
    -------
    Brant

    Raises
    ------
    DataError
        As for `ordered_fit`, if there are only two levels, or if a separate logit has no solution.

    Notes
    -----
    Wald statistic of the contrasts slope_j - slope_0 of the separate logits (Brant 1990, Biometrics 46: 1171-1178).
    Checked against c.brant.*.

    Examples
    --------
    >>> x = np.repeat([0.0, 1.0], 6)[:, None]
    >>> y = np.array([0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 2, 2])
    >>> found = brant(x, y, np.ones(12), 3)
    >>> round(found.statistic, 4), found.df, found.slopes.round(4).tolist()
    (0.2645, 1, [[1.6094], [2.3026]])
    """
    if levels < 3:
        raise DataError(f"With {levels} levels there is one line, which is parallel to itself. Nothing can be tested.")
    fit = separate_logits_fit(x, y, weights, levels)
    if not fit.converged or fit.covariance is None:
        raise DataError(f"Brant's test needs a logit at every threshold, but {fit.message}. Merge rare levels.")
    return equal_slopes(fit.params, fit.covariance if covariance is None else covariance(fit.scores), levels)


def equal_slopes(params: Vector, covariance: Matrix, levels: int) -> Brant:
    """Wald tests that slopes do not differ by threshold.

    Parameters
    ----------
    params, covariance
        For each threshold [intercept, k slopes], shape (p,) and (p, p).
    levels
        Number of levels.

    Examples
    --------
    >>> equal_slopes(np.array([0.0, 1.0, 0.0, 3.0]), np.eye(4), 3).statistic
    2.0
    """
    table = params.reshape(levels - 1, -1)
    k = table.shape[1] - 1
    at = np.arange(len(params)).reshape(table.shape)[:, 1:]
    gaps = np.zeros((levels - 2, k, len(params)))
    for j in range(levels - 2):
        gaps[j, np.arange(k), at[j + 1]], gaps[j, np.arange(k), at[0]] = 1, -1
    columns = np.array([_wald(gaps[:, c], params, covariance) for c in range(k)])
    whole = _wald(gaps.reshape(-1, len(params)), params, covariance)
    return Brant(whole, (levels - 2) * k, columns, levels - 2, table[:, 1:])


def _wald(contrasts: Matrix, params: Vector, covariance: Matrix) -> float:
    """Wald statistic that the contrasts are 0; NaN where their covariance is singular."""
    gap, spread = contrasts @ params, contrasts @ covariance @ contrasts.T
    size = np.sqrt(np.diag(spread))
    if not (size > 0).all():
        return float("nan")
    correlation = spread / np.outer(size, size)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        return float("nan")
    return float(gap / size @ np.linalg.solve(correlation, gap / size))
