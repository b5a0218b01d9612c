"""Two questions with the same answers, crossed: who changed from which answer to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..design.design import Design
from ..errors import ChoiceError, LevelError
from ..estimators.fit import Matrix, Vector
from ..intervals import t_interval
from ..language import Text, both
from ..results import Test
from ..survey import Survey
from .bases import answered
from .contingency import CellTable
from .counted import crossed
from .error_words import Variance
from .groups import one_column
from .independence import IGNORED
from .measured import averages
from .origins import interval_words, origin_of
from .square_tables import SquareTest, bowker, marginal_wald, stuart_maxwell
from .variables import Categories, categories

SQUARE_METHODS = ("bowker", "stuart_maxwell", "wald")
NAMES = {
    "bowker": both("Bowker's test of symmetry", "보커 대칭성 검정"),
    "stuart_maxwell": both("Stuart-Maxwell test of equal margins", "스튜어트-맥스웰 주변동질성 검정"),
    "wald": both("design-based Wald F test of equal margins", "설계 기반 왈드 F 주변동질성 검정"),
}
CHANGED = "share who answered differently"


@dataclass(frozen=True)
class Square:
    """Two questions on the same answers; `order` says whether these are a scale."""

    first: Categories
    second: Categories
    ordered: bool
    notes: tuple[Text, ...] = ()

    @property
    def levels(self) -> tuple[Any, ...]:
        """Answers of both questions, in order."""
        return self.first.levels

    @property
    def known(self) -> Any:
        """Whether each row has both answers, shape (n,)."""
        return self.first.answered & self.second.answered

    def cells(self, used: Design) -> CellTable:
        """Cells of the respondents used, the first question's answers as rows."""
        return crossed(used, self.first, self.second)

    def shares(self, used: Design, weights: Vector) -> Matrix:
        """Shares of the cells under other weights of the respondents used, shape (m,)."""
        k = len(self.levels)
        cell = (self.first.codes * k + self.second.codes)[used.rows]
        return np.bincount(cell, weights / weights.sum(), minlength=k * k).astype(float).reshape(k, k)


def read_square(survey: Survey, first: str, second: str) -> Square:
    """Both questions with the same answers; an answer that one of two free columns never holds is known from the other.

    Raises
    ------
    LevelError
        The answers differ.
    """
    one, other = (categories(survey, one_column(survey, *named)) for named in ((first, "first"), (second, "second")))
    levels, notes = _joined(one, other)
    return Square(_on(one, levels), _on(other, levels), one.ordered and other.ordered, notes)


def _joined(one: Categories, other: Categories) -> tuple[tuple[Any, ...], tuple[Text, ...]]:
    """Answers of both: the longer list where it holds the other in its order; free columns may lack an answer each."""
    long, short = (one, other) if len(one.levels) >= len(other.levels) else (other, one)
    common = tuple(level for level in long.levels if level in short.levels)
    if common == short.levels:
        return long.levels, ()
    together = both("answers of both questions taken together", "두 문항의 응답을 합쳐 사용")
    if one.question.type == other.question.type == "number":
        return tuple(sorted({*one.levels, *other.levels})), (together,)
    if not (one.ordered or other.ordered) and 2 * len(common) >= len(short.levels):
        more = tuple(level for level in other.levels if level not in one.levels)
        return (*one.levels, *more), (together,) if more else ()
    raise LevelError(
        f"{one.name!r} has the answers {one.levels!r}, {other.name!r} {other.levels!r}: they are no square table. Give "
        "both the same answers in the same order."
    )


def _on(found: Categories, levels: tuple[Any, ...]) -> Categories:
    """The answers with their places among `levels`."""
    place = np.array([*(levels.index(level) for level in found.levels), -1], np.intp)
    return Categories(found.name, place[found.codes], levels, found.ordered, found.question)


def square_test(design: Design, first: str, second: str, yes: Any, method: str, confidence: float) -> Test:
    """Bowker's, Stuart's or the design-based test of two questions, as `paired` gives it."""
    if yes is not None:
        raise ChoiceError(
            f"`method` is {method!r}, which takes every answer for itself: leave out `yes`, or use 'mcnemar'."
        )
    square = read_square(design.survey, first, second)
    used = answered(design, square.known, first, second)
    cells = square.cells(used)
    test = (
        marginal_wald(cells)
        if method == "wald"
        else {"bowker": bowker, "stuart_maxwell": stuart_maxwell}[method](cells.counts)
    )
    differs = np.where(square.known, (square.first.codes != square.second.codes).astype(float), np.nan)
    moved = averages(used, differs[:, None], np.zeros(len(design.survey), np.intp), 1)
    ends = tuple(float(end[0]) for end in t_interval(moved.estimate, moved.se, moved.df, confidence))
    variance: Variance | None = "design" if method == "wald" else None
    notes = (*square.notes, *_told(method, cells, test))
    interval = interval_words("t", confidence)
    failed = moved.failed
    origin = origin_of(
        NAMES[method], design, used, first, second, variance=variance, interval=interval, notes=notes, failed=failed
    )
    return Test(NAMES[method], test.statistic, test.p, test.df, test.df_denominator, float(moved.estimate[0]), CHANGED,
                (ends[0], ends[1]), cells.n, origin, _counts(cells))  # fmt: skip


def _counts(cells: CellTable) -> Mapping[str, float]:
    """How many stayed, and how many moved on and back along the order of the answers."""
    table = cells.counts
    stayed, later = float(np.trace(table)), float(np.triu(table, 1).sum())
    return {"equal": stayed, "later_on_second": later, "earlier_on_second": float(table.sum()) - stayed - later}


def _told(method: str, cells: CellTable, test: SquareTest) -> tuple[Text, ...]:
    """What the test ignores, and what it cannot tell."""
    notes = [IGNORED] if method != "wald" and not cells.simple else []
    off = cells.counts.sum() - np.trace(cells.counts)
    if off == 0:
        notes.append(both("nobody answered the two differently", "두 문항에 다르게 답한 응답자 없음"))
    elif np.isnan(test.p):
        notes.append(
            both("the design leaves too few degrees of freedom, or no variance", "자유도가 부족하거나 분산이 없음")
        )
    elif method != "wald" and off < 5 * test.df:
        words = both(
            "{k} respondents changed, for {d:g} degrees of freedom: the chi-square approximation is poor",
            "응답이 바뀐 {k}명, 자유도 {d:g}: 카이제곱 근사가 부정확함",
            k=int(off),
            d=test.df,
        )
        notes.append(words)
    return tuple(notes)
