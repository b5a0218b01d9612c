"""Counts that stand fixed: taken from what was published, checked, and held against respondents."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.questions import Code, Codebook
from ..errors import PublishedError, nearest
from .published import Answer, Margin, PrintedNumber, Published

FIXABLE = ("single", "likert", "grid", "multi")


def margins_of(published: Published, codebook: Codebook) -> tuple[Margin, ...]:
    """Counts and bases in a publication that respondents can be made to have.

    Parameters
    ----------
    published
        Printed numbers that name a question and a count or base, and margins.
    codebook
        What was asked.

    Returns
    -------
    tuple of Margin
        Printed numbers first, in the order of the file.

    Raises
    ------
    PublishedError
        A question or an answer does not exist, or is of a type whose counts cannot be fixed.

    Examples
    --------
    >>> from surveyanalysis.reproduction.published import printed_number
    >>> number = printed_number("agree", "60%", question="agree", answer="yes", base=57, count=34)
    >>> from surveyanalysis.codebook.questions import Choice, Question
    >>> book = Codebook({"agree": Question("agree", "single", choices=(Choice("yes", {}), Choice("no", {})))})
    >>> [(m.count, m.base) for m in margins_of(Published("p", {}, (number,)), book)]
    [(34, 57)]
    """
    numbers = [_margin(n) for n in published.numbers if n.question and (n.count if n.answer is not None else n.base)]
    found = (*numbers, *published.margins)
    for margin in found:
        _check(margin, codebook)
    return found


def _margin(number: PrintedNumber) -> Margin:
    """A printed number as a fixed count; without an answer, its base is what is fixed."""
    count = number.count if number.answer is not None else number.base
    known = number.count_known or "inferred"
    return Margin(number.id, str(number.question), number.answer, count or 0, number.base, number.among, known)


def _check(margin: Margin, codebook: Codebook) -> None:
    for name, answer in ((margin.question, margin.answer), *margin.among.items()):
        question = codebook.question_of(name)
        if question is None:
            raise PublishedError(
                f"{in_words(margin)}: there is no question {name!r}.{nearest(name, codebook.questions)}"
            )
        for code in _codes(answer):
            if code not in question.codes:
                listed = ", ".join(map(repr, question.codes)) or f"no answer categories ({question.type})"
                raise PublishedError(f"{in_words(margin)}: {name!r} has no answer {code!r}. It has: {listed}.")
    question = codebook[margin.question] if margin.question in codebook else codebook.question_of(margin.question)
    if question is None or question.type not in FIXABLE or question.derived:
        kind = (
            f"derived ({question.derived})"
            if question and question.derived
            else f"a {question and question.type} question"
        )
        raise PublishedError(
            f"{in_words(margin)}: {margin.question!r} is {kind}; counts can be fixed for asked questions of type "
            f"{', '.join(FIXABLE)}. State the count for the question that it rests on."
        )
    if question.type == "multi" and len(margin.codes) > 1:
        raise PublishedError(f"{in_words(margin)}: state one option of {question.id!r} at a time.")


def among(margin: Margin, frame: pd.DataFrame, codebook: Codebook) -> NDArray[np.bool_]:
    """Whom a count is about, shape (n,)."""
    inside = np.ones(len(frame), bool)
    for name, answer in margin.among.items():
        inside &= has_answer(frame, codebook, name, _codes(answer))
    return inside


def has_answer(frame: pd.DataFrame, codebook: Codebook, name: str, codes: Sequence[Code]) -> NDArray[np.bool_]:
    """Who gave one of these answers (any answer where there are none), shape (n,)."""
    question = codebook.question_of(name)
    if question is not None and question.type in ("multi", "rank") and name == question.id:
        ticked = [f"{name}_{code}" for code in codes]
        columns = frame[ticked] if ticked else frame[list(question.columns)].notna()
        held = columns.notna() if question.type == "rank" else columns.astype("boolean").fillna(False)
        return held.to_numpy(bool).any(axis=1)
    column = frame[name]
    return (column.isin(list(codes)) if codes else column.notna()).fillna(False).to_numpy(bool)


def check_margins(margins: Sequence[Margin], frame: pd.DataFrame, codebook: Codebook) -> None:
    """Raise where respondents do not have a count or a base that stands fixed."""
    for margin in margins:
        inside = among(margin, frame, codebook)
        base = int((inside & has_answer(frame, codebook, margin.question, ())).sum())
        count = int((inside & has_answer(frame, codebook, margin.question, margin.codes)).sum())
        if count != margin.count or margin.base not in (None, base):
            raise PublishedError(f"{in_words(margin)}: the respondents have {count} of {base}.")


def in_words(margin: Margin) -> str:
    """A fixed count in words: "willing: 34 of 57 answer 4 or 5 to willing_korea among employer = company".

    Examples
    --------
    >>> in_words(Margin("willing", "willing_korea", (4, 5), 34, 57, {"employer": "company"}))
    '`willing`: 34 of 57 with willing_korea = 4 or 5 among employer = company'
    """
    answers = f" = {' or '.join(map(str, margin.codes))}" if margin.codes else " answered"
    of = f" of {margin.base}" if margin.base is not None else ""
    about = " and ".join(f"{q} = {' or '.join(map(str, _codes(a)))}" for q, a in margin.among.items())
    return f"`{margin.id}`: {margin.count}{of} with {margin.question}{answers}{f' among {about}' if about else ''}"


def _codes(answer: Answer | None) -> tuple[Code, ...]:
    if answer is None:
        return ()
    return answer if isinstance(answer, tuple) else (answer,)
