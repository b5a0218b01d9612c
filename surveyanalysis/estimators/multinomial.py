"""Unordered outcomes: multinomial (baseline-category) logit by weighted maximum likelihood."""

import numpy as np
from numpy.typing import NDArray

from .baseline import Codes, baseline_likelihood, coefficient_table, others, row_gradients, shares_at
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .newton import maximise
from .whitening import blocks, coordinates

Cube = NDArray[np.float64]


def multinomial_fit(x: Matrix, y: Codes, weights: Vector, levels: int, reference: int = 0) -> Fit:
    """Multinomial logit.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Level of each row, 0 .. levels - 1, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    levels
        How many levels there are, at least 2; each must occur with positive weight.
    reference
        The level whose coefficients are zero.

    Returns
    -------
    Fit
        `params` ((levels - 1) k,): the k coefficients, in the columns' order, of the first level that is not the
        reference, then those of the next. Observed and expected information are the same.

    Raises
    ------
    DataError
        If a level is empty or unknown, a column depends on others, or values are missing.
    ChoiceError
        If the reference is no level.

    Notes
    -----
    P(y = j) = exp(x b_j) / sum over l of exp(x b_l), b_reference = 0. Maximises sum w log P(y), which is concave, by
    Newton's method with analytic derivatives on whitened columns, from the model of the intercept alone. Where no
    finite maximum exists, `converged` is False and `separation.separating_multinomial` names columns and levels.
    Checked against R ``nnet::multinom`` polished to the optimum (c.mnl.*), and for a clustered design (b.mlogit.*).

    Examples
    --------
    >>> multinomial_fit(np.ones((4, 1)), np.array([0, 1, 1, 2]), np.ones(4), 3).params.round(4) + 0.0
    array([0.6931, 0.    ])
    """
    given = others(levels, reference)
    check_rows(x, y, weights)
    used = present(weights)
    x_used, y_used, w = x[used], np.asarray(y[used], np.intp), weights[used]
    share = level_shares(y_used, w, levels)
    z, turn = coordinates(x_used)
    start = np.outer(np.log(share[given] / share[reference]), z.mean(axis=0)).ravel()
    setting = z, y_used, w
    solution = maximise(lambda p: baseline_likelihood(*setting, p, levels, reference), start, scale=w.sum())
    slopes = row_gradients(*setting, solution.params, levels, reference)
    back = np.asarray(np.kron(np.eye(levels - 1), turn), float)
    return spread(linear_map(solution.params, slopes, solution.information, back, solution), used, len(x))


def multinomial_probabilities(params: Vector, x: Matrix, levels: int, reference: int = 0) -> Matrix:
    """Probability of every level at every row.

    Parameters
    ----------
    params
        Coefficients of `multinomial_fit`.
    x
        Shape (m, k).

    Returns
    -------
    Matrix
        Shape (m, levels); rows sum to 1.

    Examples
    --------
    >>> multinomial_probabilities(np.log([2.0, 3.0]), np.ones((1, 1)), 3).round(4)
    array([[0.1667, 0.3333, 0.5   ]])
    """
    return shares_at(coefficient_table(params, levels, reference), x)[1].T


def multinomial_jacobian(params: Vector, x: Matrix, levels: int, reference: int = 0) -> Cube:
    """Derivative of every level's probability by every parameter: P_j (1[j = a] - P_a) x.

    Parameters
    ----------
    params
        Coefficients of `multinomial_fit`, shape (p,).
    x
        Shape (m, k).

    Returns
    -------
    Cube
        Shape (m, levels, p); sums over levels are 0.

    Examples
    --------
    >>> multinomial_jacobian(np.zeros(2), np.ones((1, 1)), 3).round(4)[0]
    array([[-0.1111, -0.1111],
           [ 0.2222, -0.1111],
           [-0.1111,  0.2222]])
    """
    p = multinomial_probabilities(params, x, levels, reference)
    turn = p[:, :, None] * (np.eye(levels) - p[:, None, :])[:, :, others(levels, reference)]
    return (turn[..., None] * x[:, None, None, :]).reshape(len(x), levels, -1)


def multinomial_summed_jacobian(params: Vector, x: Matrix, weights: Vector, levels: int, reference: int = 0) -> Matrix:
    """Sum over rows of weight times `multinomial_jacobian`; the cube itself is never made.

    Parameters
    ----------
    params, x
        As in `multinomial_jacobian`.
    weights
        Shape (m,); negative ones are allowed.

    Returns
    -------
    Matrix
        Shape (levels, p); columns sum to 0.

    Examples
    --------
    >>> multinomial_summed_jacobian(np.zeros(2), np.ones((9, 1)), np.ones(9), 3).round(4)
    array([[-1., -1.],
           [ 2., -1.],
           [-1.,  2.]])
    """
    table, given = coefficient_table(params, levels, reference), others(levels, reference)
    crossed = np.zeros((levels, levels, x.shape[1]))
    for rows in blocks(len(x)):
        p = shares_at(table, x[rows])[1]
        for a in given:
            crossed[:, a] -= (weights[rows] * p[a] * p) @ x[rows]
    each = np.arange(levels)
    crossed[each, each] = 0
    crossed[each, each] = -crossed.sum(axis=0)
    return crossed[:, given].reshape(levels, -1)
