"""Why answers are missing: not asked, left out, broken off; and whether people answered what they were asked."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Question
from ..language import Text, both
from .canonical import distinct
from .spelling import SAID, key
from .work import Rows, Work, columns_used

UNRANKED = "unranked"
"""Reason of an option that was not ranked although others were: nothing was left out."""

Grid = NDArray[np.bool_]


def answered(work: Work) -> Grid:
    """Whether each person answered each question, shape (n, questions asked); "don't know" is an answer."""
    if not work.asked:
        return np.zeros((len(work.frame), 0), dtype=bool)
    return np.stack([_answered_one(work, q) for q in work.asked], axis=1)


def _answered_one(work: Work, question: Question) -> Rows:
    found = np.zeros(len(work.frame), dtype=bool)
    known = work.spellings(question)
    for column in question.columns:
        if column not in work.frame:
            continue
        places, uniques = distinct(work.frame[column])
        given = np.array([*map(known.is_answer, uniques), False])
        found |= given[places] | work.reasons[column].isin(SAID).to_numpy(bool)
    return found


def unfinished(work: Work) -> Rows:
    """Who is known not to have finished, shape (n,); nobody where the file does not tell."""
    if "finished" not in work.about:
        return np.zeros(len(work.frame), dtype=bool)
    yes = {key(str(text)) for text in work.codebook.source.finished_yes} or {"true", "1", "yes"}
    places, uniques = distinct(work.about["finished"])
    return np.array([*(key(text) not in yes for text in uniques), True])[places]


def asked(work: Work) -> Grid:
    """Whether each person was asked each question, by its `base`, shape (n, questions asked).

    Where the answer that decides is itself missing, she was not: skip logic takes that for a no.
    """
    bases = [base_of(work, q) for q in work.asked]
    if not bases:
        return np.ones((len(work.frame), 0), dtype=bool)
    return np.stack([b.fillna(False).to_numpy(bool) for b in bases], axis=1)


def base_of(work: Work, question: Question) -> pd.Series:
    """Whether each person was asked a question: nullable boolean, missing where the deciding answer is missing."""
    everybody = pd.Series(True, index=work.frame.index, dtype="boolean")
    if question.base is None:
        return everybody
    columns = columns_used(names_in(question.base), work.columns)
    if columns is None:
        return everybody.mask(everybody)
    return evaluate(question.base, work.typed(columns), work.codebook).astype("boolean")


def give_reasons(work: Work, given: Grid, bases: list[pd.Series]) -> Work:
    """Give every missing answer its reason.

    Known reasons (don't know, refused, invalid, ...) stay. Else: `na` where the question's base is known not to hold;
    `notreached` after the last answered question of somebody who is known not to have finished (also where the platform
    says that the last page was seen); `na` where the deciding answer is missing, as skip logic takes that for a no;
    else `omitted`. Options that were not ranked beside ranked ones are "unranked".

    Parameters
    ----------
    given, bases
        From `answered` and, for each question asked, `base_of`.
    """
    beyond = _beyond_the_last_answer(work, given)
    changed: dict[str, pd.Series] = {}
    for place, question in enumerate(work.asked):
        out, known = ~bases[place].fillna(True).to_numpy(bool), bases[place].fillna(False).to_numpy(bool)
        told = np.where(out, NA, np.where(beyond[:, place], NOT_REACHED, np.where(known, OMITTED, NA)))
        columns = [c for c in question.columns if c in work.frame]
        absent = {c: work.frame[c].isna().to_numpy(bool) for c in columns}
        if question.type == "rank" and columns:
            told = np.where(np.all([*absent.values()], axis=0), told, UNRANKED_)
        for column in columns:
            unclear = beyond[:, place] | out
            changed[column] = _completed(work.reasons[column], absent[column], told, unclear)
    return work.with_cells({}, changed)


GIVEN = ("na", "notreached", "omitted", UNRANKED)
NA, NOT_REACHED, OMITTED, UNRANKED_ = range(len(GIVEN))


def _completed(known: pd.Series, absent: Rows, told: NDArray[np.intp], unclear: Rows) -> pd.Series:
    """Reasons of one column: known ones stay (an omission only where it is clear), the others are those told."""
    places, words = distinct(known)
    omitted = np.array([*(word == GIVEN[OMITTED] for word in words), True])[places]
    chosen = np.where((places < 0) | (omitted & unclear), told, places + len(GIVEN))
    reasons = pd.array([*GIVEN, *words], dtype="str").take(np.where(absent, chosen, -1), allow_fill=True)
    return pd.Series(reasons, index=known.index, name=known.name)


def _beyond_the_last_answer(work: Work, given: Grid) -> Grid:
    """Whether a question stands after the last answered one of somebody who did not finish, shape (n, questions)."""
    later = np.cumsum(given[:, ::-1], axis=1)[:, ::-1] > 0
    return ~later & unfinished(work)[:, None]


def compare_with_bases(work: Work, given: Grid, bases: list[pd.Series]) -> Work:
    """Flag answers of people who were not asked, and questions that people were asked and did not answer."""
    over, under = {}, {}
    for place, question in enumerate(work.asked):
        if question.base is None or question.columns[0] not in work.frame:
            continue
        no, yes = (~bases[place]).fillna(False).to_numpy(bool), bases[place].fillna(False).to_numpy(bool)
        left_out = yes & ~given[:, place] & work.reasons[question.columns[0]].eq("omitted").fillna(False).to_numpy(bool)
        answers = no & given[:, place]
        work = work.flagged(answers, question.columns[0], "answered though not asked")
        work = work.flagged(left_out, question.columns[0], "asked but not answered")
        over[question.id], under[question.id] = int(answers.sum()), int(left_out.sum())
    return work.noted(*_base_notes(over, under))


def _base_notes(over: dict[str, int], under: dict[str, int]) -> list[Text]:
    notes = []
    if any(over.values()):
        said = _listed(over)
        notes.append(both("Answered though not asked: {x}.", "질문 대상이 아닌데 응답함: {x}.", x=said))
    if any(under.values()):
        said = _listed(under)
        notes.append(both("Asked but not answered: {x}.", "질문 대상인데 응답하지 않음: {x}.", x=said))
    return notes


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items() if n)


def inherited_reasons(work: Work, names: tuple[str, ...], missing: Rows) -> Any:
    """Reason of a derived answer: that of the first answer that it lacks."""
    columns = columns_used(names, work.columns) or []
    reason = pd.Series(pd.NA, index=work.frame.index, dtype="str")
    for column in columns:
        reason = reason.fillna(work.reasons[column].where(work.frame[column].isna()))
    return reason.fillna("omitted").where(missing)
