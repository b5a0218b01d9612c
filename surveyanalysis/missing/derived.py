"""Derived questions after answers were filled."""

from collections.abc import Sequence

import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Codebook, Question


def derived_anew(frame: pd.DataFrame, codebook: Codebook, filled: Sequence[str]) -> list[str]:
    """Write into the frame what was missing of derived questions that rest on filled ones; return their names."""
    names: list[str] = []
    changed = {*filled, *(q.id for q in codebook if {*filled} & {*q.columns})}
    for question in codebook:
        if not question.derived or question.id not in frame or not changed & {*names_in(question.derived)}:
            continue
        changed.add(question.id)
        names.append(question.id)
        absent = frame[question.id].isna()
        if absent.any():
            found = _as_answers(evaluate(question.derived, frame, codebook), question, frame[question.id])
            frame[question.id] = frame[question.id].where(~absent, found)
    return names


def _as_answers(values: pd.Series, question: Question, like: pd.Series) -> pd.Series:
    """Computed values in the type of the column; of a condition, true is the `event`, else the second choice."""
    if pd.api.types.is_bool_dtype(values.dtype) and len(question.codes) == 2:
        yes = question.event if question.event is not None else question.codes[1]
        no = next(code for code in question.codes if code != yes)
        values = values.astype("boolean").map({False: no, True: yes}, na_action="ignore")
    return values.astype(like.dtype)
