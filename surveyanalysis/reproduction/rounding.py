"""How a number is cut to the decimals that are printed: half up, half to even, truncated, up."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

Mode = Literal["half_up", "half_even", "truncate", "ceil"]
MODES: tuple[Mode, ...] = ("half_up", "half_even", "truncate", "ceil")
FAIR: tuple[Mode, ...] = ("half_up", "half_even")
"""The modes that nobody has to explain."""
_DECIMAL = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN, "ceil": ROUND_UP}
_DIGITS = 13


def rounded(value: Decimal, decimals: int, mode: Mode) -> Decimal:
    """Round away the digits after `decimals`; every mode acts on the size, so that -2.5 goes where 2.5 goes.

    Examples
    --------
    >>> [str(rounded(Decimal("2.25"), 1, mode)) for mode in MODES]
    ['2.3', '2.2', '2.2', '2.3']
    """
    return value.quantize(Decimal(1).scaleb(-decimals), _DECIMAL[mode])


def exact(value: float, percent: bool = False) -> Decimal:
    """Return a computed float as the decimal that it stands for: 13 significant digits, so that 0.145 * 100 is 14.5.

    Parameters
    ----------
    percent
        Whether `value` is a share, to be given in percent.

    Examples
    --------
    >>> exact(0.145, percent=True)
    Decimal('14.5')
    """
    return Decimal(f"{value:.{_DIGITS - 1}e}").normalize().scaleb(2 if percent else 0)
