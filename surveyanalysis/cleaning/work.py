"""What a cleaning step receives and returns: answers as text, why some are missing, what is known of each row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.questions import Codebook, Question
from ..errors import RecipeError, unknown_column
from ..language import Text
from .canonical import columns_of, typed, typed_column
from .spelling import Spellings, spellings

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Flag:
    """A remark on cells or rows that changes nothing.

    Attributes
    ----------
    rows
        Rows of the file.
    question
        Column of the clean frame; empty for whole rows.
    reason
        What is odd, in one word or two.
    before
        What was found there, where it is not in the frame.
    """

    rows: tuple[int, ...]
    question: str
    reason: str
    before: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Work:
    """The state between two steps.

    Attributes
    ----------
    frame
        Answers as text, one row a response, indexed by the row of the file; missing where there is none.
    reasons
        Why answers are missing; same shape.
    about
        What is known about each row besides its answers, as text: key, id, external_id, start, end, duration, status,
        finished, disposition (those that the file holds).
    leftovers
        Question -> parts of joined answers that are no option of it.
    because
        Row -> why it was dropped.
    touched
        Columns that may have changed: only these are compared for the ledger.
    """

    frame: pd.DataFrame
    reasons: pd.DataFrame
    about: pd.DataFrame
    codebook: Codebook
    folder: Path = Path()
    leftovers: Mapping[str, pd.Series] = field(default_factory=dict)
    because: Mapping[int, str] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()
    flags: tuple[Flag, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def columns(self) -> dict[str, Question]:
        """Columns of the frame -> their question."""
        return {c: q for c, q in columns_of(self.codebook).items() if c in self.frame}

    @property
    def asked(self) -> list[Question]:
        """Questions whose answers lie in the file, in order."""
        return [q for q in self.codebook if not q.derived and q.binding.in_file]

    def keep(self, rows: Rows, because: Mapping[int, str] | None = None) -> "Work":
        """Return the work with some rows only."""
        left = self.leftovers.items()
        return replace(
            self,
            frame=self.frame[rows],
            reasons=self.reasons[rows],
            about=self.about[rows],
            leftovers={q: s[s.index.isin(self.frame.index[rows])] for q, s in left},
            because={**self.because, **(because or {})},
        )

    def with_cells(self, cells: Mapping[str, pd.Series], reasons: Mapping[str, pd.Series] | None = None) -> "Work":
        """Return the work with new columns of answers, and of reasons where given."""
        if not cells and not reasons:
            return self
        frame = self.frame.assign(**cells) if cells else self.frame
        told = self.reasons.assign(**reasons) if reasons else self.reasons
        return replace(self, frame=frame, reasons=told, touched=self.touched | set(cells))

    def flagged(self, rows: Rows, question: str, reason: str) -> "Work":
        """Return the work with a remark on these rows."""
        if not rows.any():
            return self
        return replace(self, flags=(*self.flags, Flag(tuple(self.frame.index[rows]), question, reason)))

    def noted(self, *notes: Text) -> "Work":
        """Return the work with more notes for the reader."""
        return replace(self, notes=(*self.notes, *notes))

    def fact(self, name: str) -> pd.Series:
        """Return a column about the rows (status, end, ...), or raise where the codebook's `source` has none."""
        if name not in self.about:
            raise RecipeError(
                f"The file has no {name!r}, or the codebook's `source` does not say which column holds it."
                f" It has: {', '.join(self.about.columns)}."
            )
        return self.about[name]

    def question(self, name: str) -> Question:
        """Return the question that is asked for, or raise with the nearest name."""
        found = self.codebook.question_of(name)
        if found is None:
            raise unknown_column(name, [*self.codebook.questions, *self.frame.columns])
        return found

    def spellings(self, question: Question) -> Spellings:
        """All that the answers to a question may look like."""
        return spellings(question, self.codebook)

    def typed(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Typed answers; of these columns only, where given."""
        if columns is None:
            return typed(self.frame, self.codebook)
        known = self.columns
        return pd.DataFrame({c: typed_column(self.frame[c], known[c]) for c in columns}, index=self.frame.index)


def columns_used(names: tuple[str, ...], columns: Mapping[str, Question]) -> list[str] | None:
    """Columns that an expression needs: a multi question stands for its options. None where one is not there."""
    used: list[str] = []
    for name in names:
        found = [c for c, q in columns.items() if name in (c, q.id)]
        if not found:
            return None
        used += found
    return list(dict.fromkeys(used))


def text_series(values: Any, index: pd.Index, name: str = "") -> pd.Series:
    """Texts, missing where None."""
    cells = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    return pd.Series(pd.array(cells, dtype="str"), index=index, name=name)
