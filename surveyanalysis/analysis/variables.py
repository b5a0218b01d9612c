"""Columns of a survey as the arrays that estimators take, with their levels and labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.questions import Question
from ..design.design import Design
from ..errors import ChoiceError, DataError
from ..language import LANGUAGES, Text, both, say, text
from ..results import Labels
from ..survey import Survey


@dataclass(frozen=True)
class Categories:
    """A categorical column as codes.

    Attributes
    ----------
    name
        Column of the frame.
    codes
        Position in `levels`, shape (n,); -1 where the answer is missing.
    levels
        Codes in the codebook's order, those that nobody chose included.
    ordered
        Whether the order is the order of a scale.
    """

    name: str
    codes: NDArray[np.intp]
    levels: tuple[Any, ...]
    ordered: bool
    question: Question

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Whether each row has an answer, shape (n,)."""
        return self.codes >= 0


def is_categorical(survey: Survey, name: str) -> bool:
    """Whether a column holds answer categories (or yes/no), by its type and its question."""
    dtype = survey.column(name).dtype
    return isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(dtype)


def is_scored(survey: Survey, name: str) -> bool:
    """Whether the answer categories of a column are numbers of a scale, or yes/no, so that they have a mean."""
    dtype = survey.column(name).dtype
    if not isinstance(dtype, pd.CategoricalDtype):
        return pd.api.types.is_bool_dtype(dtype)
    return bool(dtype.ordered) and all(isinstance(code, int | float | np.number) for code in dtype.categories)


def categories(survey: Survey, name: str) -> Categories:
    """Read a categorical, boolean or small numeric column as codes.

    A number column becomes categories in numeric order only where it has at most 20 different values: more is a
    measurement, not a set of answers.
    """
    column, question = survey.column(name), survey.question(name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        ordered = bool(column.dtype.ordered) or question.type in ("likert", "grid")
        codes = column.array.codes.astype(np.intp)
        return Categories(name, codes, tuple(column.dtype.categories), ordered, question)
    if pd.api.types.is_bool_dtype(column.dtype):
        codes = column.astype("boolean").astype("Int64").fillna(-1).to_numpy(np.intp)
        return Categories(name, codes, (False, True), True, question)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise ChoiceError(
            f"{name!r} is a {question.type} question ({column.dtype}), not a set of answer categories. Make it one "
            f"first, such as frame[{name!r}].astype('category'), or group it."
        )
    found = np.sort(pd.unique(column.dropna()))
    if len(found) > 20:
        raise ChoiceError(
            f"{name!r} is a {question.type} question with {len(found)} different values, not a set of answer "
            "categories. Group it first (for numbers: pandas.cut, or a derived question), or use `mean`."
        )
    codes = pd.Categorical(column, categories=found).codes.astype(np.intp)
    return Categories(name, codes, _as_typed(found), True, question)


def _as_typed(found: Any) -> tuple[Any, ...]:
    """Numbers as a person types them: 1, not the 1.0 that a column with missing answers holds."""
    values = [v.item() if hasattr(v, "item") else v for v in found]
    whole = all(float(v).is_integer() for v in values)
    return tuple(int(v) if whole else v for v in values)


def numbers(survey: Survey, name: str) -> NDArray[np.float64]:
    """Read a column as numbers, shape (n,); NaN where missing.

    Likert codes that are numbers count as numbers; the codes of nominal questions never do.
    """
    column, question = survey.column(name), survey.question(name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.categories
        if not is_scored(survey, name):
            raise ChoiceError(
                f"{name!r} holds answer categories ({', '.join(map(repr, codes[:4]))}), not numbers: a mean of them "
                "has no meaning. Use `proportion` or `frequencies`; as an outcome, `logit`, `ordinal` or `multinomial`."
            )
        return column.astype("float64").to_numpy(float)
    if not pd.api.types.is_any_real_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        raise ChoiceError(f"{name!r} is a {question.type} question ({column.dtype}), not a number.")
    plain = isinstance(column.dtype, np.dtype)
    found = column.to_numpy(float) if plain else column.astype("Float64").to_numpy(float, na_value=np.nan)
    if np.isinf(found).any():
        rows = [str(row) for row in column.index[np.isinf(found)]]
        raise DataError(
            f"{name!r} is infinite for {len(rows)} respondent(s): {', '.join(rows[:5])}. Correct or leave them out."
        )
    return found


def columns_of(survey: Survey, names: "str | Sequence[str]") -> list[str]:
    """Expand question ids into columns of the frame: a grid into its items, a multi question into its options."""
    listed = [names] if isinstance(names, str) else list(names)
    out: list[str] = []
    for name in listed:
        out += list(survey.codebook[name].columns) if name in survey.codebook else [survey.column(name).name]
    return out


def labels_for(survey: Survey, *names: str) -> Labels:
    """Collect what readers see for these columns and their levels."""
    columns: dict[str, Text] = {}
    levels: dict[tuple[str, Any], Text] = {}
    for name in names:
        question = survey.codebook.question_of(name)
        if question is None:
            continue
        columns[name] = question.column_label(name)
        columns.setdefault(question.id, question.label)
        if question.type not in ("multi", "rank"):
            levels |= {(name, c.code): c.label for c in question.choices}
        else:
            levels |= {(question.id, c.code): c.label for c in question.choices}
    return Labels(columns, levels)


def column_words(survey: Survey, name: str) -> Text:
    """What a note calls a column: its label; the question's where several columns hold one answer."""
    question = survey.codebook.question_of(name)
    if question is None:
        return text(name)
    return question.label if question.type in ("multi", "rank") else question.column_label(name)


def case_flow(design: Design, used: Design, *names: str) -> tuple[tuple[tuple[Text, int], ...], tuple[Text, ...]]:
    """Case flow from all respondents to those used, and notes that name the missing answers by reason."""
    survey = design.survey
    steps: list[tuple[Text, int]] = [({"en": "respondents", "ko": "응답자"}, len(survey))]
    if design.filter:
        steps.append((design.filter, len(design)))
    if len(used.rows) < len(design):
        steps.append(({"en": "used", "ko": "분석에 사용"}, len(used.rows)))
    return tuple(steps), missing_notes(design, used, *names)


def missing_notes(design: Design, used: Design, *names: str) -> tuple[Text, ...]:
    """Notes on the respondents of the domain that are not used: by question and reason, or by weight zero."""
    lost = design.inside & ~used.inside
    notes: list[Text] = []
    if lost.any():
        reasons = lost_by_reason(design.survey, lost, names)
        n = f"{int(lost.sum()):,}"
        listed = {lang: listed_reasons(reasons, lang) for lang in LANGUAGES}
        notes.append(both("{n} left out: {en}", "{n}명 제외: {ko}", n=n, **listed))
    zero = int((used.inside & (used.weights == 0)).sum())
    if zero:
        notes.append(both("{n} with weight zero left out", "가중치 0인 {n}명 제외", n=zero))
    return tuple(notes)


def _because(label: Text, why: Text) -> Text:
    """Question and reason: "Preferred job (no answer)"."""
    return {
        "en": f"{say(label, 'en')} ({say(why, 'en').lower()})",
        "ko": f"{say(label, 'ko')}({say(why, 'ko')})",
    }


def listed_reasons(reasons: Sequence[tuple[Text, int]], lang: str) -> str:
    """Reasons with their numbers; a single reason holds for all and needs none."""
    if len(reasons) == 1:
        return say(reasons[0][0], lang)
    return ", ".join(f"{say(words, lang)} {count:,}" for words, count in reasons)


def lost_by_reason(survey: Survey, lost: NDArray[np.bool_], names: Sequence[str]) -> list[tuple[Text, int]]:
    """Question and reason in words, with the number left out by it; each respondent counts under the first question."""
    found: list[tuple[Text, int]] = []
    rest = lost.copy()
    for name in (n for n in names if n in survey.frame):
        label = column_words(survey, name)
        absent = rest & survey.column(name).isna().to_numpy()
        for reason, count in survey.reasons.loc[absent, name].fillna("").value_counts(sort=False).items():
            known = survey.codebook.missing.get(str(reason))
            why = known.label if known else both("missing", "결측") if not reason else text(str(reason))
            found.append((_because(label, why), int(count)))
        rest &= ~absent
    return found
