"""The page around the axes: title block, legend, foot notes, row labels; every length in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .artists import say_at
from .fonts import measure, wrap
from .legend import Key, draw_legend, legend_rows
from .theme import GREY, INK, LEADING, PAD, PAGE, Sizes, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL_SHARE = 0.38
"""Largest part of the width that row labels take."""


@dataclass(frozen=True, slots=True)
class Surround:
    """What stands around the axes.

    Attributes
    ----------
    title, subtitle, notes
        Words; they are wrapped to the width.
    legend
        Entries of the one row under the subtitle.
    axis_title
        Name of the measured axis, under its numbers.
    axis
        Whether there are numbers under the axes.
    """

    title: str = ""
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    legend: tuple[Key, ...] = ()
    axis_title: str = ""
    axis: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Axes and the room that they have.

    Attributes
    ----------
    ax
        Where to draw.
    sizes
        Sizes of text.
    inner, height
        Width and height of the axes, in points.
    right
        Room at the right of the axes, in points.
    """

    ax: "Axes"
    sizes: Sizes
    inner: float
    height: float
    right: float


def label_room(labels: Sequence[str], width: float, size: float, bold: bool = False) -> tuple[list[str], float]:
    """Wrap row labels to their part of `width` points; return them and the room they need."""
    most = LABEL_SHARE * width
    wrapped = ["\n".join(wrap(words, most, size, bold)) for words in labels]
    return wrapped, max((measure(words, size, bold) for words in wrapped), default=0.0)


def wide(ax: "Axes | None", width: float | None) -> float:
    """Width of the picture in points: as asked, a page, or what the given axes have around them."""
    if ax is None:
        return 72 * (PAGE if width is None else width)
    return 72.0 * _root(ax).get_figwidth() if width is None else 72 * width


def _root(ax: "Axes") -> "Figure":
    """Return the whole figure, also of axes on a part of one."""
    figure: Any = ax.get_figure(root=True)
    return figure


def open_page(
    ax: "Axes | None", width: float | None, surround: Surround, left: float, right: float, height: float
) -> Page:
    """Make axes with room around them, or take those that are given, and write what stands around them.

    Parameters
    ----------
    ax
        Axes of the caller: they keep their place, and the words stand around them. None makes a figure.
    width
        Inches; None for a page (6.3).
    left, right
        Room beside the axes for labels, in points, margins not counted.
    height
        Height of the axes, in points.
    """
    points = wide(ax, width)
    size = sizes(points / 72)
    inner = points - left - right - 2 * PAD
    if ax is not None:
        inner, height = _extent(ax)
        shift, block = 0.0, inner
    else:
        shift, block = left, points - 2 * PAD
    top, above = _above(surround, block, size)
    below = _below(surround, block, size)
    if ax is None:
        ax = _axes(
            points, top + 2 * PAD + height + _depth(below, size, surround), left + PAD, right + PAD, top + PAD, height
        )
    ax.set_facecolor("none")
    title_block(ax, above, -shift)
    draw_legend(ax, surround.legend, block, size, -shift)
    for depth, line in below:
        say_at(ax, (0, 0), (-shift, -depth), line, size.note, GREY, part="note", va="baseline")
    return Page(ax, size, inner, height, right)


def _extent(ax: "Axes") -> tuple[float, float]:
    box = ax.get_window_extent()
    return 72 * box.width / _root(ax).dpi, 72 * box.height / _root(ax).dpi


def _axes(width: float, height: float, left: float, right: float, top: float, inside: float) -> "Axes":
    """Axes on a new figure that pyplot does not know; all in points."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=200, facecolor="white", layout=None)
    FigureCanvasAgg(figure)
    area = (left / width, 1 - (top + inside) / height, 1 - (left + right) / width, inside / height)
    return figure.add_axes(area)


Line = tuple[float, str, float, bool, str, str]


def _above(surround: Surround, block: float, size: Sizes) -> tuple[float, list[Line]]:
    """Lines of title and subtitle with their heights over the axes, and the room that they take with the legend."""
    title = wrap(surround.title, block, size.title, True) if surround.title else []
    subtitle = wrap(surround.subtitle, block, size.text) if surround.subtitle else []
    rows = len(legend_rows(surround.legend, block, size))
    height = 8 * size.factor + rows * 1.7 * size.text + (3 * size.factor if rows else 0)
    lines: list[Line] = []
    for words in reversed(subtitle):
        lines.append((height + 0.3 * size.text, words, size.text, False, GREY, "subtitle"))
        height += size.text * LEADING
    height += 3 if title and subtitle else 0
    for words in reversed(title):
        lines.append((height + 0.3 * size.title, words, size.title, True, INK, "title"))
        height += size.title * LEADING
    return height, lines


def title_block(ax: "Axes", lines: Sequence[Line], shift: float = 0.0) -> None:
    """Write a bold title and the grey line under it above the axes, flush left.

    Parameters
    ----------
    lines
        Height over the axes in points, words, size, bold, colour, part.
    shift
        Points from the left edge of the axes.
    """
    for height, words, size, bold, colour, part in lines:
        say_at(ax, (0, 1), (shift, height), words, size, colour, bold=bold, part=part, va="baseline")


def _below(surround: Surround, block: float, size: Sizes) -> list[tuple[float, str]]:
    """Foot notes with their depths under the axes."""
    depth = axis_depth(surround, size) + 8 * size.factor
    lines = []
    for note in surround.notes:
        for words in wrap(note, block, size.note):
            depth += size.note * LEADING
            lines.append((depth, words))
    return lines


def axis_depth(surround: Surround, size: Sizes) -> float:
    """Room for the numbers and the title of the measured axis."""
    if not surround.axis:
        return 0.0
    return 4 + size.small * LEADING + (size.small * LEADING + 2 if surround.axis_title else 0)


def _depth(below: Sequence[tuple[float, str]], size: Sizes, surround: Surround) -> float:
    return below[-1][0] + 0.3 * size.note if below else axis_depth(surround, size)
