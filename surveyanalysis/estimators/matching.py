"""Predictive mean matching: a missing number becomes that of a respondent whose prediction is near."""

import numpy as np
from numpy.typing import NDArray

from .fit import Vector
from .posterior import Array, Generators, linear_draws, times

TIED = 1e-10  # of the spread of predictions: nearer ones are the same


def matched(x: Array, y: Vector, wanted: Array, generators: Generators, donors: int) -> NDArray[np.intp]:
    """Donors of the missing numbers, as positions in `y`, shape (c, r).

    Parameters
    ----------
    x, y
        Columns and numbers of those who answered, shape (c, n, k) and (n,).
    wanted
        Columns of those who did not, shape (c, r, k).
    donors
        How many respondents with the nearest predictions one is drawn from.

    Notes
    -----
    Type 1 matching (van Buuren 2018, section 3.4.2): x b of respondents at the least squares estimate against x b* of
    the missing at a draw from its distribution. Rubin (1986), Little (1988). Respondents with the same prediction are
    equally likely.
    """
    b, drawn = linear_draws(x, y, generators)
    near, at = times(x, b), times(wanted, drawn)
    count = min(donors, len(y))
    return np.stack([_one(near[c], at[c], count, generator) for c, generator in enumerate(generators)])


def _one(near: Vector, at: Vector, donors: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Donors of one chain."""
    order = np.argsort(near)
    f = near[order]
    first = nearest_window(f, at, donors)
    chosen = first + generator.integers(0, donors, len(at))
    new = np.diff(f) > TIED * (f[-1] - f[0])
    if not new.all():
        starts = np.flatnonzero(np.append(True, new))
        ends = np.append(starts[1:], len(f))
        group = np.searchsorted(starts, chosen, side="right") - 1
        chosen = generator.integers(starts[group], ends[group])
    return np.asarray(order[chosen], np.intp)


def nearest_window(f: Vector, at: Vector, size: int) -> NDArray[np.intp]:
    """Where the `size` numbers of the sorted `f` (n,) begin that are nearest to each of `at` (r,).

    Examples
    --------
    >>> nearest_window(np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.2, 9.0]), 2)
    array([1, 2])
    """
    low = np.searchsorted(f, at) - size
    last = len(f) - size
    first = np.clip(low, 0, last)
    for _ in range(size):
        ahead = np.minimum(first + size, len(f) - 1)
        first = first + ((first < last) & (at - f[first] > f[ahead] - at))
    return first
