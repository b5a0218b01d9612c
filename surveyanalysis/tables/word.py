"""Tables as Word documents: a real table with three rules, spanners, indented groups and notes."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ..errors import OutputError
from .formats import in_parts, legal, tail_room
from .table import Row, Table
from .text import text_width

LATIN, EAST_ASIAN = "Arial", "Malgun Gothic"
"""Fonts by script: Word takes the second one for Hangul."""
TEXT, SMALL, TITLE = 9.0, 8.0, 11.0
THICK, THIN = 12, 6
"""Rules in eighths of a point."""
PORTRAIT, LANDSCAPE = 6.3, 9.2
"""Width between the margins, in inches."""
MARGIN = 0.08
"""Space at both sides of a cell, in inches."""


def render(table: Table) -> bytes:
    """Write a table as a .docx file.

    Returns
    -------
    bytes
        Title and subtitle over the table, notes under it; heads are repeated on every page, a row is never torn, and a
        table that is wider than a page stands on a landscape one.

    Raises
    ------
    OutputError
        python-docx is not installed.
    """
    docx = _docx()
    document = docx.Document()
    widths, room = _widths(table)
    _page(document, room)
    _named(document, table)
    if table.title:
        _paragraph(document, table.title, TITLE, bold=True)
    if table.subtitle:
        _paragraph(document, table.subtitle, TEXT)
    _grid(document, table, widths)
    for i, note in enumerate(table.notes):
        _paragraph(document, note, SMALL, before=4.0 if i == 0 else 0.0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _docx() -> Any:
    try:
        import docx
    except ImportError as error:
        raise OutputError(
            "Word documents need the package python-docx, which is not installed. Nothing was written. "
            'Install the extra: pip install "surveyanalysis[paper]".'
        ) from error
    return docx


def _widths(table: Table) -> tuple[list[float], float]:
    """Widths of the stub and the columns in inches, and the room of the page that they fit."""
    letter = 0.56 * TEXT / 72
    stub = max([text_width(table.stub_head), *(2 * r.indent + text_width(r.stub) for r in table.rows if r.cells)])
    wanted = [min(stub * letter, 2.6)]
    for i, column in enumerate(table.columns):
        printed = ["".join(in_parts(row.cells[i], table.lang)) for row in table.rows if i < len(row.cells)]
        words = max([text_width(word) for word in column.head.split(" ")] + [text_width(p) for p in printed])
        wanted.append(min(words * letter, 2.6))
    full = [width + 2 * MARGIN for width in wanted]
    room = PORTRAIT if sum(full) <= PORTRAIT else LANDSCAPE
    scale = min(1.0, room / sum(full))
    return [width * scale for width in full], room


def _page(document: Any, room: float) -> None:
    """A4, upright or landscape; the fonts and languages of both scripts."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt

    section, short, long = document.sections[0], Inches(8.27), Inches(11.69)
    wide = room > PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.left_margin = section.right_margin = (section.page_width - Inches(room)) // 2
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(TEXT)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)
    language = _child(properties, "w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "ko-KR")


def _named(document: Any, table: Table) -> None:
    """Properties of the file: its title and language, nobody else's name and date."""
    from datetime import UTC, datetime

    properties, now = document.core_properties, datetime.now(UTC)
    properties.title, properties.author, properties.comments = legal(table.title)[:255], "", ""
    properties.created = properties.modified = now
    properties.language = {"ko": "ko-KR"}.get(table.lang, "en-US")


def _paragraph(holder: Any, words: str, size: float, bold: bool = False, before: float = 0.0) -> None:
    from docx.shared import Pt

    paragraph = holder.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.keep_with_next = bold
    _run(paragraph, words, size, bold)


def _run(paragraph: Any, words: str, size: float = TEXT, bold: bool = False) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(legal(words))
    run.font.size, run.bold = Pt(size), bold or None


def _grid(document: Any, table: Table, widths: Sequence[float]) -> None:
    """The table itself: heads, rows, and three rules."""
    from docx.shared import Inches

    heads = 2 if any(column.spanner for column in table.columns) else 1
    grid = document.add_table(rows=heads + len(table.rows), cols=len(table.columns) + 1)
    grid.autofit = False
    for column, width in zip(grid.columns, widths):
        column.width = Inches(width)
    cells = [list(line.cells) for line in grid.rows]
    for line in cells:
        for cell, width in zip(line, widths):
            cell.width = Inches(width)
    _heads(table, cells[:heads])
    rooms = [tail_room(row.cells[i] for row in table.rows if i < len(row.cells)) for i in range(len(table.columns))]
    for i, (row, own) in enumerate(zip(table.rows, cells[heads:])):
        follows = i + 1 < len(table.rows) and not table.rows[i + 1].stub
        _row(row, own, table, rooms, row.kind == "group" or follows)
    for i, line in enumerate(grid.rows):
        properties = line._tr.get_or_add_trPr()
        _child(properties, "w:cantSplit")
        if i < heads:
            _child(properties, "w:tblHeader")
    for at, edge, size in ((0, "top", THICK), (heads - 1, "bottom", THIN), (-1, "bottom", THICK)):
        for cell in cells[at]:
            _rule(cell, edge, size)


def _heads(table: Table, lines: Sequence[Sequence[Any]]) -> None:
    """Heads of the columns, aligned as their numbers; spanners over them with a rule of their own."""
    from docx.enum.table import WD_ALIGN_VERTICAL

    last = lines[-1]
    _fill(last[0], table.stub_head, "left", bold=True)
    for cell, column in zip(last[1:], table.columns):
        _fill(cell, column.head, column.align, bold=True)
    for cell in (cell for line in lines for cell in line):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    if len(lines) == 1:
        return
    for spanner, first, final in _spanners(table):
        if spanner:
            over = lines[0][first + 1].merge(lines[0][final + 1])
            _fill(over, spanner, "center", bold=True)
            _rule_below(over.paragraphs[0])


def _spanners(table: Table) -> Iterator[tuple[str, int, int]]:
    """Spanners with the first and the last column under each."""
    for spanner, group in groupby(range(len(table.columns)), key=lambda i: table.columns[i].spanner):
        members = list(group)
        yield spanner, members[0], members[-1]


def _row(row: Row, cells: Sequence[Any], table: Table, rooms: Sequence[str], keep: bool) -> None:
    """One row; digits stay aligned, since brackets and marks hang to their right."""
    from docx.shared import Pt

    bold = row.kind in ("group", "total")
    stub = cells[0].merge(cells[-1]) if row.kind == "group" else cells[0]
    _fill(stub, row.stub, "left", bold, keep)
    stub.paragraphs[0].paragraph_format.left_indent = Pt(10 * row.indent) if row.indent else None
    if row.kind == "group":
        return
    for cell, column, room, target in zip(row.cells, table.columns, rooms, cells[1:]):
        body, tail = in_parts(cell, table.lang)
        _fill(target, body + tail, column.align, keep=keep)
        spare = _wide(room) - _wide(tail)
        if body and column.align == "right" and spare > 0:
            target.paragraphs[0].paragraph_format.right_indent = Pt(spare)


def _wide(tail: str) -> float:
    """Width of brackets and stars in points."""
    return sum(TEXT * (0.39 if character == "*" else 0.33) for character in tail)


def _fill(cell: Any, words: str, align: str, bold: bool = False, keep: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    paragraph.paragraph_format.keep_with_next = keep or None
    _run(paragraph, words, bold=bold)


def _rule(cell: Any, edge: str, size: int) -> None:
    """A rule along one edge of a cell."""
    borders = _child(cell._tc.get_or_add_tcPr(), "w:tcBorders", "w:vAlign")
    _line(borders, f"w:{edge}", size)


def _rule_below(paragraph: Any) -> None:
    """A rule under words alone, so that neighbouring spanners stay apart."""
    _line(_child(paragraph._p.get_or_add_pPr(), "w:pBdr", "w:spacing", "w:ind", "w:jc"), "w:bottom", THIN)


def _child(parent: Any, tag: str, *before: str) -> Any:
    """Return the child of this name, made where there is none; it stands before those named, as the schema asks."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        later = [i for i, child in enumerate(parent) if child.tag in {qn(name) for name in before}]
        parent.insert(min(later, default=len(parent)), found)
    return found


def _line(parent: Any, tag: str, size: int) -> None:
    from docx.oxml.ns import qn

    edge = _child(parent, tag)
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "auto")):
        edge.set(qn(f"w:{name}"), value)
