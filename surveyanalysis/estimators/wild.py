"""Wild cluster bootstrap: signs for whole clusters, under the hypothesis that a coefficient has a given value."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .fit import Matrix, Vector
from .link import Link
from .links import LinkName, link_named
from .newton import maximise
from .whitening import coordinates

Signs = Literal["rademacher", "webb"]
POINTS: dict[str, tuple[float, ...]] = {
    "rademacher": (-1.0, 1.0),
    "webb": tuple(float(sign * root) for sign in (-1, 1) for root in np.sqrt([0.5, 1.0, 1.5])),
}
EVERY = 20_000  # combinations of signs up to which all are taken
TIE = 1e-9  # relative: statistics this near count as equal
NO_INFORMATION = 1e-100  # of an answer about its predictor: below it, nothing can be divided by it
FARTHEST = 40  # doublings of the step in which an interval's end is looked for


@dataclass(frozen=True, slots=True)
class Drawn:
    """Signs of the clusters.

    Attributes
    ----------
    signs
        Shape (B, G).
    every
        Whether these are all combinations that there are, rather than a random sample of them.
    """

    signs: Matrix
    every: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A model fitted while one coefficient is held at a value.

    Attributes
    ----------
    push
        What the residuals of each cluster add to the coefficient, shape (G,).
    pull
        Contribution of cluster g to the statistic's variance per sign of cluster h, [h, g], shape (G, G).
    """

    push: Vector
    pull: Matrix


Hold = Callable[[float], Held]


def signs_of(clusters: int, kind: Signs, draws: int, seed: int) -> Drawn:
    """Signs of the clusters: all combinations where there are at most `EVERY`, else drawn ones.

    Examples
    --------
    >>> signs_of(3, "rademacher", 999, 1).signs.shape, signs_of(30, "webb", 999, 1).every
    ((8, 3), False)
    """
    points = POINTS[kind]
    if len(points) ** clusters <= EVERY:
        return Drawn(np.array(list(product(points, repeat=clusters))), True)
    chosen = np.random.default_rng(seed).integers(0, len(points), (draws, clusters))
    return Drawn(np.array(points)[chosen], False)


def p_of(held: Held, drawn: Drawn) -> float:
    """Share of combinations under which the statistic is at least as far from zero as it is.

    Notes
    -----
    t = sum of signs * push / root of the summed squares of signs @ pull, compared as squares crosswise, so that nothing
    is divided by a variance of zero. Of a random sample (1 + as far) / (1 + draws).
    """
    scale = max(float(np.abs(held.push).max()), 1e-300)  # squares of squares must not overflow
    push, pull = held.push / scale, held.pull / scale
    pushed, spread = (drawn.signs @ push) ** 2, ((drawn.signs @ pull) ** 2).sum(axis=1)
    own, around = push.sum() ** 2, (pull.sum(axis=0) ** 2).sum()
    far = int((pushed * around >= own * spread * (1 - TIE)).sum())
    return far / len(pushed) if drawn.every else (1 + far) / (1 + len(pushed))


def t_of(held: Held) -> float:
    """The statistic itself, without a factor for the number of clusters; NaN without a variance."""
    spread = (held.pull.sum(axis=0) ** 2).sum()
    return float(held.push.sum() / np.sqrt(spread)) if spread > 0 else float("nan")


def interval_of(hold: Hold, drawn: Drawn, at: float, step: float, confidence: float) -> tuple[float, float]:
    """Ends of the values that the test does not refuse; infinite where it refuses none for which the model has a fit.

    Parameters
    ----------
    hold
        Value of the coefficient -> the model that holds it there.
    at, step
        The estimate, and a first distance (its standard error).
    """

    def kept(value: float) -> bool:
        return p_of(hold(value), drawn) > 1 - confidence

    def end(side: int) -> float:
        outer = _first_refused(lambda distance: kept(at + side * distance), step)
        if np.isinf(outer):
            return side * np.inf
        inner = 0.0
        while outer - inner > 1e-9 * outer:
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if kept(at + side * middle) else (inner, middle)
        return at + side * (inner + outer) / 2

    return end(-1), end(1)


def _first_refused(kept: Callable[[float], bool], step: float) -> float:
    """The first of the distances step, 2 step, 4 step, ... that is not kept; infinite if none is, or no fit exists."""
    for power in range(FARTHEST):
        try:
            if not kept(step * 2.0**power):
                return step * 2.0**power
        except ConvergenceError:
            break
    return float("inf")


def linear_hold(x: Matrix, y: Vector, weights: Vector, clusters: NDArray[np.intp], column: int) -> Hold:
    """The wild cluster bootstrap of a linear model with one coefficient held (Cameron, Gelbach and Miller 2008).

    Parameters
    ----------
    x, y, weights
        Covariates (n, k), outcome and weights (n,).
    clusters
        Codes 0 to G - 1, shape (n,).
    column
        Whose coefficient is held.

    Examples
    --------
    >>> x = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
    >>> hold = linear_hold(x, np.array([1.0, 2, 3, 5, 6, 7]), np.ones(6), np.arange(6), 1)
    >>> p_of(hold(0.0), signs_of(6, "rademacher", 99, 1))
    0.03125
    """
    others = np.delete(x, column, axis=1)
    outcome, own = _left_over(others, y, weights), _left_over(others, x[:, column], weights)
    still, moving = (_held(x, part, weights, clusters, column) for part in (outcome, own))
    return lambda value: Held(still.push - value * moving.push, still.pull - value * moving.pull)


def binary_hold(x: Matrix, y: Vector, weights: Vector, clusters: NDArray[np.intp], column: int, link: LinkName) -> Hold:
    """The score wild bootstrap of a binary model with one coefficient held (Kline and Santos 2012).

    Parameters
    ----------
    x, y, weights, clusters, column
        As for `linear_hold`; y is 0 or 1.
    link
        As for `binary_fit`.

    Notes
    -----
    Scores at the restricted estimate, signed by cluster, move it by one Newton step; the statistic is that of the
    working regression there, as in a linear model.

    Raises
    ------
    ConvergenceError
        When called with a value at which the other coefficients have no finite estimate.
    """
    model, others = link_named(link), np.delete(x, column, axis=1)

    def hold(value: float) -> Held:
        fixed = value * x[:, column]
        predictor = fixed + (_fitted(others, y, weights, model, fixed) if others.shape[1] else 0.0)
        working = model.expected(predictor)
        if not working.min() > NO_INFORMATION:
            raise ConvergenceError(f"With one coefficient held at {value:g}, somebody's answer is certain.")
        try:
            return _held(x, model.outcome(predictor, y)[1] / working, weights * working, clusters, column)
        except np.linalg.LinAlgError:  # what is left of the information lies in a few answers
            raise ConvergenceError(f"With one coefficient held at {value:g}, the others have no estimate.") from None

    return hold


def _fitted(x: Matrix, y: Vector, weights: Vector, link: Link, fixed: Vector) -> Vector:
    """Linear predictor of the columns x beside a fixed part, by maximum likelihood, shape (n,)."""
    z, _ = coordinates(x)

    def evaluate(params: Vector) -> tuple[float, Vector, Matrix]:
        log_p, first, second = link.outcome(z @ params + fixed, y)
        return float(weights @ log_p), (weights * first) @ z, -z.T @ ((weights * second)[:, None] * z)

    found = maximise(evaluate, np.zeros(z.shape[1]), float(weights.sum()), concave=link.concave)
    if not found.converged:
        raise ConvergenceError(f"With one coefficient held, the others have no estimate: {found.message}.")
    return z @ found.params


def _held(x: Matrix, residuals: Vector, weights: Vector, clusters: NDArray[np.intp], column: int) -> Held:
    """Parts of the statistic from the residuals under the hypothesis."""
    own = _left_over(np.delete(x, column, axis=1), x[:, column], weights)
    part = weights * own / (weights @ own**2)
    z, _ = coordinates(x)
    moved = np.linalg.inv(z.T @ (weights[:, None] * z))
    count = int(clusters.max()) + 1
    push = np.bincount(clusters, part * residuals, minlength=count).astype(float)
    scores, size = np.zeros((count, z.shape[1])), np.zeros((count, z.shape[1]))
    np.add.at(scores, clusters, (weights * residuals)[:, None] * z)
    np.add.at(size, clusters, part[:, None] * z)
    return Held(push, np.diag(push) - scores @ moved @ size.T)


def _left_over(x: Matrix, y: Vector, weights: Vector) -> Vector:
    """Residuals of y on the columns of x, shape (n,)."""
    if not x.shape[1]:
        return np.asarray(y, float)
    z, _ = coordinates(x)
    gram = z.T @ (weights[:, None] * z)
    left = y - z @ np.linalg.solve(gram, z.T @ (weights * y))
    return np.asarray(left - z @ np.linalg.solve(gram, z.T @ (weights * left)))
