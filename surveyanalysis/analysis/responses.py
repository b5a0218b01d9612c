"""How probabilities follow from parameters: one view of binary and ordered models."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.binary import binary_mean, binary_slope
from ..estimators.fit import Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.ordered import ordered_jacobian, ordered_probabilities, ordered_slopes


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
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        if not self.levels:
            return ((weights * binary_slope(x @ params, self.link)) @ x)[None, :]
        slopes = weights[:, None] * ordered_slopes(params, x[:, 1:], self.levels, self.link)
        at_cuts = -np.cumsum(slopes.sum(axis=0))[:-1]
        cuts = np.arange(self.levels - 1)
        total = np.zeros((self.levels, len(params)))
        total[cuts, cuts], total[cuts + 1, cuts] = at_cuts, -at_cuts
        total[:, self.levels - 1 :] = slopes.T @ x[:, 1:]
        return total
