"""Quantiles of numbers, and the shares at or below given values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..estimators.quantile import RULES, Rule
from ..intervals import INTERVALS, Interval, check_confidence
from ..language import both
from ..results import Estimates, estimates_frame
from .bases import Data, answered
from .cautions import cautions
from .groups import By, Groups, groups_of, labels_with, one_column
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .quantile_words import interval_text, point_label, quantile_cautions, quantile_label, what_of
from .score_ends import score_spread
from .variables import numbers
from .woodruff import QUANTILE_INTERVALS, QuantileInterval, Ranked, Spread, by_replicates, ranked, woodruff


def quantile(
    data: Data,
    question: str,
    probabilities: float | Sequence[float] = 0.5,
    *,
    by: By = None,
    rule: Rule = "math",
    interval: QuantileInterval = "mean",
    confidence: float = 0.95,
) -> Estimates:
    """Estimate quantiles of a number question: the median, quartiles, deciles.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Number question, or likert scale with numeric codes.
    probabilities
        Between 0 and 1: 0.5 is the median. One, or several.
    by
        Group question, or several crossed.
    rule
        How a value is read off the weighted distribution: "math" is the least answer that at least this share of the
        population does not exceed; "school" goes halfway to the next answer at exact hits; "hf1" ... "hf9" and
        "shahvaish" are those of R survey. See `estimators.quantile.quantiles`.
    interval
        How the interval of the share below the quantile is made that is carried back: "mean" (t), "logit", "beta"
        (exact) or "arcsine". Or "score" (the values that a score test would not reject), "score_r" (the same as R
        survey 4.1 computes it), "quantile" (quantiles under each set of replicate weights).

    Returns
    -------
    Estimates
        Kind "quantile"; `level` holds the probability. Groups in the codebook's order, in each the probabilities as
        given. Covariance by the correlation of the shares below, see `woodruff.woodruff`.

    Raises
    ------
    ChoiceError
        The question holds no numbers, a probability is not between 0 and 1, `rule` or `interval` is none, or "quantile"
        is asked of a design without replicate weights.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base: respondents of the domain with an answer (and a group). The error is the width of the interval over 2 t, with
    the df of each domain. An end that lies beyond all answers is missing, and a note says so.

    References
    ----------
    Woodruff (1952), Journal of the American Statistical Association 47, 635-646; Francisco and Fuller (1991), Annals of
    Statistics 19, 454-469; R survey 4.1 ``svyquantile(qrule =, interval.type =)``, ``svyby``.

    Examples
    --------
    >>> import pandas as pd
    >>> found = quantile(pd.DataFrame({"pay": range(1, 100)}), "pay", [0.25, 0.5])
    >>> found.frame[["level", "estimate", "ci_low", "ci_high"]]
       level  estimate  ci_low  ci_high
    0   0.25      25.0    17.0     34.0
    1   0.50      50.0    41.0     60.0
    """
    design = as_design(data)
    _check(design, rule, interval, confidence)
    asked = _numbers_asked(probabilities, "probabilities", inside=True)
    values = numbers(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values) & groups.known, question)
    of = ranked(used, values, groups.codes, groups.count)
    at = of.quantiles(asked, rule)
    spread = _spread(of, at, asked, rule, interval, confidence)
    columns = _keys(question, asked, groups) | _columns(of, at, spread)
    frame = estimates_frame(columns, groups.names)
    words = {(question, p): quantile_label(p) for p in asked.tolist()}
    labels = labels_with(design.survey, {question: (), **groups.levels})
    labels = replace(labels, levels={**labels.levels, **words})
    notes = (*cautions(frame, groups.names, labels), *quantile_cautions(of, at, frame, rule, interval))
    origin = origin_of(
        what_of(asked.tolist()), design, used, question, *groups.names, interval=interval_text(interval, confidence),
        notes=notes, failed=spread.failed,
    )  # fmt: skip
    return Estimates(frame, spread.covariance, "quantile", "value", groups.names, labels, origin)


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
    asked = _numbers_asked(points, "points", inside=False)
    values = numbers(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values) & groups.known, question)
    below = np.where(np.isnan(values)[:, None], np.nan, values[:, None] <= asked)
    measured = averages(used, below, groups.codes, groups.count)
    measured = measured.take(np.arange(len(asked) * groups.count).reshape(len(asked), -1).T.ravel())
    keys = _keys(question, asked, groups)
    frame = measured_frame(measured, keys, groups.names, interval=interval, confidence=confidence, simple=design.simple)
    labels = labels_with(design.survey, {question: (), **groups.levels})
    labels = replace(labels, levels={**labels.levels, **{(question, x): point_label(x) for x in asked.tolist()}})
    what = both("Share of respondents at or below", "누적 비율(이하)")
    origin = origin_of(
        what, design, used, question, *groups.names, interval=interval_words(interval, confidence),
        notes=cautions(frame, groups.names, labels, interval), failed=measured.failed,
    )  # fmt: skip
    return Estimates(frame, measured.covariance, "distribution", "proportion", groups.names, labels, origin)


def _check(design: Design, rule: str, interval: str, confidence: float) -> None:
    """Refuse words that are none, and replicates where there are none."""
    one_of(rule, RULES, "rule")
    one_of(interval, QUANTILE_INTERVALS, "interval")
    check_confidence(confidence)
    if interval == "quantile" and design.replicates is None:
        others = ", ".join(repr(word) for word in QUANTILE_INTERVALS[:-1])
        raise ChoiceError(
            "`interval` is 'quantile', which needs a design with replicate weights (Design(..., replicates=...) or "
            f"design.replicated(...)). Here choose one of: {others}."
        )


def _numbers_asked(asked: float | Sequence[float], name: str, inside: bool) -> Vector:
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


def _keys(question: str, asked: Vector, groups: Groups) -> dict[str, Any]:
    """Key columns: groups first, in each the numbers as asked."""
    keys: dict[str, Any] = {"outcome": [question] * (len(asked) * groups.count), "level": np.tile(asked, groups.count)}
    return keys | {name: np.repeat(np.array(own, object), len(asked)).tolist() for name, own in groups.levels.items()}


def _spread(of: Ranked, at: Any, asked: Vector, rule: Rule, interval: QuantileInterval, confidence: float) -> Spread:
    """The interval by its name."""
    if interval == "quantile":
        return by_replicates(of, at, asked, rule, confidence)
    if interval in ("score", "score_r"):
        return score_spread(of, at, asked, rule, confidence, as_r=interval == "score_r")
    return woodruff(of, at, rule, interval, confidence)


def _columns(of: Ranked, at: Any, spread: Spread) -> dict[str, Any]:
    """Value columns of the frame."""
    weighted = np.bincount(of.groups, of.used.row_weights, minlength=of.count)
    df = np.where(of.n > 0, of.df, np.nan)
    df, n, n_weighted = (np.broadcast_to(each, at.shape).ravel() for each in (df, of.n, weighted[:, None]))
    se = np.sqrt(np.diag(spread.covariance))
    ends = {"ci_low": spread.low.ravel(), "ci_high": spread.high.ravel()}
    return {"estimate": at.ravel(), "se": se, "df": df, **ends, "n": n, "n_weighted": n_weighted}
