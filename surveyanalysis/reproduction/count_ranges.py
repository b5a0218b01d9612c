"""Which counts of a base print a percentage: whole-number arithmetic, all bases at once."""

import numpy as np
from numpy.typing import NDArray

from ..errors import PublishedError
from .printed import Printed, read_printed
from .rounding import Mode

Whole = NDArray[np.int64]
_MOST = 2**62


def percentage(printed: str, base_max: int) -> Printed:
    """Read a printed percentage; a bare number ("35.3") is one.

    Raises
    ------
    PublishedError
        No number, a bound, outside 0 to 100, or more decimals than whole numbers of 64 bits hold for such bases.
    """
    read = read_printed(printed)
    if read.relation != "=" or not 0 <= read.value <= 100:
        raise PublishedError(f"{printed!r} is no percentage between 0 and 100, so no count can be looked for.")
    if 2 * scale(read) * base_max >= _MOST:
        raise PublishedError(f"{printed!r} has {read.decimals} decimals: too many for bases up to {base_max:,}.")
    return read


def scale(read: Printed) -> int:
    """Units of the last printed place in 100 percent: 1000 for "35.3"."""
    return 100 * 10**read.decimals


def units(read: Printed) -> int:
    """The printed percentage in units of its last place: 353 for "35.3"."""
    return int(read.value.scaleb(read.decimals))


def count_range(read: Printed, bases: Whole, mode: Mode) -> tuple[Whole, Whole]:
    """Smallest and largest count of each base that prints `read` under a rounding mode.

    Parameters
    ----------
    bases
        Respondents, shape (b,).

    Returns
    -------
    tuple
        Low and high counts, shape (b,); low > high where no count prints it.

    Notes
    -----
    With P units printed, S units in 100 percent and c of n respondents, x = c S / n must lie in

    - [P - 1/2, P + 1/2) rounded half up; half to even takes both ends if P is even, and none if it is odd;
    - [P, P + 1) truncated; (P - 1, P] rounded up.
    """
    p, whole = units(read), scale(read)
    even = p % 2 == 0
    below, above, low_in, high_in = {
        "half_up": (2 * p - 1, 2 * p + 1, True, False),
        "half_even": (2 * p - 1, 2 * p + 1, even, even),
        "truncate": (2 * p, 2 * p + 2, True, False),
        "ceil": (2 * p - 2, 2 * p, False, True),
    }[mode]
    low = _ceil_div(below * bases, 2 * whole) if low_in else below * bases // (2 * whole) + 1
    high = above * bases // (2 * whole) if high_in else _ceil_div(above * bases, 2 * whole) - 1
    return np.maximum(low, 0), np.minimum(high, bases)


def apportioned(prints: tuple[Printed, ...], bases: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """Counts that lie closest to percentages which were adjusted to sum to 100, and whether they print them.

    Returns
    -------
    counts
        Shape (b, k), each row summing to its base.
    fits
        Whether rounding those shares by largest remainders gives the prints, shape (b,).

    Notes
    -----
    The largest-remainder rule gives P_i from x_i = c_i S / n just if max(x - P) - min(x - P) <= 1. Among all counts
    that sum to n, those apportioned to the printed shares by the same rule have the smallest such range: if they fail,
    all do.
    """
    p = np.array([units(read) for read in prints], dtype=np.int64)
    whole = scale(prints[0])
    product = bases[:, None] * p
    counts, rest = product // whole, product % whole
    order = np.argsort(-rest, axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    counts = counts + (place < (bases - counts.sum(axis=1))[:, None])
    off = counts * whole - product
    return counts, off.max(axis=1) - off.min(axis=1) <= bases


def _ceil_div(a: Whole, b: int) -> Whole:
    return -(-a // b)
