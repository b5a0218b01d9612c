"""Tables as HTML fragments: every text escaped, styled by the page that holds them or, in notebooks, by themselves."""

from collections.abc import Mapping
from html import escape
from itertools import groupby

from .formats import in_parts, tail_room
from .table import Cell, Column, Row, Table

Style = Mapping[str, str]
_RULE = "1.5px solid currentColor"
_CELL = "padding:.25em .6em;border:0;background:none;vertical-align:top;"
NOTEBOOK: Style = {
    "table": f"border-collapse:collapse;border:0;border-top:{_RULE};font-size:.92em;font-variant-numeric:tabular-nums;"
    "margin:.6em 0;max-width:100%;color:inherit;",
    "caption": "caption-side:top;text-align:left;font-weight:600;padding:.3em .6em;white-space:normal;color:inherit;",
    "subtitle": "display:block;font-weight:400;opacity:.7;",
    "head": f"{_CELL}font-weight:600;vertical-align:bottom;border-bottom:{_RULE};",
    "spanner": f"{_CELL}font-weight:600;text-align:center;border-bottom:1px solid currentColor;",
    "no-spanner": _CELL,
    "stub": f"{_CELL}font-weight:400;text-align:left;",
    "group": f"{_CELL}font-weight:600;text-align:left;",
    "cell": f"{_CELL}white-space:nowrap;",
    "notes": f"{_CELL}border-top:{_RULE};text-align:left;font-size:.88em;opacity:.75;white-space:normal;",
}
"""Inline styles by part; they work on light and dark pages."""
CHIPS = ("ok", "inf", "last", "explained", "bad")
SHORT_HEAD = 12
"""Heads up to this length stay on one line: "Log-odds" must not break at its hyphen."""


def render(table: Table, styled: bool = False) -> str:
    """Write a table as one ``<table>`` element.

    Parameters
    ----------
    table
        The grid of cells.
    styled
        Whether to add inline styles, for notebooks. A page styles ``caption small`` and the classes itself:
        ``survey-table``, ``num``, ``left``, ``group``, ``total``, ``indent-1``, ``spanner``, ``notes``, ``chip``.

    Returns
    -------
    str
        A fragment without ``<style>`` or script; every text of it is escaped.

    Examples
    --------
    >>> from surveyanalysis.tables.table import Table
    >>> "&lt;b&gt;" in render(Table((), (), title="<b>"))
    True
    """
    style: Style = NOTEBOOK if styled else {}
    parts = [_caption(table, style), _head(table, style), *_bodies(table, style), _foot(table, style)]
    language = f' lang="{escape(table.lang)}"' if table.lang else ""
    return (
        f'<table class="survey-table"{language}{_style("table", style)}>\n'
        + "\n".join(filter(None, parts))
        + "\n</table>"
    )


def page(table: Table) -> str:
    """Write a table as a small HTML page of its own, with the styles that notebooks get."""
    head = f'<!doctype html>\n<html lang="{escape(table.lang or "en")}">\n<meta charset="utf-8">\n'
    return f"{head}<title>{escape(table.title)}</title>\n{render(table, styled=True)}\n</html>\n"


def _style(part: str, style: Style, more: str = "") -> str:
    return f' style="{style[part]}{more}"' if style else ""


def _caption(table: Table, style: Style) -> str:
    if not (table.title or table.subtitle):
        return ""
    below = f"<small{_style('subtitle', style)}>{escape(table.subtitle)}</small>" if table.subtitle else ""
    words = f"{escape(table.title)}{below}"
    return f"<caption{_style('caption', style)}>{words if style else _staying(words)}</caption>"


def _staying(words: str) -> str:
    """Words that a page keeps in view while a wide table scrolls under them."""
    return f'<div class="stay">{words}</div>'


def _head(table: Table, style: Style) -> str:
    """Heads of the columns, under their spanners."""
    heads = [f'<th scope="col" class="left"{_style("head", style, "text-align:left;")}>{escape(table.stub_head)}</th>']
    for column in table.columns:
        align = f"text-align:{column.align};"
        kind = _class(column) + " short" * (len(column.head) <= SHORT_HEAD)
        align += "white-space:nowrap;" * (len(column.head) <= SHORT_HEAD)
        heads.append(f'<th scope="col" class="{kind}"{_style("head", style, align)}>{escape(column.head)}</th>')
    return f"<thead>{_spanners(table, style)}<tr>{''.join(heads)}</tr></thead>"


def _spanners(table: Table, style: Style) -> str:
    if not any(column.spanner for column in table.columns):
        return ""
    cells = [f"<td{_style('no-spanner', style)}></td>"]
    for spanner, group in groupby(table.columns, key=lambda column: column.spanner):
        span = len(list(group))
        if spanner:
            kind = f'scope="colgroup" class="spanner" colspan="{span}"{_style("spanner", style)}'
            cells.append(f"<th {kind}>{escape(spanner)}</th>")
        else:
            cells.append(f'<td colspan="{span}"{_style("no-spanner", style)}></td>')
    return f"<tr>{''.join(cells)}</tr>"


def _class(column: Column) -> str:
    return "num" if column.align == "right" else "left"


def _bodies(table: Table, style: Style) -> list[str]:
    """One ``<tbody>`` a group of rows, so that a group's head is the head of its rows; less indent ends the group."""
    bodies: list[list[str]] = [[]]
    rooms, above = _rooms(table), 0
    for row in table.rows:
        if bodies[-1] and (row.kind == "group" or row.indent < above):
            bodies.append([])
        above = row.indent
        bodies[-1].append(_row(row, table, style, rooms))
    return [f"<tbody>{''.join(rows)}</tbody>" for rows in bodies if rows]


def _row(row: Row, table: Table, style: Style, rooms: list[str]) -> str:
    stub, indent = escape(row.stub), min(row.indent, 4)
    shift = f"padding-left:{0.6 + 1.1 * indent:.1f}em;"
    if row.kind == "group":
        span = len(table.columns) + 1
        head = f'<th scope="rowgroup" colspan="{span}"{_style("group", style, shift)}>{stub}</th>'
        return f'<tr class="group">{head}</tr>'
    weight = "font-weight:600;" if row.kind == "total" else ""
    tongue = foreign(row.stub, table.lang)
    head = f'<th scope="row" class="indent-{indent}"{tongue}{_style("stub", style, shift + weight)}>{stub}</th>'
    cells = "".join(
        _cell(cell, column, table.lang, style, room) for cell, column, room in zip(row.cells, table.columns, rooms)
    )
    return f'<tr class="{row.kind}">{head}{cells}</tr>'


def _rooms(table: Table) -> list[str]:
    """Room of each column for what hangs to the right of its digits."""
    return [
        tail_room(row.cells[i] for row in table.rows if i < len(row.cells)) if column.align == "right" else ""
        for i, column in enumerate(table.columns)
    ]


def _hanging(cell: Cell, lang: str, room: str) -> str:
    """Digits, then closing bracket and mark in the room that the column keeps for them."""
    body, tail = in_parts(cell, lang)
    if not room or not body:
        return escape(body + tail)
    width = 0.5 * len(room) + 0.1
    return f'{escape(body)}<span style="display:inline-block;width:{width:.1f}em;text-align:left">{escape(tail)}</span>'


def _cell(cell: Cell, column: Column, lang: str, style: Style, room: str = "") -> str:
    words = _hanging(cell, lang, room)
    tongue = foreign(words, lang)
    if cell.chip:
        kind = cell.chip if cell.chip in CHIPS else "bad"
        words = f'<span class="chip {kind}">{words}</span>'
    wrap = "white-space:normal;" if column.align == "left" else ""
    return (
        f'<td class="{_class(column)}"{tongue}{_style("cell", style, f"text-align:{column.align};{wrap}")}>{words}</td>'
    )


def foreign(words: str, lang: str) -> str:
    """Attribute that tells a screen reader of Korean words on an English page; nothing elsewhere.

    Examples
    --------
    >>> foreign("여성", "en"), foreign("여성", "ko")
    (' lang="ko"', '')
    """
    return ' lang="ko"' if lang != "ko" and any("가" <= letter <= "힣" for letter in words) else ""


def _foot(table: Table, style: Style) -> str:
    if not table.notes:
        return ""
    lines = "<br>".join(escape(note) for note in table.notes)
    lines = lines if style else _staying(lines)
    span = len(table.columns) + 1
    return f'<tfoot><tr><td class="notes" colspan="{span}"{_style("notes", style)}>{lines}</td></tr></tfoot>'
