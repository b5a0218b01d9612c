"""Maximum likelihood with several linear predictors, each with covariates of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..threads import on_one_thread
from .curves import Curves
from .fit import Fit, Matrix, Vector
from .newton import Solution, maximise
from .whitening import blocks


@dataclass(frozen=True, slots=True)
class Joint:
    """A weighted log-likelihood.

    Attributes
    ----------
    columns
        Covariates of each of the r predictors, shapes (m, k1), ..., (m, kr); ones for a parameter that is alone.
    weights
        Shape (m,).
    curves
        (values of the predictors (r, b), which rows) -> each row's log-likelihood with its derivatives.
    """

    columns: tuple[Matrix, ...]
    weights: Vector
    curves: Callable[[Matrix, slice], Curves]

    def places(self) -> list[slice]:
        """Where the parameters of every predictor stand."""
        edges = np.cumsum([0, *(part.shape[1] for part in self.columns)])
        return [slice(a, b) for a, b in pairwise(edges)]

    def at(self, params: Vector, rows: slice) -> Curves:
        """Log-likelihood of some rows."""
        values = [part[rows] @ params[place] for part, place in zip(self.columns, self.places())]
        return self.curves(np.stack(values), rows)


def joint_likelihood(joint: Joint, params: Vector) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information, block by block.

    Examples
    --------
    >>> from .curves import variables
    >>> def parabola(values, rows):
    ...     e, f = variables(values)
    ...     return -(e - 1.0) * (e - 1.0) - f * f
    >>> one = np.ones((2, 1))
    >>> value, score, information = joint_likelihood(Joint((one, one), np.ones(2), parabola), np.zeros(2))
    >>> value, score, information.diagonal()
    (-2.0, array([4., 0.]), array([4., 4.]))
    """
    size, places = len(params), joint.places()
    value, score, information = 0.0, np.zeros(size), np.zeros((size, size))
    for rows in blocks(len(joint.weights)):
        w, found, parts = joint.weights[rows], joint.at(params, rows), [c[rows] for c in joint.columns]
        value += float(w @ found.value)
        for a, at in enumerate(places):
            score[at] += (w * found.first[a]) @ parts[a]
            for b, other in enumerate(places[: a + 1]):
                crossed = parts[a].T @ ((w * found.second[a, b])[:, None] * parts[b])
                information[at, other] -= crossed
                if a != b:
                    information[other, at] -= crossed.T
    return value, score, information


@on_one_thread
def joint_slopes(joint: Joint, params: Vector) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (m, p).

    Examples
    --------
    >>> from .curves import variables
    >>> joint_slopes(Joint((np.ones((1, 1)),), np.array([3.0]), lambda v, rows: variables(v)[0] * 2.0), np.zeros(1))
    array([[6.]])
    """
    every = [
        gradients(joint.at(params, rows), [c[rows] for c in joint.columns]) * joint.weights[rows, None]
        for rows in blocks(len(joint.weights))
    ]
    return np.vstack(every)


def gradients(curves: Curves, columns: Sequence[Matrix]) -> Matrix:
    """Derivative of a function of predictors by their coefficients, row by row, shape (m, p).

    Examples
    --------
    >>> from .curves import variables
    >>> gradients(variables(np.zeros((1, 2)))[0], [np.array([[1.0, 5.0], [1.0, 7.0]])])
    array([[1., 5.],
           [1., 7.]])
    """
    return np.hstack([slope[:, None] * part for slope, part in zip(curves.first, columns)])


def best_from(joint: Joint, starts: Sequence[Vector]) -> Solution:
    """The highest maximum that several starts lead to, of a log-likelihood that is not concave.

    Examples
    --------
    >>> from .curves import variables
    >>> def two_humps(values, rows):
    ...     (e,) = variables(values)
    ...     return e * e * 2.0 + e * 0.1 - e * e * e * e
    >>> one = Joint((np.ones((1, 1)),), np.ones(1), two_humps)
    >>> best_from(one, [np.array([-1.0]), np.array([1.0])]).params.round(3)
    array([1.012])
    """
    return best_of(maxima_from(joint, starts))


def maxima_from(joint: Joint, starts: Sequence[Vector]) -> list[Solution]:
    """Where the iteration ends from every start.

    Examples
    --------
    >>> from .curves import variables
    >>> def bump(values, rows):
    ...     return variables(values)[0] * variables(values)[0] * -1.0
    >>> len(maxima_from(Joint((np.ones((1, 1)),), np.ones(1), bump), [np.ones(1), np.zeros(1)]))
    2
    """
    size = joint.weights.sum()
    return [maximise(lambda p: joint_likelihood(joint, p), start, scale=size, concave=False) for start in starts]


def best_of(found: Sequence[Solution]) -> Solution:
    """The highest of several ends; of equal ones, one that converged.

    Examples
    --------
    >>> low, high = (Solution(np.zeros(1), value, np.eye(1), True) for value in (-2.0, -1.0))
    >>> best_of([low, high]).value
    -1.0
    """
    top = max(solution.value for solution in found)
    near = [s for s in found if s.value >= top - 1e-9 * (1 + abs(top))]
    return next((s for s in near if s.converged), near[0])


def together(fits: Sequence[Fit]) -> Fit:
    """One fit of parts whose parameters share no respondent's term of the likelihood: it falls into a sum.

    Examples
    --------
    >>> one = Fit(np.ones(1), np.ones((2, 1)), np.eye(1), np.eye(1), -3.0)
    >>> both = together([one, one])
    >>> both.params, both.loglik, both.scores.shape
    (array([1., 1.]), -6.0, (2, 2))
    """
    whole = Fit(
        np.concatenate([fit.params for fit in fits]),
        np.hstack([fit.scores for fit in fits]),
        _along([fit.information for fit in fits]),
        _along([fit.covariance for fit in fits]),
        float(sum(fit.loglik for fit in fits)),
    )
    messages = [fit.message for fit in fits if not fit.converged]
    return replace(whole, converged=not messages, message="; ".join(messages))


def _along(parts: Sequence[Matrix | None]) -> Matrix:
    """Matrices along the diagonal; not a number where a part has none."""
    edges = np.cumsum([0, *(0 if part is None else len(part) for part in parts)])
    result = np.zeros((edges[-1], edges[-1]))
    for part, a, b in zip(parts, edges, edges[1:]):
        result[a:b, a:b] = part
    return result
