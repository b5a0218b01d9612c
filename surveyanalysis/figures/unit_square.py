"""A square with shares along both sides: what ROC curves and calibrations are drawn in."""

from typing import TYPE_CHECKING, Any

from .artists import clean_axes, say_at
from .axis import percent_ticks
from .page import Page, Surround, open_page, wide
from .rows import number_axis
from .theme import GREY, LEADING, LINE, PAD, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDE = 280.0
"""Side of the square on a page, in points."""


def open_square(ax: "Axes | None", width: float | None, surround: Surround, y_title: str, top: float = 1.0) -> Page:
    """Axes from 0 to `top` along both sides, the name of the upright one beside its numbers, and the diagonal."""
    points = wide(ax, width)
    size = sizes(points / 72)
    left = 3.4 * size.small + size.small * LEADING + 4
    side = min(SIDE * size.factor, points - left - 2 * PAD - 1.5 * size.small)
    page = open_page(ax, width, surround, left, points - left - side - 2 * PAD, side)
    page.ax.set_xlim(0, top)
    page.ax.set_ylim(0, top)
    clean_axes(page.ax, measured="y")
    page.ax.grid(True, axis="x", color=LINE, linewidth=0.8, linestyle="-")
    ticks = percent_ticks(top, 5)
    number_axis(page, ticks, surround.axis_title)
    number_axis(page, [(at, words if at else "") for at, words in ticks], measured="y")  # 0 stands under the corner
    place: dict[str, Any] = {"rotation": 90, "ha": "center", "va": "center"}
    say_at(
        page.ax, (0, 0.5), (-(left - 0.5 * size.small * LEADING), 0), y_title, size.small, GREY, part="y-title", **place
    )
    page.ax.plot([0, top], [0, top], color=GREY, linewidth=1.0, zorder=1, gid="reference")
    return page
