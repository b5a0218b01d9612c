"""Splines of a formula: what they learn from the respondents used, and where they have no value."""

from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from ..estimators.fit import Vector
from ..estimators.spline import Spline, quantile_knots
from ..language import Text, both
from .formula import Factor

if TYPE_CHECKING:
    from .terms import Answers, Basis


def spline_of(factor: Factor, values: Vector) -> Spline:
    """Knots and boundary of a spline from the values of the respondents used, shape (m,).

    Raises
    ------
    DataError
        There are too few different values, knots lie outside them, or knots coincide; it says which.

    Examples
    --------
    >>> spline_of(Factor("age", "ns", df=2), np.array([20.0, 30.0, 35.0, 60.0]))
    Spline(knots=(32.5,), boundary=(20.0, 60.0), natural=True)
    """
    natural = factor.use == "ns"
    ends = float(values.min()), float(values.max())
    spline = Spline(factor.knots or quantile_knots(values, factor.df, natural), ends, natural)
    different = len(np.unique(values))
    if different <= spline.df:
        raise DataError(
            f"{factor}: {factor.question!r} has {different} different value(s) among the {len(values)} respondents "
            f"used; a curve with {spline.df} degrees of freedom needs at least {spline.df + 1}. Take fewer, or make "
            f"categories: C({factor.question})."
        )
    _refuse_knots(factor, spline)
    return spline


def _refuse_knots(factor: Factor, spline: Spline) -> None:
    """Knots lie within the boundary, each at a place of its own."""
    low, high = spline.boundary
    outside = [knot for knot in spline.knots if not low < knot < high]
    if outside and factor.knots:
        raise DataError(
            f"{factor}: the knot {outside[0]:g} does not lie between {low:g} and {high:g}, the lowest and highest "
            f"{factor.question!r} of the respondents used. Place knots between them."
        )
    if outside or len(set(spline.knots)) < len(spline.knots):
        listed = ", ".join(f"{knot:g}" for knot in spline.knots)
        raise DataError(
            f"{factor}: so many respondents share a value of {factor.question!r} that knots coincide with each other "
            f"or with the ends: {listed} between {low:g} and {high:g}. Take fewer degrees of freedom, or name knots: "
            f" {factor.use}({factor.question}, knots = {(low + high) / 2:g})."
        )


def refuse_beyond(basis: "Basis", question: str, values: Vector) -> None:
    """A B-spline has no value beyond the respondents used: its cubics run away there."""
    for part in basis.splines(question):
        if part.spline is not None and not part.spline.natural:
            low, high = part.spline.boundary
            wrong = values[(values < low) | (values > high)]
            if len(wrong):
                raise DataError(
                    f"{part.factor}: {wrong[0]:g} lies outside {low:g} to {high:g}, the {question!r} of the "
                    f"respondents used, where a B-spline has no meaning. Give values inside, or fit ns({question}, "
                    f"{part.spline.df}), which goes on as a line."
                )


def beyond_notes(basis: "Basis", answers: "Answers") -> tuple[Text, ...]:
    """Notes on values of a grid beyond the respondents used, where a natural spline goes on as a line."""
    notes = []
    for part in basis.parts.values():
        if part.spline is not None:
            low, high = part.spline.boundary
            values = part.variable.numbers(answers[part.factor.question])
            if (values < low).any() or (values > high).any():
                notes.append(both(
                    "the curve of {term} goes on as a line beyond {a} to {b}, where no respondent is",
                    "자연 스플라인 {term}: 응답자가 없는 {a}~{b} 밖은 직선으로 연장",
                    term=part.factor, a=f"{low:.6g}", b=f"{high:.6g}"))  # fmt: skip
    return tuple(notes)
