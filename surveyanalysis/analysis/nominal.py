"""Answers without an order: how the probability of each follows from parameters."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.multinomial import (
    multinomial_fit,
    multinomial_jacobian,
    multinomial_probabilities,
    multinomial_summed_jacobian,
)
from ..estimators.penalized_multinomial import firth_multinomial_fit
from ..language import Text, both
from .responses import Place, Response


@dataclass(frozen=True, slots=True)
class Nominal(Response):
    """One of several answers: P(y = j) = exp(x b_j) / sum of exp(x b_l); `base` is the reference's position."""

    levels: int
    base: int
    link: LinkName = "logit"

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Multinomial logit model", "다항 로짓 모형")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        given = [level for level in range(self.levels) if level != self.base]
        return tuple(Place("slope", j, level=level) for level in given for j in range(columns))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        return multinomial_fit(x, y.astype(np.intp), weights, self.levels, self.base)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        return multinomial_probabilities(params, x, self.levels, self.base)

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        return multinomial_jacobian(params, x, self.levels, self.base)

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        return multinomial_summed_jacobian(params, x, weights, self.levels, self.base)


@dataclass(frozen=True, slots=True)
class ReducedNominal(Nominal):
    """One of several answers, with bias reduced; the covariance is that of weights of mean 1."""

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Multinomial logit model with reduced bias", "편향축소 다항 로짓 모형")

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by the likelihood with Jeffreys' penalty."""
        fit = firth_multinomial_fit(x, y.astype(np.intp), weights, self.levels, self.base)
        return replace(fit, covariance=None if fit.covariance is None else fit.covariance / weights.mean())
