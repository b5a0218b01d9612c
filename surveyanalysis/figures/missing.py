"""Missing and filled answers: patterns, traces, shares beside each other, assumptions."""

from typing import TYPE_CHECKING, Any

from ..language import say
from ..results import Estimates
from . import wording
from .artists import clean_axes, say_beside
from .axis import steps
from .dots import Dot, DotRow, dot, draw_dots
from .fonts import measure
from .legend import Key
from .page import Page, Surround, label_room, open_page, wide
from .rows import number_axis, row_axis
from .theme import ACCENT, BOX, GREY, LEADING, SECOND, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PATTERNS, LINES = 16, 20
"""Most combinations and chains that are drawn."""


def missing_map(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Questions as rows, combinations as columns with their numbers of respondents; % missing at the right."""
    frame, patterns = result.frame, result.patterns.head(PATTERNS)
    points = wide(ax, width)
    size = sizes(points / 72)
    names = [wording.spoken(_column(result, name), lang) for name in frame["question"]]
    labels, room = label_room([wording.one_line(name) for name in names], points, size.text)
    shown = [wording.percent(share) for share in frame["share"]]
    right = max(measure(words, size.small) for words in shown) + 10
    high = max(size.text * LEADING * (1 + words.count("\n")) + 6 for words in labels)
    legend = (Key(wording.word("lacking", lang), ACCENT),)
    surround = Surround(
        _title(result, lang), "", wording.notes(result.origin, lang), legend, wording.word("people", lang)
    )
    page = open_page(ax, width, surround, room + 8, right, high * len(labels))
    _tiles(page, patterns.drop(columns="n").to_numpy(bool).T)
    for i, words in enumerate(shown):
        say_beside(
            page.ax, len(patterns), i, words, size.small, GREY, part="value", dx=right, ha="right", va="center_baseline"
        )
    number_axis(page, [(j + 0.5, f"{n:,}") for j, n in enumerate(patterns["n"])], surround.axis_title)
    row_axis(page, list(enumerate(labels)))
    return page.ax


def _column(result: Any, name: str) -> Any:
    return result.labels.columns.get(name, name)


def _title(result: Any, lang: str) -> str:
    return say(result.origin.what, wording.first(lang))


def _tiles(page: Page, owed: Any) -> None:
    """One tile a question and combination, filled where the answer is missing."""
    from matplotlib.patches import Rectangle

    rows, columns = owed.shape
    page.ax.set_xlim(0, columns)
    page.ax.set_ylim(rows - 0.5, -0.5)
    clean_axes(page.ax)
    page.ax.grid(False)
    for i in range(rows):
        for j in range(columns):
            colour, part = (ACCENT, "missing") if owed[i, j] else (BOX, "given")
            page.ax.add_patch(Rectangle((j + 0.06, i - 0.42), 0.88, 0.84, facecolor=colour, linewidth=0, gid=part))


def convergence(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Means and standard deviations of filled answers by round, a line a chain, each on a scale of its own."""
    frame = result.frame
    frame = frame[frame["chain"] <= LINES]
    points = wide(ax, width)
    size = sizes(points / 72)
    numbers = {name for name, words in result.measured.items() if words["en"] == "mean"}  # of shares, both say the same
    rows = [(name, kind) for name in result.ratios for kind in ("mean", "sd") if kind == "mean" or name in numbers]
    named = [_traced(result, name, kind, lang) for name, kind in rows]
    labels, room = label_room(named, points, size.text)
    surround = Surround(
        _title(result, lang), "", wording.notes(result.origin, lang), (), wording.word("iteration", lang)
    )
    page = open_page(ax, width, surround, room + 8, 8.0, 62 * size.factor * len(rows))
    last = int(frame["iteration"].max())
    page.ax.set_xlim(1, max(last, 2))
    page.ax.set_ylim(len(rows) - 0.5, -0.5)
    clean_axes(page.ax)
    for i, (name, kind) in enumerate(rows):
        own = frame[frame["question"] == name].pivot(index="iteration", columns="chain", values=kind)
        low, high = float(own.min(axis=None)), float(own.max(axis=None))
        heights = i + 0.38 - 0.76 * (own - low) / (high - low or 1.0)
        page.ax.plot(own.index, heights.to_numpy(), color=ACCENT, linewidth=0.8, alpha=0.55, gid="chain")
        page.ax.axhline(i + 0.5, color=BOX, linewidth=1.0, zorder=0, gid="edge")
    ticks = [step for step in steps(1, last) if step == int(step)] or [1]
    number_axis(page, [(step, f"{step:.0f}") for step in ticks], surround.axis_title)
    row_axis(page, list(enumerate(labels)))
    return page.ax


def _traced(result: Any, name: str, kind: str, lang: str) -> str:
    """Question and what is traced."""
    what = result.measured[name] if kind == "mean" else None
    said = say(what, wording.second(lang)) if what else wording.word("sd_trace", lang)
    return f"{wording.one_line(wording.spoken(_column(result, name), lang))}: {said}"


def imputed(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Imputations by what they filled in."""
    return plausibility(result.plausibility, ax, lang, width)


def plausibility(result: Any, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Shares of answers given and filled, two dots a row."""
    from ..tables.words import level_label

    rows: list[DotRow] = []
    for name, part in result.frame.groupby("question", sort=False):
        rows.append(DotRow(wording.one_line(wording.spoken(_column(result, str(name)), lang))))
        for record in part.to_dict("records"):
            label = level_label(result, str(name), record["level"], wording.second(lang))
            given = Dot(record["observed"], float("nan"), float("nan"), "", SECOND, "s")
            rows.append(DotRow(label, (given, Dot(record["imputed"], record["low"], record["high"]))))
    keys = (Key(wording.word("given_key", lang), SECOND), Key(wording.word("filled_key", lang), ACCENT, "o"))
    surround = Surround(_title(result, lang), "", wording.notes(result.origin, lang), keys)
    return draw_dots(rows, surround, "percent", ax, width)


def sensitivity(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Assumptions as rows of dots."""
    share = result.scale == "proportion"
    rows = []
    for record in result.frame.to_dict("records"):
        shown = wording.percent(record["estimate"]) if share else wording.number(record["estimate"], "number", 2)
        rows.append(DotRow(wording.one_line(wording.label(result, "component", record, lang)), (dot(record, shown),)))
    surround = Surround(wording.title(result, lang), wording.subtitle(result, lang), wording.notes(result.origin, lang))
    return draw_dots(rows, surround, "percent" if share else "number", ax, width)
