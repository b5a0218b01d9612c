"""A printed table computed again from its file alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ..codebook.expressions import evaluate
from ..errors import PublishedError, SurveyError
from ..language import Text, both, text
from ..reproduction.compare import Reproduction, compare
from ..reproduction.published import Known, Published
from ..reproduction.published_file import published_of
from ..survey import Survey
from .table_file import NumberOf, ResultShape, TableShape, read_table
from .table_numbers import asked_of, computed_of
from .table_results import called, method_of, printed_counts

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
        if self.shape.known != "printed":
            told = tuple(replace(number, value_known="assumed", note=MEMORY) for number in found.numbers)
        else:
            told = tuple(replace(number, base_known=self._base_known(number.id)) for number in found.numbers)
        return replace(found, numbers=told)

    @cached_property
    def asked(self) -> Mapping[str, NumberOf]:
        """Id of a cell -> which number belongs into it."""
        return {cell.id: asked_of(self.shape, cell.row, cell.column) for cell in self.shape.cells}

    def _base_known(self, name: str) -> Known | None:
        """Where the counts behind a cell are known from; None where they are no printed counts."""
        asked = None if self.needs else self.asked[name].result
        result = self.shape.results.get(asked) if asked else None
        return result.known if result is not None and result.counts else None

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
        codebook = Survey.from_frame(frame).codebook
        try:
            return frame.assign(**{name: evaluate(said, frame, codebook) for name, said in shape.derived.items()})
        except SurveyError as error:
            raise PublishedError(f"{self.path}: `derived`: {error}") from error

    def results(self) -> dict[str, Any]:
        """Every result of the file, in its order; those by answer as a mapping."""
        found: dict[str, Any] = {}
        for name, asked in self.shape.results.items():
            try:
                found[name] = self._result(asked, found)
            except SurveyError as error:
                raise PublishedError(f"{self.path}: result {name!r}: {error}") from error
        return found

    def _result(self, asked: ResultShape, above: Mapping[str, Any]) -> Any:
        """Printed counts, a method of a result above, or a verb on the data."""
        if asked.counts:
            return printed_counts(asked)
        return method_of(above[asked.of], asked) if asked.of else called(asked, self.frame, self.shape)

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
        waiting = {name: _waits(asked.needs) for name, asked in self.asked.items() if asked.needs}
        computed = {
            name: computed_of(asked, results, f"{self.shape.id}: cell {name!r}")
            for name, asked in self.asked.items()
            if name not in waiting
        }
        return compare(self.published, computed, synthetic=False, waiting=waiting)


def printed_table(path: str | Path) -> PrintedTable:
    """Read the file of a printed table.

    Raises
    ------
    PublishedError
        There is no such file, or it is no description of a table; lines are named.
    """
    return PrintedTable(read_table(Path(path)), Path(path))


def _waits(needs: str) -> Text:
    """Why a cell is not computed yet."""
    return both("waits for {needs}", "미구현: {needs}", needs=needs)


def _answers(column: pd.Series, levels: list[Any], ordered: bool, where: str) -> pd.Series:
    """A column as answers; one that is no level is named."""
    words = {str(level): level for level in levels}
    told = column.astype("str").where(column.notna())
    odd = sorted(set(told.dropna()) - set(words))
    if odd:
        raise PublishedError(f"{where}: {column.name!r} holds {odd[0]!r}, which is not among its `answers` {levels}.")
    return pd.Series(pd.Categorical(told.map(words), categories=levels, ordered=ordered), column.index)
