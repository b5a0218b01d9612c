"""Groups of respondents: by one question, or by several crossed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError
from ..language import Text
from ..results import KEYS, VALUES, Labels
from ..survey import Survey
from .variables import Categories, categories, labels_for

By: TypeAlias = str | Sequence[str] | None


@dataclass(frozen=True)
class Groups:
    """Who is compared with whom.

    Attributes
    ----------
    names
        Group columns; empty when there is one group of everybody.
    codes
        Group of each row, shape (n,); -1 where an answer is missing.
    count
        Number of groups, those without respondents included.
    levels
        For each group column, the level of every group, in group order (the last column changes fastest).
    """

    names: tuple[str, ...]
    codes: NDArray[np.intp]
    count: int
    levels: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether each row belongs to a group, shape (n,)."""
        return self.codes >= 0

    @property
    def keys(self) -> list[Any]:
        """Groups as a mapping names them: levels, or tuples of levels where several questions are crossed."""
        return [key if len(key) > 1 else key[0] for key in zip(*self.levels.values())]


def groups_of(survey: Survey, by: By) -> Groups:
    """Read the group columns; levels in the codebook's order, several columns crossed."""
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    taken = next((name for name in names if name in (*KEYS, *VALUES)), None)
    if taken:
        raise ChoiceError(f"`by` is {taken!r}, which is also a column of results. Rename the column first.")
    if len(set(names)) < len(names):
        raise ChoiceError(f"`by` names a column twice: {', '.join(map(repr, names))}.")
    found = [categories(survey, one_column(survey, name, "by")) for name in names]
    codes = found[0].codes if found else np.zeros(len(survey), np.intp)
    count = len(found[0].levels) if found else 1
    for one in found[1:]:
        size = len(one.levels)
        codes = np.where((codes < 0) | (one.codes < 0), -1, codes * size + one.codes)
        count *= size
    return Groups(names, codes, count, _crossed(found, count))


def _crossed(found: Sequence[Categories], count: int) -> dict[str, list[Any]]:
    """The level of every crossed group, column by column."""
    sizes = [len(one.levels) for one in found]
    positions = np.unravel_index(np.arange(count), sizes) if found else ()
    return {one.name: [one.levels[i] for i in at] for one, at in zip(found, positions)}


def one_column(survey: Survey, name: str, argument: str = "question") -> str:
    """Return the name of the one column that holds a question, or say which verb reads its several columns."""
    if name in survey.codebook and survey.codebook[name].columns != (name,):
        question = survey.codebook[name]
        verb = {"multi": "multiple_response", "rank": "ranking"}.get(question.type, "likert")
        raise ChoiceError(
            f"`{argument}` is {name!r}, a {question.type} question that lies in several columns "
            f"({', '.join(question.columns[:3])}, ...). Use `{verb}`, or name one of the columns."
        )
    return str(survey.column(name, argument).name)


def labels_with(survey: Survey, levels: Mapping[str, Sequence[Any]]) -> Labels:
    """Labels of these columns and of their levels; codes without a label in the codebook show themselves."""
    known = labels_for(survey, *levels)
    columns: dict[str, Text] = {name: {"": name} for name in levels}
    texts: dict[tuple[str, Any], Text] = {
        (name, code): {"": str(code)} for name, codes in levels.items() for code in codes
    }
    return Labels({**columns, **known.columns}, {**texts, **known.levels})
