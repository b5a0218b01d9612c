"""Covariates of predictors in coordinates where numbers keep their digits."""

from dataclasses import dataclass

import numpy as np

from .fit import Matrix
from .predictors import Layout
from .whitening import whitened


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Covariates where numbers keep their digits.

    Attributes
    ----------
    x
        Whitened columns in the order of the user's, shape (m, k).
    back
        From parameters for these columns to the user's, shape (p, p).
    """

    x: Matrix
    back: Matrix


def coordinates(x: Matrix, layout: Layout) -> Coordinates:
    """Centre and whiten the columns so that common slopes stay common.

    Notes
    -----
    z = (x - centre) a, the columns with own slopes first in the triangular a: a common slope of z then moves the own
    slopes of all thresholds alike, and own slopes of z move no common one.

    Examples
    --------
    >>> from .predictors import layout_of
    >>> place = coordinates(np.array([[15.0], [17.0]]), layout_of(1, 3, free=[0]))
    >>> np.abs(place.x).ravel(), np.abs(place.back @ np.array([0.0, 0.0, 1.0, 0.0]))
    (array([1., 1.]), array([16.,  0.,  1.,  0.]))
    """
    order, first = np.concatenate([layout.own, layout.common]), len(layout.own)
    centre = x[:, order].mean(axis=0)
    z, turn = whitened(x[:, order], centre)
    restored = np.empty_like(z)
    restored[:, order] = z
    back = np.eye(layout.size)
    back[np.ix_(layout.common_at, layout.common_at)] = turn[first:, first:]
    for at in layout.own_at:
        back[np.ix_(at, at)] = turn[:first, :first]
        back[np.ix_(at, layout.common_at)] = turn[:first, first:]
    for cut, at in enumerate(layout.own_at):
        back[cut] += centre @ back[np.concatenate([at, layout.common_at])]
    return Coordinates(restored, back)
