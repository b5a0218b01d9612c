"""Robust errors: what respondents contribute to the coefficients, taken as independent."""

from ..estimators.fit import Matrix
from .error_words import Variance


def robust_covariance(scores: Matrix, kind: Variance) -> Matrix:
    """Sandwich covariance from contributions (m, p).

    Parameters
    ----------
    kind
        "hc0": the sum of their squares; "hc1": times n / (n - p) (R ``sandwich::vcovHC``); "robust": times n / (n - 1)
        (Stata's ``vce(robust)`` for models of maximum likelihood).

    Examples
    --------
    >>> import numpy as np
    >>> robust_covariance(np.array([[1.0], [-1.0]]), "robust")
    array([[4.]])
    """
    n, p = scores.shape
    factor = {"robust": n / max(n - 1, 1), "hc1": n / max(n - p, 1)}.get(kind, 1.0)
    return factor * (scores.T @ scores)
