"""The likelihood of three probits with correlated errors, with its analytic derivatives."""

from collections.abc import Callable

import numpy as np

from .bivariate_normal import bivariate_normal_cdf
from .curves import Curves, exp_of, log_of, variables
from .fit import Matrix, Vector
from .normal_curves import below
from .trivariate_normal import trivariate_normal_cdf

PAIRS = ((0, 1), (0, 2), (1, 2))


def triple_rows(signs: Matrix) -> Callable[[Matrix, slice], Curves]:
    """Log-probability of three answers, as a function of their predictors and the atanh of correlations 12, 13, 23.

    Parameters
    ----------
    signs
        The answers as -1 and 1, shape (3, m).

    Examples
    --------
    >>> triple_rows(np.ones((3, 1)))(np.zeros((6, 1)), slice(None)).value.round(4)
    array([-2.0794])
    """

    def curves(values: Matrix, rows: slice) -> Curves:
        with np.errstate(all="ignore"):
            chance = probability(values, signs[:, rows])
            return log_of(chance)

    return curves


def probability(values: Matrix, signs: Matrix) -> Curves:
    """Probability of the answers, with derivatives by predictors and angles, shape (6, m) of values.

    Notes
    -----
    With w = q e, r = q q' tanh(angle) and P their distribution function: dP/dw_i = phi(w_i) Phi2 of the others given i;
    dP/dr_ij = phi2(w_i, w_j) Phi of the third given both (Plackett 1954), which is d2P/dw_i dw_j; and d2P/dw_i2 =
    -w_i dP/dw_i - sum over j of r_ij dP/dr_ij. What is left are derivatives of dP/dr_ij, in closed form.

    Examples
    --------
    >>> probability(np.zeros((6, 1)), np.ones((3, 1))).first[:3].ravel().round(4)
    array([0.0997, 0.0997, 0.0997])
    """
    every = variables(values)
    w = [e * q for e, q in zip(every[:3], signs)]
    r = [_tanh(a) * (signs[i] * signs[j]) for a, (i, j) in zip(every[3:], PAIRS)]
    at, rho = np.stack([e.value for e in w]), np.stack([c.value for c in r])
    turns = [_by_correlation(w, r, which) for which in range(3)]
    slopes = [_by_limit(at, rho, i) for i in range(3)]
    first = np.stack([slopes[i] * signs[i] for i in range(3)] + [turns[c].value * r[c].first[3 + c] for c in range(3)])
    second = np.zeros((6, 6, values.shape[1]))
    for c, (i, j) in enumerate(PAIRS):
        # a whole row of second derivatives: what the derivative by this correlation does
        second[3 + c] = turns[c].first * r[c].first[3 + c]
        second[3 + c, 3 + c] += turns[c].value * r[c].second[3 + c, 3 + c]
        second[:3, 3 + c] = second[3 + c, :3]
        second[i, j] = second[j, i] = turns[c].value * signs[i] * signs[j]
    for i in range(3):
        near = sum(rho[c] * turns[c].value for c, pair in enumerate(PAIRS) if i in pair)
        second[i, i] = -at[i] * slopes[i] - near
    return Curves(trivariate_normal_cdf(at, rho), first, second)


def _tanh(curves: Curves) -> Curves:
    value = np.tanh(curves.value)
    flat = 1 / np.cosh(curves.value) ** 2
    return curves.through(value, flat, -2 * value * flat)


def _by_limit(w: Matrix, r: Matrix, i: int) -> Vector:
    """dP/dw_i."""
    j, k = (other for other in range(3) if other != i)
    of = {frozenset(pair): r[c] for c, pair in enumerate(PAIRS)}
    a, b, c = of[frozenset((i, j))], of[frozenset((i, k))], of[frozenset((j, k))]
    wide, high = np.sqrt((1 - a) * (1 + a)), np.sqrt((1 - b) * (1 + b))
    given = np.clip((c - a * b) / (wide * high), -1, 1)
    rest = bivariate_normal_cdf((w[j] - a * w[i]) / wide, (w[k] - b * w[i]) / high, given)
    return np.exp(-w[i] * w[i] / 2) / np.sqrt(2 * np.pi) * rest


def _by_correlation(w: list[Curves], r: list[Curves], which: int) -> Curves:
    """dP/dr of one pair, with its own derivatives."""
    i, j = PAIRS[which]
    k = 3 - i - j
    own = r[which]
    to_i, to_j = (r[PAIRS.index((min(k, other), max(k, other)))] for other in (i, j))
    rest = 1.0 - own * own
    whole = rest - to_i * to_i - to_j * to_j + own * to_i * to_j * 2.0
    log_density = log_of(rest) * -0.5 - (w[i] * w[i] + w[j] * w[j] - w[i] * w[j] * own * 2.0) * _inverse(rest) * 0.5
    third = w[k] * rest - w[i] * (to_i - own * to_j) - w[j] * (to_j - own * to_i)
    at = third * exp_of((log_of(rest) + log_of(whole)) * -0.5)
    return exp_of(log_density - np.log(2 * np.pi)) * below(at)


def _inverse(curves: Curves) -> Curves:
    inverse = 1 / curves.value
    return curves.through(inverse, -(inverse**2), 2 * inverse**3)
