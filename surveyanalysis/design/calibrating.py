"""Calibration: weights as close as possible to those given that meet known totals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from .dependence import Basis, independent
from .distances import Bounds, Distance, Method, distance
from .weights import as_columns, in_replicate, shaped_like

HALVINGS = 60
OVERSHOOT = 0.5  # of the slope along a step that may be left, uphill
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Weights that meet their totals.

    Attributes
    ----------
    weights, g
        Calibrated weights and their ratio to those given (1 where these are zero), shape (n,) or (n, R).
    iterations
        Newton steps, the most over the replicates; 0 where the totals were met already.
    errors
        (achieved - wanted) / size of each margin, shape (p,) or (p, R); the size is the total or, where this is near
        zero, the sum of absolute values.
    """

    weights: Matrix
    g: Matrix
    iterations: int
    errors: Matrix


@dataclass(frozen=True, slots=True)
class _Task:
    """What every set of weights is to meet: x (m, p), its coordinates z (m, k), totals (p,), scale (m,)."""

    x: Matrix
    z: Matrix
    basis: Basis
    totals: Vector
    scale: Vector
    distance: Distance
    typical: Vector
    tolerance: float
    iterations: int


@dataclass(frozen=True, slots=True)
class _State:
    """Where a solution stands: coordinates (k,), predictor (m,), g (m,), errors and misfit (p,), gradient (k,)."""

    at: Vector
    u: Vector
    g: Vector
    errors: Vector
    misfit: Vector
    gradient: Vector


def calibrate(
    x: Matrix,
    totals: Vector,
    weights: Matrix,
    *,
    names: Sequence[str],
    method: Method = "linear",
    bounds: Bounds | None = None,
    scale: Vector | None = None,
    tolerance: float = 1e-11,
    iterations: int = 50,
) -> Calibrated:
    """Change weights as little as possible so that weighted sums of `x` are `totals`.

    Parameters
    ----------
    x
        Margins, shape (n, p): a column of ones for the population's size, indicators of levels, numbers. May be missing
        where the weight is zero.
    totals
        Their sums over the population, shape (p,).
    weights
        Shape (n,), or (n, R) for replicates, each of which is calibrated.
    names
        Of the margins, for messages.
    method
        "linear" (GREG; may give negative weights), "raking" (positive) or "logit" (within `bounds`).
    bounds
        What the g-weights (factors) may not leave; "linear" and "raking" are cut off there.
    scale
        Variance of the working model of each row up to a factor, shape (n,): g(x b / scale) (R ``variance``).
    tolerance
        Largest relative error of a margin.
    iterations
        Newton steps at most.

    Returns
    -------
    Calibrated

    Raises
    ------
    ChoiceError
        `bounds` are not around 1, or missing for "logit".
    DesignError
        Margins contradict each other (both totals are told), or cannot be met (the worst is named, with what was
        reached).

    Notes
    -----
    Solves sum w_i g(x_i b / scale_i) x_i = totals (Deville and Sarndal 1992), the minimum of a convex function, by
    Newton's method with step halving. Margins that repeat others are met through them. Checked against R survey
    ``calibrate`` and ``grake``.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [1.0, 2.0, 3.0, 4.0]])
    >>> calibrate(x, np.array([40.0, 110.0]), np.full(4, 10.0), names=["people", "age"]).weights.round(12)
    array([ 7.,  9., 11., 13.])
    """
    columns = as_columns(weights)
    curve = distance(method, bounds)
    rows = np.asarray((columns > 0).any(axis=1))
    x, scale, totals = _given(x, rows, scale, totals, names)
    used = columns if rows.all() else columns[rows]
    task = _task(x, scale, totals, used.mean(axis=1), names, curve, tolerance, iterations)
    g, errors, steps = np.ones_like(columns), np.zeros((x.shape[1], used.shape[1])), 0
    start = np.zeros(task.z.shape[1])
    for r, w in enumerate(used.T):
        state, taken = _solved(task, w, start)
        if not np.abs(state.errors[task.basis.kept]).max(initial=0.0) <= tolerance:
            raise _unmet(task, w, state, names, in_replicate(r, used.shape[1]))
        g[rows, r], errors[:, r], steps, start = state.g, state.errors, max(steps, taken), state.at
    errors = errors if np.ndim(weights) == 2 else errors[:, 0]
    return Calibrated(shaped_like(columns * g, weights), shaped_like(g, weights), steps, errors)


def _given(
    x: Matrix, rows: NDArray[np.bool_], scale: Vector | None, totals: Vector, names: Sequence[str]
) -> tuple[Matrix, Vector, Vector]:
    """Margins and scale of the rows with a weight, and totals, all checked."""
    x, totals = np.asarray(x, float), np.asarray(totals, float)
    if not len(names) or x.shape != (len(rows), len(names)) or totals.shape != (len(names),):
        raise DesignError(
            f"{len(names)} margins are named for {len(rows)} rows, but `x` has shape {x.shape} and `totals` "
            f"{totals.shape}: give one column and one total for each."
        )
    if not np.isfinite(totals).all():
        which = int(np.flatnonzero(~np.isfinite(totals))[0])
        raise DesignError(f"The total of {names[which]!r} is {totals[which]:g}. Give its sum over the population.")
    x = x if rows.all() else x[rows]
    if not np.isfinite(x).all():
        gaps = ~np.isfinite(x)
        which = int(np.argmax(gaps.any(axis=0)))
        raise DesignError(
            f"{names[which]!r} is missing or infinite for {np.count_nonzero(gaps[:, which])} respondent(s) who have a "
            "weight. Fill it in, or give them weight zero."
        )
    scale = np.ones(len(x)) if scale is None else np.asarray(scale, float)[rows]
    if not (np.isfinite(scale) & (scale > 0)).all():
        raise DesignError(f"`scale` holds {scale[~(np.isfinite(scale) & (scale > 0))][0]:g}; it must be positive.")
    return x, scale, totals


def _task(
    x: Matrix, scale: Vector, totals: Vector, weights: Vector, names: Sequence[str], curve: Distance,
    tolerance: float, iterations: int,
) -> _Task:  # fmt: skip
    """Coordinates z in which the full linear problem has the identity as its matrix, for weights that sum to 1."""
    share = weights / weights.sum()
    basis = independent(x, share / scale, totals, names)
    own = x if len(basis.kept) == x.shape[1] else x[:, basis.kept]
    typical = share @ np.abs(x)
    return _Task(x, own @ basis.inverse, basis, totals, scale, curve, typical, tolerance, iterations)


def _solved(task: _Task, weights: Vector, start: Vector) -> tuple[_State, int]:
    """Newton's method from `start`; returns where it ended and the steps it took."""
    held = weights > 0
    state = _state(task, weights, start, task.z @ start * held / task.scale)
    if not np.isfinite(state.gradient).all():
        start = np.zeros_like(start)
        state = _state(task, weights, start, np.zeros(len(weights)))
    for step in range(task.iterations):
        if np.abs(state.errors[task.basis.kept]).max(initial=0.0) <= task.tolerance:
            return state, step
        direction = _direction(task, weights, state)
        state = _searched(task, weights, state, direction, task.z @ direction * held / task.scale)
    return state, task.iterations


def _state(task: _Task, weights: Vector, at: Vector, u: Vector) -> _State:
    """What coordinates achieve."""
    with np.errstate(over="ignore", invalid="ignore"):
        g = task.distance.factor(u)
        adjusted = weights * g
        misfit = task.totals - adjusted @ task.x
        size = np.maximum(np.abs(task.totals), task.typical * np.abs(adjusted).sum())
        errors = np.divide(-misfit, size, out=np.zeros_like(misfit), where=size > 0)
        gradient = misfit[task.basis.kept] @ task.basis.inverse / weights.sum()
    return _State(at, u, g, errors, misfit, gradient)


def _direction(task: _Task, weights: Vector, state: _State) -> Vector:
    """Newton's step; a ridge that fades with the misfit carries it on where all rows that could move are at a bound."""
    curve = weights / weights.sum() * task.distance.slope(state.u) / task.scale
    values, vectors = np.linalg.eigh(task.z.T @ (curve[:, None] * task.z))
    ridge = RIDGE * min(1.0, float(np.sqrt(state.gradient @ state.gradient)))
    floor = max(ridge, float(values.max(initial=0.0)) * 1e-14, 1e-300)
    return vectors @ (vectors.T @ state.gradient / np.maximum(values, floor))


def _searched(task: _Task, weights: Vector, state: _State, direction: Vector, along: Vector) -> _State:
    """The longest of halved steps after which the convex function does not climb steeply."""
    slope, length = float(state.gradient @ direction), 1.0
    for _ in range(HALVINGS):
        moved = _state(task, weights, state.at + length * direction, state.u + length * along)
        if np.isfinite(moved.gradient).all() and moved.gradient @ direction >= -OVERSHOOT * slope:
            return moved
        length /= 2
    return state


def _unmet(task: _Task, weights: Vector, state: _State, names: Sequence[str], where: str) -> DesignError:
    """The margin that is farthest from its total at the end, and the one that pushes the weights hardest."""
    kept, before = task.basis.kept, weights @ task.x
    worst = int(kept[np.argmax(np.abs(state.errors[kept]))])
    # the coordinates grow without end towards a mixture of the margins that no weights can reach
    push = (task.basis.inverse @ state.at) * (task.totals - before)[kept]
    hardest = int(kept[np.argmax(push)])
    low, high = task.distance.bounds
    kind = "weights" if low == -np.inf else "positive weights" if (low, high) == (0, np.inf) else ""
    kind = kind or f"weights changed by factors within ({low:g}, {high:g})"
    wider = "" if kind.endswith("weights") else "widen `bounds`, "
    reached = task.totals[worst] - state.misfit[worst]
    other = f" Most is asked of {names[hardest]!r}, from {before[hardest]:,.10g} to {task.totals[hardest]:,.10g}."
    return DesignError(
        f"No {kind} meet the totals{where}: {names[worst]!r} reaches {reached:,.10g} of {task.totals[worst]:,.10g} "
        f"(it was {before[worst]:,.10g}).{'' if hardest == worst else other} Check these "
        f"totals, {wider}merge levels with few respondents, or use fewer margins."
    )
