"""Shares as horizontal bars, with their values and counts written at them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..results import Estimates
from . import wording
from .artists import clean_axes, say_beside
from .axis import percent_ticks, reach
from .crosstab import grouped
from .fonts import measure
from .legend import Key
from .page import Page, Surround, label_room, open_page, wide
from .rows import head_on, number_axis, row_axis
from .theme import ACCENT, INK, LEADING, TINT, on, sizes
from .wording import Block

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record

RIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its row of the frame, and the part of it that is set off (first choices)."""

    label: str
    record: "Record"
    part: "Record | None" = None
    head: bool = False

    @property
    def end(self) -> float:
        """Where the bar, or its interval, ends."""
        return float(np.nanmax([self.record["estimate"], self.record.get("ci_high", np.nan), 0.0]))


def shares(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Bars in the codebook's order; of groups, dots with their intervals."""
    if result.by:
        return grouped(result, ax, lang, width)
    bars = [bar for block in wording.blocks(result, ("outcome", "level"), lang) for bar in _bars(block)]
    return _draw(result, bars, ax, lang, width, _emphasis_note(bars, lang))


def ordered_shares(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Bars of a multiple response, the largest share on top."""
    if result.by:
        return grouped(result, ax, lang, width)
    bars = [bar for block in wording.blocks(result, ("outcome", "level"), lang) for bar in _bars(block, by_size=True)]
    return _draw(result, bars, ax, lang, width, _emphasis_note(bars, lang))


def ranking(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Bars of the widest top k with the first choices set off in them, the largest on top."""
    frame = result.frame
    ranks = [c for c in dict.fromkeys(frame["component"]) if c != "mean_rank"]
    if result.by:
        return grouped(result, ax, lang, width, component=ranks[0])
    last, first = ranks[-1], ranks[0]
    (whole,) = wording.blocks(_component(result, last), ("level",), lang)
    parts = {
        record["level"]: record for _, record in wording.blocks(_component(result, first), ("level",), lang)[0].rows
    }
    pairs = sorted(whole.rows, key=lambda row: -row[1]["estimate"])
    bars = [Bar(label, record, parts[record["level"]] if first != last else None) for label, record in pairs]
    keys = (
        (Key(_component_words(first, lang), ACCENT), Key(_component_words(last, lang), TINT)) if first != last else ()
    )
    what = wording.word("ranked", lang, first=keys[0].words, last=keys[1].words.lower()) if keys else ""
    return _draw(_component(result, last), bars, ax, lang, width, "", keys, what)


def _component(result: Estimates, component: str) -> Estimates:
    frame = result.frame
    return replace(result, _frame=frame[frame["component"] == component])


def _component_words(component: str, lang: str) -> str:
    from ..tables.words import component_label

    return component_label(component, wording.second(lang))


def _bars(block: Block, by_size: bool = False) -> list[Bar]:
    rows = sorted(block.rows, key=lambda row: -row[1]["estimate"]) if by_size else list(block.rows)
    head = [Bar(block.head, {}, head=True)] if block.head else []
    return [*head, *(Bar(label, record) for label, record in rows)]


def _emphasis_note(bars: Sequence[Bar], lang: str) -> str:
    """Say what the dark bars are, where some are and some are not."""
    if len({dark for bar, dark in zip(bars, emphasised(bars)) if not bar.head}) < 2:
        return ""
    with_intervals = any(np.isfinite(bar.record.get("ci_high", np.nan)) for bar in bars)
    return wording.word("dark" if with_intervals else "dark_plain", lang)


def emphasised(bars: Sequence[Bar]) -> list[bool]:
    """Which bars are dark: the largest of a block, and those whose interval reaches it."""
    marks: list[bool] = []
    start = 0
    for i in range(len(bars)):
        if i == len(bars) - 1 or bars[i + 1].head:
            members = [b for b in bars[start : i + 1] if not b.head]
            top = max((b.record["estimate"] for b in members), default=np.inf)
            marks += [not b.head and (b.end >= top if b.record["estimate"] > 0 else False) for b in bars[start : i + 1]]
            start = i + 1
    return marks


def _draw(
    result: Estimates,
    bars: Sequence[Bar],
    ax: "Axes | None",
    lang: str,
    width: float | None,
    note: str,
    legend: tuple[Key, ...] = (),
    what: str = "",
) -> "Axes":
    """Open the page, then draw bar by bar."""
    points = wide(ax, width)
    size = sizes(points / 72)
    labels, room = label_room([bar.label for bar in bars if not bar.head], points, size.text)
    notes = wording.notes(
        result.origin, lang, note, wording.word("unweighted", lang) if wording.weighted(result) else ""
    )
    surround = Surround(wording.title(result, lang), wording.subtitle(result, lang, what=what), notes, legend)
    row = max(24 * size.factor, *(size.text * LEADING * (1 + words.count("\n")) + 7 for words in labels))
    page = open_page(ax, width, surround, room + 6, RIGHT, row * len(bars))
    _bars_on(page, bars, labels, room + 6, stacked=bool(legend))
    return page.ax


def _bars_on(page: Page, bars: Sequence[Bar], labels: Sequence[str], left: float, stacked: bool) -> None:
    ax, size = page.ax, page.sizes
    values = [(i, bar) for i, bar in enumerate(bars) if not bar.head]
    texts = [wording.share_and_count(bar.record) for _, bar in values]
    room = [measure(text, size.text) + 8 for text in texts]
    high = reach([bar.end for _, bar in values], room, page.inner, page.right, 0.05)
    dark = emphasised(bars)
    for (i, bar), text in zip(values, texts):
        colour = TINT if stacked or not dark[i] else ACCENT
        ax.barh(i, bar.record["estimate"], height=0.62, color=colour, linewidth=0, zorder=2, gid="bar")
        if bar.part is not None:
            _part_on(page, i, bar.part, page.inner / high)
        _interval_on(ax, i, bar.record)
        say_beside(ax, bar.end, i, text, size.text, INK, part="value", dx=6, va="center_baseline")
    for i, bar in enumerate(bars):
        if bar.head:
            head_on(page, i, bar.label, left)
    ax.set_xlim(0, high)
    ax.set_ylim(len(bars) - 0.5, -0.5)
    clean_axes(ax)
    number_axis(page, percent_ticks(high, max(2, int(page.inner / (4.5 * size.small)))))
    row_axis(page, [(i, label) for (i, _), label in zip(values, labels)])


def _part_on(page: Page, at: int, record: "Record", points: float) -> None:
    """The part of a bar that is set off, its percent inside where it fits."""
    share = record["estimate"]
    page.ax.barh(at, share, height=0.62, color=ACCENT, linewidth=0, zorder=2, gid="part")
    words = wording.percent(share)
    if measure(words, page.sizes.small) + 3 <= share * points:
        say_beside(
            page.ax,
            share / 2,
            at,
            words,
            page.sizes.small,
            on(ACCENT),
            part="inside",
            ha="center",
            va="center_baseline",
        )


def _interval_on(ax: "Axes", at: int, record: "Record") -> None:
    low, high = record.get("ci_low", np.nan), record.get("ci_high", np.nan)
    if np.isfinite(low) and np.isfinite(high):
        ax.plot(
            [low, high], [at, at], color=INK, linewidth=1.0, alpha=0.75, zorder=3, solid_capstyle="butt", gid="interval"
        )
