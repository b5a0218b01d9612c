"""The two groups of a decomposition: who they are, and whether a model can be had of each alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..errors import ChoiceError, DataError, FormulaError, SeparationError, unknown_level
from ..estimators.separation import separating
from ..language import Text, say
from .dependence import refuse_terms
from .groups import one_column
from .model_matrix import ModelFrame, model_frame
from .outcomes import Outcome
from .separated import refuse_separation
from .terms import Variable
from .variables import categories


@dataclass(frozen=True)
class Pair:
    """Two groups and their respondents.

    Attributes
    ----------
    by, levels, labels
        The question, the two levels and what readers see of them.
    frame
        Model matrix of both together.
    first
        Who of the respondents used is in the first group, shape (m,).
    """

    by: str
    levels: tuple[Any, Any]
    labels: tuple[Text, Text]
    frame: ModelFrame
    first: NDArray[np.bool_]

    @property
    def sizes(self) -> tuple[int, int]:
        """Respondents used of each group."""
        return int(self.first.sum()), int((~self.first).sum())


def pair_of(design: Design, formula: str, by: str, groups: Sequence[Any] | None) -> Pair:
    """Find the two groups and build the model matrix of both.

    Raises
    ------
    ChoiceError
        There are more than two groups and none were chosen, or not two different ones.
    FormulaError
        The question of the groups is in the formula.
    DataError
        A group has too few respondents for the terms, or one of them does not vary in it.
    """
    found = categories(design.survey, one_column(design.survey, by, "by"))
    variable = Variable(by, found.question, True, found.levels)
    a, b = _chosen(design, variable, found.codes, groups)
    levels = found.levels[a], found.levels[b]
    inside = design.within(found.codes >= 0) if groups is None else design.where(None, **{by: list(levels)})
    frame = model_frame(inside, formula)
    if by in (frame.formula.outcome, *frame.formula.questions):
        raise FormulaError(f"{by!r} makes the groups, so that it cannot stand in the formula too. Leave it out of it.")
    labels = variable.level_label(a), variable.level_label(b)
    pair = Pair(by, levels, labels, frame, found.codes[frame.used.rows] == a)
    for who, level in ((pair.first, levels[0]), (~pair.first, levels[1])):
        with told_of(by, level):
            if not who.any():
                raise DataError("nobody answered everything. Leave out the question that few were asked.")
            refuse_terms(frame.x[who], frame.terms)
    return pair


def _chosen(design: Design, variable: Variable, codes: NDArray[np.intp], groups: Any) -> tuple[int, int]:
    """Positions of the two groups among the levels."""
    own = codes[design.rows]
    there = np.flatnonzero(np.bincount(own[own >= 0], minlength=len(variable.levels))).tolist()
    listed = ", ".join(repr(variable.levels[i]) for i in there)
    if groups is None:
        if len(there) == 2:
            return there[0], there[1]
        if len(there) < 2:
            raise DataError(f"`by` is {variable.name!r}, which has one group here ({listed}): there is no gap.")
        raise ChoiceError(
            f"`by` is {variable.name!r}, which has {len(there)} groups: {listed}. Choose two: "
            f"groups=({variable.levels[there[0]]!r}, {variable.levels[there[1]]!r})."
        )
    if isinstance(groups, str) or not isinstance(groups, Sequence) or len(groups) != 2:
        raise ChoiceError(f"`groups` is {groups!r}; name two groups of {variable.name!r}, out of {listed}.")
    a, b = (variable.position(level) for level in groups)
    if a == b:
        raise ChoiceError(f"`groups` names {groups[0]!r} twice; a gap needs two groups, out of {listed}.")
    for i in (a, b):
        if i not in there:
            raise unknown_level(variable.levels[i], variable.name, [variable.levels[j] for j in there])
    return a, b


@contextmanager
def told_of(by: str, level: Any) -> Iterator[None]:
    """Name the group that an error is of."""
    try:
        yield
    except (DataError, SeparationError) as error:
        raise type(error)(f"In the group {by} = {level!r}: {error}") from None


def refuse_separated_groups(pair: Pair, outcome: Outcome) -> None:
    """Refuse a group in which everybody gave one answer, or a term tells the answers apart."""
    for who, level in ((pair.first, pair.levels[0]), (~pair.first, pair.levels[1])):
        with told_of(pair.by, level):
            y, frame = outcome.y[who], pair.frame
            if y.min() == y.max():
                answer = say(outcome.labels[0]) if y[0] else f"other than {say(outcome.labels[0])!r}"
                raise DataError(f"all {len(y)} answered {answer!r}: a logit needs both. Take method='oaxaca'.")
            own = replace(frame, x=frame.x[who], answers={q: v[who] for q, v in frame.answers.items()})
            refuse_separation(separating(own.x, y), own, replace(outcome, y=y))
