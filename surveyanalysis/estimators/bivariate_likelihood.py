"""The likelihood of two probits with correlated errors, with its analytic derivatives."""

from dataclasses import dataclass

import numpy as np

from .bivariate_normal import limited
from .fit import Matrix, Vector
from .whitening import blocks


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


def pair_likelihood(pair: Pair, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information, block by block.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> value, score, information = pair_likelihood(Pair(one, one, one[0], one[0], one[0]), np.zeros(3))
    >>> round(value, 4), score.round(4)
    (-1.3863, array([0.7979, 0.7979, 0.6366]))
    """
    k1 = pair.z1.shape[1]
    value, score, hessian = 0.0, np.zeros(len(params)), np.zeros((len(params), len(params)))
    for rows in blocks(len(pair.weights)):
        part = pair[rows]
        z1, z2, w = part.z1, part.z2, part.weights
        log_p, first, second = pair_bends(part, params)
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


def pair_slopes(pair: Pair, params: Vector) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (m, p).

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> pair_slopes(Pair(one, one, one[0], -one[0], one[0]), np.zeros(3)).round(4)
    array([[ 0.7979, -0.7979, -0.6366]])
    """
    by1, by2, by_angle = (pair.weights * d for d in pair_bends(pair, params)[1])
    return np.hstack([by1[:, None] * pair.z1, by2[:, None] * pair.z2, by_angle[:, None]])


def pair_bends(pair: Pair, params: Vector) -> tuple[Vector, tuple[Vector, ...], tuple[Vector, ...]]:
    """Log-probability of every row's answers, with derivatives by both predictors and the angle a = atanh(rho).

    Second derivatives in the order 11, 22, aa, 12, 1a, 2a. With P = Phi2(w1, w2, r), w = q x b, r = q1 q2 rho and f its
    density over P: dP/dw1 = phi(w1) Phi((w2 - r w1) / s), dP/dr = density, s^2 = 1 - rho^2 = dr/da.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> pair_bends(Pair(one, one, one[0], one[0], one[0]), np.zeros(3))[0].round(4)
    array([-1.3863])
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
