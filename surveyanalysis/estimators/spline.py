"""Columns of cubic splines: natural ones, and B-splines."""

from dataclasses import dataclass

import numpy as np

from .fit import Matrix, Vector

DEGREE = 3


@dataclass(frozen=True, slots=True)
class Spline:
    """Smooth curves of one number: cubic between knots, with two continuous derivatives.

    Attributes
    ----------
    knots
        Where the cubics meet, ascending, within the boundary.
    boundary
        Lowest and highest value that the curves were made for.
    natural
        Whether curves go on as lines beyond the boundary; else their outer cubics go on.
    """

    knots: tuple[float, ...]
    boundary: tuple[float, float]
    natural: bool

    @property
    def df(self) -> int:
        """Number of columns; the constant is not among them."""
        return len(self.knots) + least_df(self.natural)

    def columns(self, x: Vector) -> Matrix:
        """Columns at x (m,), shape (m, df).

        Notes
        -----
        B-splines without the first (de Boor 1978). The natural ones are those combinations of them whose second
        derivatives are 0 at both ends: B Q with the last columns of Q from the Householder decomposition C' = Q R,
        where the rows of C are the two second derivatives. The first derivatives carry the lines on. Checked against R
        ``splines::ns`` and ``bs``, column by column.

        Examples
        --------
        >>> Spline((2.0,), (0.0, 4.0), natural=False).columns(np.array([0.0, 2.0, 4.0])).round(3).tolist()
        [[0.0, 0.0, 0.0, 0.0], [0.25, 0.5, 0.25, 0.0], [0.0, 0.0, 0.0, 1.0]]
        """
        low, high = self.boundary
        steps = np.concatenate([[low] * (DEGREE + 1), self.knots, [high] * (DEGREE + 1)])
        if not self.natural:
            return b_splines(steps, x)[:, 1:]
        inside = np.clip(x, low, high)
        first = _derivative(np.eye(len(steps) - DEGREE - 1), steps, DEGREE)
        second = _derivative(first, steps[1:-1], DEGREE - 1)
        under, over = np.minimum(x - low, 0), np.maximum(x - high, 0)
        rows = b_splines(steps, inside) + np.outer(under, first[0]) + np.outer(over, first[-1])
        return _without(rows[:, 1:], second[[0, -1], 1:])


def least_df(natural: bool) -> int:
    """Number of columns without any knots: a line, or one cubic."""
    return 1 if natural else DEGREE


def quantile_knots(x: Vector, df: int, natural: bool) -> tuple[float, ...]:
    """Knots at equally spaced quantiles of x, as R places them; weights play no part.

    Examples
    --------
    >>> quantile_knots(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), 2, natural=True)
    (2.0,)
    """
    count = df - least_df(natural)
    return tuple(np.quantile(x, np.arange(1, count + 1) / (count + 1)).tolist())


def b_splines(steps: Vector, x: Vector) -> Matrix:
    """All cubic B-splines on these steps, the ends four times each, shape (m, len(steps) - 4)."""
    from scipy.interpolate import BSpline

    count = len(steps) - DEGREE - 1
    return np.asarray(BSpline(steps, np.eye(count), DEGREE, extrapolate=True)(np.asarray(x, float)))


def _derivative(coefficients: Matrix, steps: Vector, degree: int) -> Matrix:
    """Coefficients of the derivative, on the steps without the outermost; the outer ones are its values at the ends."""
    return degree * np.diff(coefficients, axis=0) / (steps[degree + 1 : -1] - steps[1 : -degree - 1])[:, None]


def _without(rows: Matrix, conditions: Matrix) -> Matrix:
    """Coordinates of rows (m, n) in the space where the conditions (c, n) are 0, shape (m, n - c).

    Reflections are LINPACK's, which turn a 0 to the negative side, so that columns have the signs that R gives them.
    """
    rows, left = rows.copy(), conditions.T.copy()
    for j in range(left.shape[1]):
        mirror = left[j:, j].copy()
        mirror[0] += np.linalg.norm(mirror) * (1 if mirror[0] >= 0 else -1)
        mirror /= np.linalg.norm(mirror)
        left[j:] -= 2 * np.outer(mirror, mirror @ left[j:])
        rows[:, j:] -= 2 * np.outer(rows[:, j:] @ mirror, mirror)
    return rows[:, left.shape[1] :]
