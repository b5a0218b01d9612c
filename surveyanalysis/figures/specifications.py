"""The specification curve: sorted effects over their choices; and coefficients without single units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import say
from . import wording
from .artists import clean_axes, say_at
from .axis import point_ticks
from .dots import Dot, DotRow, draw_dots
from .fonts import measure, wrap
from .legend import Key
from .page import Page, Surround, open_page, wide
from .rows import head_on, number_axis, row_axis
from .theme import ACCENT, GREY, INK, LINE, THIRD, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVE, ROW, BETWEEN = 150.0, 14.0, 16.0
"""Height of the curve, of a row of choices, and of the gap between them, in points."""
MOST_LABEL = 0.34
LOOKS = (("excludes_zero", True, ACCENT, "o"), ("includes_zero", False, THIRD, "D"))
"""Words, whether the interval leaves 0 out, colour, marker."""


@dataclass(frozen=True)
class _Choice:
    """A row of the matrix: its words, and which specifications of the curve hold it; a head where it holds none."""

    words: str
    held: "np.ndarray[Any, Any] | None" = None


def specification_curve(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Effects from the lowest to the highest with their intervals; under them a matrix of what was chosen."""
    points = wide(ax, width)
    size = sizes(points / 72)
    rows = list(_choices(result, wording.second(lang)))
    rows = [replace(row, words=_short(row.words, points, size.small)) for row in rows]
    room = max([measure(row.words, size.small) + 6 for row in rows] + [4.2 * size.small])
    each = max(ROW * size.factor, 1.45 * size.small)
    matrix, lead = each * len(rows), 1.6 * size.small
    under = matrix + BETWEEN if rows else 0.0
    page = open_page(ax, width, _surround(result, lang), room, 6.0, lead + CURVE * size.factor + under)
    page.ax.axis("off")
    curve = _panel(page, under, page.height - under - lead)
    _draw_curve(curve, result.curve, lang)
    if rows:
        _draw_matrix(_panel(page, 0.0, matrix), rows, room)
    return page.ax


def _short(words: str, points: float, size: float) -> str:
    """Words cut where they take more than their part of the width."""
    most = MOST_LABEL * points
    first = wrap(words, most, size)[0] if words else ""
    return words if measure(words, size) <= most else f"{first}…"


def _surround(result: Any, lang: str) -> Surround:
    """Title, the curve in one line, what the colours say, and what all have in common."""
    from ..tables.layouts_robustness import alike, told

    small = wording.second(lang)
    title = say(result.labels.columns[result.plan.focus], wording.first(lang))
    asked = say(result.labels.columns[result.plan.outcome], wording.first(lang))
    without = clear_of_zero(result.curve)
    legend = tuple(
        Key(wording.word(word, lang), colour, shape) for word, said, colour, shape in LOOKS if (without == said).any()
    )
    more = [f"{say(result.origin.what, small)}; {say(result.origin.interval, small)}", alike(result, small)]
    notes = wording.notes(result.origin, lang, *(line for line in more if line))
    return Surround(f"{title} → {asked}", told(result, small), notes, legend, axis=False)


def clear_of_zero(curve: pd.DataFrame) -> "np.ndarray[Any, Any]":
    """Whether the interval of each specification leaves 0 out."""
    return ((curve["ci_low"] > 0) | (curve["ci_high"] < 0)).to_numpy(bool)


def _choices(result: Any, lang: str) -> Iterator[_Choice]:
    """Heads and rows of the matrix: choices of which there are several; covariates term by term."""
    from ..tables.layouts_robustness import chosen, varied

    frame = result.curve
    for name in varied(result):
        yield _Choice(result.labels.column(name, lang))
        if name == "covariates":
            sets = [spec.split(" + ") if spec else [] for spec in frame[name]]
            for term in dict.fromkeys(t for one in result.frame[name] for t in one.split(" + ") if t):
                held = np.array([term in one for one in sets])
                yield _Choice(result.labels.level("term", term, lang), held)
            continue
        for value in pd.unique(result.frame[name]):
            yield _Choice(chosen(result, name, value, lang), (frame[name] == value).to_numpy())


def _panel(page: Page, bottom: float, height: float) -> Page:
    """A part of the page over its whole width, in points."""
    inner = page.ax.inset_axes((0.0, bottom / page.height, 1.0, height / page.height))
    inner.set_facecolor("none")
    return replace(page, ax=inner, height=height)


def _wide(panel: Page, count: int) -> tuple[float, float]:
    """Size of a marker and width of an interval's line, so that neighbours stay apart."""
    step = panel.inner / count
    return min(5.4 * panel.sizes.factor, max(1.6, 0.75 * step)), min(1.5, max(0.4, 0.35 * step))


def _draw_curve(panel: Page, curve: pd.DataFrame, lang: str) -> None:
    """Effects with their intervals around the line of no effect."""
    marker, line = _wide(panel, len(curve))
    ends = curve[["estimate", "ci_low", "ci_high"]].to_numpy(float)
    seen = np.append(ends[np.isfinite(ends)], 0.0)
    air = 0.06 * np.ptp(seen) or 0.01
    panel.ax.set_xlim(-0.7, len(curve) - 0.3)
    panel.ax.set_ylim(seen.min() - air, seen.max() + air)
    clean_axes(panel.ax, measured="y")
    panel.ax.axhline(0, color=INK, linewidth=1.1, zorder=1, gid="reference")
    without = clear_of_zero(curve)
    for _, said, colour, shape in LOOKS:
        at = np.flatnonzero(without == said)
        panel.ax.vlines(at, ends[at, 1], ends[at, 2], color=colour, linewidth=line, zorder=3, gid="interval")
        smaller = 1.0 if said else 0.85
        panel.ax.plot(at, ends[at, 0], shape, color=colour, markersize=marker * smaller, markeredgewidth=0, zorder=4,
                      gid="dot")  # fmt: skip
    number_axis(panel, point_ticks(*panel.ax.get_ylim(), 5), measured="y")
    panel.ax.set_xticks([])
    size = panel.sizes.small
    say_at(
        panel.ax,
        (0, 1),
        (0, 0.6 * size),
        wording.word("effect_axis", lang),
        size,
        GREY,
        part="axis-title",
        va="baseline",
    )


def _draw_matrix(panel: Page, rows: Sequence[_Choice], room: float) -> None:
    """One marker where a specification holds a choice."""
    count = len(next(row.held for row in rows if row.held is not None))
    marker, _ = _wide(panel, count)
    panel.ax.set_xlim(-0.7, count - 0.3)
    panel.ax.set_ylim(len(rows) - 0.5, -0.5)
    clean_axes(panel.ax, measured="y")
    panel.ax.grid(False)
    panel.ax.set_xticks([])
    for i, row in enumerate(rows):
        if row.held is None:
            head_on(replace(panel, sizes=replace(panel.sizes, text=panel.sizes.small)), i, row.words, room)
            continue
        panel.ax.axhline(i, color=LINE, linewidth=0.8, zorder=1, gid="row")
        at = np.flatnonzero(row.held)
        panel.ax.plot(at, np.full(len(at), i), "s", color=INK, markersize=min(marker, 4.4 * panel.sizes.factor),
                      markeredgewidth=0, zorder=3, gid="choice")  # fmt: skip
    named = [(float(i), row.words) for i, row in enumerate(rows) if row.held is not None]
    row_axis(panel, named, size=panel.sizes.small)


def without_each(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Coefficients with the range that leaving out single units gives; intercepts and thresholds stand in the table."""
    from ..tables.layouts_robustness import term_of

    frame = result.frame
    slopes = frame[(frame["component"] == "slope") & (frame["term"] != "(intercept)")]
    rows = [
        DotRow(
            wording.one_line(term_of(result, record, wording.second(lang))),
            (
                Dot(
                    record["estimate"],
                    record["lowest"],
                    record["highest"],
                    f"{wording.number((record['lowest'], record['highest']), 'interval', 2, between=', ')}",
                ),
            ),
        )
        for record in slopes.to_dict("records")
    ]
    what, line = say(result.origin.what, wording.first(lang)), wording.word("line_is_range", lang)
    surround = Surround(what, line, wording.notes(result.origin, lang))
    return draw_dots(rows, surround, "number", ax, width, reference=0.0)
