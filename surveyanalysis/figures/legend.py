"""The legend: one row under the subtitle, more only where it is full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .artists import corner, say_at
from .fonts import measure
from .theme import INK, Sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend."""

    words: str
    colour: str
    marker: str = "s"


def legend_rows(legend: Sequence[Key], block: float, size: Sizes) -> list[list[tuple[float, Key]]]:
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


def draw_legend(ax: "Axes", legend: Sequence[Key], block: float, size: Sizes, shift: float) -> None:
    """Draw the legend under the subtitle."""
    rows = legend_rows(legend, block, size)
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
