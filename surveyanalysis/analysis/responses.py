"""How answers follow from parameters: one protocol for every model, and the binary and cumulative ones."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..estimators.batched import Fits, binary_fit_many, ordered_fit_many
from ..estimators.batched_likelihood import WeightSets
from ..estimators.binary import binary_fit, binary_mean, binary_slope
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName, link_named
from ..estimators.ordered import ordered_fit, ordered_jacobian, ordered_probabilities, ordered_slopes
from ..language import Text, both
from ..results import Scale

Component = Literal[
    "slope", "zero", "one", "selection", "lambda", "scale", "precision", "dispersion", "spread", "threshold",
    "error_correlation", "rho",
]  # fmt: skip
"""In the order of print."""
ExpectedInterval = Literal["logit", "log", "t"]

SCALES: dict[LinkName, Scale] = {"logit": "log_odds", "probit": "probit"}
LINK_WORDS: dict[LinkName, Text] = {
    "logit": both("logit", "로짓"),
    "probit": both("probit", "프로빗"),
    "cloglog": both("complementary log-log", "보로그로그"),
    "loglog": both("log-log", "로그로그"),
    "cauchit": both("cauchit", "코시"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a parameter stands for.

    Attributes
    ----------
    column
        Column of the model matrix whose slope it is; None if it is none.
    cut
        Threshold that it is, or whose slope it is, counted from 0; None for all.
    level
        Position of the level of the outcome that it is for; None for all.
    outcome
        Which of several outcomes, counted from 0.
    """

    component: Component
    column: int | None = None
    cut: int | None = None
    level: int | None = None
    outcome: int = 0


class Response(ABC):
    """A kind of model: how it is fitted, and what it expects of each respondent.

    Attributes
    ----------
    link
        How predictors become probabilities.
    levels
        Number of levels of the outcome; 0 for yes/no, where the event's probability alone is expected.
    """

    link: LinkName
    levels: int

    @property
    def shown(self) -> int:
        """Number of expected values at each row: one a level, or that of the event."""
        return self.levels or 1

    @property
    def scale(self) -> Scale:
        """What the coefficients are measured in."""
        return SCALES.get(self.link, "value")

    @property
    def has_odds_ratios(self) -> bool:
        """Whether exponentiated slopes are ratios of odds."""
        return self.link == "logit"

    @property
    def expects(self) -> Text:
        """What is expected of respondents, in the plural."""
        return both("probabilities", "확률")

    @property
    def expected_scale(self) -> Scale:
        """What expected answers are measured in."""
        return "probability"

    @property
    def expected_interval(self) -> ExpectedInterval:
        """On which scale intervals of expected answers are symmetric: their log-odds, logarithm, or their own."""
        return "logit"

    @property
    def concave(self) -> bool:
        """Whether the likelihood is concave, so that scores of zero with a negligible next step prove the maximum."""
        return False

    @property
    @abstractmethod
    def words(self) -> Text:
        """The kind of model, such as "Ordered logit model"."""

    @abstractmethod
    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, where the model matrix has so many columns."""

    @abstractmethod
    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters from a model matrix (m, k), the intercept first, and outcomes (m,)."""

    def fit_many(self, x: Matrix, y: Vector, weights: WeightSets, start: Vector) -> Fits | None:
        """The parameters under many sets of weights at once, shape (m, R); None where they are fitted one by one."""
        return None

    @abstractmethod
    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix `x` (m, k), shape (m, shown)."""

    @abstractmethod
    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p)."""
        return np.asarray(np.tensordot(weights, self.jacobian(params, x), 1), float)

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix] | None:
        """Linear predictor at rows of the model matrix (m,), its derivative (m, p); None where there are several."""
        return None

    def without(self, columns: Sequence[int]) -> "Response":
        """The same kind of model where these columns have been taken out of the model matrix."""
        return self


@dataclass(frozen=True, slots=True)
class Binary(Response):
    """A yes/no answer: P(event) = F(x b); "expected" information is that of R's glm."""

    link: LinkName
    levels: int = 0
    information: Literal["expected", "observed"] = "expected"

    @property
    def concave(self) -> bool:
        """Whether the likelihood is concave: that of the cauchit is not."""
        return link_named(self.link).concave

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Binary {en} model", "이항 {ko} 모형", **LINK_WORDS[self.link])

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        return tuple(Place("slope", j) for j in range(columns))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        return binary_fit(x, y, weights, self.link, information=self.information)

    def fit_many(self, x: Matrix, y: Vector, weights: WeightSets, start: Vector) -> Fits | None:
        """The parameters under many sets of weights at once."""
        return binary_fit_many(x, y, weights, self.link, start) if self.concave else None

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        return binary_mean(x @ params, self.link)[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        return (binary_slope(x @ params, self.link)[:, None] * x)[:, None, :]

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        return ((weights * binary_slope(x @ params, self.link)) @ x)[None, :]

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix]:
        """Linear predictor at rows of the model matrix (m,), its derivative (m, p)."""
        return x @ params, x


@dataclass(frozen=True, slots=True)
class Cumulative(Response):
    """An ordered answer: P(y <= j) = F(threshold_j - x b)."""

    link: LinkName
    levels: int

    @property
    def concave(self) -> bool:
        """Whether the likelihood is concave: that of the cauchit is not."""
        return link_named(self.link).concave

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Ordered {en} model", "순서형 {ko} 모형", **LINK_WORDS[self.link])

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        cuts = tuple(Place("threshold", cut=j) for j in range(self.levels - 1))
        return (*cuts, *(Place("slope", j) for j in range(1, columns)))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        return ordered_fit(x[:, 1:], y.astype(np.intp), weights, self.levels, self.link)

    def fit_many(self, x: Matrix, y: Vector, weights: WeightSets, start: Vector) -> Fits | None:
        """The parameters under many sets of weights at once."""
        if not self.concave:
            return None
        return ordered_fit_many(x[:, 1:], y.astype(np.intp), weights, self.levels, self.link, start)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        return ordered_probabilities(params, x[:, 1:], self.levels, self.link)

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        return ordered_jacobian(params, x[:, 1:], self.levels, self.link)

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        slopes = weights[:, None] * ordered_slopes(params, x[:, 1:], self.levels, self.link)
        at_cuts = -np.cumsum(slopes.sum(axis=0))[:-1]
        cuts = np.arange(self.levels - 1)
        total = np.zeros((self.levels, len(params)))
        total[cuts, cuts], total[cuts + 1, cuts] = at_cuts, -at_cuts
        total[:, self.levels - 1 :] = slopes.T @ x[:, 1:]
        return total

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix]:
        """Place of the latent answer without thresholds (m,), its derivative (m, p)."""
        slopes = x[:, 1:]
        return slopes @ params[self.levels - 1 :], np.hstack([np.zeros((len(x), self.levels - 1)), slopes])
