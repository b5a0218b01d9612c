"""Every change that a step made, found by comparing the frames before and after it."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..language import say
from .steps import Step
from .work import Work

COLUMNS = ("step", "rule", "action", "row_key", "file_row", "question", "before", "after", "reason", "why")


@dataclass(frozen=True, eq=False)
class Entry:
    """What one step did to one column (or to rows): shape (changes,) each.

    Attributes
    ----------
    action
        set, drop, add or flag.
    rows
        Rows of the file.
    before, after, reason
        Texts; missing where empty.
    """

    step: int
    action: str
    question: str
    rows: Any
    before: pd.Series
    after: pd.Series
    reason: pd.Series


def differences(before: Work, after: Work, number: int) -> list[Entry]:
    """List what a step changed: rows dropped, cells set, columns added, flags raised."""
    kept = before.frame.index.isin(after.frame.index)
    entries = [_drops(before, after, ~kept, number)] if not kept.all() else []
    for column in (c for c in after.frame if c in after.touched):
        new = after.frame[column]
        old = before.frame[column][kept] if column in before.frame else None
        question = after.codebook.question_of(str(column))
        changed = new.notna() if old is None else _differs(old, new)
        if changed.any():
            action = "add" if old is None or (question is not None and question.derived) else "set"
            was = _nothing(int(changed.sum())) if old is None else old[changed]
            rows, reason = new.index[changed].to_numpy(), after.reasons[column][changed].where(new[changed].isna())
            entries.append(Entry(number, action, str(column), rows, was, new[changed], reason))
    return entries + _disposition(before, after, number) + _flags(before, after, number)


def _differs(old: pd.Series, new: pd.Series) -> Any:
    a, b = old.isna().to_numpy(bool), new.isna().to_numpy(bool)
    return (a != b) | ((old.array != new.array) & ~a & ~b)


def _drops(before: Work, after: Work, lost: Any, number: int) -> Entry:
    """Dropped rows; what they held is kept as JSON, so that they can be brought back."""
    rows = before.frame.index[lost].to_numpy()
    held = [
        json.dumps({c: v for c, v in cells.items() if isinstance(v, str)}, ensure_ascii=False)
        for cells in before.frame[lost].to_dict("records")
    ]
    because = [after.because.get(int(row)) for row in rows]
    return Entry(number, "drop", "", rows, _texts(held), _nothing(len(rows)), _texts(because))


def _disposition(before: Work, after: Work, number: int) -> list[Entry]:
    if "disposition" not in after.about or "disposition" in before.about:
        return []
    words = after.about["disposition"]
    n = len(words)
    return [Entry(number, "add", "disposition", words.index.to_numpy(), _nothing(n), words, _nothing(n))]


def _flags(before: Work, after: Work, number: int) -> list[Entry]:
    entries = []
    for flag in after.flags[len(before.flags) :]:
        rows = np.array(flag.rows, dtype=np.int64)
        held = after.frame[flag.question].loc[rows] if flag.question in after.frame else _nothing(len(rows))
        held = held if flag.before is None else _texts(flag.before)
        entries.append(
            Entry(number, "flag", flag.question, rows, held, _nothing(len(rows)), _texts([flag.reason] * len(rows)))
        )
    return entries


def _texts(values: Any) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def _nothing(n: int) -> pd.Series:
    return pd.Series([None] * n, dtype="str")


def long_table(entries: list[Entry], steps: list[Step], keys: pd.Series) -> pd.DataFrame:
    """All entries as one table, in the order in which they happened; see `COLUMNS`."""
    sizes = [len(e.rows) for e in entries]

    def repeated(values: list[str]) -> pd.Categorical:
        places, names = pd.factorize(np.array(values, dtype=object))
        return pd.Categorical.from_codes(np.repeat(places, sizes), categories=list(names))

    def joined(part: str) -> pd.Series:
        pieces = [getattr(e, part).reset_index(drop=True) for e in entries]
        return pd.concat(pieces, ignore_index=True).astype("str") if pieces else _nothing(0)

    rows = np.concatenate([e.rows for e in entries]).astype(np.int64) if entries else np.array([], dtype=np.int64)
    return pd.DataFrame(
        {
            "step": np.repeat([e.step for e in entries], sizes).astype(np.int64),
            "rule": repeated([steps[e.step - 1].name for e in entries]),
            "action": repeated([e.action for e in entries]),
            "row_key": keys.reindex(rows).array,
            "file_row": rows,
            "question": repeated([e.question for e in entries]),
            "before": joined("before"),
            "after": joined("after"),
            "reason": joined("reason"),
            "why": repeated([say(steps[e.step - 1].why, "en") for e in entries]),
        }
    )


def step_row(before: Work, after: Work, number: int, made: Step, entries: list[Entry]) -> dict[str, Any]:
    """One row of the step table."""
    changed = [e for e in entries if e.action in ("set", "add")]
    touched = [e.rows for e in entries if e.action in ("set", "add", "drop")]
    return {
        "step": number,
        "rule": made.name,
        "does": made.word,
        "rows_in": len(before.frame),
        "rows_out": len(after.frame),
        "cells_changed": sum(len(e.rows) for e in changed),
        "people_touched": len(np.unique(np.concatenate(touched))) if touched else 0,
        "flagged": sum(len(e.rows) for e in entries if e.action == "flag"),
        "why": say(made.why, "en"),
    }
