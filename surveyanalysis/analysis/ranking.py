"""Ranked options: first choices, top k, mean ranks."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..codebook.questions import Question
from ..design.design import as_design
from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Matrix, Vector
from ..intervals import INTERVALS, Interval, t_interval
from ..language import Text, both
from ..results import Estimates, Labels
from ..survey import Survey
from .bases import Data, answered
from .cautions import cautions
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .variables import numbers

UNRANKED = both("mean rank among those who ranked the option", "평균순위는 해당 선택지에 순위를 준 응답자 기준")


def ranking(
    data: Data, question: str, *, top: int | None = None, interval: Interval = "wilson", confidence: float = 0.95
) -> Estimates:
    """Estimate how often each option is ranked first, within the top k, and its mean rank.

    Parameters
    ----------
    data
        Design, or a survey taken as a simple random sample.
    question
        A ranking question of the codebook: one column an option holds its rank.
    top
        Largest k; the number of ranks asked (or met) where it is not given.
    interval
        "wilson", "t", "logit" or "exact", for the shares; mean ranks have t intervals.

    Returns
    -------
    Estimates
        Kind "ranking"; options in the codebook's order, each with components "first", "top_2", ..., "mean_rank"; joint
        covariance over all rows.

    Raises
    ------
    ChoiceError
        The question is no ranking, or `top` is not at least 1.
    DataError
        A rank is not a whole number from 1; nobody ranked anything.

    Notes
    -----
    Base of the shares: respondents who ranked anything; an option that they left unranked counts as not in the top.
    Base of a mean rank: those who ranked the option.

    References
    ----------
    R survey ``svymean`` of the indicators.
    """
    design = as_design(data)
    one_of(interval, INTERVALS, "interval")
    asked = _ranking_question(design.survey, question)
    ranks = np.stack([_ranks(design.survey, column) for column in asked.columns], axis=1)
    used = answered(design, ~np.isnan(ranks).all(axis=1), question)
    depth = _depth(top, asked, ranks)
    components = ["first", *(f"top_{k}" for k in range(2, depth + 1)), "mean_rank"]
    measured = averages(used, _columns(ranks, depth), np.zeros(len(ranks), np.intp), 1)
    is_rank = np.tile(np.array(components) == "mean_rank", len(asked.codes))
    keys: dict[str, list[Any]] = {"outcome": [asked.id] * len(is_rank)}
    keys |= {"level": [c for c in asked.codes for _ in components], "component": components * len(asked.codes)}
    shown = replace(measured, estimate=np.where(is_rank, 0.5, measured.estimate))
    frame = measured_frame(shown, keys, interval=interval, confidence=confidence, simple=design.simple)
    low, high = t_interval(measured.estimate, measured.se, measured.df, confidence)
    frame["estimate"] = measured.estimate
    frame["ci_low"], frame["ci_high"] = frame["ci_low"].where(~is_rank, low), frame["ci_high"].where(~is_rank, high)
    frame["count"] = frame["count"].where(~is_rank, measured.n)
    labels = Labels({asked.id: asked.label}, {(asked.id, c.code): c.label for c in asked.choices})
    notes = (UNRANKED, *_ties(ranks[used.rows]), *cautions(frame[~is_rank], (), labels, interval))
    what = both("First choice, top ranks and mean rank", "1순위, 상위 순위 비율과 평균순위")
    words = interval_words(interval, confidence)
    origin = origin_of(what, design, used, asked.columns[0], interval=words, notes=notes)
    origin = replace(origin, questions={asked.id: asked.wording})
    return Estimates(frame, measured.covariance, "ranking", "proportion", (), labels, origin)


def _ranking_question(survey: Survey, name: str) -> Question:
    question = survey.question(name)
    if question.type != "rank":
        raise ChoiceError(f"`question` is {name!r}, a {question.type} question, not a ranking.")
    return question


def _ranks(survey: Survey, column: str) -> Vector:
    """Ranks of one option, NaN where it is unranked, shape (n,)."""
    values = numbers(survey, column)
    wrong = ~np.isnan(values) & ~((values >= 1) & (values == np.floor(values)))
    if wrong.any():
        row = survey.frame.index[np.flatnonzero(wrong)[0]]
        raise DataError(f"Column {column!r}, row {row}: {values[wrong][0]:g} is not a rank (1, 2, 3, ...).")
    return values


def _depth(top: int | None, question: Question, ranks: Matrix) -> int:
    """Largest k of "top k"."""
    if top is not None and top < 1:
        raise ChoiceError(f"`top` is {top!r}; it must be at least 1.")
    return int(top or question.top or np.nanmax(ranks))


def _columns(ranks: Matrix, depth: int) -> Matrix:
    """For each option: ranked first, within 2, ..., `depth` (0/1), and its rank; shape (n, options * (depth + 1))."""
    some = ~np.isnan(ranks).all(axis=1)
    within = (ranks[:, :, None] <= np.arange(1, depth + 1)).astype(float)
    within[~some] = np.nan
    return np.concatenate([within, ranks[:, :, None]], axis=2).reshape(len(ranks), -1)


def _ties(ranks: Matrix) -> tuple[Text, ...]:
    """A note on respondents who gave the same rank twice."""
    ordered = np.sort(ranks, axis=1)
    tied = int((ordered[:, 1:] == ordered[:, :-1]).any(axis=1).sum())
    if not tied:
        return ()
    return (both("{k} respondents gave one rank to several options", "{k}명은 같은 순위를 여러 선택지에 부여", k=tied),)
