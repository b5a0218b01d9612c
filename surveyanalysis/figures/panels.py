"""Predicted probabilities along a number, a panel for each level: where ribbons would cover each other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..results import Estimates
from . import wording
from .artists import clean_axes
from .axis import number_ticks, percent_ticks
from .coefficients import names_of
from .insets import depth_of, insets, rows_of
from .legend import Key
from .page import Page, Surround, open_page, wide
from .probabilities import Curve, draw_curve, lines_of, numeric, span_of
from .rows import number_axis
from .theme import sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 150.0


def panels(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """One panel a level, all with the same axes; groups by colour."""
    along = refuse_without(result, "panels")
    points = wide(ax, width)
    size = sizes(points / 72)
    parts = [(level, _of_level(result, level)) for level in pd.unique(result.frame["level"])]
    curves = [lines_of(part, along, lang) for _, part in parts]
    titles = [names_of(part, ("level",), lang)[0] for _, part in parts]
    legend = tuple(Key(wording.one_line(c.words), c.colour) for c in curves[0]) if len(curves[0]) > 1 else ()
    x_title = wording.one_line(wording.label(result, "term", {"term": along}, lang))
    title, subtitle = wording.title(result, lang), wording.subtitle(result, lang)
    surround = Surround(title, subtitle, wording.notes(result.origin, lang), legend, x_title)
    left = 3.4 * size.small
    rows = rows_of(len(parts), points - left - 28)
    height = rows * HEIGHT * size.factor + (rows - 1) * depth_of(size)
    page = open_page(ax, width, surround, left, 8, height)
    number_axis(page, [], x_title)
    span = span_of(result, [curve for own in curves for curve in own], True)
    for row, own in zip(insets(page, titles), _shared(curves, page)):
        for place, (panel, lines) in enumerate(zip(row, own)):
            _panel(panel, lines, along, span, first=place == 0)
    return page.ax


def _shared(curves: Sequence[list[Curve]], page: Page) -> list[list[list[Curve]]]:
    """Curves by row of panels."""
    rows = rows_of(len(curves), page.inner)
    columns = -(-len(curves) // rows)
    return [list(curves[i : i + columns]) for i in range(0, len(curves), columns)]


def _of_level(result: Estimates, level: object) -> Estimates:
    frame = result.frame
    return replace(result, _frame=frame[frame["level"] == level])


def _panel(panel: Page, curves: Sequence[Curve], along: str, span: tuple[float, float], first: bool) -> None:
    """Ribbons and lines of one level; numbers at the left of the first panel of a row only."""
    x = np.concatenate([curve.rows[along].to_numpy(float) for curve in curves])
    panel.ax.set_xlim(x.min(), x.max())
    panel.ax.set_ylim(*span)
    for curve in curves:
        draw_curve(panel, curve, along, 0.16 if len(curves) == 1 else 0.12)
    clean_axes(panel.ax, measured="y")
    number_axis(panel, number_ticks(x.min(), x.max(), 3))
    ticks = percent_ticks(span[1], 4)
    number_axis(panel, ticks if first else [(at, "") for at, _ in ticks], measured="y")


def refuse_without(result: Estimates, kind: str) -> str:
    """Return the number along which predictions are drawn; raise where there is none, or only one level."""
    along = numeric(result)
    if along is None:
        raise ChoiceError(
            f"`kind` is {kind!r}, which needs a number of the grid with three values or more: "
            'predict({"age": [30, 40, 50]}). Leave `kind` out for dots.'
        )
    if "level" not in result.frame or result.frame["level"].nunique() < 2:
        raise ChoiceError(f"`kind` is {kind!r}, which shows several levels; this result has one. Leave `kind` out.")
    return along
