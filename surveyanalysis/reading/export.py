"""What an export file held: columns as text, header texts, and what was detected; nothing guessed, nothing dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class Export:
    """One export file.

    Attributes
    ----------
    header_texts
        Column -> the question text in the file's header rows.
    identifiers
        Column -> the platform's stable id (Qualtrics ImportId with choiceId).
    format, encoding, separator
        What was detected, or named by the user.
    path, sha256
        The file and its hash.
    """

    _frame: pd.DataFrame
    header_texts: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    format: str = "csv"
    encoding: str = "utf-8"
    separator: str = ","
    path: str = ""
    sha256: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """Cells as text, "" where empty; the index is the 1-based row in the file, called "file_row"."""
        return self._frame.copy(deep=False)
