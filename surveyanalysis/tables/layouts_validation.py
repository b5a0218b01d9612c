"""Layout of a model's accuracy for respondents not seen."""

from typing import Any

from ..language import say
from .grid import records
from .table import Cell, Column, Format, Row, Table
from .words import foot, word

THREE = Format("number", 3)
HEADS = ("apparent", "cross_validated", "sd", "optimism", "corrected")


def validation(result: Any, lang: str) -> Table:
    """A row a measure."""
    rows = [
        Row(word(record["measure"], lang), tuple(Cell(record[head], THREE) for head in HEADS))
        for record in records(result.frame)
    ]
    columns = tuple(Column(word("sd_repeats" if head == "sd" else head, lang)) for head in HEADS)
    what = say(result.origin.what, lang)
    return Table(columns, tuple(rows), what, "", word("measure", lang), tuple(foot(result.origin, lang)), lang)
