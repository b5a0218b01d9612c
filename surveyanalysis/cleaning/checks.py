"""Steps that add: derived answers, dispositions, checks and flags; and the comparison that closes every cleaning."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Question
from ..errors import CodebookError, RecipeError, one_of
from ..language import Text, both
from .canonical import untyped_column
from .corrections import condition, out_of_range
from .reasons import answered, base_of, compare_with_bases, give_reasons, inherited_reasons
from .rows import checked_share, share_of_asked
from .work import Rows, Work, columns_used


def derive(work: Work, *, questions: list[str] | None = None) -> Work:
    """Compute the codebook's derived questions from the answers; always done at the end as well.

    Parameters
    ----------
    questions
        These only.
    """
    wanted = {work.question(name).id for name in questions} if questions is not None else None
    for question in work.codebook:
        if question.derived and (wanted is None or question.id in wanted):
            work = _derived(work, question)
    return work


def _derived(work: Work, question: Question) -> Work:
    names = names_in(str(question.derived))
    used = columns_used(names, work.columns)
    frame = work.typed(used) if used is not None else work.typed()
    values = evaluate(str(question.derived), frame, work.codebook)
    column = question.columns[0]
    text = _as_answers(values.rename(column), question)
    missing = text.isna().to_numpy(bool)
    return work.with_cells({column: text}, {column: inherited_reasons(work, names, missing).astype("str")})


def _as_answers(values: pd.Series, question: Question) -> pd.Series:
    """Computed values as canonical text; for a choice with two codes, true is its `event`, else the second."""
    if question.type in ("number", "date"):
        plain = values.astype("Float64").astype("float64") if question.type == "number" else values
        return untyped_column(plain, question)
    if pd.api.types.is_bool_dtype(values.dtype):
        if len(question.codes) != 2:
            raise CodebookError(
                f"{question.id!r} is derived by a condition, {question.derived!r}, so it needs two choices: for yes "
                f"(its `event`, else the second) and for no. It has {len(question.codes)}."
            )
        yes = question.event if question.event is not None else question.codes[1]
        no = next(code for code in question.codes if code != yes)
        values = values.astype("boolean").map({False: no, True: yes}, na_action="ignore")
    places, uniques = pd.factorize(values)
    known = {str(code): str(code) for code in question.codes}
    written = [_code(value, known) for value in uniques]
    if None in written:
        wrong = [str(u) for u, w in zip(uniques, written, strict=True) if w is None]
        raise CodebookError(
            f"{question.id!r}: {question.derived!r} gives {', '.join(wrong[:8])}, which is none of its codes."
        )
    taken = pd.array(written, dtype="str").take(places, allow_fill=True)
    return pd.Series(taken, index=values.index, name=question.id)


def _code(value: Any, known: dict[str, str]) -> str | None:
    if isinstance(value, float) and float(value).is_integer():
        value = int(value)
    return known.get(str(value))


def disposition(work: Work, *, complete: dict[str, Any], partial: dict[str, Any] | None = None) -> Work:
    """Say of each response whether it is complete, partial or broken off (AAPOR 1.1, 1.2, 2.1); nothing is dropped.

    Parameters
    ----------
    complete, partial
        ``{answered_share: 0.8}``: the least share of the questions asked of a person that she answered.
    """
    share = share_of_asked(work)
    words = np.full(len(work.frame), "break-off", dtype=object)
    for word, rule in (("partial", partial), ("complete", complete)):
        if rule is None:
            continue
        if set(rule) != {"answered_share"}:
            raise RecipeError(f"`{word}` is {rule!r}; write `{word}: {{answered_share: 0.8}}`.")
        words[share >= checked_share(rule["answered_share"], f"{word}.answered_share")] = word
    return replace(work, about=work.about.assign(disposition=pd.Series(words, index=work.frame.index, dtype="str")))


def check(work: Work, *, assert_: str, level: str = "warn") -> Work:
    """Check a condition; rows where it does not hold are flagged, or stop the cleaning. Missing answers pass.

    Parameters
    ----------
    assert_
        A condition in names of questions.
    level
        "warn" or "error".
    """
    one_of(level, ("warn", "error"), "level")
    wrong = (~condition(work, assert_)).fillna(False).to_numpy(bool)
    if wrong.any() and level == "error":
        keys = ", ".join(work.about["key"][wrong].astype(str)[:8])
        raise RecipeError(f"{assert_!r} does not hold for {int(wrong.sum())} respondents: {keys}.")
    return _remark(work, wrong, f"not ({assert_})")


def flag(work: Work, *, where: str) -> Work:
    """Flag respondents for whom a condition holds; nothing changes."""
    return _remark(work, condition(work, where).fillna(False).to_numpy(bool), where)


def _remark(work: Work, rows: Rows, said: str) -> Work:
    if not rows.any():
        return work
    n = int(rows.sum())
    note = both("{n} respondents flagged: {x}.", "응답자 {n}명에 표시함: {x}.", n=n, x=said)
    return work.flagged(rows, "", said).noted(note)


def close(work: Work) -> Work:
    """Close the cleaning: reasons for missing answers, and what the codebook does not expect."""
    given, bases = answered(work), [base_of(work, question) for question in work.asked]
    reasoned = give_reasons(work, given, bases)
    return compare_with_codebook(compare_with_bases(reasoned, given, bases))


def compare_with_codebook(work: Work) -> Work:
    """Flag what the codebook does not expect: answers beyond `range` or `max`, and ranks given twice."""
    counts: dict[str, int] = {}
    for question in work.asked:
        for column in (c for c in question.columns if c in work.frame):
            rows = out_of_range(work, question, column)
            work = work.flagged(rows, column, "out of range")
            counts[column] = int(rows.sum())
    said = ", ".join(f"{name} {n}" for name, n in counts.items() if n)
    notes = [both("Out of range and left as it is: {x}.", "범위를 벗어났으나 그대로 둠: {x}.", x=said)] if said else []
    return _compare_options(work.noted(*notes))


def _compare_options(work: Work) -> Work:
    """Flag more options than allowed, and the same rank given twice."""
    notes: list[Text] = []
    for question in (q for q in work.asked if q.type in ("multi", "rank")):
        cells = work.frame[[c for c in question.columns if c in work.frame]]
        limit = question.max_choices
        if question.type == "multi" and limit is not None:
            rows, said = (cells == "1").sum(axis=1).to_numpy() > limit, "more options than allowed"
        elif question.type == "rank":
            ranks = range(1, len(question.choices) + 1)
            rows, said = np.any([(cells == str(r)).sum(axis=1) > 1 for r in ranks], axis=0), "rank given twice"
        else:
            continue
        work = work.flagged(rows, question.columns[0], said)
        if rows.any():
            words = both("{q}: {x} in {n} rows.", "{q}: {x}, {n}행.", q=question.id, x=said, n=int(rows.sum()))
            notes.append(words)
    return work.noted(*notes)
