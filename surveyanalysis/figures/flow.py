"""The case flow: from the rows received to the answers analysed, with what left on the way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..language import Text
from . import wording
from .figure import shown_once, themed
from .fonts import font, measure, wrap
from .page import Page, Surround, open_page, wide
from .theme import ACCENT, BOX, BOX_ACCENT, GREY, INK, LEADING, LINE, PAD, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Counted = Sequence[tuple[Text, int]]
BOX_SHARE = 0.37
"""Part of the width that the boxes of the stages take."""
BETWEEN = 8.0
"""Points between the boxes of two domains."""


def draw_flow(
    steps: Counted,
    drops: Counted,
    branches: Counted = (),
    title: str = "",
    subtitle: str = "",
    notes: Sequence[str] = (),
    ax: "Axes | None" = None,
    lang: str = "en",
    width: float | None = None,
) -> "Axes":
    """Draw stages as boxes from the top, what leaves between them at the right, domains beside the last.

    Parameters
    ----------
    steps
        Stages and how many are left after each; the first is what was received.
    drops
        Why and how many left, one between two stages.
    branches
        Domains of those analysed.
    title, subtitle, notes
        Words around the drawing.
    ax
        Axes to draw in; None makes a figure.
    lang
        "en", "ko" or "both".
    width
        Inches.

    Returns
    -------
    Axes
        Lengths are points; y runs down.
    """
    surround = Surround(title, subtitle, tuple(notes), axis=False)
    with themed():
        points = wide(ax, width)
        size = sizes(points / 72)
        box = _box_size((*steps, *branches), points, size.text, lang)
        gap = max([2.6 * size.text, *(_drop_height(drop, points, box[0], size.text, lang) for drop in drops)])
        last = (len(steps) - 1) * (box[1] + gap)
        height = last + max(len(branches), 1) * (box[1] + BETWEEN) - BETWEEN
        page = open_page(ax, width, surround, 0, 0, height)
        page.ax.set_xlim(0, page.inner)
        page.ax.set_ylim(height, 0)
        page.ax.set_axis_off()
        _stages(page, steps, drops, box, gap, lang)
        _branches(page, branches, box, last, lang)
    return page.ax if ax is not None else shown_once(page.ax)


def _box_size(boxes: Counted, points: float, size: float, lang: str) -> tuple[float, float]:
    """Width and height of every box, high enough for the longest words."""
    width = BOX_SHARE * (points - 2 * PAD)
    lines = [len(_box_lines(f"{n:,}  {wording.spoken(words, lang)}", width, size)) for words, n in boxes]
    return width, max(3.4 * size, max(lines, default=1) * LEADING * size + 1.6 * size)


def _box_lines(words: str, width: float, size: float) -> list[str]:
    return wrap(wording.one_line(words), width - 12, size, True)


def _drop_height(drop: tuple[Text, int], points: float, box: float, size: float, lang: str) -> float:
    return (1 + len(_drop_lines(drop, points - 2 * PAD, box, size, lang))) * LEADING * size


def _drop_lines(drop: tuple[Text, int], inner: float, box: float, size: float, lang: str) -> list[str]:
    """Number and words of a drop, wrapped to what is free at the right, further lines under the first word."""
    number = f"{drop[1]:,}  "
    indent = measure(number, size)
    first, *more = wrap(wording.one_line(wording.spoken(drop[0], lang)), inner - 1.26 * box - indent, size)
    return [number + first, *(" " * round(indent / measure(" ", size)) + line for line in more)]


def _stages(page: Page, steps: Counted, drops: Counted, box: tuple[float, float], gap: float, lang: str) -> None:
    wide_, high = box
    for i, (words, count) in enumerate(steps):
        top = i * (high + gap)
        _box(page, 0, top, box, f"{count:,}  {wording.one_line(wording.spoken(words, lang))}", last=i == len(steps) - 1)
        if i < len(steps) - 1:
            _arrow(page, (wide_ / 2, top + high), (wide_ / 2, top + high + gap))
    for i, drop in enumerate(drops):
        y = i * (high + gap) + high + 0.46 * gap
        _arrow(page, (wide_ / 2, y), (1.2 * wide_, y))
        lines = _drop_lines(drop, page.inner, wide_, page.sizes.text, lang)
        page.ax.text(
            1.24 * wide_,
            y,
            "\n".join(lines),
            fontproperties=font(page.sizes.text),
            color=INK,
            va="center",
            gid="drop",
            parse_math=False,
            linespacing=1.25,
        )


def _branches(page: Page, branches: Counted, box: tuple[float, float], last: float, lang: str) -> None:
    """Domains at the right of the last stage, the first beside it and the others under that one."""
    wide_, high = box
    left, middle = page.inner - wide_, last + high / 2
    knee = (wide_ + left) / 2
    for i, (words, count) in enumerate(branches):
        top = last + i * (high + BETWEEN)
        _box(page, left, top, box, f"{count:,}  {wording.one_line(wording.spoken(words, lang))}", last=True)
        if i:
            page.ax.plot([knee, knee], [middle, top + high / 2], color=GREY, linewidth=1.1, zorder=1)
        _arrow(page, (knee if i else wide_, top + high / 2), (left, top + high / 2))


def _box(page: Page, left: float, top: float, box: tuple[float, float], words: str, last: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    fill, edge = (BOX_ACCENT, ACCENT) if last else (BOX, LINE)
    style = "round,pad=0,rounding_size=4"
    page.ax.add_patch(
        FancyBboxPatch((left, top), *box, boxstyle=style, linewidth=1.2, gid="box", facecolor=fill, edgecolor=edge)
    ).set_clip_on(False)
    lines = _box_lines(words, box[0], page.sizes.text)
    page.ax.text(
        left + box[0] / 2,
        top + box[1] / 2,
        "\n".join(lines),
        fontproperties=font(page.sizes.text, last),
        color=INK,
        ha="center",
        va="center",
        parse_math=False,
        gid="stage",
        linespacing=1.2,
        zorder=3,
    )


def _arrow(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 1, "mutation_scale": 9}
    page.ax.annotate("", end, start, arrowprops=look, annotation_clip=False)
