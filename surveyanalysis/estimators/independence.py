"""The hypothesis that the errors of two probits are not correlated."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .binary import binary_fit
from .bivariate_likelihood import Pair
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, present
from .whitening import coordinates


@dataclass(frozen=True, slots=True)
class Independence:
    """Two probits, and the score of the correlation of their errors where it is 0.

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


@dataclass(frozen=True, slots=True)
class Apart:
    """The two probits by themselves.

    Attributes
    ----------
    pair, used
        Whitened covariates and answers of the rows that count, and which these are.
    backs
        From whitened slopes to the user's, for each answer.
    first, second
        Their fits for the whitened covariates.
    """

    pair: Pair
    used: NDArray[np.bool_] | slice
    backs: tuple[Matrix, Matrix]
    first: Fit
    second: Fit

    @property
    def message(self) -> str:
        """Which of them has no solution, and why; empty if both have."""
        for which, fit in (("first", self.first), ("second", self.second)):
            if not fit.converged:
                return f"the probit of the {which} answer alone has no solution: {fit.message}"
        return ""


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
    are estimated. Expected information: sum w phi_1^2 phi_2^2 / [Phi_1 (1 - Phi_1) Phi_2 (1 - Phi_2)]. Checked against
    R by hand (o.bip.*), and the contributions against numerical derivatives by weight.

    Examples
    --------
    >>> one = np.ones((4, 1))
    >>> found = independence(one, np.array([0, 0, 1, 1.0]), one, np.array([0, 1, 0, 1.0]), np.ones(4))
    >>> found.score + 0.0, round(found.information, 4)
    (0.0, 1.6211)
    """
    apart = probits_apart(x1, y1, x2, y2, weights)
    if apart.message:
        raise DataError(f"There is no correlation to test: {apart.message}.")
    found, whole = score_at_zero(apart), np.zeros(len(x1))
    whole[apart.used] = found.contributions
    return replace(found, contributions=whole)


def probits_apart(x1: Matrix, y1: Vector, x2: Matrix, y2: Vector, weights: Vector) -> Apart:
    """Fit both probits; refuse arrays that do not fit, and answers other than 0 and 1.

    Examples
    --------
    >>> one, y = np.ones((4, 1)), np.array([0, 0, 1, 1.0])
    >>> apart = probits_apart(one, y, one, y, np.ones(4))
    >>> apart.message, round(apart.first.loglik, 4)
    ('', -2.7726)
    """
    for which, x, y in (("first", x1, y1), ("second", x2, y2)):
        check_rows(x, y, weights)
        other = np.setdiff1d(y, [0, 1])
        if len(other):
            raise DataError(f"The {which} answer holds {other[0]:g}; both must be 0 or 1. Recode it.")
    used = present(weights)
    (z1, back1), (z2, back2), w = coordinates(x1[used]), coordinates(x2[used]), weights[used]
    pair = Pair(z1, z2, 2.0 * y1[used] - 1, 2.0 * y2[used] - 1, w)
    first, second = (binary_fit(z, y[used], w, "probit") for z, y in ((z1, y1), (z2, y2)))
    return Apart(pair, used, (back1, back2), first, second)


def score_at_zero(apart: Apart) -> Independence:
    """Score of the angle at 0, with what the estimated slopes add to its contributions; rows that count only.

    Examples
    --------
    >>> one, y = np.ones((4, 1)), np.array([0, 0, 1, 1.0])
    >>> round(score_at_zero(probits_apart(one, y, one, y, np.ones(4))).score, 4)
    2.5465
    """
    from scipy.special import log_ndtr

    pair, w = apart.pair, apart.pair.weights
    sides = ((pair.z1, pair.sign1, apart.first), (pair.z2, pair.sign2, apart.second))
    mills, bends, spreads = [], [], []
    for z, sign, fit in sides:
        at = sign * (z @ fit.params)
        log_phi = -(at * at + np.log(2 * np.pi)) / 2
        ratio = np.exp(log_phi - log_ndtr(at))
        mills.append(sign * ratio)
        bends.append(-ratio * (at + ratio))
        spreads.append(np.exp(2 * log_phi - log_ndtr(at) - log_ndtr(-at)))
    contributions = w * mills[0] * mills[1]
    score, information = float(contributions.sum()), float(w @ (spreads[0] * spreads[1]))
    for (z, _, fit), bend, other in zip(sides, bends, mills[::-1]):
        contributions = contributions + fit.scores @ ((w * bend * other) @ z)
    return Independence(score, information, contributions, apart.first.loglik + apart.second.loglik)
