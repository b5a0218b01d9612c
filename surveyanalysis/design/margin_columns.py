"""Known totals of a population, as a researcher writes them, against the columns of a survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..errors import DesignError, nearest
from ..estimators.fit import Matrix, Vector
from ..survey import Survey
from .columns import listed
from .stages import Codes

Totals: TypeAlias = Mapping[Any, float] | pd.Series
"""Level (for several questions crossed: a tuple of levels) -> people in the population, or shares that sum to 1."""
Questions: TypeAlias = str | Sequence[str]
SHARES = 1e-6  # how near to 1 a sum must be to be read as shares


@dataclass(frozen=True, eq=False)
class KnownMargin:
    """One margin of the population.

    Attributes
    ----------
    name
        Questions in words.
    levels
        Names of the levels, in the order given.
    codes
        Level of each row, shape (n,); -1 only where the weight is zero.
    totals
        People of each level, shape (levels,).
    """

    name: str
    levels: tuple[str, ...]
    codes: Codes
    totals: Vector

    def indicators(self) -> Matrix:
        """0/1 columns of the levels, shape (n, levels)."""
        return (self.codes[:, None] == np.arange(len(self.levels))).astype(float)

    @property
    def names(self) -> list[str]:
        """Names of the indicators: "sex[women]"."""
        return [f"{self.name}[{level}]" for level in self.levels]


def known_margin(survey: Survey, questions: Questions, totals: Totals, weights: Vector) -> KnownMargin:
    """Read one margin; levels without a total and respondents without an answer are named."""
    names = [questions] if isinstance(questions, str) else list(questions)
    given = dict(totals.items()) if isinstance(totals, Mapping | pd.Series) else None
    if not given:
        raise DesignError(
            f"The totals of {' x '.join(names)} are {type(totals).__name__}; give {{level: people}}, and for several "
            "questions {(level, level): people}."
        )
    numbers = _numbers(" x ".join(names), given)
    if abs(numbers.sum() - 1) < SHARES and len(numbers) > 1:
        numbers = numbers * weights.sum()
    if len(names) == 1:
        codes, keys = level_codes(survey, names[0], list(given), weights), list(given)
    else:
        codes, keys = _crossed(survey, names, list(given), weights)
    return KnownMargin(" x ".join(names), tuple(map(_words, keys)), codes, numbers)


def _words(level: Any) -> str:
    return " / ".join(map(str, level)) if isinstance(level, tuple) else str(level)


def _numbers(name: str, given: Mapping[Any, Any]) -> Vector:
    """Totals as numbers, in order."""
    for level, value in given.items():
        if not isinstance(value, int | float | np.number) or isinstance(value, bool):
            raise DesignError(f"The total of {name}[{_words(level)}] is {value!r}, which is no number.")
    return np.array([float(value) for value in given.values()])


def level_codes(survey: Survey, name: str, levels: Sequence[Any], weights: Vector) -> Codes:
    """Position of each row's answer among `levels`, shape (n,); -1 only where the weight is zero."""
    column = survey.column(name, "margins")
    codes = positions(column, levels)
    lost = (codes < 0) & (weights != 0)
    missing = lost & column.isna().to_numpy()
    if missing.any():
        raise DesignError(
            f"{name!r} is missing for {listed(column.index, missing)}: nobody can be put into a margin without an "
            "answer. Fill it in, or take `only` those who answered."
        )
    if lost.any():
        strange = column[lost].iloc[0]
        who = listed(column.index, lost & (column == strange).to_numpy(bool))
        raise DesignError(
            f"{name!r} is {strange!r} for {who}, which has no "
            f"total in the population.{nearest(strange, levels)} Totals are given for: "
            f"{', '.join(map(repr, levels[:12]))}."
        )
    return codes


def positions(column: pd.Series, levels: Sequence[Any]) -> Codes:
    """Position of each value among the levels, -1 where it is none of them, shape (n,)."""
    order = pd.Index(list(levels), dtype=object)
    if isinstance(column.dtype, pd.CategoricalDtype):
        place = order.get_indexer(column.cat.categories.astype(object))
        return np.append(place, -1)[column.cat.codes.to_numpy()].astype(np.intp)
    whole = pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any()
    if whole and len(column):
        values = column.to_numpy(np.int64)
        low, high = int(values.min()), int(values.max())
        if high - low < 1_000_000:
            place = order.get_indexer(pd.Index(range(low, high + 1), dtype=object))
            return place[values - low].astype(np.intp)
    codes, found = pd.factorize(column)
    return np.append(order.get_indexer(pd.Index(found, dtype=object)), -1)[codes].astype(np.intp)


def _crossed(survey: Survey, names: list[str], keys: list[Any], weights: Vector) -> tuple[Codes, list[Any]]:
    """Codes of several questions crossed, in the order of the keys."""
    wrong = next((key for key in keys if not isinstance(key, tuple) or len(key) != len(names)), None)
    if wrong is not None:
        raise DesignError(f"Totals of {' x '.join(names)} need keys of {len(names)} levels each; one is {wrong!r}.")
    own = [list(dict.fromkeys(key[i] for key in keys)) for i in range(len(names))]
    parts = [level_codes(survey, name, levels, weights) for name, levels in zip(names, own)]
    shape = tuple(len(levels) for levels in own)
    place = np.full(int(np.prod(shape)), -1)
    flat = np.ravel_multi_index(tuple(np.array([[ls.index(k) for k, ls in zip(key, own)] for key in keys]).T), shape)
    place[flat] = np.arange(len(keys))
    known = np.all([part >= 0 for part in parts], axis=0)
    codes = np.where(known, place[np.ravel_multi_index([np.maximum(p, 0) for p in parts], shape)], -1)
    lost = (codes < 0) & (weights != 0)
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        cell = " / ".join(str(levels[part[row]]) for levels, part in zip(own, parts))
        who = listed(survey.frame.index, lost)
        raise DesignError(f"{' x '.join(names)} is {cell} for {who}, which has no total in the population.")
    return codes.astype(np.intp), keys
