"""Groups side by side: shares, means and totals as dots with intervals, every group named at its row."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..results import Estimates
from . import wording
from .dots import Dot, DotRow, dot, draw_dots
from .page import Surround
from .theme import ACCENT, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record


def crosstab(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Answers as blocks of rows, a row a group."""
    return grouped(result, ax, lang, width)


def grouped(
    result: Estimates, ax: "Axes | None", lang: str, width: float | None, component: str | None = None
) -> "Axes":
    """Draw shares by groups; the groups of an answer stand together, so that they can be compared."""
    frame = result.frame
    kept = frame[frame["component"] == component] if component else frame
    ordered = _answers_together(replace(result, _frame=kept))
    rows: list[DotRow] = []
    asked = _asked(ordered, lang)
    for block in wording.blocks(ordered, ("outcome", "level", *result.by), lang):
        rows += [DotRow(asked + block.head)] if block.head else []
        looks = SERIES if result.by and 1 < len(block.rows) <= len(SERIES) else ((ACCENT, "o"),) * len(block.rows)
        rows += [
            DotRow(wording.one_line(label), (dot(record, wording.share_and_count(record), look),))
            for (label, record), look in zip(block.rows, looks)
        ]
    notes = wording.notes(result.origin, lang, _bases(ordered, lang), *_unweighted(result, lang))
    surround = Surround(wording.title(result, lang), wording.subtitle(result, lang), notes)
    return draw_dots(rows, surround, "percent", ax, width)


def _asked(result: Estimates, lang: str) -> str:
    """Name of the question before its answers, where groups have the same names as answers."""
    frame = result.frame
    records = frame.to_dict("records")
    answers = {wording.label(result, "level", record, lang) for record in records} if "level" in frame else set()
    groups = {wording.label(result, key, record, lang) for key in result.by for record in records}
    if not answers & groups or frame["outcome"].nunique() > 1:
        return ""
    return f"{wording.one_line(wording.label(result, 'outcome', records[0], lang))}: "


def _answers_together(result: Estimates) -> Estimates:
    """Rows by question, answer, group; each in the order in which the frame has them."""
    frame = result.frame
    keys = [key for key in ("outcome", "level", *result.by) if key in frame]
    places = {key: {value: i for i, value in enumerate(dict.fromkeys(frame[key]))} for key in keys}
    order = frame.assign(**{key: frame[key].map(places[key]).astype(int) for key in keys}).sort_values(keys).index
    return replace(result, _frame=frame.loc[order].reset_index(drop=True))


def _bases(result: Estimates, lang: str) -> str:
    """Base of each group where it does not hang on the answer: "n: company 57, university 81"."""
    frame = result.frame
    if len(result.by) != 1 or "n" not in frame:
        return ""
    by = result.by[0]
    bases = frame.drop_duplicates([by, "n"])
    if bases[by].duplicated().any():
        return ""
    said = [
        f"{wording.one_line(wording.label(result, by, record, wording.second(lang)))} {int(record['n']):,}"
        for record in bases.to_dict("records")
    ]
    return f"n: {', '.join(said)}." if len(said) > 1 else ""


def _unweighted(result: Estimates, lang: str) -> list[str]:
    return [wording.word("unweighted", lang)] if wording.weighted(result) else []


def measured(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Means, totals or quantiles, a row each."""
    from ..tables.layouts_descriptive import decimals_for

    decimals = decimals_for(result.frame["estimate"])
    rows: list[DotRow] = []
    for block in wording.blocks(_answers_together(result), ("outcome", "level", *result.by), lang):
        rows += [DotRow(block.head)] if block.head else []
        rows += [DotRow(wording.one_line(label), (_value(record, decimals),)) for label, record in block.rows]
    surround = Surround(
        wording.title(result, lang),
        wording.subtitle(result, lang),
        wording.notes(result.origin, lang, _bases(result, lang)),
    )
    return draw_dots(rows, surround, "number", ax, width)


def _value(record: "Record", decimals: int) -> Dot:
    words = wording.number(record["estimate"], "number", decimals)
    n = record.get("n")
    return dot(record, words if n is None else f"{words} ({int(n):,})")
