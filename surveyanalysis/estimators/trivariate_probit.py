"""Three yes/no answers of one respondent: probits whose errors are correlated."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import DataError
from .binary import binary_fit
from .fit import Fit, Matrix, Vector
from .joint import Joint, best_from
from .likelihood import check_rows, present, spread
from .location_scale import reported
from .newton import Solution
from .trivariate_likelihood import triple_rows
from .whitening import coordinates

BOUND = 0.99  # a correlation beyond it that still rises is on its way to 1
FIRST = 0.8  # the largest correlation to start from


def trivariate_probit_fit(x: Sequence[Matrix], y: Matrix, weights: Vector) -> Fit:
    """Three probits with correlated errors, as of product, process and organisational innovation.

    Parameters
    ----------
    x
        Covariates of the three answers with the intercept's columns, shapes (m, k1), (m, k2), (m, k3).
    y
        0 or 1, shape (m, 3).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.

    Returns
    -------
    Fit
        `params` = [k1, k2 and k3 slopes, atanh of the correlations of 1 and 2, 1 and 3, 2 and 3], with observed
        information. Not converged where the correlations run to the end of those that exist, which the message says.

    Raises
    ------
    DataError
        There are not three answers, one is constant or not 0 and 1, a column depends on others, or values are missing.

    Notes
    -----
    Maximises sum w log Phi3 by Newton's method with analytic derivatives on whitened columns, from the three probits
    with correlations of their residuals, and with none. The distribution function is computed, not simulated: nothing
    is random. With one correlation alone it is `bivariate_probit_fit` beside a probit, which is tested.

    References
    ----------
    Ashford and Sowden 1970, Biometrics 26: 535-546; Cappellari and Jenkins 2003, Stata Journal 3: 278-294.

    Examples
    --------
    >>> one, cells = np.ones((8, 1)), np.array([[i >> 2, i >> 1 & 1, i & 1] for i in range(8)])
    >>> np.abs(trivariate_probit_fit([one] * 3, cells, np.ones(8)).params).round(6)
    array([0., 0., 0., 0., 0., 0.])
    """
    used = _checked(x, y, weights)
    w, answers = weights[used], np.asarray(y[used], float)
    places = [coordinates(part[used]) for part in x]
    probits = [binary_fit(z, answers[:, j], w, "probit") for j, (z, _) in enumerate(places)]
    sizes = [part.shape[1] for part in x]
    for which, fit in zip(("first", "second", "third"), probits):
        if not fit.converged:
            message = f"the probit of the {which} answer alone has no solution: {fit.message}"
            size = sum(sizes) + 3
            return Fit(np.full(size, np.nan), np.full((len(y), size), np.nan), converged=False, message=message)
    one = np.ones((len(w), 1))
    joint = Joint((*(z for z, _ in places), one, one, one), w, triple_rows(2 * answers.T - 1))
    apart = np.concatenate([fit.params for fit in probits])
    starts = [np.append(apart, angles) for angles in (_residual_angles(places, probits, answers, w), np.zeros(3))]
    solution = _told(best_from(joint, starts))
    back, at = np.eye(sum(sizes) + 3), 0
    for (_, turn), size in zip(places, sizes):
        back[at : at + size, at : at + size] = turn
        at += size
    return spread(reported(joint, solution, back @ solution.params, back, 0.0), used, len(y))


def _checked(x: Sequence[Matrix], y: Matrix, weights: Vector) -> "np.ndarray | slice":
    """Rows that count; refuse anything but three answers of 0 and 1."""
    if len(x) != 3 or y.ndim != 2 or y.shape[1] != 3:
        raise DataError(f"Three answers are needed, each with its covariates; there are {y.shape} and {len(x)}.")
    for part in x:
        check_rows(part, y, weights)
    used = present(weights)
    other = np.setdiff1d(y[used], [0, 1])
    if len(other):
        raise DataError(f"An answer holds {other[0]:g}; all must be 0 or 1. Recode it.")
    return used


def _residual_angles(
    places: Sequence[tuple[Matrix, Matrix]], probits: Sequence[Fit], answers: Matrix, w: Vector
) -> Vector:
    """One step of each correlation from 0, drawn in until the three may occur together."""
    from scipy.special import log_ndtr

    mills, known = [], []
    for j, ((z, _), fit) in enumerate(zip(places, probits)):
        sign, e = 2 * answers[:, j] - 1, z @ fit.params
        log_phi = -(e * e + np.log(2 * np.pi)) / 2
        mills.append(sign * np.exp(log_phi - log_ndtr(sign * e)))
        known.append(np.exp(2 * log_phi - log_ndtr(e) - log_ndtr(-e)))
    pairs = ((0, 1), (0, 2), (1, 2))
    steps = np.array([w @ (mills[i] * mills[j]) / (w @ (known[i] * known[j])) for i, j in pairs])
    r = np.clip(np.tanh(steps), -FIRST, FIRST)
    while 1 - r @ r + 2 * r.prod() < 0.05:
        r = 0.8 * r
    return np.arctanh(r)


def _told(solution: Solution) -> Solution:
    """The solution, with the correlations named where they are what has no bound."""
    r = np.tanh(solution.params[-3:])
    whole = 1 - r @ r + 2 * r.prod()
    if solution.converged or (np.abs(r).max() < BOUND and whole > 1 - BOUND):
        return solution
    shown = ", ".join(f"{value:.3f}" for value in r)
    message = (
        f"the correlations of the errors (12, 13, 23: {shown}) run to the end of those that exist, and the likelihood "
        "rises for ever: beyond the covariates one answer all but follows from the others. Report pairs, or the "
        "probits apart"
    )
    return replace(solution, message=message)
