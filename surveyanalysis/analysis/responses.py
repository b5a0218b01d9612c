"""How probabilities follow from parameters: one view of binary and ordered models."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.binary import binary_mean, binary_slope
from ..estimators.fit import Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.ordered import ordered_jacobian, ordered_probabilities

BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Response:
    """Probabilities of a model.

    Attributes
    ----------
    levels
        Number of levels of an ordered model; 0 for a binary one, which gives the event's probability.
    """

    link: LinkName
    levels: int = 0

    @property
    def shown(self) -> int:
        """Number of probabilities at each row."""
        return self.levels or 1

    @property
    def first_slope(self) -> int:
        """Position of the first slope among the parameters; before it stand the intercept or the thresholds."""
        return max(self.levels - 1, 1)

    def probabilities(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix `x` (m, k), shape (m, shown)."""
        if self.levels:
            return ordered_probabilities(params, x[:, 1:], self.levels, self.link)
        return binary_mean(x @ params, self.link)[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `probabilities` by the parameters, shape (m, shown, p)."""
        if self.levels:
            return ordered_jacobian(params, x[:, 1:], self.levels, self.link)
        return (binary_slope(x @ params, self.link)[:, None] * x)[:, None, :]

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p), by blocks so that memory stays small."""
        total = np.zeros((self.shown, len(params)))
        for first in range(0, len(x), BLOCK):
            rows = slice(first, first + BLOCK)
            total += np.tensordot(weights[rows], self.jacobian(params, x[rows]), axes=1)
        return total
