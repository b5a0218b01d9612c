"""The ledger: every change from the raw file to the clean frame; it can be replayed and undone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..codebook.questions import Codebook
from ..errors import DataError
from ..language import Text, both, say
from .canonical import columns_of, typed, untyped

if TYPE_CHECKING:
    from ..tables.table import Table


@dataclass(frozen=True, eq=False)
class Ledger:
    """Every change that cleaning made.

    Attributes
    ----------
    steps
        One row a step: step, rule, does, rows_in, rows_out, cells_changed, people_touched, flagged, why.
    whys
        The reason of each step, per language.
    header
        file, file_sha256, codebook_sha256, recipe_sha256, version.
    keys
        Row of the file -> key of the respondent, for all rows received.
    answering
        What is known of how each respondent answered: start, end, duration, finished, status, disposition (those that
        the file holds), indexed as the clean frame.
    notes
        What a reader should know.
    """

    _changes: pd.DataFrame
    steps: pd.DataFrame
    whys: tuple[Text, ...]
    keys: pd.Series
    codebook: Codebook
    header: Mapping[str, str] = field(default_factory=dict)
    answering: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[Text, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """All entries in their order: step, rule, action, row_key, file_row, question, before, after, reason, why.

        Actions: "set" a cell, "drop" a row (`before` holds its cells as JSON), "add" a derived answer, "flag" a remark.
        """
        return self._changes.copy(deep=False)

    @property
    def changes(self) -> pd.DataFrame:
        """Entries that changed what was given: cells set and rows dropped; empty when the data were clean already."""
        return self._changes[self._changes["action"].isin(["set", "drop"])]

    def __len__(self) -> int:
        return len(self._changes)

    def sentence(self, lang: str = "en") -> str:
        """Write the paragraph on data cleaning for a methods section."""
        received, analysed = len(self.keys), int(self.steps["rows_out"].iloc[-1])
        said = [say(both("The file held {n:,} responses.", "원자료에는 응답 {n:,}건이 있었다.", n=received), lang)]
        drops = [self._dropped(i, lang) for i in self.steps.index[self.steps["rows_in"] > self.steps["rows_out"]]]
        if drops:
            said.append(say(both("Left out: {x}.", "제외: {x}.", x="; ".join(drops)), lang))
        said.append(say(both("{n:,} respondents were analysed.", "{n:,}명을 분석하였다.", n=analysed), lang))
        sets = self._changes[self._changes["action"] == "set"]
        if len(sets):
            whys = {str(rule): say(why, lang) or str(rule) for rule, why in zip(self.steps["rule"], self.whys)}
            counted = sets["rule"].value_counts(sort=False)
            rules = "; ".join(f"{n:,} ({whys.get(str(rule), str(rule))})" for rule, n in counted.items() if n)
            people = sets["file_row"].nunique()
            said.append(say(_CHANGED, lang).format(n=len(sets), m=people, x=rules))
        return " ".join([*said, *(say(note, lang) for note in self.notes)])

    def _dropped(self, place: Any, lang: str) -> str:
        row = self.steps.loc[place]
        why = say(self.whys[int(row["step"]) - 1], lang) or str(row["rule"])
        return f"{int(row['rows_in'] - row['rows_out']):,} ({why})"

    def table(self, lang: str = "en") -> "Table":
        """Return the step table for print."""
        from ..tables.table import Cell, Column, Format, Row, Table

        rows = [
            Row(str(row["rule"]), tuple(Cell(int(row[name]), Format("integer")) for name in HEADS))
            for row in self.steps.to_dict("records")
        ]
        return Table(
            tuple(Column(say(head, lang)) for head in HEADS.values()),
            tuple(rows),
            title=say(both("Cleaning", "자료 정제"), lang),
            stub_head=say(both("Step", "단계"), lang),
            notes=tuple(say(n, lang) for n in self.notes),
            lang=lang,
        )

    def __repr__(self) -> str:
        counts = self._changes["action"].value_counts(sort=False)
        said = ", ".join(f"{action} {counts.get(action, 0):,}" for action in ("set", "drop", "add", "flag"))
        summary = f"Ledger: {len(self.steps)} steps, {len(self):,} entries ({said}); `.frame` holds every one"
        return f"{summary}\n{self.table().to_text()}"

    def _repr_html_(self) -> str:
        return str(self.table()._repr_html_())


HEADS = {
    "rows_in": both("Rows in", "처리 전 행"),
    "rows_out": both("Rows out", "처리 후 행"),
    "cells_changed": both("Cells changed", "변경 셀"),
    "people_touched": both("People touched", "변경 응답자"),
    "flagged": both("Flagged", "표시"),
}
_CHANGED = both(
    "{{n:,}} cells of {{m:,}} respondents were changed ({{x}}); each is in the ledger.",
    "응답자 {{m:,}}명의 셀 {{n:,}}개를 변경하였으며({{x}}), 모두 기록되어 있다.",
)


def replay(ledger: Ledger, raw_frame: pd.DataFrame) -> pd.DataFrame:
    """Apply a ledger to the raw answers: gives the clean frame, its types and its order.

    Parameters
    ----------
    raw_frame
        Text, from `cleaning.binding.bind(export, codebook)`; indexed by the row of the file.

    Returns
    -------
    pandas.DataFrame
        Equal to the frame of the survey that the ledger belongs to.

    Raises
    ------
    DataError
        The raw frame is another one: other rows, or a cell that does not hold what the ledger found there.

    Examples
    --------
    >>> from surveyanalysis.cleaning import binding, recipe
    >>> from surveyanalysis.codebook.questions import Binding, Question
    >>> from surveyanalysis.reading.export import Export
    >>> cells = pd.DataFrame({"Q1": ["1,200", ""]}, index=pd.Index([2, 3], name="file_row"))
    >>> export, book = Export(cells), Codebook({"pay": Question("pay", "number", binding=Binding("Q1"))})
    >>> survey = recipe.clean(export, book)
    >>> replay(survey.ledger, binding.bind(export, book)).equals(survey.frame)
    True
    >>> undo(survey.ledger, survey.frame)["pay"].tolist()
    ['1,200', nan]
    """
    if not raw_frame.index.equals(ledger.keys.index):
        raise DataError(f"The ledger is about {len(ledger.keys)} rows of a file; these {len(raw_frame)} are not they.")
    cells = _cell_changes(ledger)
    frame = raw_frame.copy()
    for column, entries in cells.groupby("question", observed=True, sort=False):
        _refuse_other_cells(raw_frame, str(column), entries)
        last = entries.drop_duplicates("file_row", keep="last")
        frame[column] = _with(frame.get(column), raw_frame.index, last, "after")
    gone = ledger.frame.loc[ledger.frame["action"] == "drop", "file_row"]
    kept = frame[~frame.index.isin(gone)]
    clean = typed(_with_all_columns(kept, ledger.codebook), ledger.codebook)
    return clean.set_axis(respondents(ledger.keys.loc[kept.index]), axis=0)


def undo(ledger: Ledger, frame: pd.DataFrame) -> pd.DataFrame:
    """Take all changes back: from the clean frame to the raw answers as `bind` gave them.

    Parameters
    ----------
    frame
        The frame of the survey that the ledger belongs to.
    """
    rows = pd.Index(ledger.keys.index[ledger.keys.isin(frame.index)])
    drops = ledger.frame[ledger.frame["action"] == "drop"]
    kept = rows[~rows.isin(drops["file_row"])]
    columns = [c for c in columns_of(ledger.codebook, derived=False) if c in frame]
    back = untyped(frame[columns], ledger.codebook).set_axis(kept, axis=0)
    held = pd.DataFrame([json.loads(text) for text in drops["before"]], index=drops["file_row"], columns=columns)
    raw = pd.concat([back, held.astype("str")]).reindex(ledger.keys.index)
    cells = _cell_changes(ledger)
    for column, entries in cells[cells["action"] == "set"].groupby("question", observed=True, sort=False):
        raw[column] = _with(raw[column], raw.index, entries.drop_duplicates("file_row", keep="first"), "before")
    return raw


def respondents(keys: pd.Series) -> pd.Index:
    """Index of the clean frame."""
    return pd.Index(keys.to_numpy(dtype=object), dtype="str", name="respondent")


def _cell_changes(ledger: Ledger) -> pd.DataFrame:
    known = ledger.frame["question"].isin(list(columns_of(ledger.codebook)))
    return ledger.frame[known & ledger.frame["action"].isin(["set", "add"])]


def _with(column: pd.Series | None, index: pd.Index, entries: pd.DataFrame, part: str) -> pd.Series:
    """A column with the cells of some entries put in."""
    values = np.full(len(index), None, dtype=object) if column is None else column.to_numpy(dtype=object, copy=True)
    values[index.get_indexer(entries["file_row"])] = entries[part].to_numpy(dtype=object)
    return pd.Series(values, index=index, dtype="str")


def _with_all_columns(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Columns in the codebook's order; derived ones that nobody has an answer to are there, empty."""
    order = [c for c, q in columns_of(codebook).items() if c in frame or q.derived]
    return frame.reindex(columns=order).astype("str")


def _refuse_other_cells(raw: pd.DataFrame, column: str, entries: pd.DataFrame) -> None:
    first = entries.drop_duplicates("file_row", keep="first")
    if column not in raw:
        return
    now = raw[column].reindex(first["file_row"]).to_numpy(dtype=object)
    then = first["before"].to_numpy(dtype=object)
    wrong = ~((now == then) | (pd.isna(now) & pd.isna(then)))
    if wrong.any():
        row = first["file_row"].to_numpy()[wrong][0]
        raise DataError(f"Row {row}, {column!r} holds {now[wrong][0]!r}; the ledger found {then[wrong][0]!r} there.")
