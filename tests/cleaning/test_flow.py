"""The case flow, read from the ledger. Oracle: rows counted in the file by hand (64 = 60 + 2 tests + 2 duplicates)."""

import pandas as pd
import pytest

from surveyanalysis.cleaning.flow import Flow, flow_of
from surveyanalysis.cleaning.recipe import clean
from surveyanalysis.survey import Survey
from tests.cleaning.builders import book, export, single
from tests.cleaning.one_survey import EXPORTS, RECIPE, SPLIT, codebook, truth


@pytest.fixture(scope="module")
def survey():
    return clean(EXPORTS / SPLIT, codebook(), RECIPE)


def test_the_flow_tells_what_each_rule_left_out(survey):
    flow = survey.flow()
    assert [n for _, n in flow.steps] == [64, 62, 61, 60]
    assert [n for _, n in flow.drops] == [2, 1, 1]
    assert flow.drops[0][0]["ko"] == "미리보기와 스팸"


def test_named_bases_branch_off_at_the_end(survey):
    """R033 alone broke off before half of the questions, so 59 are complete or partial."""
    firms = int((truth()["employer"] == "1").sum())
    assert [(label["en"], n) for label, n in survey.flow().branches] == [("All", 59), ("Company employees", firms)]


def test_the_frame_and_the_table_hold_the_same_numbers(survey):
    flow = survey.flow()
    assert flow.frame["n"].tolist() == [64, 2, 62, 1, 61, 1, 60, 59, 12]
    assert [row.cells[0].value for row in flow.table("ko").rows] == flow.frame["n"].tolist()
    assert flow.table("ko").title == "원자료에서 분석까지"


def test_the_flow_is_drawn_from_the_same_numbers(survey):
    axes = survey.flow().plot(lang="ko")
    shown = " ".join(t.get_text() for t in [*axes.texts, *axes.figure.texts])
    assert "64" in shown and "60" in shown and "미리보기와 스팸" in shown.replace("\n", " ")


def test_a_survey_without_a_ledger_has_one_stage():
    people = Survey.from_frame(pd.DataFrame({"q": ["a", "b"]}))
    assert flow_of(people).steps[0][1] == 2
    assert flow_of(people).drops == ()


def test_a_cleaning_that_drops_nobody_has_one_stage():
    survey = clean(export(Id="ab", q=["Low", "High"]), book(single("q", "Low", "High")))
    assert [n for _, n in survey.flow().steps] == [2]


def test_between_two_stages_stands_one_drop():
    with pytest.raises(AssertionError):
        Flow((({"en": "a"}, 1),), (({"en": "b"}, 1),))
