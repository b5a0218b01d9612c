"""Linear regression with endogenous covariates: two-stage least squares by weighted instruments."""

from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, present, spread
from .whitening import coordinates


@dataclass(frozen=True, slots=True)
class Stages:
    """Both stages in whitened columns, of rows that count.

    Attributes
    ----------
    x, z, y, weights
        Covariates (n, k), instruments (n, l), outcome (n,) less its mean where there is an intercept, weights (n,).
    turn
        From slopes for the whitened covariates to the user's, shape (k, k).
    fitted
        What the instruments give of the covariates, shape (n, k).
    bread
        Inverse of fitted'W fitted, shape (k, k).
    slopes, errors
        Shape (k,), and y - x slopes, shape (n,).
    """

    x: Matrix
    z: Matrix
    y: Vector
    weights: Vector
    turn: Matrix
    fitted: Matrix
    bread: Matrix
    slopes: Vector
    errors: Vector


def two_stage_fit(x: Matrix, z: Matrix, y: Vector, weights: Vector) -> Fit:
    """Two-stage least squares.

    Parameters
    ----------
    x
        Covariates, the endogenous ones among them, with the intercept's column, shape (m, k); no missing values.
    z
        Instruments: every exogenous column of x, the intercept's too, and the excluded instruments, shape (m, l), l >=
        k.
    y
        Outcome, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.

    Returns
    -------
    Fit
        `params` (k,); `covariance` s^2 (X'WX)^-1 of the fitted covariates X, s^2 = sum w e^2 / mean(w) / (n - k) with
        the residuals e of the true ones, divided by the mean weight as in `linear_fit`; `loglik` is NaN.

    Raises
    ------
    DataError
        There are fewer instruments than covariates, the instruments give nothing of a covariate, a column depends on
        others, or values are missing.

    Notes
    -----
    b = (x'P x)^-1 x'P y with P = z (z'Wz)^-1 z'W. `scores` are the exact derivative by the weights: beside w e X
    (X'WX)^-1 they hold what a respondent's weight does to the first stage, which vanishes where l = k and is small
    where the instruments are valid; R's ``sandwich`` and ``survey::svyivreg`` leave it out. Strength and validity of
    instruments: `instruments`. Checked against R ``AER::ivreg`` (l.iv.*).

    References
    ----------
    Wooldridge 2010, Econometric Analysis of Cross Section and Panel Data, MIT Press, chapter 5.

    Examples
    --------
    >>> z = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
    >>> x = np.column_stack([np.ones(6), [1.0, 2, 3, 3, 4, 5]])
    >>> two_stage_fit(x, z, np.array([1.0, 2, 2, 4, 5, 6]), np.ones(6)).params.round(4)
    array([-1.6667,  1.6667])
    """
    used = two_stage_rows(x, z, y, weights)
    stages = stages_of(x[used], z[used], np.asarray(y[used], float), weights[used])
    w, n, k = stages.weights, len(stages.y), x.shape[1]
    if n <= k:
        raise DataError(f"{n} respondents cannot tell {k} coefficients and the spread around them. Leave out terms.")
    spread_ = float(w @ stages.errors**2) / w.mean() / (n - k)
    back = stages.turn @ stages.bread
    gram = np.linalg.inv(stages.z.T @ (w[:, None] * stages.z))
    remainder = stages.z @ (gram @ (stages.z.T @ (w * stages.errors)))
    rows = stages.errors[:, None] * stages.fitted + remainder[:, None] * (stages.x - stages.fitted)
    params, covariance = stages.turn @ stages.slopes, spread_ * back @ stages.turn.T
    return spread(Fit(params, (w[:, None] * rows) @ back.T, covariance=covariance), used, len(x))


def conventional_scores(x: Matrix, z: Matrix, y: Vector, weights: Vector) -> Matrix:
    """Contributions with the first stage taken as known, shape (m, k): w e X (X'WX)^-1, X the fitted covariates.

    The sandwich of these is that of R's ``sandwich`` and of Stata's ``ivregress, vce(robust)``.

    Examples
    --------
    >>> z = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
    >>> x = np.column_stack([np.ones(4), [1.0, 2, 3, 4]])
    >>> conventional_scores(x, z, np.array([1.0, 2, 2, 4]), np.ones(4)).round(3)[:, 1] + 0.0
    array([ 0.031, -0.031, -0.156,  0.156])
    """
    used = two_stage_rows(x, z, y, weights)
    stages = stages_of(x[used], z[used], np.asarray(y[used], float), weights[used])
    rows = (stages.weights * stages.errors)[:, None] * (stages.fitted @ stages.bread @ stages.turn.T)
    found = np.zeros(x.shape)
    found[used] = rows
    return found


def two_stage_rows(x: Matrix, z: Matrix, y: Vector, weights: Vector) -> "np.ndarray | slice":
    """Rows that count; refuse arrays that do not fit, and fewer instruments than covariates.

    Examples
    --------
    >>> two_stage_rows(np.ones((3, 2)), np.ones((3, 1)), np.ones(3), np.ones(3))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: 1 instruments cannot tell 2 coefficients: ...
    """
    check_rows(x, y, weights)
    check_rows(z, y, weights)
    if z.shape[1] < x.shape[1]:
        raise DataError(
            f"{z.shape[1]} instruments cannot tell {x.shape[1]} coefficients: each exogenous covariate is an "
            "instrument, and each endogenous one needs another that is excluded. Name more instruments."
        )
    return present(weights)


def stages_of(x: Matrix, z: Matrix, y: Vector, weights: Vector) -> Stages:
    """Both stages of rows that all count.

    Examples
    --------
    >>> x = np.column_stack([np.ones(3), np.arange(3.0)])
    >>> stages = stages_of(x, x, 2 + 3 * np.arange(3.0), np.ones(3))
    >>> (stages.turn @ stages.slopes).round(12)
    array([2., 3.])
    """
    (inner, turn), (tools, _) = coordinates(x), coordinates(z)
    w = weights[:, None]
    first = np.linalg.solve(tools.T @ (w * tools), tools.T @ (w * inner))
    fitted = tools @ first
    try:
        coordinates(fitted)
    except DataError as error:
        raise DataError(
            "The instruments give nothing of an endogenous covariate beyond the others: its coefficient does not "
            "exist. Name an instrument that is correlated with it."
        ) from error
    bread = np.asarray(np.linalg.inv(fitted.T @ (w * fitted)), float)
    slopes = np.asarray(bread @ (fitted.T @ (weights * y)), float)
    slopes += bread @ (fitted.T @ (weights * (y - inner @ slopes)))
    return Stages(inner, tools, y, weights, turn, fitted, bread, slopes, y - inner @ slopes)
