"""One linear predictor for each threshold of an ordered outcome: slopes common to all of them, or their own."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError
from .fit import Matrix, Vector

Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parameters of the predictors stand.

    Attributes
    ----------
    cuts
        Number of thresholds, levels - 1; their parameters come first.
    common, own
        Columns of x with one slope, shape (c,), and with a slope at each threshold, shape (f,); each in x's order.
    """

    cuts: int
    common: Positions
    own: Positions

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.cuts + len(self.common) + self.cuts * len(self.own)

    @property
    def common_at(self) -> Positions:
        """Positions of the common slopes, shape (c,)."""
        return self.cuts + np.arange(len(self.common))

    @property
    def own_at(self) -> Positions:
        """Positions of the slopes of one threshold: column by column, threshold by threshold, shape (cuts, f)."""
        first = self.cuts + len(self.common)
        return first + np.arange(self.cuts * len(self.own)).reshape(len(self.own), self.cuts).T


def layout_of(columns: int, levels: int, free: Collection[int]) -> Layout:
    """Place the parameters: [thresholds, slopes of the other columns, slopes of each free column by threshold].

    Parameters
    ----------
    columns, levels
        Of x, and of the outcome.
    free
        Columns of x, counted from 0, whose slopes differ by threshold.

    Raises
    ------
    ChoiceError
        If there is no such column, or one is named twice.

    Examples
    --------
    >>> layout = layout_of(3, 4, free=[1])
    >>> layout.size, layout.common_at, layout.own_at.ravel()
    (8, array([3, 4]), array([5, 6, 7]))
    """
    wrong = [k for k in free if not 0 <= k < columns]
    if wrong or len(set(free)) < len(free):
        raise ChoiceError(
            f"`free` is {list(free)}; it names columns of x by number, each once, and there are {columns} of them, "
            "counted from 0."
        )
    own = np.array(sorted(free), np.intp)
    return Layout(levels - 1, np.setdiff1d(np.arange(columns), own), own)


def predictors(params: Vector, x: Matrix, layout: Layout) -> Matrix:
    """Threshold minus x times its slopes, shape (m, cuts).

    Examples
    --------
    >>> predictors(np.array([0.0, 1.0, 2.0, 3.0]), np.array([[10.0]]), layout_of(1, 3, free=[0]))
    array([[-20., -29.]])
    """
    own = x[:, layout.own] @ params[layout.own_at].T
    return params[: layout.cuts] - (x[:, layout.common] @ params[layout.common_at])[:, None] - own


def slopes_by_threshold(params: Vector, layout: Layout) -> Matrix:
    """Slope of every column of x at every threshold, shape (cuts, k).

    Examples
    --------
    >>> slopes_by_threshold(np.array([0.0, 1.0, 5.0, 2.0, 3.0]), layout_of(2, 3, free=[0]))
    array([[2., 5.],
           [3., 5.]])
    """
    result = np.empty((layout.cuts, len(layout.common) + len(layout.own)))
    result[:, layout.common], result[:, layout.own] = params[layout.common_at], params[layout.own_at]
    return result


def predictor_rows(x: Matrix, cut: Positions, layout: Layout) -> Matrix:
    """Derivative by every parameter of the predictor at one threshold `cut` (m,) of each row, shape (m, p).

    Examples
    --------
    >>> predictor_rows(np.array([[10.0], [20.0]]), np.array([0, 1]), layout_of(1, 3, free=[0]))
    array([[  1.,   0., -10.,   0.],
           [  0.,   1.,   0., -20.]])
    """
    rows, result = np.arange(len(x)), np.zeros((len(x), layout.size))
    result[rows, cut] = 1
    result[:, layout.common_at] = -x[:, layout.common]
    result[rows[:, None], layout.own_at[cut]] = -x[:, layout.own]
    return result
