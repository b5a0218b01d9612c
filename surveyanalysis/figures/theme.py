"""The look: colours and sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

INK, GREY, LINE = "#1f2933", "#66727f", "#e4e7eb"
ACCENT, SECOND, THIRD = "#0b6e99", "#c8553d", "#7a7d87"
TINT, PALE, BOX, BOX_ACCENT = "#b8ccd8", "#d5d9de", "#f4f6f8", "#e1eef4"
DIVERGING = ("#a6611a", "#dfc27d", "#d5d9de", "#80cdc1", "#018571")
SERIES = ((ACCENT, "o"), (SECOND, "s"), (THIRD, "D"))
"""Colour and marker of up to three series; shape tells them apart where colour does not."""
LEVELS = (("#a6611a", "s"), ("#c08a2e", "v"), ("#7a7d87", "o"), ("#3a9c8d", "^"), ("#018571", "D"))
"""Colour and marker of the steps of a scale, dark enough for lines on white: 3 to 1 and more."""
COLUMN, PAGE, SLIDE = 3.3, 6.3, 10.0
"""Widths in inches: a journal's column, a page, a slide."""
PAD = 10.0
"""Margin around a figure, in points."""
LEADING = 1.32
"""Distance of lines of text, in sizes."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of text in points, and the factor by which everything else grows with the width."""

    title: float
    text: float
    small: float
    note: float
    factor: float


def sizes(width: float) -> Sizes:
    """Return the sizes for a figure of `width` inches; nothing is smaller than 7 points.

    Examples
    --------
    >>> sizes(6.3).text, sizes(3.3).note
    (9.0, 7.0)
    """
    factor = min(max(width / PAGE, 0.89), 1.5)
    title, text, small, note = (max(7.0, round(size * factor, 2)) for size in (12, 9, 8, 7.5))
    return Sizes(title, text, small, note, factor)


def diverging(steps: int) -> tuple[str, ...]:
    """Colours of a scale with `steps` answers: the middle one neutral where their number is odd.

    Examples
    --------
    >>> diverging(4)
    ('#a6611a', '#dfc27d', '#80cdc1', '#018571')
    """
    half = steps // 2
    left = [_mixed(DIVERGING[0], DIVERGING[1], i / max(half - 1, 1)) for i in range(half)]
    right = [_mixed(DIVERGING[4], DIVERGING[3], i / max(half - 1, 1)) for i in range(half)]
    return (*left, *([DIVERGING[2]] if steps % 2 else []), *reversed(right))


def spread(series: Sequence[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Colours and markers for `count` ordered series, the ends first."""
    last = len(series) - 1
    return [series[round(i * last / max(count - 1, 1)) % len(series)] for i in range(count)]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(one: str, other: str, share: float) -> str:
    """Colour between two, in RGB."""
    pairs = zip(_channels(one), _channels(other))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def on(colour: str) -> str:
    """Colour of text on a surface: white or ink, whichever stands out more (WCAG relative luminance).

    Examples
    --------
    >>> on("#018571"), on("#80cdc1")
    ('#ffffff', '#1f2933')
    """
    surface = _luminance(colour)
    white, ink = 1.05 / (surface + 0.05), (surface + 0.05) / (_luminance(INK) + 0.05)
    return "#ffffff" if white >= min(ink, 4.5) else INK


def legible(colour: str) -> str:
    """Return the colour of words in a series' colour: mixed with ink until it stands out 4.5 to 1 on white.

    Examples
    --------
    >>> legible("#0b6e99"), legible("#c08a2e") == "#c08a2e"
    ('#0b6e99', False)
    """
    mixes = (_mixed(colour, INK, step / 10) for step in range(11))
    return next(mix for mix in mixes if contrast(mix, "#ffffff") >= 4.5)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it: from 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
