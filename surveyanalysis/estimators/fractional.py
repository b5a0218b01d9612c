"""Shares between 0 and 1, both ends included: fractional logit and probit by quasi-likelihood."""

from dataclasses import replace

import numpy as np

from ..errors import DataError
from .binary import Information, binary_fit
from .fit import Fit, Matrix, Vector
from .links import LinkName


def fractional_fit(
    x: Matrix, y: Vector, weights: Vector, link: LinkName = "logit", *, information: Information = "observed"
) -> Fit:
    """Regression of a share by the binary quasi-likelihood, with errors that ask only that the mean is right.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Share from 0 to 1, shape (m,); divide percentages by 100.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    link, information
        As in `binary_fit`: E(y) = F(x b). R's sandwich of a probit takes "expected".

    Returns
    -------
    Fit
        `params` (k,); `information` of the quasi-likelihood; `covariance` the sandwich, I^-1 [sum w g g'] I^-1 with g
        the gradient of one row of weight 1. `loglik` is the quasi-likelihood: no test or criterion may rest on it.

    Raises
    ------
    DataError
        A share is outside 0..1, all are 0 or all 1, a column depends on others, or values are missing.

    Notes
    -----
    Estimates are those of `binary_fit`, whose model-based errors would be those of yes/no answers: too large for
    shares. Means, slopes and curvature are `binary_mean`, `binary_slope` and `binary_curvature`. Checked against R
    ``glm(family = quasibinomial)`` with ``sandwich`` (l.fractional.*), where HC1 is this times n / (n - k).

    References
    ----------
    Papke and Wooldridge 1996, Journal of Applied Econometrics 11: 619-632.

    Examples
    --------
    >>> fit = fractional_fit(np.ones((4, 1)), np.array([0.0, 0.2, 0.3, 1.0]), np.ones(4))
    >>> fit.params.round(4), np.sqrt(fit.covariance).round(4)
    (array([-0.5108]), array([[0.8035]]))
    """
    if len(y) and np.isfinite(y).all() and (y.min() < 0 or y.max() > 1):
        raise DataError(
            f"A share must lie between 0 and 1; the outcome runs from {y.min():g} to {y.max():g}. Divide "
            "percentages by 100."
        )
    fit = binary_fit(x, np.asarray(y, float), weights, link, information=information)
    if not fit.converged:
        return fit
    return replace(fit, covariance=sandwich(fit.scores, weights))


def sandwich(scores: Matrix, weights: Vector) -> Matrix:
    """Covariance of respondents drawn independently, where weights count them: sum of scores' squares over weights.

    Examples
    --------
    >>> sandwich(np.array([[2.0], [-2.0], [0.0]]), np.array([1.0, 4.0, 0.0]))
    array([[5.]])
    """
    root = np.sqrt(np.where(weights > 0, weights, 1.0))
    return (scores / root[:, None]).T @ (scores / root[:, None])
