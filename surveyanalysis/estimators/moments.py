"""Means, totals and ratios: estimators that need no iteration."""

import numpy as np

from ..errors import DataError
from .fit import Fit, Matrix, Vector


def mean(y: Matrix, weights: Vector) -> Fit:
    """Weighted means of the columns of `y`.

    Parameters
    ----------
    y
        Numbers, or 0/1 for shares, shape (n, k); no missing values.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (k,), `scores` (n, k).

    Raises
    ------
    DataError
        If the weights sum to zero: there is nobody to describe.

    Notes
    -----
    sum w y / sum w; the mean of a constant is that constant to the last bit. Score of row i: w_i (y_i - mean) / sum w.
    Checked against R survey ``svymean``.

    Examples
    --------
    >>> mean(np.array([[1.0], [0.0], [1.0]]), np.array([2.0, 1.0, 1.0])).params
    array([0.75])
    """
    size = _positive(weights.sum(), "the weights")
    constant = (y == y[:1]).all(axis=0)
    params = np.where(constant, y[0], weights @ y / size)
    return Fit(params, scores=weights[:, None] * (y - params) / size)


def total(y: Matrix, weights: Vector) -> Fit:
    """Weighted totals of the columns of `y`.

    Parameters
    ----------
    y
        Shape (n, k); no missing values.
    weights
        How many people each row stands for, shape (n,).

    Returns
    -------
    Fit
        `params` (k,), `scores` (n, k) = w y. Checked against R survey ``svytotal``.

    Examples
    --------
    >>> total(np.array([[1.0], [0.0], [1.0]]), np.array([2.0, 1.0, 1.0])).params
    array([3.])
    """
    scores = weights[:, None] * y
    return Fit(scores.sum(axis=0), scores=scores)


def ratio(numerator: Matrix, denominator: Matrix, weights: Vector) -> Fit:
    """Ratios of weighted totals, column by column.

    Parameters
    ----------
    numerator, denominator
        Shape (n, k) each; no missing values.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (k,), `scores` (n, k).

    Raises
    ------
    DataError
        If a denominator's total is zero.

    Notes
    -----
    r = sum w a / sum w b; score of row i: w_i (a_i - r b_i) / sum w b. A domain mean is the ratio of y 1(domain) to
    1(domain). Checked against R survey ``svyratio``.

    Examples
    --------
    >>> ratio(np.array([[2.0], [4.0]]), np.array([[1.0], [2.0]]), np.array([1.0, 3.0])).params
    array([2.])
    """
    bottom = _positive(weights @ denominator, "the denominator")
    params = weights @ numerator / bottom
    return Fit(params, scores=weights[:, None] * (numerator - params * denominator) / bottom)


def _positive(value: Vector, what: str) -> Vector:
    """Refuse a sum of zero (or NaN) below a fraction line."""
    if not (abs(value) > 0).all():
        raise DataError(f"The sum of {what} is {value}: nobody is left to describe. Widen the domain.")
    return value
