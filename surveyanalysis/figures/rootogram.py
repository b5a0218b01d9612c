"""A hanging rootogram: observed counts hang from the curve of those that a model expects."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..results import Estimates
from . import wording
from .artists import clean_axes, say_at
from .axis import number_ticks
from .fonts import measure
from .legend import Key
from .page import Page, Surround, open_page, wide
from .rows import number_axis
from .theme import ACCENT, GREY, INK, LEADING, SECOND, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 220.0
BAR = 0.8


def rootogram(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Bars of the root of observed numbers, hung from the root of expected ones; 0 is where they should end."""
    frame, word = result.frame, wording.word
    size = sizes(wide(ax, width) / 72)
    n = frame["n"].to_numpy(float)
    observed, expected = np.sqrt(n * frame["estimate"]), np.sqrt(n * result.detail["predicted"])
    notes = wording.notes(result.origin, lang, word("rootogram_reading", lang))
    keys = (Key(word("observed_number", lang), ACCENT), Key(word("expected_number", lang), SECOND, "o"))
    name = wording.title(result, lang)
    surround = Surround(name, wording.subtitle(result, lang, intervals=False), notes, keys, word("count_axis", lang))
    left = 3.4 * size.small + size.small * LEADING + 4
    page = open_page(ax, width, surround, left, 6.0, HEIGHT * size.factor)
    low, high = min(float((expected - observed).min()), 0.0), float(expected.max())
    page.ax.set_xlim(-0.7, len(frame) - 0.3)
    page.ax.set_ylim(low - 0.04 * (high - low), high * 1.06)
    clean_axes(page.ax, measured="y")
    at = np.arange(len(frame))
    page.ax.bar(at, observed, BAR, expected - observed, color=ACCENT, alpha=0.75, linewidth=0, zorder=2, gid="bar")
    page.ax.axhline(0.0, color=INK, linewidth=1.0, zorder=3, gid="reference")
    page.ax.plot(
        at, expected, "-o", color=SECOND, markersize=3.6 * size.factor, linewidth=1.4, zorder=4, gid="expected"
    )
    _axes(page, result, lang, low, high, left)
    return page.ax


def _axes(page: Page, result: Estimates, lang: str, low: float, high: float, left: float) -> None:
    """Counts under the bars, as many as there is room for; roots at the left."""
    small = page.sizes.small
    said = [wording.one_line(wording.label(result, "level", row, lang)) for row in result.frame.to_dict("records")]
    room, last = page.inner / (len(said) + 0.4), len(said) - 1
    stride = max(1, int(np.ceil(measure("0000", small) / room)))
    kept = [i for i in range(last) if i % stride == 0 and last - i >= stride]
    number_axis(page, [(float(i), said[i]) for i in (*kept, last)], wording.word("count_axis", lang))
    number_axis(page, number_ticks(low, high, 6), measured="y")
    place: dict[str, Any] = {"rotation": 90, "ha": "center", "va": "center"}
    away = -(left - 0.5 * small * LEADING)
    say_at(page.ax, (0, 0.5), (away, 0), wording.word("root_axis", lang), small, GREY, part="y-title", **place)
