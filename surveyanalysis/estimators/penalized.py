"""Binary regressions with a correction for bias: finite estimates where an outcome is rare or separated."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import one_of
from .adjusted import Adjusted, adjusted, adjusted_rows
from .equations import solve_from
from .fit import Fit, Matrix, Vector
from .likelihood import present, spread
from .link import Link
from .links import LinkName, link_named
from .newton import Solution, maximise
from .penalty import check_outcome, penalised_likelihood, penalised_map, penalised_start, penalty_weights, rescaled
from .row_curves import Correction
from .whitening import coordinates

BiasReduction = Literal["firth", "jeffreys", "median"]
CORRECTIONS: dict[str, Correction] = {"firth": "mean", "jeffreys": "jeffreys", "median": "median"}


def firth_fit(
    x: Matrix,
    y: Vector,
    weights: Vector,
    *,
    bias_reduction: BiasReduction = "firth",
    link: LinkName = "logit",
    counts: bool = False,
) -> Fit:
    """Regression of a binary outcome with reduced bias.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        0 or 1, or a share between them, shape (m,); it may be constant.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    bias_reduction
        "firth" removes the first-order bias (Firth 1993; R ``brglm2`` AS_mean, ``logistf``). "jeffreys" maximises the
        likelihood times Jeffreys' prior (MPL_Jeffreys): the same for the logit. "median" makes each coefficient as
        likely too high as too low (Kenne Pagui, Salvan and Sartori 2017; AS_median).
    link
        "logit", "probit" or "cloglog".
    counts
        Whether weights are numbers of respondents and are taken as they are. Else they are scaled to mean 1 over the
        rows that count.

    Returns
    -------
    Fit
        `params` (k,) in the columns' order, finite also under separation. `scores` are the exact derivatives by weight,
        through the correction and the scaling. `information` is the expected one (not the penalised likelihood's),
        `covariance` its inverse, `loglik` without penalty, all under the weights as scaled.

    Raises
    ------
    DataError
        If the outcome is outside [0, 1], a column is dependent on others, or values are missing.

    Notes
    -----
    Unlike maximum likelihood, these estimates depend on the scale of the weights: the correction is of the size of one
    respondent, so with weights that add up to a population it would vanish. With mean 1 it weighs as much as it would
    for as many respondents drawn with equal probabilities; a factor common to all weights then changes nothing, but
    one row of weight 2 is not two rows, as it is with `counts`. "median" belongs to each single coefficient: other
    contrasts of a factor, or another origin of a covariate, change it slightly.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> firth_fit(x, np.array([0.0, 1.0, 1.0, 1.0]), np.ones(4)).params.round(4) + 0.0
    array([0.    , 1.6094])
    """
    kind = CORRECTIONS[one_of(bias_reduction, tuple(CORRECTIONS), "bias_reduction")]
    model = link_named(link)
    check_outcome(x, y, weights)
    used = present(weights)
    y_used, w = np.asarray(y[used], float), penalty_weights(weights[used], counts)
    z, back = coordinates(x[used])
    setting = z, y_used, w, model
    solution = _solution(*setting, kind, back)
    at = adjusted(*setting, solution.params, kind, back)
    slopes = adjusted_rows(*setting, solution.params, kind, back)
    fit = penalised_map(solution, slopes, at.jacobian, at.information, back)
    return spread(replace(rescaled(fit, w, counts), loglik=at.loglik), used, len(x))


def penalised_log_likelihood(
    params: Vector, x: Matrix, y: Vector, weights: Vector, *, link: LinkName = "logit", counts: bool = False
) -> float:
    """Log-likelihood plus log det(information) / 2, which `firth_fit` of "jeffreys" (and any of the logit) maximises.

    Parameters
    ----------
    params
        Coefficients, shape (k,).
    x, y, weights, link, counts
        As in `firth_fit`.

    Returns
    -------
    float

    Examples
    --------
    >>> x = np.ones((2, 1))
    >>> round(penalised_log_likelihood(np.zeros(1), x, np.array([0.0, 1.0]), np.ones(2)), 4)
    -1.7329
    """
    check_outcome(x, y, weights)
    used = present(weights)
    at = np.asarray(y[used], float), penalty_weights(weights[used], counts), link_named(link)
    z, back = coordinates(x[used])
    found = adjusted(z, *at, np.asarray(np.linalg.solve(back, params), float), "jeffreys", back)
    return float(found.loglik + found.penalty - np.linalg.slogdet(back)[1])


def _solution(z: Matrix, y: Vector, w: Vector, link: Link, kind: Correction, back: Matrix) -> Solution:
    """Maximum of the penalised likelihood; where `kind` is another, the root of the corrected scores near it."""
    start, scale = penalised_start(z, y, w, link), float(w.sum())

    def evaluate(correction: Correction) -> Callable[[Vector], Adjusted]:
        return lambda params: adjusted(z, y, w, link, params, correction, back)

    def equations(params: Vector) -> tuple[Vector, Matrix, Matrix]:
        at = evaluate(kind)(params)
        return at.score, at.jacobian, at.information

    found = maximise(penalised_likelihood(evaluate("jeffreys")), start, scale)
    if kind == "jeffreys" or (kind == "mean" and link is link_named("logit")):
        return found
    return solve_from(equations, (found.params, np.zeros(len(start)), start), scale)
