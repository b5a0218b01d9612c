"""Synthetic respondents whose margins are those of a publication."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Codebook, Question
from ..errors import ChoiceError, PublishedError
from ..survey import Survey
from .asked import Asked
from .assumptions import Assumption, read_assumptions
from .draws import draw
from .frames import UNRANKED, derived, typed
from .margins import check_margins, margins_of
from .published import Margin, Published, read_published

NOT_ASKED = "na"


def twin(
    codebook: Codebook | str | Path,
    published: Published | str | Path,
    n: int,
    *,
    seed: int,
    assumptions: Mapping[str, Any] | None = None,
) -> Survey:
    """Make respondents who have the published counts exactly, and are otherwise as assumed.

    It serves to prepare an analysis before the data may be seen, and to teach; it cannot tell anything about the people
    who really answered beyond the counts that it is given.

    Parameters
    ----------
    codebook
        What was asked, or its file.
    published
        What was printed, or its file: every number with a question, an answer and a count, and every margin, is hit
        exactly, by sub-group too; its `assumptions` are used where none are given here.
    n
        Number of respondents.
    seed
        The same seed makes the same respondents.
    assumptions
        What is assumed beyond the counts, by question; `assumptions` in this package shows the words.

    Returns
    -------
    Survey
        `synthetic` is True; `reasons` tells who was not asked, gave no answer, did not know.

    Raises
    ------
    PublishedError
        Counts contradict each other (the smallest set that does is named), or are about something that cannot be
        fixed; an assumption is wrong; questions lean on each other in a circle.

    Notes
    -----
    Question after question: first quotas of answers in each sub-group that a count is about (assumed shares raked to
    the counts and rounded under control; nothing is drawn here, so assumed shares come out as near as whole numbers
    allow), then respondents are given to the quotas by latent answers with random noise, so that a model finds the
    assumed slopes (`quotas.assign`). Questions that a condition or an assumption needs are drawn first. At the end
    every count is checked.

    Examples
    --------
    >>> from surveyanalysis.codebook.questions import Choice, Codebook, Question
    >>> from surveyanalysis.reproduction.published import Published, printed_number
    >>> agree = Question("agree", "single", choices=(Choice("yes", {}), Choice("no", {})))
    >>> printed = printed_number("agree", "60%", question="agree", answer="yes", base=57, count=34)
    >>> people = twin(Codebook({"agree": agree}), Published("p", {}, (printed,)), 60, seed=1)
    >>> people.frame["agree"].value_counts().tolist(), int(people.frame["agree"].isna().sum())
    ([34, 23], 3)
    """
    book = codebook if isinstance(codebook, Codebook) else _read_codebook(codebook)
    print_ = published if isinstance(published, Published) else read_published(published)
    if n < 1:
        raise ChoiceError(f"`n` is {n}; at least one respondent is needed.")
    margins = margins_of(print_, book)
    assumed = read_assumptions(print_.assumptions if assumptions is None else assumptions, book)
    frame, reasons = pd.DataFrame(index=range(n)), pd.DataFrame(index=range(n))
    for question in _in_drawing_order(book, margins, assumed):
        for columns, why in _answers(question, frame, reasons, book, margins, assumed, seed):
            frame, reasons = frame.assign(**columns), reasons.assign(**_by_column(question, columns, why))
    order = [column for question in book for column in question.columns]
    check_margins(margins, frame, book)
    made = f"a twin of {print_.id}, seed {seed}"
    return Survey(frame[order], book, reasons[order].astype("str"), synthetic=True, made_from=made)


def _read_codebook(path: str | Path) -> Codebook:
    from .. import read_codebook

    return read_codebook(path)


def _in_drawing_order(
    codebook: Codebook, margins: tuple[Margin, ...], assumed: Mapping[str, Assumption]
) -> Iterator[Question]:
    """Questions in the codebook's order, but after those that they need."""
    needs = {q.id: set(_needs(q, codebook, margins, assumed)) - {q.id} for q in codebook}
    left = list(codebook)
    while left:
        ready = next((q for q in left if not needs[q.id] & {other.id for other in left}), None)
        if ready is None:
            circle = ", ".join(q.id for q in left)
            raise PublishedError(
                f"These questions lean on each other in a circle: {circle}. Drop a condition or an assumption."
            )
        left.remove(ready)
        yield ready


def _needs(
    question: Question, codebook: Codebook, margins: tuple[Margin, ...], assumed: Mapping[str, Assumption]
) -> Iterator[str]:
    """Ids of the questions that one question's base, counts, assumptions and derivation name."""
    mine = {question.id, *question.columns}
    names = [name for m in margins if m.question in mine for name in m.among]
    expressions = [e for e in (question.base, question.derived) if e]
    expressions += [e for name, words in assumed.items() if name in mine for e in words.expressions]
    for name in [*names, *(name for e in expressions for name in names_in(e))]:
        found = codebook.question_of(name)
        yield found.id if found else name


def _answers(
    question: Question, frame: pd.DataFrame, reasons: pd.DataFrame, codebook: Codebook, margins: tuple[Margin, ...],
    assumed: Mapping[str, Assumption], seed: int,
) -> Iterator[tuple[dict[str, pd.Series], pd.Series]]:  # fmt: skip
    """Columns of one question for everybody, and why answers are missing in them; a grid item by item."""
    if question.derived:
        column, why = derived(question, frame, reasons, codebook)
        yield {question.id: column}, why
        return
    asked = np.ones(len(frame), bool)
    if question.base:
        asked = evaluate(question.base, frame, codebook).astype("boolean").fillna(False).to_numpy(bool)
    for column in question.columns if question.type == "grid" else (question.id,):
        mine = tuple(m for m in margins if m.question in (column, question.id))
        words = assumed.get(column, assumed.get(question.id, Assumption()))
        rng = np.random.default_rng([seed, crc32(column.encode())])
        drawn, silence = draw(Asked(question, words, mine, frame[asked], codebook, rng), column)
        everybody = pd.Series(NOT_ASKED, index=frame.index, dtype=object)
        everybody[asked] = [word or None for word in silence]
        yield {name: _whole(question, answers, asked, frame.index) for name, answers in drawn.items()}, everybody


def _by_column(question: Question, columns: Mapping[str, pd.Series], why: pd.Series) -> dict[str, pd.Series]:
    """Why each column lacks an answer: options that were not ranked beside ranked ones say so."""
    if question.type != "rank":
        return dict.fromkeys(columns, why)
    return {name: why.mask(why.isna() & answers.isna(), UNRANKED) for name, answers in columns.items()}


def _whole(question: Question, answers: Any, asked: Any, index: pd.Index) -> pd.Series:
    """A typed column of all respondents from the answers of those asked."""
    left = iter(answers)
    return typed(question, [next(left) if here else None for here in asked], index)
