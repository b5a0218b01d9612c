"""From a value to the string that is printed: the only place where numbers become text."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np
import pandas as pd

from ..language import say
from .table import Cell, Format

MINUS = "−"
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDE = Context(prec=400)


def printed(cell: Cell, lang: str = "en") -> str:
    """Print one cell as a reader sees it.

    Parameters
    ----------
    cell
        A value and its format; `None`, NaN and intervals without ends print as ``cell.blank``.
    lang
        Language of values that are texts in several languages.

    Notes
    -----
    Rounding is half-up on the decimal number that the float stands for (see `half_up`), so that 12.5 prints as 13 and a
    printed percent agrees with its counts. Minus is U+2212. Thousands are grouped.

    Examples
    --------
    >>> printed(Cell(34 / 57, Format("percent")))
    '59.6'
    >>> printed(Cell((0.4669, 0.7139), Format("interval", percent=True)))
    '46.7–71.4'
    >>> printed(Cell(0.0004, Format("p"))), printed(Cell(0.0499, Format("p")))
    ('<.001', '.050')
    >>> printed(Cell(-0.25, Format("signed", 2)))
    '−0.25'
    >>> printed(Cell(0.214, Format("number", 2, brackets="()"), mark="*"))
    '(0.21)*'
    """
    return "".join(in_parts(cell, lang))


def in_parts(cell: Cell, lang: str = "en") -> tuple[str, str]:
    """Print one cell as its digits and what hangs to their right: a closing bracket, a mark."""
    value, form = cell.value, cell.format
    if missing(value):
        return cell.blank, ""
    if isinstance(value, str | Mapping):
        return say(value, lang), cell.mark
    opening, closing = form.brackets[:1], form.brackets[1:]
    return opening + _PRINTERS[form.kind](value, form), closing + cell.mark


def legal(words: str) -> str:
    """Words without the control characters that no Office document may hold.

    Examples
    --------
    >>> legal("a" + chr(0) + "b")
    'a\ufffdb'
    """
    return ILLEGAL.sub("\ufffd", words)


def tail_room(cells: Iterable[Cell]) -> str:
    """Return the longest of what hangs to the right of these cells: the room that each of them keeps for it."""
    return max((cell.format.brackets[1:] + cell.mark for cell in cells), key=len, default="")


def missing(value: Any) -> bool:
    """Whether a value prints as nothing: None, NaN, NA, or an interval that lacks an end."""
    if isinstance(value, tuple):
        return any(missing(end) for end in value)
    return value is None or (not isinstance(value, str | Mapping) and bool(pd.isna(value)))


def half_up(value: float, decimals: int) -> Decimal:
    """Round half away from zero on the decimal number that a float stands for.

    The float is read at 15 significant digits, which gives back every decimal number that a person can type, and 0.145
    for a share of 29 in 200 that was computed as 0.14499999999999999.

    Examples
    --------
    >>> half_up(12.5, 0), half_up(0.145, 2), half_up(-2.675, 2)
    (Decimal('13'), Decimal('0.15'), Decimal('-2.68'))
    """
    return _rounded(_exact(value), decimals)


def _exact(value: Any) -> Decimal:
    return Decimal(int(value)) if isinstance(value, int | np.integer) else Decimal(f"{float(value):.15g}")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def _number(value: Any, form: Format, hundred: bool = False, decimals: int | None = None) -> str:
    """Digits with thousands and a true minus; zero has no sign."""
    if np.isinf(float(value)):
        return "∞" if value > 0 else f"{MINUS}∞"
    shown = _rounded(_exact(value).scaleb(2 if hundred else 0, _WIDE), form.decimals if decimals is None else decimals)
    return f"{abs(shown):,f}" if shown >= 0 else f"{MINUS}{abs(shown):,f}"


def _signed(value: Any, form: Format) -> str:
    """Digits with + or a true minus; what rounds to zero has none."""
    digits = _number(value, form, form.percent)
    positive = not digits.startswith(MINUS) and any(d in "123456789∞" for d in digits)
    return f"+{digits}" if positive else digits


def _p(value: Any, form: Format) -> str:
    """APA: three decimals, no leading zero, never .000."""
    decimals = max(form.decimals, 3)
    if value < Decimal(1).scaleb(-decimals):
        return f"<.{'1'.zfill(decimals)}"
    shown = half_up(value, decimals)
    if shown >= 1:
        return f"1.{'0' * decimals}" if value >= 1 else f">.{'9' * decimals}"
    return f"{shown:f}".removeprefix("0")


def _interval(value: Any, form: Format) -> str:
    """Two ends; a dash between them gives way to a comma where a minus could be misread."""
    low, high = (_number(end, form, form.percent) for end in value)
    between = ", " if form.between == "–" and MINUS in low + high else form.between
    return f"{low}{between}{high}"


_PRINTERS = {
    "text": lambda value, form: str(value),
    "number": _number,
    "integer": lambda value, form: _number(value, form, decimals=0),
    "percent": lambda value, form: _number(value, form, hundred=True),
    "p": _p,
    "interval": _interval,
    "signed": _signed,
}
