"""Text files with separators: what separates, the records, and where each begins."""

import csv
import io
from typing import Literal

from ..errors import ReadError
from ..language import Text, both
from .decoding import decoded
from .grid import Grid

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 300_000


def csv_grid(
    content: bytes, name: str, encoding: str | None = None, short_rows: Literal["refuse", "fill"] = "refuse"
) -> Grid:
    """Read a text file with separators.

    Parameters
    ----------
    content, name
        Bytes of the file, and its name for messages.
    encoding
        The encoding; found where it is None.
    short_rows
        Whether rows that end before the header does are refused, or filled with empty cells (and noted).

    Returns
    -------
    Grid
        Every cell as written. Quotation marks and line breaks within them are those of RFC 4180.

    Raises
    ------
    ReadError
        Nothing in the file; bytes or quotation marks that cannot be read; rows of different lengths (with the line).
    """
    text, found = decoded(content, name, encoding)
    if not text.strip():
        raise ReadError(f"{name} is empty: there is no header and no answer in it.")
    separator = _separator(text)
    rows, numbers, blank = _records(text, separator, name)
    filled: list[int] = []
    if short_rows == "fill":
        rows, filled = _filled(rows, numbers)
    _refuse_ragged(rows, numbers, name, separator)
    return Grid(rows, numbers, "csv", found, separator, notes=_told(blank, filled))


def _separator(text: str) -> str:
    """The separator that gives the most columns among those by which the first records are equally long."""
    best, most = ",", 1
    for separator in SEPARATORS:
        lengths = _lengths(text, separator)
        if len(set(lengths)) == 1 and lengths[0] > most:
            best, most = separator, lengths[0]
    if most > 1:
        return best
    return max(SEPARATORS, key=lambda s: (_lengths(text, s) or [0])[0])


def _lengths(text: str, separator: str) -> list[int]:
    """Fields of the first records; what cannot be read ends them."""
    reader = csv.reader(io.StringIO(text[:LOOKED_AT], newline=""), delimiter=separator)
    lengths: list[int] = []
    try:
        lengths += (len(row) for row in reader if any(map(str.strip, row)))
    except csv.Error:
        return lengths
    return lengths if len(text) <= LOOKED_AT or len(lengths) < 2 else lengths[:-1]


def _records(text: str, separator: str, name: str) -> tuple[list[list[str]], list[int], int]:
    """Rows, the line on which each begins, and how many blank lines stood between them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, numbers, begins = [], [], 1
    try:
        for row in reader:
            rows.append(row)
            numbers.append(begins)
            begins = reader.line_num + 1
    except csv.Error as wrong:
        raise ReadError(f"{name}, line {begins}: {wrong}. A quotation mark is missing or one too many.") from None
    return _without_blank(rows, numbers)


def _without_blank(rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int], int]:
    """Leave blank lines out (,,, too); in a file of one column those between the rows are empty answers."""
    filled = [i for i, row in enumerate(rows) if any(row) and any(map(str.strip, row))]
    if len(filled) == len(rows):
        return rows, numbers, 0
    end = max((i for i, row in enumerate(rows) if row), default=0) + 1
    if all(len(row) <= 1 for row in rows):
        kept = range(filled[0], end)
        return [rows[i] or [""] for i in kept], [numbers[i] for i in kept], len(rows) - len(kept)
    return [rows[i] for i in filled], [numbers[i] for i in filled], end - len(filled)


def _filled(rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int]]:
    """Rows made as long as the header, and the lines of those that were shorter."""
    width = len(rows[0])
    lines = [number for row, number in zip(rows, numbers, strict=True) if len(row) < width]
    return [row + [""] * (width - len(row)) for row in rows], lines


def _refuse_ragged(rows: list[list[str]], numbers: list[int], name: str, separator: str) -> None:
    width = len(rows[0])
    wrong = [i for i, row in enumerate(rows) if len(row) != width]
    if not wrong:
        return
    first = wrong[0]
    more = f" So do {len(wrong) - 1} later rows." if len(wrong) > 1 else ""
    cure = "A text that holds the separator must stand in quotation marks."
    if all(len(rows[i]) < width for i in wrong):
        cure = "If nothing but empty cells is missing there, say short_rows='fill'."
    raise ReadError(
        f"{name}, line {numbers[first]}: {len(rows[first])} fields, but the header has {width} "
        f"(separated by {SEPARATORS[separator]}).{more} {cure}"
    )


def _told(blank: int, filled: list[int]) -> tuple[Text, ...]:
    """What was left out or filled up."""
    notes = []
    if blank:
        notes.append(both("Blank lines left out: {n}.", "건너뛴 빈 줄: {n}개.", n=blank))
    if filled:
        lines = ", ".join(map(str, filled[:5])) + (", ..." if len(filled) > 5 else "")
        en, ko = "Short rows filled with empty cells: {n} (lines {lines}).", "빈칸으로 채운 짧은 행: {n}개({lines}행)."
        notes.append(both(en, ko, n=len(filled), lines=lines))
    return tuple(notes)
