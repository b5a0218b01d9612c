"""Means and shares of groups as they would be if all groups were made up alike: direct standardisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..estimators.standardised import standardised_fit
from ..language import Text, both
from ..results import Estimates, Labels
from .bases import Data, answered
from .cautions import cautions
from .fitted import fitted
from .groups import By, Groups, groups_of, labels_with, one_column
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .shares import counted_together
from .standard_population import population_shares, refuse_empty, standard_note
from .variables import categories, is_categorical, is_scored, numbers


@dataclass(frozen=True)
class _Asked:
    """What is measured of all rows.

    Attributes
    ----------
    values
        Numbers, or 0/1 for each answer, shape (n, k); NaN where there is no answer.
    levels
        Answers; none for numbers.
    """

    values: Matrix
    levels: tuple[Any, ...]
    labels: Labels


def standardised(
    data: Data,
    question: str,
    *,
    over: str | Sequence[str],
    population: Mapping[Any, float],
    by: By = None,
    level: Any = None,
    confidence: float = 0.95,
) -> Estimates:
    """Estimate means or shares of groups with differences in their composition taken out: age-standardised rates.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Number question (means), or question with answer categories (the share of each answer).
    over
        Question whose composition is set to the standard, such as age groups; several are crossed.
    population
        Number or share of people of each level of `over` in the standard population; of several questions by tuple.
    by
        Group question, or several crossed; each group is standardised. Everybody where it is not given.
    level
        One answer, or a list of answers, of a question with categories.

    Returns
    -------
    Estimates
        Kind "standardised"; answers within groups, groups first, as `proportion`; t intervals with the df of each
        group, joint covariance. `detail["crude"]`: the means or shares as they are, in the same rows;
        `detail["population"]`: the standard's share of each cell.

    Raises
    ------
    DataError
        Nobody of a group is in a cell that the population has; a level with respondents has no number; a number is not
        positive.
    LevelError
        `population` names a level that does not exist; `level` is no answer.
    ColumnError, ChoiceError
        A question does not exist, or holds neither numbers nor answers.

    Notes
    -----
    Base: respondents of the domain with an answer (a group and a cell). sum over cells of F_c mean_gc, F_c the share of
    cell c in the standard population: the mean under weights post-stratified within groups to F_c, with the variance of
    that post-stratification. To standardise to part of a population choose the domain, and leave the rest out of
    `population`.

    References
    ----------
    R survey ``svystandardize(by = over, over = by, excluding.missing = question)``, then ``svyby(..., svymean)``.

    Examples
    --------
    >>> import pandas as pd
    >>> sick = pd.DataFrame({"y": [0, 1, 1, 0], "age": ["old", "old", "young", "young"], "town": ["a", "b", "a", "b"]})
    >>> standardised(sick, "y", over="age", population={"old": 1, "young": 3}, by="town").frame["estimate"].tolist()
    [0.75, 0.25]
    """
    design = as_design(data)
    groups, cells = groups_of(design.survey, by), groups_of(design.survey, over)
    if not cells.names:
        raise ChoiceError("`over` names no question; name the one whose composition is set to the standard.")
    asked = _asked(design, question, level, {**groups.levels, **cells.levels})
    known = ~np.isnan(asked.values[:, 0]) & groups.known & cells.known
    used = answered(design, known, question, *cells.names)
    y, cell = asked.values[used.rows], cells.codes[used.rows]
    shares = population_shares(population, cells, np.bincount(cell, minlength=cells.count))
    refuse_empty(groups, cells, groups.codes[used.rows] * cells.count + cell, shares)
    k = y.shape[1]
    measured = fitted(
        used, groups.codes, groups.count, k, lambda own, w: standardised_fit(y[own], cell[own], shares, w)
    )
    order = np.arange(k * groups.count).reshape(k, groups.count).T.ravel()
    crude = averages(used, asked.values, groups.codes, groups.count).take(order)
    measured = replace(measured.take(order), count=crude.count)
    keys = _keys(question, asked, groups)
    frame = measured_frame(
        measured, keys, groups.names, confidence=confidence, counted=bool(asked.levels), interval="t"
    )
    notes = (*cautions(frame, groups.names, asked.labels, ""), standard_note(shares, cells, asked.labels))
    origin = origin_of(
        _what(asked), design, used, question, *groups.names, *cells.names, interval=interval_words("t", confidence),
        notes=notes, failed=measured.failed,
    )  # fmt: skip
    detail = {"crude": crude.estimate, "population": shares}
    scale: Any = "proportion" if asked.levels else "value"
    return Estimates(
        frame, measured.covariance, "standardised", scale, groups.names, asked.labels, origin, detail=detail
    )


def _asked(design: Design, question: str, level: Any, others: Mapping[str, Sequence[Any]]) -> _Asked:
    """Read the question as numbers where it has them and no answer is asked for, else as answers."""
    survey = design.survey
    name = one_column(survey, question)
    if level is None and not (is_categorical(survey, name) and not is_scored(survey, name)):
        return _Asked(numbers(survey, name)[:, None], (), labels_with(survey, {name: (), **others}))
    answer = categories(survey, name)
    labels = labels_with(survey, {name: answer.levels, **others})
    ticked = (answer.codes[:, None] == np.arange(len(answer.levels))).astype(float)
    levels: tuple[Any, ...] = answer.levels
    if level is not None:
        at, called, labels = counted_together(answer, level, labels)
        ticked, levels = ticked[:, at].sum(axis=1, keepdims=True), (called,)
    return _Asked(np.where(answer.answered[:, None], ticked, np.nan), levels, labels)


def _keys(question: str, asked: _Asked, groups: Groups) -> dict[str, Any]:
    """Question, answer and group of every estimate: answers within groups."""
    k = max(len(asked.levels), 1)
    keys: dict[str, Any] = {"outcome": [question] * (k * groups.count)}
    if asked.levels:
        keys["level"] = list(asked.levels) * groups.count
    return keys | {name: [one for one in own for _ in range(k)] for name, own in groups.levels.items()}


def _what(asked: _Asked) -> Text:
    if asked.levels:
        return both("Standardised share of respondents by answer", "표준화한 응답별 비율")
    return both("Standardised mean", "표준화한 평균")
