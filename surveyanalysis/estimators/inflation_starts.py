"""Where the search for a zero-inflated model begins."""

from dataclasses import replace

import numpy as np

from ..errors import DataError
from .binary import binary_fit
from .count_density import Distribution, count_zero
from .counts import Counts
from .fit import Fit, Matrix, Vector
from .poisson import poisson_solution
from .truncated_counts import truncated_count_fit

ROUNDS = 3  # of expectation and maximisation before Newton's method
INNER = (0.02, 0.98)  # shares stay within, so that no first coefficient is without bound


def rounds(counts: Counts, z: Matrix) -> tuple[Vector, Vector]:
    """Slopes of a Poisson mean (k,) and of the inflation (q,) after a few rounds of expectation and maximisation.

    Examples
    --------
    >>> from .counts import counts_of
    >>> one = np.ones((8, 1))
    >>> slopes, inflation = rounds(counts_of(one, np.array([0, 0, 0, 0, 1, 2, 2, 3.0]), np.ones(8)), one)
    >>> bool(abs(1 / (1 + np.exp(-inflation[0])) - 0.37) < 0.1)
    True
    """
    zero, always = counts.y == 0, np.where(counts.y == 0, 0.5, 0.0)
    for _ in range(ROUNDS):
        count = poisson_solution(replace(counts, weights=counts.weights * (1 - always)))
        inflation = shares_slopes(z, always, counts.weights)
        odds = np.exp(z @ inflation + np.exp(np.clip(counts.x @ count.params + counts.offset, -30, 6)))
        always = np.where(zero, odds / (1 + odds), 0.0)
        always = np.where(np.isfinite(always), always, 1.0)
    return count.params, inflation


def from_hurdle(counts: Counts, z: Matrix, distribution: Distribution) -> Vector | None:
    """Parameters of the zero-inflated model from the counts above 0 and the zeros that these leave unexplained.

    Examples
    --------
    >>> from .counts import counts_of
    >>> one = np.ones((8, 1))
    >>> counts = counts_of(one, np.array([0, 0, 0, 0, 1, 2, 2, 3.0]), np.ones(8))
    >>> found = from_hurdle(counts, one, "poisson")
    >>> bool(abs(np.exp(counts.x[0, 0] * found[0]) - 1.5936) < 1e-4)
    True
    """
    zero, above = counts.y == 0, np.where(counts.y == 0, 0.0, counts.weights)
    fit = _truncated(counts, above, distribution)
    if fit is None:
        return None
    size = counts.x.shape[1]
    eta = counts.x @ fit.params[:size] + counts.offset
    predictors = np.stack([eta, *(np.full(len(eta), tau) for tau in fit.params[size:])])
    chance = np.exp(count_zero(distribution, predictors).value)
    whole = 1 / (1 + np.exp(-(z @ shares_slopes(z, zero.astype(float), counts.weights))))
    left = (whole - chance) / np.maximum(1 - chance, 1e-3)
    return np.concatenate([fit.params[:size], shares_slopes(z, left, counts.weights), fit.params[size:]])


def shares_slopes(z: Matrix, share: Vector, weights: Vector) -> Vector:
    """Slopes (q,) of a logit of shares that are kept off 0 and 1."""
    return binary_fit(z, np.clip(share, *INNER), weights, "logit").params


def _truncated(counts: Counts, weights: Vector, distribution: Distribution) -> Fit | None:
    """The regression of the counts above 0, if it has a solution."""
    try:
        fit = truncated_count_fit(counts.x, counts.y, weights, distribution, offset=counts.offset)
    except DataError:
        return None
    return fit if fit.converged else None
