"""A file as rows of text, and how a platform lays out its header over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..language import Text


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a file, all as text, before anything is known about the header.

    Attributes
    ----------
    rows
        Cells by row; all rows are as long as the first.
    numbers
        1-based line (or row of the sheet) on which each row begins.
    kind
        "csv" or "excel".
    encoding, separator, sheet
        How the cells were found.
    notes
        What was left out or may have been lost.
    """

    rows: list[list[str]]
    numbers: list[int]
    kind: str = "csv"
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Which rows are header, and what they say about each column.

    Attributes
    ----------
    format
        The platform: "qualtrics"; or "csv" and "excel" for one header row of names.
    header_rows
        How many rows there are before the first respondent.
    columns
        Names of the columns.
    texts
        Column -> question text.
    identifiers
        Column -> the platform's stable id.
    """

    format: str
    header_rows: int
    columns: list[str]
    texts: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
