"""Shares strictly between 0 and 1: beta regression by weighted maximum likelihood."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..errors import DataError
from .curves import Curves, exp_of, expit_of, variables
from .fit import Fit, Matrix, Vector
from .joint import Joint, best_from
from .likelihood import check_rows, present, spread
from .location_scale import least_squares, reported
from .newton import Solution
from .whitening import coordinates

SURE = 1e7  # a precision beyond it leaves no spread, and no digits to tell it by


def beta_fit(x: Matrix, y: Vector, weights: Vector, precision: Matrix | None = None) -> Fit:
    """Beta regression.

    Parameters
    ----------
    x
        Covariates of the mean with the intercept's column, shape (m, k); no missing values.
    y
        Share strictly between 0 and 1, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    precision
        Covariates of the precision with the intercept's column, shape (m, r); one precision for all where None.

    Returns
    -------
    Fit
        `params` = [k slopes of the mean's logit, r slopes of the log precision], with observed information.

    Raises
    ------
    DataError
        A share is 0, 1 or outside, a column depends on others, or values are missing.

    Notes
    -----
    y is beta with mean mu = 1 / (1 + exp(-x b)) and precision phi = exp(z c): shapes mu phi and (1 - mu) phi, variance
    mu (1 - mu) / (1 + phi). The log-likelihood is not concave: Newton's method starts from least squares of log(y / (1
    - y)) and from a flat distribution, and the higher end is kept. Checked against values by R's ``optim`` and Newton
    with numDeriv of ``dbeta`` (l.beta.*), as R ``betareg`` defines it.

    References
    ----------
    Ferrari and Cribari-Neto 2004, Journal of Applied Statistics 31: 799-815.

    Examples
    --------
    >>> y = np.array([0.1, 0.2, 0.3, 0.4, 0.6])
    >>> beta_fit(np.ones((5, 1)), y, np.ones(5)).params.round(4)
    array([-0.7526,  1.925 ])
    """
    z = np.ones((len(x), 1)) if precision is None else precision
    check_rows(x, y, weights)
    check_rows(z, y, weights)
    used = present(weights)
    y_used, w = np.asarray(y[used], float), weights[used]
    outside = int(((y_used <= 0) | (y_used >= 1)).sum())
    if outside:
        raise DataError(
            f"{outside} of {len(y_used)} shares are not strictly between 0 and 1 (they run from {y_used.min():g} to "
            f"{y_used.max():g}): they have no beta density. Fit an inflated beta or a fractional logit."
        )
    (inner, turn), (wide, spin) = coordinates(x[used]), coordinates(z[used])
    joint = Joint((inner, wide), w, beta_rows(y_used))
    solution = _told(best_from(joint, _starts(inner, wide, y_used, w)), wide)
    back = np.zeros((len(turn) + len(spin), len(turn) + len(spin)))
    back[: len(turn), : len(turn)], back[len(turn) :, len(turn) :] = turn, spin
    return spread(reported(joint, solution, back @ solution.params, back, 0.0), used, len(x))


def beta_rows(y: Vector) -> Callable[[Matrix, slice], Curves]:
    """Log-density of shares as a function of the mean's logit and the log precision.

    Examples
    --------
    >>> beta_rows(np.array([0.3]))(np.array([[0.0], [np.log(2.0)]]), slice(None)).value + 0.0
    array([0.])
    """

    def curves(values: Matrix, rows: slice) -> Curves:
        e, f = variables(values)
        phi = exp_of(f)
        up, down = expit_of(e) * phi, expit_of(-e) * phi
        inside = (up - 1.0) * np.log(y[rows]) + (down - 1.0) * np.log1p(-y[rows])
        return log_gamma_of(phi) - log_gamma_of(up) - log_gamma_of(down) + inside

    return curves


def _told(solution: Solution, z: Matrix) -> Solution:
    """The solution, with the precision named where it is what has no bound."""
    highest = float((z @ solution.params[-z.shape[1] :]).max())
    if highest < np.log(SURE):
        return solution
    message = (
        f"the precision runs to infinity (its logarithm is {highest:.0f}) and the likelihood rises for ever: the "
        "covariates give some shares exactly. Leave out terms"
    )
    return replace(solution, converged=False, message=message)


def log_gamma_of(curves: Curves) -> Curves:
    """Logarithm of the gamma function.

    Examples
    --------
    >>> log_gamma_of(variables(np.full((1, 1), 5.0))[0]).value.round(4)
    array([3.1781])
    """
    from scipy.special import digamma, gammaln, polygamma

    return curves.through(gammaln(curves.value), digamma(curves.value), polygamma(1, curves.value))


def _starts(x: Matrix, z: Matrix, y: Vector, w: Vector) -> list[Vector]:
    """From least squares of the logits with the precision of their spread, and from the flat distribution."""
    logits = np.log(y) - np.log1p(-y)
    slopes, error = least_squares(x, logits, w)
    mean = 1 / (1 + np.exp(-x @ slopes))
    # the delta method: the logit's variance is that of y over [mean (1 - mean)]^2
    phi = max(float(np.average(1 / (mean * (1 - mean)), weights=w)) / error**2 - 1, 0.1)
    level = least_squares(z, np.ones(len(z)), w)[0]
    return [
        np.concatenate([slopes, np.log(phi) * level]),
        np.concatenate([np.zeros(x.shape[1]), np.log(2) * level]),
    ]
