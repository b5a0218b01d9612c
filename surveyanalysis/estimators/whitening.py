"""Covariates in coordinates where numbers keep their digits: centred, uncorrelated, of size one."""

from collections.abc import Iterator

import numpy as np

from ..errors import DataError
from ..threads import on_one_thread
from .fit import Matrix, Vector

BLOCK = 8192  # rows that fit in the processor's cache
DEPENDENT = 1e-9


def blocks(size: int, rows: int = BLOCK) -> Iterator[slice]:
    """Slices of `rows` rows that together run over `size` rows.

    Examples
    --------
    >>> [b.stop for b in blocks(10_000)]
    [8192, 10000]
    """
    for first in range(0, size, rows):
        yield slice(first, min(first + rows, size))


def constant_column(x: Matrix) -> int | None:
    """The first column that is the same, and not zero, in every row: the intercept.

    Examples
    --------
    >>> constant_column(np.array([[5.0, 1.0], [7.0, 1.0]]))
    1
    """
    if not len(x):
        return None
    same = (x.max(axis=0) == x.min(axis=0)) & (x[0] != 0)
    return int(np.flatnonzero(same)[0]) if same.any() else None


@on_one_thread
def whitened(x: Matrix, centre: Vector) -> tuple[Matrix, Matrix]:
    """Turn columns to mutually uncorrelated ones of mean square 1.

    Parameters
    ----------
    x
        Covariates, shape (n, k).
    centre
        What to subtract from each column first, shape (k,): its mean, or 0.

    Returns
    -------
    tuple
        z (n, k) and the upper triangular a (k, k) with z = (x - centre) a and z'z = n I.

    Raises
    ------
    DataError
        If a column is a linear combination of those before it; the message counts columns from 0.

    Notes
    -----
    The triangular factor comes from a QR decomposition by blocks of rows of the centred and scaled columns, so that the
    condition number is never squared. A column counts as dependent where less than 1e-9 of its length is left.
    """
    moved = x - centre
    scale = np.sqrt(np.einsum("ij,ij->j", moved, moved) / max(len(x), 1))
    # what centring leaves of a column that is constant but for rounding is nothing
    nothing = scale <= 1e-14 * np.abs(centre)
    moved /= np.where(nothing, 1.0, scale)
    corner: Matrix = np.zeros((0, x.shape[1]))
    for rows in blocks(len(x)):
        corner = np.asarray(np.linalg.qr(np.vstack([corner, moved[rows]]), mode="r"))
    left = np.abs(np.diag(corner)) / np.sqrt(max(len(x), 1))
    _refuse_dependent(np.append(left, np.zeros(x.shape[1] - len(left))), nothing)
    inverse = np.linalg.inv(corner / np.sqrt(len(x))) if x.shape[1] else corner
    return moved @ inverse, inverse / scale[:, None]


def coordinates(x: Matrix) -> tuple[Matrix, Matrix]:
    """Whitened coordinates of covariates that hold their intercept; the other columns are centred by means of it.

    Parameters
    ----------
    x
        Covariates, with or without a column that is constant, shape (n, k).

    Returns
    -------
    tuple
        z (n, k) with z'z = n I, and b (k, k) with z = x b.

    Examples
    --------
    >>> x = np.array([[1.0, 2001.0], [1.0, 2003.0]])
    >>> z, b = coordinates(x)
    >>> np.allclose(z, x @ b), np.allclose(z.T @ z, 2 * np.eye(2))
    (True, True)
    """
    constant = constant_column(x)
    centre = np.zeros(x.shape[1]) if constant is None else x.mean(axis=0)
    shift = np.eye(x.shape[1])
    if constant is not None:
        value, centre[constant] = x[0, constant], 0.0
        shift[constant] -= centre / value
    z, back = whitened(x, centre)
    return z, shift @ back


def _refuse_dependent(left: Vector, nothing: "np.ndarray") -> None:
    """Raise where a column has nothing of its own."""
    found = np.flatnonzero(nothing | (left < DEPENDENT))
    if len(found):
        raise DataError(
            f"Columns {found.tolist()} (counted from 0) of the covariates are linear combinations of the others, so "
            "their coefficients do not exist. Leave them out, or merge the levels that nobody or everybody has."
        )
