"""Respondents divided into early and late by when they responded."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..design.design import Design
from ..errors import ChoiceError, DataError, unknown_level
from ..language import LANGUAGES, Text, both, say
from ..survey import Survey
from .groups import one_column
from .variables import Categories

EARLY, LATE = both("early", "초기 응답"), both("late", "후기 응답")
DAY = pd.Timedelta(days=1) - pd.Timedelta(nanoseconds=1)


@dataclass(frozen=True)
class Waves:
    """Who responded early (0) and late (1), -1 where it is not known, shape (n,); and the last early value in words."""

    codes: NDArray[np.intp]
    last_early: Text

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether it is known when each row responded, shape (n,)."""
        return self.codes >= 0

    def as_categories(self, survey: Survey, order: str) -> Categories:
        """The two groups as answers of the question that held the order."""
        return Categories(order, self.codes, ("early", "late"), True, survey.question(order))


def early_and_late(design: Design, order: str, cut: Any) -> Waves:
    """Divide the respondents of a domain.

    Parameters
    ----------
    order
        Question with the date, number or wave of the response.
    cut
        Share of respondents that shall count as early, or the last date, number or wave that does. Equal values stay
        together: the division next to the share is taken. A day has all its hours.

    Raises
    ------
    ChoiceError
        `order` has no order, or `cut` is no value of it.
    DataError
        All responded at once, or one group would be empty.
    """
    name = one_column(design.survey, order, "order")
    column = design.survey.column(name, "order")
    values = _in_order(design.survey, name, column)
    known = design.inside & (design.weights > 0) & ~np.isnan(values)
    seen = np.unique(values[known])
    if len(seen) < 2:
        raise DataError(
            f"`order`: {name!r} has {len(seen)} value(s) among the respondents: nobody is earlier than others."
        )
    by_share = isinstance(cut, float) and 0 < cut < 1
    last = _nearest(values[known], seen, cut) if by_share else _as_number(design.survey, name, column, cut)
    early = int((values[known] <= last).sum())
    if early in (0, int(known.sum())):
        raise DataError(
            f"`cut` is {cut!r}: all {int(known.sum())} respondents are {'early' if early else 'late'} then."
        )
    codes = np.where(np.isnan(values), -1, values > last).astype(np.intp)
    return Waves(codes, _words(design.survey, name, column, float(seen[seen <= last].max())))


def _in_order(survey: Survey, name: str, column: pd.Series) -> NDArray[np.float64]:
    """Values as numbers in their order, NaN where missing."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return (column - column.min()).dt.total_seconds().to_numpy(float)
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        codes = column.cat.codes.to_numpy(float)
        return np.where(codes < 0, np.nan, codes)
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("Float64").to_numpy(float, na_value=np.nan)
    raise ChoiceError(
        f"`order` is {name!r}, a {survey.question(name).type} question ({column.dtype}) without order. Give the "
        "question that holds the date or number of the response, or the wave as an ordered pandas.Categorical."
    )


def _nearest(values: NDArray[np.float64], seen: NDArray[np.float64], share: float) -> float:
    """The last early value, such that the share of the early is as near as can be; the one in the middle is early."""
    below = np.searchsorted(np.sort(values), seen[:-1], side="right") / len(values)
    away = abs(below - share)
    return float(seen[np.flatnonzero(away <= away.min() + 1e-12)[-1]])


def _as_number(survey: Survey, name: str, column: pd.Series, cut: Any) -> float:
    """The last early value on the scale of `_in_order`."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        try:
            stamp = pd.Timestamp(cut) if isinstance(cut, str) or hasattr(cut, "year") else pd.NaT
        except ValueError:
            stamp = pd.NaT
        if stamp is pd.NaT:
            raise ChoiceError(
                f"`cut` is {cut!r}, but {name!r} holds dates: give one, such as '2024-03-15', or a share."
            )
        end = stamp + DAY if stamp == stamp.normalize() else stamp
        zone = column.dt.tz
        end = end.tz_localize(zone) if end.tz is None else end.tz_convert(zone)
        return float((end - column.min()).total_seconds())
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = list(column.cat.categories)
        if cut not in levels:
            raise unknown_level(cut, name, levels)
        return float(levels.index(cut))
    if isinstance(cut, int | float | np.number) and not isinstance(cut, bool) and np.isfinite(cut):
        return float(cut)
    raise ChoiceError(f"`cut` is {cut!r}, but {name!r} holds numbers: give one, or a share between 0 and 1.")


def _words(survey: Survey, name: str, column: pd.Series, last: float) -> Text:
    """The last early value as a reader writes it."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        stamp = (column.min() + pd.Timedelta(seconds=last)).round("s")
        return {"": stamp.strftime("%Y-%m-%d" if stamp == stamp.normalize() else "%Y-%m-%d %H:%M")}
    if isinstance(column.dtype, pd.CategoricalDtype):
        label = survey.question(name).level_label(column.cat.categories[int(last)])
        return {lang: say(label, lang) for lang in LANGUAGES}
    return {"": f"{last:,.10g}"}
