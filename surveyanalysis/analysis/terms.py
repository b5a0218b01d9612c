"""What a question contributes to a model matrix: columns, their names and their labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..codebook.questions import Question
from ..errors import unknown_level
from ..estimators.fit import Matrix, Vector
from ..estimators.spline import Spline
from ..estimators.whitening import blocks
from ..language import LANGUAGES, Text, say
from .formula import Factor, Term, term_name
from .spline_words import spline_label

Answers = Mapping[str, NDArray[Any]]
"""Question -> values, each of the same length: numbers, or positions among the levels."""
Words = Mapping[str, Text]
YES_NO: dict[bool, Text] = {True: {"en": "yes", "ko": "예"}, False: {"en": "no", "ko": "아니요"}}


@dataclass(frozen=True)
class Variable:
    """A question on the right-hand side.

    Attributes
    ----------
    levels
        Levels in the codebook's order; empty for numbers.
    scores
        The number that each level stands for, shape (levels,), where it enters as a number too.
    categorical
        Whether its type makes it categories, not a number.
    """

    name: str
    question: Question
    categorical: bool
    levels: tuple[Any, ...] = ()
    scores: Vector | None = None

    @property
    def label(self) -> Text:
        """What a reader sees for the question."""
        return self.question.column_label(self.name)

    def level_label(self, position: int) -> Text:
        """What a reader sees for a level."""
        level = self.levels[position]
        known = level in self.question.codes and self.question.type not in ("multi", "rank")
        label: Text = self.question.level_label(level) if known else {"": str(level)}
        plain = isinstance(level, bool | np.bool_) and say(label) == str(level)
        return YES_NO[bool(level)] if plain else label

    def numbers(self, values: NDArray[Any]) -> Vector:
        """The numbers that values stand for."""
        return np.asarray(values if self.scores is None else self.scores[values], float)

    def position(self, level: Any) -> int:
        """Position of a level named by its code, by its code as text, or by its label; else raise with the nearest."""
        named = {str(level).casefold()}
        for i, code in enumerate(self.levels):
            if code == level and isinstance(code, bool) == isinstance(level, bool):
                return i
        for i, code in enumerate(self.levels):
            if named & {str(code).casefold(), *(w.casefold() for w in self.level_label(i).values())}:
                return i
        raise unknown_level(level, self.name, self.levels)


@dataclass(frozen=True)
class Part:
    """One factor of the formula, bound to its question.

    Attributes
    ----------
    reference
        Position of the level that the others are compared with; None for a slope.
    shown
        Positions of the levels with a column of their own; empty for a slope.
    spline
        The curves that its columns span, with knots and boundary of the respondents used; None for any other factor.
    """

    factor: Factor
    variable: Variable
    reference: int | None = None
    shown: tuple[int, ...] = ()
    spline: Spline | None = None

    @property
    def is_slope(self) -> bool:
        """Whether it enters as a number."""
        return self.reference is None

    def columns(self, values: NDArray[Any]) -> list[NDArray[Any]]:
        """Columns from values of the question, each of shape (m,): numbers, or whether it is a level."""
        if not self.is_slope:
            return [values == position for position in self.shown]
        x = self.variable.numbers(values)
        if self.spline is not None:
            return list(self.spline.columns(x).T)
        if self.factor.use == "log":
            return [np.log(x)]
        return [x**self.factor.power]

    def names(self) -> list[tuple[str, Text]]:
        """Names and labels of the columns."""
        if self.spline is not None:
            natural, df = self.spline.natural, self.spline.df
            labels = [spline_label(self.variable.label, natural, i, df) for i in range(1, df + 1)]
            return [(f"{self.factor}[{i}]", label) for i, label in enumerate(labels, start=1)]
        if self.is_slope:
            return [(str(self.factor), {lang: self._slope_label(lang) for lang in LANGUAGES})]
        return [(f"{self.variable.name}[{self.variable.levels[p]}]", self._level_label(p)) for p in self.shown]

    def _slope_label(self, lang: str) -> str:
        name = say(self.variable.label, lang)
        if self.factor.use == "log":
            return f"log {name}" if lang == "en" else f"로그 {name}"
        return f"{name}{'' if self.factor.power == 1 else '⁰¹²³⁴⁵'[self.factor.power]}"

    def _level_label(self, position: int) -> Text:
        against = {"en": "ref.", "ko": "기준:"}
        variable, base = self.variable, self.variable.level_label(self.reference or 0)
        return {
            lang: f"{say(variable.label, lang)}: {say(variable.level_label(position), lang)} "
            f"({against[lang]} {say(base, lang)})"
            for lang in LANGUAGES
        }


Kind = Literal["intercept", "slope", "spline", "level", "interaction"]


@dataclass(frozen=True)
class TermColumn:
    """One column of the model matrix.

    Attributes
    ----------
    name, label
        "employer[university]" and "Employer: University (ref. Company)".
    term
        Name of the term of the formula that it belongs to; empty for the intercept.
    questions
        Questions that it is made of.
    """

    name: str
    label: Text
    term: str = ""
    questions: tuple[str, ...] = ()
    kind: Kind = "intercept"


INTERCEPT = TermColumn("(intercept)", {"en": "Intercept", "ko": "절편"})


@dataclass(frozen=True)
class Basis:
    """From answers to a model matrix: everything that was learned from the respondents used.

    Attributes
    ----------
    columns
        One for each column of the matrix, the intercept first.
    """

    terms: tuple[Term, ...]
    parts: Mapping[Factor, Part]
    variables: Mapping[str, Variable]
    columns: tuple[TermColumn, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", (INTERCEPT, *(c for term in self.terms for c in self._columns_of(term))))

    def _columns_of(self, term: Term) -> list[TermColumn]:
        parts = [self.parts[f] for f in term]
        kind: Kind = "spline" if parts[0].spline else "slope" if parts[0].is_slope else "level"
        questions = tuple(dict.fromkeys(f.question for f in term))
        return [
            TermColumn(
                ":".join(name for name, _ in combined),
                {lang: " × ".join(say(label, lang) for _, label in combined) for lang in LANGUAGES},
                term_name(term),
                questions,
                kind if len(term) == 1 else "interaction",
            )
            for combined in product(*(p.names() for p in parts))
        ]

    def positions(self, terms: Sequence[Term]) -> tuple[int, ...]:
        """Columns of these terms in the matrix."""
        wanted, at, found = {frozenset(term) for term in terms}, 1, list[int]()
        for term in self.terms:
            width = len(self._columns_of(term))
            found += range(at, at + width) if frozenset(term) in wanted else []
            at += width
        return tuple(found)

    def matrix(self, answers: Answers) -> Matrix:
        """Model matrix of these answers, shape (m, k), the intercept first."""
        size = len(next(iter(answers.values()))) if answers else 1
        x = np.empty((size, len(self.columns)), order="F")  # written, and summed, column by column
        x[:, 0] = 1.0
        for rows in blocks(size):  # few rows at a time: what is made on the way stays in the cache
            made = {factor: part.columns(answers[factor.question][rows]) for factor, part in self.parts.items()}
            combined = (columns for term in self.terms for columns in product(*(made[f] for f in term)))
            for j, columns in enumerate(combined, start=1):
                x[rows, j] = reduce(np.multiply, columns)
        return x

    def category(self, question: str) -> Part | None:
        """The part by which a question enters as categories; None if it enters as a number only."""
        return next((p for f, p in self.parts.items() if f.question == question and not p.is_slope), None)

    @property
    def curves(self) -> tuple[str, ...]:
        """Names of the columns that a spline takes part in; no one of them is read alone."""
        bent = {term_name(term) for term in self.terms if any(self.parts[f].spline for f in term)}
        return tuple(column.name for column in self.columns if column.term in bent)

    def splines(self, question: str) -> tuple[Part, ...]:
        """The parts by which a question enters as a spline."""
        return tuple(p for f, p in self.parts.items() if f.question == question and p.spline is not None)

    def logged(self, question: str) -> bool:
        """Whether a question enters by its logarithm."""
        return any(f.question == question and f.use == "log" for f in self.parts)
