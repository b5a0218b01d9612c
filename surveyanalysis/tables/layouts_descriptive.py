"""Layouts of descriptions: shares, means, totals, frequencies, crosstabs, Likert items, rankings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..language import say
from ..results import Estimates
from .formats import printed
from .grid import COUNT, PERCENT, Measure, P, Record, grid, interval, number, records, varying
from .table import Cell, Column, Format, Row, Table
from .words import component_label, foot, is_weighted, level_label, subtitle, title, word

PERCENT_ENDS = Format("interval", 1, percent=True)
EMPTY = Cell()


def proportion(result: Estimates, lang: str) -> Table:
    """Answers as rows: n, percent, interval; a base under each group."""
    return _shares(result, lang, [])


def multiple_response(result: Estimates, lang: str) -> Table:
    """Options as rows; percent of respondents and, where known, of the answers given."""
    if len(result.by) == 1:
        return crosstab(result, lang)
    aligned = result.detail.get("share_of_answers")
    if aligned is None:
        return _shares(result, lang, [])
    whole = replace(result, _frame=result.frame.assign(share_of_answers=np.asarray(aligned, float)))
    return _shares(whole, lang, [number(word("share_of_answers", lang), "share_of_answers", PERCENT)])


def _shares(result: Estimates, lang: str, more: Sequence[Measure]) -> Table:
    keys = ("outcome", *result.by, "level")
    measures = [
        number(word("n", lang), "count", COUNT),
        number(word("share" if more else "percent", lang), "estimate", PERCENT),
        interval(result, lang, PERCENT_ENDS),
        *more,
    ]
    if varying(result.frame, keys)[-1:] != ["level"]:
        return grid(result, keys, [*measures, number(word("base", lang), "n", COUNT)], lang)
    notes = [f"{word('answers', lang)}: {result.detail['answers']:,.0f}"] if "answers" in result.detail else []
    return grid(result, keys, measures, lang, lambda rows: base_rows(rows, 0, len(measures), lang), notes)


def base_rows(members: Sequence[Record], at: int, width: int, lang: str) -> list[Row]:
    """The base of a group of rows: respondents, and the sum of their weights where they are weighted."""
    first = members[0]
    rows = [Row(word("base", lang), _alone(Cell(first.get("n"), COUNT), at, width), "total")]
    if is_weighted(pd.DataFrame(members)):
        weighted = Cell(first["n_weighted"], Format("number", 1))
        rows.append(Row(word("weighted_base", lang), _alone(weighted, at, width), "total"))
    return rows


def _alone(cell: Cell, at: int, width: int) -> tuple[Cell, ...]:
    return tuple(cell if i == at else EMPTY for i in range(width))


def frequencies(result: Estimates, lang: str) -> Table:
    """Answers, then those who answered, then the missing by reason, then everybody who was looked at."""
    table = proportion(result, lang)
    width = len(table.columns)
    extra = [
        Row(say(reason, lang), _alone(Cell(int(n), COUNT), 0, width)) for reason, n in result.detail.get("missing", ())
    ]
    if "domain_n" in result.detail:
        everybody = Cell(int(result.detail["domain_n"]), COUNT)
        extra.append(Row(word("asked", lang), _alone(everybody, 0, width), "total"))
    return replace(table, rows=(*table.rows, *extra))


def mean(result: Estimates, lang: str) -> Table:
    """Means with their errors and bases."""
    return _measured(result, lang, "mean")


def total(result: Estimates, lang: str) -> Table:
    """Totals with their errors and bases."""
    return _measured(result, lang, "total")


def _measured(result: Estimates, lang: str, what: str) -> Table:
    decimals = decimals_for(result.frame["estimate"])
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word(what, lang), "estimate", Format("number", decimals)),
        number(word("se", lang), "se", Format("number", decimals)),
        interval(result, lang, Format("interval", decimals)),
    ]
    return grid(result, ("outcome", *result.by), measures, lang)


def decimals_for(values: "pd.Series[float]") -> int:
    """Decimals that leave about four digits: 0 from 1000, 1 from 100, else 2."""
    largest = float(np.nanmax(np.abs(values.to_numpy(float)), initial=0))
    return 0 if largest >= 1000 else 1 if largest >= 100 else 2


def crosstab(result: Estimates, lang: str) -> Table:
    """Groups as columns, each with percent and n; answers as rows; the groups' bases at the foot."""
    frame = result.frame
    groups = list(dict.fromkeys(tuple(row) for row in frame[list(result.by)].itertuples(index=False)))
    parts = {_spanner(result, group, lang): _of_group(frame, result.by, group) for group in groups}
    if isinstance(totals := result.detail.get("totals"), pd.DataFrame):
        parts = {word("all", lang): totals} | parts
    heads = [(word("percent", lang), "estimate", PERCENT), (word("n", lang), "count", COUNT)]
    columns = tuple(Column(head, "right", spanner) for spanner in parts for head, _, _ in heads)
    rows: list[Row] = []
    outcomes = list(pd.unique(frame["outcome"]))
    for outcome in outcomes:
        if len(outcomes) > 1:
            rows.append(Row(result.labels.column(outcome, lang), kind="group"))
        sides = [part[part["outcome"] == outcome] for part in parts.values()]
        rows += _crossed(result, outcome, sides, heads, lang, int(len(outcomes) > 1))
    head, notes = word("answer", lang), tuple(foot(result.origin, lang))
    return Table(columns, tuple(rows), title(result, lang), subtitle(result, lang), head, notes, lang)


def _spanner(result: Estimates, group: Sequence[Any], lang: str) -> str:
    return " · ".join(level_label(result, column, code, lang) for column, code in zip(result.by, group))


def _of_group(frame: pd.DataFrame, by: Sequence[str], group: Sequence[Any]) -> pd.DataFrame:
    return frame[np.logical_and.reduce([frame[column] == code for column, code in zip(by, group)])]


def _crossed(
    result: Estimates,
    outcome: str,
    sides: Sequence[pd.DataFrame],
    heads: Sequence[tuple[str, str, Format]],
    lang: str,
    indent: int,
) -> list[Row]:
    """Rows of one question: a row an answer, then the bases."""
    by_level = [{record["level"]: record for record in records(side)} for side in sides]
    rows = []
    for level in dict.fromkeys(level for side in by_level for level in side):
        cells = tuple(Cell(side.get(level, {}).get(name), form) for side in by_level for _, name, form in heads)
        rows.append(Row(level_label(result, outcome, level, lang), cells, indent=indent))
    bases = [base_rows(records(side), 1, 2, lang) if len(side) else [] for side in sides]
    weighted = max(map(len, bases), default=0)
    for i in range(weighted):
        found = next(base[i] for base in bases if len(base) > i)
        cells = tuple(cell for base in bases for cell in (base[i].cells if len(base) > i else (EMPTY, EMPTY)))
        rows.append(Row(found.stub, cells, "total", indent))
    return rows


def likert(result: Estimates, lang: str) -> Table:
    """Items as rows, the steps of the scale as columns, then n, mean and its error; tests as notes."""
    frame = result.frame
    codes = list(result.detail.get("scale", pd.unique(frame["level"])))
    means = result.detail.get("means")
    first = frame["outcome"].iloc[0]
    scale = word("scale", lang)
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
            rows.append(Row(_spanner(result, [record[b] for b in result.by], lang), kind="group"))
        rows.append(
            Row(
                level_label(result, str(record["outcome"]), record["level"], lang),
                tuple(row),
                indent=int(bool(result.by)),
            )
        )
    return rows
