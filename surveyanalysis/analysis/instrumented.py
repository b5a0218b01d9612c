"""The mean of a number with endogenous covariates as a response: two-stage least squares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.two_stage import two_stage_fit
from ..language import Text, both
from .mean_response import Mean
from .nonparallel import kept
from .responses import Place


@dataclass(frozen=True, slots=True)
class Instrumented(Mean):
    """A number whose mean is x b where covariates move by their instruments.

    Attributes
    ----------
    columns, tools
        Columns of the model matrix that have slopes, and that are instruments.
    """

    columns: tuple[int, ...] = ()
    tools: tuple[int, ...] = ()

    @property
    def endogenous(self) -> tuple[int, ...]:
        """Columns with slopes that are no instruments."""
        return tuple(j for j in self.columns if j not in self.tools)

    @property
    def excluded(self) -> tuple[int, ...]:
        """Instruments that have no slopes."""
        return tuple(j for j in self.tools if j not in self.columns)

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Linear regression by instruments (two-stage least squares)", "도구변수 선형회귀(2단계 최소제곱)")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for."""
        return tuple(Place("slope", j) for j in self.columns)

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the coefficients by weighted two-stage least squares."""
        return two_stage_fit(x[:, self.columns], x[:, self.tools], y, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Means at rows of the model matrix, shape (m, 1)."""
        return (x[:, self.columns] @ params)[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the coefficients, shape (m, 1, p)."""
        return x[:, None, self.columns]

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix]:
        """Mean at rows of the model matrix (m,), its derivative (m, p)."""
        return x[:, self.columns] @ params, x[:, self.columns]

    def without(self, columns: Sequence[int]) -> "Instrumented":
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, columns=kept(self.columns, columns), tools=kept(self.tools, columns))
