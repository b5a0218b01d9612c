"""Formulas: what they mean, and that nothing in them is ever run."""

import os

import pandas as pd
import pytest

from surveyanalysis.analysis.formula import Factor, term_name
from surveyanalysis.analysis.grammar import read_formula
from surveyanalysis.design.design import Design
from surveyanalysis.errors import ColumnError, FormulaError, SurveyError


def terms(right: str) -> list[str]:
    return [term_name(t) for t in read_formula(f"y ~ {right}").terms]


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("a + b + a", ["a", "b"]),
        ("a*b", ["a", "b", "a:b"]),
        ("a*b*c", ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("(a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("(a + b)**2 - a:b", ["a", "b"]),
        ("a:b + c", ["c", "a:b"]),
        ("a + (b + c):d", ["a", "b:d", "c:d"]),
        ("a + b:c*d", ["a", "d", "b:c", "b:c:d"]),
        ("b:a + a:b", ["b:a"]),
        ("1", []),
        ("1 + a", ["a"]),
        ("a + 1", ["a"]),
        ("age + age^2", ["age", "age^2"]),
        ("I(age^2)", ["age^2"]),
        ("I(age)", ["age"]),
        ("log(income) + score(outlook)", ["log(income)", "score(outlook)"]),
        ("연령*성별", ["연령", "성별", "연령:성별"]),
        ("`years abroad` + `a-b`", ["years abroad", "a-b"]),
        ("sch.wide + _x", ["sch.wide", "_x"]),
        ("ns(age,3) + bs(age, df = 4)", ["ns(age, 3)", "bs(age, 4)"]),
        ("ns(연령, 2)*성별", ["ns(연령, 2)", "성별", "ns(연령, 2):성별"]),
        ("ns(age, knots=(50, -1.5, 40))", ["ns(age, knots = (-1.5, 40, 50))"]),
        (
            "bs(`my age`, knots = 40) + ns(age, knots = c(30, 40))",
            ["bs(my age, knots = 40)", "ns(age, knots = (30, 40))"],
        ),
        ("ns(a, 3) + ns(a, 3)", ["ns(a, 3)"]),
    ],
)
def test_formulas_mean_what_they_mean_in_r(right, expected):
    """R terms.formula, except that x^2 of one question is its square."""
    assert terms(right) == expected


def test_a_square_is_a_square():
    """T094: in other packages x**2 is just x."""
    for text in ("x^2", "x**2", "I(x^2)", "I(x**2)", "(x)^2"):
        assert read_formula(f"y ~ {text}").terms == ((Factor("x", "power", None, 2),),)


def test_columns_called_like_functions_are_columns():
    """T094."""
    assert terms("C + Q + I + log + ref + ns + bs + c") == ["C", "Q", "I", "log", "ref", "ns", "bs", "c"]
    assert terms("ns(knots, knots = 3) + bs(df, df = 3)") == ["ns(knots, knots = 3)", "bs(df, 3)"]
    assert read_formula("y ~ C(C)").terms == ((Factor("C", "categories"),),)
    assert read_formula("y ~ log(log)").terms == ((Factor("log", "log"),),)


def test_a_reference_is_chosen_in_words():
    for text, level in (("'university'", "university"), ('"대학"', "대학"), ("3", 3), ("2.5", 2.5)):
        assert read_formula(f"y ~ ref(employer, {text})").terms[0][0].reference == level


PAYLOADS = [
    "__import__('os').system('touch RAN')",
    "__import__('os')",
    "(lambda: 1)()",
    "a if b else c",
    "[a, b]",
    "{'a': 1}",
    "a; b",
    "a = b",
    "a == b",
    "a @ b",
    "a / b",
    "a % b",
    "eval('1')",
    "exec(`a`)",
    "open('/etc/passwd')",
    "np.log(a)",
    "Q('a')",
    "C(a, Treatment)",
    "log(a + b)",
    "log(log(a))",
    "I(a + b)",
    "poly(a, 2)",
    "a^b",
    "a^99",
    "a^2.5",
    "a^0",
    "2*a",
    "'a'",
    "a + ",
    "+ a",
    "(a",
    "a)",
    "a b",
    "a ~ b",
    ".",
    "a + .",
    "``",
    "`a",
    "ref(a)",
    "ref(a, b)",
    "C()",
    "f'{a}'",
    "a\\n",
    "a # b",
    "log(a)^2",
    "(a:b)^2",
    "ns(a)",
    "ns(a 3)",
    "ns(a, b)",
    "ns(a, 'b')",
    "ns(a, df = __import__('os'))",
    "ns(a, 3, 4)",
    "ns(a, 3)^2",
    "ns(a + b, 3)",
    "ns(log(a), 3)",
    "ns(ns(a, 2), 2)",
    "ns(a, 99999999999999999999)",
    "ns(a, knots = )",
    "ns(a, knots = ())",
    "ns(a, knots = (1, 2)",
    "ns(a, knots = 1 2)",
    "ns(a, knots = quantile(a))",
    "ns(a, knots == 3)",
    "ns(a, degree = 3)",
    "a = 3",
    "C(a, 3)",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_everything_else_is_refused_and_never_run(payload, tmp_path, monkeypatch):
    """T093: a file that a payload would touch, and a system call that would be seen."""
    monkeypatch.setattr(os, "system", lambda *_: pytest.fail("a formula ran code"))
    target = tmp_path / "ran"
    with pytest.raises(FormulaError, match="formula"):
        read_formula("y ~ " + payload.replace("RAN", str(target)))
    assert not target.exists()


def test_an_attribute_is_only_a_name_that_no_column_has():
    from surveyanalysis.analysis.model_matrix import model_frame

    design = Design(pd.DataFrame({"y": [0, 1, 1], "a": [1.0, 2.0, 3.0]}))
    with pytest.raises(ColumnError, match=r"'a\.__class__\.__bases__'"):
        model_frame(design, "y ~ a.__class__.__bases__")


def test_the_token_and_the_nearest_column_are_named():
    with pytest.raises(FormulaError, match=r"'lgo\(' is no function of formulas.*Allowed: names"):
        read_formula("y ~ lgo(age)", ["age", "employer"])
    with pytest.raises(FormulaError, match=r"'%' at position 9.*Allowed"):
        read_formula("y ~ age % employer", ["age", "employer"])
    with pytest.raises(FormulaError, match="Nearest: 'employer'"):
        read_formula("y ~ employr(", ["age", "employer"])


@pytest.mark.parametrize("right", ["0 + a", "a + 0", "a - 1", "-1 + a", "a - 0"])
def test_models_without_an_intercept_are_refused(right):
    with pytest.raises(FormulaError, match=r"intercept|stands where"):
        read_formula(f"y ~ {right}")


def test_taking_out_what_is_not_there_is_an_error():
    """T094: elsewhere x - y drops nothing."""
    with pytest.raises(FormulaError, match="'b' is taken out but is no term"):
        read_formula("y ~ a - b")


def test_the_outcome_is_no_covariate():
    with pytest.raises(FormulaError, match="'y' is the outcome and a covariate at once"):
        read_formula("y ~ a + log(y)")


@pytest.mark.parametrize("source", ["", "y", "~ a", "y ~", "log(y) ~ a", "y + z ~ a", "y ~~ a", "  "])
def test_a_formula_needs_two_sides(source):
    with pytest.raises(FormulaError):
        read_formula(source)


def test_hostile_lengths_end_in_a_survey_error():
    """Deep nesting and wide crossings stop with a message, not with a crash."""
    for source in ("y ~ " + "(" * 5000 + "a" + ")" * 5000, "y ~ " + "*".join(f"a{i}" for i in range(40))):
        with pytest.raises(SurveyError):
            read_formula(source)
