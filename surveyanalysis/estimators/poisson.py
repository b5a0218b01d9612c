"""Counts: Poisson regression by weighted maximum likelihood."""

from dataclasses import replace

import numpy as np

from .counts import Counts, counts_of, fitted, joint_of
from .fit import Fit, Matrix, Vector
from .joint import joint_likelihood
from .newton import Solution, maximise
from .separation import separating_counts


def poisson_fit(x: Matrix, y: Vector, weights: Vector, *, offset: Vector | None = None) -> Fit:
    """Poisson regression with logarithmic link.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (n, k); no missing values.
    y
        Counts, shape (n,).
    weights
        Shape (n,), not negative; rows of weight 0 count as absent.
    offset
        What is added to the linear predictor, shape (n,): the logarithm of the exposure; 0 without it.

    Returns
    -------
    Fit
        `params` (k,) in the columns' order: logarithms of rate ratios.

    Raises
    ------
    DataError
        If counts are negative, fractional or all 0, a column depends on others, or values are missing.

    Notes
    -----
    Maximises sum w [y log mu - mu - log y!], log mu = x b + offset, by Newton's method on whitened columns. The mean is
    estimated consistently whatever the distribution is, if log mu is as said (Gourieroux, Monfort and Trognon 1984);
    then errors by the design hold, and those of the model do not. Where a column marks rows whose counts are all 0 its
    coefficient is minus infinity, and the message names it. Checked against R ``glm`` and ``svyglm`` (c.count.*,
    b.glm.poisson.clus1).

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 1.0]])
    >>> np.exp(poisson_fit(x, np.array([1, 3, 4, 6.0]), np.ones(4)).params).round(6)
    array([2. , 2.5])
    """
    counts = counts_of(x, y, weights, offset)
    solution = poisson_solution(counts)
    if not solution.converged:
        solution = replace(solution, message=endless_slopes(x, y, weights, solution.message))
    return fitted(joint_of(counts, "poisson"), solution, counts)


def poisson_solution(counts: Counts) -> Solution:
    """The Poisson regression in whitened coordinates, from the model of the intercept alone.

    Examples
    --------
    >>> poisson_solution(counts_of(np.ones((2, 1)), np.array([1.0, 3.0]), np.ones(2))).information.round(6)
    array([[4.]])
    """
    joint = joint_of(counts, "poisson")
    top = counts.offset.max()
    level = np.log(counts.weights @ counts.y) - np.log(counts.weights @ np.exp(counts.offset - top)) - top
    return maximise(lambda p: joint_likelihood(joint, p), level * counts.constant, counts.scale())


def endless_slopes(x: Matrix, y: Vector, weights: Vector, message: str, least: int = 0) -> str:
    """Why a regression of counts of `least` and more has no solution: the columns whose coefficients have no bound.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 1.0]])
    >>> endless_slopes(x, np.array([1.0, 2.0, 0.0, 0.0]), np.ones(4), "")[:67]
    'every count is 0 where columns [1] (counted from 0) of the covariat'
    """
    used = weights > 0
    if (y[used] == least).all():
        return f"every count is {least}, the least possible: the mean runs to it, and there is nothing to explain"
    found = separating_counts(x[used], y[used] - least)
    if found is None:
        return message
    return (
        f"every count is {least} where columns {list(found.columns)} (counted from 0) of the covariates point: their "
        "coefficients grow without bound. Leave them out, or merge the level with others"
    )
