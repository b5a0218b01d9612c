"""A printed table computed again from its file alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ..design.design import Design
from ..errors import PublishedError, SurveyError
from ..language import Text, both, text
from ..reproduction.compare import Computed, Reproduction, compare
from ..reproduction.published import Published
from ..reproduction.published_file import published_of
from .table_file import ResultShape, TableShape, read_table
from .table_numbers import number_of

MEMORY = both("remembered, not read in print", "기억에 의한 값(인쇄본 미확인)")


@dataclass(frozen=True, repr=False)
class PrintedTable:
    """One printed table, described by its file.

    Attributes
    ----------
    shape
        What the file says.
    path
        Where it lies; its data lie beside it.
    """

    shape: TableShape
    path: Path

    @property
    def needs(self) -> str:
        """The method that it waits for; empty where it can be computed."""
        return self.shape.needs

    @property
    def citation(self) -> Text:
        """Where it was printed."""
        return text(self.shape.citation)

    @property
    def published(self) -> Published:
        """Its cells as printed numbers; those known from memory alone count as not printed."""
        found = published_of(self.shape, self.path)
        if self.shape.known == "printed":
            return found
        told = tuple(replace(number, value_known="assumed", note=MEMORY) for number in found.numbers)
        return replace(found, numbers=told)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The data, answers in their order, a row a respondent."""
        shape, path = self.shape, self.path.parent / self.shape.file
        if not path.is_file():
            raise PublishedError(f"{self.path}: `file` is {shape.file!r}, which does not lie beside it.")
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        unknown = [name for name in (*shape.answers, *filter(None, [shape.repeat])) if name not in frame]
        if unknown:
            raise PublishedError(f"{self.path}: {shape.file} has no column {', '.join(map(repr, unknown))}.")
        if shape.repeat is not None:
            frame = frame.loc[frame.index.repeat(frame[shape.repeat].astype(int))].reset_index(drop=True)
        for name, levels in shape.answers.items():
            frame[name] = _answers(frame[name], levels, name in shape.ordered, f"{self.path}: {shape.file}")
        return frame

    def results(self) -> dict[str, Any]:
        """Every result of the file, in its order."""
        found: dict[str, Any] = {}
        for name, asked in self.shape.results.items():
            try:
                found[name] = self._called(asked) if asked.of is None else _method(found[asked.of], asked)
            except SurveyError as error:
                raise PublishedError(f"{self.path}: result {name!r}: {error}") from error
        return found

    def _called(self, asked: ResultShape) -> Any:
        """A verb on the data."""
        import surveyanalysis

        given = {name: value for name, value in asked.design if value is not None}
        design = Design(self.frame, **given)
        design = design if asked.where is None else design.where(asked.where)
        first = [asked.formula] if asked.formula is not None else []
        return _with_options(getattr(surveyanalysis, str(asked.verb)), [design, *first, *asked.asked], asked.options)

    def reproduce(self) -> Reproduction:
        """Hold every cell against what is computed for it.

        Raises
        ------
        PublishedError
            The file does not say how a cell is computed, or a call fails; the table needs a method that is not there.
        """
        if self.needs:
            raise PublishedError(f"{self.path}: this table needs {self.needs}, which is not there yet.")
        results = self.results()
        cells = self.shape.cells
        return compare(
            self.published,
            {c.id: Computed(number_of(self.shape, results, c.row, c.column)) for c in cells},
            synthetic=False,
        )


def printed_table(path: str | Path) -> PrintedTable:
    """Read the file of a printed table.

    Raises
    ------
    PublishedError
        There is no such file, or it is no description of a table; lines are named.
    """
    return PrintedTable(read_table(Path(path)), Path(path))


def _answers(column: pd.Series, levels: list[Any], ordered: bool, where: str) -> pd.Series:
    """A column as answers; one that is no level is named."""
    words = {str(level): level for level in levels}
    told = column.astype("str").where(column.notna())
    odd = sorted(set(told.dropna()) - set(words))
    if odd:
        raise PublishedError(f"{where}: {column.name!r} holds {odd[0]!r}, which is not among its `answers` {levels}.")
    return pd.Series(pd.Categorical(told.map(words), categories=levels, ordered=ordered), column.index)


def _method(result: Any, asked: ResultShape) -> Any:
    """A method of another result."""
    method = getattr(result, str(asked.then), None)
    if method is None:
        raise PublishedError(f"this kind of result has no {asked.then!r}.")
    return _with_options(method, asked.asked, asked.options)


def _with_options(call: Any, given: list[Any], options: Mapping[str, Any]) -> Any:
    """Call with options; what the call does not know is named."""
    try:
        return call(*given, **options)
    except TypeError as error:
        raise PublishedError(str(error)) from error
