"""Tables as plain text, for terminals."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from .formats import in_parts, tail_room
from .table import Cell, Column, Row, Table

GAP = "  "
_STUB_LEAST = 16
_STUB_MOST = 48
_HEAD_WHOLE = 12


def text_width(words: str) -> int:
    """Columns that a string takes in a terminal: wide and full-width characters take two, combining marks none.

    Examples
    --------
    >>> text_width("연령 Age")
    8
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def wrapped(words: str, width: int) -> list[str]:
    """Break a string into lines of at most `width` terminal columns, at spaces where it can.

    Examples
    --------
    >>> wrapped("willing to work in Korea", 12)
    ['willing to', 'work in', 'Korea']
    >>> wrapped("재미한인과학기술인", 8)
    ['재미한인', '과학기술', '인']
    """
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in (piece for w in paragraph.split(" ") for piece in _cut(w, width)):
            joined = f"{line} {word}" if line else word
            if line and text_width(joined) > width:
                lines.append(line)
                line = word
            else:
                line = joined
        lines.append(line)
    return lines


def _cut(word: str, width: int) -> list[str]:
    """Cut a word that is longer than a line."""
    pieces, piece = [], ""
    for character in word:
        if piece and text_width(piece + character) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _padded(words: str, width: int, align: str) -> str:
    space = " " * max(width - text_width(words), 0)
    return words + space if align == "left" else space + words


def render(table: Table, width: int = 100) -> str:
    """Draw a table for a terminal: three rules, no vertical lines, notes under it.

    Parameters
    ----------
    table
        The grid of cells.
    width
        Columns of the terminal. A table that is wider has its stub wrapped; if that is not enough, its columns stand in
        several panels, one under the other.

    Returns
    -------
    str
        Lines without trailing blanks; no line is wider than `width` where every single column fits.
    """
    head = [line for words in (table.title, table.subtitle) if words for line in wrapped(words, width)]
    panels = [line for panel in _panels(table, width) for line in _panel(panel, width)]
    notes = [line for note in table.notes for line in wrapped(note, width)]
    return "\n".join(line.rstrip() for line in [*head, *panels, *notes])


def _stub_natural(table: Table) -> int:
    stubs = [2 * row.indent + text_width(row.stub) for row in table.rows if row.kind != "group"]
    return min(max([text_width(table.stub_head), *stubs, 1]), _STUB_MOST)


def _column_width(table: Table, position: int) -> int:
    """Width of a column: its widest cell, and its head, which breaks at spaces where it is long."""
    head = _head_width(table.columns[position].head)
    cells = [text_width(words) for words in _column_words(table, position) if words]
    return min(max([head, *cells, 1]), _STUB_MOST)


def _column_words(table: Table, position: int) -> list[str]:
    """Cells of a column as printed, one for each row; marks and closing brackets hang to the right of the digits."""
    cells = [row.cells[position] if position < len(row.cells) else Cell() for row in table.rows]
    room = len(tail_room(cells))
    parts = [in_parts(cell, table.lang) for cell in cells]
    return [body + tail.ljust(room) if body else "" for body, tail in parts]


def _head_width(words: str) -> int:
    """Room that a head needs: its longest word, or all of it where it is short."""
    return max(min(text_width(words), _HEAD_WHOLE), *map(text_width, words.split(" ")))


def _panels(table: Table, width: int) -> list[Table]:
    """Split the columns into panels that fit beside the stub; spanners are not torn where they fit."""
    least = min(_stub_natural(table), _STUB_LEAST)
    blocks = [[i for i, _ in group] for _, group in groupby(enumerate(table.columns), key=lambda p: p[1].spanner or p)]
    panels: list[list[int]] = []
    for block in (part for b in blocks for part in _fitting(table, b, width - least)):
        if panels and _taken(table, [*panels[-1], *block]) <= width - least:
            panels[-1] += block
        else:
            panels.append(list(block))
    return [_part(table, positions) for positions in panels] or [table]


def _fitting(table: Table, block: list[int], room: int) -> list[list[int]]:
    return [block] if _taken(table, block) <= room else [[i] for i in block]


def _taken(table: Table, positions: Sequence[int]) -> int:
    """Room that columns take, gaps included; a spanner may be wider than its columns."""
    total = 0
    for spanner, group in groupby(positions, key=lambda i: table.columns[i].spanner):
        widths = [_column_width(table, i) for i in group]
        inner = sum(widths) + len(GAP) * (len(widths) - 1)
        total += len(GAP) + max(inner, _head_width(spanner))
    return total


def _part(table: Table, positions: Sequence[int]) -> Table:
    rows = tuple(replace(row, cells=tuple(row.cells[i] for i in positions if i < len(row.cells))) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in positions), rows=rows)


def _panel(table: Table, width: int) -> list[str]:
    """Lines of one panel."""
    widths = _stretched(table)
    taken = sum(widths) + len(GAP) * len(widths)
    stub = max(min(_stub_natural(table), width - taken), 1)
    total = stub + taken
    rule = "─" * total
    words = [_column_words(table, i) for i in range(len(table.columns))]
    cells = [[column[i] for column in words] for i in range(len(table.rows))]
    body = [line for row, own in zip(table.rows, cells) for line in _row_lines(row, own, table, stub, widths)]
    return [rule, *_head_lines(table, stub, widths), rule, *body, rule]


def _stretched(table: Table) -> list[int]:
    """Column widths, the last of a spanner wide enough for the spanner."""
    widths = [_column_width(table, i) for i in range(len(table.columns))]
    for spanner, group in groupby(range(len(widths)), key=lambda i: table.columns[i].spanner):
        members = list(group)
        inner = sum(widths[i] for i in members) + len(GAP) * (len(members) - 1)
        widths[members[-1]] += max(0, _head_width(spanner) - inner)
    return widths


def _head_lines(table: Table, stub: int, widths: list[int]) -> list[str]:
    """Spanners over their columns, then the heads, bottom-aligned."""
    heads = [wrapped(column.head, size) for column, size in zip(table.columns, widths)]
    lines = _side_by_side(wrapped(table.stub_head, stub), stub, heads, table.columns, widths, bottom=True)
    if not any(column.spanner for column in table.columns):
        return lines
    blocks, sizes = [], []
    for spanner, group in groupby(zip(table.columns, widths), key=lambda pair: pair[0].spanner):
        members = [size for _, size in group]
        sizes.append(sum(members) + len(GAP) * (len(members) - 1))
        blocks.append(wrapped(spanner, sizes[-1]) + (["─" * sizes[-1]] if spanner else []))
    columns = [Column("", "right")] * len(sizes)
    return _side_by_side([""], stub, blocks, columns, sizes, bottom=True) + lines


def _side_by_side(
    stub: list[str], stub_width: int, cells: list[list[str]], columns: Sequence[Column], widths: list[int], bottom: bool
) -> list[str]:
    """Set wrapped texts beside each other."""
    height = max(len(stub), *map(len, cells)) if cells else len(stub)

    def filled(lines: list[str]) -> list[str]:
        space = [""] * (height - len(lines))
        return space + lines if bottom else lines + space

    out = [_padded(line, stub_width, "left") for line in filled(stub)]
    for lines, column, size in zip(cells, columns, widths):
        out = [o + GAP + _padded(line, size, column.align) for o, line in zip(out, filled(lines))]
    return out


def _row_lines(row: Row, words: Sequence[str], table: Table, stub: int, widths: list[int]) -> list[str]:
    indent = "  " * row.indent
    if row.kind == "group":
        total = stub + sum(widths) + len(GAP) * len(widths)
        return [indent + line for line in wrapped(row.stub, max(total - len(indent), 1))]
    lines = [indent + line for line in wrapped(row.stub, max(stub - len(indent), 1))]
    cells = [wrapped(own, size) for own, size in zip(words, widths)]
    return _side_by_side(lines, stub, cells, table.columns, widths, bottom=False)
