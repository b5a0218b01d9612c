"""Newton's method for a log-likelihood; convergence is judged by the score equations alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..threads import on_one_thread
from .fit import Matrix, Vector

Evaluate = Callable[[Vector], tuple[float, Vector, Matrix]]
EXACT = 1e-13  # scores this small relative to their scale cannot fall further
SOLVED = 1e-9  # scores above this are no solution
LAST = 1e-10  # where scores and step are this small, the error after the step is below rounding
STILL = 1e-6  # a solution lies where the next step is shorter than this, relative to the parameters
STEPS = 100
SMALLEST_STEP = 2.0**-30
MANY = 50_000  # rows above which the iteration begins with some of them
SHARE = 16  # every so many of them
STEPS_OF_SOME = 3  # lead to the maximum of some rows, nearer than that lies to the maximum of all
FLAT = 1e-6  # curvature below this part of the largest counts as this much


@dataclass(frozen=True, slots=True)
class Function:
    """A log-likelihood.

    Attributes
    ----------
    evaluate
        As for `maximise`.
    gradient
        The gradient alone, for less than `evaluate` costs.
    scale
        What the scores are measured against.
    """

    evaluate: Evaluate
    gradient: Callable[[Vector], Vector]
    scale: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Where the iteration ended.

    Attributes
    ----------
    params, value, information
        Maximiser (k,), log-likelihood and negative Hessian (k, k) there.
    converged
        Whether the score equations hold and the next step would be negligible.
    message
        What happened, when `converged` is False.
    settled
        Whether the scores vanish: the value of a concave function can then rise no further, even where a coefficient
        grows without bound.
    """

    params: Vector
    value: float
    information: Matrix
    converged: bool
    message: str = ""
    settled: bool = True


@on_one_thread
def maximise(evaluate: Evaluate, start: Vector, scale: float, *, concave: bool = True) -> Solution:
    """Maximise a log-likelihood.

    Parameters
    ----------
    evaluate
        params -> (log-likelihood, its gradient (k,), its negative Hessian (k, k)); not finite outside the domain.
    start
        First parameters, shape (k,).
    scale
        What the scores are measured against: the sum of weights, for columns of size one.
    concave
        Whether it is concave everywhere. If not, steps go uphill also where it bends upwards, and a point where it does
        is no solution.

    Returns
    -------
    Solution

    Notes
    -----
    Full steps, halved while the log-likelihood falls or leaves its domain. Converged means both that
    max |score| / scale < 1e-9 (in practice 1e-13) and that the next Newton step is below 1e-6: where an outcome is
    separated the scores vanish too, but the steps never do. Without concavity the step is taken with the eigenvalues of
    the negative Hessian made positive (Nocedal and Wright 2006, section 3.4), and the maximum found is a local one.

    Examples
    --------
    >>> import numpy as np
    >>> def parabola(p):
    ...     return float(-(p - 3) @ (p - 3)), -2 * (p - 3), 2 * np.eye(1)
    >>> maximise(parabola, np.zeros(1), scale=1.0).params
    array([3.])
    """
    params = start
    value, score, information = evaluate(params)
    error, step = size_of(score) / scale, _step(information, score, concave)
    for _ in range(STEPS):
        if step is None or (error <= EXACT and still(step, params)):
            break
        found = _halved(evaluate, params, step, value)
        if found is None or (error < SOLVED and size_of(found[2]) > error * scale / 2):
            break
        params, value, score, information = found
        error, step = size_of(score) / scale, _step(information, score, concave)
    if step is None or not (concave or _bends_down(information)):
        why = "the information matrix is singular: no single maximum exists (separation, or nearly so)"
        return Solution(params, value, information, False, why, bool(error < SOLVED))
    quiet = still(step, params)
    converged = error < SOLVED and quiet
    message = "" if converged else unsolved(error, quiet)
    return Solution(params, value, information, converged, message, bool(error < SOLVED))


def maximise_many(whole: Function, some: Function, start: Vector, *, concave: bool = True) -> Solution:
    """Maximise a log-likelihood of very many rows, from the maximum of some of them.

    Parameters
    ----------
    whole, some
        The log-likelihood of all rows, and of some that are spread evenly over all.
    start, concave
        As for `maximise`.

    Notes
    -----
    After three Newton steps on some of the rows, the first step on all takes its curvature from those, the second its
    own, and the third that of the second: near the maximum this is worth three Newton steps, for one pass that sums
    curvature. Wherever they lead, the scores there judge it; where it finds no solution from there, it begins anew from
    `start`.
    """
    if concave:
        with np.errstate(all="ignore"):
            near = _near(whole, some, start)
            found = None if near is None else _judged(whole, near)
        if found is not None and found.converged and np.isfinite(found.value):
            return found
    return maximise(whole.evaluate, start, whole.scale, concave=concave)


def _judged(whole: Function, near: Vector) -> Solution:
    """The maximum beside a point; where the point all but is one, its Newton step is the last."""
    value, score, information = whole.evaluate(near)
    step = _step(information, score, concave=True)
    if step is not None and size_of(score) / whole.scale <= LAST and beside(step, near):
        # the error after the step is that before it, squared
        return Solution(near + step, value, information, True)
    return maximise(whole.evaluate, near, whole.scale)


def _near(whole: Function, some: Function, params: Vector) -> Vector | None:
    """Parameters near the maximum of all rows, by way of that of some; None where a step does not exist."""
    information = np.zeros((len(params),) * 2)
    for rows, renewed in ((some, True),) * STEPS_OF_SOME + ((whole, False), (whole, True), (whole, False)):
        if renewed:
            _, score, information = rows.evaluate(params)
            information *= whole.scale / rows.scale
        else:
            score = rows.gradient(params)
        known = np.isfinite(score).all() and np.isfinite(information).all()
        step = _step(information, score * (whole.scale / rows.scale), concave=True) if known else None
        if step is None:
            return None
        params = params + step
    return params


def size_of(values: Vector) -> float:
    """Largest absolute value; 0 for none, infinite if any is not a number.

    Examples
    --------
    >>> import numpy as np
    >>> size_of(np.array([1.0, -2.0])), size_of(np.array([np.nan]))
    (2.0, inf)
    """
    largest = float(np.abs(values).max(initial=0.0))
    return largest if np.isfinite(largest) else np.inf


def still(step: Vector, params: Vector) -> bool:
    """Whether a step is negligible.

    Examples
    --------
    >>> import numpy as np
    >>> still(np.array([1e-9]), np.array([1.0])), still(np.array([0.1]), np.array([1.0]))
    (True, False)
    """
    return size_of(step) <= STILL * (1 + size_of(params))


def beside(step: Vector, params: Vector) -> bool:
    """Whether what lies a step away differs by less than counts in any number made of it.

    Examples
    --------
    >>> import numpy as np
    >>> beside(np.array([1e-11]), np.array([1.0])), beside(np.array([1e-8]), np.array([1.0]))
    (True, False)
    """
    return size_of(step) <= LAST * (1 + size_of(params))


def _step(information: Matrix, score: Vector, concave: bool) -> Vector | None:
    """The Newton step, or None where the information of a concave function is not positive definite."""
    try:
        factor = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None if concave else _uphill(information, score)
    step = np.linalg.solve(factor.T, np.linalg.solve(factor, score))
    return step if np.isfinite(step).all() else None


def _uphill(information: Matrix, score: Vector) -> Vector | None:
    """A step along which the function rises: curvature by its size, whatever its sign."""
    if not np.isfinite(information).all():
        return None
    curvature, axes = np.linalg.eigh(information)
    size = np.abs(curvature)
    if not size.max(initial=0.0) > 0:
        return None
    return axes @ (axes.T @ score / np.maximum(size, FLAT * size.max()))


def _bends_down(information: Matrix) -> bool:
    """Whether the point is a maximum: the information is positive definite."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return False
    return True


def _halved(
    evaluate: Evaluate, params: Vector, step: Vector, value: float
) -> tuple[Vector, float, Vector, Matrix] | None:
    """Walk along the step, halving it until the log-likelihood does not fall by more than rounding."""
    part, slack = 1.0, 1e-13 * (1 + abs(value))
    while part > SMALLEST_STEP:
        tried = params + part * step
        with np.errstate(all="ignore"):
            new, score, information = evaluate(tried)
        if new >= value - slack and np.isfinite(score).all() and np.isfinite(information).all():
            return tried, new, score, information
        part /= 2
    return None


def unsolved(error: float, quiet: bool) -> str:
    """Say what is missing to a solution.

    Examples
    --------
    >>> unsolved(0.02, quiet=True)
    'the largest score is 2.0e-02 of its scale after 100 steps'
    """
    if error < SOLVED and not quiet:
        return "the scores vanish only as a coefficient grows without bound (separation, or nearly so)"
    return f"the largest score is {error:.1e} of its scale after {STEPS} steps"
