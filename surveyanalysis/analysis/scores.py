"""The slope of an answer's scores on those of ordered groups."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..design.design import Design
from ..design.linearized import carried
from ..errors import ChoiceError, unknown_level
from ..estimators.fit import Matrix, Vector
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
    x, y, sxx, syy, sxy = _moments(cells.weighted / cells.weighted.sum(), scores, steps)
    b = sxy / sxx
    derivative = ((y[:, None] - b * x) * x / sxx).ravel()[None, :]
    se = float(np.sqrt(carried(derivative, cells.covariance)[0, 0]))
    return Slope(float(b), se, float(sxy / np.sqrt(sxx * syy)) if syy > 0 else 0.0)


def replicated_slope(
    used: Design, answer: Categories, group: Categories, scores: Vector, steps: Vector, found: Slope
) -> tuple[Slope, int]:
    """The slope with its error by refits under replicate weights where the design has them; replicates that failed."""
    if used.replicates is None:
        return found, 0
    shape = len(answer.levels), len(group.levels)
    cell = (answer.codes * shape[1] + group.codes)[used.rows]

    def again(weights: Vector) -> Vector:
        table = np.bincount(cell, weights, minlength=shape[0] * shape[1]).reshape(shape)
        _, _, sxx, _, sxy = _moments(table / table.sum(), scores, steps)
        return np.array([sxy / sxx if sxx > 0 else np.nan])

    covaried = used.covaried(np.array([found.value]), again, lambda: np.array([[found.se**2]]))
    return replace(found, se=float(np.sqrt(covaried.matrix[0, 0]))), covaried.failed


def _moments(share: Matrix, scores: Vector, steps: Vector) -> tuple[Vector, Vector, float, float, float]:
    """Centred scores of groups and answers, and their squares and products."""
    x = steps - share.sum(axis=0) @ steps
    y = scores - share.sum(axis=1) @ scores
    return x, y, float(share.sum(axis=0) @ x**2), float(share.sum(axis=1) @ y**2), float(y @ share @ x)


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
