"""Small panels side by side within one figure."""

import math
from collections.abc import Sequence
from dataclasses import replace

from .artists import say_at
from .fonts import wrap
from .page import Page
from .theme import INK, LEADING, Sizes

GAP = 14.0
LEAST = 66.0
"""Narrowest panel in points; more panels than fit go into further rows."""
TALL = 120.0
"""Height of the panels of several rows, in points."""


def rows_of(count: int, inner: float) -> int:
    """Rows that so many panels take in a width of `inner` points.

    Examples
    --------
    >>> rows_of(5, 500.0), rows_of(5, 180.0)
    (1, 3)
    """
    return math.ceil(count / max(1, int((inner + GAP) / (LEAST + GAP))))


def depth_of(size: Sizes) -> float:
    """Room under a panel of a row that is not the last, for the numbers of its axis."""
    return 6 + size.small * LEADING


def insets(page: Page, titles: Sequence[str]) -> list[list[Page]]:
    """Panels that fill the page's axes, row by row, each with its title over it."""
    rows = rows_of(len(titles), page.inner)
    columns = math.ceil(len(titles) / rows)
    width = (page.inner - GAP * (columns - 1)) / columns
    wrapped = [wrap(title, width, page.sizes.text) for title in titles]
    head = max(map(len, wrapped)) * page.sizes.text * LEADING + 4
    below = depth_of(page.sizes)
    each = (page.height + below) / rows
    page.ax.axis("off")
    found: list[list[Page]] = [[] for _ in range(rows)]
    for i, words in enumerate(wrapped):
        row, column = divmod(i, columns)
        size = (width, each - head - below)
        corner = (column * (width + GAP), page.height - row * each - head - size[1])
        found[row].append(_inset(page, corner, size, "\n".join(words)))
    return found


def _inset(page: Page, corner: tuple[float, float], size: tuple[float, float], title: str) -> Page:
    """One panel; corner and size in points."""
    x, y, width, height = corner[0] / page.inner, corner[1] / page.height, size[0] / page.inner, size[1] / page.height
    inner = page.ax.inset_axes((x, y, width, height))
    inner.set_facecolor("none")
    say_at(inner, (0, 1), (0, 5), title, page.sizes.text, INK, part="panel", va="baseline", linespacing=1.2)
    return replace(page, ax=inner, inner=size[0], height=size[1])
