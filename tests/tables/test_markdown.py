"""Markdown tables hold what they are given."""

import re

from surveyanalysis.tables.table import Cell, Column, Row, Table

from . import samples


def test_every_row_has_the_same_number_of_cells():
    """Independent: split at the bars that are not escaped."""
    for make in samples.ALL.values():
        rows = [line for line in make().table().to_markdown().split("\n") if line.startswith("|")]
        assert len({len(re.split(r"(?<!\\)\|", row)) for row in rows}) == 1


def test_signs_of_markdown_are_escaped():
    table = Table((Column("a|b"),), (Row("<b>*x*</b>", (Cell("$5 to $10 | `code`\nnext"),)),), title="[link](x)")
    text = table.to_markdown()
    assert "a\\|b" in text
    assert "\\<b\\>\\*x\\*" in text
    assert "\\$5 to \\$10 \\| \\`code\\` next" in text
    assert "**\\[link\\](x)**" in text


def test_numbers_are_aligned_right():
    assert "| --- | ---: | ---: | ---: |" in samples.frequencies().table().to_markdown()
