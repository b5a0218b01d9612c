"""Tables as Excel sheets: numbers stay numbers, texts stay texts."""

import io
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from .formats import MINUS, in_parts, legal, missing, printed
from .table import Cell, Format, Row, Table
from .text import text_width


def render(table: Table) -> bytes:
    """Write a table as a workbook with one sheet.

    Returns
    -------
    bytes
        Numbers at full precision under the format that is printed, brackets and stars as parts of that format.
        Intervals and very small p-values are texts. A text is never taken for a formula.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Table"
    bold, at = Font(bold=True), 1
    for words, font in ((table.title, bold), (table.subtitle, None)):
        if words:
            _say(sheet.cell(at, 1), words, font)
            at += 1
    first = at
    at = _heads(sheet, table, at, bold)
    for row in table.rows:
        _row(sheet, row, table, at, bold)
        at += 1
    _rules(sheet, len(table.columns) + 1, first, at - len(table.rows) - 1, at - 1)
    for note in table.notes:
        _say(sheet.cell(at, 1), note)
        at += 1
    _widths(sheet, table)
    sheet.freeze_panes = sheet.cell(at - len(table.rows) - len(table.notes), 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _say(cell: Any, words: str, font: Any = None, align: str = "left", indent: int = 0) -> None:
    """Write a text, as a text whatever it begins with."""
    from openpyxl.styles import Alignment

    cell.value = legal(words)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(horizontal=align, indent=indent)
    if font is not None:
        cell.font = font


def _heads(sheet: Any, table: Table, at: int, bold: Any) -> int:
    """Spanners, merged over their columns, and heads; the next row."""
    if any(column.spanner for column in table.columns):
        position = 2
        for spanner, group in groupby(table.columns, key=lambda column: column.spanner):
            width = len(list(group))
            if spanner:
                _say(sheet.cell(at, position), spanner, bold, "center")
                sheet.merge_cells(start_row=at, start_column=position, end_row=at, end_column=position + width - 1)
            position += width
        at += 1
    _say(sheet.cell(at, 1), table.stub_head, bold)
    for i, column in enumerate(table.columns, start=2):
        _say(sheet.cell(at, i), column.head, bold, column.align)
    return at + 1


def _row(sheet: Any, row: Row, table: Table, at: int, bold: Any) -> None:
    _say(sheet.cell(at, 1), row.stub, bold if row.kind != "data" else None, indent=row.indent)
    for i, (cell, column) in enumerate(zip(row.cells, table.columns), start=2):
        body, tail = in_parts(cell, table.lang)
        form = number_format(cell)
        if not form:
            _say(sheet.cell(at, i), body + tail, align=column.align)
            continue
        value = cell.value.item() if hasattr(cell.value, "item") else cell.value
        target = sheet.cell(at, i, value * 100 if _in_percent(cell.format) else value)
        target.number_format = form


def number_format(cell: Cell) -> str:
    """Excel's format of a number as it is printed; nothing where only a text can say it.

    Examples
    --------
    >>> number_format(Cell(0.5214, Format("number", 2), mark="**"))
    '#,##0.00"**";"−"#,##0.00"**";#,##0.00"**"'
    >>> number_format(Cell(0.0004, Format("p")))
    ''
    """
    value, form = cell.value, cell.format
    plain = not missing(value) and not isinstance(value, str | Mapping | tuple | bool) and form.kind != "text"
    if not plain or abs(float(value)) == float("inf"):
        return ""
    opening, tail = form.brackets[:1], form.brackets[1:] + cell.mark
    if form.kind == "p":
        inside = 0.001 <= value < 0.9995
        return f"{_quoted(opening)}.{'0' * max(form.decimals, 3)}{_quoted(tail)}" if inside else ""
    places = 0 if form.kind == "integer" else form.decimals
    digits = "#,##0" + ("." + "0" * places if places else "") + _quoted(tail)
    plus = "+" if form.kind == "signed" else ""
    signs = (plus, MINUS, "") if any(digit in "123456789" for digit in printed(cell)) else ("", "", "")
    return ";".join(_quoted(opening + sign) + digits for sign in signs)


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


def _in_percent(form: Format) -> bool:
    """Whether the head says that the number is in percent."""
    return form.kind == "percent" or (form.kind == "signed" and form.percent)


def _rules(sheet: Any, width: int, top: int, under: int, bottom: int) -> None:
    """The three rules of a printed table."""
    from openpyxl.styles import Border, Side

    for i in range(1, width + 1):
        sheet.cell(top, i).border = Border(top=Side("medium"), bottom=Side("thin") if top == under else None)
        if under != top:
            sheet.cell(under, i).border = Border(bottom=Side("thin"))
        if bottom != under:
            sheet.cell(bottom, i).border = Border(bottom=Side("medium"))


def _widths(sheet: Any, table: Table) -> None:
    """Columns as wide as what stands in them."""
    stub = max([text_width(table.stub_head), *(2 * r.indent + text_width(r.stub) for r in table.rows if r.cells)])
    sheet.column_dimensions["A"].width = min(stub + 2, 60)
    for i, column in enumerate(table.columns):
        shown = ["".join(in_parts(row.cells[i], table.lang)) for row in table.rows if i < len(row.cells)]
        widest = max(text_width(words) for words in [column.head, *shown])
        sheet.column_dimensions[sheet.cell(1, i + 2).column_letter].width = min(widest + 3, 40)
