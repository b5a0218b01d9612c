"""Outcomes of models: which answer is the event, and which order the levels have."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..design.design import Design
from ..design.stages import taken
from ..errors import ChoiceError, DataError
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, say
from .terms import Variable
from .variables import Categories, categories


@dataclass(frozen=True)
class Outcome:
    """The outcome of the respondents used.

    Attributes
    ----------
    y
        0/1, or position among `levels`, shape (m,).
    levels
        Levels whose probability the model gives: the event alone, or every level in the order of the scale.
    labels
        One for each level.
    reference
        Label of the level that the others are compared with; None for other models than the multinomial.
    """

    name: str
    y: Vector
    levels: tuple[Any, ...]
    labels: tuple[Text, ...]
    notes: tuple[Text, ...] = ()
    reference: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes: one, but for models of two answers."""
        return (self.name,)

    @property
    def counts(self) -> list[int]:
        """Respondents without and with the event, or at each level."""
        return np.bincount(self.y.astype(np.intp), minlength=max(2, len(self.levels))).tolist()


def binary_outcome(used: Design, name: str, event: Any = None) -> Outcome:
    """Read a 0/1 outcome.

    Parameters
    ----------
    used
        Respondents with complete answers.
    event
        The level, or a list of levels, whose probability is modelled; needed where neither the type (0/1, yes/no, an
        ordered pair) nor the codebook's `event` tells.

    Raises
    ------
    ChoiceError
        It cannot be known which answer is the event; the levels are listed.
    DataError
        Everybody used gave the same answer.
    """
    found = categories(used.survey, name)
    if len(found.levels) < 2 and not set(found.levels) <= {0, 1}:
        raise DataError(f"Outcome {name!r} has one answer only, {found.levels}: there is nothing to explain.")
    variable = Variable(name, found.question, True, found.levels)
    chosen = _event(found, variable, event)
    event_of = np.zeros(len(found.levels) + 1)
    event_of[chosen] = 1.0
    y = event_of[taken(found.codes, used.rows)]
    labels = [variable.level_label(i) for i in chosen] or [{"": "1"}]
    whole: Text = {lang: ", ".join(say(label, lang) for label in labels) for lang in LANGUAGES}
    if y.min() == y.max():
        what = "has the event" if y[0] else "lacks the event"
        raise DataError(
            f"Outcome {name!r}: each of the {len(y)} respondents used {what} {say(whole)!r}. A model needs both; "
            "widen the domain."
        )
    level = found.levels[chosen[0]] if len(chosen) == 1 else ", ".join(str(found.levels[i]) for i in chosen)
    rest = [variable.level_label(i) for i in range(len(found.levels)) if i not in chosen]
    against: Text = {lang: ", ".join(say(label, lang) for label in rest) for lang in LANGUAGES}
    note = {
        "en": f"Event: {say(whole)} (against {say(against)})",
        "ko": f"사건: {say(whole, 'ko')} (기타: {say(against, 'ko')})",
    }
    return Outcome(name, y, (level,), (whole,), (note,))


def _event(found: Categories, variable: Variable, event: Any) -> list[int]:
    """Positions of the levels that make the event."""
    wanted = found.question.event if event is None else event
    if wanted is not None:
        listed = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
        chosen = sorted({variable.position(level) for level in listed})
        if 0 < len(chosen) < len(found.levels):
            return chosen
        raise ChoiceError(
            f"`event` holds {len(chosen)} of the {len(found.levels)} answers of {found.name!r}; name some."
        )
    number = not found.question.choices and not isinstance(found.levels[0] if found.levels else 0, bool | str)
    if set(found.levels) <= {0, 1}:
        return [found.levels.index(True)] if True in found.levels else []
    if found.ordered and not number and len(found.levels) == 2:
        return [1]
    listed_levels = ", ".join(map(repr, found.levels[:8]))
    example = " or ".join(f"event={level!r}" for level in found.levels[-2:])
    raise ChoiceError(
        f"Outcome {found.name!r} holds {listed_levels}: a binary model cannot know which is the event. Say it: "
        f"{example}, or `event:` in the codebook."
    )


def ordered_outcome(used: Design, name: str) -> Outcome:
    """Read an ordered outcome in the order of its scale; levels that nobody chose are left out, and a note says so.

    Raises
    ------
    ChoiceError
        The answers have no order, or are bare numbers (where a code such as 99 would become the top level); or such a
        code ends a scale of numbers without labels.
    DataError
        Everybody used gave the same answer.
    """
    column = used.survey.column(name)
    kind = column.dtype
    if not (isinstance(kind, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(kind)):
        raise ChoiceError(
            f"Outcome {name!r} holds bare {'numbers' if pd.api.types.is_numeric_dtype(kind) else 'text'}: which levels "
            f"the scale has, and their order, is not known. {_CURE}"
        )
    found = categories(used.survey, name)
    if not found.ordered:
        raise ChoiceError(
            f"Outcome {name!r} holds {', '.join(map(repr, found.levels[:8]))}, which have no order; the alphabet never "
            f"decides. {_CURE}"
        )
    variable = Variable(name, found.question, True, found.levels)
    codes = found.codes[used.rows]
    chosen = np.flatnonzero(np.bincount(codes, minlength=len(found.levels))).tolist()
    if len(chosen) < 2:
        raise DataError(
            f"Outcome {name!r}: each of the {len(codes)} respondents used answered {found.levels[chosen[0]]!r}. A "
            "model needs at least two levels; widen the domain."
        )
    _refuse_code_beyond(variable, chosen)
    empty = [i for i in range(len(found.levels)) if i not in chosen]
    y = np.searchsorted(chosen, codes).astype(float)
    levels = tuple(found.levels[i] for i in chosen)
    return Outcome(name, y, levels, tuple(variable.level_label(i) for i in chosen), _unused(variable, empty))


def _refuse_code_beyond(variable: Variable, chosen: list[int]) -> None:
    """A scale of bare numbers, 1 to 5 say, ends in no 99: that is how "don't know" is coded."""
    levels = [variable.levels[i] for i in chosen]
    if not all(isinstance(level, int | np.integer) and not isinstance(level, bool) for level in levels):
        return
    for at, beside in ((-1, -2), (0, 1)):
        code, inner = int(levels[at]), int(levels[beside])
        bare = say(variable.level_label(chosen[at])) == str(code)
        if bare and abs(code) in NO_ANSWER and abs(code - inner) > 1:
            raise ChoiceError(
                f"Outcome {variable.name!r}: {code} stands beside {inner} as the next level of the scale, but looks "
                f"like a code for no answer. Make it missing or, if {code} is a level, give the levels labels."
            )


def nominal_outcome(used: Design, name: str, reference: Any = None) -> tuple[Outcome, int]:
    """Read an outcome of several answers; those that nobody chose are left out, and a note says so.

    Returns
    -------
    tuple
        The outcome, and the position of the reference among its levels.

    Raises
    ------
    LevelError
        The reference is no answer of the question.
    DataError
        Fewer than two answers were given, or nobody gave the reference.
    """
    found = categories(used.survey, name)
    variable = Variable(name, found.question, True, found.levels)
    codes = found.codes[used.rows]
    chosen = np.flatnonzero(np.bincount(codes, minlength=len(found.levels))).tolist()
    if len(chosen) < 2:
        raise DataError(
            f"Outcome {name!r}: each of the {len(codes)} respondents used answered {found.levels[chosen[0]]!r}. A "
            "model needs at least two answers; widen the domain."
        )
    wanted = chosen[0] if reference is None else variable.position(reference)
    if wanted not in chosen:
        raise DataError(f"Nobody used answered {reference!r} to {name!r}: it cannot be the reference. Name another.")
    empty = [i for i in range(len(found.levels)) if i not in chosen]
    y = np.searchsorted(chosen, codes).astype(float)
    labels = tuple(variable.level_label(i) for i in chosen)
    levels = tuple(found.levels[i] for i in chosen)
    base = chosen.index(wanted)
    return Outcome(name, y, levels, labels, _unused(variable, empty), labels[base]), base


NO_ANSWER = (*range(7, 10), *range(77, 100, 11), *range(95, 99), *range(995, 1000), *range(9995, 10_000))
"""Numbers that stand for no answer where they stand apart from a scale."""
_CURE = (
    "Make it a likert question in the codebook with its choices in order, or an ordered pandas.Categorical with the "
    "categories from lowest to highest."
)


def _unused(variable: Variable, empty: list[int]) -> tuple[Text, ...]:
    """Note on levels that nobody chose."""
    if not empty:
        return ()
    words = {lang: ", ".join(say(variable.level_label(i), lang) for i in empty) for lang in LANGUAGES}
    return ({"en": f"{variable.name}: nobody chose {words['en']}; the model is for the other levels",
             "ko": f"{variable.name}: {words['ko']} 응답자 없음, 나머지 수준의 모형"},)  # fmt: skip


def refuse_values(used: Design, name: str, y: Vector, wrong: NDArray[np.bool_], what: str, cure: str) -> None:
    """Raise where an outcome of those used (m,) has values that it cannot have, with the first of them."""
    if wrong.any():
        labels = used.survey.frame.index[used.rows[wrong][:5]]
        shown = ", ".join(f"{label}: {value:g}" for label, value in zip(labels, y[wrong]))
        raise DataError(
            f"Outcome {name!r}: {int(wrong.sum())} of {len(y)} {what} (first, by respondent: {shown}). {cure}"
        )
