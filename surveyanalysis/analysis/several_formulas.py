"""Models of several formulas: one model matrix of all their terms, and the columns that belong to each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from .formula import Formula, Term
from .model_matrix import ModelFrame, frame_of, read


@dataclass(frozen=True, slots=True)
class Equation:
    """One formula of a model.

    Attributes
    ----------
    outcome
        Its left-hand side.
    slopes
        Its columns of the model matrix, without the intercept.
    """

    outcome: str
    slopes: tuple[int, ...]

    @property
    def columns(self) -> tuple[int, ...]:
        """Its columns with the intercept."""
        return (0, *self.slopes)

    @classmethod
    def whole(cls, frame: ModelFrame) -> "Equation":
        """The only formula of a model."""
        return cls(frame.formula.outcome, tuple(range(1, frame.x.shape[1])))


def equations(
    design: Design,
    formula: str,
    *others: str,
    answered: Sequence[str] | None = None,
    spared: NDArray[np.bool_] | None = None,
) -> tuple[ModelFrame, tuple[Equation, ...]]:
    """Build one model matrix for several formulas.

    Parameters
    ----------
    formula
        The first, with its outcome.
    others
        Further ones; those without an outcome of their own ("sex + age") are of the first one's.
    answered
        Outcomes that everybody used must have; all of them if not given.
    spared
        Respondents (n,) who need no answer to what stands in the first formula alone.

    Returns
    -------
    tuple
        The frame of respondents with complete answers to all formulas, each term standing once; and the columns of each
        formula.

    Raises
    ------
    FormulaError, ColumnError, LevelError, DataError
        As for `model_frame`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = Design(pd.DataFrame({"y": [0, 1, 1, 0, 1], "age": [30, 41, 38, 52, 33], "pay": [3, 4, 2, 5, 5]}))
    >>> frame, found = equations(people, "y ~ age", "age + pay")
    >>> [column.name for column in frame.terms], [part.columns for part in found]
    (['(intercept)', 'age', 'pay'], [(0, 1), (0, 1, 2)])
    """
    first = read(design.survey, formula)
    rest = [read(design.survey, text if "~" in text else f"`{first.outcome}` ~ {text}") for text in others]
    parsed = [first, *rest]
    alone = set(first.questions).difference(*(p.questions for p in rest)) if spared is not None else set()
    outcomes = tuple(dict.fromkeys(p.outcome for p in parsed))
    source = "; ".join((formula, *others))
    frame = frame_of(
        design,
        replace(first, source=source, terms=_union(parsed)),
        outcomes if answered is None else answered,
        [p.terms for p in parsed],
        {name: spared for name in first.questions if name in alone and spared is not None},
    )
    return frame, tuple(Equation(p.outcome, frame.basis.positions(p.terms)) for p in parsed)


def _union(parsed: list[Formula]) -> tuple[Term, ...]:
    """Every term once, main effects first."""
    found = {frozenset(term): term for p in reversed(parsed) for term in p.terms}
    ordered = dict.fromkeys(frozenset(term) for p in parsed for term in p.terms)
    return tuple(sorted((found[key] for key in ordered), key=len))
