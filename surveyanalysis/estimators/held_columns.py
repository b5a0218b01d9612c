"""Covariates arranged so that some coefficients can be held while the others move."""

import numpy as np

from ..errors import ChoiceError
from .fit import Matrix
from .whitening import constant_column, coordinates, whitened


def columns_last(x: Matrix, held: list[int]) -> tuple[Matrix, Matrix]:
    """Whitened columns in which the coefficients of some columns have coordinates of their own: the last.

    Parameters
    ----------
    x
        Covariates, shape (n, k).
    held
        Numbers of f columns, without repetition.

    Returns
    -------
    tuple
        z (n, k), and the triangular (f, f) matrix that turns the last f coordinates into the coefficients of `held`.

    Raises
    ------
    ChoiceError
        If a column does not exist, or none or one twice is named.

    Examples
    --------
    >>> z, turn = columns_last(np.array([[3.0, 1.0], [5.0, 1.0]]), [0])
    >>> np.allclose(z[:, 1] / turn, [-1, 1])
    True
    """
    size = x.shape[1]
    if not held or len(set(held)) < len(held) or not set(held) <= set(range(size)):
        raise ChoiceError(f"Columns {held} of the covariates: name one or more of 0..{size - 1}, each once.")
    ordered = x[:, [j for j in range(size) if j not in held] + held]
    constant = constant_column(ordered)
    inside = constant is not None and constant < size - len(held)
    z, back = coordinates(ordered) if inside else whitened(ordered, np.zeros(size))
    return z, back[-len(held) :, -len(held) :]
