"""Steps on chosen cells: single corrections, coded "other" answers, answers that cannot be."""

from io import StringIO
from typing import Any

import numpy as np
import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..codebook.questions import Question
from ..errors import LevelError, RecipeError, nearest, one_of
from ..language import both
from .canonical import typed_column
from .cells import mapped
from .parsing import number
from .reasons import base_of
from .spelling import Spellings, key
from .work import Rows, Work, columns_used


def fix(work: Work, *, row: Any, question: str, from_: Any, to: Any) -> Work:
    """Correct one cell; an error where it no longer holds what was to be corrected.

    Parameters
    ----------
    row
        Key of the respondent, or the row of the file as a whole number.
    question
        Question or column.
    from_, to
        What stands there (empty: nothing), and what should (empty: missing, as `invalid`).
    """
    column = _one_column(work, question)
    here = _row(work, row)
    known = work.spellings(work.columns[column])
    now = work.frame.loc[here, column]
    found = None if pd.isna(now) else str(now)
    wanted = {None if from_ is None or from_ == "" else form for form in _forms(known, from_)}
    if found not in wanted:
        raise RecipeError(f"`from` is {from_!r}, but {column!r} of respondent {row!r} (row {here}) holds {found!r}.")
    answer = None if to is None or to == "" else known.read(str(to)).answer
    if answer is None and to not in (None, ""):
        raise RecipeError(f"`to` is {to!r}, which is no answer to {column!r}.{known.read(str(to)).hint}")
    at = work.frame.index == here
    reason = work.reasons[column].mask(at, "invalid" if answer is None else pd.NA)
    return work.with_cells({column: work.frame[column].mask(at, answer)}, {column: reason})


def _forms(known: Spellings, value: Any) -> set[str | None]:
    """A value as the cell may hold it: as written, and as read."""
    return {str(value), known.read(str(value)).answer}


def _one_column(work: Work, name: str) -> str:
    columns = [name] if name in work.columns else [c for c in work.question(name).columns if c in work.columns]
    if len(columns) != 1:
        raise RecipeError(f"`question` is {name!r}, which has {len(columns)} columns. Name one: {', '.join(columns)}.")
    return columns[0]


def _row(work: Work, row: Any) -> int:
    """Row of the file of a respondent."""
    whole = isinstance(row, int) and not isinstance(row, bool)
    found = work.frame.index[work.frame.index == row] if whole else work.frame.index[work.about["key"] == str(row)]
    if len(found) == 1:
        return int(found[0])
    if len(found) > 1:
        raise RecipeError(f"`row` is {row!r}, which is in rows {', '.join(map(str, found))}. Give the row as a number.")
    raise RecipeError(
        f"`row` is {row!r}: there is no such respondent, or an earlier step dropped the row."
        f"{nearest(row, work.about['key'])}"
    )


def recode_other(work: Work, *, question: str, file: str) -> Work:
    """Give "other" answers the codes that a person found for their words.

    Parameters
    ----------
    question
        A single or multiple-response question with an "other" choice whose words are in a text question.
    file
        CSV with the columns ``text`` and ``code`` (and ``by``), beside the recipe. Recoded words leave their question.
    """
    asked = work.question(question)
    other = next((c for c in asked.choices if c.other in work.frame), None)
    if other is None or asked.type not in ("single", "multi"):
        raise RecipeError(f"Question {question!r} has no choice with `other:` whose words are in the file.")
    codes = _coding(work, file, asked)
    words = work.frame[str(other.other)]
    coded = mapped(words, lambda text: codes.get(key(text)))
    rows = coded.notna().to_numpy(bool)
    cells = _recoded(work, asked, str(other.code), coded, rows)
    cells[str(other.other)] = words.mask(rows)
    reason = work.reasons[str(other.other)].mask(rows, "na")
    left = int((words.notna() & ~rows).sum())
    en, ko = "{n} other answers to {q} have no code in {f}.", "{q}의 기타 응답 {n}건은 {f}에 코드가 없음."
    told = both(en, ko, n=left, q=question, f=file)
    done = work.with_cells(cells, {str(other.other): reason})
    return done.noted(told) if left else done


def _coding(work: Work, file: str, question: Question) -> dict[str, str]:
    """Words -> code, from the CSV; every code must be one of the question's."""
    from ..reading.decoding import decoded

    path = work.folder / file
    try:
        words, _ = decoded(path.read_bytes(), str(path))
        table = pd.read_csv(StringIO(words), dtype="str", keep_default_na=False, index_col=False)
    except (OSError, ValueError) as error:
        raise RecipeError(f"Cannot read the coding file {path}: {error}.") from None
    lost = {"text", "code"} - set(table.columns)
    if lost:
        raise RecipeError(f"{path} has no column {', '.join(sorted(lost))}. It needs: text, code.")
    known = {str(c) for c in question.codes}
    wrong = sorted(set(table["code"]) - known)
    if wrong:
        raise LevelError(
            f"{path}: {', '.join(map(repr, wrong))} is no code of {question.id!r}. It has: {sorted(known)}."
        )
    coded = table.assign(text=table["text"].map(key)).drop_duplicates(["text", "code"])
    twice = coded.loc[coded["text"].duplicated(), "text"].tolist()
    if twice:
        raise RecipeError(f"{path}: {twice[0]!r} has several codes. Give each text one code.")
    return dict(zip(coded["text"], coded["code"], strict=True))


def _recoded(work: Work, question: Question, other: str, coded: pd.Series, rows: Rows) -> dict[str, pd.Series]:
    if question.type == "single":
        return {question.id: work.frame[question.id].mask(rows, coded)}
    cells = {}
    for code in map(str, question.codes):
        column = f"{question.id}_{code}"
        cells[column] = work.frame[column].mask((coded == code).fillna(False).to_numpy(bool), "1")
        if code == other:
            cells[column] = cells[column].mask(rows & (coded != other).fillna(True).to_numpy(bool), "0")
    return cells


def set_missing(
    work: Work,
    *,
    where: str | None = None,
    question: str | None = None,
    values: list[Any] | None = None,
    reason: str | None = None,
) -> Work:
    """Make answers missing, with a reason.

    Parameters
    ----------
    where
        "out_of_range" (of the codebook's `range`), "base_false_but_answered", or a condition in names of questions.
    question
        This question only; needed for a condition and for `values`.
    values
        These answers.
    reason
        "invalid" where not given; "na" for base_false_but_answered.
    """
    if (where is None) == (values is None):
        raise RecipeError(
            "Say which answers: `where` (out_of_range, base_false_but_answered, a condition) or `values`."
        )
    named = where in ("out_of_range", "base_false_but_answered")
    if question is None and not named:
        raise RecipeError("Say in which `question`.")
    known = {*work.codebook.missing, "dk", "refused", "omitted", "na", "notreached", "invalid"}
    told = one_of(reason or ("na" if where == "base_false_but_answered" else "invalid"), sorted(known), "reason")
    asked = work.asked if question is None else [work.question(question)]
    everywhere = _condition(work, str(where)) if where is not None and not named else None
    cells, reasons = {}, {}
    for one in asked:
        chosen = [question] if question in work.frame else [c for c in one.columns if c in work.frame]
        for column in map(str, chosen):
            hit = everywhere if everywhere is not None else _hit(work, one, column, where, values)
            hit = hit & work.frame[column].notna().to_numpy(bool)
            if hit.any():
                cells[column] = work.frame[column].mask(hit)
                reasons[column] = work.reasons[column].mask(hit, told)
    return work.with_cells(cells, reasons)


def _hit(work: Work, question: Question, column: str, where: str | None, values: list[Any] | None) -> Rows:
    if where == "base_false_but_answered":
        return (~base_of(work, question)).fillna(False).to_numpy(bool)
    if where == "out_of_range":
        return out_of_range(work, question, column)
    known = work.spellings(question)
    wanted = {form for value in values or () for form in _forms(known, value) if form is not None}
    return work.frame[column].isin(wanted).to_numpy(bool)


def out_of_range(work: Work, question: Question, column: str) -> Rows:
    """Which numbers and dates lie outside the codebook's range (in the unit of the question), shape (n,)."""
    nobody = np.zeros(len(work.frame), dtype=bool)
    if question.range is None or question.type not in ("number", "date"):
        return nobody
    text = work.frame[column]
    if question.type == "number":
        values = mapped(text, lambda t: None if number(t) is None else t).astype("float64")
        low, high = (float(limit) for limit in question.range)
    else:
        values = typed_column(text, question)
        low, high = (pd.Timestamp(limit) for limit in question.range)
    return ((values < low) | (values > high)).fillna(False).to_numpy(bool)


def _condition(work: Work, expression: str) -> Rows:
    return condition(work, expression).fillna(False).to_numpy(bool)


def condition(work: Work, expression: str) -> pd.Series:
    """Evaluate a condition for each row: nullable boolean."""
    used = columns_used(names_in(expression), work.columns)
    frame = work.typed(used) if used is not None else work.typed()
    found = evaluate(expression, frame, work.codebook)
    if not pd.api.types.is_bool_dtype(found.dtype):
        raise RecipeError(f"{expression!r} is a number, not a condition. Compare it with something: > 40, == 1.")
    return found.astype("boolean")
