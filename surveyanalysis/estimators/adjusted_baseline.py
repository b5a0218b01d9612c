"""Score equations of a multinomial logit under Jeffreys' penalty, and their derivatives."""

import numpy as np

from .adjusted import Adjusted
from .baseline import Codes, baseline_likelihood, coefficient_table, row_gradients, shares_at
from .definite import definite_inverse
from .fit import Matrix, Vector
from .third_moments import AT_ONCE, Cube, symmetric_triples, third_moments
from .whitening import blocks


def adjusted_baseline(z: Matrix, y: Codes, w: Vector, params: Vector, levels: int, reference: int) -> Adjusted:
    """Log-likelihood, penalty, their common gradient and its analytic derivative.

    Parameters
    ----------
    z, y, w, params, levels, reference
        As in `baseline.baseline_likelihood`.

    Returns
    -------
    Adjusted
        Not a number where the information is singular.

    Notes
    -----
    The penalty log det F / 2 has the gradient sum w P_c (f_c - sum over a of P_a f_a) z / 2 with f_a = M_aa - 2 (M P)_a
    and M_ab = z' [F^-1]_ab z, over the levels but the reference. That is Firth's (1993) correction, the logit being
    canonical (Kosmidis and Firth 2011, who reach it by Poisson models).

    Examples
    --------
    >>> at = np.ones((4, 1)), np.array([0, 0, 1, 2]), np.ones(4)
    >>> adjusted_baseline(*at, np.log([1.5 / 2.5, 1.5 / 2.5]), 3, 0).score.round(12) + 0.0
    array([0., 0.])
    """
    loglik, score, information = baseline_likelihood(z, y, w, params, levels, reference)
    p = _shares(z, params, levels, reference)
    inverse = definite_inverse(information)
    leverage = _leverage(z, inverse, levels - 1)
    gain, bend = _gains(p, leverage)
    score = score + (w * gain @ z).ravel() / 2
    skewed = _skewed(z, w, p)
    turned = inverse @ skewed @ inverse
    size = len(params)
    jacobian = information + turned.reshape(size, -1) @ skewed.reshape(size, -1).T / 2
    for (c, d), curve in bend.items():
        block = z.T @ ((w * curve)[:, None] * z) / 2
        rows, columns = (slice(j * z.shape[1], (j + 1) * z.shape[1]) for j in (c, d))
        jacobian[rows, columns] -= block
        if c != d:
            jacobian[columns, rows] -= block
    return Adjusted(loglik, float(np.linalg.slogdet(information)[1] / 2), score, jacobian, information)


def adjusted_baseline_rows(z: Matrix, y: Codes, w: Vector, params: Vector, levels: int, reference: int) -> Matrix:
    """Derivative of the penalised gradient by each weight, times that weight, shape (n, p).

    Examples
    --------
    >>> at = np.ones((4, 1)), np.array([0, 0, 1, 2]), np.ones(4)
    >>> adjusted_baseline_rows(*at, np.log([0.6, 0.6]), 3, 0).shape
    (4, 2)
    """
    p = _shares(z, params, levels, reference)
    information = baseline_likelihood(z, y, w, params, levels, reference)[2]
    inverse = definite_inverse(information)
    gain = _gains(p, _leverage(z, inverse, levels - 1))[0]
    result = row_gradients(z, y, w, params, levels, reference)
    result += ((w * gain / 2).T[:, :, None] * z[:, None, :]).reshape(result.shape)
    size = len(params)
    flat, blockwise = _skewed(z, w, p).reshape(size, -1).T, inverse.reshape(size, levels - 1, -1)
    for rows in blocks(len(z), max(1, AT_ONCE // size**2)):
        through = np.tensordot(z[rows], blockwise, axes=(1, 2)).transpose(0, 2, 1)
        share = (w[rows] * p[:, rows]).T[:, :, None]
        mean = np.einsum("an,nap->np", p[:, rows], through)
        spread = through.transpose(0, 2, 1) @ (share * (through - mean[:, None, :]))
        result[rows] -= spread.reshape(len(spread), -1) @ flat / 2
    return result


def _shares(z: Matrix, params: Vector, levels: int, reference: int) -> Matrix:
    """Probabilities of the levels but the reference, shape (levels - 1, n)."""
    return np.delete(shares_at(coefficient_table(params, levels, reference), z)[1], reference, axis=0)


def _leverage(z: Matrix, inverse: Matrix, given: int) -> Cube:
    """z' [F^-1]_ab z of every row, shape (levels - 1, levels - 1, n)."""
    blockwise, result = inverse.reshape(given, z.shape[1], given, -1), np.empty((given, given, len(z)))
    for a in range(given):
        for b in range(a + 1):
            result[a, b] = result[b, a] = np.einsum("ij,ij->i", z @ blockwise[a, :, b], z)
    return result


def _gains(p: Matrix, leverage: Cube) -> tuple[Matrix, dict[tuple[int, int], Vector]]:
    """Derivative of sum V_ab M_ab (V = diag(P) - PP') by the linear predictors, and the second ones, M held fixed."""
    mean = np.einsum("abn,bn->an", leverage, p)
    force = np.einsum("aan->an", leverage) - 2 * mean
    force = force - (p * force).sum(axis=0)
    overall = (p * mean).sum(axis=0)
    bend = {}
    for c in range(len(p)):
        for d in range(c + 1):
            own = p[c] * force[c] if c == d else 0.0
            pull = leverage[c, d] - mean[c] - mean[d] + overall
            bend[c, d] = own - p[c] * p[d] * (force[c] + force[d] + 2 * pull)
    return p * force, bend


def _skewed(z: Matrix, w: Vector, p: Matrix) -> Cube:
    """Derivative of the information by every parameter: third cumulants of the levels times third moments of z."""
    given, width = len(p), z.shape[1]
    triples, where = symmetric_triples(given)
    moments = third_moments(z, np.column_stack([w * _third_cumulant(p, *triple) for triple in triples]))
    size = given * width
    return moments[where].transpose(0, 3, 1, 4, 2, 5).reshape(size, size, size)


def _third_cumulant(p: Matrix, a: int, b: int, c: int) -> Vector:
    """Third joint cumulant of the indicators of levels a <= b <= c."""
    if a == c:
        return p[a] * (1 - p[a]) * (1 - 2 * p[a])
    if a == b or b == c:
        twice, once = (a, c) if a == b else (c, a)
        return -p[twice] * p[once] * (1 - 2 * p[twice])
    return 2 * p[a] * p[b] * p[c]
