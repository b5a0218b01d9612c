"""Smooth functions of estimates: values with their contributions, carried through arithmetic."""

from dataclasses import dataclass

import numpy as np

from .fit import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Smooth:
    """Numbers that are smooth functions of the weights.

    Attributes
    ----------
    value
        Shape (k,).
    scores
        Contributions, shape (n, k): row i is w_i * d value / d w_i, as in `Fit`.

    Examples
    --------
    >>> half = Smooth(np.array([0.5]), np.array([[0.1], [-0.1]]))
    >>> (half * half - half).scores.ravel()
    array([0., 0.])
    """

    value: Vector
    scores: Matrix

    def __add__(self, other: "Smooth") -> "Smooth":
        return Smooth(self.value + other.value, self.scores + other.scores)

    def __sub__(self, other: "Smooth") -> "Smooth":
        return Smooth(self.value - other.value, self.scores - other.scores)

    def __mul__(self, other: "Smooth") -> "Smooth":
        return Smooth(self.value * other.value, self.scores * other.value + self.value * other.scores)

    def __truediv__(self, other: "Smooth") -> "Smooth":
        value = self.value / other.value
        return Smooth(value, (self.scores - value * other.scores) / other.value)

    def through(self, matrix: Matrix) -> "Smooth":
        """The linear map of the numbers by a matrix of shape (q, k)."""
        return Smooth(matrix @ self.value, self.scores @ matrix.T)

    def fixed(self) -> "Smooth":
        """The same numbers, taken as known."""
        return Smooth(self.value, np.zeros_like(self.scores))


def beside(*parts: Smooth) -> Smooth:
    """Numbers one after the other."""
    return Smooth(np.concatenate([p.value for p in parts]), np.hstack([p.scores for p in parts]))


def weighted_mean(y: Matrix, weights: Vector) -> Smooth:
    """Means of the columns of `y` (n, k); rows of other respondents have weight 0."""
    total = weights.sum()
    value = weights @ y / total
    return Smooth(value, weights[:, None] * (y - value) / total)
