"""Hadamard matrices: which half of every pair is in a half-sample."""

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.int64]


def hadamard(least: int) -> Signs:
    """A Hadamard matrix of at least this order, its first row all ones.

    Notes
    -----
    The smallest order 2^k (q + 1) with q a prime of the form 4 j + 3 (Paley 1933) or q = 0 (Sylvester 1867).

    Examples
    --------
    >>> hadamard(3) @ hadamard(3).T
    array([[4, 0, 0, 0],
           [0, 4, 0, 0],
           [0, 0, 4, 0],
           [0, 0, 0, 4]])
    """
    order, q = min(_orders(least))
    matrix = _paley(q) if q else np.ones((1, 1), np.int64)
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix * matrix[0]


def _orders(least: int) -> list[tuple[int, int]]:
    """Orders that can be made, with the prime that each begins from."""
    found = []
    for q in [0, *(q for q in range(3, 2 * least + 4, 4) if all(q % d for d in range(2, int(q**0.5) + 1)))]:
        order = q + 1
        while order < least:
            order *= 2
        found.append((order, q))
    return found


def _paley(q: int) -> Signs:
    """The matrix of order q + 1 from the squares modulo q."""
    symbol = np.full(q, -1)
    symbol[(np.arange(1, q) ** 2) % q] = 1
    symbol[0] = 0
    jacobsthal = symbol[(np.arange(q)[:, None] - np.arange(q)[None, :]) % q]
    matrix = np.ones((q + 1, q + 1), np.int64)
    matrix[1:, 1:] = jacobsthal + np.eye(q, dtype=np.int64)
    matrix[1:, 0] = -1
    return matrix
