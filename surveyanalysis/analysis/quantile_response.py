"""Conditional quantiles of a number as a response."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.quantile_regression import Density, quantile_regressions
from ..language import Text, both
from ..results import Scale
from .responses import ExpectedInterval, Place, Response

ROUNDING = 1e-10  # of the largest quantile: smaller steps down are none


@dataclass(frozen=True, slots=True)
class Quantiles(Response):
    """A number whose quantiles are x b, each with slopes of its own.

    Attributes
    ----------
    taus
        Which quantiles, rising; one level each.
    density
        How the density around them is estimated: see `quantile_regression`.
    """

    taus: tuple[float, ...]
    density: Density = "local"
    link: LinkName = "logit"

    @property
    def levels(self) -> int:  # type: ignore[override]
        """Number of quantiles."""
        return len(self.taus)

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
        return both("quantiles", "분위수")

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
        return both("Quantile regression", "분위수 회귀")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for."""
        return tuple(Place("slope", j, level=at) for at in range(self.levels) for j in range(columns))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the slopes of every quantile."""
        return quantile_regressions(x, y, weights, self.taus, density=self.density)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Quantiles at rows of the model matrix, shape (m, T)."""
        return x @ params.reshape(self.levels, -1).T

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the slopes, shape (m, T, p)."""
        m, k = x.shape
        jacobian = np.zeros((m, self.levels, self.levels, k))
        for at in range(self.levels):
            jacobian[:, at, at] = x
        return jacobian.reshape(m, self.levels, -1)

    def crossing(self, params: Vector, x: Matrix) -> list[tuple[float, float, int]]:
        """Neighbouring quantiles that cross, with the number of rows at which they do."""
        values = self.expected(params, x)
        falls = np.diff(values, axis=1) < -ROUNDING * np.abs(values).max()
        return [(self.taus[at], self.taus[at + 1], int(rows.sum())) for at, rows in enumerate(falls.T) if rows.any()]


def read_taus(quantiles: "float | Sequence[float]") -> tuple[float, ...]:
    """Quantiles in rising order, each once."""
    given = list(quantiles) if isinstance(quantiles, Sequence | np.ndarray) else [quantiles]
    if isinstance(quantiles, str) or not all(isinstance(tau, int | float | np.number) for tau in given):
        raise ChoiceError(f"`quantiles` is {quantiles!r}. Give numbers between 0 and 1: 0.5 is the median.")
    if not given:
        raise ChoiceError("`quantiles` names none. Give one or several between 0 and 1: 0.5 is the median.")
    return tuple(sorted({float(tau) for tau in given}))
