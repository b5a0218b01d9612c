"""How answers lie in the file: from the file's columns to the columns of the clean frame, still as text."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..codebook.questions import Codebook, Question
from ..errors import CodebookError, ColumnError, nearest
from ..language import Text, both
from .canonical import columns_of, distinct
from .marks import option_columns, ranked_columns
from .work import Work, text_series

if TYPE_CHECKING:
    from ..reading.export import Export

FACTS = ("id", "external_id", "start", "end", "duration", "status", "finished")


def bind(export: "Export", codebook: Codebook) -> pd.DataFrame:
    """Bring an export's cells into the columns of the clean frame, as text: the first stage of cleaning.

    Nothing is corrected here. Options of multiple-response questions become "1" (ticked), "0" (not ticked, others
    were) or missing (none was); ranks stand with their option; empty cells are missing.

    Parameters
    ----------
    export
        What the file held.
    codebook
        What was asked, and in which columns the answers lie.

    Returns
    -------
    pandas.DataFrame
        Text; one row a response, indexed by the row of the file; columns in the codebook's order.

    Raises
    ------
    ColumnError
        Questions whose columns the file does not have: all of them, with the nearest columns.
    CodebookError
        A question is bound to a column of personal data.
    """
    return begin(export, codebook).frame


def begin(export: "Export", codebook: Codebook, key: str = "id", folder: Path = Path()) -> Work:
    """Bind an export and collect what else is known of each row; see `bind`."""
    table = _Columns(export)
    columns = {q.id: _file_columns(q, table) for q in codebook if not q.derived and q.binding.in_file}
    _refuse_missing_columns(columns, codebook, table)
    private: set[str | None] = {table.find(name) for name in codebook.source.pii} - {None}
    _refuse_personal_data(columns, private)
    cells: dict[str, pd.Series] = {}
    leftovers: dict[str, pd.Series] = {}
    for name, found in columns.items():
        bound, left = _bound(codebook[name], table.text(found.values(), found), codebook)
        cells |= bound
        if left is not None and left.notna().any():
            leftovers[name] = left.dropna()
    cells, leftovers = _words_of_others(cells, leftovers, codebook)
    order = [c for c in columns_of(codebook, derived=False) if c in cells]
    frame = pd.DataFrame({c: cells[c] for c in order}, index=table.frame.index)
    reasons = pd.DataFrame({c: text_series([None] * len(frame), frame.index) for c in order}, index=frame.index)
    return Work(frame, reasons, _facts(table, codebook, key, private), codebook, folder, leftovers).noted(
        *_absent_facts(table, codebook)
    )


class _Columns:
    """The file's columns by name, or by the platform's own identifier."""

    def __init__(self, export: "Export") -> None:
        self.frame = export.frame
        self.names = {str(c): c for c in self.frame.columns}
        self.by_identifier = {identifier: name for name, identifier in export.identifiers.items()}

    def find(self, name: str) -> str | None:
        return name if name in self.names else self.by_identifier.get(name)

    def cells(self, name: str) -> pd.Series:
        """One column as text; empty and blank cells are missing."""
        text = self.frame[self.names[name]].astype("str")
        return text.mask(text.str.strip().eq("").fillna(True))

    def text(self, names: Iterable[str | None], keys: Iterable[str]) -> dict[str, pd.Series]:
        return {key: self.cells(name) for key, name in zip(keys, names, strict=True) if name is not None}


def _file_columns(question: Question, table: _Columns) -> dict[str, str | None]:
    """Part of a question (code, item, rank, or "" for the whole) -> the column of the file, None where it has none."""
    return {part: table.find(name) for part, name in wanted_columns(question).items()}


def wanted_columns(question: Question) -> dict[str, str]:
    """Part of a question -> the name that the codebook gives for its column."""
    binding = question.binding
    if binding.columns is None:
        return {"": binding.column or question.id}
    parts = [str(c.code) for c in question.choices]
    if question.type == "grid":
        parts = [str(item) for item in question.items]
    if question.type == "rank" and binding.holds == "code":
        parts = [str(r) for r in range(1, (question.top or len(question.choices)) + 1)]
    marks = ("{code}", "{item}", "{rank}")
    if not any(mark in binding.columns for mark in marks):
        raise CodebookError(
            f"Question {question.id!r}: `columns` is {binding.columns!r}; it needs one of {', '.join(marks)}."
        )
    return {part: _filled(binding.columns, part, marks) for part in parts}


def _filled(pattern: str, part: str, marks: tuple[str, ...]) -> str:
    for mark in marks:
        pattern = pattern.replace(mark, part)
    return pattern


def _refuse_missing_columns(columns: dict[str, dict[str, str | None]], codebook: Codebook, table: _Columns) -> None:
    """Raise one error for all columns that the codebook names and the file does not have."""
    wrong = []
    companions = {c.other for q in codebook for c in q.choices}
    for name, found in columns.items():
        wanted = wanted_columns(codebook[name])
        if name in companions and found.get("") is None and codebook[name].binding.column in (None, name):
            columns[name] = {}
            continue
        lost = [wanted[part] for part, column in found.items() if column is None]
        wrong += [f"  {name}: {column!r}.{nearest(column, table.names)}" for column in lost]
    source = codebook.source
    if source.id is not None and table.find(source.id) is None:
        wrong.append(f"  source.id: {source.id!r}.{nearest(source.id, table.names)}")
    if wrong:
        raise ColumnError(
            f"{len(wrong)} columns of the codebook are not in the file:\n" + "\n".join(wrong) + "\n"
            "Correct `column` or `columns` in the codebook; write `in_file: false` where a question is not in the file."
        )


def _refuse_personal_data(columns: dict[str, dict[str, str | None]], private: set[str | None]) -> None:
    for name, found in columns.items():
        for column in found.values():
            if column in private:
                raise CodebookError(
                    f"Question {name!r} lies in {column!r}, which `source.pii` lists as personal data. Such columns "
                    "never reach the clean frame: take it out of one of the two."
                )


def _bound(
    question: Question, cells: dict[str, pd.Series], codebook: Codebook
) -> tuple[dict[str, pd.Series], pd.Series | None]:
    """Columns of the clean frame that hold one question, and what could not be matched in joined cells."""
    if question.type == "multi":
        return option_columns(question, cells, codebook)
    if question.type == "rank":
        return ranked_columns(question, cells, codebook)
    if question.type == "grid":
        return {f"{question.id}_{item}": series for item, series in cells.items()}, None
    return ({question.id: cells[""]} if cells else {}), None


def _words_of_others(
    cells: dict[str, pd.Series], leftovers: dict[str, pd.Series], codebook: Codebook
) -> tuple[dict[str, pd.Series], dict[str, pd.Series]]:
    """Give what is no option to the "other" option's text question, where that has no column of its own."""
    remaining = dict(leftovers)
    if not cells:
        return cells, remaining
    index = next(iter(cells.values())).index
    blank = text_series([None] * len(index), index)
    for question in codebook:
        for choice in question.choices:
            companion = choice.other
            if companion is None or companion in cells or companion not in codebook:
                continue
            if not codebook[companion].binding.in_file:
                continue
            cells[companion] = blank
            if question.type == "multi" and question.id in remaining:
                words = remaining.pop(question.id)
                cells[companion] = words.reindex(blank.index)
                cells |= _ticked_by_words(cells, question, str(choice.code), words)
    return cells, remaining


def _ticked_by_words(
    cells: dict[str, pd.Series], question: Question, other: str, words: pd.Series
) -> dict[str, pd.Series]:
    """Options of the rows whose words stand for the "other" option: that one is ticked, blank ones are not."""
    options = {column: cells[column] for column in question.columns}
    index = next(iter(options.values())).index
    rows = pd.Series(index.isin(words.index), index=index)
    marked = {column: series.mask(rows & series.isna(), "0") for column, series in options.items()}
    column = f"{question.id}_{other}"
    return {**marked, column: marked[column].mask(rows, "1")}


def _absent_facts(table: _Columns, codebook: Codebook) -> list[Text]:
    """Tell of columns about the answering that the codebook names and the file does not have."""
    named = {fact: getattr(codebook.source, fact) for fact in FACTS}
    lost = [f"{name} ({fact})" for fact, name in named.items() if name and table.find(name) is None]
    said = ", ".join(lost)
    return [both("Not in the file: {x}.", "파일에 없는 열: {x}.", x=said)] if lost else []


def _facts(table: _Columns, codebook: Codebook, key: str, private: set[str | None]) -> pd.DataFrame:
    """What is known of each row besides its answers, and the key that names its respondent."""
    places = {fact: table.find(name) for fact in FACTS if (name := getattr(codebook.source, fact))}
    facts = {fact: table.cells(name) for fact, name in places.items() if name is not None}
    index = table.frame.index
    rows = pd.Series([f"row:{row}" for row in index], index=index, dtype="str")
    named = facts.get(key)
    if key == "external_id" and named is None:
        raise ColumnError("The recipe's key is external_id, but the file has no column for it (codebook, `source`).")
    keys = rows if named is None else masked(named.str.strip(), places.get(key) in private).fillna(rows)
    return pd.DataFrame({"key": keys, **facts}, index=index)


def masked(names: pd.Series, private: bool = False) -> pd.Series:
    """Hash names that are e-mail addresses (or all, where they are personal data); others stay."""
    places, uniques = distinct(names)
    shown = [_hashed(name) if private or "@" in name else name for name in uniques]
    return pd.Series(pd.array(shown, dtype="str").take(places, allow_fill=True), index=names.index, name=names.name)


def _hashed(name: str) -> str:
    return f"id:{hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:12]}"
