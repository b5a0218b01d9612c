"""Columns held against answers: by the order of a scale, in like kinds only, missing where an answer is missing."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import FormulaError, unknown_level
from .questions import Question


def as_number(value: Any) -> Any:
    """A column as nullable numbers; the codes of a scale count, nominal codes do not."""
    if not isinstance(value, pd.Series):
        return value
    if isinstance(value.dtype, pd.CategoricalDtype) and not value.cat.ordered:
        raise FormulaError(f"{value.name!r} holds answer categories, not numbers; compare it with == or in.")
    try:
        return value.astype("Float64")
    except (TypeError, ValueError):
        raise FormulaError(f"{value.name!r} does not hold numbers; compare it with == or in.") from None


def compared(column: pd.Series, compare: Callable[[Any, Any], Any], other: Any) -> pd.Series:
    """A column compared with a constant or another column; missing where either is."""
    missing = column.isna()
    if isinstance(other, pd.Series):
        missing = missing | other.isna()
    categorical = isinstance(column.dtype, pd.CategoricalDtype)
    if not categorical and not isinstance(other, pd.Series):
        other = _alike(column, other)
    if categorical and not isinstance(other, pd.Series):
        result = _compare_scale(column, compare, other)
    elif not isinstance(other, pd.Timestamp) and (categorical or compare not in (operator.eq, operator.ne)):
        result = compare(as_number(column), as_number(other))
    else:
        result = compare(column, other)
    return result.astype("boolean").mask(missing)


def _alike(column: pd.Series, value: Any) -> Any:
    """A constant of the column's kind, so that a number is never held against a text; dates are written as text."""
    holds_text = pd.api.types.is_string_dtype(column.dtype)
    holds_dates = pd.api.types.is_datetime64_any_dtype(column.dtype)
    if isinstance(value, str) != (holds_text or holds_dates):
        is_true = pd.api.types.is_bool_dtype(column.dtype)
        kind = "texts" if holds_text else "dates" if holds_dates else "True and False" if is_true else "numbers"
        raise FormulaError(f"{column.name!r} holds {kind}; it cannot be compared with {value!r}.")
    if not holds_dates:
        return value
    try:
        return pd.Timestamp(value)
    except ValueError:
        raise FormulaError(f"{value!r} is no date; write it as '2010-07-01'.") from None


def _compare_scale(column: pd.Series, compare: Callable[[Any, Any], Any], level: Any) -> pd.Series:
    """Compare a categorical column with one of its levels, by the order of the scale."""
    levels = list(column.cat.categories)
    if level not in levels:
        raise unknown_level(level, str(column.name), levels)
    if not column.cat.ordered and compare not in (operator.eq, operator.ne):
        raise FormulaError(f"The answers of {column.name!r} have no order; compare them with == or in.")
    return pd.Series(compare(column.cat.codes, levels.index(level)), index=column.index)


def ticked(code: Any, question: Question, column_of: Callable[[str], pd.Series]) -> pd.Series:
    """Whether an option is ticked, or ranked; missing where the question has no answer."""
    if question.type not in ("multi", "rank"):
        raise FormulaError(f"{question.id!r} is no multiple-response question; write {question.id} == {code!r}.")
    if code not in question.codes:
        raise unknown_level(code, question.id, question.codes)
    column = column_of(f"{question.id}_{code}")
    if question.type == "multi":
        return column.astype("boolean")
    answered = np.logical_or.reduce([column_of(name).notna() for name in question.columns])
    return column.notna().astype("boolean").where(answered)


def is_one_of(column: pd.Series, levels: list[Any], name: str) -> NDArray[np.bool_]:
    """Whether each answer is one of `levels`; a missing answer is not. An unknown level is refused."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = list(column.cat.categories)
        for level in levels:
            if level not in known:
                raise unknown_level(level, name, known)
    else:
        levels = [_alike(column, level) for level in levels]
    return column.isin(levels).fillna(False).to_numpy(bool)
