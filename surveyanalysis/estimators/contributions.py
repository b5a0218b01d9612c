"""Linearised contributions that are multiples of covariates: summed by cluster without being written out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector
from .whitening import blocks


@dataclass(frozen=True, slots=True)
class Contributions:
    """Row i is slopes_i * columns_i turn.

    Attributes
    ----------
    columns, slopes
        Shape (n, k) and (n,).
    turn
        Shape (k, p).

    Examples
    --------
    >>> found = Contributions(np.array([[1.0, 2.0], [1.0, 3.0]]), np.array([1.0, -1.0]), np.eye(2))
    >>> found.sums(np.array([0, 0]), 1), np.asarray(found)
    (array([[ 0., -1.]]), array([[ 1.,  2.],
           [-1., -3.]]))
    """

    columns: Matrix
    slopes: Vector
    turn: Matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and estimates."""
        return len(self.columns), self.turn.shape[1]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Matrix:
        """The contributions themselves, shape (n, p)."""
        result = np.empty((self.turn.shape[1], len(self.columns)))
        for rows in blocks(len(self.columns)):
            np.multiply(self.turn.T @ self.columns[rows].T, self.slopes[rows], out=result[:, rows])
        return result.T if dtype is None else result.T.astype(dtype, copy=False)

    def sums(self, codes: NDArray[np.intp], count: int) -> Matrix:
        """Sums within codes, shape (count, p); rows in the order of their codes are read once."""
        totals = np.zeros((count, self.columns.shape[1]))
        if (codes[1:] >= codes[:-1]).all():
            for rows in blocks(len(codes)):
                code = codes[rows]
                first = np.flatnonzero(np.diff(code, prepend=-1))
                totals[code[first]] += np.add.reduceat(self.columns[rows] * self.slopes[rows, None], first, axis=0)
        else:
            for j, column in enumerate(self.columns.T):
                totals[:, j] = np.bincount(codes, column * self.slopes, count)
        return totals @ self.turn
