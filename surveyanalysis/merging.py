"""Answer categories put together: another coding of the same question."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from .codebook.questions import Choice, Question
from .errors import ChoiceError, LevelError, unknown_level
from .language import LANGUAGES, Text, say
from .survey import Survey

Groups = Mapping[str, Sequence[Any]]


def merged(
    survey: Survey, question: str, groups: Groups, name: str, labels: Mapping[str, Text] | None = None
) -> Survey:
    """Add a question whose answers are groups of another one's; see `Survey.merged`."""
    asked = survey.question(question)
    if asked.type not in ("single", "likert") or not asked.choices:
        raise ChoiceError(f"{question!r} is a {asked.type} question: only answer categories can be merged.")
    if name in survey:
        raise ChoiceError(f"The survey has a question {name!r} already. Give the merged one another name.")
    group_of = _group_of(asked, groups)
    made = replace(
        asked,
        id=name,
        choices=tuple(Choice(group, _label(asked, group, codes, labels)) for group, codes in groups.items()),
        derived=None,
        event=None,
        binding=replace(asked.binding, in_file=False),
    )
    values = (
        survey.column(question).map(group_of).astype(pd.CategoricalDtype(list(groups), ordered=asked.type == "likert"))
    )
    frame, reasons = survey.frame.assign(**{name: values}), survey.reasons
    codebook = replace(survey.codebook, questions={**survey.codebook.questions, name: made})
    return replace(survey, _frame=frame, codebook=codebook, _reasons=reasons.assign(**{name: reasons[question]}))


def _group_of(asked: Question, groups: Groups) -> dict[Any, str]:
    """Code -> group; each code in exactly one, and the codes of a scale in its order."""
    if not isinstance(groups, Mapping) or len(groups) < 2:
        raise ChoiceError(f"`groups` of {asked.id!r} must name at least two groups: {{'low': [1, 2], 'high': [3, 4]}}.")
    found: dict[Any, str] = {}
    for group, codes in groups.items():
        for code in [codes] if isinstance(codes, str) or not isinstance(codes, Sequence) else codes:
            if code not in asked.codes:
                raise unknown_level(code, asked.id, asked.codes)
            if code in found:
                raise LevelError(f"{asked.id!r}: {code!r} is in the groups {found[code]!r} and {group!r}. Keep one.")
            found[code] = group
    left = [code for code in asked.codes if code not in found]
    if left:
        raise LevelError(f"{asked.id!r}: {', '.join(map(repr, left))} is in no group. Name every answer once.")
    order = list(dict.fromkeys(found[code] for code in asked.codes))
    if asked.type == "likert" and (order != list(groups) or _torn([found[code] for code in asked.codes])):
        raise ChoiceError(
            f"{asked.id!r} is a scale: groups must hold neighbours and stand in its order, "
            f"{', '.join(map(repr, asked.codes))}."
        )
    return found


def _torn(groups: Sequence[str]) -> bool:
    """Whether a group comes up again after another one."""
    runs = [group for i, group in enumerate(groups) if i == 0 or group != groups[i - 1]]
    return len(runs) > len(set(runs))


def _label(asked: Question, group: str, codes: Sequence[Any], labels: Mapping[str, Text] | None) -> Text:
    """The label given, or the name of the group."""
    if labels and group in labels:
        return labels[group]
    return {lang: group if lang == "en" else _joined(asked, codes, lang) for lang in LANGUAGES}


def _joined(asked: Question, codes: Sequence[Any], lang: str) -> str:
    """Labels of the codes, side by side."""
    listed = [codes] if isinstance(codes, str) or not isinstance(codes, Sequence) else codes
    return " · ".join(say(asked.level_label(code), lang) for code in listed)
