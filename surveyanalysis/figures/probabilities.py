"""Predicted probabilities: lines with ribbons along a number, dots with intervals over categories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..language import LANGUAGES
from ..results import Estimates, Labels
from . import wording
from .artists import clean_axes, say_beside
from .axis import number_ticks, percent_ticks
from .coefficients import names_of, told_by
from .dots import DotRow, Kind, dot, draw_dots
from .fonts import measure
from .page import Page, Surround, open_page, wide
from .rows import number_axis
from .theme import ACCENT, LEADING, LEVELS, SERIES, legible, sizes, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 190.0
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
MOST_RIBBONS = 5
"""With more lines than this the intervals cover each other: they are left to the table."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its words, its rows in order of x, its colour, and its dashes."""

    words: str
    rows: pd.DataFrame
    colour: str
    dash: Any


def predictions(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Lines where a number of the grid varies, else dots."""
    along = numeric(result)
    return _dots(result, ax, lang, width) if along is None else _lines(result, along, ax, lang, width)


def numeric(result: Estimates) -> str | None:
    """Column of the grid that is a number with at least three values, or None."""
    frame = result.frame
    found = [
        b for b in result.by if pd.api.types.is_numeric_dtype(frame[b]) and not pd.api.types.is_bool_dtype(frame[b])
    ]
    return next((b for b in found if frame[b].nunique() > 2), None)


def _dots(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    rows: list[DotRow] = []
    said = _sayer(result)
    shown = _named_groups(result)
    for block in wording.blocks(shown, ("outcome", *result.by, "level"), lang):
        rows += [DotRow(block.head)] if block.head else []
        rows += [DotRow(label, (dot(record, said(record["estimate"])),)) for label, record in block.rows]
    title, subtitle = wording.title(result, lang), wording.subtitle(result, lang)
    kind: Kind = "percent" if within(result) else "number"
    unit = "" if within(result) else wording.word(result.scale, lang)
    return draw_dots(rows, Surround(title, subtitle, wording.notes(result.origin, lang), (), unit), kind, ax, width)


def _named_groups(result: Estimates) -> Estimates:
    """Groups with the names of their questions, where several questions vary: "abroad: yes" beside "employer: firm"."""
    frame = result.frame
    varied = [name for name in result.by if frame[name].nunique() > 1]
    if len(varied) < 2:
        return result
    named = {
        (name, value): {
            code: f"{result.labels.column(name, code)}: {wording.label(result, name, {name: value}, code)}"
            for code in LANGUAGES
        }
        for name in varied
        for value in pd.unique(frame[name])
    }
    texts = frame.assign(**{name: frame[name].astype(object) for name in varied})
    return replace(result, _frame=texts, labels=Labels(result.labels.columns, {**result.labels.levels, **named}))


def within(result: Estimates) -> bool:
    """Whether the numbers are probabilities; else they are means, or stand on the scale of a link."""
    return result.scale == "probability"


def _sayer(result: Estimates) -> Callable[[float], str]:
    """How a number is written: in percent, or with the decimals of its table."""
    from ..tables.layouts_models import decimals_by

    if within(result):
        return wording.percent
    decimals = decimals_by(result, (0.1, 0.01))
    return lambda value: wording.number(value, "number", decimals)


def _lines(result: Estimates, along: str, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    curves = lines_of(result, along, lang)
    points = wide(ax, width)
    size = sizes(points / 72)
    names = max((measure(curve.words, size.text) for curve in curves), default=0) if len(curves) > 1 else 0.0
    x_title = wording.one_line(wording.label(result, "term", {"term": along}, lang))
    shade = 0.16 if len(curves) == 1 else 0.1 if len(curves) <= MOST_RIBBONS else 0.0
    notes = wording.notes(result.origin, lang, "" if shade else wording.word("no_ribbons", lang))
    subtitle = wording.subtitle(result, lang, intervals=bool(shade))
    surround = Surround(wording.title(result, lang), subtitle, notes, axis_title=x_title)
    page = open_page(ax, width, surround, 3.4 * size.small, names + 8, HEIGHT * size.factor)
    for curve in curves:
        draw_curve(page, curve, along, shade)
    span = span_of(result, curves, bool(shade))
    _axes(page, result, along, span, x_title)
    if len(curves) > 1:
        _name(page, curves, along, span)
    return page.ax


def span_of(result: Estimates, curves: Sequence[Curve], ribbons: bool) -> tuple[float, float]:
    """Ends of the measured axis: from zero for probabilities, around the lines for other numbers."""
    shown = ["estimate", "ci_low", "ci_high"] if ribbons else ["estimate"]
    values = np.concatenate([curve.rows[shown].to_numpy(float).ravel() for curve in curves])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if within(result):
        return 0.0, min(1.0, high * 1.06)
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def lines_of(result: Estimates, along: str, lang: str) -> list[Curve]:
    """Lines by level and group, each in order of x."""
    frame = result.frame
    series = [k for k in ("outcome", "level", *result.by) if k in frame and k != along and frame[k].nunique() > 1]
    styles, names = _styles(frame, series), names_of(result, series, lang)
    keys = [told_by(record, series) for record in frame.to_dict("records")]
    parts = [frame[[key == told for key in keys]].sort_values(along) for told in styles]
    return [Curve(name, part, *style) for name, part, style in zip(names, parts, styles.values())]


def _styles(frame: pd.DataFrame, series: Sequence[str]) -> dict[tuple[Any, ...], tuple[str, Any]]:
    """Colour and dashes by series: answers, or groups where there is one answer, by colour; the rest by dashes."""
    found = list(dict.fromkeys(told_by(record, series) for record in frame.to_dict("records")))
    if len(found) == 1:
        return {found[0]: (ACCENT, DASHES[0])}
    heads, rests = (list(dict.fromkeys(part(told) for told in found)) for part in (lambda t: t[0], lambda t: t[1:]))
    family = LEVELS if series[0] == "level" or len(heads) > len(SERIES) else SERIES[: len(heads)]
    colours = dict(zip(heads, (colour for colour, _ in spread(family, len(heads)))))
    return {told: (colours[told[0]], DASHES[rests.index(told[1:]) % len(DASHES)]) for told in found}


def draw_curve(page: Page, curve: Curve, along: str, shade: float) -> None:
    """One line, over its ribbon where it is shaded."""
    x, rows = curve.rows[along].to_numpy(float), curve.rows
    low, high = rows["ci_low"].to_numpy(float), rows["ci_high"].to_numpy(float)
    if shade:
        page.ax.fill_between(x, low, high, color=curve.colour, alpha=shade, linewidth=0, zorder=2, gid="ribbon")
    y = rows["estimate"].to_numpy(float)
    page.ax.plot(x, y, color=curve.colour, linestyle=curve.dash, linewidth=1.8, zorder=3, gid="line")


def _axes(page: Page, result: Estimates, along: str, span: tuple[float, float], x_title: str) -> None:
    low, high = float(result.frame[along].min()), float(result.frame[along].max())
    page.ax.set_xlim(low, high)
    page.ax.set_ylim(*span)
    clean_axes(page.ax, measured="y")
    number_axis(page, number_ticks(low, high, 6), x_title)
    number_axis(page, percent_ticks(span[1], 5) if within(result) else number_ticks(*span, 5), measured="y")


def _name(page: Page, curves: Sequence[Curve], along: str, span: tuple[float, float]) -> None:
    """Names at the ends of the lines, moved apart where they would touch."""
    ends = np.array([curve.rows["estimate"].iloc[-1] for curve in curves])
    line = page.sizes.text * LEADING / page.height * (span[1] - span[0])
    edge = float(curves[0].rows[along].iloc[-1])
    for curve, y in zip(curves, apart(ends, line, span[1])):
        say_beside(
            page.ax,
            edge,
            y,
            curve.words,
            page.sizes.text,
            legible(curve.colour),
            part="name",
            dx=6,
            va="center_baseline",
        )


def apart(places: "Sequence[float] | NDArray[np.float64]", least: float, top: float) -> list[float]:
    """Move places as little as needed so that neighbours are `least` apart, and none above `top`.

    Examples
    --------
    >>> apart([0.5, 0.5], 0.1, 1.0)
    [0.45, 0.55]
    """
    order = np.argsort(places, kind="stable")
    wanted = np.asarray(places, float)[order]
    moved = wanted.copy()
    for _ in range(200):
        gaps = np.diff(moved)
        close = np.flatnonzero(gaps < least - 1e-9)
        if not len(close):
            break
        for i in close:
            push = (least - (moved[i + 1] - moved[i])) / 2
            moved[i] -= push
            moved[i + 1] += push
    moved -= max(0.0, moved[-1] - top)
    out = np.empty(len(moved))
    out[order] = moved
    return [round(float(v), 9) for v in out]
