"""Linear regression: weighted least squares."""

import numpy as np

from ..errors import DataError
from .fit import Fit, Matrix, Vector
from .whitening import constant_column, whitened


def linear_fit(x: Matrix, y: Vector, weights: Vector) -> Fit:
    """Fit a mean that is linear in the columns of `x`.

    Parameters
    ----------
    x
        Covariates, the intercept among them, shape (n, k); no missing values.
    y
        Outcome, shape (n,).
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (k,), `scores` (n, k); `covariance` is the model-based one, s^2 (x'Wx)^-1 with
        s^2 = sum w e^2 / mean(w) / (n - k), as of weights with mean 1, divided by the mean weight; `loglik` is NaN.

    Raises
    ------
    DataError
        There are no more respondents than coefficients, or a column is a combination of the others.

    Notes
    -----
    b = (x'Wx)^-1 x'W y; score of row i: w_i e_i (x'Wx)^-1 x_i. Solved in whitened columns, so that numbers such as
    years keep their digits. Checked against R survey ``svyglm`` and NIST's certified values.

    Examples
    --------
    >>> x = np.column_stack([np.ones(3), [0.0, 1.0, 2.0]])
    >>> linear_fit(x, np.array([1.0, 3.0, 5.0]), np.array([1.0, 2.0, 1.0])).params.round(12)
    array([1., 2.])
    """
    n, k = x.shape
    if n <= k:
        raise DataError(f"{n} respondents cannot tell {k} coefficients and the spread around them. Leave out terms.")
    intercept = constant_column(x)
    centre = np.zeros(k) if intercept is None else x.mean(axis=0)
    if intercept is not None:
        centre[intercept] = 0.0
    z, turn = whitened(x, centre)
    moved = y - y.mean() if intercept is not None else y
    unscaled = np.linalg.inv(z.T @ (weights[:, None] * z))
    inner = unscaled @ (z.T @ (weights * moved))
    inner += unscaled @ (z.T @ (weights * (moved - z @ inner)))
    errors = moved - z @ inner
    back = turn.copy()
    if intercept is not None:
        back[intercept] -= centre @ turn / x[0, intercept]
    params = back @ inner
    if intercept is not None:
        params[intercept] += y.mean() / x[0, intercept]
    bread = back @ unscaled
    spread = float(weights @ errors**2) / weights.mean() / (n - k)
    return Fit(
        params,
        scores=(weights * errors)[:, None] * (z @ bread.T),
        covariance=spread * (bread @ back.T),
    )
