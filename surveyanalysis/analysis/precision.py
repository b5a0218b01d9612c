"""How precise a share is at a sample size, or was in a survey."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import ChoiceError
from ..estimators.fit import Vector
from ..intervals import check_confidence, t_quantile, wilson
from ..language import both
from ..results import Origin
from ..survey import Survey
from .bases import Data
from .origins import interval_words
from .plan import (
    DEFF_EXAMPLE,
    THIN,
    Plan,
    normal_quantile,
    number_between,
    numbers_between,
    people,
    planned_origin,
    population_size,
)
from .shares import shares_of

FEW_DF = 12


def margin_of_error(
    n: int | Sequence[int] | Data,
    share: float | Sequence[float] = 0.5,
    *,
    deff: float = 1.0,
    population: int | None = None,
    confidence: float = 0.95,
    question: str | None = None,
) -> Plan:
    """Half the width of a share's confidence interval, at planned sample sizes or of a survey that was done.

    Parameters
    ----------
    n
        Respondents, one number or several; or a design, survey or frame together with `question`.
    share
        Expected share, one or several, 0 to 1; 0.5 is the most cautious.
    deff
        Design effect: by how much weights and clusters multiply the variance.
    population
        Size of the population; None takes it as infinite.
    question
        Question of the design with answer categories: the margin of each answer's share under this design.

    Returns
    -------
    Plan
        Rows: every n with every share. Columns n, share, deff, population, margin, ci_low, ci_high: the margin, and the
        Wilson interval that a survey with exactly this share would have. For a design: level, share, se, df, deff
        (against a simple random sample of the same n, with replacement), n, n_effective, margin, ci_low, ci_high.

    Raises
    ------
    ChoiceError
        A number is out of its range; `question` is missing with a design, or given without one.
    ColumnError, DataError
        As `proportion`.

    Notes
    -----
    margin = z sqrt(deff p (1 - p) / n (N - n) / (N - 1)), z the normal quantile (Cochran 1977, sections
    3.2 and 4.4; Kish 1965, ch. 8). For a design: t times the design-based standard error; no margin where everybody or
    nobody gave the answer (the interval tells).

    References
    ----------
    Checked against Cochran (1977) and R survey ``svymean(deff = "replace")``.

    Examples
    --------
    >>> margin_of_error([57, 214]).frame[["n", "margin"]].round(3)
         n  margin
    0   57   0.130
    1  214   0.067
    """
    check_confidence(confidence)
    if isinstance(n, Design | Survey | pd.DataFrame):
        return _of_design(n, question, confidence, asked=(share, deff, population) != (0.5, 1.0, None))
    if question is not None:
        raise ChoiceError(
            f"`question` is {question!r}, but `n` is no design, survey or frame. Give one, or leave it out."
        )
    sizes, shares = people(n, "n"), numbers_between(share, "share", 0, 1, "0.5 (shares are 0 to 1, not percent)")
    deff, whole = number_between(deff, "deff", 0, np.inf, DEFF_EXAMPLE), population_size(population)
    if (sizes > whole).any():
        raise ChoiceError(f"`n` is {sizes.max():g}, more than the `population` of {whole:g}.")
    sizes, shares = np.repeat(sizes, len(shares)), np.tile(shares, len(sizes))
    factor = deff * _unsampled(sizes, whole)
    margin = normal_quantile(0.5 + confidence / 2) * np.sqrt(factor * shares * (1 - shares) / sizes)
    ends = wilson(shares, sizes / np.where(factor > 0, factor, 1.0), confidence)
    low, high = (np.where(factor > 0, end, shares) for end in ends)
    frame = pd.DataFrame({"n": sizes.astype(np.int64), "share": shares, "deff": deff, "population": whole,
                          "margin": margin, "ci_low": low, "ci_high": high})  # fmt: skip
    thin = (np.minimum(shares, 1 - shares) * sizes / deff < 5).any()
    what = both("Margin of error of a share", "비율의 표본오차")
    return Plan(frame, "n", origin=planned_origin(what, confidence, deff, (THIN,) if thin else ()))


def _unsampled(sizes: Vector, whole: float) -> Vector:
    """Factor (N - n) / (N - 1) of a finite population; 1 for an infinite one."""
    return np.ones(len(sizes)) if np.isinf(whole) else (whole - sizes) / max(whole - 1, 1)


def _of_design(data: Data, question: str | None, confidence: float, asked: bool) -> Plan:
    """Margins of the shares of a question under the design that it was asked with."""
    if question is None:
        raise ChoiceError("`n` is a design (or survey, or frame): say of which question, question='...'.")
    if asked:
        raise ChoiceError(
            "`share`, `deff` and `population` follow from the design and its answers here: leave them out, or give a "
            "number of respondents for `n`."
        )
    found = shares_of("proportion", as_design(data), question, None, None, "wilson", confidence)
    frame = found.frame
    p, se, n = (frame[name].to_numpy(float) for name in ("estimate", "se", "n"))
    inner = (p > 0) & (p < 1)
    simple = np.where(inner, p * (1 - p), 1.0) / np.maximum(n - 1, 1)
    deff = np.where(inner, se**2 / simple, np.nan)
    margin = np.where(inner, t_quantile(frame["df"].to_numpy(float), confidence) * se, np.nan)
    with np.errstate(divide="ignore"):
        effective = n / deff
    made = pd.DataFrame({"level": frame["level"], "share": p, "se": se, "df": frame["df"], "deff": deff,
                         "n": frame["n"], "n_effective": effective, "margin": margin,
                         "ci_low": frame["ci_low"], "ci_high": frame["ci_high"]})  # fmt: skip
    labels = {code: found.labels.levels[(question, code)] for code in frame["level"]}
    return Plan(made, "level", labels, _told(found.origin, frame, inner, confidence))


def _told(origin: Origin, frame: pd.DataFrame, inner: Any, confidence: float) -> Origin:
    """The origin of the shares, with what to know of their margins."""
    notes = []
    if not inner.all():
        notes.append(
            both("no margin where everybody or nobody gave the answer", "모두 또는 0명이 답한 응답은 표본오차 없음")
        )
    if frame["df"].min() < FEW_DF:
        words = "few degrees of freedom ({d:g}): the standard errors are themselves imprecise"
        notes.append(both(words, "자유도가 작음({d:g}): 표준오차 자체가 부정확함", d=frame["df"].min()))
    what = both("Margin of error of each share", "응답 비율별 표본오차")
    interval = interval_words("wilson", confidence)
    return replace(origin, what=what, interval=interval).with_notes(*notes)
