"""Tables as comma-separated values, for machines."""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .formats import missing, printed
from .table import Cell, Table


def render(table: Table) -> str:
    """Write a table as CSV for machines: numbers at full precision, no thousands, an interval as two columns.

    Percents are written in percent, as their head says, every digit kept. A first column names the group of rows where
    there are groups. Texts stay as they are, also those that a spreadsheet would run as a formula (``=...``): this is a
    file for programs; open it in a spreadsheet as text.
    """
    grouped = any(row.kind == "group" for row in table.rows)
    wide = [_is_interval(table, i) for i in range(len(table.columns))]
    head = ["group"] * grouped + [table.stub_head or "row"]
    for column, pair in zip(table.columns, wide):
        name = " ".join(w for w in (column.spanner, column.head) if w)
        head += [f"{name} low", f"{name} high"] if pair else [name]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    group, above = "", 0
    for row in table.rows:
        group = row.stub if row.kind == "group" else "" if row.indent < above else group
        above = row.indent
        if row.kind == "group":
            continue
        cells = [field for cell, pair in zip(row.cells, wide) for field in _fields(cell, pair, table.lang)]
        writer.writerow([group] * grouped + [row.stub, *cells])
    return out.getvalue()


def _is_interval(table: Table, position: int) -> bool:
    return any(row.cells[position].format.kind == "interval" for row in table.rows if position < len(row.cells))


def _fields(cell: Cell, pair: bool, lang: str) -> list[Any]:
    """One cell as one or two CSV fields."""
    if missing(cell.value):
        return ["", ""] if pair else [""]
    if isinstance(cell.value, tuple):
        return [_machine(end, cell.format.percent) for end in cell.value]
    hundred = cell.format.kind == "percent" or (cell.format.kind == "signed" and cell.format.percent)
    plain = cell.format.kind == "text" or isinstance(cell.value, str | Mapping)
    field = printed(cell, lang) if plain else _machine(cell.value, hundred)
    return [field, ""] if pair else [field]


def _machine(value: Any, hundred: bool) -> str:
    """Shortest digits that give back the value; in percent by moving the point, so that nothing is lost."""
    number = value.item() if hasattr(value, "item") else value
    return f"{Decimal(repr(float(number))).scaleb(2).normalize():f}" if hundred else repr(number)
