"""Columns of a cleaned frame from drawn answers: the types that cleaning gives, and derived questions."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Codebook, Question

UNRANKED = "unranked"
"""Reason of an option that was not ranked although others were."""

_DTYPES = {"multi": "boolean", "rank": "Int64", "number": "float64", "date": "datetime64[us]", "text": "str"}


def typed(question: Question, answers: Sequence[Any], index: pd.Index) -> pd.Series:
    """Answers of one column in the type that a cleaned frame has; None is missing.

    Examples
    --------
    >>> typed(Question("age", "number", integer=True), [44, None], pd.RangeIndex(2)).dtype
    Int64Dtype()
    """
    if question.type in ("single", "likert", "grid"):
        kind = pd.CategoricalDtype(list(question.codes), ordered=question.type != "single")
        return pd.Series(pd.Categorical(answers, dtype=kind), index=index)
    whole = question.type == "number" and question.integer
    return pd.Series(answers, index=index, dtype="Int64" if whole else _DTYPES[question.type])


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
