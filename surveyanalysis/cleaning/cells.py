"""Steps on all cells: one form of text, codes instead of labels, numbers and dates."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ..errors import LevelError, one_of
from .canonical import distinct
from .parsing import as_typed, one_form, one_space
from .spelling import CHOSEN, Reading
from .work import Flag, Work

NORMAL = ("nfkc", "trim", "collapse_space")


def normalise_text(work: Work, *, do: list[str] | None = None, where: str = "all") -> Work:
    """Bring texts into one form: full-width and decomposed letters, spaces around and within; line breaks stay.

    Parameters
    ----------
    do
        Some of nfkc, trim, collapse_space. Where not given: all; but people's own words keep the signs that nfkc would
        turn into others (10² into 102).
    where
        "all" columns, or "text" questions only.
    """
    wanted = [one_of(word, NORMAL, "do") for word in (do if do is not None else NORMAL)]
    one_of(where, ("all", "text"), "where")

    def normal(own_words: bool, text: str) -> str | None:
        text = as_typed(text) if own_words else one_form(text) if "nfkc" in wanted else text
        text = one_space(text) if "collapse_space" in wanted else text
        return (text.strip() if "trim" in wanted else text) or None

    chosen = {c: do is None and q.type == "text" for c, q in work.columns.items() if where == "all" or q.type == "text"}
    pairs = [(work.frame[c], mapped(work.frame[c], partial(normal, own))) for c, own in chosen.items()]
    return work.with_cells({str(old.name): new for old, new in pairs if not new.equals(old)})


def mapped(series: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Change each different text once."""
    places, uniques = distinct(series)
    changed = [change(text) for text in uniques]
    return pd.Series(pd.array(changed, dtype="str").take(places, allow_fill=True), index=series.index, name=series.name)


def map_values(work: Work, *, unknown: str = "error", questions: list[str] | None = None) -> Work:
    """Turn labels in any language, raw spellings and codes into codes, and spellings of reasons into missing answers.

    Parameters
    ----------
    unknown
        What to do with answers that the codebook does not have: "error" lists all of them with their counts and the
        nearest label; "invalid" makes them missing, with that reason.
    questions
        These only; all choice, multiple-response, ranking and text questions where not given.
    """
    one_of(unknown, ("error", "invalid"), "unknown")
    types = (*CHOSEN, "multi", "rank", "text")
    return _read_columns(_words_to_companions(work), types, unknown, questions)


def parse(work: Work, *, unknown: str = "error", questions: list[str] | None = None) -> Work:
    """Read numbers (commas, 만원 and 억, full-width digits, two-digit years) and dates; see `map_values`."""
    one_of(unknown, ("error", "invalid"), "unknown")
    return _read_columns(work, ("number", "date"), unknown, questions)


def _read_columns(work: Work, types: tuple[str, ...], unknown: str, questions: list[str] | None) -> Work:
    chosen = None if questions is None else {work.question(name).id for name in questions}
    cells, reasons, strange = {}, {}, []
    for column, question in work.columns.items():
        if question.derived or question.type not in types or (chosen is not None and question.id not in chosen):
            continue
        places, uniques = distinct(work.frame[column])
        read = [*map(work.spellings(question).read, uniques)]
        strange += _strange(column, uniques, read, places)
        answers = [r.answer for r in read]
        if answers != uniques:
            told = [r.reason or (None if r.known else "invalid") for r in read]
            cells[column] = _taken(answers, places, work)
            reasons[column] = _taken(told, places, work).fillna(work.reasons[column])
    left = {q: s for q, s in work.leftovers.items() if work.codebook[q].type in types}
    strange += [(q, str(text), int(n), "") for q, s in left.items() for text, n in s.value_counts().items()]
    if strange and unknown == "error":
        raise _unknown_answers(strange)
    return _without_leftovers(work.with_cells(cells, reasons), left)


def _taken(values: list[str | None], places: Any, work: Work) -> pd.Series:
    """Values of the different answers at their rows."""
    return pd.Series(pd.array(values, dtype="str").take(places, allow_fill=True), index=work.frame.index)


def _without_leftovers(work: Work, left: dict[str, pd.Series]) -> Work:
    """Flag what could not be matched in joined answers."""
    remarks = [
        Flag(tuple(series.index), work.codebook[name].columns[0], "invalid", tuple(series))
        for name, series in left.items()
    ]
    remaining = {q: s for q, s in work.leftovers.items() if q not in left}
    return replace(work, leftovers=remaining, flags=(*work.flags, *remarks))


def _strange(column: str, uniques: Any, read: list[Reading], places: Any) -> list[tuple[str, str, int, str]]:
    """Answers that could not be read: column, answer, how often, hint."""
    counts = np.bincount(places[places >= 0], minlength=len(read))
    found = zip(uniques, read, counts, strict=True)
    return [(column, str(text), int(n), r.hint) for text, r, n in found if not r.known]


def _unknown_answers(strange: list[tuple[str, str, int, str]]) -> LevelError:
    ordered = sorted(strange, key=lambda item: (item[0], -item[2], item[1]))
    lines = [f"  {column}: {text!r} ({n} times).{hint}" for column, text, n, hint in ordered]
    return LevelError(
        f"{len(lines)} answers are not in the codebook, or cannot be read:\n" + "\n".join(lines) + "\n"
        "List each under `raw` of its choice or of a reason in `missing`, `fix` it, or let the step make them missing: "
        "`unknown: invalid`."
    )


def _beside(labels: list[str], text: str) -> str:
    """The words in "Other (words)" or "Other: words"; all of it where it is written in another way."""
    for label in map(re.escape, labels):
        found = re.fullmatch(rf"\s*{label}\s*(?:\((.+)\)|:(.+))\s*", text, re.IGNORECASE | re.DOTALL)
        if found:
            return (found[1] or found[2]).strip()
    return text


def _words_to_companions(work: Work) -> Work:
    """Where the words of an "other" answer stand in the cell itself, move them to the text question that holds them."""
    bound = {q.id for q in work.codebook if q.binding.column not in (None, q.id)}
    cells: dict[str, pd.Series] = {}
    for question in work.asked:
        other = next((c for c in question.choices if c.other in work.frame and c.other not in bound), None)
        if question.type not in CHOSEN or other is None or question.id not in work.frame or other.other is None:
            continue
        known = work.spellings(question)
        cell = work.frame[question.id]
        places, uniques = distinct(cell)
        strange = np.array([*(not known.read(text).known for text in uniques), False])[places]
        companion = work.frame[other.other]
        strange &= companion.isna().to_numpy(bool)
        words = mapped(cell, partial(_beside, [*other.label.values()]))
        cells |= {question.id: cell.mask(strange, str(other.code)), other.other: companion.mask(strange, words)}
    return work.with_cells(cells)
