"""Excel workbooks: one sheet as text, the way a person who looks at the sheet would write it down."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ..errors import ReadError, nearest
from ..language import Text, both
from .archive import member, opened, refuse_entities
from .grid import Grid

MAX_CELLS = 50_000_000
DIGITS = 15


def excel_grid(content: bytes, name: str, sheet: str | None = None) -> Grid:
    """Read one sheet of an xlsx workbook.

    Parameters
    ----------
    content, name
        Bytes of the file, and its name for messages.
    sheet
        Name of the sheet; None takes the first that is visible.

    Returns
    -------
    Grid
        Whole numbers without a decimal point, dates as 2011-02-17 (10:33:00 where there is a time), booleans as TRUE
        and FALSE, leading zeros that the cell's format shows (0000), texts as they are, hidden columns too.

    Raises
    ------
    ReadError
        A damaged or dangerous file, no such sheet (the nearest is named), an empty sheet, a formula without a value.
    """
    archive = opened(content, name)
    refuse_entities(archive, name)
    book = _workbook(content, name)
    try:
        chosen = _sheet_name(book, name, sheet)
        rows, numbers, blank = _rows(book[chosen], name)
    finally:
        book.close()
    _refuse_uncomputed(content, archive, name, chosen)
    told = (*_told(rows, blank), *_merged(archive, book, chosen))
    return Grid(rows, numbers, "excel", sheet=_in_words(book, chosen), notes=told)


def _workbook(content: bytes, name: str, values: bool = True) -> Any:
    """Open with openpyxl, row by row."""
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except Exception as wrong:
        raise ReadError(f"{name} is no Excel workbook that can be read ({wrong}). Save it again as .xlsx.") from None


def _sheet_name(book: Any, name: str, sheet: str | None) -> str:
    sheets = [s.title for s in book.worksheets]
    if sheet is not None and sheet not in sheets:
        raise ReadError(f"{name} has no sheet {sheet!r}.{nearest(sheet, sheets)} It has: {', '.join(sheets)}.")
    visible = [s.title for s in book.worksheets if s.sheet_state == "visible"]
    if not sheets:
        raise ReadError(f"{name} has no sheet with cells.")
    return sheet or (visible or sheets)[0]


def _in_words(book: Any, chosen: str) -> str:
    """The sheet that was read, and how many there are."""
    count = len(book.worksheets)
    return chosen if count == 1 else f"{chosen} (one of {count})"


def _rows(sheet: Any, name: str) -> tuple[list[list[str]], list[int], int]:
    """Cells as text, the row numbers, and how many empty rows stood between them."""
    sheet.reset_dimensions()
    rows, numbers, width, last = [], [], 0, 0
    for number, cells in enumerate(_cells(sheet, name), start=1):
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            rows.append(row)
            numbers.append(number)
            width, last = max(width, len(row)), number
        if len(rows) * width > MAX_CELLS:
            raise ReadError(f"{name} has more than {MAX_CELLS:,} cells. A cell far away from the table? Delete it.")
    if not rows:
        raise ReadError(f"{name}, sheet {sheet.title!r} is empty: there is no header and no answer in it.")
    return [row + [""] * (width - len(row)) for row in rows], numbers, last - numbers[0] + 1 - len(rows)


def _cells(sheet: Any, name: str) -> Iterator[Any]:
    try:
        yield from sheet.iter_rows()
    except ReadError:
        raise
    except Exception as wrong:
        raise ReadError(f"{name}, sheet {sheet.title!r} is damaged ({wrong}). Save it again as .xlsx.") from None


def _text(cell: Any) -> str:
    """One cell as a person would write it down."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return _moment(value)


def _number(value: int | float, shown: str) -> str:
    """A number without what a computer adds to it; 0.25 that is shown as 25% is 25%."""
    if "%" in shown:
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    written = str(value)
    if isinstance(value, float):
        plain = f"{Decimal(written):f}"
        written = plain.removesuffix(".0")
    if set(shown) == {"0"} and written.isdigit():
        return written.zfill(len(shown))
    return written


def _moment(value: date | time | timedelta) -> str:
    """A date, a time of day, or a duration; Excel's fractions of a second are rounding."""
    if not isinstance(value, datetime):
        return str(value)
    rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return str(rounded.date() if rounded.time() == time() else rounded)


ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})


def _merged(archive: Any, book: Any, chosen: str) -> tuple[Text, ...]:
    """Tell of merged cells: Excel keeps their value in the first one only."""
    part = book[chosen]._worksheet_path.lstrip("/")
    ranges = re.findall(rb'<mergeCell ref="([A-Z0-9:]+)"', member(archive, part, chosen))
    if not ranges:
        return ()
    listed = ", ".join(r.decode() for r in ranges[:5]) + (", ..." if len(ranges) > 5 else "")
    en, ko = (
        "Merged cells: {n} ({x}); only the first of each holds the value.",
        "병합된 셀: {n}곳({x}); 첫 셀에만 값이 있음.",
    )
    return (both(en, ko, n=len(ranges), x=listed),)


def _told(rows: list[list[str]], blank: int) -> tuple[Text, ...]:
    """What was left out, or lost before the file came here."""
    notes = []
    wrong = sum(cell in ERRORS for row in rows for cell in row)
    if wrong:
        notes.append(
            both("Cells that hold an error of Excel (#N/A ...): {n}.", "엑셀 오류(#N/A 등) 셀: {n}개.", n=wrong)
        )
    if blank:
        notes.append(both("Empty rows left out: {n}.", "건너뛴 빈 행: {n}개.", n=blank))
    long = sum(len(cell) > DIGITS and cell.isdigit() and cell.endswith("0") for row in rows[1:] for cell in row)
    if long:
        notes.append(
            both(
                "Numbers of more than 15 digits that end in 0: {n}. Excel keeps 15; later digits may be lost.",
                "15자리를 넘고 0으로 끝나는 수: {n}개. 엑셀은 15자리만 보존하므로 뒷자리가 손실되었을 수 있다.",
                n=long,
            )
        )
    return tuple(notes)


def _refuse_uncomputed(content: bytes, archive: Any, name: str, chosen: str) -> None:
    """A formula that no program has computed yet would read as an empty answer."""
    sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
    if not any(b"<f>" in part or b"<f " in part for part in map(archive.read, sheets)):
        return
    formulas, values = _workbook(content, name, values=False), _workbook(content, name)
    try:
        for formula, value in zip(_all_cells(formulas[chosen]), _all_cells(values[chosen]), strict=True):
            if formula.data_type == "f" and value.value is None:
                raise ReadError(
                    f"{name}, sheet {chosen!r}, cell {formula.coordinate}: a formula without a value. "
                    "Open the file in Excel, save it, and read it again."
                )
    finally:
        formulas.close()
        values.close()


def _all_cells(sheet: Any) -> Iterator[Any]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        yield from row
