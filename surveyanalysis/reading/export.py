"""What an export file held: columns as text, header texts, and what was detected; nothing guessed, nothing dropped."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import ReadError, nearest, one_of
from ..language import Text
from .grid import Grid, Layout


@dataclass(frozen=True, eq=False)
class Export:
    """One export file.

    Attributes
    ----------
    header_texts
        Column -> the question text in the file's header rows.
    identifiers
        Column -> the platform's stable id (Qualtrics ImportId with choiceId).
    format, encoding, separator, sheet
        What was detected, or named by the user; empty where it does not apply.
    path, sha256
        The file and its hash.
    header_rows
        How many rows there are above the first respondent.
    notes
        What was left out (blank lines) or may have been lost before the file came here.
    """

    _frame: pd.DataFrame
    header_texts: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    format: str = "csv"
    encoding: str = "utf-8"
    separator: str = ","
    path: str = ""
    sha256: str = ""
    header_rows: int = 1
    sheet: str = ""
    notes: tuple[Text, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """Cells as text, "" where empty; the index is the 1-based row in the file, called "file_row"."""
        return self._frame.copy(deep=False)

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        from .csv_file import SEPARATORS
        from .decoding import WORDS

        how = [f"sheet {self.sheet}"] if self.sheet else []
        if not self.sheet:
            how = [WORDS.get(self.encoding, self.encoding), SEPARATORS.get(self.separator, self.separator)]
        rows, columns = self._frame.shape
        size = [f"{rows:,} rows", f"{columns:,} columns", f"{self.header_rows} header row{'s'[: self.header_rows - 1]}"]
        return ". ".join([", ".join([f"{self.format} export", *how, *size]), *(n["en"] for n in self.notes)])


def read_export(
    path: str | Path,
    format: str | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    short_rows: Literal["refuse", "fill"] = "refuse",
) -> Export:
    """Read what a survey platform exported, as text; the result says in one line what was detected.

    Parameters
    ----------
    path
        A text file with separators (comma, semicolon, tab or bar), an xlsx workbook, or a zip file with one text file.
    format
        "qualtrics", or "csv" or "excel" for one header row of names; found where it is None.
    encoding
        Of a text file; found where it is None: UTF-8 and UTF-16 with or without byte-order mark, CP949.
    sheet
        Of a workbook; the first visible one where it is None.
    short_rows
        Of a text file: "refuse" rows that end before the header does, or "fill" them with empty cells (a total or a
        note below the answers); `notes` tells which.

    Returns
    -------
    Export

    Raises
    ------
    ReadError
        No such file, nothing in it or nothing below the header, bytes that cannot be decoded, rows of different
        lengths (the line is named), two columns of one name, a damaged or dangerous archive.

    Notes
    -----
    Every cell is text, as written: 0012 keeps its zeros and NA stays NA. No column is renamed, except Qualtrics tags
    that occur twice: these get their ImportId, as ``Q5 [QID5-1]``. Blank lines are left out, and counted in `notes`.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = file.write_text("id;country\\n0012;NA\\n0013;KR\\n")
    >>> export = read_export(file)
    >>> export
    csv export, utf-8, semicolon, 2 rows, 2 columns, 1 header row
    >>> export.frame.loc[2].tolist()
    ['0012', 'NA']
    """
    from .detect import layout_of

    one_of(short_rows, ("refuse", "fill"), "short_rows")
    content = _bytes_of(Path(path))
    grid = _grid(content, str(path), encoding, sheet, short_rows)
    layout = layout_of(grid, str(path), format)
    return Export(
        _frame(grid, layout),
        header_texts=layout.texts,
        identifiers=layout.identifiers,
        format=layout.format,
        encoding=grid.encoding,
        separator=grid.separator,
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        header_rows=layout.header_rows,
        sheet=grid.sheet,
        notes=grid.notes,
    )


def _bytes_of(path: Path) -> bytes:
    """The file's bytes."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        where = "" if path.parent.is_dir() else f" The folder {path.parent} does not exist either."
        raise ReadError(f"There is no file {path}.{where}{nearest(path.name, beside)}") from None
    except IsADirectoryError:
        files = sorted(p.name for p in path.iterdir() if p.is_file())
        raise ReadError(f"{path} is a folder; name a file in it: {', '.join(files[:8]) or 'it has none'}.") from None
    except OSError as wrong:
        raise ReadError(f"Cannot read {path}: {wrong.strerror or wrong}.") from None


OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password; save it as .xlsx without a password",
    b"$FL": "an SPSS file; export it as CSV",
    b"<stata_dta>": "a Stata file; export it as CSV",
    b"PAR1": "a Parquet file; use Survey.from_frame(pandas.read_parquet(...))",
    b"%PDF": "a PDF; export the answers as CSV",
    b"\x1f\x8b": "a gzip file; unpack it",
    b"<!DOCTYPE": "an HTML page; open it in Excel and save it as .xlsx",
    b"<html": "an HTML page; open it in Excel and save it as .xlsx",
}


def _grid(
    content: bytes, name: str, encoding: str | None, sheet: str | None, short_rows: Literal["refuse", "fill"]
) -> Grid:
    """The cells, by the kind of file that the first bytes tell."""
    from .archive import only_text, opened
    from .csv_file import csv_grid
    from .excel import excel_grid

    for start, what in OTHER_KINDS.items():
        if content.startswith(start):
            raise ReadError(f"{name} is {what}.")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archive = opened(content, name)
        if "xl/workbook.xml" in archive.namelist():
            return excel_grid(content, name, sheet)
        _refuse_workbook(name)
        inside, text = only_text(archive, name)
        return csv_grid(text, f"{name} ({inside})", encoding, short_rows)
    _refuse_workbook(name)
    if sheet is not None:
        raise ReadError(f"{name} is a text file and has no sheets; leave `sheet` away.")
    return csv_grid(content, name, encoding, short_rows)


def _refuse_workbook(name: str) -> None:
    """A file whose name says Excel, but whose bytes do not."""
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise ReadError(f"{name} is no Excel workbook, whatever its name. Save it as one, or give it its true ending.")


def _frame(grid: Grid, layout: Layout) -> pd.DataFrame:
    """The rows below the header, one column of text for each name."""
    below = slice(layout.header_rows, None)
    index = pd.Index(grid.numbers[below], name="file_row")
    columns = (np.array(cells, dtype=object) for cells in zip(*grid.rows[below], strict=True))
    data = {name: pd.Series(cells, index, dtype="str") for name, cells in zip(layout.columns, columns, strict=True)}
    return pd.DataFrame(data, index=index)
