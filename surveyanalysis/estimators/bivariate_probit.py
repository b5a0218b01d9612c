"""Two yes/no answers of one respondent: probits whose errors are correlated."""

from dataclasses import replace

import numpy as np

from .bivariate_likelihood import pair_likelihood, pair_slopes
from .fit import Fit, Matrix, Vector
from .independence import probits_apart, score_at_zero
from .likelihood import linear_map, spread
from .newton import Solution, maximise

BOUND = 0.99  # a correlation beyond it that still rises is on its way to 1
FIRST = 1.5  # the longest first step of atanh(correlation)


def bivariate_probit_fit(x1: Matrix, y1: Vector, x2: Matrix, y2: Vector, weights: Vector) -> Fit:
    """Two probits with correlated errors.

    Parameters
    ----------
    x1, x2
        Covariates of the two answers with the intercept's columns, shapes (m, k1) and (m, k2); no missing values.
    y1, y2
        0 or 1, shape (m,) each.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.

    Returns
    -------
    Fit
        `params` = [k1 slopes, k2 slopes, atanh of the correlation], with observed information.
        Not converged where the correlation runs to 1 or -1, which the message says.

    Raises
    ------
    DataError
        If an answer is constant or not 0 and 1, a column depends on others, or values are missing.

    Notes
    -----
    y_j = 1 where x_j b_j + e_j > 0, with e standard normal of correlation rho. Maximises sum w log Phi2(q1 x1 b1,
    q2 x2 b2, q1 q2 rho), q = 2y - 1, by Newton's method with analytic derivatives on whitened columns, from the two
    probits and one step of the correlation (Ashford and Sowden 1970; Greene 2012, section 17.5). Checked against R with
    ``pbivnorm`` polished by Newton, and VGAM ``binom2.rho`` (o.bip.*).

    Examples
    --------
    >>> one = np.ones((10, 1))
    >>> y1, y2 = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0.0]), np.array([0, 0, 0, 1, 1, 1, 1, 0, 0, 1.0])
    >>> bivariate_probit_fit(one, y1, one, y2, np.ones(10)).params.round(4) + 0.0
    array([0.    , 0.    , 0.3195])
    """
    apart = probits_apart(x1, y1, x2, y2, weights)
    k1, size = x1.shape[1], x1.shape[1] + x2.shape[1] + 1
    if apart.message:
        return _nowhere(len(x1), size, apart.message)
    back = np.eye(size)
    back[:k1, :k1], back[k1:-1, k1:-1] = apart.backs
    found = score_at_zero(apart)
    first = np.clip(found.score / found.information, -FIRST, FIRST)
    start = np.concatenate([apart.first.params, apart.second.params, [first]])
    pair = apart.pair
    solution = maximise(lambda p: pair_likelihood(pair, p), start, scale=pair.weights.sum(), concave=False)
    solution = _told(solution)
    slopes = pair_slopes(pair, solution.params)
    return spread(linear_map(solution.params, slopes, solution.information, back, solution), apart.used, len(x1))


def _told(solution: Solution) -> Solution:
    """The solution, with the correlation named where it is what has no bound."""
    rho = float(np.tanh(solution.params[-1]))
    if solution.converged or abs(rho) < BOUND:
        return solution
    end = "1" if rho > 0 else "-1"
    message = (
        f"the correlation of the errors runs to its bound {end} and the likelihood rises for ever: beyond the "
        "covariates one answer all but follows from the other. Report the two probits apart"
    )
    return replace(solution, message=message)


def _nowhere(rows: int, size: int, message: str) -> Fit:
    """A fit without numbers."""
    return Fit(np.full(size, np.nan), np.full((rows, size), np.nan), converged=False, message=message)
