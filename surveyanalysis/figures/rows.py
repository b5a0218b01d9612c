"""Numbers along the measured axis, labels and heads of the rows."""

from collections.abc import Sequence
from typing import Any

from .artists import say_at
from .fonts import font
from .page import Page
from .theme import GREY, INK, LEADING


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
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )
