"""Likert items as diverging stacked bars, the neutral answer split at zero."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..results import Estimates
from . import wording
from .artists import clean_axes, say_beside
from .axis import steps
from .fonts import measure
from .legend import Key
from .page import Page, Surround, label_room, open_page, wide
from .rows import number_axis, row_axis
from .theme import GREY, INK, LEADING, diverging, on, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST = 0.05
"""Smallest share whose percent is written inside its bar."""


def likert(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Items in the codebook's order; percents inside, n and mean at the right."""
    codes, items, parts = pieces(result)
    colours = diverging(len(codes))
    points = wide(ax, width)
    size = sizes(points / 72)
    names = [wording.label(result, "outcome", {"outcome": item}, lang) for item in items]
    labels, left = label_room(names, points, size.text)
    margin = [_margin(result, item, lang) for item in items]
    right = max((measure(words, size.small) for words in margin), default=0) + 8
    height = max(34 * size.factor, *(size.text * LEADING * (1 + words.count("\n")) + 10 for words in labels))
    page = open_page(ax, width, _surround(result, items[0], codes, colours, lang), left + 6, right, height * len(items))
    _frame(page, parts)
    for i, shares in enumerate(parts):
        _bar(page, i, shares, colours)
        _beside(page, margin[i], i)
    row_axis(page, list(enumerate(labels)))
    return page.ax


def pieces(result: Estimates) -> tuple[list[Any], list[str], NDArray[np.float64]]:
    """Steps of the scale, items, and shares with shape (items, steps)."""
    frame = result.frame
    codes = list(result.detail.get("scale", pd.unique(frame["level"])))
    items = list(pd.unique(frame["outcome"]))
    found = {(r["outcome"], r["level"]): r["estimate"] for r in frame.to_dict("records")}
    return codes, items, np.array([[found.get((item, code), 0.0) for code in codes] for item in items])


def starts(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Left end of each piece, shape (steps,): the scale's middle lies at zero."""
    half = len(shares) // 2
    left = shares[:half].sum() + (shares[half] / 2 if len(shares) % 2 else 0.0)
    return np.concatenate([[0.0], shares.cumsum()[:-1]]) - left


def _surround(result: Estimates, item: str, codes: Sequence[Any], colours: Sequence[str], lang: str) -> Surround:
    from ..tables.layouts_scales import test_lines

    legend = tuple(
        Key(wording.one_line(wording.label(result, "level", {"outcome": item, "level": code}, lang)), colour)
        for code, colour in zip(codes, colours)
    )
    tests = test_lines(result.detail.get("tests", ()), wording.second(lang))
    neutral = wording.word("neutral", lang) if len(codes) % 2 else ""
    subtitle = wording.subtitle(result, lang, intervals=False)
    return Surround(wording.title(result, lang), subtitle, wording.notes(result.origin, lang, neutral, *tests), legend)


def _margin(result: Estimates, item: str, lang: str) -> str:
    """n, and the mean where there is one."""
    frame, means = result.frame, result.detail.get("means")
    n = int(frame.loc[frame["outcome"] == item, "n"].iloc[0])
    words = f"n = {n:,}"
    if means is None or not np.isfinite(means.loc[item, "mean"]):
        return words
    return f"{words}\n{wording.word('mean', lang).lower()} {wording.number(means.loc[item, 'mean'], 'number', 2)}"


def _frame(page: Page, parts: NDArray[np.float64]) -> None:
    """Axis from the longest negative side to the longest positive side, numbers without sign."""
    lows = [starts(shares)[0] for shares in parts]
    highs = [starts(shares)[-1] + shares[-1] for shares in parts]
    low, high = min(*lows, -0.1) - 0.02, max(*highs, 0.1) + 0.02
    page.ax.set_xlim(low, high)
    page.ax.set_ylim(len(parts) - 0.5, -0.5)
    clean_axes(page.ax)
    at = steps(low, high, max(3, int(page.inner / (6 * page.sizes.small))))
    number_axis(page, [(a, wording.percent(abs(a), 0) if a else "0") for a in at])
    page.ax.axvline(0, color=INK, linewidth=0.9, zorder=1, gid="reference")


def _bar(page: Page, at: int, shares: NDArray[np.float64], colours: Sequence[str]) -> None:
    size, scale = page.sizes, page.inner / np.ptp(page.ax.get_xlim())
    for start, share, colour in zip(starts(shares), shares, colours):
        page.ax.barh(
            at, share, left=start, height=0.64, color=colour, edgecolor="white", linewidth=0.9, zorder=2, gid="piece"
        )
        words = wording.number(share, "percent", 0)
        fitting = [points for points in (size.text, 7.0) if measure(words, points) + 1.5 <= share * scale]
        if share >= LEAST and fitting:
            place = (start + share / 2, at)
            say_beside(page.ax, *place, words, fitting[0], on(colour), part="inside", ha="center", va="center_baseline")


def _beside(page: Page, words: str, at: int) -> None:
    high = page.ax.get_xlim()[1]
    say_beside(page.ax, high, at, words, page.sizes.small, GREY, part="margin", dx=8, va="center", linespacing=1.25)
