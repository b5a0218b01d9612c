"""Outcomes of those who take part: Heckman's two steps, with errors that know of both."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .binary import binary_fit
from .fit import Fit, Matrix, Vector
from .likelihood import spread
from .selection import checked_selection, nowhere
from .whitening import coordinates

EXACT = 1e-10  # spread of the errors beside the largest outcome, below which there are none


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Least squares on covariates and the inverse Mills ratio, of those who are seen.

    Attributes
    ----------
    both, z, weights
        Covariates with the ratio as last column (s, k1 + 1), those of selection (s, k2), weights (s,).
    slopes, errors
        Coefficients (k1 + 1,) and residuals (s,).
    bread
        Inverse of both'W both, shape (k1 + 1, k1 + 1).
    shrink, bend
        delta = ratio (ratio + z g), minus the derivative of the ratio by z g, and delta's own derivative, shape (s,).
    """

    both: Matrix
    z: Matrix
    weights: Vector
    slopes: Vector
    errors: Vector
    bread: Matrix
    shrink: Vector
    bend: Vector

    @property
    def variance(self) -> float:
        """sigma^2: mean squared residual plus what selection has taken off it."""
        return float(self.weights @ (self.errors**2 + self.shrink * self.slopes[-1] ** 2) / self.weights.sum())


def heckman_two_step_fit(
    x: Matrix,
    y: Vector,
    z: Matrix,
    selected: Vector,
    weights: Vector,
    *,
    information: Literal["expected", "observed"] = "expected",
) -> Fit:
    """Regression of an outcome that is seen of those selected only, by a probit and least squares.

    Parameters
    ----------
    x, y, z, selected, weights
        As for `heckman_fit`.
    information
        The probit's in `covariance`: "expected", or "observed" as in Stata.

    Returns
    -------
    Fit
        `params` = [k1 slopes of the outcome, coefficient of the inverse Mills ratio ("lambda"), k2 slopes of
        selection, log sigma, rho]. rho = lambda / sigma is not held within -1 and 1. `scores` are exact for both steps
        together, so any design's covariance is right. `covariance` is Heckman's with Greene's correction, of slopes
        and lambda, and the probit's; it has none for log sigma and rho (NaN), nor for slopes and lambda where rho lies
        so far beyond 1 that a variance would be negative. No information, no log-likelihood.

    Raises
    ------
    DataError
        As for `heckman_fit`, and if the inverse Mills ratio is a combination of the covariates x.

    Notes
    -----
    Probit of selection on z; then weighted least squares of y on x and l = phi(z g) / Phi(z g), of those seen. With
    delta = l (l + z g): sigma^2 = mean(e^2 + delta lambda^2), covariance sigma^2 A^-1 [X'W (I - rho^2 D) X + Q] A^-1,
    A = X'WX, D = diag(delta), Q = rho^2 (X'WDZ) V (Z'WDX), V the probit's (Greene 1981). Checked against c.heckman.*,
    and printed Stata output for Mroz's data.

    References
    ----------
    Heckman 1979, Econometrica 47: 153-161; Greene 1981, Econometrica 49: 795-798.

    Examples
    --------
    >>> z = np.column_stack([np.ones(8), [0.0, 0, 1, 1, 2, 2, 3, 3]])
    >>> y, seen = np.array([0.0, 1, 0, 3, 2, 0, 4, 2]), np.array([0.0, 1, 0, 1, 1, 0, 1, 1])
    >>> heckman_two_step_fit(np.ones((8, 1)), y, z, seen, np.ones(8)).params.round(3)
    array([ 3.586, -2.179, -0.293,  0.44 ,  0.561, -1.244])
    """
    used = checked_selection(x, y, z, selected, weights)
    seen, w = selected[used] == 1, weights[used]
    inside, z_turn = coordinates(z[used])
    probit = binary_fit(inside, seen.astype(float), w, "probit")
    size = x.shape[1] + z.shape[1] + 3
    if not probit.converged:
        return nowhere(len(x), size, f"the probit of selection has no solution: {probit.message}")
    within, x_turn = coordinates(x[used][seen])
    step = second_step(within, np.asarray(y[used][seen], float), inside[seen], probit.params, w[seen])
    sigma = float(np.sqrt(step.variance))
    if sigma <= EXACT * float(np.abs(y[used][seen]).max()):
        return nowhere(len(x), size, "the covariates give the outcome exactly: there are no errors to correlate")
    params = np.concatenate([step.slopes, probit.params, [np.log(sigma), step.slopes[-1] / sigma]])
    first = binary_fit(inside, seen.astype(float), w, "probit", information=information)
    back = _blocks(x_turn, z_turn)
    covariance = np.full((size, size), np.nan)
    covariance[:-2, :-2] = back[:-2, :-2] @ _greene(step, np.asarray(first.covariance, float)) @ back[:-2, :-2].T
    if (np.diag(covariance)[: x.shape[1] + 1] < 0).any():  # rho beyond 1 may take more than there is
        covariance[: x.shape[1] + 1] = covariance[:, : x.shape[1] + 1] = np.nan
    return spread(Fit(back @ params, _scores(step, probit, seen) @ back.T, covariance=covariance), used, len(x))


def second_step(x: Matrix, y: Vector, z: Matrix, selection: Vector, w: Vector) -> SecondStep:
    """Least squares with the inverse Mills ratio, of those who are seen.

    Examples
    --------
    >>> z = np.column_stack([np.ones(4), [0.0, 1.0, 2.0, 3.0]])
    >>> step = second_step(np.ones((4, 1)), np.array([3.0, 2.0, 2.0, 1.0]), z, np.array([0.0, 0.5]), np.ones(4))
    >>> step.slopes.round(4)
    array([0.8419, 2.6723])
    """
    from scipy.special import log_ndtr

    at = z @ selection
    ratio = np.exp(-at * at / 2 - np.log(2 * np.pi) / 2 - log_ndtr(at))
    both = np.column_stack([x, ratio])
    try:
        inner, turn = coordinates(both)
    except DataError as error:
        raise DataError(
            "The inverse Mills ratio is a linear combination of the outcome's covariates: nothing tells selection from "
            "outcome. Add a covariate of selection alone."
        ) from error
    unscaled = np.linalg.inv(inner.T @ (w[:, None] * inner))
    slopes = unscaled @ (inner.T @ (w * y))
    slopes += unscaled @ (inner.T @ (w * (y - inner @ slopes)))
    shrink = ratio * (ratio + at)
    bend = ratio * (1 - shrink) - shrink * (ratio + at)
    return SecondStep(both, z, w, turn @ slopes, y - inner @ slopes, turn @ unscaled @ turn.T, shrink, bend)


def _scores(step: SecondStep, probit: Fit, seen: NDArray[np.bool_]) -> Matrix:
    """w_i d params / d w_i: each step's own part, and what the estimated selection adds to the second."""
    w, both, z, pull = step.weights, step.both, step.z, step.slopes[-1]
    sigma, total = np.sqrt(step.variance), w.sum()
    by_selection = (w * pull * step.shrink * both.T) @ z
    by_selection[-1] -= (w * step.errors * step.shrink) @ z
    own = np.zeros((len(seen), both.shape[1]))
    own[seen] = (w * step.errors)[:, None] * both
    slopes = (own + probit.scores @ by_selection.T) @ step.bread
    spread_ = np.zeros(len(seen))
    spread_[seen] = w * (step.errors**2 + step.shrink * pull**2 - step.variance)
    turned = (w * (2 * step.errors * pull * step.shrink + pull**2 * step.bend)) @ z
    variance = (spread_ + probit.scores @ turned) / total + slopes[:, -1] * 2 * pull * (w @ step.shrink) / total
    log_sigma = variance / (2 * step.variance)
    rho = slopes[:, -1] / sigma - pull / sigma * log_sigma
    return np.column_stack([slopes, probit.scores, log_sigma, rho])


def _greene(step: SecondStep, selection: Matrix) -> Matrix:
    """Model-based covariance of slopes and lambda with those of selection."""
    w, both, z = step.weights, step.both, step.z
    rho2 = step.slopes[-1] ** 2 / step.variance
    crossed = (w * step.shrink * both.T) @ z
    middle = (w * (1 - rho2 * step.shrink) * both.T) @ both + rho2 * crossed @ selection @ crossed.T
    outcome = step.variance * step.bread @ middle @ step.bread
    between = step.slopes[-1] * step.bread @ crossed @ selection
    return np.block([[outcome, between], [between.T, selection]])


def _blocks(x_turn: Matrix, z_turn: Matrix) -> Matrix:
    """From parameters for whitened columns to the user's."""
    k1, k2 = len(x_turn), len(z_turn)
    back = np.eye(k1 + k2 + 3)
    back[:k1, :k1], back[k1 + 1 : k1 + 1 + k2, k1 + 1 : k1 + 1 + k2] = x_turn, z_turn
    return back
