"""Quantiles of numbers: medians, quartiles, deciles."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..estimators.quantile import RULES, Rule
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates, estimates_frame
from .bases import Data, answered
from .cautions import cautions
from .distribution import keys_asked, numbers_asked
from .groups import By, groups_of, labels_with, one_column
from .origins import origin_of
from .quantile_words import interval_text, quantile_cautions, quantile_label
from .ranked import Ranked, ranked
from .score_ends import score_spread
from .variables import numbers
from .woodruff import QUANTILE_INTERVALS, QuantileInterval, Spread, by_replicates, woodruff


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
    asked = numbers_asked(probabilities, "probabilities", inside=True)
    values = numbers(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values) & groups.known, question)
    of = ranked(used, values, groups.codes, groups.count)
    at = of.quantiles(asked, rule)
    spread = _spread(of, at, asked, rule, interval, confidence)
    columns = keys_asked(question, asked, groups) | _columns(of, at, spread)
    frame = estimates_frame(columns, groups.names)
    words = {(question, p): quantile_label(p) for p in asked.tolist()}
    labels = labels_with(design.survey, {question: (), **groups.levels})
    labels = replace(labels, levels={**labels.levels, **words})
    notes = (*cautions(frame, groups.names, labels), *quantile_cautions(of, at, frame, rule, interval))
    origin = origin_of(
        _what(asked.tolist()), design, used, question, *groups.names, interval=interval_text(interval, confidence),
        notes=notes, failed=spread.failed, grouped=groups.count > 1,
    )  # fmt: skip
    return Estimates(frame, spread.covariance, "quantile", "value", groups.names, labels, origin)


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


def _what(probabilities: Sequence[float]) -> Text:
    """What a result holds: one quantile by its name, several as quantiles."""
    return quantile_label(probabilities[0]) if len(probabilities) == 1 else both("Quantiles", "분위수")
