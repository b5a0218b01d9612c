"""Average effects of covariates on a response of several linear predictors."""

from collections.abc import Mapping, Sequence

import numpy as np

from .curves import Curves
from .fit import Matrix, Vector


def average_effects(
    curves: Curves, columns: Sequence[Matrix], weights: Vector, params: Vector, covariates: Sequence[Mapping[int, int]]
) -> tuple[Vector, Matrix]:
    """Average derivatives of a response by covariates, each of which may act by several predictors.

    Parameters
    ----------
    curves
        The response as a function of r predictors at m rows.
    columns
        Covariates of each predictor, as in `Joint`.
    weights
        Shape (m,).
    params
        Coefficients of all predictors in their order, shape (p,).
    covariates
        For each of q covariates, its column in every predictor that it is in: {predictor: column}, counted from 0.

    Returns
    -------
    tuple
        Effects (q,), and their derivatives by all p coefficients, shape (q, p).

    Notes
    -----
    The mean of the sum over predictors of the response's derivative times the covariate's coefficient there.

    Examples
    --------
    >>> from .curves import exp_of, variables
    >>> x = np.array([[0.0], [1.0]])
    >>> average_effects(exp_of(variables(x.T)[0]), [x], np.ones(2), np.ones(1), [{0: 0}])[0].round(4)
    array([1.8591])
    """
    share = weights / weights.sum()
    edges = np.cumsum([0, *(part.shape[1] for part in columns)])
    factors = curves.first @ share
    moved = [np.concatenate([(share * bend) @ part for bend, part in zip(bends, columns)]) for bends in curves.second]
    effects, jacobian = np.zeros(len(covariates)), np.zeros((len(covariates), len(params)))
    for row, places in enumerate(covariates):
        for predictor, column in places.items():
            at = edges[predictor] + column
            effects[row] += factors[predictor] * params[at]
            jacobian[row] += moved[predictor] * params[at]
            jacobian[row, at] += factors[predictor]
    return effects, jacobian
