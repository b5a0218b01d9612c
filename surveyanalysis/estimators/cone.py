"""Directions in which every row gains: a linear programme, solved on as few rows as needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .fit import Matrix, Vector

FIRST_ROWS = 500
MORE_ROWS = 500
ZERO = 1e-6
Kind = Literal["perfect", "quasi"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a matrix z (n, k) that need not stand in memory.

    Attributes
    ----------
    size, gain
        How many rows there are; their sum (k,).
    along
        b (k,) -> z b (n,).
    chosen
        Numbers of rows (m,) -> those rows (m, k).
    """

    size: int
    gain: Vector
    along: Callable[[Vector], Vector]
    chosen: Callable[[NDArray[np.intp]], Matrix]


def rising(z: Matrix | Rows) -> tuple[Kind, Vector] | None:
    """A direction b with z b >= 0 in every row and > 0 in some.

    Parameters
    ----------
    z
        Rows, shape (n, k), in columns of size about one.

    Returns
    -------
    tuple or None
        "perfect" where some b has z b > 0 in every row, else "quasi"; and b (k,), largest element at most 1 in size.
        None where no such direction exists.

    Raises
    ------
    ConvergenceError
        If the solver gives no answer.

    Examples
    --------
    >>> rising(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0]]))[0]
    'perfect'
    >>> rising(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]))[0]
    'quasi'
    >>> rising(np.array([[1.0], [-1.0]])) is None
    True
    """
    rows = z if isinstance(z, Rows) else Rows(len(z), z.sum(axis=0), lambda b: z @ b, lambda used: z[used])
    direction = _solve(rows, strict=False)
    slack = rows.along(direction)
    if slack.max(initial=0.0) <= 10 * max(ZERO, -slack.min(initial=0.0)):
        return None
    if slack.min() > ZERO * slack.max():
        return "perfect", direction
    strict = _solve(rows, strict=True)
    perfect = rows.along(strict).min() > ZERO
    return ("perfect", strict) if perfect else ("quasi", direction)


def _solve(rows: Rows, *, strict: bool) -> Vector:
    """Solve the linear programme by generating rows: the most violated ones join until none is."""
    used = np.unique(np.linspace(0, rows.size - 1, min(FIRST_ROWS, rows.size)).astype(np.intp))
    while True:
        direction, margin = _programme(rows.chosen(used), rows.gain, strict)
        missing = margin - rows.along(direction)
        missing[used] = 0
        worst = np.argsort(-missing)[:MORE_ROWS]
        worst = worst[missing[worst] > ZERO / 10]
        if not len(worst) or not direction.any():
            return direction
        used = np.append(used, worst)


def _programme(z: Matrix, gain: Vector, strict: bool) -> tuple[Vector, float]:
    """Maximise gain'b with z b >= 0, or (strict) t with z b >= t; |b| <= 1."""
    from scipy.optimize import linprog

    count = z.shape[1]
    cost = np.append(np.zeros(count), -1.0) if strict else np.append(-gain / max(np.abs(gain).max(), 1e-300), 0.0)
    bounds = [(-1.0, 1.0)] * count + [(0.0, 1.0 if strict else 0.0)]
    lhs = np.hstack([-z, np.ones((len(z), 1))])
    found = linprog(cost, A_ub=lhs, b_ub=np.zeros(len(z)), bounds=bounds, method="highs")
    if found.x is None:
        raise ConvergenceError(f"The search for separation ended without an answer: {found.message}")
    return found.x[:count], float(found.x[count])
