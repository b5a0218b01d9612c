"""Questions with several answers: shares of respondents, and of answers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Matrix
from ..intervals import INTERVALS, Interval
from ..language import Text, both
from ..results import Estimates, Labels
from ..survey import Survey
from .bases import Data, answered
from .cautions import cautions
from .groups import By, Groups, groups_of, labels_with
from .measured import Measured, averages, measured_frame
from .origins import interval_words, origin_of
from .variables import numbers

OVER_100 = both(
    "several answers possible: shares of respondents may add to more than 100%", "복수응답: 합계가 100%를 넘을 수 있음"
)


def multiple_response(
    data: Data,
    question: str | Sequence[str],
    *,
    by: By = None,
    interval: Interval = "wilson",
    confidence: float = 0.95,
) -> Estimates:
    """Estimate the share of respondents who ticked each option, and its share of all ticks.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        A question with several answers, or the yes/no (or 0/1) columns of its options.
    by
        Group question, or several crossed.
    interval
        "wilson", "t", "logit" or "exact".

    Returns
    -------
    Estimates
        Kind "multiple_response"; groups first, then options in the codebook's order. `estimate` is the share of
        respondents; `detail["share_of_answers"]` the share of the group's (weighted) ticks, aligned with the rows;
        `detail["answers"]` the number of ticks.

    Raises
    ------
    ChoiceError
        The question is not one with several answers, or a column is not yes/no.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base: respondents who were asked and answered, whether they ticked anything or not. An option that is missing is not
    "not ticked": such respondents are outside the domain, and the origin counts them.

    References
    ----------
    R survey ``svymean`` of the indicators.

    Examples
    --------
    >>> import pandas as pd
    >>> ticks = pd.DataFrame({"pay": [True, True, False, None], "visa": [False, True, False, None]}, dtype="boolean")
    >>> found = multiple_response(ticks, ["pay", "visa"])
    >>> found.frame["n"].tolist(), found.frame["estimate"].round(3).tolist(), found.detail["share_of_answers"].round(3)
    ([3, 3], [0.667, 0.333], array([0.667, 0.333]))
    """
    design = as_design(data)
    one_of(interval, INTERVALS, "interval")
    outcome, codes, columns, labels = _options(design.survey, question)
    values = np.stack([_ticks(design.survey, column) for column in columns], axis=1)
    groups = groups_of(design.survey, by)
    known = ~np.isnan(values)
    used = answered(design, known.all(axis=1) & groups.known, outcome)
    measured, ticks = _by_group(used, values, groups)
    keys = {"outcome": [outcome] * len(ticks), "level": codes * groups.count}
    keys |= {name: [code for code in own for _ in codes] for name, own in groups.levels.items()}
    frame = measured_frame(measured, keys, groups.names, interval=interval, confidence=confidence, simple=design.simple)
    own = labels_with(design.survey, groups.levels)
    labels = Labels({**own.columns, **labels.columns}, {**own.levels, **labels.levels})
    notes = (OVER_100, *_partly(design, known), *cautions(frame, groups.names, labels, interval))
    what = both("Share of respondents who chose each option", "선택지별 응답자 비율")
    origin = origin_of(
        what, design, used, columns[0], *groups.names, interval=interval_words(interval, confidence), notes=notes,
        grouped=groups.count > 1,
    )  # fmt: skip
    wordings = {outcome: design.survey.question(outcome).wording} if outcome in design.survey.codebook else {}
    asked = {name: words for name, words in origin.questions.items() if name != columns[0]}
    detail = {"share_of_answers": ticks, "answers": int(values[used.rows].sum())}
    origin = replace(origin, questions={**wordings, **asked})
    return Estimates(
        frame, measured.covariance, "multiple_response", "proportion", groups.names, labels, origin, detail=detail
    )


def _by_group(used: Design, values: Matrix, groups: Groups) -> tuple[Measured, Matrix]:
    """Shares of respondents, groups first; and shares of the group's ticks."""
    k = values.shape[1]
    found = averages(used, values, groups.codes, groups.count)
    found = found.take(np.arange(k * groups.count).reshape(k, groups.count).T.ravel())
    ticks = (found.estimate * found.n_weighted).reshape(groups.count, k)
    total = ticks.sum(axis=1, keepdims=True)
    return found, (ticks / np.where(total > 0, total, np.nan)).ravel()


def _options(survey: Survey, question: str | Sequence[str]) -> tuple[str, list, list[str], Labels]:
    """Outcome, codes of the options, their columns, and their labels."""
    if isinstance(question, str):
        asked = survey.question(question)
        if asked.type != "multi":
            raise ChoiceError(
                f"`question` is {question!r}, a {asked.type} question with one answer. Use `proportion`, or give the "
                "list of yes/no columns."
            )
        levels = {(asked.id, choice.code): choice.label for choice in asked.choices}
        return asked.id, list(asked.codes), list(asked.columns), Labels({asked.id: asked.label}, levels)
    columns = [str(survey.column(name).name) for name in question]
    if not columns:
        raise ChoiceError("`question` is an empty list: name the yes/no columns of the options.")
    known = labels_with(survey, dict.fromkeys(columns, ()))
    return OPTIONS, columns, columns, Labels({}, {(OPTIONS, name): known.columns[name] for name in columns})


OPTIONS = "options"


def _ticks(survey: Survey, column: str) -> Matrix:
    """Ticks as 0/1, NaN where missing, shape (n,)."""
    values = numbers(survey, column)
    odd = ~np.isin(values[~np.isnan(values)], (0, 1))
    if odd.any():
        raise ChoiceError(f"Column {column!r} is not yes/no: it holds {values[~np.isnan(values)][odd][0]:g}.")
    return values


def _partly(design: Design, known: Matrix) -> tuple[Text, ...]:
    """A note on respondents with some options missing and others not."""
    partly = int((design.inside & known.any(axis=1) & ~known.all(axis=1)).sum())
    if not partly:
        return ()
    return (
        both(
            "{k} of those left out have some options missing", "제외된 응답자 중 {k}명은 일부 선택지만 결측", k=partly
        ),
    )
