"""Layouts of Likert items and rankings."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..language import say
from ..results import Estimates
from .formats import printed
from .grid import COUNT, PERCENT, P, records
from .layouts_crossed import group_label
from .table import Cell, Column, Format, Row, Table
from .words import component_label, foot, level_label, subtitle, title, word


def likert(result: Estimates, lang: str) -> Table:
    """Items as rows, the steps of the scale as columns, then n, mean and its error; tests as notes."""
    frame = result.frame
    codes = list(result.detail.get("scale", pd.unique(frame["level"])))
    means = result.detail.get("means")
    first = frame["outcome"].iloc[0]
    scale = word("answers_scale", lang)
    columns = [Column(level_label(result, first, code, lang), "right", scale) for code in codes] + [
        Column(word("n", lang))
    ]
    if means is not None:
        columns += [Column(word("mean", lang)), Column(word("se", lang))]
    rows = []
    for item in pd.unique(frame["outcome"]):
        part = frame[frame["outcome"] == item].set_index("level")
        cells = [Cell(part["estimate"].get(code), PERCENT) for code in codes] + [Cell(part["n"].iloc[0], COUNT)]
        if means is not None:
            cells += [Cell(means.loc[item, name], Format("number", 2)) for name in ("mean", "se")]
        rows.append(Row(result.labels.column(item, lang), tuple(cells)))
    notes = (*test_lines(result.detail.get("tests", ()), lang), *foot(result.origin, lang))
    return Table(
        tuple(columns), tuple(rows), title(result, lang), subtitle(result, lang), word("item", lang), notes, lang
    )


def test_lines(tests: Sequence[Any], lang: str) -> list[str]:
    """One line a test: its name and p-value."""
    return [f"{say(test.name, lang)}: {p_words(test.p)}" for test in tests]


def p_words(p: float) -> str:
    """A p-value in a sentence: "p = .031", "p < .001"."""
    shown = printed(Cell(p, P))
    return f"p {shown[0]} {shown[1:]}" if shown[:1] in "<>" else f"p = {shown}"


def ranking(result: Estimates, lang: str) -> Table:
    """Options as rows; first choice and top k as n and percent, and the mean rank."""
    frame = result.frame
    columns: list[Column] = []
    cells: dict[tuple[Any, ...], list[Cell]] = {}
    keys = [key for key in ("outcome", *result.by, "level") if key in frame]
    for component in pd.unique(frame["component"]):
        is_mean = component == "mean_rank"
        head = component_label(component, lang)
        columns += [Column(head)] if is_mean else [Column(word(w, lang), "right", head) for w in ("n", "percent")]
        for record in records(frame[frame["component"] == component]):
            share = Cell(record["estimate"], Format("number", 2) if is_mean else PERCENT)
            row = cells.setdefault(tuple(record[key] for key in keys), [])
            row += [share] if is_mean else [Cell(record.get("count"), COUNT), share]
    rows = tuple(_ranked(result, keys, cells, lang))
    notes = tuple(foot(result.origin, lang))
    return Table(tuple(columns), rows, title(result, lang), subtitle(result, lang), word("answer", lang), notes, lang)


def _ranked(result: Estimates, keys: list[str], cells: dict[tuple[Any, ...], list[Cell]], lang: str) -> list[Row]:
    """Rows of a ranking, headed by their group of respondents."""
    rows: list[Row] = []
    group: tuple[Any, ...] | None = None
    for key, row in cells.items():
        record = dict(zip(keys, key))
        if result.by and key[:-1] != group:
            group = key[:-1]
            rows.append(Row(group_label(result, [record[b] for b in result.by], lang), kind="group"))
        rows.append(
            Row(
                level_label(result, str(record["outcome"]), record["level"], lang),
                tuple(row),
                indent=int(bool(result.by)),
            )
        )
    return rows
