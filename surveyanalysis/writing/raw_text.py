"""Cleaned answers written back as the text of an export: one column of the file at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from ..codebook.questions import Codebook, Missing, Question
from ..errors import ChoiceError
from ..language import say
from ..survey import Survey

Values = Literal["labels", "codes"]
SILENT = ("omitted", "na", "notreached", "invalid")
"""Reasons that leave a cell of the file empty."""


def file_columns(question: Question) -> tuple[str, ...]:
    """Columns of the file that hold a question; empty where it is not in the file.

    Examples
    --------
    >>> from surveyanalysis.codebook.questions import Binding, Choice
    >>> choices = (Choice("a", {}), Choice("b", {}))
    >>> file_columns(Question("uses", "multi", choices=choices, binding=Binding(columns="Q5_{code}")))
    ('Q5_a', 'Q5_b')
    """
    if question.derived or not question.binding.in_file:
        return ()
    binding = question.binding
    if binding.columns is None:
        return (binding.column or question.id,)
    parts: Sequence[object] = question.codes
    if question.type == "grid":
        parts = list(question.items)
    if question.type == "rank" and binding.holds == "code":
        parts = range(1, (question.top or len(question.choices)) + 1)
    return tuple(_filled(binding.columns, str(part)) for part in parts)


def _filled(pattern: str, part: str) -> str:
    for mark in ("{code}", "{item}", "{rank}"):
        pattern = pattern.replace(mark, part)
    return pattern


def raw_answers(survey: Survey, languages: Sequence[str], values: Values = "labels") -> pd.DataFrame:
    """Write the answers as a platform shows them: the words of each respondent's language, or codes.

    Parameters
    ----------
    survey
        Cleaned answers.
    languages
        Language of each respondent, shape (n,).
    values
        "labels" or "codes" of the answers that were chosen.

    Returns
    -------
    pandas.DataFrame
        Text, one column a column of the file, "" where a cell is empty.
    """
    columns: dict[str, list[str]] = {}
    for question in (q for q in survey.codebook if file_columns(q)):
        written = _coded(question) if values == "codes" else question
        for name, cells in _WRITERS.get(question.type, _choices)(written, survey, languages):
            if name in columns:
                raise ChoiceError(f"Two questions are bound to the column {name!r} of the file.")
            columns[name] = cells
    return pd.DataFrame(columns, index=survey.frame.index, dtype="str")


def _coded(question: Question) -> Question:
    """The question as a platform writes it in numbers: codes instead of labels, 1 for a ticked option."""
    choices = tuple(replace(c, label={"": str(c.code)}) for c in question.choices)
    binding = question.binding
    if question.type == "multi" and binding.column is None and not binding.ticked:
        binding = replace(binding, ticked=("1",))
    return replace(question, choices=choices, binding=binding)


Cells = Iterator[tuple[str, list[str]]]


def _choices(question: Question, survey: Survey, languages: Sequence[str]) -> Cells:
    """Single, likert, grid: the label of the answer, or the words of the reason."""
    labels = {(c.code, lang): say(c.label, lang) or str(c.code) for c in question.choices for lang in set(languages)}
    for name, column in zip(file_columns(question), question.columns):
        reasons = _reasons(survey, column, languages)
        values = survey.column(column)
        yield name, [r if pd.isna(v) else labels[v, lang] for v, lang, r in zip(values, languages, reasons)]


def _ticks(question: Question, survey: Survey, languages: Sequence[str]) -> Cells:
    """Multi: a column an option, or all in one cell where the codebook joins them."""
    written = {}
    for choice, column in zip(question.choices, question.columns):
        ticked = survey.column(column).astype("boolean").fillna(False)
        written[column] = [
            _tick(question, say(choice.label, lang) or str(choice.code)) if t else ""
            for t, lang in zip(ticked, languages)
        ]
    if question.binding.columns is not None:
        yield from zip(file_columns(question), written.values())
        return
    joiner = question.binding.join or ", "
    yield file_columns(question)[0], [joiner.join(filter(None, cells)) for cells in zip(*written.values())]


def _tick(question: Question, label: str) -> str:
    """What a ticked option looks like: the codebook's first word for it, or the label."""
    return question.binding.ticked[0] if question.binding.ticked else label


def _ranks(question: Question, survey: Survey, languages: Sequence[str]) -> Cells:
    """Rank: the rank of each option, the option at each rank, or all options in their order in one cell."""
    ranks = survey.frame[list(question.columns)].astype("Int64").fillna(0).to_numpy(int)
    if question.binding.columns is not None and question.binding.holds == "rank":
        for name, column in zip(file_columns(question), ranks.T):
            yield name, [str(rank) if rank else "" for rank in column]
        return
    words = [
        {int(rank): say(c.label, lang) or str(c.code) for c, rank in zip(question.choices, row) if rank}
        for row, lang in zip(ranks, languages)
    ]
    if question.binding.columns is None:
        joiner = question.binding.join or ", "
        yield file_columns(question)[0], [joiner.join(held[rank] for rank in sorted(held)) for held in words]
        return
    for place, name in enumerate(file_columns(question), start=1):
        yield name, [held.get(place, "") for held in words]


def _plain(question: Question, survey: Survey, languages: Sequence[str]) -> Cells:
    """Numbers, dates and text as they are typed."""
    reasons = _reasons(survey, question.id, languages)
    values = survey.column(question.id)
    yield file_columns(question)[0], [r if pd.isna(v) else _typed_in(v, question) for v, r in zip(values, reasons)]


def _typed_in(value: Any, question: Question) -> str:
    """A number without a trailing ".0", money that the codebook converts in won, a day as year-month-day."""
    if question.type == "date":
        moment = pd.Timestamp(value)
        return f"{moment:%Y-%m-%d}" if moment == moment.normalize() else f"{moment:%Y-%m-%d %H:%M:%S}"
    if question.type == "text":
        return str(value)
    plain = format(Decimal(str(value)).normalize(), "f")
    return f"{plain}원" if question.to == "KRW" else plain


_WRITERS: Mapping[str, Any] = {"multi": _ticks, "rank": _ranks, "number": _plain, "date": _plain, "text": _plain}


def _reasons(survey: Survey, column: str, languages: Sequence[str]) -> list[str]:
    """Words for a missing answer where the respondent gave a reason ("don't know"), else ""."""
    known = survey.codebook.missing
    return [
        "" if pd.isna(reason) or reason in SILENT or reason not in known else spoken(known[str(reason)], lang)
        for reason, lang in zip(survey.reasons[column], languages)
    ]


def spoken(reason: Missing, lang: str) -> str:
    """A reason in a language; the label, so that it is read back in every type of question where it is spelled out."""
    label = say(reason.label, lang)
    return label if label in reason.raw or not reason.raw else reason.raw[0]


def header_text(codebook: Codebook, column: str, lang: str) -> str:
    """What the header of the file says over a column: the question, and the option or item."""
    for question in codebook:
        names = file_columns(question)
        if column in names:
            wording = say(question.wording, lang) or question.id
            if len(names) == 1:
                return wording
            part = question.columns[names.index(column)] if len(names) == len(question.columns) else column
            return f"{wording} - {say(question.column_label(part), lang)}"
    return column
