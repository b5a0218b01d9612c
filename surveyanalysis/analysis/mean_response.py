"""The mean of a number as a response: what linear regression expects of each respondent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.linear import linear_fit
from ..estimators.links import LinkName
from ..language import Text, both
from ..results import Scale
from .responses import ExpectedInterval, Place, Response


@dataclass(frozen=True, slots=True)
class Mean(Response):
    """A number whose mean is x b."""

    link: LinkName = "logit"
    levels: int = 0

    @property
    def scale(self) -> Scale:
        """What the coefficients are measured in."""
        return "value"

    @property
    def has_odds_ratios(self) -> bool:
        """Whether exponentiated slopes are ratios of odds."""
        return False

    @property
    def expects(self) -> Text:
        """What is expected of respondents, in the plural."""
        return both("means", "평균")

    @property
    def expected_scale(self) -> Scale:
        """What expected answers are measured in."""
        return "value"

    @property
    def expected_interval(self) -> ExpectedInterval:
        """On which scale intervals of expected answers are symmetric."""
        return "t"

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Linear regression", "선형회귀")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for."""
        return tuple(Place("slope", j) for j in range(columns))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the coefficients by weighted least squares."""
        return linear_fit(x, y, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Means at rows of the model matrix, shape (m, 1)."""
        return (x @ params)[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the coefficients, shape (m, 1, p)."""
        return x[:, None, :]

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix]:
        """Mean at rows of the model matrix (m,), its derivative (m, p)."""
        return x @ params, x
