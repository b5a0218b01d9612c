"""Means and probabilities of counts, and how they follow the predictors and parameters."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .count_density import DISTRIBUTIONS, Distribution, count_zero
from .count_zeros import DENSITIES, zero_odds
from .fit import Matrix, Vector
from .link import log_complement
from .links import LinkName, link_named

Cube = NDArray[np.float64]
ZeroPart = Literal["plain", "truncated", "inflated", "hurdle"]


@dataclass(frozen=True, slots=True)
class CountModel:
    """Which model of counts parameters belong to.

    Attributes
    ----------
    distribution
        "poisson", "nb2" or "nb1".
    zeros
        "plain", "truncated", "inflated" or "hurdle".
    slopes, inflation
        Number of slopes of the mean, and of the zero part (0 where there is none).
    link
        That of the hurdle.
    """

    distribution: Distribution
    zeros: ZeroPart
    slopes: int
    inflation: int = 0
    link: LinkName = "logit"

    def predictors(self, params: Vector, x: Matrix, z: Matrix | None = None, offset: Vector | float = 0.0) -> Matrix:
        """Rows log mu, that of the zero part, log alpha, as far as the model has them, shape (r, m)."""
        found = [x @ params[: self.slopes] + offset]
        if self.inflation:
            found.append((x if z is None else z) @ params[self.slopes : self.slopes + self.inflation])
        if self.distribution != DISTRIBUTIONS[0]:
            found.append(np.full(len(x), params[-1]))
        return np.stack(found)

    def designs(self, x: Matrix, z: Matrix | None = None) -> list[Matrix]:
        """Derivative of each predictor by its parameters, shape (m, k_j) each."""
        found = [x]
        if self.inflation:
            found.append(x if z is None else z)
        if self.distribution != DISTRIBUTIONS[0]:
            found.append(np.ones((len(x), 1)))
        return found


def count_mean(
    params: Vector, model: CountModel, x: Matrix, z: Matrix | None = None, offset: Vector | float = 0.0
) -> Vector:
    """Expected count at every row, shape (m,): of those above 0 for a truncated model, of all for others.

    Examples
    --------
    >>> model = CountModel("poisson", "inflated", 1, 1)
    >>> count_mean(np.array([np.log(4.0), 0.0]), model, np.ones((1, 1)))
    array([2.])
    """
    return np.exp(_log_mean(model, model.predictors(params, x, z, offset))[0])


def count_mean_turns(
    params: Vector, model: CountModel, x: Matrix, z: Matrix | None = None, offset: Vector | float = 0.0
) -> Matrix:
    """Derivative of `count_mean` by every predictor, shape (r, m).

    Examples
    --------
    >>> model = CountModel("poisson", "inflated", 1, 1)
    >>> count_mean_turns(np.array([np.log(4.0), 0.0]), model, np.ones((1, 1))).ravel()
    array([ 2., -1.])
    """
    value, slopes = _log_mean(model, model.predictors(params, x, z, offset))
    return np.asarray(np.exp(value) * slopes)


def count_mean_jacobian(
    params: Vector, model: CountModel, x: Matrix, z: Matrix | None = None, offset: Vector | float = 0.0
) -> Matrix:
    """Derivative of `count_mean` by every parameter, shape (m, p).

    Examples
    --------
    >>> count_mean_jacobian(np.zeros(1), CountModel("poisson", "plain", 1), np.ones((1, 1)))
    array([[1.]])
    """
    turns = count_mean_turns(params, model, x, z, offset)
    return np.hstack([turn[:, None] * design for turn, design in zip(turns, model.designs(x, z), strict=True)])


def count_probabilities(
    params: Vector,
    model: CountModel,
    y: Vector,
    x: Matrix,
    z: Matrix | None = None,
    offset: Vector | float = 0.0,
) -> Matrix:
    """Probability of every count in `y` at every row, shape (m, len(y)).

    Examples
    --------
    >>> model = CountModel("poisson", "plain", 1)
    >>> count_probabilities(np.zeros(1), model, np.arange(3.0), np.ones((1, 1))).round(4)
    array([[0.3679, 0.3679, 0.1839]])
    """
    predictors = model.predictors(params, x, z, offset)
    return np.stack([np.exp(_log_chance(model, value, predictors)[0]) for value in y], axis=1)


def count_probability_jacobian(
    params: Vector,
    model: CountModel,
    y: Vector,
    x: Matrix,
    z: Matrix | None = None,
    offset: Vector | float = 0.0,
) -> Cube:
    """Derivative of `count_probabilities` by every parameter, shape (m, len(y), p).

    Examples
    --------
    >>> model = CountModel("poisson", "plain", 1)
    >>> count_probability_jacobian(np.zeros(1), model, np.array([0.0]), np.ones((1, 1))).round(4)
    array([[[-0.3679]]])
    """
    predictors, designs = model.predictors(params, x, z, offset), model.designs(x, z)
    result = np.empty((len(x), len(y), len(params)))
    for at, value in enumerate(y):
        log_chance, slopes = _log_chance(model, value, predictors)
        turns = np.exp(log_chance) * slopes
        result[:, at] = np.hstack([turn[:, None] * design for turn, design in zip(turns, designs, strict=True)])
    return result


def count_log_likelihoods(
    params: Vector,
    model: CountModel,
    y: Vector,
    x: Matrix,
    z: Matrix | None = None,
    offset: Vector | float = 0.0,
) -> Vector:
    """Log-probability of every row's own count, shape (m,), without weights.

    Examples
    --------
    >>> model = CountModel("poisson", "plain", 1)
    >>> count_log_likelihoods(np.zeros(1), model, np.array([0.0, 1.0]), np.ones((2, 1)))
    array([-1., -1.])
    """
    return _log_chances(model, np.asarray(y, float), model.predictors(params, x, z, offset))[0]


def _log_chance(model: CountModel, value: float, predictors: Matrix) -> tuple[Vector, Matrix]:
    """Log-probability of one count at every row, and its derivatives by the predictors."""
    return _log_chances(model, np.full(predictors.shape[1], float(value)), predictors)


def _log_chances(model: CountModel, y: Vector, predictors: Matrix) -> tuple[Vector, Matrix]:
    """Log-probability of a count for every row (m,), and its derivatives by the predictors (r, m)."""
    if model.zeros in ("plain", "inflated"):
        found = DENSITIES[model.zeros](model.distribution, y, predictors)
        return found.value, found.first
    zero = y == 0
    counts = predictors if model.zeros == "truncated" else np.delete(predictors, 1, axis=0)
    found = DENSITIES["truncated"](model.distribution, np.maximum(y, 1.0), counts)
    value, first = np.where(zero, 0.0, found.value), np.where(zero, 0.0, found.first)
    if model.zeros == "truncated":
        return np.where(zero, -np.inf, value), first
    part, turn, _ = link_named(model.link).outcome(predictors[1], np.where(zero, 0.0, 1.0))
    return value + part, np.insert(first, 1, turn, axis=0)


def _log_mean(model: CountModel, predictors: Matrix) -> tuple[Vector, Matrix]:
    """Logarithm of the expected count (m,), and its derivatives by the predictors (r, m)."""
    counts = np.delete(predictors, 1, axis=0) if model.inflation else predictors
    value, first = counts[0], np.zeros(counts.shape)
    first[0] = 1.0
    if model.zeros in ("truncated", "hurdle"):
        none = count_zero(model.distribution, counts)
        value, first = value - log_complement(-none.value), first + zero_odds(none.value) * none.first
    if not model.inflation:
        return value, first
    link = link_named(model.link if model.zeros == "hurdle" else "logit")
    part, turn, _ = link.outcome(predictors[1], np.full(len(value), 1.0 if model.zeros == "hurdle" else 0.0))
    return value + part, np.insert(first, 1, turn, axis=0)
