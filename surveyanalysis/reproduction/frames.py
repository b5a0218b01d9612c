"""Columns of a cleaned frame from drawn answers: the types that cleaning gives, and derived questions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..cleaning.canonical import typed_column
from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Codebook, Question


def typed(question: Question, answers: Sequence[Any], index: pd.Index) -> pd.Series:
    """Answers of one column in the type that cleaning gives it; None is missing.

    Examples
    --------
    >>> typed(Question("age", "number", integer=True), [44, None], pd.RangeIndex(2)).dtype
    Int64Dtype()
    """
    written = [None if answer is None else _written(answer) for answer in answers]
    return typed_column(pd.Series(written, index=index, dtype="str", name=question.id), question)


def _written(answer: Any) -> str:
    """An answer as the text from which cleaning makes it."""
    if isinstance(answer, bool | np.bool_):
        return "1" if answer else "0"
    return f"{answer:%Y-%m-%d}" if isinstance(answer, pd.Timestamp) else str(answer)


def derived(
    question: Question, frame: pd.DataFrame, reasons: pd.DataFrame, codebook: Codebook
) -> tuple[pd.Series, pd.Series]:
    """Compute a derived question as cleaning does, and why it is missing: for the reason of the first answer it lacks.

    Where a condition derives a choice, false is its first code and true its second.
    """
    expression = str(question.derived)
    value = evaluate(expression, frame, codebook)
    if pd.api.types.is_bool_dtype(value.dtype) and question.codes:
        value = value.map(dict(zip((False, True), question.codes, strict=True)), na_action="ignore")
    answers = [None if pd.isna(v) else v for v in value]
    if question.integer:
        answers = [None if v is None else round(v) for v in answers]
    column = typed(question, answers, frame.index)
    why = pd.Series(None, index=frame.index, dtype=object)
    for name in names_in(expression):
        if name in reasons.columns:
            why = why.where(why.notna() | column.notna(), reasons[name])
    return column, why
