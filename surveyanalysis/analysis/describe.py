"""Shares, means and totals: what every report begins with."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ..design.design import as_design
from ..intervals import Interval
from ..language import both
from ..results import Estimates
from .bases import Data, answered, own_bases
from .cautions import cautions
from .groups import By, groups_of, labels_with
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .shares import shares_of
from .variables import columns_of, numbers


def proportion(
    data: Data,
    question: str,
    *,
    level: Any = None,
    by: By = None,
    interval: Interval = "wilson",
    confidence: float = 0.95,
) -> Estimates:
    """Estimate the share of respondents who gave each answer.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Question with answer categories: single choice, likert, yes/no, or at most 20 different numbers.
    level
        One answer, or a list of answers counted together (a top box). All answers where it is not given.
    by
        Group question, or several crossed.
    interval
        "wilson", "t", "logit", "arcsine", "likelihood" or "exact"; see `intervals.proportion_interval`.

    Returns
    -------
    Estimates
        Kind "proportion"; one row an answer within a group, groups first, levels in the codebook's order with those
        that nobody chose. Shares 0..1, joint covariance over all rows.

    Raises
    ------
    ColumnError, LevelError
        A question or answer does not exist; the nearest is named.
    ChoiceError
        The question has no answer categories, or `interval` is no interval.
    DataError
        Nobody in the domain answered.

    Notes
    -----
    Base: respondents of the domain with an answer (and a group); the others stay in the design as rows outside the
    domain, and the origin counts them by reason. p = sum w 1(answer) / sum w; variance linearised. df are those of each
    group's own domain. Bases below 30 and cells below 5 are noted.

    References
    ----------
    R survey ``svymean(~factor)``, ``svyby(..., covmat = TRUE)``, ``svyciprop``.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"wants": ["yes"] * 34 + ["no"] * 23})
    >>> proportion(answers, "wants", level="yes").frame[["estimate", "ci_low", "ci_high", "n"]].round(3)
       estimate  ci_low  ci_high   n
    0     0.596   0.467    0.714  57
    """
    return shares_of("proportion", data, question, level, by, interval, confidence)


def mean(data: Data, questions: str | Sequence[str], *, by: By = None, confidence: float = 0.95) -> Estimates:
    """Estimate means of number questions (or likert scales with numeric codes, or yes/no), each on its own base.

    Parameters
    ----------
    questions
        One question or several; a grid stands for its items.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "mean"; questions first, then groups in the codebook's order. t intervals with the df of each domain; joint
        covariance over all rows.

    Raises
    ------
    ChoiceError
        A question holds answer categories, not numbers.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base of each question: respondents of the domain with an answer to it (and a group). mean = sum w y / sum w;
    linearised variance.

    References
    ----------
    R survey ``svymean``, ``svyby(..., covmat = TRUE)``.

    Examples
    --------
    >>> import pandas as pd
    >>> mean(pd.DataFrame({"age": [30, 40, 50, None]}), "age").frame[["estimate", "n"]]
       estimate  n
    0      40.0  3
    """
    return _averages_of("mean", data, questions, by, confidence)


def total(data: Data, questions: str | Sequence[str], *, by: By = None, confidence: float = 0.95) -> Estimates:
    """Estimate population totals of number questions: weights say how many people a respondent stands for.

    Parameters
    ----------
    questions
        One question or several; a grid stands for its items.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "total"; questions first, then groups in the codebook's order.

    Raises
    ------
    ChoiceError
        A question holds answer categories, not numbers.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    total = sum w y over those who answered: missing answers are outside the domain, counted in the origin, not imputed.

    References
    ----------
    R survey ``svytotal``, ``svyby(..., svytotal)``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.design.design import Design
    >>> firms = Design(pd.DataFrame({"staff": [10, 30], "w": [5.0, 2.0]}), weights="w")
    >>> total(firms, "staff").frame["estimate"].item()
    110.0
    """
    return _averages_of("total", data, questions, by, confidence)


def frequencies(data: Data, question: str, *, interval: Interval = "wilson", confidence: float = 0.95) -> Estimates:
    """Count and estimate the share of each answer, with the missing answers by reason.

    Returns
    -------
    Estimates
        Kind "frequencies": as `proportion`; `detail["missing"]` is a tuple of (reason, respondents),
        `detail["domain_n"]` the respondents in the domain.

    Raises
    ------
    ColumnError, ChoiceError, DataError
        As `proportion`.

    Notes
    -----
    Shares are of those who answered; the missing are listed beside them.

    References
    ----------
    R survey ``svymean(~factor, na.rm = TRUE)``.

    Examples
    --------
    >>> import pandas as pd
    >>> found = frequencies(pd.DataFrame({"q": ["a", "b", "a", None]}), "q")
    >>> found.frame["count"].tolist(), found.detail["domain_n"], [n for _, n in found.detail["missing"]]
    ([2, 1], 4, [1])
    """
    return shares_of("frequencies", data, question, None, None, interval, confidence)


def _averages_of(
    kind: Literal["mean", "total"], data: Data, questions: str | Sequence[str], by: By, confidence: float
) -> Estimates:
    """Means or totals of several columns by group."""
    design = as_design(data)
    names = columns_of(design.survey, questions)
    values = np.stack([numbers(design.survey, name) for name in names], axis=1)
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values).all(axis=1) & groups.known, *names)
    measured = averages(used, values, groups.codes, groups.count, kind)
    keys = {"outcome": np.repeat(names, groups.count).tolist()}
    keys |= {name: own * len(names) for name, own in groups.levels.items()}
    frame = measured_frame(measured, keys, groups.names, confidence=confidence, counted=False)
    labels = labels_with(design.survey, {**dict.fromkeys(names, ()), **groups.levels})
    what = both("Mean", "평균") if kind == "mean" else both("Estimated total", "추정 총계")
    notes = (*own_bases(design, used, values, names), *cautions(frame, groups.names, labels))
    origin = origin_of(what, design, used, *names, *groups.names, interval=interval_words("t", confidence), notes=notes,
                       failed=measured.failed, grouped=groups.count > 1)  # fmt: skip
    scale: Literal["value", "total"] = "value" if kind == "mean" else "total"
    return Estimates(frame, measured.covariance, kind, scale, groups.names, labels, origin)
