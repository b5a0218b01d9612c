"""Separation of an unordered outcome: which columns tell which levels apart."""

import numpy as np
from numpy.typing import NDArray

from .baseline import others
from .cone import ZERO, Rows, rising
from .fit import Matrix, Vector
from .separation import Separation, units

Codes = NDArray[np.intp]


def separating_multinomial(x: Matrix, y: Codes, levels: int, reference: int = 0) -> Separation | None:
    """Find out whether the columns of `x` separate an unordered outcome.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (n, k); rows of weight 0 left out.
    y
        Level of each row, 0 .. levels - 1, shape (n,); every level occurs.
    levels
        Number of levels.
    reference
        The level whose coefficients are zero: it changes `direction` only.

    Returns
    -------
    Separation or None
        None where the levels overlap: then the maximum likelihood estimate exists and is unique, given columns of full
        rank. Else `columns` has the columns with an infinite contrast between some two levels, `levels` those levels
        that part from the most numerous group of levels which stay together in the column (of two groups of one size,
        from that which holds the lowest level).

    Notes
    -----
    Albert and Anderson (1984): the levels are separated if vectors b_0 .. b_(L-1), not all alike, exist with
    x (b_y - b_t) >= 0 for every row and every other level t; perfectly, if all these are > 0. Maximise their sum
    subject to them and to |b| <= 1: the programme of `separating` with levels - 1 rows for each respondent. The levels
    enter alike, so that what is found does not depend on the reference. That every pair of levels overlaps is
    sufficient for an estimate, but not necessary: two levels apart may be tied together by a third.

    Examples
    --------
    >>> group = np.array([0, 0, 0, 0, 1, 1, 1])
    >>> x = np.column_stack([np.ones(7), group])
    >>> separating_multinomial(x, np.array([0, 1, 2, 2, 0, 1, 0]), 3)
    Separation(kind='quasi', columns=(1,), direction=array([ 0.,  0.,  0., -1.]), levels=(2,))
    >>> separating_multinomial(x, np.array([0, 1, 2, 2, 0, 1, 2]), 3) is None
    True
    """
    given = others(levels, reference)
    centre, scale, constant = units(x)
    found = rising(_pairs((x - centre) / scale, y, levels))
    if found is None:
        return None
    table = found[1].reshape(levels, -1) / scale
    size = np.full(x.shape[1], np.abs(found[1]).max()) / scale
    if constant is not None:
        table[:, constant] -= table @ centre / x[0, constant]
        size[constant] = max(1.0, np.abs(table * centre).max()) / abs(x[0, constant])
    table, apart = _parted(table, ZERO * size)
    direction = (table - table[reference])[given]
    columns, parted = (tuple(int(j) for j in np.flatnonzero(apart.any(axis=axis))) for axis in (0, 1))
    return Separation(found[0], columns, (direction / np.abs(direction).max()).ravel() + 0.0, parted)


def _pairs(z: Matrix, y: Codes, levels: int) -> Rows:
    """Rows z (b_y - b_t) for every respondent and every other level t, in the columns [b_0 .. b_(L-1)]."""
    other = np.arange(levels) != y[:, None]

    def along(direction: Vector) -> Vector:
        eta = z @ direction.reshape(levels, -1).T
        return (np.take_along_axis(eta, y[:, None], axis=1) - eta)[other]

    def chosen(used: Codes) -> Matrix:
        person, position = np.divmod(used, levels - 1)
        own = y[person]
        rows, each = np.zeros((len(used), levels, z.shape[1])), np.arange(len(used))
        rows[each, own] = z[person]
        rows[each, position + (position >= own)] = -z[person]
        return rows.reshape(len(used), -1)

    gain = (~other * float(levels) - 1).T @ z
    return Rows(len(z) * (levels - 1), gain.ravel(), along, chosen)


def _parted(table: Matrix, near: Vector) -> tuple[Matrix, NDArray[np.bool_]]:
    """Column by column: take the value that most levels share from all; say who differs from it."""
    same = np.abs(table[:, None] - table) <= near
    shared = same.sum(axis=1).argmax(axis=0)
    moved = table - np.take_along_axis(table, shared[None], axis=0)
    apart = np.abs(moved) > near
    return np.where(apart, moved, 0.0), apart
