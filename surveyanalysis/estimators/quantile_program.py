"""Quantile regression as a linear program: the exact vertex, and the dual that proves it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .fit import Matrix, Vector

ZERO = 1e-9  # residuals below this part of the outcome's spread are none
INSIDE = 1e-8  # how far a share may lie outside of 0..1 by rounding
PIVOTS = 2000


@dataclass(frozen=True, slots=True)
class Vertex:
    """Where the weighted sum of check losses is least.

    Attributes
    ----------
    slopes
        Shape (k,).
    shares
        Of every row, what of it lies above: 1 or 0, and between for rows on the plane, shape (n,). They solve
        sum w (shares - 1 + tau) x = 0.
    unique
        False where other slopes do as well; seen only where no more than k rows are on the plane.
    """

    slopes: Vector
    shares: Vector
    unique: bool


def quantile_vertex(x: Matrix, y: Vector, weights: Vector, tau: float) -> Vertex:
    """Minimise sum w (y - x b) (tau - 1[y < x b]).

    Parameters
    ----------
    x, y, weights
        Whitened covariates (n, k), outcomes of mean square near 1 (n,), positive weights (n,).
    tau
        Between 0 and 1.

    Raises
    ------
    ConvergenceError
        If no vertex can be proved to be the minimum.

    Notes
    -----
    The dual, maximise y'a where x'a = (1 - tau) x'w and 0 <= a <= w (Koenker 2005, section 6.2), by HiGHS, whose
    tolerance is 1e-7; then exact steps from vertex to vertex until the shares of the k rows on the plane, which are
    solved for, lie within 0..1.

    Examples
    --------
    >>> found = quantile_vertex(np.ones((3, 1)), np.array([1.0, 2.0, 4.0]), np.ones(3), 0.5)
    >>> found.slopes, found.shares, found.unique
    (array([2.]), array([0. , 0.5, 1. ]), True)
    """
    from scipy.optimize import linprog

    w = weights / weights.mean()
    target = (1 - tau) * (w @ x)
    solved = linprog(-y, A_eq=x.T, b_eq=target, bounds=np.column_stack([np.zeros(len(y)), w]), method="highs")
    if solved.status != 0:
        raise ConvergenceError(f"The linear program of the quantile regression has no solution: {solved.message}")
    basis = _independent(x, np.abs(y - x @ -solved.eqlin.marginals))
    for _ in range(PIVOTS):
        slopes = np.asarray(np.linalg.solve(x[basis], y[basis]), float)
        errors = y - x @ slopes
        errors[basis] = 0.0
        on = np.flatnonzero(np.abs(errors) <= ZERO)
        above = w * (errors > ZERO)
        shares = _shares(x, w, on, basis, target - above @ x)
        if (np.abs(shares - 0.5) <= 0.5 + INSIDE).all():
            whole = above / w
            whole[on] = np.clip(shares, 0, 1)
            inner = (np.abs(shares - 0.5) < 0.5 - INSIDE).all()
            return Vertex(slopes, whole, bool(inner) or len(on) > len(basis))
        basis = _next_vertex(x, w, errors, basis, shares[np.searchsorted(on, basis)], tau)
    raise ConvergenceError(f"No vertex is proved to be the minimum after {PIVOTS} steps: too many outcomes are equal.")


def check_loss(errors: Vector, weights: Vector, tau: float) -> float:
    """Weighted sum of tau times positive and tau - 1 times negative residuals.

    Examples
    --------
    >>> check_loss(np.array([2.0, -4.0]), np.ones(2), 0.25)
    3.5
    """
    return float(weights @ (errors * (tau - (errors < 0))))


def _independent(x: Matrix, distance: Vector) -> NDArray[np.intp]:
    """Positions of k rows that are independent, the nearest to the plane first."""
    chosen: list[int] = []
    frame = np.zeros((0, x.shape[1]))
    for i in np.argsort(distance, kind="stable"):
        left = x[i] - frame.T @ (frame @ x[i])
        left -= frame.T @ (frame @ left)
        size = float(np.linalg.norm(left))
        if size > 1e-7 * float(np.linalg.norm(x[i])):
            frame = np.vstack([frame, left / size])
            chosen.append(int(i))
        if len(chosen) == x.shape[1]:
            break
    return np.sort(np.array(chosen, np.intp))


def _shares(x: Matrix, w: Vector, on: NDArray[np.intp], basis: NDArray[np.intp], left: Vector) -> Vector:
    """Shares above of the rows on the plane, so that the equations hold; beyond 0..1 where the vertex is no minimum."""
    if len(on) == len(basis):
        return np.asarray(np.linalg.solve(x[on].T, left) / w[on], float)
    from scipy.optimize import lsq_linear

    found = lsq_linear((w[on, None] * x[on]).T, left, (0, 1), method="bvls", tol=1e-14)
    if np.abs(found.fun).max() <= 1e-9 * w.sum():
        return np.asarray(found.x, float)
    others = np.isin(on, basis, invert=True)
    rest = left - (w[on] * 0.5 * others) @ x[on]
    shares = np.full(len(on), 0.5)
    shares[~others] = np.linalg.solve(x[basis].T, rest) / w[basis]
    return shares


def _next_vertex(
    x: Matrix, w: Vector, errors: Vector, basis: NDArray[np.intp], shares: Vector, tau: float
) -> NDArray[np.intp]:
    """Leave the row whose share is furthest outside 0..1, along the edge downwards to where loss is least."""
    worst = int(np.argmax(np.abs(shares - 0.5)))
    sign = 1.0 if shares[worst] > 1 else -1.0
    # along this edge the row's own residual becomes positive (share 1) or negative (share 0)
    along = np.linalg.solve(x[basis], -sign * np.eye(len(basis))[worst])
    moves = x @ along
    moves[basis] = 0.0
    moves[basis[worst]] = -sign
    reached = np.flatnonzero(errors * moves > 0)
    steps = errors[reached] / moves[reached]
    order = np.argsort(steps, kind="stable")
    slope = -w[basis[worst]] * (sign * (shares[worst] - 0.5) - 0.5)
    total = slope + np.cumsum(w[reached[order]] * np.abs(moves[reached[order]]))
    at = int(np.searchsorted(total, 0.0))
    entering = reached[order[min(at, len(order) - 1)]]
    return np.sort(np.append(np.delete(basis, worst), entering))
