"""Wrong input, as a person in a hurry gives it: one clear error that names what and where, and nothing written."""

import io
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import surveyanalysis as sa
from surveyanalysis.errors import (
    ChoiceError,
    CodebookError,
    ColumnError,
    DataError,
    DesignError,
    FormulaError,
    LevelError,
    OutputError,
    ReadError,
    RecipeError,
    SeparationError,
    SurveyError,
)

N = 60
SOME = np.arange(N)
FRAME = pd.DataFrame(
    {
        "y": np.where(SOME % 3 == 0, "yes", "no"),
        "g": np.array(["a", "b", "c"])[SOME // 2 % 3],
        "x": (SOME * 7 % 11).astype(float),
        "ok": SOME % 2 == 0,
        "w": 1.0 + SOME % 4,
        "stratum": np.where(SOME < 30, "north", "south"),
        "town": SOME // 5,
        "day": pd.Timestamp("2024-03-04") + pd.to_timedelta(SOME % 9, unit="D"),
    }
)
BOOK = """codebook: 1
survey: {id: s, languages: [en, ko]}
source: {id: rid}
questions:
- {id: age, type: number, column: Q1, integer: true, ko: 연령}
- {id: job, type: single, column: Q2, choices: {firm: {en: Firm, ko: 기업}, lab: {en: Lab, ko: 연구소}}, ko: 직장}
"""
RAW = "rid,Q1,Q2\na,31,기업\nb,44,Lab\n"


def frame(**columns):
    return FRAME.assign(**columns)


def file(content, name="raw.csv"):
    path = Path(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cleaned(raw=RAW, book=BOOK, recipe=None, name="raw.csv"):
    steps = None if recipe is None else file(recipe, "recipe.yaml")
    return sa.clean(file(raw, name), file(book, "codebook.yaml"), steps)


def book(old, new):
    assert old in BOOK
    return sa.read_codebook(file(BOOK.replace(old, new), "codebook.yaml"))


def zipped():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a,b\n1,2\n")
    return content.getvalue()


@dataclass(frozen=True)
class Wrong:
    """What a person does, the error's class, and words that its message must hold."""

    name: str
    do: object
    error: type[SurveyError]
    words: tuple[str, ...]


def wrong(name, do, error, *words):
    return Wrong(name, do, error, words)


LISTS = frame(odd=[["a"]] * N)
MANY_COLUMNS = pd.concat([FRAME, FRAME], axis=1, keys=["first", "second"])
FRAMES = [
    wrong("no frame", lambda: sa.frequencies({"y": [1]}, "y"), DataError, "this is a dict", "pandas.read_csv"),
    wrong("a series", lambda: sa.frequencies(FRAME["y"], "y"), DataError, "this is a Series"),
    wrong("no rows", lambda: sa.frequencies(FRAME.iloc[:0], "y"), DataError, "no rows"),
    wrong(
        "two columns of one name",
        lambda: sa.frequencies(pd.concat([FRAME, FRAME[["y"]]], axis=1), "y"),
        DataError,
        "'y' occurs more than once",
    ),
    wrong("columns of two levels", lambda: sa.frequencies(MANY_COLUMNS, "y"), DataError, "2 levels", "frame.columns ="),
    wrong("a column of lists", lambda: sa.frequencies(LISTS, "odd"), ChoiceError, "'odd'", "not a set of answer"),
    wrong("1 and '1' in one column", lambda: sa.frequencies(frame(m=[1, "1"] * 30), "m"), DataError, "1 and '1'"),
    wrong("a column without answers", lambda: sa.frequencies(frame(e=np.nan), "e"), DataError, "Nobody", "'e'"),
    wrong(
        "a number with 200 values as groups",
        lambda: sa.crosstab(pd.DataFrame({"y": ["p", "q"] * 100, "x": range(200)}), "y", by="x"),
        ChoiceError,
        "'x'",
        "200 different values",
    ),
    wrong("groups by a day", lambda: sa.crosstab(FRAME, "y", by="day"), ChoiceError, "'day' is a date question"),
    wrong("the mean of a day", lambda: sa.mean(FRAME, "day"), ChoiceError, "'day' is a date question"),
    wrong("a scale without an order", lambda: sa.likert(FRAME, "y"), ChoiceError, "'yes', 'no', which have no order"),
    wrong("the mean of words", lambda: sa.mean(FRAME, "g"), ChoiceError, "'g' holds answer categories"),
    wrong("an infinite number", lambda: sa.mean(frame(x=np.inf), "x"), DataError, "'x' is infinite for 60"),
    wrong(
        "half a person",
        lambda: sa.Survey.from_counts(pd.DataFrame({"a": ["p"], "n": [0.5]}), "n"),
        DataError,
        "row 0: 0.5 is not a whole number",
    ),
    wrong(
        "words in a number question",
        lambda: sa.Survey.from_frame(pd.DataFrame({"age": ["31", "old"]}), file(BOOK, "codebook.yaml")),
        LevelError,
        "'old' (1)",
    ),
]
ARGUMENTS = [
    wrong("an unknown column", lambda: sa.frequencies(FRAME, "townn"), ColumnError, "'townn'", "Nearest: 'town'"),
    wrong("an unknown group", lambda: sa.crosstab(FRAME, "y", by="G"), ColumnError, "`by` is 'G'", "Nearest: 'g'"),
    wrong("two groups where one goes", lambda: sa.crosstab(FRAME, "y", by=["g", "ok"]), ColumnError, "name one column"),
    wrong("an unknown level", lambda: sa.proportion(FRAME, "y", level="yess"), LevelError, "'yess'", "Nearest: 'yes'"),
    wrong("confidence in per cent", lambda: sa.mean(FRAME, "x", confidence=95), ChoiceError, "is 95", "such as 0.95"),
    wrong("confidence as text", lambda: sa.mean(FRAME, "x", confidence="95%"), ChoiceError, "'95%'", "such as 0.95"),
    wrong("an interval that is none", lambda: sa.frequencies(FRAME, "y", interval="wald"), ChoiceError, "'wilson'"),
    wrong("an unknown language of a table", lambda: sa.frequencies(FRAME, "y").table("fr"), ChoiceError, "'en', 'ko'"),
    wrong("an unknown language of a figure", lambda: sa.frequencies(FRAME, "y").plot(lang="fr"), ChoiceError, "'fr'"),
    wrong("axes that are none", lambda: sa.frequencies(FRAME, "y").plot(ax=1), ChoiceError, "`ax` is 1", "Axes"),
    wrong("a width in words", lambda: sa.frequencies(FRAME, "y").plot(width="wide"), ChoiceError, "'wide'", "inches"),
    wrong("a base in quotes", lambda: sa.feasible_counts("35.3%", base_max="57"), ChoiceError, "whole numbers", "'57'"),
    wrong(
        "effects of what is not in the model",
        lambda: sa.logit(FRAME, "y ~ x", event="yes").effects("town"),
        ColumnError,
        "'town', which is not in the model",
        "'x'",
    ),
    wrong(
        "a covariate that is too large",
        lambda: sa.logit(frame(x=1e30 + FRAME["x"]), "y ~ x", event="yes"),
        DataError,
        "'x'",
    ),
    wrong("an unknown study", lambda: sa.reproduce("stepi"), ChoiceError, "Nearest: 'stepi-2011'"),
    wrong(
        "a system call", lambda: sa.logit(FRAME, "y ~ os.system('touch pwned')", event="yes"), FormulaError, "os.system"
    ),
    wrong(
        "a system call in a domain",
        lambda: sa.Design(FRAME).where("__import__('os').system('touch pwned')"),
        FormulaError,
        "not allowed",
    ),
    wrong("a mask as a domain", lambda: sa.Design(FRAME).where(FRAME["x"] > 3), FormulaError, "A condition is a text"),
    wrong("yes for True", lambda: sa.Design(FRAME).where(ok="yes"), FormulaError, "'ok' holds True and False"),
    wrong(
        "an unknown question in a domain", lambda: sa.Design(FRAME).where("xx > 3"), ColumnError, "'xx'", "Nearest: 'x'"
    ),
    wrong(
        "an empty domain", lambda: sa.Design(FRAME).where("x > 1000"), DataError, "Nobody is in the domain 'x > 1000'"
    ),
    wrong("a formula that is none", lambda: sa.logit(FRAME, ["y", "x"]), FormulaError, "'y ~ x + z'"),
    wrong("an event left open", lambda: sa.logit(FRAME, "y ~ x"), ChoiceError, "event='yes'"),
    wrong(
        "an outcome with one level",
        lambda: sa.logit(frame(y="yes"), "y ~ x", event="yes"),
        DataError,
        "one answer only",
    ),
    wrong(
        "separation",
        lambda: sa.logit(frame(g=np.where(FRAME["y"] == "yes", "p", FRAME["g"])), "y ~ g", event="yes"),
        SeparationError,
        "g = 'p'",
        "Combine levels",
    ),
]
DESIGNS = [
    wrong(
        "weights below zero", lambda: sa.Design(frame(w=FRAME["w"] - 1.5), weights="w"), DesignError, "negative for 15"
    ),
    wrong(
        "weights missing",
        lambda: sa.Design(frame(w=FRAME["w"].mask(SOME == 7)), weights="w"),
        DesignError,
        "missing",
        ": 7",
    ),
    wrong(
        "days as weights", lambda: sa.Design(FRAME, weights="day"), DesignError, "'day' holds datetime64", "not numbers"
    ),
    wrong(
        "weights of other rows",
        lambda: sa.Design(FRAME, weights=FRAME["w"].iloc[:-1]),
        DesignError,
        "no value for 1",
    ),
    wrong(
        "an unknown weight", lambda: sa.Design(FRAME, weights="ww"), ColumnError, "`weights` is 'ww'", "Nearest: 'w'"
    ),
    wrong(
        "a stratum with one cluster",
        lambda: sa.Design(frame(stratum=np.where(SOME < 5, "islands", "land")), strata="stratum", clusters="town"),
        DesignError,
        "'islands'",
        "single cluster",
        "merge it",
    ),
    wrong(
        "a population below the sample", lambda: sa.Design(FRAME, population=59), DesignError, "59, fewer than the 60"
    ),
    wrong(
        "a population in words",
        lambda: sa.Design(FRAME, strata="stratum", population={"north": "many", "south": 99}),
        DesignError,
        "holds a str",
    ),
]
FILES = [
    wrong("no such file", lambda: sa.clean("row.csv", file(BOOK, "codebook.yaml")), ReadError, "no file row.csv"),
    wrong("a folder for a file", lambda: sa.clean(".", file(BOOK, "codebook.yaml")), ReadError, "is a folder"),
    wrong("a folder for a codebook", lambda: sa.clean(file(RAW), "."), CodebookError, "Is a directory"),
    wrong("a frame for a file", lambda: sa.clean(FRAME, file(BOOK, "codebook.yaml")), RecipeError, "from_frame"),
    wrong("an empty file", lambda: cleaned(""), ReadError, "raw.csv is empty"),
    wrong("a header only", lambda: cleaned("rid,Q1,Q2\n"), ReadError, "header of 3 columns, but no answers"),
    wrong("a ragged row", lambda: cleaned(RAW + "c,50,Lab,more\n"), ReadError, "line 4: 4 fields", "header has 3"),
    wrong("an xlsx that is none", lambda: cleaned("hello", name="raw.xlsx"), ReadError, "no Excel workbook"),
    wrong("an xlsx that is another zip", lambda: cleaned(zipped(), name="raw.xlsx"), ReadError, "no Excel workbook"),
    wrong("an xlsx that is cut off", lambda: cleaned(zipped()[:50], name="raw.xlsx"), ReadError, "damaged"),
    wrong(
        "a question that is not in the file", lambda: cleaned("rid,Q1,Q3\na,31,Lab\n"), ColumnError, "job: 'Q2'", "'Q3'"
    ),
    wrong(
        "answers that are not in the codebook",
        lambda: cleaned("rid,Q1,Q2\na,31,Frim\nb,3,Frim\nc,4,Univ\n"),
        LevelError,
        "'Frim' (2 times)",
        "Nearest: 'Firm'",
        "'Univ' (1 times)",
    ),
    wrong(
        "one id with different answers",
        lambda: cleaned("rid,Q1,Q2\na,31,Lab\na,33,Lab\n"),
        DataError,
        "'a'",
        "rows 2, 3",
    ),
    wrong("YAML with tabs", lambda: book("- {id: age", "\t- {id: age"), CodebookError, "line 5", "no tabs"),
    wrong(
        "YAML with a key twice",
        lambda: book("type: number", "type: number, type: text"),
        CodebookError,
        "'type' occurs twice",
    ),
    wrong(
        "YAML in CP949",
        lambda: sa.read_codebook(file(BOOK.encode("cp949"), "c.yaml")),
        CodebookError,
        "Save it as UTF-8",
    ),
    wrong(
        "a colon in a question",
        lambda: book("ko: 연령}\n", "ko: 연령}\n- id: a\n  type: text\n  ko: 문1: 소속은?\n"),
        CodebookError,
        "line 8",
        "quotation marks",
    ),
    wrong(
        "a language that is not named",
        lambda: book(", languages: [en, ko]", ""),
        CodebookError,
        "`ko`",
        "languages: [en, ko]",
    ),
    wrong(
        "a type that is none", lambda: book("type: single", "type: singel"), CodebookError, "'job'", "Nearest: 'single'"
    ),
    wrong(
        "choices as a list",
        lambda: book("{firm: {en: Firm, ko: 기업}, lab: {en: Lab, ko: 연구소}}", "[Firm, Lab]"),
        CodebookError,
        "`choices`",
        "`code: label` pairs",
    ),
    wrong(
        "a codebook that is a list",
        lambda: sa.read_codebook(file("- a\n", "c.yaml")),
        CodebookError,
        "`key: value` pairs",
    ),
    wrong(
        "an unknown step",
        lambda: cleaned(recipe="steps:\n- drop_duplicate: {on: [id]}\n"),
        RecipeError,
        "line 2",
        "Nearest",
    ),
    wrong(
        "a step's argument of another kind",
        lambda: cleaned(recipe="steps:\n- drop_duplicates: {on: 5}\n"),
        RecipeError,
        "is 5",
    ),
    wrong(
        "a reason that is no text",
        lambda: cleaned(recipe="steps:\n- parse: {why: 5}\n"),
        RecipeError,
        "line 2",
        "`why`",
    ),
    wrong(
        "a hash that is none",
        lambda: cleaned(recipe="input: {sha256: abc}\nsteps: [parse]\n"),
        RecipeError,
        "no SHA-256",
    ),
    wrong(
        "a file in place of a folder",
        lambda: sa.frequencies(FRAME, "y").table().to_csv(file("", "here") / "t.csv"),
        OutputError,
        "here is a file, not a folder",
    ),
    wrong(
        "a folder in place of a file",
        lambda: sa.frequencies(FRAME, "y").table().to_csv(".."),
        OutputError,
        "Nothing was changed",
    ),
]
# a count, a share, an amount, pay of those selected, an endogenous covariate and its instrument
NUMBERS = np.random.default_rng(4)
MODELS = FRAME.assign(
    count=SOME % 5 * 1.0,
    share=(1 + SOME % 7) / 10,
    amount=np.maximum(SOME % 6 - 2.0, 0),
    low=SOME % 4 * 1.0,
    high=1 + SOME % 4 * 1.0,
    tool=NUMBERS.normal(size=N),
    chosen=(SOME % 3 > 0) * 1,
).assign(
    price=lambda f: f["tool"] + NUMBERS.normal(size=N),
    pay=lambda f: (f["x"] + NUMBERS.normal(size=N)).where(f["chosen"] == 1),
)


def models(**columns):
    return MODELS.assign(**columns)


def at(column, row, value):
    """The data with one other value."""
    return MODELS.assign(**{column: MODELS[column].mask(row == SOME, value)})


COUNTS = [
    wrong(
        "a code for no answer among counts",
        lambda: sa.poisson(at("count", 7, -9), "count ~ x"),
        DataError,
        "Outcome 'count': 1 of 60 counts are negative (first, by respondent: 7: -9)",
        "Recode codes for missing answers",
    ),
    wrong(
        "half a count",
        lambda: sa.hurdle(at("count", 7, 2.5), "count ~ x"),
        DataError,
        "'count': 1 of 60 counts are no whole number",
        "7: 2.5",
        "Use the count, with its exposure",
    ),
    wrong(
        "an exposure of 0",
        lambda: sa.negative_binomial(models(years=SOME % 4 * 1.0), "count ~ x", exposure="years"),
        DataError,
        "`exposure` 'years' is missing, 0 or negative for 15 of 60 respondents",
        "0: 0, 4: 0",
        'where("years > 0")',
    ),
    wrong(
        "an exposure that is not known",
        lambda: sa.zero_inflated(models(years=pd.Series(2.0, SOME).mask(SOME == 7)), "count ~ x", exposure="years"),
        DataError,
        "for 1 of 60",
        "7: missing",
    ),
    wrong(
        "an infinite exposure",
        lambda: sa.poisson(models(years=np.where(SOME == 7, np.inf, 1.0)), "count ~ x", exposure="years"),
        DataError,
        "'years' is infinite for 1 respondent(s): 7",
    ),
    wrong(
        "no zeros to inflate",
        lambda: sa.zero_inflated(models(count=1 + MODELS["count"]), "count ~ x"),
        DataError,
        "Outcome 'count': No count is 0",
        "truncated model of counts",
    ),
    wrong(
        "no zeros before a hurdle",
        lambda: sa.hurdle(models(count=1 + MODELS["count"]), "count ~ x"),
        DataError,
        "Outcome 'count': No count is 0: there is no hurdle",
        "truncated",
    ),
    *(
        wrong(
            f"nothing but zeros in {verb.__name__}",
            lambda verb=verb: verb(models(count=0.0), "count ~ x"),
            DataError,
            "'count'",
            "is 0 in all 60 rows",
            "Widen the domain",
        )
        for verb in (sa.poisson, sa.negative_binomial, sa.hurdle, sa.zero_inflated, sa.fractional, sa.two_part)
    ),
]
LIMITS = [
    *(
        wrong(
            f"per cent for shares in {name}",
            lambda verb=verb, more=more: verb(models(share=100 * MODELS["share"]), "share ~ x", **more),
            DataError,
            "Outcome 'share': 60 of 60 shares lie outside 0 to 1 (first, by respondent: 0: 10, 1: 20",
            "Divide percentages by 100",
        )
        for name, verb, more in (
            ("fractional", sa.fractional, {}),
            ("beta", sa.beta, {}),
            ("inflated beta", sa.beta, {"inflation": "1"}),
        )
    ),
    wrong(
        "a code for no answer among shares",
        lambda: sa.beta(at("share", 7, -9), "share ~ x"),
        DataError,
        "1 of 60 shares lie outside 0 to 1 (first, by respondent: 7: -9)",
        "recode codes for missing answers",
    ),
    wrong(
        "everybody at the limit",
        lambda: sa.tobit(models(amount=0.0), "amount ~ x"),
        DataError,
        "Outcome 'amount': All 60 rows are at a limit (60 at the lower, 0 at the upper)",
        "correct the limit",
    ),
    wrong(
        "limits in the wrong order",
        lambda: sa.tobit(MODELS, "amount ~ x", lower=3, upper=1),
        ChoiceError,
        "`lower` is 3 and `upper` 1",
        "must be the smaller",
    ),
    wrong(
        "limits of a truncated sample in the wrong order",
        lambda: sa.truncated_regression(MODELS, "amount ~ x", lower=3, upper=1),
        ChoiceError,
        "`lower` is 3 and `upper` 1",
    ),
    wrong(
        "a band upside down",
        lambda: sa.interval_regression(at("high", 7, -1), "low ~ x", upper="high"),
        DataError,
        "'low .. high'",
        "of 1 respondent(s) is upside down",
        "of 7 runs from 3 to -1",
    ),
    wrong(
        "a negative amount",
        lambda: sa.two_part(at("amount", 7, -2), "amount ~ x"),
        DataError,
        "Outcome 'amount': 1 of 60 amounts are negative (first, by respondent: 7: -2)",
    ),
]
SELECTIONS = [
    wrong(
        "everybody selected",
        lambda: sa.heckman(models(pay=MODELS["x"], chosen=1), "pay ~ x", "chosen ~ x + tool"),
        DataError,
        "'chosen': each of the 60 respondents used has the event",
        "widen the domain",
    ),
    wrong(
        "nobody selected",
        lambda: sa.heckman(models(pay=np.nan, chosen=0), "pay ~ x", "chosen ~ x + tool"),
        DataError,
        "'chosen': each of the 60 respondents used lacks the event",
    ),
    wrong(
        "everybody's outcome known",
        lambda: sa.heckman(models(pay=MODELS["x"]), "pay ~ x", "x + tool"),
        DataError,
        "60 respondents",
        "is selected: there is no selection",
        "Fit `linear`",
    ),
    wrong(
        "a constant instrument",
        lambda: sa.two_stage(models(one=1.0), "x ~ price", "one"),
        DataError,
        "'one' does not vary (always 1)",
    ),
    wrong(
        "an instrument that is a regressor",
        lambda: sa.two_stage(MODELS, "amount ~ price + x", "x"),
        ChoiceError,
        "1 endogenous terms (price)",
        "not in the formula; there are 0 (none)",
    ),
    wrong(
        "all regressors as instruments",
        lambda: sa.two_stage(MODELS, "amount ~ price + x", "price + x + tool"),
        ChoiceError,
        "nothing is endogenous",
    ),
    wrong(
        "fewer instruments than endogenous terms",
        lambda: sa.two_stage(MODELS, "amount ~ price + x", "tool"),
        ChoiceError,
        "2 endogenous terms (price, x)",
        "there are 1 (tool)",
    ),
    wrong(
        "four answers at once",
        lambda: sa.multivariate_probit(MODELS, [f"{name} ~ x" for name in ("y", "ok", "chosen", "stratum")]),
        ChoiceError,
        "4 formulas; this model is of three answers",
        "Of more than three, fit every pair by `bivariate_probit`",
        "three at a time",
    ),
    wrong(
        "one formula for three answers",
        lambda: sa.multivariate_probit(MODELS, "ok ~ x"),
        ChoiceError,
        "`formulas` is one text",
        "`probit`",
    ),
]
VERBS = {
    "linear": lambda data, y: sa.linear(data, f"{y} ~ x + tool"),
    "poisson": lambda data, y: sa.poisson(data, f"{y} ~ x + tool"),
    "negative_binomial": lambda data, y: sa.negative_binomial(data, f"{y} ~ x + tool"),
    "hurdle": lambda data, y: sa.hurdle(data, f"{y} ~ x + tool"),
    "zero_inflated": lambda data, y: sa.zero_inflated(data, f"{y} ~ x + tool"),
    "truncated_count": lambda data, y: sa.truncated_count(data, f"{y} ~ x + tool"),
    "tobit": lambda data, y: sa.tobit(data, f"{y} ~ x + tool"),
    "truncated_regression": lambda data, y: sa.truncated_regression(data, f"{y} ~ x + tool"),
    "two_part": lambda data, y: sa.two_part(data, f"{y} ~ x + tool"),
    "interval_regression": lambda data, y: sa.interval_regression(data, f"{y} ~ x + tool", upper="high"),
    "fractional": lambda data, y: sa.fractional(data, f"{y} ~ x + tool"),
    "beta": lambda data, y: sa.beta(data, f"{y} ~ x + tool"),
    "two_stage": lambda data, y: sa.two_stage(data, f"{y} ~ price + x", "tool + x"),
    "heckman": lambda data, y: sa.heckman(data, f"{y} ~ x", "x + tool"),
    "quantile_regression": lambda data, y: sa.quantile_regression(data, f"{y} ~ x + tool", [0.5]),
}
EVERY_VERB = [
    case
    for name, verb in VERBS.items()
    for case in (
        wrong(f"text in {name}", lambda v=verb: v(MODELS, "stratum"), ChoiceError, "'stratum' holds answer categories"),
        wrong(
            f"an infinite outcome in {name}",
            lambda v=verb: v(at("share", 7, np.inf), "share"),
            DataError,
            "'share' is infinite for 1 respondent(s): 7",
        ),
        wrong(
            f"an infinite covariate in {name}",
            lambda v=verb: v(at("x", 7, -np.inf), "share"),
            DataError,
            "'x' is infinite for 1 respondent(s): 7",
        ),
        wrong(f"one row in {name}", lambda v=verb: v(MODELS.iloc[1:2], "share"), DesignError, "one respondent"),
        wrong(
            f"too few rows in {name}",
            lambda v=verb: v(MODELS.iloc[1:3], "share"),
            DataError,
            "2 respondents used" if name != "heckman" else "2 respondents",
        ),
    )
]
LOGARITHMS = [
    wrong(
        "the logarithm of 0",
        lambda: sa.linear(MODELS, "x ~ log(count)"),
        DataError,
        "log(count): the logarithm does not exist, 'count' is zero or less for 12 respondent(s): 0, 5, 10, 15, 20 and",
        '"count > 0"',
        "log(x + 1)",
    ),
    wrong(
        "the logarithm of a loss",
        lambda: sa.poisson(models(gain=(1 + MODELS["x"]).mask(SOME == 7, -3)), "count ~ log(gain)"),
        DataError,
        "log(gain)",
        "for 1 respondent(s): 7",
    ),
    wrong(
        "the logarithm of an outcome",
        lambda: sa.linear(MODELS, "log(amount) ~ x"),
        FormulaError,
        "an outcome is a question",
        "Add it to the data",
    ),
]
INPUTS = ("raw.csv", "raw.xlsx", "codebook.yaml", "recipe.yaml", "c.yaml", "here")


@pytest.mark.parametrize(
    "case",
    [*FRAMES, *ARGUMENTS, *DESIGNS, *FILES, *COUNTS, *LIMITS, *SELECTIONS, *EVERY_VERB, *LOGARITHMS],
    ids=lambda case: case.name,
)
def test_wrong_input_is_one_clear_error_and_nothing_is_written(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SurveyError) as caught:
        case.do()
    assert type(caught.value) is case.error, repr(caught.value)
    assert not [word for word in case.words if word not in str(caught.value)], str(caught.value)
    assert {path.name for path in tmp_path.iterdir()} <= set(INPUTS)


OBJECTS = {
    "True or None": [True, None, False],
    "whole numbers": [1, 2, None],
    "days": [pd.Timestamp("2024-03-04").date()] * 3,
}
ODD = {
    "lists beside": LISTS,
    "one index for all": FRAME.set_axis([0] * N),
    "an index of two levels": FRAME.set_index(["stratum", "town"]),
    "a level that nobody has": frame(g=pd.Categorical(FRAME["g"], ["a", "z", "b", "c"])),
    "small integers": frame(x=FRAME["x"].astype("int8")),
    "Arrow": FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "numbers as names": FRAME.rename(columns={"w": 1, "day": None}),
} | {name: frame(odd=pd.Series(values * (N // len(values)), dtype=object)) for name, values in OBJECTS.items()}


@pytest.mark.parametrize("name", ODD)
def test_odd_frames_give_the_same_numbers(name):
    """Independent: pandas' own means of the plain frame."""
    odd = ODD[name]
    shares = sa.crosstab(odd, "y", by="ok").frame
    expected = FRAME.loc[FRAME["ok"], "y"].eq("yes").mean()
    found = shares[(shares["level"] == "yes") & shares["ok"].eq(True)]["estimate"]
    assert found.item() == pytest.approx(expected, rel=1e-12)
    means = sa.mean(odd, "x", by="g").frame.set_index("g")["estimate"]
    assert means["b"] == pytest.approx(FRAME.loc[FRAME["g"] == "b", "x"].mean(), rel=1e-12)


@pytest.mark.parametrize(("name", "type_"), [("True or None", "boolean"), ("whole numbers", "Int64")])
def test_objects_become_what_they_are(name, type_):
    assert str(sa.Survey.from_frame(ODD[name]).frame["odd"].dtype) == type_


def run(*arguments, folder):
    command = [sys.executable, "-m", "surveyanalysis", *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_run_that_is_stopped_half_way_leaves_the_old_report(tmp_path, number):
    old = tmp_path / "results" / "copenhagen-housing"
    old.mkdir(parents=True)
    for name in ("MANIFEST.json", "copenhagen-housing.html"):
        (old / name).write_text("{}")
    with run("reproduce", "copenhagen-housing", folder=tmp_path) as process:
        assert process.stderr is not None
        while "computing the printed numbers" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
    assert {p.name: p.read_text() for p in old.iterdir()} == {"MANIFEST.json": "{}", "copenhagen-housing.html": "{}"}
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert "Interrupted. What was not complete was not written" in said
        assert "Traceback" not in said
        assert [p.name for p in old.parent.iterdir()] == [old.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reproduce", "copenhagen-housing", "--out", "here"), "here is a file, not a folder"),
        (("reproduce", "copenhagen-housing", "--lang", "fr"), "`lang` is 'fr'"),
        (("clean", "raw.csv", "codebook.yaml", "--lang", "fr"), "`lang` is 'fr'"),
        (("clean", "raw.csv", "codebook.yaml", "--out", "."), "not written by this command"),
        (("codebook", "codebook.yaml", "--schema", "here/schema.json"), "here is a file, not a folder"),
    ],
)
def test_the_command_line_tells_in_one_line_and_writes_nothing(tmp_path, arguments, words):
    for name, content in {"here": "", "raw.csv": RAW, "codebook.yaml": BOOK}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with run(*arguments, folder=tmp_path) as process:
        shown, said = process.communicate(timeout=60)
    assert (process.returncode, shown) == (2, "")
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"here", "raw.csv", "codebook.yaml"}
