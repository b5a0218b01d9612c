"""From the rows of a frame to the rows of a table: keys become groups and stubs, numbers become cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from ..results import Estimates
from .table import Cell, Column, Format, Row, Table
from .words import confidence, foot, key_label, subtitle, title, word

Record = dict[Any, Any]
PERCENT, COUNT, P = Format("percent"), Format("integer"), Format("p", 3)


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of numbers: its head and the cell that it makes of a row of the frame."""

    head: str
    cell: Callable[[Record], Cell]
    spanner: str = ""


def number(head: str, name: str, form: Format) -> Measure:
    """Column of one number of the frame."""
    return Measure(head, lambda record: Cell(record.get(name), form))


def interval(result: Estimates, lang: str, form: Format) -> Measure:
    """Column of the confidence interval."""
    head = word("interval", lang, c=confidence(result))
    return Measure(head, lambda record: Cell((record.get("ci_low"), record.get("ci_high")), form))


def records(frame: pd.DataFrame) -> list[Record]:
    """Rows of a frame as dicts."""
    return frame.to_dict("records")


def varying(frame: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Keys that tell rows apart, in their order; the last key that there is where none does."""
    present = [key for key in keys if key in frame]
    return [key for key in present if frame[key].nunique(dropna=False) > 1] or present[-1:]


Totals = Callable[[Sequence[Record]], Sequence[Row]]


def grid(
    result: Estimates,
    keys: Sequence[str],
    measures: Sequence[Measure],
    lang: str,
    totals: Totals | None = None,
    notes: Sequence[str] = (),
) -> Table:
    """Lay out a frame: the last key that varies is the stub, those before it head groups.

    Parameters
    ----------
    keys
        Columns of the frame that tell its rows apart, from the outermost.
    measures
        Columns of the table.
    totals
        Rows to add under each group, made of its records.
    """
    frame = result.frame
    told = varying(frame, keys)
    rows = list(_rows(result, told, measures, lang, totals)) if told else []
    columns = tuple(Column(m.head, "right", m.spanner) for m in measures)
    return Table(
        columns,
        tuple(rows),
        title(result, lang),
        subtitle(result, lang),
        stub_head(result, told[-1] if told else "", lang),
        (*notes, *foot(result.origin, lang)),
        lang,
    )


def stub_head(result: Estimates, key: str, lang: str) -> str:
    """Head of the stub: what its rows are."""
    level = {"quantile": "quantile", "distribution": "point"}.get(result.kind, "answer")
    words = {"level": level, "outcome": "item", "term": "term", "component": "", "": ""}
    return word(words[key], lang) if key in words else result.labels.column(key, lang)


def _rows(
    result: Estimates, told: list[str], measures: Sequence[Measure], lang: str, totals: Totals | None
) -> Iterator[Row]:
    """Rows, with a head for each group."""
    outer, inner = told[:-1], told[-1]
    for _, group in groupby(records(result.frame), key=lambda record: [str(record[key]) for key in outer]):
        members = list(group)
        if outer:
            yield Row(_group_label(result, outer, members[0], lang), kind="group")
        for record in members:
            cells = tuple(measure.cell(record) for measure in measures)
            yield Row(key_label(result, inner, record, lang), cells, indent=int(bool(outer)))
        for row in totals(members) if totals else ():
            yield Row(row.stub, row.cells, row.kind, indent=int(bool(outer)))


def _group_label(result: Estimates, keys: Sequence[str], record: Record, lang: str) -> str:
    """Head of a group; a group of respondents names its question."""
    words = []
    for key in keys:
        label = key_label(result, key, record, lang)
        words.append(f"{result.labels.column(key, lang)}: {label}" if key in result.by else label)
    return " · ".join(words)
