"""The page around the axes: title block, legend, foot notes, row labels; every length in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .fonts import font, measure, wrap
from .theme import GREY, INK, LEADING, LINE, PAD, PAGE, Sizes, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

LABEL_SHARE = 0.38
"""Largest part of the width that row labels take."""


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend."""

    words: str
    colour: str
    marker: str = "s"


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
    """

    title: str = ""
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    legend: tuple[Key, ...] = ()
    axis_title: str = ""


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
    _legend(ax, surround.legend, block, size, -shift)
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
    rows = len(_legend_rows(surround.legend, block, size))
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
    return 4 + size.small * LEADING + (size.small * LEADING + 2 if surround.axis_title else 0)


def _depth(below: Sequence[tuple[float, str]], size: Sizes, surround: Surround) -> float:
    return below[-1][0] + 0.3 * size.note if below else axis_depth(surround, size)


def _legend_rows(legend: Sequence[Key], block: float, size: Sizes) -> list[list[tuple[float, Key]]]:
    """Entries of a legend with their distance from the left; a new row where one is full."""
    rows: list[list[tuple[float, Key]]] = []
    at = block + 1
    for key in legend:
        taken = 1.3 * size.text + measure(key.words, size.text) + 1.6 * size.text
        if at + taken - 1.6 * size.text > block:
            rows.append([])
            at = 0.0
        rows[-1].append((at, key))
        at += taken
    return rows


def _legend(ax: "Axes", legend: Sequence[Key], block: float, size: Sizes, shift: float) -> None:
    """Draw the legend under the subtitle."""
    rows = _legend_rows(legend, block, size)
    for i, row in enumerate(rows):
        height = 8 * size.factor + (len(rows) - 1 - i) * 1.7 * size.text + 0.75 * size.text
        for at, key in row:
            x = shift + at + 0.45 * size.text
            ax.plot(
                [0],
                [0],
                key.marker,
                color=key.colour,
                markersize=0.72 * size.text,
                transform=corner(ax, (0, 1), (x, height)),
                clip_on=False,
                markeredgewidth=0,
                gid="legend-key",
            )
            place = (shift + at + 1.3 * size.text, height)
            say_at(ax, (0, 1), place, key.words, size.text, INK, part="legend", va="center_baseline")


def corner(ax: "Axes", fraction: tuple[float, float], offset: tuple[float, float]) -> "Transform":
    """Transformation of the point (0, 0) to a place `offset` points from a corner of the axes."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    inches = ScaledTranslation(offset[0] / 72, offset[1] / 72, ax.figure.dpi_scale_trans)
    return Affine2D().translate(*fraction) + ax.transAxes + inches


def say_at(
    ax: "Axes",
    fraction: tuple[float, float],
    offset: tuple[float, float],
    words: str,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    part: str = "",
    **more: Any,
) -> Any:
    """Write at a distance in points from a corner of the axes; `part` names the artist (its gid)."""
    return ax.text(
        0,
        0,
        words,
        transform=corner(ax, fraction, offset),
        fontproperties=font(size, bold),
        color=colour,
        gid=part,
        parse_math=False,
        clip_on=False,
        **more,
    )


def say_beside(
    ax: "Axes", x: float, y: float, words: str, size: float, colour: str, *, part: str = "", dx: float = 0, **more: Any
) -> Any:
    """Write at a point of the data, moved by `dx` points."""
    return ax.annotate(
        words,
        (x, y),
        xytext=(dx, 0),
        textcoords="offset points",
        fontproperties=font(size),
        color=colour,
        gid=part,
        parse_math=False,
        annotation_clip=False,
        **more,
    )


def clean_axes(ax: "Axes", measured: str = "x") -> None:
    """No box, no ticks; a light grid along the measured axis only."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(which="both", length=0, pad=4)
    ax.set_axisbelow(True)
    ax.grid(False)
    ax.grid(True, axis="x" if measured == "x" else "y", color=LINE, linewidth=0.8, linestyle="-")


def number_axis(page: Page, ticks: Sequence[tuple[float, str]], title: str = "", measured: str = "x") -> None:
    """Numbers in small grey along the measured axis."""
    axis = page.ax.xaxis if measured == "x" else page.ax.yaxis
    axis.set_minor_locator(_no_ticks())
    axis.set_ticks([at for at, _ in ticks], [words for _, words in ticks])
    for text in axis.get_ticklabels():
        text.set(fontproperties=font(page.sizes.small), color=GREY, parse_math=False)
    if title:
        depth = 4 + 2 * page.sizes.small * LEADING
        say_at(
            page.ax, (0.5, 0), (0, -depth), title, page.sizes.small, GREY, part="axis-title", ha="center", va="baseline"
        )


def _no_ticks() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def row_axis(page: Page, rows: Sequence[tuple[float, str]], colour: str = INK, size: float | None = None) -> None:
    """Labels of rows at the left, first row on top."""
    page.ax.set_yticks([at for at, _ in rows], [words for _, words in rows])
    for text in page.ax.get_yticklabels():
        text.set(
            fontproperties=font(size or page.sizes.text), color=colour, parse_math=False, linespacing=1.2, ha="right"
        )


def head_on(page: Page, y: float, words: str, left: float) -> None:
    """Bold head of a block of rows, flush left over the rows' labels."""
    page.ax.annotate(
        words,
        (0, y),
        xycoords=("axes fraction", "data"),
        xytext=(-left, 0),
        textcoords="offset points",
        gid="head",
        fontproperties=font(page.sizes.text, True),
        color=INK,
        parse_math=False,
        annotation_clip=False,
        ha="left",
        va="center_baseline",
    )
