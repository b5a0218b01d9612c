"""Observed shares by predicted probabilities."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..results import Estimates
from . import wording
from .legend import Key
from .page import Page, Surround
from .theme import ACCENT, LEVELS, spread
from .unit_square import open_square

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST = 0.05


def calibration(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Groups as dots with their intervals around the diagonal; levels of an ordered outcome by colour and marker."""
    word, frame = wording.word, result.frame.assign(predicted=result.detail["predicted"])
    parts = [part for _, part in frame.groupby("level", sort=False)]
    looks = spread(LEVELS, len(parts)) if len(parts) > 1 else [(ACCENT, "o")]
    keys = [
        Key(wording.one_line(wording.label(result, "level", part.iloc[0].to_dict(), lang)), *look)
        for part, look in zip(parts, looks)
    ]
    notes = wording.notes(result.origin, lang, word("perfect", lang))
    legend = tuple(keys) if len(parts) > 1 else ()
    surround = Surround(
        wording.title(result, lang), wording.subtitle(result, lang), notes, legend, word("predicted_axis", lang)
    )
    high = float(np.nanmax(frame[["predicted", "estimate", "ci_high"]].to_numpy(float)))
    page = open_square(ax, width, surround, word("observed_axis", lang), min(1.0, max(1.06 * high, LEAST)))
    for part, look in zip(parts, looks):
        _dots(page, part, *look)
    return page.ax


def _dots(page: Page, part: pd.DataFrame, colour: str, marker: str) -> None:
    """One level's groups: intervals, then dots."""
    size = 6.2 * page.sizes.factor
    for record in part.to_dict("records"):
        x = record["predicted"]
        if np.isfinite(record["ci_low"]):
            ends = [record["ci_low"], record["ci_high"]]
            page.ax.plot([x, x], ends, color=colour, linewidth=1.4, zorder=3, clip_on=False, gid="interval")
        look: dict[str, Any] = {"color": colour, "markersize": size, "markeredgewidth": 0, "clip_on": False}
        page.ax.plot([x], [record["estimate"]], marker, zorder=4, gid="dot", **look)
