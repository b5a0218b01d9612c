"""Are the lines parallel? Brant's test from separate logits, and the likelihood ratio of nested cumulative models."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .binary import binary_fit, binary_mean
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, present
from .links import LinkName
from .nonparallel import nonparallel_fit
from .ordered import ordered_fit


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


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Two nested fits.

    Attributes
    ----------
    statistic, df
        Twice the gain in log-likelihood, and the number of parameters more. Chi-squared where weights are counts.
    message
        Why the wider model has no solution, if so: the statistic then rests on the supremum of its likelihood, and the
        chi-squared distribution does not apply. Empty otherwise.
    """

    statistic: float
    df: int
    message: str = ""


def separate_logits_fit(x: Matrix, y: Codes, weights: Vector, levels: int) -> Fit:
    """A logit for every threshold: who lies above it.

    Parameters
    ----------
    x, y, weights, levels
        As for `ordered_fit`: no intercept in x.

    Returns
    -------
    Fit
        `params` = for each threshold in order [intercept, k slopes] of P(y > j): a positive slope moves towards the
        higher levels. `scores` of all of them, from which a design finds their joint covariance. `covariance` is
        Brant's, where weights are counts. No common likelihood, so no information.

    Raises
    ------
    DataError
        As for `ordered_fit`.

    Notes
    -----
    Covariance of thresholds j <= l: I_j^-1 [sum w p_l (1 - p_j) x x'] I_l^-1 with I_j = sum w p_j (1 - p_j) x x' and
    p_j = P(y > j) (Brant 1990, eq. 3). Checked against c.brant.*.

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> separate_logits_fit(x, y, np.ones(4), 3).params.round(4)
    array([ 1.0986, -1.0986])
    """
    check_rows(x, y, weights)
    used = present(weights)
    level_shares(np.asarray(y[used], np.intp), weights[used], levels)
    centre = x[used].mean(axis=0)
    full = np.column_stack([np.ones(len(x)), x - centre])
    fits = [binary_fit(full, (y > j).astype(float), weights, "logit") for j in range(levels - 1)]
    shift = np.eye(full.shape[1])
    shift[0, 1:] = -centre
    back = np.kron(np.eye(levels - 1), shift)
    params = back @ np.concatenate([f.params for f in fits])
    scores = np.hstack([f.scores @ shift.T for f in fits])
    lost = [j for j, f in enumerate(fits) if not f.converged]
    if lost:
        message = f"the logit of answers above level {lost[0]} (counted from 0): {fits[lost[0]].message}"
        return Fit(params, np.full(scores.shape, np.nan), converged=False, message=message)
    return Fit(params, scores, covariance=back @ _joint(full[used], weights[used], fits) @ back.T)


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
    (0.2402, 1, [[1.6094], [2.3026]])
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


def parallel_lines_ratio(
    x: Matrix, y: Codes, weights: Vector, levels: int, link: LinkName, free: Collection[int] | None = None
) -> LikelihoodRatio:
    """Likelihood ratio of slopes by threshold against parallel lines.

    Parameters
    ----------
    x, y, weights, levels, link
        As for `ordered_fit`.
    free
        Columns whose lines are tested; None for all together.

    Notes
    -----
    As R ``ordinal::nominal_test`` for one term at a time (c.ppo.wine.tests). Where lines of the wider model cross, or
    one of its slopes grows without bound, the message says so.

    Examples
    --------
    >>> x = np.repeat([0.0, 1.0], 6)[:, None]
    >>> y = np.array([0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 2, 2])
    >>> found = parallel_lines_ratio(x, y, np.ones(12), 3, "logit")
    >>> round(found.statistic, 4), found.df
    (0.2589, 1)
    """
    chosen = range(x.shape[1]) if free is None else free
    wide = nonparallel_fit(x, y, weights, levels, link, free=chosen)
    return likelihood_ratio(wide, ordered_fit(x, y, weights, levels, link))


def likelihood_ratio(wide: Fit, narrow: Fit) -> LikelihoodRatio:
    """Likelihood ratio of two nested fits; the narrow one must have a solution.

    Examples
    --------
    >>> wide, narrow = (Fit(np.zeros(k), np.zeros((1, k)), loglik=v) for k, v in ((2, -10.0), (1, -12.0)))
    >>> likelihood_ratio(wide, narrow)
    LikelihoodRatio(statistic=4.0, df=1, message='')
    """
    if not narrow.converged:
        raise DataError(f"The narrower of the two models has no solution: {narrow.message}. There is nothing to test.")
    gain = 2 * (wide.loglik - narrow.loglik)
    return LikelihoodRatio(max(gain, 0.0), len(wide.params) - len(narrow.params), wide.message)


def _joint(x: Matrix, w: Vector, fits: list[Fit]) -> Matrix:
    """Brant's covariance of the separate logits."""
    above = [binary_mean(x @ f.params, "logit") for f in fits]
    inverse = [f.covariance for f in fits if f.covariance is not None]
    k = x.shape[1]
    result = np.empty((k * len(fits), k * len(fits)))
    for j in range(len(fits)):
        for i in range(j + 1):
            middle = x.T @ ((w * above[j] * (1 - above[i]))[:, None] * x)
            block = inverse[i] @ middle @ inverse[j]
            result[k * i : k * (i + 1), k * j : k * (j + 1)] = block
            result[k * j : k * (j + 1), k * i : k * (i + 1)] = block.T
    return result


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
