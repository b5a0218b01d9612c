"""The ledger on a page: every step in words, and changes that the ledger itself holds."""

import pytest

from surveyanalysis.report.changes import EXAMPLES, example_table, step_table
from surveyanalysis.studies import load_study
from surveyanalysis.tables.formats import printed


@pytest.fixture(scope="module")
def survey():
    return load_study("stepi-2011")


def test_steps_are_told_in_words_with_their_rules(survey):
    table = step_table(survey, "ko")
    assert table.rows[0].stub == "시험·미리보기 응답"
    assert [row.cells[0].value for row in table.rows] == survey.ledger.steps["rule"].tolist()
    assert table.columns[0].head == "규칙"


def test_nothing_changed_is_a_dash_not_a_zero(survey):
    table = step_table(survey, "en")
    shown = [printed(cell) for row in table.rows for cell in row.cells[1:]]
    assert "0" not in shown
    assert "–" in shown


def test_examples_are_entries_of_the_ledger(survey):
    """Independent: each is found in the ledger's frame by its respondent and row."""
    table = example_table(survey, "en")
    changes = survey.ledger.changes
    held = {(r["row_key"], r["file_row"], r["after"]) for r in changes.to_dict("records") if r["action"] == "set"}
    examples = [row for row in table.rows if row.kind == "data" and row.cells[3].value != "left out"]
    assert len(examples) >= EXAMPLES
    assert all((row.stub, row.cells[0].value, row.cells[3].value) in held for row in examples)


def test_each_step_that_changed_something_has_examples_and_no_more_than_a_few(survey):
    table = example_table(survey, "en")
    heads = [row.stub for row in table.rows if row.kind == "group"]
    assert len(heads) == survey.ledger.changes["step"].nunique()
    assert len(table.rows) <= len(heads) * (EXAMPLES + 1)
    assert f"of {len(survey.ledger.changes):,} changes" in table.subtitle


def test_rows_left_out_do_not_show_their_answers(survey):
    for row in example_table(survey, "en").rows:
        if row.kind == "data" and row.cells[1].value == "(whole row)":
            assert [cell.value for cell in row.cells[2:4]] == ["", "left out"]
