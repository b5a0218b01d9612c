"""Shares of respondents at or below given values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..design.design import as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..intervals import INTERVALS, Interval
from ..language import both
from ..results import Estimates
from .bases import Data, answered
from .cautions import cautions
from .groups import By, Groups, groups_of, labels_with, one_column
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .quantile_words import point_label
from .variables import numbers


def distribution(
    data: Data,
    question: str,
    points: float | Sequence[float],
    *,
    by: By = None,
    interval: Interval = "wilson",
    confidence: float = 0.95,
) -> Estimates:
    """Estimate the share of respondents at or below each of some values: the cumulative distribution.

    Parameters
    ----------
    question
        Number question, or likert scale with numeric codes.
    points
        One value, or several.
    by
        Group question, or several crossed.
    interval
        "wilson", "t", "logit" or "exact"; see `intervals.proportion_interval`.

    Returns
    -------
    Estimates
        Kind "distribution"; `level` holds the value, `estimate` the share (0..1) at or below it. Groups in the
        codebook's order, in each the points as given. Joint covariance over all rows.

    Raises
    ------
    ChoiceError
        The question holds no numbers, a point is no number, or `interval` is no interval.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base: respondents of the domain with an answer (and a group). F(x) = sum w 1(y <= x) / sum w; a mean of yes and no.

    References
    ----------
    R survey ``svycdf``, ``svymean(~I(y <= x))``.

    Examples
    --------
    >>> import pandas as pd
    >>> distribution(pd.DataFrame({"age": [20, 30, 30, 50]}), "age", [25, 30]).frame[["level", "estimate", "n"]]
       level  estimate  n
    0   25.0      0.25  4
    1   30.0      0.75  4
    """
    design = as_design(data)
    one_of(interval, INTERVALS, "interval")
    asked = numbers_asked(points, "points", inside=False)
    values = numbers(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values) & groups.known, question)
    below = np.where(np.isnan(values)[:, None], np.nan, values[:, None] <= asked)
    measured = averages(used, below, groups.codes, groups.count)
    measured = measured.take(np.arange(len(asked) * groups.count).reshape(len(asked), -1).T.ravel())
    keys = keys_asked(question, asked, groups)
    frame = measured_frame(measured, keys, groups.names, interval=interval, confidence=confidence, simple=design.simple)
    labels = labels_with(design.survey, {question: (), **groups.levels})
    labels = replace(labels, levels={**labels.levels, **{(question, x): point_label(x) for x in asked.tolist()}})
    what = both("Share of respondents at or below", "누적 비율(이하)")
    origin = origin_of(
        what, design, used, question, *groups.names, interval=interval_words(interval, confidence),
        notes=cautions(frame, groups.names, labels, interval), failed=measured.failed,
        grouped=groups.count > 1,
    )  # fmt: skip
    return Estimates(frame, measured.covariance, "distribution", "proportion", groups.names, labels, origin)


def numbers_asked(asked: float | Sequence[float], name: str, inside: bool) -> Vector:
    """The probabilities or points, shape (P,), each a number once."""
    listed: list[Any] = list(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else [asked]
    usable = all(isinstance(x, int | float | np.number) and not isinstance(x, bool) and np.isfinite(x) for x in listed)
    if not listed or not usable:
        raise ChoiceError(f"`{name}` is {asked!r}; give a number, or a list of numbers.")
    found = np.array(listed, float)
    outside = found[(found <= 0) | (found >= 1)] if inside else found[:0]
    if len(outside):
        raise ChoiceError(
            f"`{name}` holds {outside[0]:g}; each must lie between 0 and 1, such as 0.5 for the median (not 50)."
        )
    if len(np.unique(found)) < len(found):
        raise ChoiceError(f"`{name}` names a number twice: {', '.join(f'{x:g}' for x in found)}.")
    return found


def keys_asked(question: str, asked: Vector, groups: Groups) -> dict[str, Any]:
    """Key columns: groups first, in each the numbers as asked."""
    keys: dict[str, Any] = {"outcome": [question] * (len(asked) * groups.count), "level": np.tile(asked, groups.count)}
    return keys | {name: np.repeat(np.array(own, object), len(asked)).tolist() for name, own in groups.levels.items()}
