"""The slope of an answer's scores on those of ordered groups."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..design.linearized import carried
from ..errors import ChoiceError, unknown_level
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both, say
from ..survey import Survey
from .contingency import CellTable
from .groups import one_column
from .pairs import level_scores
from .variables import Categories, categories


@dataclass(frozen=True)
class Slope:
    """Regression slope of the answers' scores on the groups', its error, and the correlation of the two."""

    value: float
    se: float
    correlation: float


def slope_of(cells: CellTable, scores: Vector, steps: Vector) -> Slope:
    """Regression of the answers' scores (rows) on the groups' (columns), linearised from the cells.

    Notes
    -----
    b = sum p (x - mean x)(y - mean y) / sum p (x - mean x)^2; a cell's derivative is
    (x - mean x)(y - mean y - b (x - mean x)) / sum p (x - mean x)^2: the sandwich of a weighted linear model.
    """
    share = cells.weighted / cells.weighted.sum()
    x = steps - share.sum(axis=0) @ steps
    y = scores - share.sum(axis=1) @ scores
    sxx, syy, sxy = share.sum(axis=0) @ x**2, share.sum(axis=1) @ y**2, y @ share @ x
    b = sxy / sxx
    derivative = ((y[:, None] - b * x) * x / sxx).ravel()[None, :]
    se = float(np.sqrt(carried(derivative, cells.covariance)[0, 0]))
    return Slope(float(b), se, float(sxy / np.sqrt(sxx * syy)) if syy > 0 else 0.0)


def scored(survey: Survey, question: str, level: Any) -> tuple[Categories, Vector, tuple[Text, ...]]:
    """The question's answers, their scores, and what to say of them."""
    found = categories(survey, one_column(survey, question))
    if level is None and len(found.levels) > 2:
        if not found.ordered:
            raise ChoiceError(
                f"The answers to {question!r} have no order. Say whose share: level=... (one, or several)."
            )
        return found, *level_scores(found.levels)
    event = found.question.event if found.question.event in found.levels else found.levels[-1]
    wanted = [event] if level is None else list(level) if isinstance(level, list | tuple | set | frozenset) else [level]
    strange = [code for code in wanted if code not in found.levels]
    if strange or not wanted:
        raise unknown_level(strange[0] if strange else [], question, found.levels)
    chosen = np.isin(found.codes, [found.levels.index(code) for code in wanted])
    codes = np.where(found.answered, chosen, -1).astype(np.intp)
    said = [found.question.level_label(code) for code in wanted]
    words = {lang: ", ".join(say(label, lang) for label in said) for lang in LANGUAGES}
    note = both("share of: {en}", "비율을 본 응답: {ko}", **words)
    return Categories(found.name, codes, (False, True), True, found.question), np.array([0.0, 1.0]), (note,)
