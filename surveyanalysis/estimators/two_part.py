"""Whether there is any, and how much: two-part models of an outcome with zeros."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import DataError, one_of
from .binary import binary_fit
from .curves import Curves, exp_of, expit_of, variables
from .fit import Fit, Matrix, Vector
from .interval import interval_fit
from .joint import together
from .likelihood import check_rows
from .normal_curves import below
from .tobit_response import tobit_response
from .truncated import truncated_fit

Positive = Literal["truncated", "lognormal"]
ParticipationLink = Literal["probit", "logit"]
TwoPartScale = Literal["observed", "positive", "probability"]


def two_part_fit(
    z: Matrix,
    x: Matrix,
    y: Vector,
    weights: Vector,
    *,
    positive: Positive = "truncated",
    link: ParticipationLink = "probit",
) -> Fit:
    """Two-part (hurdle) model: a binary model of y > 0 and a regression of the positive outcomes.

    Parameters
    ----------
    z
        Covariates of whether there is any, with the intercept's column, shape (m, k1).
    x
        Covariates of how much, with the intercept's column, shape (m, k2); only rows with y > 0 are looked at.
    y
        Outcome, not negative, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    positive
        "truncated": the positive outcomes are normal, truncated at 0 (Cragg 1971). "lognormal": their logarithm
        is normal.
    link
        "probit" (Cragg) or "logit".

    Returns
    -------
    Fit
        `params` = [k1 slopes of the binary model, k2 slopes, log sigma], with observed information: the two parts have
        nothing in common, so its blocks between them are 0 and `loglik` is the sum.

    Raises
    ------
    DataError
        An outcome is negative, nobody or everybody is positive, a column depends on others, or values are missing.

    Notes
    -----
    With "truncated", "probit", x = z and b / sigma equal to the binary model's slopes it is the tobit, so that twice
    the gain in log-likelihood over `tobit_fit` tests the tobit's one mechanism, chi-squared with k degrees of freedom
    (Lin and Schmidt 1984). Checked against R (c.trunc.*).

    References
    ----------
    Cragg 1971, Econometrica 39: 829-844; Lin and Schmidt 1984, Review of Economics and Statistics 66: 174-177.

    Examples
    --------
    >>> y, one = np.array([0.0, 0.0, 1.0, np.e, np.e**2]), np.ones((5, 1))
    >>> two_part_fit(one, one, y, np.ones(5), positive="lognormal").params.round(4)
    array([ 0.2533,  1.    , -0.2027])
    """
    one_of(positive, ("truncated", "lognormal"), "positive")
    one_of(link, ("probit", "logit"), "link")
    check_rows(z, y, weights)
    some = y > 0
    if (y[weights > 0] < 0).any():
        raise DataError(f"The outcome is negative ({y[weights > 0].min():g}) somewhere: a two-part model needs y >= 0.")
    whether = binary_fit(z, some.astype(float), weights, link)
    within, amounts, w = np.where(some[:, None], x, 0.0)[some], y[some], weights[some]
    if positive == "truncated":
        amount = truncated_fit(within, amounts, w)
    else:
        amount = interval_fit(within, amounts, amounts, w, distribution="lognormal")
    scores = np.zeros((len(y), len(amount.params)))
    scores[some] = amount.scores
    return together([whether, replace(amount, scores=scores)])


def two_part_response(
    predictors: Matrix, what: TwoPartScale, *, positive: Positive = "truncated", link: ParticipationLink = "probit"
) -> Curves:
    """Means and probabilities of a two-part model, as functions of z a, x b and log sigma.

    Parameters
    ----------
    predictors
        z a, x b and log sigma at every row, shape (3, m).
    what
        "observed": E(y). "positive": E(y | y > 0). "probability": P(y > 0).
    positive, link
        As in `two_part_fit`.

    Returns
    -------
    Curves
        Value (m,), and derivatives by the three predictors.

    Notes
    -----
    E(y) = P(y > 0) E(y | y > 0); the latter is x b + sigma phi / Phi (x b / sigma), or exp(x b + sigma^2 / 2) for a
    log-normal positive part.

    Examples
    --------
    >>> at = np.array([[0.0], [0.0], [0.0]])
    >>> two_part_response(at, "observed", positive="lognormal").value.round(4)
    array([0.8244])
    """
    one_of(what, ("observed", "positive", "probability"), "what")
    one_of(positive, ("truncated", "lognormal"), "positive")
    one_of(link, ("probit", "logit"), "link")
    whether, e, log_sigma = variables(np.asarray(predictors, float))
    chance = below(whether) if link == "probit" else expit_of(whether)
    if what == "probability":
        return chance
    if positive == "lognormal":
        amount = exp_of(e + exp_of(log_sigma * 2.0) * 0.5)
    else:
        amount = lifted(tobit_response(predictors[1:], "uncensored"), 1)
    return amount if what == "positive" else chance * amount


def lifted(curves: Curves, before: int) -> Curves:
    """The same function among more predictors: `before` others, on which it does not depend, stand first.

    Examples
    --------
    >>> lifted(variables(np.ones((1, 2)))[0], 1).first
    array([[0., 0.],
           [1., 1.]])
    """
    room = ((before, 0), (0, 0))
    return Curves(curves.value, np.pad(curves.first, room), np.pad(curves.second, (room[0], *room)))
