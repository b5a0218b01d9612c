"""Expected values are worked by hand from five synthetic respondents, and from Kleene's three-valued logic."""

import pandas as pd
import pytest

from surveyanalysis.codebook.expressions import evaluate, names_in, truth
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.errors import ColumnError, FormulaError, LevelError
from surveyanalysis.survey import Survey


def choices(*codes):
    return tuple(Choice(code, {"en": str(code)}) for code in codes)


BOOK = Codebook(
    {
        "employer": Question("employer", "single", choices=choices("firm", "lab", "school")),
        "만족도": Question("만족도", "likert", choices=choices(1, 2, 3)),
        "age": Question("age", "number"),
        "children": Question("children", "number"),
        "barriers": Question("barriers", "multi", choices=choices(1, 6)),
        "policies": Question("policies", "rank", choices=choices("a", "b")),
        "returned": Question("returned", "date"),
        "words": Question("words", "text"),
    }
)
FRAME = pd.DataFrame(
    {
        "employer": pd.Categorical(["firm", "lab", "school", None, "firm"], ["firm", "lab", "school"]),
        "만족도": pd.Categorical([1, 2, 3, 3, None], [1, 2, 3], ordered=True),
        "age": pd.array([30, 40, 50, None, 20], dtype="Float64"),
        "children": pd.array([0, 2, 1, 1, None], dtype="Float64"),
        "barriers_1": pd.array([True, False, None, True, False], dtype="boolean"),
        "barriers_6": pd.array([False, True, None, True, False], dtype="boolean"),
        "policies_a": pd.array([1, 2, None, None, 1], dtype="Int64"),
        "policies_b": pd.array([2, 1, None, 1, None], dtype="Int64"),
        "returned": pd.to_datetime(["2010-07-01", "2011-01-01", None, "2012-01-01", "2010-12-31"]),
        "words": pd.array(["none", "", None, "3", "none"], dtype="str"),
    }
)
NA = None


def answers(expression):
    return [None if pd.isna(value) else value for value in evaluate(expression, FRAME, BOOK)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("employer == 'firm'", [True, False, False, NA, True]),
        ("'firm' != employer", [False, True, True, NA, False]),
        ("employer in ('firm', 'lab')", [True, True, False, NA, True]),
        ("employer not in ('firm', 'lab')", [False, False, True, NA, False]),
        ("만족도 >= 2", [False, True, True, True, NA]),
        ("2 <= 만족도", [False, True, True, True, NA]),
        ("만족도 + 1", [2, 3, 4, 4, NA]),
        ("20 < age <= 40", [True, True, False, NA, False]),
        ("2010 - age", [1980, 1970, 1960, NA, 1990]),
        ("-age * 2", [-60, -80, -100, NA, -40]),
        ("age / children", [NA, 20, 50, NA, NA]),
        ("children == age - 38", [False, True, False, NA, NA]),
        ("6 in barriers", [False, True, NA, True, False]),
        ("6 not in barriers", [True, False, NA, False, True]),
        ("'a' in policies", [True, True, NA, False, True]),
        ("returned >= '2011-01-01'", [False, True, NA, True, False]),
        ("returned == '2010-07-01'", [True, False, NA, False, False]),
        ("words == 'none'", [True, False, NA, False, True]),
        ("answered(age) and missing(만족도)", [False, False, False, False, True]),
        ("not employer == 'firm'", [False, True, True, NA, False]),
        ("1 + 1", [2] * 5),
    ],
)
def test_an_expression_gives_the_values_worked_by_hand(expression, expected):
    assert answers(expression) == expected


def test_and_and_or_follow_kleene_when_one_side_is_missing():
    assert answers("age > 25 and 만족도 >= 2") == [False, True, True, NA, False]
    assert answers("age > 25 or 만족도 >= 2") == [True, True, True, True, NA]


def test_an_expression_over_nobody_keeps_its_type():
    assert evaluate("age > 3", FRAME.iloc[:0], BOOK).dtype == "boolean"
    assert evaluate("age + 3", FRAME.iloc[:0], BOOK).dtype == "Float64"
    assert evaluate("True", FRAME.iloc[:0], BOOK).dtype == "bool"


def test_permuting_the_respondents_permutes_the_values():
    order = [3, 0, 4, 2, 1]
    for expression in ("만족도 >= 2 and age > 20", "6 in barriers", "age / children"):
        whole = evaluate(expression, FRAME, BOOK)
        pd.testing.assert_series_equal(evaluate(expression, FRAME.iloc[order], BOOK), whole.iloc[order])


@pytest.mark.parametrize(
    "attack",
    [
        "__import__('os').system('touch pwned')",
        "age.__class__",
        "(lambda: 1)()",
        "[x for x in age]",
        "age[0]",
        "f'{age}'",
        "age ** 99999999",
        "age if 만족도 > 1 else 0",
        "answered(age, age)",
        "open('x')",
        "age @ age",
        "age is None",
        "(a := 1)",
        "'a' * 10",
        "employer in 'firm'",
        "age and employer",
        "(1, 2)",
        "not " * 5000 + "age",
        "(" * 300 + "age" + ")" * 300,
        "",
        "age = 3",
    ],
)
def test_what_is_outside_the_allow_list_is_refused_and_never_run(attack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormulaError):
        evaluate(attack, FRAME, BOOK)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("expression", "error", "words"),
    [
        ("agee > 3", ColumnError, "Nearest: 'age'"),
        ("employer == 'firmm'", LevelError, "Nearest: 'firm'"),
        ("employer in ('firm', 'labb')", LevelError, "Nearest: 'lab'"),
        ("7 in barriers", LevelError, "It has: 1, 6"),
        ("1 in age", FormulaError, "no multiple-response question"),
        ("employer > 'firm'", FormulaError, "no order"),
        ("employer + 1", FormulaError, "answer categories"),
        ("words > 'a'", FormulaError, "does not hold numbers"),
        ("words == 3", FormulaError, "holds texts"),
        ("age == 'old'", FormulaError, "holds numbers"),
        ("age in ('old', 'young')", FormulaError, "holds numbers"),
        ("returned > 2011", FormulaError, "holds dates"),
        ("returned > 'soon'", FormulaError, "no date"),
        ("age + 1 / 0", FormulaError, "divides by zero"),
    ],
)
def test_a_wrong_name_answer_or_kind_is_told(expression, error, words):
    with pytest.raises(error, match=words):
        evaluate(expression, FRAME, BOOK)


def test_names_are_told_in_order_of_appearance_without_functions():
    assert names_in("6 in barriers and answered(age) or 만족도 > age") == ("barriers", "age", "만족도")


def test_truth_counts_missing_as_no_and_says_the_condition():
    survey = Survey(FRAME, BOOK)
    mask, said = truth(survey, "age > 25", {"employer": ["firm", "lab"]})
    assert mask.tolist() == [True, True, False, False, False]
    assert said["en"].startswith("age > 25 and ")


def test_truth_refuses_numbers_nothing_and_unknown_answers():
    survey = Survey(FRAME, BOOK)
    with pytest.raises(FormulaError, match="is a number, not a condition"):
        truth(survey, "age + 1")
    with pytest.raises(FormulaError, match="Say who"):
        truth(survey)
    with pytest.raises(LevelError, match="Nearest: 'firm'"):
        truth(survey, answers={"employer": "firms"})
