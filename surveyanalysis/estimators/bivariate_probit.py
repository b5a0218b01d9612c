"""Two yes/no answers of one respondent: probits whose errors are correlated."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .binary import binary_fit
from .bivariate_normal import bivariate_normal_cdf, limited
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, linear_map, present, spread
from .newton import Solution, maximise
from .whitening import blocks, coordinates

Cube = NDArray[np.float64]
BOUND = 0.99  # a correlation beyond it that still rises is on its way to 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Covariates of both answers (m, k1), (m, k2), the answers as -1 and 1, and weights, shape (m,) each."""

    z1: Matrix
    z2: Matrix
    sign1: Vector
    sign2: Vector
    weights: Vector

    def __getitem__(self, rows: slice) -> "Pair":
        """The pair of some rows."""
        return Pair(self.z1[rows], self.z2[rows], self.sign1[rows], self.sign2[rows], self.weights[rows])


@dataclass(frozen=True, slots=True)
class Independence:
    """The hypothesis that the errors of the two answers are not correlated.

    Attributes
    ----------
    score, information
        Derivative of the log-likelihood by atanh(correlation) at correlation 0, and its expected information there:
        score^2 / information is the Lagrange multiplier statistic, chi-squared with 1 degree of freedom where weights
        are counts (Kiefer 1982).
    contributions
        Linearised contributions to `score`, shape (n,): score^2 over the variance that a design finds for their sum is
        the statistic for weighted samples.
    loglik
        Sum of the two probits' log-likelihoods: twice the gain of `bivariate_probit_fit` over it is the likelihood
        ratio statistic.
    """

    score: float
    information: float
    contributions: Vector
    loglik: float


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
    used = _checked(x1, y1, x2, y2, weights)
    (z1, back1), (z2, back2), w = coordinates(x1[used]), coordinates(x2[used]), weights[used]
    pair = Pair(z1, z2, 2.0 * y1[used] - 1, 2.0 * y2[used] - 1, w)
    single = binary_fit(z1, y1[used], w, "probit"), binary_fit(z2, y2[used], w, "probit")
    k1, size = z1.shape[1], z1.shape[1] + z2.shape[1] + 1
    back = np.eye(size)
    back[:k1, :k1], back[k1:-1, k1:-1] = back1, back2
    for which, fit in zip(("first", "second"), single):
        if not fit.converged:
            return _nowhere(len(x1), size, f"the {which} answer alone has no solution: {fit.message}")
    apart = _independence(pair, *single)
    first = np.clip(apart.score / apart.information, -1.5, 1.5)
    start = np.concatenate([single[0].params, single[1].params, [first]])
    solution = maximise(lambda p: _likelihood(pair, p), start, scale=w.sum(), concave=False)
    solution = _told(solution)
    slopes = _row_slopes(pair, solution.params)
    return spread(linear_map(solution.params, slopes, solution.information, back, solution), used, len(x1))


def independence(x1: Matrix, y1: Vector, x2: Matrix, y2: Vector, weights: Vector) -> Independence:
    """Score of the correlation where it is 0; see `Independence`.

    Parameters
    ----------
    x1, y1, x2, y2, weights
        As for `bivariate_probit_fit`.

    Raises
    ------
    DataError
        As there, and if one of the probits has no solution.

    Notes
    -----
    With l_j = q_j phi(x_j b_j) / Phi(q_j x_j b_j) the score is sum w l_1 l_2; its contributions count that the slopes
    are estimated. Expected information: sum w phi_1^2 phi_2^2 / [Phi_1 (1 - Phi_1) Phi_2 (1 - Phi_2)].

    Examples
    --------
    >>> one = np.ones((4, 1))
    >>> found = independence(one, np.array([0, 0, 1, 1.0]), one, np.array([0, 1, 0, 1.0]), np.ones(4))
    >>> found.score + 0.0, round(found.information, 4)
    (0.0, 1.6211)
    """
    used = _checked(x1, y1, x2, y2, weights)
    (z1, _), (z2, _), w = coordinates(x1[used]), coordinates(x2[used]), weights[used]
    pair = Pair(z1, z2, 2.0 * y1[used] - 1, 2.0 * y2[used] - 1, w)
    single = binary_fit(z1, y1[used], w, "probit"), binary_fit(z2, y2[used], w, "probit")
    for which, fit in zip(("first", "second"), single):
        if not fit.converged:
            raise DataError(f"The probit of the {which} answer alone has no solution: {fit.message}.")
    found, whole = _independence(pair, *single), np.zeros(len(x1))
    whole[used] = found.contributions
    return replace(found, contributions=whole)


def bivariate_probabilities(params: Vector, x1: Matrix, x2: Matrix) -> Matrix:
    """Probability of the answers (0, 0), (0, 1), (1, 0) and (1, 1) at every row, shape (m, 4).

    Examples
    --------
    >>> bivariate_probabilities(np.array([0.0, 0.0, np.arctanh(0.5)]), np.ones((1, 1)), np.ones((1, 1))).round(4)
    array([[0.3333, 0.1667, 0.1667, 0.3333]])
    """
    k1, rho = x1.shape[1], np.tanh(params[-1])
    first, second = x1 @ params[:k1], x2 @ params[k1:-1]
    cells = [bivariate_normal_cdf(q1 * first, q2 * second, q1 * q2 * rho) for q1 in (-1, 1) for q2 in (-1, 1)]
    return np.stack(cells, axis=1)


def bivariate_jacobian(params: Vector, x1: Matrix, x2: Matrix) -> Cube:
    """Derivative of `bivariate_probabilities` by every parameter, shape (m, 4, p); sums over the cells are 0.

    Examples
    --------
    >>> bivariate_jacobian(np.array([0.0, 0.0, 0.0]), np.ones((1, 1)), np.ones((1, 1))).round(4)[0]
    array([[-0.1995, -0.1995,  0.1592],
           [-0.1995,  0.1995, -0.1592],
           [ 0.1995, -0.1995, -0.1592],
           [ 0.1995,  0.1995,  0.1592]])
    """
    chance, one = bivariate_probabilities(params, x1, x2), np.ones(len(x1))
    result = np.empty((len(x1), 4, len(params)))
    for cell, (q1, q2) in enumerate([(q1, q2) for q1 in (-1, 1) for q2 in (-1, 1)]):
        by1, by2, by_angle = _bends(Pair(x1, x2, q1 * one, q2 * one, one), params)[1]
        result[:, cell] = np.hstack([by1[:, None] * x1, by2[:, None] * x2, by_angle[:, None]])
    return result * chance[:, :, None]


def _checked(x1: Matrix, y1: Vector, x2: Matrix, y2: Vector, weights: Vector) -> NDArray[np.bool_] | slice:
    """Rows that count; refuse arrays that do not fit, and answers other than 0 and 1."""
    check_rows(x1, y1, weights)
    check_rows(x2, y2, weights)
    for which, y in (("first", y1), ("second", y2)):
        other = np.setdiff1d(y, [0, 1])
        if len(other):
            raise DataError(f"The {which} answer holds {other[0]:g}; both must be 0 or 1. Recode it.")
    return present(weights)


def _told(solution: Solution) -> Solution:
    """The solution, with the correlation named where it is what has no bound."""
    rho = float(np.tanh(solution.params[-1]))
    if solution.converged or abs(rho) < BOUND:
        return solution
    end = "1" if rho > 0 else "-1"
    message = (
        f"the correlation of the errors runs to its bound {end}: the likelihood rises for ever, as where nobody gives "
        "one of the four combinations of answers"
    )
    return replace(solution, message=message)


def _nowhere(rows: int, size: int, message: str) -> Fit:
    """A fit without numbers."""
    return Fit(np.full(size, np.nan), np.full((rows, size), np.nan), converged=False, message=message)


def _bends(pair: Pair, params: Vector) -> tuple[Vector, tuple[Vector, ...], tuple[Vector, ...]]:
    """Log-probability of every row's answers, with derivatives by both predictors and the angle a = atanh(rho).

    Second derivatives in the order 11, 22, aa, 12, 1a, 2a. With P = Phi2(w1, w2, r), w = q x b, r = q1 q2 rho and f its
    density over P: dP/dw1 = phi(w1) Phi((w2 - r w1) / s), dP/dr = density, s^2 = 1 - rho^2 = dr/da.
    """
    from scipy.special import log_ndtr

    k1, q1, q2 = pair.z1.shape[1], pair.sign1, pair.sign2
    w1, w2, q = q1 * (pair.z1 @ params[:k1]), q2 * (pair.z2 @ params[k1:-1]), q1 * q2
    with np.errstate(all="ignore"):
        r, s = q * np.tanh(params[-1]), 1 / np.cosh(params[-1])
        u1, u2 = (w2 - r * w1) / s, (w1 - r * w2) / s
        log_p = np.log(np.maximum(limited(w1, w2, r, np.full(len(r), s)), 0))
        base = np.log(2 * np.pi) / 2 + log_p
        g1, g2 = np.exp(log_ndtr(u1) - w1 * w1 / 2 - base), np.exp(log_ndtr(u2) - w2 * w2 / 2 - base)
        f = np.exp(-(u1 * u1 + w1 * w1) / 2 - np.log(s) - np.log(2 * np.pi) - log_p)
        t = s * s * f
        first = q1 * g1, q2 * g2, q * t
        second = (
            -w1 * g1 - r * f - g1 * g1,
            -w2 * g2 - r * f - g2 * g2,
            t * (u1 * u2 - r) - t * t,
            q * (f - g1 * g2),
            -q2 * (s * f * u2 + t * g1),
            -q1 * (s * f * u1 + t * g2),
        )
    return log_p, first, second


def _likelihood(pair: Pair, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information, block by block."""
    k1 = pair.z1.shape[1]
    value, score, hessian = 0.0, np.zeros(len(params)), np.zeros((len(params), len(params)))
    for rows in blocks(len(pair.weights)):
        part = pair[rows]
        z1, z2, w = part.z1, part.z2, part.weights
        log_p, first, second = _bends(part, params)
        by1, by2, by_angle = (w * d for d in first)
        d11, d22, dd, d12, d1, d2 = (w * d for d in second)
        value += float(w @ log_p)
        score += np.concatenate([by1 @ z1, by2 @ z2, [by_angle.sum()]])
        hessian[:k1, :k1] += z1.T @ (d11[:, None] * z1)
        hessian[k1:-1, k1:-1] += z2.T @ (d22[:, None] * z2)
        hessian[:k1, k1:-1] += z1.T @ (d12[:, None] * z2)
        hessian[:k1, -1] += d1 @ z1
        hessian[k1:-1, -1] += d2 @ z2
        hessian[-1, -1] += dd.sum()
    upper = np.triu(hessian)
    return value, score, -(upper + upper.T - np.diag(np.diag(upper)))


def _row_slopes(pair: Pair, params: Vector) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (m, p)."""
    by1, by2, by_angle = (pair.weights * d for d in _bends(pair, params)[1])
    return np.hstack([by1[:, None] * pair.z1, by2[:, None] * pair.z2, by_angle[:, None]])


def _independence(pair: Pair, first: Fit, second: Fit) -> Independence:
    """Score of the angle at 0, with what the estimated slopes add to its contributions."""
    from scipy.special import log_ndtr

    w = pair.weights
    mills, bends, spreads, cross = [], [], [], []
    for z, sign, fit in ((pair.z1, pair.sign1, first), (pair.z2, pair.sign2, second)):
        at = sign * (z @ fit.params)
        log_phi = -(at * at + np.log(2 * np.pi)) / 2
        ratio = np.exp(log_phi - log_ndtr(at))
        mills.append(sign * ratio)
        bends.append(-ratio * (at + ratio))
        spreads.append(np.exp(2 * log_phi - log_ndtr(at) - log_ndtr(-at)))
    for z, fit, bend, other in ((pair.z1, first, bends[0], mills[1]), (pair.z2, second, bends[1], mills[0])):
        cross.append(fit.scores @ ((w * bend * other) @ z))
    own = w * mills[0] * mills[1]
    return Independence(
        float(own.sum()), float(w @ (spreads[0] * spreads[1])), own + cross[0] + cross[1], first.loglik + second.loglik
    )
