"""Rows of dots with their intervals: what groups, effects and predictions are drawn with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .artists import clean_axes, say_beside
from .axis import Ticks, number_ticks, percent_ticks, point_ticks, ratio_ticks
from .fonts import measure
from .page import Page, Surround, label_room, open_page, wide
from .rows import head_on, number_axis, row_axis
from .theme import ACCENT, GREY, INK, LEADING, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record

Kind = Literal["percent", "points", "number", "ratio"]
TICKS: dict[str, Callable[[float, float, int], Ticks]] = {
    "percent": lambda low, high, most: percent_ticks(high, most),
    "points": point_ticks,
    "number": number_ticks,
    "ratio": ratio_ticks,
}
MOST_WORDS = 0.62
"""Largest part of the width for labels and numbers; in a narrower figure the numbers are left to the table."""
DODGE = 0.62
"""Part of a row over which several series spread."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An estimate with its interval, its words, and how it looks."""

    estimate: float
    low: float
    high: float
    words: str = ""
    colour: str = ACCENT
    marker: str = "o"


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row: its label and its dots; a row without dots is the head of those under it."""

    label: str
    dots: tuple[Dot, ...] = ()


def dot(record: "Record", words: str = "", look: tuple[str, str] = (ACCENT, "o")) -> Dot:
    """Make a dot of a row of the frame."""
    ends = (record.get("ci_low", np.nan), record.get("ci_high", np.nan))
    return Dot(record["estimate"], *ends, words, *look)


def draw_dots(
    rows: Sequence[DotRow],
    surround: Surround,
    kind: Kind,
    ax: "Axes | None" = None,
    width: float | None = None,
    reference: float | None = None,
) -> "Axes":
    """Draw rows of dots.

    Parameters
    ----------
    rows
        From the top.
    kind
        What the axis measures: "percent" from zero, "points" (differences of shares), "number", "ratio" (log axis).
    reference
        Where "no effect" is: a line in ink.
    """
    points = wide(ax, width)
    size = sizes(points / 72)
    labels, room = label_room([row.label if row.dots else "" for row in rows], points, size.text)
    rows = [replace(row, label=words) if row.dots else row for row, words in zip(rows, labels)]
    right = max((measure(d.words, size.small) for row in rows for d in row.dots), default=0.0) + 10
    if room + right > MOST_WORDS * points:
        rows, right = [replace(row, dots=tuple(replace(d, words="") for d in row.dots)) for row in rows], 4.0
    page = open_page(ax, width, surround, room + 8, right, sum(_heights(rows, size.text, size.factor)))
    _place(page, rows, kind, room + 8, reference)
    ticks = TICKS[kind](*page.ax.get_xlim(), min(8, max(3, int(page.inner / (3.6 * size.small)))))
    number_axis(page, ticks, surround.axis_title)
    return page.ax


def _heights(rows: Sequence[DotRow], text: float, factor: float) -> list[float]:
    """Height of each row in points: room for its label and its dots."""
    return [
        max(text * LEADING * (1 + row.label.count("\n")) + 7, factor * (11 + 8.5 * len(row.dots)))
        if row.dots
        else text * 2.4
        for row in rows
    ]


def _place(page: Page, rows: Sequence[DotRow], kind: Kind, left: float, reference: float | None) -> None:
    heights = np.array(_heights(rows, page.sizes.text, page.sizes.factor))
    centres = heights.cumsum() - heights / 2
    low, high = limits([d for row in rows for d in row.dots], kind, reference)
    ax = page.ax
    if kind == "ratio":
        ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.set_ylim(heights.sum(), 0)
    clean_axes(ax)
    if reference is not None:
        ax.axvline(reference, color=INK, linewidth=1.1, zorder=1, gid="reference")
    for row, centre, height in zip(rows, centres, heights):
        if not row.dots:
            head_on(page, centre + 0.1 * height, row.label, left)
        spread = height * DODGE * (np.arange(len(row.dots)) - (len(row.dots) - 1) / 2) / max(len(row.dots), 1)
        for d, shift in zip(row.dots, spread):
            _dot_on(page, d, centre + shift, high)
    row_axis(page, [(centre, row.label) for centre, row in zip(centres, rows) if row.dots])


def _dot_on(page: Page, d: Dot, y: float, edge: float) -> None:
    """Interval, dot, and the words at the right of the axes."""
    ax = page.ax
    if np.isfinite(d.low) and np.isfinite(d.high):
        ax.plot([d.low, d.high], [y, y], color=d.colour, linewidth=1.8, zorder=3, solid_capstyle="butt", gid="interval")
    look: dict[str, Any] = {"markersize": 6.2 * page.sizes.factor, "markeredgewidth": 0, "clip_on": False}
    ax.plot([d.estimate], [y], d.marker, color="white", zorder=2, gid="halo", **look | {"markeredgewidth": 1.6})
    ax.plot([d.estimate], [y], d.marker, color=d.colour, zorder=4, gid="dot", **look)
    if d.words:
        say_beside(
            ax, edge, y, d.words, page.sizes.small, GREY, part="value", dx=page.right, ha="right", va="center_baseline"
        )


def limits(dots: Sequence[Dot], kind: Kind, reference: float | None) -> tuple[float, float]:
    """Ends of the measured axis: all intervals and the line of no effect, with a little air."""
    values = np.array(
        [v for d in dots for v in (d.estimate, d.low, d.high)] + ([] if reference is None else [reference])
    )
    seen = values[np.isfinite(values)]
    if kind == "percent":
        return 0.0, min(max(float(seen.max(initial=0)) * 1.06, 0.05), 1.02)
    if kind == "ratio":
        seen = seen[seen > 0]
        return float(seen.min(initial=1) / 1.15), float(seen.max(initial=1) * 1.15)
    low, high = float(seen.min()), float(seen.max())
    air = 0.05 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - air, high + air
