"""Columns of a survey as imputation sees them: what kind of answer, who was asked, who answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..analysis.variables import categories, is_categorical, numbers
from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Question
from ..errors import ChoiceError, DataError, one_of, unknown_column
from ..estimators.chained import Kind
from ..estimators.fit import Vector
from ..survey import Survey

Equation = str
EQUATIONS: dict[str, Kind] = {"matching": "number", "ordered": "ordered", "nominal": "nominal"}
NOT_ASKED = ("na", "unranked")
"""Reasons of answers that nobody owed."""
NO_ANSWERS = {
    "rank": "its ranks must differ from each other, which equations one by one cannot keep",
    "text": "there is no equation for words",
    "date": "there is no equation for dates",
}


@dataclass(frozen=True, eq=False)
class Answers:
    """One column.

    Attributes
    ----------
    name, question
        Column of the frame, and what was asked.
    kind
        Its equation.
    values
        Numbers, or positions in `levels`; NaN where missing; one for each row of the survey, shape (n,).
    levels
        Codes that somebody chose, in the codebook's order; empty for numbers.
    owed
        Rows that were asked and have no answer, shape (n,).
    """

    name: str
    question: Question
    kind: Kind
    values: Vector
    levels: tuple[Any, ...]
    owed: NDArray[np.bool_]

    @property
    def given(self) -> NDArray[np.bool_]:
        """Rows with an answer, shape (n,)."""
        return ~np.isnan(self.values)

    @property
    def constant(self) -> bool:
        """Whether all who answered gave the same answer."""
        seen = self.values[self.given]
        return len(seen) > 0 and bool((seen == seen[0]).all())


def read_answers(
    survey: Survey, name: str, rows: NDArray[np.intp], equation: Equation | None, reasons: Sequence[str] | None
) -> Answers:
    """Read one column; only what `rows` answered counts for its levels."""
    question = survey.question(name)
    if question.type in NO_ANSWERS:
        raise ChoiceError(
            f"{name!r} is a {question.type} question: {NO_ANSWERS[question.type]}. Leave it out of `questions` and "
            "`predictors`."
        )
    owed, used = owes(survey, name, reasons), np.zeros(len(survey), bool)
    used[rows] = True
    kind = None if equation is None else EQUATIONS[one_of(equation, EQUATIONS, f"equations[{name!r}]")]
    if not is_categorical(survey, name):
        if kind not in (None, "number"):
            raise ChoiceError(f"`equations`: {name!r} holds numbers, for which there is 'matching' only.")
        return Answers(name, question, "number", numbers(survey, name), (), owed & used)
    found = categories(survey, name)
    chosen = np.flatnonzero(np.bincount(found.codes[rows][found.codes[rows] >= 0], minlength=len(found.levels)))
    position = np.full(len(found.levels) + 1, np.nan)
    position[chosen] = np.arange(len(chosen))
    scale: Kind = "ordered" if found.ordered and len(chosen) > 2 else "nominal"
    levels = tuple(found.levels[i] for i in chosen)
    if kind == "number" and scale == "nominal" and len(levels) > 2:
        raise ChoiceError(f"`equations`: the answers of {name!r} have no order, so that they cannot be matched.")
    return Answers(name, question, kind or scale, position[found.codes], levels, owed & used)


def owes(survey: Survey, name: str, reasons: Sequence[str] | None = None) -> NDArray[np.bool_]:
    """Rows that were asked a question and have no answer, shape (n,).

    Nobody owes an answer whose reason is that it was not asked (or, of an option, that others were ranked), or for
    whom the question's base in the codebook does not hold: skip logic takes a missing deciding answer for a no.

    Parameters
    ----------
    reasons
        Reasons for missing that count, the empty text for none; all but these where it is not given.
    """
    missing = survey.column(name).isna().to_numpy(bool)
    if not missing.any():
        return missing
    owed = missing & was_asked(survey, survey.question(name))
    if survey._reasons is None:
        return owed if reasons is None or "" in reasons else np.zeros(len(survey), bool)
    why = survey.reasons[name].fillna("")
    owed &= ~why.isin(NOT_ASKED).to_numpy(bool)
    return owed if reasons is None else owed & why.isin(list(reasons)).to_numpy(bool)


def was_asked(survey: Survey, question: Question) -> NDArray[np.bool_]:
    """Whom the question's base in the codebook holds for, shape (n,)."""
    if question.base is None or any(name not in survey for name in names_in(question.base)):
        return np.ones(len(survey), bool)
    asked = evaluate(question.base, survey.frame, survey.codebook)
    return np.asarray(asked.astype("boolean").fillna(False).to_numpy(bool))


def columns_named(survey: Survey, names: Sequence[str] | str, argument: str) -> list[str]:
    """Columns of questions; a grid stands for its items, a multiple-response question for its options."""
    listed = [names] if isinstance(names, str) else list(names)
    out: list[str] = []
    for name in listed:
        if name not in survey:
            raise unknown_column(name, [*survey.frame.columns, *survey.codebook.questions], argument)
        question = survey.question(name)
        if question.derived:
            raise ChoiceError(
                f"`{argument}`: {name!r} is derived ({question.derived}). Name what it is derived from: it is computed "
                "anew from that."
            )
        out += list(question.columns) if name == question.id else [name]
    absent = next((name for name in out if name not in survey.frame), None)
    if absent is not None:
        raise unknown_column(absent, survey.frame.columns, argument)
    return list(dict.fromkeys(out))


def imputable(survey: Survey, name: str) -> bool:
    """Whether a column can be in an equation at all."""
    question = survey.codebook.question_of(name)
    if question is None or question.type in NO_ANSWERS or question.derived:
        return False
    kind = survey.column(name).dtype
    return is_categorical(survey, name) or bool(pd.api.types.is_any_real_numeric_dtype(kind))


def check_answers(found: Mapping[str, Answers], rows: NDArray[np.intp]) -> None:
    """Refuse questions that nobody answered, or that all answered alike."""
    for name, one in found.items():
        if not one.given[rows].any():
            raise DataError(
                f"{name!r} is missing everywhere ({len(rows)} respondents): nothing says what the answers could be. "
                "Leave it out."
            )
        seen = one.values[rows][one.given[rows]]
        if (seen == seen[0]).all():
            shown = one.levels[int(seen[0])] if one.levels else f"{seen[0]:g}"
            raise DataError(
                f"{name!r} is {shown!r} for all {len(seen)} who answered: a constant neither needs an equation nor "
                "helps in one. Leave it out."
            )
