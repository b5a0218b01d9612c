"""Likelihoods of rows that depend on several linear predictors, each with covariates of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .count_density import Bends
from .fit import Matrix, Vector
from .whitening import blocks


@dataclass(frozen=True, slots=True)
class Joint:
    """What the likelihood is taken of.

    Attributes
    ----------
    designs
        Covariates of each predictor, shape (m, k_j) each; its parameters stand in this order.
    offset
        What is added to the first predictor, shape (m,).
    y, weights
        Outcome and weights, shape (m,) each.
    density
        (y, predictors (r, m)) -> `Bends`.
    """

    designs: tuple[Matrix, ...]
    offset: Vector
    y: Vector
    weights: Vector
    density: Callable[[Vector, Matrix], Bends]

    @property
    def parts(self) -> list[slice]:
        """Where each predictor's parameters stand."""
        ends = np.cumsum([0, *(design.shape[1] for design in self.designs)])
        return [slice(int(a), int(b)) for a, b in pairwise(ends)]

    def bends(self, params: Vector, rows: slice) -> Bends:
        """Log-likelihoods of some rows, unweighted, and their derivatives by the predictors."""
        found = [design[rows] @ params[part] for design, part in zip(self.designs, self.parts, strict=True)]
        found[0] = found[0] + self.offset[rows]
        return self.density(self.y[rows], np.stack(found))


def joint_likelihood(joint: Joint, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient (p,) and observed information (p, p), block by block.

    Examples
    --------
    >>> from .count_density import count_density
    >>> one = np.ones(2)
    >>> joint = Joint((one[:, None],), 0 * one, one, one, lambda y, at: count_density("poisson", y, at))
    >>> joint_likelihood(joint, np.zeros(1))
    (-2.0, array([0.]), array([[2.]]))
    """
    parts, size = joint.parts, len(params)
    value, score, information = 0.0, np.zeros(size), np.zeros((size, size))
    for rows in blocks(len(joint.y)):
        found, weights = joint.bends(params, rows), joint.weights[rows]
        value += float(weights @ found.value)
        for i, a in enumerate(parts):
            left = joint.designs[i][rows]
            score[a] += (weights * found.first[i]) @ left
            for j, b in enumerate(parts[: i + 1]):
                bent = left.T @ ((weights * found.second[i, j])[:, None] * joint.designs[j][rows])
                information[a, b] -= bent
                if i != j:
                    information[b, a] -= bent.T
    return value, score, information


def joint_slopes(joint: Joint, params: Vector) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (m, p).

    Examples
    --------
    >>> from .count_density import count_density
    >>> one = np.ones(2)
    >>> joint = Joint((one[:, None],), 0 * one, 2 * one, one, lambda y, at: count_density("poisson", y, at))
    >>> joint_slopes(joint, np.zeros(1))
    array([[1.],
           [1.]])
    """
    result = np.empty((len(joint.y), len(params)))
    for rows in blocks(len(joint.y)):
        first = joint.weights[rows] * joint.bends(params, rows).first
        for i, part in enumerate(joint.parts):
            result[rows, part] = first[i][:, None] * joint.designs[i][rows]
    return result
