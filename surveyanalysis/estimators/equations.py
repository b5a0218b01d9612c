"""Newton's method for score equations that are no likelihood's gradient."""

from collections.abc import Callable

import numpy as np

from .fit import Matrix, Vector
from .newton import EXACT, SMALLEST_STEP, SOLVED, STEPS, Solution, size_of, still, unsolved

Equations = Callable[[Vector], tuple[Vector, Matrix, Matrix]]
Point = tuple[Vector, Vector, Matrix, Matrix]


def solve_equations(equations: Equations, start: Vector, scale: float) -> Solution:
    """Find parameters at which corrected scores vanish.

    Parameters
    ----------
    equations
        params -> (scores (k,), minus their derivative (k, k), the expected information (k, k)).
    start
        First parameters, shape (k,).
    scale
        What the scores are measured against: the sum of weights, for columns of size one.

    Returns
    -------
    Solution
        `value` is not a number; `information` the expected one. Converged as in `newton.maximise`.

    Notes
    -----
    Newton's step, which leads downwards in the squared length of the scores; where that gains nothing even when
    halved, the step of Fisher's scoring.

    Examples
    --------
    >>> solve_equations(lambda p: (4 - p**2, np.diag(2 * p), np.eye(1)), np.ones(1), 1.0).params
    array([2.])
    """
    params, (score, jacobian, information) = start, equations(start)
    for _ in range(STEPS):
        error, step = size_of(score) / scale, _solved(jacobian, score)
        if error <= EXACT and step is not None and still(step, params):
            break
        found = _shorter(equations, params, step, score) or _shorter(
            equations, params, _solved(information, score), score
        )
        if found is None or (error < SOLVED and size_of(found[1]) > error * scale / 2):
            break
        params, score, jacobian, information = found
    error, step = size_of(score) / scale, _solved(jacobian, score)
    quiet = step is not None and still(step, params)
    converged = error < SOLVED and quiet
    return Solution(params, np.nan, information, converged, "" if converged else unsolved(error, quiet))


def follow_root(first: Equations, last: Equations, start: Vector, scale: float) -> Solution:
    """Root of `last`, from a root of `first`.

    Parameters
    ----------
    first, last
        As in `solve_equations`.
    start
        Root of `first`, shape (k,).
    scale
        As in `solve_equations`.

    Returns
    -------
    Solution
        That of `last`, where it was found.

    Notes
    -----
    At once; where that fails, over mixtures (1 - t) first + t last in 4, and then in 32 steps of t.

    Examples
    --------
    >>> def to(root):
    ...     return lambda p: (root - p, np.eye(1), np.eye(1))
    >>> follow_root(to(1.0), to(5.0), np.ones(1), 1.0).params
    array([5.])
    """

    def mixed(part: float) -> Equations:
        def equations(params: Vector) -> tuple[Vector, Matrix, Matrix]:
            score, jacobian, information = (
                (1 - part) * a + part * b for a, b in zip(first(params), last(params), strict=True)
            )
            return score, jacobian, information

        return equations

    found = solve_equations(last, start, scale)
    for steps in () if found.converged else (4, 32):
        at = start
        for step in range(1, steps):
            at = solve_equations(mixed(step / steps), at, scale).params
        found = solve_equations(last, at, scale)
        if found.converged:
            break
    return found


def _solved(matrix: Matrix, score: Vector) -> Vector | None:
    """The step, or None where the matrix is singular."""
    try:
        step = np.asarray(np.linalg.solve(matrix, score), float)
    except np.linalg.LinAlgError:
        return None
    return step if np.isfinite(step).all() else None


def _shorter(equations: Equations, params: Vector, step: Vector | None, score: Vector) -> Point | None:
    """Walk along the step, halving it until the scores are shorter."""
    part, before = 1.0, score @ score
    while step is not None and part > SMALLEST_STEP:
        tried = params + part * step
        with np.errstate(all="ignore"):
            found = equations(tried)
        if all(np.isfinite(piece).all() for piece in found) and found[0] @ found[0] < before:
            return tried, *found
        part /= 2
    return None
