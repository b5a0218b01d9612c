"""Multinomial logit with a correction for bias: finite estimates where a level is rare or separated."""

from dataclasses import replace

import numpy as np

from .adjusted_baseline import adjusted_baseline, adjusted_baseline_rows
from .baseline import Codes, others
from .fit import Fit, Matrix, Vector
from .likelihood import check_codes, check_rows, present, spread
from .newton import maximise
from .penalty import penalised_likelihood, penalised_map, penalty_weights, rescaled
from .whitening import coordinates


def firth_multinomial_fit(
    x: Matrix, y: Codes, weights: Vector, levels: int, reference: int = 0, *, counts: bool = False
) -> Fit:
    """Multinomial logit with reduced bias (Firth 1993).

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Level of each row, 0 .. levels - 1, shape (m,); a level may be empty.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    levels, reference
        How many levels there are, and the one whose coefficients are zero.
    counts
        Whether weights are numbers of respondents; else they are scaled to mean 1, as in `firth_fit`.

    Returns
    -------
    Fit
        `params` in the order of `multinomial_fit`, finite also under separation. `scores` are the exact derivatives by
        weight; `information` is that of the likelihood without penalty, `covariance` its inverse, `loglik` without
        penalty, all under the weights as scaled.

    Raises
    ------
    DataError
        If a level is unknown, a column depends on others, or values are missing.
    ChoiceError
        If the reference is no level.

    Notes
    -----
    Maximises the log-likelihood plus log det(information) / 2; another reference gives the same fit. Checked against R
    ``brglm2::brmultinom`` (c.firth.mnl.alligators); two levels are `firth_fit`.

    Examples
    --------
    >>> firth_multinomial_fit(np.ones((3, 1)), np.array([0, 0, 1]), np.ones(3), 3).params.round(4)
    array([-0.5108, -1.6094])
    """
    others(levels, reference)
    check_rows(x, y, weights)
    used = present(weights)
    y_used, w = np.asarray(y[used], np.intp), penalty_weights(weights[used], counts)
    check_codes(y_used, levels)
    z, turn = coordinates(x[used])
    setting = z, y_used, w
    ends = levels, reference
    start = baseline_start(z, y_used, w, *ends)
    solution = maximise(penalised_likelihood(lambda p: adjusted_baseline(*setting, p, *ends)), start, w.sum())
    at = adjusted_baseline(*setting, solution.params, *ends)
    slopes = adjusted_baseline_rows(*setting, solution.params, *ends)
    back = np.asarray(np.kron(np.eye(levels - 1), turn), float)
    fit = penalised_map(solution, slopes, at.jacobian, at.information, back)
    return spread(replace(rescaled(fit, w, counts), loglik=at.loglik), used, len(x))


def baseline_start(z: Matrix, y: Codes, w: Vector, levels: int, reference: int) -> Vector:
    """The model of the intercept alone, with half a respondent more at every level.

    Examples
    --------
    >>> baseline_start(np.ones((1, 1)), np.array([1]), np.ones(1), 2, 0).round(4)
    array([1.0986])
    """
    size = np.bincount(y, w, levels) + 0.5
    return np.outer(np.log(size[others(levels, reference)] / size[reference]), z.mean(axis=0)).ravel()
