"""Columns that describe a design: found by name or aligned by index, as codes or numbers, checked."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_timedelta64_dtype

from ..errors import DesignError
from ..estimators.fit import Vector
from ..survey import Survey
from .stages import Codes

Column: TypeAlias = str | pd.Series
"""A column of the survey by name, or a Series that is aligned with the survey by its index."""


def column_of(survey: Survey, column: Column, argument: str) -> pd.Series:
    """The column in the survey's row order; anything that cannot be aligned is refused."""
    if isinstance(column, str):
        return survey.column(column, argument)
    if not isinstance(column, pd.Series):
        raise DesignError(
            f"`{argument}` is a {type(column).__name__}, whose row order cannot be checked. Name a column of the "
            "survey, or give a pandas Series with the survey's index."
        )
    labels = survey.frame.index
    if column.index.equals(labels):
        return column
    for what, index in (("the survey", labels), (f"`{argument}`", column.index)):
        if index.has_duplicates:
            raise DesignError(
                f"`{argument}` has another index than the survey, and {what} has a label twice "
                f"({index[index.duplicated()][0]!r}): they cannot be aligned. Put it into the frame as a column."
            )
    absent = ~labels.isin(column.index)
    if absent.any():
        raise DesignError(f"`{argument}` has no value for {listed(labels, absent)}: its index lacks them.")
    return column.reindex(labels)


def name_of(column: Any) -> str:
    """What to call a column."""
    if isinstance(column, pd.Series):
        return str(column.name) if column.name is not None else "given"
    return str(column)


def codes_of(survey: Survey, column: Column, argument: str) -> tuple[Codes, list[Any]]:
    """Codes of a design column; missing values are named, never a level of their own."""
    found = column_of(survey, column, argument)
    codes, names = pd.factorize(found, sort=False)
    if (codes < 0).any():
        raise DesignError(
            f"`{argument}`: column {name_of(column)!r} is missing for {listed(found.index, codes < 0)}. Fill it in "
            "first."
        )
    return codes.astype(np.intp), list(names)


def numbers_of(column: pd.Series, argument: str) -> Vector:
    """A column as numbers, NaN where it holds none; dates and yes/no are refused."""
    kind = column.dtype
    if any(is_kind(kind) for is_kind in (is_bool_dtype, is_datetime64_any_dtype, is_timedelta64_dtype)):
        raise DesignError(f"`{argument}`: column {column.name!r} holds {kind}, not numbers.")
    return pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)


def checked_numbers(survey: Survey, column: Column, argument: str, positive: bool = False) -> Vector:
    """Finite numbers of at least zero (or above it), shape (n,); others are named with their respondents."""
    found = column_of(survey, column, argument)
    values = numbers_of(found, argument)
    wrong = [("missing, infinite or no number", ~np.isfinite(values)), ("negative", values < 0)]
    if positive:
        wrong.append(("zero", values == 0))
    for what, rows in wrong:
        if rows.any():
            raise DesignError(f"`{argument}`: column {name_of(column)!r} is {what} for {listed(found.index, rows)}.")
    return values.copy()


def listed(labels: pd.Index, wrong: Any) -> str:
    """Respondents by label: "3 respondent(s): 7, 12, 40"."""
    rows = [str(label) for label in labels[np.asarray(wrong)]]
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return f"{len(rows)} respondent(s): {', '.join(rows[:5])}{more}"
