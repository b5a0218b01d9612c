"""Shares with a heap at 0, at 1, or at both: inflated beta regression."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, one_of
from .beta import beta_fit
from .curves import Curves, exp_of, expit_of, variables
from .fit import Fit, Matrix, Vector
from .joint import together
from .likelihood import check_rows
from .multinomial import multinomial_fit

InflatedScale = Literal["observed", "between", "at_0", "at_1"]


def inflated_beta_fit(z: Matrix, x: Matrix, y: Vector, weights: Vector, precision: Matrix | None = None) -> Fit:
    """Beta regression of the shares between, and a logit of which shares are at an end.

    Parameters
    ----------
    z
        Covariates of being at an end, with the intercept's column, shape (m, k1).
    x
        Covariates of the mean of the shares between, with the intercept's column, shape (m, k2).
    y
        Share from 0 to 1, shape (m,); at least one row of positive weight is at an end.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    precision
        Covariates of the precision, as in `beta_fit`, shape (m, r).

    Returns
    -------
    Fit
        `params` = [k1 slopes of log(P(y = 0) / P(between)), if there is a 0; k1 slopes of log(P(y = 1) / P(between)),
        if there is a 1; k2 slopes of the mean's logit; r slopes of the log precision], with observed information. The
        parts have nothing in common, so its blocks between them are 0.

    Raises
    ------
    DataError
        No share is at an end, a share is outside 0..1, a column depends on others, or values are missing.

    Notes
    -----
    As gamlss's BEINF, BEINF0 and BEINF1 with log links of nu and tau (Ospina and Ferrari 2012). Each part is checked by
    itself: `multinomial_fit` and `beta_fit`.

    References
    ----------
    Ospina and Ferrari 2012, Computational Statistics and Data Analysis 56: 1609-1623.

    Examples
    --------
    >>> y, one = np.array([0.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0]), np.ones((8, 1))
    >>> inflated_beta_fit(one, one, y, np.ones(8)).params.round(4)
    array([-0.9163, -1.6094, -0.7526,  1.925 ])
    """
    check_rows(z, y, weights)
    used = y[weights > 0]
    if used.min() < 0 or used.max() > 1:
        raise DataError(f"A share must lie between 0 and 1; the outcome runs from {used.min():g} to {used.max():g}.")
    code, ends = end_codes(y, weights)
    if not ends:
        raise DataError("No share is 0 or 1: nothing is inflated. Fit the beta regression alone.")
    if not ((y > 0) & (y < 1) & (weights > 0)).any():
        raise DataError("Every share is 0 or 1: nothing is between. Fit a binary model.")
    which = multinomial_fit(z, code, weights, ends + 1, reference=0)
    between = (y > 0) & (y < 1)
    within = np.where(between[:, None], x, 0.0)[between]
    amount = beta_fit(within, y[between], weights[between], None if precision is None else precision[between])
    scores = np.zeros((len(y), len(amount.params)))
    scores[between] = amount.scores
    return together([which, replace(amount, scores=scores)])


def end_codes(y: Vector, weights: Vector) -> tuple[NDArray[np.intp], int]:
    """Code 0 for shares between, then one for each end that occurs with weight, and how many ends these are.

    Examples
    --------
    >>> end_codes(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 1.0]))
    (array([0, 0, 1]), 1)
    """
    code, ends = np.zeros(len(y), np.intp), 0
    for end in (0, 1):
        at = y == end
        if (at & (weights > 0)).any():
            ends += 1
            code[at] = ends
    return code, ends


def inflated_beta_response(predictors: Matrix, what: InflatedScale, ends: tuple[int, ...] = (0, 1)) -> Curves:
    """Means and probabilities of an inflated beta regression.

    Parameters
    ----------
    predictors
        At every row, in the order of the parameters: z a for each end that occurs, the mean's logit x b, and, if
        given, the log precision, on which no mean depends; shape (len(ends) + 1 or + 2, m).
    what
        "observed": E(y). "between": E(y | 0 < y < 1). "at_0", "at_1": P(y = 0), P(y = 1).
    ends
        Which ends occur: (0,), (1,) or (0, 1).

    Returns
    -------
    Curves
        Value (m,), and derivatives by the predictors.

    Examples
    --------
    >>> inflated_beta_response(np.array([[0.0], [0.0], [0.0]]), "observed").value.round(4)
    array([0.5])
    """
    one_of(what, ("observed", "between", "at_0", "at_1"), "what")
    one_of(tuple(ends), ((0,), (1,), (0, 1)), "ends")
    every = variables(np.asarray(predictors, float))
    odds, mean = [exp_of(e) for e in every[: len(ends)]], expit_of(every[len(ends)])
    if what == "between":
        return mean
    total = sum(odds[1:], odds[0]) + 1.0
    share = total.through(1 / total.value, -1 / total.value**2, 2 / total.value**3)
    nothing = mean * 0.0
    chance = {end: odd * share for end, odd in zip(ends, odds)}
    if what == "observed":
        return chance.get(1, nothing) + share * mean
    return chance.get(int(what[-1]), nothing)
