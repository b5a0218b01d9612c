"""Predictive mean matching: a missing number becomes that of a respondent whose prediction is near."""

import numpy as np
from numpy.typing import NDArray

from .fit import Vector
from .posterior import Array, Generators, linear_draws, times

Rungs = NDArray[np.int64]
TIED = 1e-10  # of the range of predictions: nearer ones are the same
LADDER, WORD = 40, 62  # binary digits of a prediction's place in their range, and of a whole number


def matched(x: Array, y: Vector, wanted: Array, generators: Generators, donors: int) -> NDArray[np.intp]:
    """Donors of the missing numbers, as positions in `y`, shape (c, r).

    Parameters
    ----------
    x, y
        Columns and numbers of those who answered, shape (c, k, n) and (n,).
    wanted
        Columns of those who did not, shape (c, k, r).
    donors
        How many respondents with the nearest predictions one is drawn from.

    Notes
    -----
    Type 1 matching (van Buuren 2018, section 3.4.2): x b of respondents at the least squares estimate against x b* of
    the missing at a draw from its distribution. Rubin (1986), Little (1988). Respondents with the same prediction are
    equally likely. Predictions are compared by their places on a ladder of 2^40 rungs over the range of those of the
    respondents (fewer rungs above four million respondents): whole numbers sort several times as fast.
    """
    near, drawn = linear_draws(x, y, generators)
    at = times(wanted, drawn)
    digits = min(LADDER, WORD - len(y).bit_length())
    low = near.min(axis=1, keepdims=True)
    rungs, order = rising(_places(near, low, near, digits))
    sought, asking = rising(_places(at, low, near, digits))
    count = min(donors, len(y))
    chosen = nearest_windows(rungs, sought, count)
    chosen += np.stack([generator.integers(0, count, at.shape[1]) for generator in generators])
    new = np.diff(rungs, axis=1) > TIED * 2.0**digits
    for c in np.flatnonzero(~new.all(axis=1)).tolist():
        chosen[c] = _among_equals(new[c], chosen[c], generators[c])
    found = np.empty_like(asking)
    np.put_along_axis(found, asking, np.take_along_axis(order, chosen, axis=1), axis=1)
    return found


def _places(values: Array, low: Array, near: Array, digits: int) -> Rungs:
    """Places of values (c, n) on the ladder of each chain's predictions `near`; those beyond its ends at the ends."""
    extent, top = near.max(axis=1, keepdims=True) - low, 2.0**digits - 1
    scaled = values - low
    scaled *= np.divide(top, extent, out=np.zeros_like(extent), where=extent > 0)
    return np.clip(scaled, 0, top, out=scaled).astype(np.int64)


def rising(rungs: Rungs) -> tuple[Rungs, NDArray[np.intp]]:
    """Whole numbers of each chain in rising order, and their positions before, shape (c, n) each.

    Notes
    -----
    The position stands in the last digits of the numbers that are sorted.

    Examples
    --------
    >>> rising(np.array([[7, 3, 9]]))
    (array([[3, 7, 9]]), array([[1, 0, 2]]))
    """
    bits = rungs.shape[1].bit_length()
    keys = rungs << bits
    keys |= np.arange(rungs.shape[1])
    keys.sort(axis=1)
    order = keys & ((1 << bits) - 1)
    keys >>= bits
    return keys, order


def nearest_windows(rungs: Rungs, at: Rungs, size: int) -> NDArray[np.intp]:
    """Where the `size` numbers of each chain's rising `rungs` (c, n) begin that are nearest to each of `at` (c, r).

    Notes
    -----
    A window moves on while its first number is farther from t than the number behind its last: while
    t - f_i > f_(i+size) - t, or f_i + f_(i+size) < 2 t, of which the left side rises with i. All chains, with numbers
    of no less than zero, are searched as one row.

    Examples
    --------
    >>> nearest_windows(np.array([[0, 10, 20, 50]]), np.array([[12, 90]]), 2)
    array([[1, 2]])
    """
    sums = rungs[:, : rungs.shape[1] - size] + rungs[:, size:]
    chain = np.arange(len(rungs))[:, None]
    step = 2 * max(int(rungs.max()), int(at.max())) + 1
    found = np.searchsorted((sums + chain * step).ravel(), (2 * at + chain * step).ravel()).reshape(at.shape)
    return found - chain * sums.shape[1]


def _among_equals(new: NDArray[np.bool_], chosen: NDArray[np.intp], generator: np.random.Generator) -> NDArray[np.intp]:
    """One of those with the same prediction as each chosen one; `new` tells which differ from the one before."""
    starts = np.flatnonzero(np.append(True, new))
    ends = np.append(starts[1:], len(new) + 1)
    group = np.searchsorted(starts, chosen, side="right") - 1
    return np.asarray(generator.integers(starts[group], ends[group]), np.intp)
