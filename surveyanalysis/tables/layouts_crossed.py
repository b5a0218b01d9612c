"""Layout of crosstabs: groups as columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..results import Estimates
from .bases import EMPTY, base_rows
from .grid import COUNT, PERCENT, records
from .table import Cell, Column, Format, Row, Table
from .words import foot, level_label, subtitle, title, word


def crosstab(result: Estimates, lang: str) -> Table:
    """Groups as columns, each with percent and n; answers as rows; the groups' bases at the foot."""
    frame = result.frame
    groups = list(dict.fromkeys(tuple(row) for row in frame[list(result.by)].itertuples(index=False)))
    parts = {group_label(result, group, lang): _of_group(frame, result.by, group) for group in groups}
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


def group_label(result: Estimates, group: Sequence[Any], lang: str) -> str:
    """Words of a group of respondents: its level, or its levels."""
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
