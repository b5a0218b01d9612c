"""Layouts of agreement and of checks for non-response."""

from dataclasses import replace
from typing import Any

from ..results import Estimates
from .bases import base_rows
from .grid import COUNT, PERCENT, P, grid, interval, number, records
from .layouts_models import fit_lines
from .table import Cell, Column, Format, Row, Table
from .words import confidence, foot, is_weighted, level_label, subtitle, title, word

POINTS, TWO, SIGNED = Format("signed", 1, percent=True), Format("number", 2), Format("signed", 2)


def agreement(result: Estimates, lang: str) -> Table:
    """Kappa, observed and expected agreement as rows, with their errors."""
    measures = [
        number(word("estimate", lang), "estimate", TWO),
        number(word("se", lang), "se", Format("number", 3)),
        interval(result, lang, Format("interval", 2, between=", ")),
    ]
    made = grid(
        result, ("component",), measures, lang, lambda rows: base_rows(rows, 0, 3, lang), fit_lines(result.extra, lang)
    )
    first = result.frame.iloc[0]
    asked = " · ".join(result.labels.column(first[name], lang) for name in ("outcome", "term"))
    return replace(made, title=asked, subtitle=_what(result, lang))


def _what(result: Estimates, lang: str) -> str:
    """What is shown, under a title that names the questions."""
    return subtitle(result, lang) or title(result, lang)


def against_frame(result: Estimates, lang: str) -> Table:
    """Answers as rows: respondents, their shares, the frame's, and the difference in points."""
    shares = result.detail["distribution"]
    frame = result.frame.assign(unweighted=shares["unweighted"], weighted=shares["weighted"], known=shares["known"])
    weighted = [number(word("weighted_share", lang), "weighted", PERCENT)] if is_weighted(frame) else []
    measures = [
        number(word("n", lang), "count", COUNT),
        number(word("respondents", lang), "unweighted", PERCENT),
        *weighted,
        number(word("frame_share", lang), "known", PERCENT),
        number(word("gap_points", lang), "estimate", POINTS),
        interval(result, lang, Format("interval", 1, percent=True, between=", ")),
    ]
    whole = replace(result, _frame=frame)
    return grid(whole, ("outcome", "level"), measures, lang, lambda rows: base_rows(rows, 0, len(measures), lang))


def early_late(result: Estimates, lang: str) -> Table:
    """Questions as rows: early and late, their difference (or Cramér's V), and p before and after correction."""
    groups = result.detail["groups"]
    early, late = word("early", lang), word("late", lang)
    columns = [Column(word(head, lang), "right", over) for over in (early, late) for head in ("n", "mean_or_share")]
    heads = ("late_minus_early", "cramers_v", "p_uncorrected", "p_corrected")
    rest = [Column(word(head, lang)) for head in heads]
    rest.insert(1, Column(word("interval", lang, c=confidence(result))))
    rows = []
    for record in records(result.frame):
        name = record["outcome"]
        cells = _sides(groups.loc[name], record["component"])
        cells += _difference(record)
        cells += [Cell(result.detail["p"][name], P), Cell(record["p"], P)]
        rows.append(Row(_item_label(result, name, lang), tuple(cells)))
    heading, notes = word("item", lang), tuple(foot(result.origin, lang))
    return Table((*columns, *rest), tuple(rows), _what_title(result, lang), "", heading, notes, lang)


def _what_title(result: Estimates, lang: str) -> str:
    return _what(result, lang)


def _item_label(result: Estimates, name: str, lang: str) -> str:
    """The question, and of two answers the one whose share is shown."""
    label, event = result.labels.column(name, lang), result.detail["events"].get(name)
    return label if event is None else f"{label}: {level_label(result, name, event, lang)}"


def _sides(group: Any, component: str) -> list[Cell]:
    """n and mean or share of both groups."""
    form = PERCENT if component == "share_difference" else TWO
    return [
        cell for side in ("early", "late") for cell in (Cell(int(group[f"n_{side}"]), COUNT), Cell(group[side], form))
    ]


def _difference(record: dict[Any, Any]) -> list[Cell]:
    """Difference, its interval, Cramér's V: those that the question has."""
    if record["component"] == "cramers_v":
        return [Cell(), Cell(), Cell(record["estimate"], TWO)]
    share = record["component"] == "share_difference"
    ends = Format("interval", 1, percent=True, between=", ") if share else Format("interval", 2, between=", ")
    return [
        Cell(record["estimate"], POINTS if share else SIGNED),
        Cell((record["ci_low"], record["ci_high"]), ends),
        Cell(),
    ]
