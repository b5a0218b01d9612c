"""Rows that tell how many respondents the numbers over them rest on."""

from collections.abc import Sequence

import pandas as pd

from .grid import COUNT, Record
from .table import Cell, Format, Row
from .words import is_weighted, word

EMPTY = Cell()


def base_rows(members: Sequence[Record], at: int, width: int, lang: str) -> list[Row]:
    """The base of a group of rows: respondents, and the sum of their weights where they are weighted."""
    first = members[0]
    rows = [Row(word("base", lang), alone(Cell(first.get("n"), COUNT), at, width), "total")]
    if is_weighted(pd.DataFrame(members)):
        weighted = Cell(first["n_weighted"], Format("number", 1))
        rows.append(Row(word("weighted_base", lang), alone(weighted, at, width), "total"))
    return rows


def alone(cell: Cell, at: int, width: int) -> tuple[Cell, ...]:
    """Cells of a row that holds one number."""
    return tuple(cell if i == at else EMPTY for i in range(width))
