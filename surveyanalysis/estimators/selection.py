"""Who takes part: the rows and coordinates of selection models."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .binary import binary_fit
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, present
from .location_scale import Standard, standardised
from .whitening import coordinates


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that count, whitened.

    Attributes
    ----------
    seen
        Who takes part, shape (m,).
    place
        Coordinates of covariates and outcome of those who do.
    x, y
        Whitened covariates (m, k1) and standardised outcome (m,), 0 for the others.
    z, turn
        Whitened covariates of selection (m, k2), and the way back.
    weights
        Shape (m,).
    probit
        The model of selection alone, in z.
    """

    seen: NDArray[np.bool_]
    place: Standard
    x: Matrix
    y: Vector
    z: Matrix
    turn: Matrix
    weights: Vector
    probit: Fit


def checked_selection(x: Matrix, y: Vector, z: Matrix, selected: Vector, weights: Vector) -> "np.ndarray | slice":
    """Rows that count; refuse arrays that do not fit, and a selection without variation.

    Examples
    --------
    >>> one = np.ones((2, 1))
    >>> checked_selection(one, one[:, 0], one, np.ones(2), np.ones(2))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: The outcome of everybody is seen: ...
    """
    check_rows(z, selected, weights)
    other = np.setdiff1d(selected[weights > 0], [0, 1])
    if len(other):
        raise DataError(f"`selected` holds {other[0]:g}; it must be 0 or 1. Recode it.")
    seen, used = selected == 1, present(weights)
    if len(x) != len(z) or len(y) != len(z):
        raise DataError(f"Rows do not match: x is {x.shape}, y {y.shape}, z {z.shape}.")
    check_rows(x[seen], y[seen], weights[seen]) if (seen & (weights > 0)).any() else None
    share = seen[used].mean()
    if share in (0, 1):
        who, what = ("everybody", "Fit the outcome alone") if share else ("nobody", "Widen the domain")
        raise DataError(f"The outcome of {who} is seen: there is no selection to model. {what}.")
    return used


def selection_of(x: Matrix, y: Vector, z: Matrix, seen: NDArray[np.bool_], weights: Vector) -> Selection:
    """The setting of rows that all count.

    Examples
    --------
    >>> one = np.ones((3, 1))
    >>> selection_of(one, np.array([1.0, 3.0, 0.0]), one, np.array([True, True, False]), np.ones(3)).y
    array([-1.,  1.,  0.])
    """
    place = standardised(x[seen], np.asarray(y[seen], float))
    whole, inner = np.zeros(x.shape), np.zeros(len(y))
    whole[seen], inner[seen] = place.z, place.inside(y[seen])
    inside, turn = coordinates(z)
    probit = binary_fit(inside, seen.astype(float), weights, "probit")
    return Selection(seen, place, whole, inner, inside, turn, weights, probit)


def nowhere(rows: int, size: int, message: str) -> Fit:
    """A fit without numbers.

    Examples
    --------
    >>> nowhere(1, 2, "no solution").params
    array([nan, nan])
    """
    return Fit(np.full(size, np.nan), np.full((rows, size), np.nan), converged=False, message=message)
