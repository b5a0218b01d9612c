"""Numbers of respondents in groups, as tests of a difference between the groups take them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..design.linearized import carried
from ..errors import ChoiceError, DataError
from ..estimators.fit import Matrix, Vector
from ..language import LANGUAGES, Text, both, say
from .bases import answered
from .groups import labels_with, one_column
from .measured import averages
from .variables import Categories, categories, is_categorical, numbers

CONSTANT = both("no difference and no variance: p is 1", "차이도 분산도 없음: p는 1")
DIFFERENCE = both("difference", "차이")
NO_VARIANCE = both("the design shows no variance: no test", "설계에서 분산이 나타나지 않아 검정 불가")
NO_DF = both("the design leaves no degrees of freedom: no test", "설계에 남은 자유도가 없어 검정 불가")


@dataclass(frozen=True)
class Compared:
    """A number of each respondent, and the group that the respondent is in; groups without respondents are left out.

    Attributes
    ----------
    used
        Domain of the respondents with a number and a group.
    values
        Numbers of the rows used, shape (m,).
    group
        Group of the rows used, 0 to count - 1, shape (m,).
    names
        Words of each group.
    notes
        On groups left out, and on groups that show no variance of their own.
    blind
        Whether a group lies in one cluster, or is one respondent, who stands for others.
    """

    used: Design
    values: Vector
    group: NDArray[np.intp]
    names: tuple[Text, ...]
    notes: tuple[Text, ...]
    blind: bool

    @property
    def count(self) -> int:
        """Number of groups G, at least two."""
        return len(self.names)

    @property
    def constant(self) -> bool:
        """Whether all numbers are the same."""
        return bool(np.ptp(self.values) == 0)


def compared(design: Design, values: Vector, question: str, by: str) -> Compared:
    """Numbers of all rows, shape (n,), NaN where missing, by the answers to another question."""
    group = categories(design.survey, one_column(design.survey, by, "by"))
    used = answered(design, ~np.isnan(values) & group.answered, question, by)
    size = np.bincount(group.codes[used.rows], minlength=len(group.levels))
    kept = np.flatnonzero(size)
    if len(kept) < 2:
        raise DataError(f"Only one group of {by!r} has answers to {question!r}: there is nothing to compare.")
    code = (np.cumsum(size > 0) - 1)[group.codes[used.rows]]
    words = _words(design, group)
    blind = _one_unit(used, code, len(kept)) & ~used.group_complete(code, len(kept))
    notes = (
        *_named(both("left out of the test (nobody)", "검정에서 제외(응답자 없음)"), words, np.flatnonzero(size == 0)),
        *_named(
            both(
                "no variance of its own, since it is one respondent or cluster", "응답자 또는 집락이 하나여서 분산 없음"
            ),
            words,
            kept[blind],
        ),
    )
    names = tuple(words[i] for i in kept)
    return Compared(used, values[used.rows], code, names, notes, bool(blind.any()))


def _words(design: Design, group: Categories) -> list[Text]:
    """What readers call each group."""
    labels = labels_with(design.survey, {group.name: group.levels})
    return [{lang: labels.level(group.name, level, lang) for lang in LANGUAGES} for level in group.levels]


def _named(told: Text, words: list[Text], at: NDArray[np.intp]) -> tuple[Text, ...]:
    """One note that names these groups, if there are any."""
    if not len(at):
        return ()
    return ({lang: f"{told[lang]}: {', '.join(say(words[i], lang) for i in at)}" for lang in LANGUAGES},)


def _one_unit(used: Design, group: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Whether the rows of each group are of one first-stage unit."""
    unit = used.sample.first.owners(used.rows)
    pairs = np.unique(np.column_stack([group, unit]), axis=0)
    return np.bincount(pairs[:, 0], minlength=count) == 1


def ranked(design: Design, question: str) -> Vector:
    """Answers with an order as numbers of all rows, shape (n,), NaN where missing."""
    name = one_column(design.survey, question)
    if not is_categorical(design.survey, name):
        return numbers(design.survey, name)
    answer = categories(design.survey, name)
    if not (answer.ordered or len(answer.levels) == 2):
        raise ChoiceError(
            f"The answers to {question!r} have no order, so they have no ranks. Use `crosstab(...).test()`, or order "
            "them."
        )
    return np.where(answer.answered, answer.codes, np.nan)


def group_means(groups: Compared) -> tuple[Vector, Matrix, int]:
    """Mean of each group, their covariance, and the replicates that failed."""
    n = len(groups.used.survey)
    values, codes = np.zeros((n, 1)), np.zeros(n, np.intp)
    values[groups.used.rows, 0], codes[groups.used.rows] = groups.values, groups.group
    found = averages(groups.used, values, codes, groups.count)
    return found.estimate, found.covariance, found.failed


def against_first(estimates: Vector, covariance: Matrix) -> tuple[Vector, Matrix]:
    """Differences of the later estimates from the first, and their covariance."""
    contrast = np.column_stack([-np.ones(len(estimates) - 1), np.eye(len(estimates) - 1)])
    return contrast @ estimates, carried(contrast, covariance)


def shared_variance(values: Vector, weights: Vector, group: NDArray[np.intp], count: int) -> tuple[float, float]:
    """Weighted variance within groups, with n - G below as for equal weights, and the share of it all between them."""
    base = np.bincount(group, weights, minlength=count)
    mean = np.bincount(group, weights * values, minlength=count) / base
    within = float(weights @ (values - mean[group]) ** 2 / base.sum())
    between = float(base @ (mean - weights @ values / base.sum()) ** 2 / base.sum())
    freedom = len(values) - count
    share = between / (within + between) if within + between > 0 else 0.0
    return (within * len(values) / freedom if freedom > 0 else np.nan), share
