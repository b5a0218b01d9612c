"""The ROC curve of a model."""

from typing import TYPE_CHECKING

from ..results import Estimates
from . import wording
from .artists import say_at
from .page import Surround
from .theme import ACCENT, INK, LEADING
from .unit_square import open_square

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def roc(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Sensitivity by 1 - specificity, the area with its interval in the corner that curves leave free."""
    word, curve, area = wording.word, result.detail["curve"], result.frame.iloc[0]
    notes = wording.notes(result.origin, lang, word("guess", lang))
    surround = Surround(
        wording.title(result, lang), wording.subtitle(result, lang), notes, axis_title=word("false_positives", lang)
    )
    page = open_square(ax, width, surround, word("sensitivity", lang))
    across, up = 1 - curve["specificity"], curve["sensitivity"]
    page.ax.plot(across, up, color=ACCENT, linewidth=1.8, zorder=3, clip_on=False, gid="line")
    shown = wording.number(area["estimate"], "number", 3)
    ends = wording.number((area["ci_low"], area["ci_high"]), "interval", 3)
    lines = (word("auc", lang), f"{shown} [{ends}]" if ends else shown)
    for i, said in enumerate(reversed(lines)):
        place = (-6.0, 8 + i * page.sizes.text * LEADING)
        say_at(page.ax, (1, 0), place, said, page.sizes.text, INK, part="value", ha="right", va="baseline")
    return page.ax
