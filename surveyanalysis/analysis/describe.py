"""Shares, means and totals: what every report begins with."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import DataError, one_of, unknown_level
from ..intervals import INTERVALS, Interval
from ..language import Text, both, say
from ..results import Estimates, Labels
from ..survey import Survey
from .cautions import cautions
from .groups import By, Groups, groups_of, labels_with, one_column
from .measured import Measured, averages, measured_frame, shares
from .origins import interval_words, origin_of
from .variables import Categories, categories, columns_of, numbers

Data: TypeAlias = Design | Survey | pd.DataFrame
Kind = Literal["proportion", "frequencies", "crosstab"]
SHARE = both("Share of respondents by answer", "응답별 비율")


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
        "wilson", "t", "logit" or "exact"; see `intervals.proportion_interval`.

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


def shares_of(
    kind: Kind, data: Data, question: str, level: Any, by: By, interval: Interval, confidence: float
) -> Estimates:
    """Shares of a question's answers by group, as estimates of this kind."""
    design = as_design(data)
    one_of(interval, INTERVALS, "interval")
    answer = categories(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    used = answered(design, answer.answered & groups.known, question)
    labels = labels_with(design.survey, {question: answer.levels, **groups.levels})
    measured, levels, labels = _chosen(used, answer, groups, level, labels)
    keys = {"outcome": [question] * len(measured.n), "level": list(levels) * groups.count}
    keys |= {name: np.repeat(np.array(own, object), len(levels)).tolist() for name, own in groups.levels.items()}
    frame = measured_frame(measured, keys, groups.names, interval=interval, confidence=confidence, simple=design.simple)
    notes = cautions(frame, groups.names, labels, interval)
    origin = origin_of(
        SHARE, design, used, question, *groups.names, interval=interval_words(interval, confidence), notes=notes
    )
    detail = {"missing": missing_by_reason(design, question), "domain_n": len(design)} if kind == "frequencies" else {}
    return Estimates(frame, measured.covariance, kind, "proportion", groups.names, labels, origin, detail=detail)


def _chosen(
    used: Design, answer: Categories, groups: Groups, level: Any, labels: Labels
) -> tuple[Measured, tuple[Any, ...], Labels]:
    """Shares of all levels, of one, or of several counted together; the levels that rows show, and their labels."""
    if level is None:
        return shares(used, answer.codes, len(answer.levels), groups.codes, groups.count), answer.levels, labels
    wanted = list(level) if isinstance(level, list | tuple | set | frozenset) else [level]
    for one in wanted:
        if one not in answer.levels:
            raise unknown_level(one, answer.name, answer.levels)
    if not wanted:
        raise unknown_level([], answer.name, answer.levels)
    at = [i for i, code in enumerate(answer.levels) if code in wanted]
    measured = shares(used, np.isin(answer.codes, at).astype(np.intp), 2, groups.codes, groups.count)
    codes = [answer.levels[i] for i in at]
    name = codes[0] if len(codes) == 1 else ", ".join(map(str, codes))
    words = {lang: glue.join(labels.level(answer.name, code, lang) for code in codes) for lang, glue in OR.items()}
    joined = Labels(labels.columns, {**labels.levels, (answer.name, name): words})
    return measured.take(np.arange(1, 2 * groups.count, 2)), (name,), joined


OR = {"en": " or ", "ko": " 또는 "}


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
    origin = origin_of(what, design, used, *names, *groups.names, interval=interval_words("t", confidence), notes=notes)
    scale: Literal["value", "total"] = "value" if kind == "mean" else "total"
    return Estimates(frame, measured.covariance, kind, scale, groups.names, labels, origin)


def answered(design: Design, mask: Any, *names: str) -> Design:
    """Return the domain of respondents with answers, or say that there are none."""
    used = design.within(mask)
    if not len(used.rows):
        asked = " and ".join(repr(name) for name in names[:4])
        where = f" in the domain {say(design.filter)!r}" if design.filter else ""
        raise DataError(f"Nobody{where} has an answer to {asked} (with a positive weight): nothing can be estimated.")
    return used


def own_bases(design: Design, used: Design, values: Any, names: Sequence[str]) -> tuple[Text, ...]:
    """One note on questions whose base is smaller than that of all together."""
    missing = np.isnan(values[used.rows]).sum(axis=0)
    if not missing.any():
        return ()
    listed = ", ".join(f"{name} {int(n)}" for name, n in zip(names, missing) if n)
    return (both("each question on its own base; missing: {l}", "문항별 기준집단 사용; 결측: {l}", l=listed),)


def missing_by_reason(design: Design, question: str) -> tuple[tuple[Text, int], ...]:
    """Respondents of the domain without an answer, by reason."""
    survey = design.survey
    absent = design.inside & survey.column(question).isna().to_numpy()
    if not absent.any():
        return ()
    counts = survey.reasons.loc[absent, question].fillna("").value_counts(sort=False)
    known = survey.codebook.missing
    plain = both("missing", "결측")
    labels = {reason: known[reason].label if reason in known else {"": reason} for reason in map(str, counts.index)}
    return tuple((labels[str(reason)] if reason else plain, int(n)) for reason, n in counts.items())
