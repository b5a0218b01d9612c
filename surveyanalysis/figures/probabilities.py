"""Predicted probabilities: lines with ribbons along a number, dots with intervals over categories."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..results import Estimates
from . import wording
from .axis import number_ticks, percent_ticks
from .coefficients import _looks, _names, _told
from .dots import DotRow, dot, draw_dots
from .fonts import measure
from .page import Page, Surround, clean_axes, number_axis, open_page, say_beside, wide
from .theme import ACCENT, INK, LEADING, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 190.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its words, its rows in order of x, and its look."""

    words: str
    rows: pd.DataFrame
    look: tuple[str, str]


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
    for block in wording.blocks(result, ("outcome", *result.by, "level"), lang):
        rows += [DotRow(block.head)] if block.head else []
        rows += [DotRow(label, (dot(record, wording.percent(record["estimate"])),)) for label, record in block.rows]
    surround = Surround(wording.title(result, lang), wording.subtitle(result, lang), wording.notes(result.origin, lang))
    return draw_dots(rows, surround, "percent", ax, width)


def _lines(result: Estimates, along: str, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    curves = _curves(result, along, lang)
    points = wide(ax, width)
    size = sizes(points / 72)
    names = max((measure(curve.words, size.text) for curve in curves), default=0) if len(curves) > 1 else 0.0
    x_title = wording.one_line(wording.label(result, "term", {"term": along}, lang))
    surround = Surround(
        wording.title(result, lang),
        wording.subtitle(result, lang),
        wording.notes(result.origin, lang),
        axis_title=x_title,
    )
    page = open_page(ax, width, surround, 3.4 * size.small, names + 8, HEIGHT * size.factor)
    high = max(float(np.nanmax(curve.rows[["estimate", "ci_high"]].to_numpy(float))) for curve in curves)
    top = min(1.0, high * 1.06)
    for curve in curves:
        _curve(page, curve, along, alone=len(curves) == 1)
    _axes(page, result.frame[along], top, x_title)
    if len(curves) > 1:
        _name(page, curves, along, top, HEIGHT * size.factor)
    return page.ax


def _curves(result: Estimates, along: str, lang: str) -> list[Curve]:
    frame = result.frame
    series = [k for k in ("outcome", "level", *result.by) if k in frame and k != along and frame[k].nunique() > 1]
    looks, names = _looks(result, series), _names(result, series, lang)
    key: Any = frame[series].apply(lambda row: _told(row.to_dict(), series), axis=1) if series else None
    parts = [frame if key is None else frame[[k == told for k in key]] for told in looks]
    return [Curve(name, part.sort_values(along), look) for name, part, look in zip(names, parts, looks.values())]


def _curve(page: Page, curve: Curve, along: str, alone: bool) -> None:
    x, rows = curve.rows[along].to_numpy(float), curve.rows
    colour = curve.look[0]
    low, high = rows["ci_low"].to_numpy(float), rows["ci_high"].to_numpy(float)
    page.ax.fill_between(x, low, high, color=colour, alpha=0.16 if alone else 0.1, linewidth=0, zorder=2, gid="ribbon")
    page.ax.plot(x, rows["estimate"].to_numpy(float), color=colour, linewidth=1.8, zorder=3, gid="line")


def _axes(page: Page, x: "pd.Series[Any]", top: float, x_title: str) -> None:
    low, high = float(x.min()), float(x.max())
    page.ax.set_xlim(low, high)
    page.ax.set_ylim(0, top)
    clean_axes(page.ax, measured="y")
    number_axis(page, number_ticks(low, high, 6), x_title)
    number_axis(page, percent_ticks(top, 5), measured="y")


def _name(page: Page, curves: Sequence[Curve], along: str, top: float, height: float) -> None:
    """Names at the ends of the lines, moved apart where they would touch."""
    ends = np.array([curve.rows["estimate"].iloc[-1] for curve in curves])
    line = page.sizes.text * LEADING / height * top
    edge = float(curves[0].rows[along].iloc[-1])
    for curve, y in zip(curves, apart(ends, line, top)):
        colour = curve.look[0] if len(curves) > 1 else ACCENT
        say_beside(
            page.ax, edge, y, curve.words, page.sizes.text, colour or INK, part="name", dx=6, va="center_baseline"
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
