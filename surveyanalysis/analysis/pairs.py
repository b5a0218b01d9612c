"""Two answers of the same respondents as numbers on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ChoiceError, LevelError, unknown_level
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both, say
from ..survey import Survey
from .groups import one_column
from .variables import categories, is_categorical, numbers

POSITIONS = both("scores are positions 1, 2, ... on the scale", "점수는 척도 위치 1, 2, ...")


@dataclass(frozen=True)
class Pair:
    """Two answers as numbers of all rows, shape (n,) each, NaN where missing; whether they are yes/no (1/0)."""

    first: Vector
    second: Vector
    binary: bool
    notes: tuple[Text, ...] = ()

    @property
    def known(self) -> Any:
        """Whether each row has both answers, shape (n,)."""
        return ~(np.isnan(self.first) | np.isnan(self.second))


def read_pair(survey: Survey, first: str, second: str, yes: Any) -> Pair:
    """Both answers as numbers on one scale."""
    names = one_column(survey, first, "first"), one_column(survey, second, "second")
    if yes is not None:
        return _collapsed(survey, names, yes)
    if not any(is_categorical(survey, name) for name in names):
        x, y = (numbers(survey, name) for name in names)
        seen = np.unique(np.concatenate([x, y]))
        return Pair(x, y, binary=bool(np.isin(seen[~np.isnan(seen)], (0, 1)).all()))
    one, other = (categories(survey, name) for name in names)
    if one.levels != other.levels:
        raise LevelError(
            f"{first!r} has the answers {one.levels!r}, {second!r} {other.levels!r}: they cannot be compared as they "
            "are. Say which count as yes in both: yes=[...]."
        )
    binary = len(one.levels) == 2
    if binary:
        event = one.question.event if one.question.event in one.levels else one.levels[-1]
        return _collapsed(survey, names, event)
    if not (one.ordered and other.ordered):
        raise ChoiceError(
            f"The answers to {first!r} have no order. Say which count as yes, yes=[...]; or compare all of them: "
            "method='bowker', 'stuart_maxwell' or 'wald'."
        )
    scores, notes = level_scores(one.levels)
    x, y = (np.where(c.answered, scores[c.codes], np.nan) for c in (one, other))
    return Pair(x, y, binary=False, notes=notes)


def _collapsed(survey: Survey, names: Sequence[str], yes: Any) -> Pair:
    """Both answers as yes (1) or no (0)."""
    wanted = list(yes) if isinstance(yes, list | tuple | set | frozenset) else [yes]
    found = [categories(survey, name) for name in names]
    for code in wanted:
        if not any(code in one.levels for one in found):
            raise unknown_level(code, names[0], found[0].levels)
    ticks = []
    for one in found:
        hit = np.isin(one.codes, [i for i, code in enumerate(one.levels) if code in wanted])
        ticks.append(np.where(one.answered, hit, np.nan))
    labels = [found[0].question.level_label(code) for code in wanted]
    words = {lang: ", ".join(say(label, lang) for label in labels) for lang in LANGUAGES}
    counted = both("counted as yes: {en}", "‘예’로 본 응답: {ko}", **words)
    return Pair(ticks[0], ticks[1], binary=True, notes=(counted,))


def level_scores(levels: Sequence[Any]) -> tuple[Vector, tuple[Text, ...]]:
    """Score of each level of a scale: its code, or its position (with a note) where the codes are no numbers."""
    if all(isinstance(code, int | float | np.number) and not isinstance(code, bool) for code in levels):
        return np.array(levels, float), ()
    return np.arange(1.0, len(levels) + 1), (POSITIONS,)
