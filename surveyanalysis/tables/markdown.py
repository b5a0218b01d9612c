"""Tables as GitHub Markdown."""

from collections.abc import Sequence

from .formats import printed
from .table import Row, Table


def render(table: Table) -> str:
    """Write a table as GitHub Markdown; every character that Markdown would read as a sign is escaped."""
    heads = [" ".join(w for w in (column.spanner, column.head) if w) for column in table.columns]
    rule = ["---" if column.align == "left" else "---:" for column in table.columns]
    lines = [f"**{_escaped(table.title)}**"] if table.title else []
    lines += [_escaped(table.subtitle)] if table.subtitle else []
    body = [_markdown_row([_escaped(table.stub_head), *map(_escaped, heads)]), _markdown_row(["---", *rule])]
    body += [_markdown_row(_markdown_cells(row, table)) for row in table.rows]
    return "\n\n".join([*lines, "\n".join(body), *map(_escaped, table.notes)]) + "\n"


def _markdown_cells(row: Row, table: Table) -> list[str]:
    stub = "&nbsp;&nbsp;" * row.indent + _escaped(row.stub)
    cells = [_escaped(printed(cell, table.lang)) for cell in row.cells]
    padding = [""] * (len(table.columns) - len(cells))
    return [f"**{stub}**" if row.kind == "group" and row.stub else stub, *cells, *padding]


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(words: str) -> str:
    return "".join(f"\\{c}" if c in "\\|<>*`[]$#~&" else c for c in words.replace("\n", " "))
