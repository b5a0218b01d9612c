"""Cleaned answers: a typed frame, why each answer is missing, what was asked, and how it came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .codebook.questions import Choice, Codebook, Question, QuestionType
from .errors import DataError, LevelError, nearest, unknown_column
from .language import Text

if TYPE_CHECKING:
    from .cleaning.flow import Flow
    from .cleaning.ledger import Ledger


@dataclass(frozen=True, eq=False)
class Survey:
    """Cleaned answers of all respondents.

    Attributes
    ----------
    codebook
        What was asked.
    ledger
        Every change from the raw file to this frame; None for a survey made from a frame.
    sha256
        Hash of the raw file; empty for a survey made from a frame.
    synthetic
        Whether the respondents are generated.
    made_from
        How the survey came about, in words, for the origin of results.
    """

    _frame: pd.DataFrame
    codebook: Codebook
    _reasons: pd.DataFrame | None = None
    ledger: "Ledger | None" = None
    sha256: str = ""
    synthetic: bool = False
    made_from: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """Answers, one row a respondent; a copy-on-write copy, so that the survey never changes."""
        return self._frame.copy(deep=False)

    @property
    def reasons(self) -> pd.DataFrame:
        """Why each missing answer is missing: same shape as `frame`, empty where there is an answer."""
        if self._reasons is not None:
            return self._reasons.copy(deep=False)
        return pd.DataFrame(pd.NA, index=self._frame.index, columns=self._frame.columns, dtype="str")

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._frame.columns or name in self.codebook)

    def column(self, name: str, argument: str = "question") -> pd.Series:
        """Return one column of the frame, or raise with the nearest name and the `argument` that asked for it."""
        if not isinstance(name, str) or name not in self._frame.columns:
            raise unknown_column(name, [*self._frame.columns, *self.codebook.questions], argument)
        return self._frame[name]

    def question(self, name: str) -> Question:
        """Return the question that `name` (its id, or one of its columns) stands for."""
        found = self.codebook.question_of(name)
        if found is None:
            raise unknown_column(name, [*self.codebook.questions, *self._frame.columns])
        return found

    def flow(self) -> "Flow":
        """Return the case flow: rows received, dropped by each rule, analysed; with `.table()` and `.plot()`."""
        from .cleaning.flow import flow_of

        return flow_of(self)

    def merged(
        self, question: str, groups: Mapping[str, Sequence[Any]], name: str, labels: Mapping[str, Text] | None = None
    ) -> "Survey":
        """Add a question whose answers are groups of another one's: another coding of the same answers.

        Parameters
        ----------
        question
            A single-choice or likert question.
        groups
            Name -> codes, every code once: ``{"unwilling": [1, 2], "neutral": [3], "willing": [4, 5]}``. Groups of a
            scale hold neighbours, in its order, and are a scale again.
        name
            Of the new question.
        labels
            Group -> label in each language; the name of the group where none is given.

        Returns
        -------
        Survey
            This survey with one question more; reasons for missing are those of the question merged.

        Raises
        ------
        ColumnError, LevelError, ChoiceError
            No such question, an answer that is none of its, left out or named twice, or a scale out of order.

        Examples
        --------
        >>> import pandas as pd
        >>> answers = pd.Categorical([1, 3, 2, 3], categories=[1, 2, 3], ordered=True)
        >>> survey = Survey.from_frame(pd.DataFrame({"q": answers}))
        >>> survey.merged("q", {"low": [1, 2], "high": [3]}, "q2").frame["q2"].tolist()
        ['low', 'high', 'low', 'high']
        """
        from .merging import merged

        return merged(self, question, groups, name, labels)

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, codebook: Codebook | str | Path | None = None, synthetic: bool = False
    ) -> "Survey":
        """Make a survey from a data frame; types and the order of categories are kept.

        Parameters
        ----------
        frame
            One row a respondent. Ordered categoricals become likert questions, other categoricals and text
            become single choice (text in the order of first appearance: no order is claimed), booleans yes/no,
            numbers numbers, timestamps dates; columns of objects what all of them are. Columns that hold lists or
            other things that are no answers stay, and are refused where they are asked for.
        codebook
            What was asked, or its file; made from the frame's types where it is not given. Columns may bear the names
            that they have in the file (`column:`) and take the question's id. Categorical questions take the codes and
            the order of the codebook; columns that it does not know stay as they are.
        synthetic
            Whether the respondents are generated.

        Returns
        -------
        Survey

        Raises
        ------
        DataError
            No data frame, no rows, a column name that occurs twice, columns of several levels, or a column that holds
            the same answer as a number and as a text.
        LevelError
            Answers that are not in the codebook (texts in a number question among them); they are listed with their
            numbers of rows.

        Examples
        --------
        >>> import pandas as pd
        >>> Survey.from_frame(pd.DataFrame({"age": [31, 44], "sector": ["firm", "lab"]}))
        Survey: 2 respondents, 2 questions
        """
        _refuse_odd_frames(frame)
        named = frame.rename(columns=str)
        if isinstance(codebook, str | Path):
            from .codebook.yaml_file import read_codebook

            codebook = read_codebook(codebook)
        if codebook is not None:
            named = named.rename(columns=_ids_of_columns(named, codebook))
            coded = pd.DataFrame({name: _coded(named[name], codebook) for name in named.columns}, index=named.index)
            return cls(coded, codebook, synthetic=synthetic or codebook.synthetic, made_from="a data frame")
        typed = {name: _typed(named[name]) for name in named.columns}
        questions = {name: _question_from(name, series) for name, series in typed.items()}
        return cls(
            pd.DataFrame(typed, index=named.index), Codebook(questions), synthetic=synthetic, made_from="a data frame"
        )

    @classmethod
    def from_counts(cls, frame: pd.DataFrame, count: str, codebook: Codebook | None = None) -> "Survey":
        """Turn a table of counts into persons: each row is repeated as often as it was counted.

        Counts are persons, not weights: a weight of 28 is one respondent who stands for 28.

        Parameters
        ----------
        frame
            One row a cell of the table.
        count
            Column that holds the whole, non-negative number of persons in the cell.
        codebook
            What was asked; see `from_frame`.

        Raises
        ------
        DataError
            A count is missing, negative or no whole number.
        ColumnError
            There is no such column.

        Examples
        --------
        >>> import pandas as pd
        >>> Survey.from_counts(pd.DataFrame({"answer": ["yes", "no"], "n": [34, 23]}), count="n")
        Survey: 57 respondents, 1 questions
        """
        _refuse_odd_frames(frame)
        if count not in frame.columns:
            raise unknown_column(count, frame.columns, "count")
        counts = pd.to_numeric(frame[count], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        wrong = ~(np.isfinite(counts) & (counts >= 0) & (counts <= _MOST) & (counts == np.floor(counts)))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise DataError(f"Column {count!r}, row {row}: {frame[count].iloc[row]} is not a whole number of persons.")
        persons = frame.drop(columns=count).iloc[np.repeat(np.arange(len(frame)), counts.astype(int))]
        people = cls.from_frame(persons.reset_index(drop=True), codebook)
        return replace(people, made_from=f"a table of {len(frame):,} counts")

    def __repr__(self) -> str:
        name = f" {self.codebook.id}" if self.codebook.id else ""
        label = " (synthetic)" if self.synthetic else ""
        return f"Survey{name}: {len(self):,} respondents{label}, {len(self.codebook)} questions"


_MOST = 1e9
_OBJECTS = {"boolean": "boolean", "integer": "Int64", "floating": "Float64", "mixed-integer-float": "Float64",
            "decimal": "Float64"}  # fmt: skip
"""What pandas finds in a column of objects -> the type that it gets."""


def _refuse_odd_frames(frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"A pandas DataFrame is needed, one row a respondent; this is a {type(frame).__name__}. Read a file by "
            "pandas.read_csv(...), or clean a platform's export by surveyanalysis.clean(...)."
        )
    if frame.columns.nlevels > 1:
        raise DataError(
            f"The columns have {frame.columns.nlevels} levels, as {frame.columns[0]!r}. Give each column one name: "
            "frame.columns = ['_'.join(map(str, c)) for c in frame.columns]."
        )
    if len(frame) == 0:
        raise DataError("The frame has no rows: there are no respondents to analyse.")
    names = pd.Index([str(c) for c in frame.columns])
    if names.has_duplicates:
        twice = names[names.duplicated()][0]
        raise DataError(f"Column {twice!r} occurs more than once. Rename one of them first.")


def _typed(series: pd.Series) -> pd.Series:
    """Make text categorical in order of appearance, and objects what they are; leave other types alone."""
    kind = series.dtype
    if pd.api.types.is_object_dtype(kind):
        return _typed_objects(series)
    if pd.api.types.is_string_dtype(kind) or str(kind).startswith("dictionary<"):
        return series.astype(pd.CategoricalDtype(list(pd.unique(series.dropna()))))
    return series


def _typed_objects(series: pd.Series) -> pd.Series:
    """Objects that all are numbers, yes/no or dates become these, other values categories; lists stay as they are."""
    held = pd.api.types.infer_dtype(series, skipna=True)
    try:
        if held in _OBJECTS:
            return series.astype(_OBJECTS[held])
        if held in ("date", "datetime", "datetime64"):
            return pd.to_datetime(series)
        seen = list(pd.unique(series.dropna()))
    except (TypeError, ValueError, OverflowError):
        return series
    first: dict[str, Any] = {}
    for value in seen:
        if first.setdefault(str(value), value) is not value:
            raise DataError(
                f"Column {series.name!r} holds {first[str(value)]!r} and {value!r}, which a reader cannot tell apart. "
                f"Make them one, such as frame[{series.name!r}].astype('str')."
            )
    return series.astype(pd.CategoricalDtype(seen))


def _ids_of_columns(frame: pd.DataFrame, codebook: Codebook) -> dict[str, str]:
    """Names that columns have in the file, and the ids of their questions; ids that are there already stay."""
    bound = {q.binding.column: q.id for q in codebook if q.binding.column and q.columns == (q.id,)}
    taken = {*frame.columns}
    return {name: bound[name] for name in frame.columns if name in bound and bound[name] not in taken}


def _coded(series: pd.Series, codebook: Codebook) -> pd.Series:
    """Give a question the type, codes and order of the codebook; refuse answers that it does not have."""
    question = codebook.question_of(str(series.name))
    if question is None or question.derived or question.type not in ("single", "likert", "grid", "number"):
        return series
    if question.type == "number":
        return _as_numbers(series)
    answers = series.astype(object)
    strange = answers[answers.notna() & ~answers.isin(question.codes)]
    if len(strange):
        known = ", ".join(map(repr, question.codes))
        raise LevelError(
            f"{series.name!r} holds answers that are not in the codebook, each with its number of rows: "
            f"{_counted(strange)}. It has: {known}.{nearest(strange.iloc[0], question.codes)} "
            "Add them to the codebook, or recode first."
        )
    return answers.astype(pd.CategoricalDtype(list(question.codes), ordered=question.type != "single"))


def _as_numbers(series: pd.Series) -> pd.Series:
    """Numbers written as text become numbers; other texts are refused."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series
    numbers = pd.to_numeric(series.astype(object), errors="coerce").astype("Float64")
    strange = series[series.notna() & numbers.isna()]
    if len(strange):
        raise LevelError(
            f"{series.name!r} is a number question, but holds, each with its number of rows: {_counted(strange)}. "
            "Correct them first, or clean the export by a recipe."
        )
    return numbers


def _counted(answers: pd.Series) -> str:
    """Answers with their numbers of rows: "'lb' (1), 'x' (3)"."""
    counts = answers.astype(object).value_counts(sort=False)
    return ", ".join(f"{answer!r} ({n:,})" for answer, n in list(counts.items())[:12])


def _question_from(name: str, series: pd.Series) -> Question:
    """Describe a column by its type."""
    kind: QuestionType
    codes: Sequence[Any] = ()
    if isinstance(series.dtype, pd.CategoricalDtype):
        kind = "likert" if series.cat.ordered else "single"
        codes = list(series.cat.categories)
    elif pd.api.types.is_bool_dtype(series.dtype):
        kind, codes = "single", (False, True)
    elif pd.api.types.is_datetime64_any_dtype(series.dtype):
        kind = "date"
    else:
        kind = "number" if pd.api.types.is_numeric_dtype(series.dtype) else "text"
    choices = tuple(Choice(code, {"": _written(code)}) for code in codes)
    integer = pd.api.types.is_integer_dtype(series.dtype)
    return Question(name, kind, wording={"": name}, choices=choices, integer=integer)


def _written(code: Any) -> str:
    """What a reader sees of a code; a day without its midnight."""
    return str(code.date()) if isinstance(code, pd.Timestamp) and code == code.normalize() else str(code)
