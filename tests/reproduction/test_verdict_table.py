"""The verdict table, asserted cell by cell. Oracle: the table as designed, with the article's numbers."""

import pytest

from surveyanalysis.reproduction.compare import Computed, compare
from surveyanalysis.reproduction.published import Explained, Published, printed_number
from surveyanalysis.tables.table import Format

NOTE = {"en": "Inferred from the percentages.", "ko": "백분율에서 추정."}


@pytest.fixture
def result():
    stated = {"base": 51, "base_known": "inferred", "unit": "percent", "note": NOTE}
    numbers = (
        printed_number("willing", "Sixty percent", says={"en": "Interested", "ko": "관심 있음"}),
        printed_number("research", "55", **stated),
        printed_number("planning", "35.3", **stated),
        printed_number("deviance", "3479.149"),
        printed_number("other", "10.4%", explained=Explained("10.3", {"en": "forced to 100"})),
        printed_number("p", "<.001"),
        printed_number("lost", "5"),
        printed_number("n", "1,681"),
    )
    computed = {
        "willing": Computed(34 / 57, 34, 57, (0.467, 0.714)),
        "research": Computed(28 / 51, 28, 51),
        "planning": Computed(18 / 51, 18, 51),
        "deviance": Computed(3479.1499),
        "other": Computed(6 / 58),
        "p": Computed(0.2),
        "n": Computed(1681),
    }
    return compare(Published("paper", {"en": "A paper", "ko": "논문"}, numbers), computed, synthetic=True)


def test_every_verdict_has_its_words_and_its_chip(result):
    verdicts = [(row.cells[-1].value, row.cells[-1].chip) for row in result.table().rows]
    assert verdicts == [
        ("by construction", "ok"),
        ("by construction, base inferred", "inf"),
        ("by construction, base inferred", "inf"),
        ("last digit", "last"),
        ("explained", "explained"),
        ("differs", "bad"),
        ("not computed", "bad"),
        ("by construction", "ok"),
    ]


def test_cells_hold_numbers_at_the_printed_decimals(result):
    table = result.table()
    assert [c.head for c in table.columns] == ["Printed", "Computed", "Count", "95% interval", "Verdict"]
    first, deviance, bound, whole = (table.rows[i].cells for i in (0, 3, 5, 7))
    assert (first[0].value, first[1].value, first[1].format) == ("Sixty percent", 34 / 57, Format("percent", 1))
    assert first[2].value == "34 / 57" and first[3].value == (0.467, 0.714) and first[3].format.percent
    assert deviance[1].format == Format("number", 3)
    assert bound[1].format.kind == "p" and whole[1].format.kind == "integer"
    assert table.rows[6].cells[1].value is None


def test_a_value_that_no_print_was_read_for_says_so():
    paper = Published("paper", {}, (printed_number("chi2", "106.175", value_known="inferred"),))
    cell = compare(paper, {"chi2": Computed(106.1754)}, synthetic=False).table().rows[0].cells[-1]
    assert (cell.value, cell.chip) == ("same, not printed", "inf")


def test_columns_without_content_are_left_out():
    paper = Published("paper", {}, (printed_number("deviance", "3479.149"),))
    table = compare(paper, {"deviance": Computed(3479.149)}, synthetic=False).table()
    assert [c.head for c in table.columns] == ["Printed", "Computed", "Verdict"]
    assert all(len(row.cells) == 3 for row in table.rows) and table.notes == ()


def test_notes_are_told_once_and_synthetic_last(result):
    notes = result.table().notes
    assert notes[0] == "research (and 1 more): Inferred from the percentages."
    assert "other: forced to 100" in notes and notes[-1] == "Synthetic respondents."


def test_the_table_speaks_korean(result):
    table = result.table("ko")
    assert table.rows[0].stub == "관심 있음" and table.subtitle == "논문"
    assert table.rows[1].cells[-1].value == "구성상 일치, 기준수 추정"
    assert table.notes[0].endswith("백분율에서 추정.")


def test_a_reproduction_shows_itself_as_text_and_html(result):
    assert "Sixty percent" in repr(result) and "by construction" in repr(result)
    assert max(map(len, repr(result).splitlines())) <= 100
    assert "<table" in result._repr_html_()
