"""Predicted probabilities of all levels along a number, stacked: what changes is where the answers go."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..results import Estimates
from . import wording
from .artists import clean_axes, say_beside
from .axis import number_ticks, percent_ticks
from .coefficients import names_of
from .fonts import measure
from .insets import depth_of, insets, rows_of
from .legend import Key
from .page import Page, Surround, open_page, wide
from .panels import refuse_without
from .probabilities import apart
from .rows import number_axis
from .theme import LEADING, diverging, legible, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 190.0


def stacked(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Areas that fill 100%, the first level at the bottom; a panel a group where there are groups."""
    along = refuse_without(result, "stacked")
    by = [name for name in result.by if name != along and result.frame[name].nunique() > 1]
    if len(by) > 1:
        listed = ", ".join(map(repr, by))
        raise ChoiceError(
            f'`kind` is "stacked", and the grid has several groups, {listed}: give all but one of them a single value.'
        )
    names, points = names_of(result, ("level",), lang), wide(ax, width)
    colours, size = diverging(len(names)), sizes(points / 72)
    x_title = wording.one_line(wording.label(result, "term", {"term": along}, lang))
    legend = tuple(Key(name, colour) for name, colour in zip(names, colours)) if by else ()
    notes = wording.notes(result.origin, lang, wording.word("no_ribbons", lang))
    subtitle = wording.subtitle(result, lang, intervals=False)
    surround = Surround(wording.title(result, lang), subtitle, notes, legend, x_title)
    left, right = 3.4 * size.small, 8 if by else max(measure(name, size.text) for name in names) + 8
    groups = list(pd.unique(result.frame[by[0]])) if by else []
    rows = rows_of(len(groups), points - left - right - 20) if by else 1
    page = open_page(ax, width, surround, left, right, HEIGHT * size.factor * rows + (rows - 1) * depth_of(size))
    if by:
        _panels(page, result, by[0], groups, along, colours, lang, x_title)
    else:
        tops = _areas(page, result.frame, along, colours, x_title)
        _name(page, names, colours, tops, float(result.frame[along].max()))
    return page.ax


def _panels(
    page: Page, result: Estimates, by: str, groups: Sequence[Any], along: str, colours: Sequence[str], lang: str,
    x_title: str,
) -> None:  # fmt: skip
    """A panel for each group."""
    frame = result.frame
    titles = [wording.one_line(wording.label(result, by, {by: group}, lang)) for group in groups]
    number_axis(page, [], x_title)
    left = list(groups)
    for row in insets(page, titles):
        for place, panel in enumerate(row):
            _areas(panel, frame[frame[by] == left.pop(0)], along, colours, "", place == 0, 3)


def _areas(
    page: Page, frame: pd.DataFrame, along: str, colours: Sequence[str], x_title: str, first: bool = True, most: int = 6
) -> list[float]:
    """Draw the areas; return the ends of the levels at the right, from 0."""
    ordered = frame.sort_values(along, kind="stable")
    x = pd.unique(ordered[along]).astype(float)
    levels = pd.unique(frame["level"])
    shares = np.array([ordered.loc[ordered["level"] == level, "estimate"].to_numpy(float) for level in levels])
    ends = np.vstack([np.zeros(len(x)), shares.cumsum(axis=0)])
    for low, high, colour in zip(ends, ends[1:], colours):
        page.ax.fill_between(x, low, high, color=colour, linewidth=0, zorder=2, gid="area")
    for line in ends[1:-1]:
        page.ax.plot(x, line, color="white", linewidth=1.0, zorder=3, gid="seam")
    page.ax.set_xlim(x[0], x[-1])
    page.ax.set_ylim(0, 1)
    clean_axes(page.ax, measured="y")
    number_axis(page, number_ticks(x[0], x[-1], most), x_title)
    ticks = percent_ticks(1.0, 4)
    number_axis(page, ticks if first else [(at, "") for at, _ in ticks], measured="y")
    return [float(end) for end in ends[:, -1]]


def _name(page: Page, names: Sequence[str], colours: Sequence[str], ends: Sequence[float], edge: float) -> None:
    """Names at the right of the areas, at their middle, moved apart where they would touch."""
    middle = [(low + high) / 2 for low, high in pairwise(ends)]
    for name, colour, y in zip(names, colours, apart(middle, page.sizes.text * LEADING / page.height, 1.0)):
        say_beside(page.ax, edge, y, name, page.sizes.text, legible(colour), part="name", dx=6, va="center_baseline")
