"""Several models as a journal prints them: cells, heads and notes asserted as data."""

import re
from dataclasses import replace

import numpy as np
import pytest

from surveyanalysis.comparisons import Step
from surveyanalysis.language import both
from surveyanalysis.results import Test
from surveyanalysis.tables.layouts_comparison import stars

from . import samples
from .test_layouts import shown


def test_estimates_stand_over_their_errors_with_stars_and_the_fit_at_the_foot():
    table = samples.model_comparison().table()
    assert [column.head for column in table.columns] == ["(1)", "(2)"]
    rows = shown(table)
    assert rows[:2] == [["Years abroad (per 10)", "−0.52**", "−0.52**"], ["", "(0.24)", "(0.24)"]]
    assert rows[12:16] == [
        ["Income under $50,000 to $80,000", "0.02", ""],
        ["", "(0.20)", ""],
        ["Field of the highest degree is pharmacy or medicine", "−1.40*", ""],
        ["", "(0.80)", ""],
    ]
    assert rows[16:19] == [["Thresholds"], ["1|2", "−1.90***", "−1.90***"], ["", "(0.50)", "(0.50)"]]
    assert rows[21:] == [
        ["Fit"],
        ["N", "57", "51"],
        ["Log-likelihood", "−34.22", ""],
        ["AIC", "88.43", "80.50"],
        ["Degrees of freedom", "∞", "∞"],
    ]


def test_intervals_stand_beside_under_the_model_s_name():
    table = samples.model_comparison("interval", "beside").table("ko")
    assert [(c.spanner, c.head) for c in table.columns] == [
        (name, head) for name in ("(1)", "(2)") for head in ("로그오즈", "95% 신뢰구간")
    ]
    assert shown(table)[0] == ["해외 체류(10년)", "−0.52**", "[−0.99, −0.05]", "−0.52**", "[−0.99, −0.05]"]
    assert ["적합도"] in shown(table)
    assert ["N", "57", "", "51", ""] in shown(table)


@pytest.mark.parametrize(
    ("second", "cell", "note"),
    [
        ("t", "(−2.17)", "Log-odds; z in parentheses"),
        ("p", "(.030)", "Log-odds; p-values in parentheses"),
        ("interval", "[−0.99, −0.05]", "Log-odds; 95% Wilson interval"),
    ],
)
def test_the_number_in_parentheses_is_named(second, cell, note):
    table = samples.model_comparison(second).table()
    assert shown(table)[1][1] == cell
    assert table.notes[0] == note


def test_stars_follow_the_p_before_rounding_and_their_rule_is_told():
    """0.04996 prints as .050 and is below 0.05; 0.05 itself is not."""
    assert [stars(p, (0.1, 0.05, 0.01)) for p in (0.1, 0.0999, 0.05, 0.04996, 0.01, 0.0099)] == [
        "", "*", "*", "**", "**", "***"
    ]  # fmt: skip
    assert (stars(np.nan, (0.1,)), stars(None, (0.1,)), stars(0.001, ())) == ("", "", "")
    assert "* p < .10, ** p < .05, *** p < .01, by p-values before rounding" in samples.model_comparison().table().notes
    own = samples.model_comparison(stars=(0.05, 0.001)).table("ko")
    assert "* p < .050, ** p < .001 (반올림 전 p값 기준)" in own.notes
    plain = samples.model_comparison(stars=()).table()
    assert not any("*" in note for note in plain.notes)
    assert shown(plain)[0][1] == "−0.52"


def test_what_models_share_is_said_once_and_what_differs_by_name():
    result = samples.model_comparison()
    notes = result.table().notes
    assert notes.count("Synthetic respondents.") == 1
    assert "Respondents differ: (1) 57, (2) 51" in notes
    assert "Taken as a simple random sample" in notes
    first, second = result.models.values()
    other = replace(second, origin=replace(second.origin, design=both("in 12 clusters", "집락 12개")))
    told = replace(result, models={"(1)": first, "(2)": other}).table().notes
    assert {"(1): taken as a simple random sample", "(2): in 12 clusters"} <= set(told)


def test_notes_of_one_model_bear_its_name():
    result = samples.model_comparison()
    first, second = result.models.values()
    few = second.origin.with_notes(both("6 left out: Income", "6명 제외: 소득"))
    notes = replace(result, models={"(1)": first, "(2)": replace(second, origin=few)}).table("ko").notes
    assert "(2): 6명 제외: 소득" in notes


def test_outcomes_that_differ_stand_over_the_models():
    result = samples.model_comparison()
    first, second = result.models.values()
    labels = replace(second.labels, columns={**second.labels.columns, "happy": both("Happy", "행복")})
    other = replace(second, _frame=second.frame.assign(outcome="happy"), labels=labels)
    table = replace(result, models={"(1)": first, "(2)": other}).table()
    assert [column.spanner for column in table.columns] == ["Willing to work in Korea", "Happy"]
    assert table.title == "Models side by side"


def test_blocks_stand_under_the_fit():
    test = Test(both("Wald F", "왈드 F"), 3.456, 0.04996, df=2.0, df_denominator=45.0)
    change = {"deviance": -7.125, "mcfadden": 0.0304}
    step = Step("(2)", "(1)", ("a", "b"), both("Age, Income", "연령, 소득"), test, change)
    table = replace(samples.model_comparison(), steps=(step,)).table()
    assert shown(table)[-6:] == [
        ["Added to the model before"],
        ["Wald F", "", "3.46**"],
        ["df", "", "2, 45"],
        ["p", "", ".050"],
        ["Change in deviance", "", "−7.13"],
        ["Change in McFadden R²", "", "+0.030"],
    ]
    assert "(2) adds to (1): Age, Income" in table.notes
    korean = replace(samples.model_comparison(), steps=(step,)).table("ko")
    assert "(2): (1)에 추가한 항은 연령, 소득" in korean.notes


def test_digits_are_aligned_and_brackets_and_stars_hang_to_their_right():
    """Independent: the decimal points of a column stand over each other."""
    text = samples.model_comparison().table().to_text()
    points = {found.start() for line in text.splitlines() for found in re.finditer(r"\d\.\d\d(?!\d)", line)}
    assert len(points) == 2


def test_a_row_that_is_not_indented_ends_the_group_before_it():
    """For programs and screen readers: "Age" after the levels of "Employer" is none of its levels."""
    from surveyanalysis.tables.table import Cell, Column, Row, Table

    rows = (Row("Employer", kind="group"), Row("Lab", (Cell(1),), indent=1), Row("Age", (Cell(2),)))
    table = Table((Column("b"),), rows)
    assert table.to_csv().splitlines()[1:] == ["Employer,Lab,1", ",Age,2"]
    assert table.to_html().count("<tbody>") == 2
