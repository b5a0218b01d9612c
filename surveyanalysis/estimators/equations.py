"""Newton's method for score equations that are no likelihood's gradient."""

from collections.abc import Callable, Sequence

import numpy as np

from .fit import Matrix, Vector
from .newton import EXACT, SOLVED, STEPS, Solution, size_of, still, unsolved

Equations = Callable[[Vector], tuple[Vector, Matrix, Matrix]]
Point = tuple[Vector, Vector, Matrix, Matrix]
SHORTEST = 2.0**-12  # a search that needs shorter steps is caught in a valley
GAIN = 1e-3  # what a full step must take off the squared scores


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


def solve_from(equations: Equations, starts: Sequence[Vector], scale: float) -> Solution:
    """The root that is found from the first start that leads to one; else where the last one led.

    Examples
    --------
    >>> cubic = lambda p: (-(p**3 - 3 * p + 3), np.diag(3 * p**2 - 3), np.eye(1))
    >>> solve_from(cubic, [np.ones(1), -3 * np.ones(1)], 1.0).params.round(4)
    array([-2.1038])
    """
    for start in starts:
        found = solve_equations(equations, start, scale)
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
    while step is not None and part > SHORTEST:
        tried = params + part * step
        with np.errstate(all="ignore"):
            found = equations(tried)
        if all(np.isfinite(piece).all() for piece in found) and found[0] @ found[0] < (1 - part * GAIN) * before:
            return tried, *found
        part /= 2
    return None
