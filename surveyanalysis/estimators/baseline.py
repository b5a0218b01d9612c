"""The likelihood of a baseline-category (multinomial) logit with its analytic derivatives."""

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError
from .fit import Matrix, Vector
from .whitening import blocks

Codes = NDArray[np.intp]


def others(levels: int, reference: int) -> Codes:
    """The levels that have coefficients, in order.

    Examples
    --------
    >>> others(4, 1)
    array([0, 2, 3])
    """
    if reference not in range(levels):
        raise ChoiceError(f"`reference` is {reference}; with {levels} levels it is one of 0..{levels - 1}.")
    return np.delete(np.arange(levels), reference)


def coefficient_table(params: Vector, levels: int, reference: int) -> Matrix:
    """Coefficients by level, zero at the reference, shape (levels, k).

    Examples
    --------
    >>> coefficient_table(np.array([1.0, 2.0, 3.0, 4.0]), 3, 1)
    array([[1., 2.],
           [0., 0.],
           [3., 4.]])
    """
    given = others(levels, reference)
    table = np.zeros((levels, len(params) // (levels - 1)))
    table[given] = params.reshape(levels - 1, -1)
    return table


def shares_at(table: Matrix, part: Matrix) -> tuple[Matrix, Matrix]:
    """Log probabilities and probabilities of every level at rows of `part` (m, k), shape (levels, m) each.

    Examples
    --------
    >>> shares_at(np.array([[0.0], [0.0]]), np.ones((1, 1)))[1]
    array([[0.5],
           [0.5]])
    """
    eta = table @ part.T
    eta -= eta.max(axis=0)
    share = np.exp(eta)
    whole = share.sum(axis=0)
    return eta - np.log(whole), share / whole


def baseline_likelihood(
    z: Matrix, y: Codes, w: Vector, params: Vector, levels: int, reference: int
) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and information, block by block of rows.

    Parameters
    ----------
    z, y, w
        Covariates (n, k), levels (n,) from 0, weights (n,).
    params, levels, reference
        [k coefficients of each level but the reference]; the number of levels; the one without coefficients.

    Returns
    -------
    tuple
        Value, gradient (p,), negative Hessian (p, p): observed and expected information are the same.

    Notes
    -----
    The information of a row is (diag(P) - P P') x z z'. Its diagonal blocks are the sums of what lies off them,
    P_a (1 - P_a) = sum over b of P_a P_b: nothing cancels where a probability is nearly 1.

    Examples
    --------
    >>> at = np.ones((2, 1)), np.array([0, 1]), np.ones(2), np.zeros(1), 2, 0
    >>> value, score, information = baseline_likelihood(*at)
    >>> round(value, 4), score, information
    (-1.3863, array([0.]), array([[0.5]]))
    """
    table, width = coefficient_table(params, levels, reference), z.shape[1]
    value, score, crossed = 0.0, np.zeros(table.shape), np.zeros((levels, levels, width, width))
    for rows in blocks(len(z)):
        part, weight = z[rows], w[rows]
        log_p, p = shares_at(table, part)
        own = y[rows], np.arange(len(part))
        value += float(weight @ log_p[own])
        rest = -weight * p
        rest[own] += weight
        score += rest @ part
        for a in range(levels):
            for b in range(a):
                crossed[a, b] += part.T @ ((weight * p[a] * p[b])[:, None] * part)
    return value, np.delete(score, reference, axis=0).ravel(), _information(crossed, reference)


def _information(crossed: NDArray[np.float64], reference: int) -> Matrix:
    """From the lower triangle of sums of P_a P_b zz' to the information of the coefficients that exist."""
    levels, width = crossed.shape[0], crossed.shape[2]
    full = crossed + crossed.transpose(1, 0, 2, 3)
    result, each = -full, np.arange(levels)
    result[each, each] = full.sum(axis=1)
    kept = np.delete(np.delete(result, reference, axis=0), reference, axis=1)
    size = (levels - 1) * width
    return kept.transpose(0, 2, 1, 3).reshape(size, size)


def row_gradients(z: Matrix, y: Codes, w: Vector, params: Vector, levels: int, reference: int) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (n, p); parameters as in `baseline_likelihood`.

    Examples
    --------
    >>> row_gradients(np.ones((2, 1)), np.array([0, 1]), np.ones(2), np.zeros(1), 2, 0)
    array([[-0.5],
           [ 0.5]])
    """
    rest = -shares_at(coefficient_table(params, levels, reference), z)[1]
    rest[y, np.arange(len(y))] += 1
    rest = np.delete(rest, reference, axis=0) * w
    return (rest.T[:, :, None] * z[:, None, :]).reshape(len(z), -1)
