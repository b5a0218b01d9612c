"""How answers spread and go together: variances, correlations, Cronbach's alpha."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Fit, Matrix, Vector
from .moments import mean

WHOLE = 1e-14  # 1 - |r| of a correlation that is whole but for rounding
ROUNDING = 1e-12  # of the largest deviation: standard deviations below it are rounding
Places = NDArray[np.intp]


def pairs(count: int, own: bool = True) -> tuple[Places, Places]:
    """First and second column of every pair of `count` columns, row by row; each with itself where `own`.

    Examples
    --------
    >>> [tuple(map(int, pair)) for pair in zip(*pairs(3, own=False))]
    [(0, 1), (0, 2), (1, 2)]
    """
    return np.triu_indices(count, 0 if own else 1)


def covariance_fit(y: Matrix, weights: Vector, size: float) -> Fit:
    """Variances and covariances of the columns of `y` in the population, pairs in the order of `pairs`.

    Parameters
    ----------
    y
        Numbers, shape (n, k); no missing values.
    weights
        Shape (n,).
    size
        Respondents: the sum of squares is divided by the share (size - 1) / size of the weights. It stays what it is
        under replicate weights.

    Returns
    -------
    Fit
        `params` (k (k + 1) / 2,), `scores` of the same number of columns; NaN for a single respondent.

    Raises
    ------
    DataError
        The weights sum to zero.

    Notes
    -----
    size / (size - 1) * sum w (y_j - mean_j)(y_k - mean_k) / sum w. The means add nothing to the score, since the sum of
    deviations from them is zero: it is that of a mean of products. Checked against R survey ``svyvar``.

    Examples
    --------
    >>> covariance_fit(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), np.ones(3), 3).params
    array([1., 2., 4.])
    """
    away = _deviations(y, weights)
    first, second = pairs(y.shape[1])
    factor = size / (size - 1) if size > 1 else np.nan
    products = factor * away[:, first] * away[:, second]
    return mean(products, weights)


def correlation_fit(y: Matrix, weights: Vector) -> Fit:
    """Pearson correlations of the columns of `y`, pairs in the order of ``pairs(k, own=False)``.

    Parameters
    ----------
    y
        Numbers, shape (n, k); no missing values.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (k (k - 1) / 2,), `scores` of the same number of columns.

    Raises
    ------
    DataError
        A column is constant, or the weights sum to zero.

    Notes
    -----
    With deviations z in units of standard deviations, r = mean of z_j z_k, and row i has the score
    w_i (z_j z_k - r (z_j^2 + z_k^2) / 2) / sum w: what the means and variances add is in it. At r = 1 and -1 it is 0.
    Checked against R survey ``svyvar`` with ``svycontrast``.

    Examples
    --------
    >>> correlation_fit(np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0]]), np.ones(3)).params.round(12)
    array([-0.5])
    """
    away = _deviations(y, weights)
    total = weights.sum()
    sd = np.sqrt(weights @ away**2 / total)
    varies = sd > ROUNDING * np.abs(away).max(axis=0)
    if not varies.all():
        raise DataError(f"Column {int(np.argmin(varies))} is constant: it has no correlation.")
    z = away / sd
    first, second = pairs(y.shape[1], own=False)
    r = weights @ (z[:, first] * z[:, second]) / total
    whole = 1 - np.abs(r) < WHOLE
    params = np.where(whole, np.sign(r), r)
    scores = z[:, first] * z[:, second] - params / 2 * (z[:, first] ** 2 + z[:, second] ** 2)
    return Fit(params, np.where(whole, 0.0, scores) * (weights / total)[:, None])


def alpha_fit(y: Matrix, weights: Vector) -> Fit:
    """Cronbach's alpha of the sum of the columns of `y`.

    Parameters
    ----------
    y
        Items, shape (n, k), k at least 2; no missing values.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (1,), `scores` (n, 1).

    Raises
    ------
    DataError
        The sum of the items is constant.

    Notes
    -----
    k / (k - 1) * (1 - sum of the items' variances / variance of their sum) (Cronbach 1951), with weighted variances;
    scores by the chain rule through these. Checked against R survey ``svycralpha``.

    Examples
    --------
    >>> alpha_fit(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 4.0]]), np.ones(3)).params.round(4)
    array([0.9231])
    """
    away, k = _deviations(y, weights), y.shape[1]
    parts, whole = (away**2).sum(axis=1), away.sum(axis=1) ** 2
    share, total = weights / weights.sum(), float(weights @ whole / weights.sum())
    if not total > ROUNDING**2 * parts.max():
        raise DataError("The sum of the items is the same for everybody: it has no reliability.")
    ratio = float(share @ parts) / total
    scores = -k / (k - 1) * share * (parts - ratio * whole) / total
    return Fit(np.array([k / (k - 1) * (1 - ratio)]), scores[:, None])


def _deviations(y: Matrix, weights: Vector) -> Matrix:
    """Deviations from the weighted means, taken twice, so that a large common level leaves no rounding."""
    away = y - mean(y, weights).params
    return away - mean(away, weights).params
