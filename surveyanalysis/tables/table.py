"""A table is a grid of cells: numbers stay numbers until they are printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..errors import ChoiceError, one_of
from ..language import LANGUAGES

FormatKind = Literal["text", "number", "integer", "percent", "p", "interval", "signed"]


@dataclass(frozen=True, slots=True)
class Format:
    """How a value is printed.

    Attributes
    ----------
    kind
        "percent" multiplies by 100 and shows no sign (the head says %); "p" prints "<.001" and no leading zero;
        "interval" takes a pair; "signed" shows + and a true minus.
    decimals
        Decimals shown; rounding is half-up on the decimal representation.
    percent
        For intervals and signed numbers: whether they are shares to be shown in percent.
    between
        For intervals: what stands between the ends.
    brackets
        What the number stands in: "()", "[]", or nothing.
    """

    kind: FormatKind = "text"
    decimals: int = 1
    percent: bool = False
    between: str = "–"
    brackets: Literal["", "()", "[]"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a value and its format. `None` and NaN print as nothing, or as `blank`."""

    value: Any = None
    format: Format = field(default_factory=Format)
    blank: str = ""
    chip: str = ""
    """For verdicts: the class of the chip ("ok", "inf", "last", "explained", "bad"); empty for plain cells."""
    mark: str = ""
    """What follows the number, such as stars; it hangs to the right, so that digits stay aligned."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its stub (row header), its cells, and whether it heads a group or sums up."""

    stub: str
    cells: tuple[Cell, ...] = ()
    kind: Literal["data", "group", "total"] = "data"
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column head: its text, its alignment, and the spanner that it stands under."""

    head: str
    align: Literal["left", "right"] = "right"
    spanner: str = ""


@dataclass(frozen=True)
class Table:
    """A printed table.

    Attributes
    ----------
    stub_head
        Head of the first column, which holds the rows' stubs.
    columns, rows
        The grid; every data row has one cell a column.
    notes
        Lines under the table: base, design, interval, warnings.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    subtitle: str = ""
    stub_head: str = ""
    notes: tuple[str, ...] = ()
    lang: str = "en"

    def __post_init__(self) -> None:
        one_of(self.lang, LANGUAGES, "lang")

    def with_notes(self, *notes: str) -> "Table":
        """Return the same table with more lines at its foot."""
        return replace(self, notes=(*self.notes, *notes))

    def to_text(self, width: int = 100) -> str:
        """Render for a terminal, within `width` columns; Hangul counts as two."""
        from .text import render

        return render(self, width)

    def to_markdown(self, path: "str | Path | None" = None) -> str:
        """Render as a Markdown table; write it if asked."""
        from .markdown import render

        return _written(render(self), path)

    def to_html(self, path: "str | Path | None" = None) -> str:
        """Render as an HTML fragment, every text escaped; a file is a small page of its own."""
        from .html import page, render

        if path is not None:
            _written(page(self), path)
        return render(self)

    def to_csv(self, path: "str | Path | None" = None) -> str:
        """Return machine-readable CSV: numbers at full precision, intervals as two columns; write it if asked."""
        from .delimited import render

        return _written(render(self), path)

    def to_word(self, path: "str | Path") -> Path:
        """Write a Word document with a real table: three rules, spanners, notes; needs the extra ``paper``.

        Parameters
        ----------
        path
            A .docx file; an older one stays until the new one is complete.

        Returns
        -------
        Path

        Raises
        ------
        ChoiceError
            The file does not end in .docx.
        OutputError
            python-docx is not installed, or the file cannot be written.
        """
        from .word import render

        return _document(render, self, path, ".docx")

    def to_excel(self, path: "str | Path") -> Path:
        """Write an Excel sheet: numbers stay numbers under the format that is printed, texts never become formulas.

        Parameters
        ----------
        path
            A .xlsx file; an older one stays until the new one is complete.

        Returns
        -------
        Path

        Raises
        ------
        ChoiceError
            The file does not end in .xlsx.
        OutputError
            The file cannot be written.
        """
        from .excel import render

        return _document(render, self, path, ".xlsx")

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from .html import render

        return render(self, styled=True)


def _written(content: str, path: "str | Path | None") -> str:
    """Write the content where a path is given; return it."""
    if path is not None:
        from ..files import write_text

        write_text(path, content)
    return content


def _document(render: Callable[[Table], bytes], table: Table, path: "str | Path", ending: str) -> Path:
    """Write what `render` makes of the table to a file of its kind."""
    from ..files import write_bytes

    if Path(path).suffix.lower() != ending:
        raise ChoiceError(f"`path` is {str(path)!r}; its ending must be {ending}.")
    return write_bytes(path, render(table))


def data_rows(table: Table) -> Sequence[Row]:
    """Return the rows that hold numbers."""
    return [row for row in table.rows if row.kind != "group"]
