"""What single respondents do to a model: how far each can pull, and how far each does."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import say
from . import wording
from .artists import clean_axes, say_at, say_beside
from .axis import number_ticks
from .fonts import measure
from .page import Page, Surround, open_page, wide
from .rows import number_axis
from .theme import ACCENT, GREY, INK, LEADING, LINE, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 220.0
NAMED = 5
"""Respondents in colour, the most influential; named where names do not cover each other."""
SMALLEST, LARGEST = 3.0, 11.0
"""Diameters of dots, in points: their area grows with Cook's distance."""


def influence(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Shift of the coefficient that moves most, in standard errors, by leverage; the most influential are named."""
    frame, word = result.frame.dropna(subset=["leverage", "shift"]), wording.word
    points = wide(ax, width)
    size = sizes(points / 72)
    notes = wording.notes(result.origin, lang, word("influence_reading", lang))
    what, axis = say(result.origin.what, lang), word("leverage", lang)
    surround = Surround(what, word("influence_axes", lang), notes, axis_title=axis)
    left = 3.4 * size.small + size.small * LEADING + 4
    page = open_page(ax, width, surround, left, 24.0, HEIGHT * size.factor)
    high = 1.08 * max(float(frame["leverage"].max()), 0.01)
    far = 1.12 * max(float(frame["shift"].abs().max()), 1.0)
    page.ax.set_xlim(0, high)
    page.ax.set_ylim(-far, far)
    clean_axes(page.ax, measured="y")
    for at, colour in ((0.0, INK), (1.0, GREY), (-1.0, GREY)):
        style: dict[str, Any] = {"linestyle": "-" if at == 0 else (0, (4, 3))}
        page.ax.axhline(at, color=colour, linewidth=1.0, zorder=1, gid="reference", **style)
    page.ax.grid(True, axis="x", color=LINE, linewidth=0.8, linestyle="-")
    _dots(page, frame)
    number_axis(page, number_ticks(0, high, 5), axis)
    number_axis(page, number_ticks(-far, far, 6), measured="y")
    place: dict[str, Any] = {"rotation": 90, "ha": "center", "va": "center"}
    title, away = word("shift", lang), -(left - 0.5 * size.small * LEADING)
    say_at(page.ax, (0, 0.5), (away, 0), title, size.small, GREY, part="y-title", **place)
    return page.ax


def _dots(page: Page, frame: pd.DataFrame) -> None:
    """Respondents as dots, the most influential in colour."""
    distance = frame["distance"].fillna(0.0).clip(lower=0.0).to_numpy(float)
    share = np.sqrt(distance / distance.max()) if distance.max() > 0 else np.zeros(len(frame))
    taken: list[tuple[float, float, float]] = []
    for rank, (record, part) in enumerate(zip(frame.to_dict("records"), share)):
        told = rank < NAMED
        look: dict[str, Any] = {"color": ACCENT if told else GREY, "alpha": 0.9 if told else 0.45, "markeredgewidth": 0}
        diameter = (SMALLEST + (LARGEST - SMALLEST) * part) * page.sizes.factor
        at = record["leverage"], record["shift"]
        page.ax.plot([at[0]], [at[1]], "o", markersize=diameter, zorder=3 + told, clip_on=False, gid="dot", **look)
        if told:
            _name(page, at, str(record["respondent"]), diameter, taken)


def _name(
    page: Page, at: tuple[float, float], words: str, diameter: float, taken: list[tuple[float, float, float]]
) -> None:
    """A respondent's name beside the dot, where no other name stands; `taken` are the lines of names, in points."""
    high, far = page.ax.get_xlim()[1], page.ax.get_ylim()[1]
    x, y = at[0] / high * page.inner, at[1] / far * page.height / 2
    length, gap = measure(words, page.sizes.small), diameter / 2 + 3
    leftward = x + gap + length > page.inner
    start = x - gap - length if leftward else x + gap
    line = page.sizes.small * LEADING
    if any(abs(y - other) < line and start < end and begin < start + length for begin, end, other in taken):
        return
    taken.append((start, start + length, y))
    where: dict[str, Any] = {"ha": "right" if leftward else "left", "va": "center_baseline"}
    say_beside(page.ax, *at, words, page.sizes.small, INK, part="name", dx=-gap if leftward else gap, **where)
