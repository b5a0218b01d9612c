"""Weighted third moments of covariates: what the derivative of an information matrix is made of."""

from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix
from .whitening import blocks

Cube = NDArray[np.float64]
AT_ONCE = 2**21  # numbers held at a time


def third_moments(z: Matrix, weights: Matrix) -> Cube:
    """Sums over rows of weight times z_a z_b z_c.

    Parameters
    ----------
    z
        Covariates, shape (n, k).
    weights
        Shape (n, m), any sign.

    Returns
    -------
    Cube
        Shape (m, k, k, k), symmetric in its last three.

    Examples
    --------
    >>> third_moments(np.array([[1.0, 2.0]]), np.array([[3.0]]))[0]
    array([[[ 3.,  6.],
            [ 6., 12.]],
    <BLANKLINE>
           [[ 6., 12.],
            [12., 24.]]])
    """
    triples, where = symmetric_triples(z.shape[1])
    total = np.zeros((weights.shape[1], len(triples)))
    for rows in blocks(len(z), max(1, AT_ONCE // max(1, len(triples)))):
        part = z[rows].T
        product = part[triples[:, 0]] * part[triples[:, 1]]
        product *= part[triples[:, 2]]
        total += (product @ weights[rows]).T
    return total[:, where]


def squares_through(h: Matrix, cube: Cube) -> Matrix:
    """Of every row h of (n, k): sum over c, d of cube[a, c, d] h_c h_d, shape (n, k).

    Examples
    --------
    >>> squares_through(np.array([[1.0, 2.0]]), np.ones((2, 2, 2)))
    array([[9., 9.]])
    """
    size = h.shape[1]
    flat, result = cube.reshape(size, -1).T, np.empty_like(h)
    for rows in blocks(len(h), max(1, AT_ONCE // size**2)):
        part = h[rows]
        result[rows] = (part[:, :, None] * part[:, None, :]).reshape(len(part), -1) @ flat
    return result


@cache
def symmetric_triples(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Triples a <= b <= c below `size`, shape (t, 3), and the number of the triple that belongs to any (a, b, c).

    Both are kept from call to call, and read-only.

    Examples
    --------
    >>> triples, where = symmetric_triples(2)
    >>> triples.tolist()
    [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]]
    >>> int(where[1, 0, 1])
    2
    """
    triples = np.array(list(combinations_with_replacement(range(size), 3)), dtype=np.intp).reshape(-1, 3)
    every = np.sort(np.moveaxis(np.indices((size, size, size)), 0, -1), axis=-1)
    number = np.zeros((size, size, size), dtype=np.intp)
    number[tuple(triples.T)] = np.arange(len(triples))
    where = number[tuple(np.moveaxis(every, -1, 0))]
    triples.flags.writeable = where.flags.writeable = False
    return triples, where
