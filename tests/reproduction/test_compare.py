"""Verdicts, and that each of them can fail.

Oracles: the printed strings and counts of the studies; rounding by definition.
"""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from surveyanalysis.errors import PublishedError
from surveyanalysis.reproduction.compare import VERDICTS, Computed, compare
from surveyanalysis.reproduction.published import Explained, Published, printed_number, read_published

ROOT = Path(__file__).parents[2]
EXPLAINED = Explained("10.3", {"en": "adjusted to sum to 100", "ko": "합계 100으로 조정"})


def judged(printed, computed, synthetic=False, **rest):
    paper = Published("paper", {"en": "A paper"}, (printed_number("x", printed, **rest),))
    return compare(paper, {"x": computed}, synthetic=synthetic).rows[0]


@pytest.mark.parametrize(
    ("printed", "value", "verdict"),
    [
        ("Sixty percent", 34 / 57, "same"),
        ("35.3 percent", 18 / 51, "same"),
        ("35.3%", 20 / 57, "differs"),
        ("55 percent", 31 / 57, "last digit"),
        ("55 percent", 0.5349, "differs"),
        ("-0.496", -0.49614, "same"),
        ("−4.80", -4.7972, "same"),
        ("-4.80", -4.8151, "differs"),
        ("-4.80", -4.811, "last digit"),
        ("0.125", -0.125, "differs"),
        ("<.001", 0.0004, "same"),
        ("<.001", 0.0012, "differs"),
        ("p < .05", 0.05, "differs"),
        ("more than 500", 501, "same"),
        ("1,681", 1681, "same"),
        ("1,681", 1682, "differs"),
        ("106.175", 106.1754, "same"),
        ("2.19e-06", 2.194e-06, "same"),
    ],
)
def test_a_number_is_judged_at_its_printed_digits(printed, value, verdict):
    assert judged(printed, Computed(value)).verdict == verdict


@pytest.mark.parametrize(
    ("printed", "value", "rounding"),
    [
        ("12.5%", 1 / 8, ("half_up", "half_even")),
        ("12%", 1 / 8, ("half_even",)),
        ("13%", 1 / 8, ("half_up",)),
        ("14.5%", 0.145, ("half_up", "half_even")),
        ("15%", 0.145, ("half_up",)),
    ],
)
def test_the_rounding_that_works_is_recorded(printed, value, rounding):
    row = judged(printed, Computed(value))
    assert (row.verdict, row.rounding) == ("same", rounding)


def test_agreement_of_synthetic_respondents_is_by_construction():
    assert judged("75 percent", Computed(43 / 57), synthetic=True).verdict == "by construction"
    assert judged("75 percent", Computed(41 / 57), synthetic=True).verdict == "differs"
    assert judged("75 percent", Computed(42 / 57), synthetic=True).verdict == "last digit"


def test_an_inferred_base_is_said_with_the_verdict():
    row = judged("35.3%", Computed(18 / 51, 18, 51), True, base=51, base_known="inferred", count=18)
    assert row.verdict == "by construction" and row.base_inferred
    assert not judged("35.3%", Computed(17 / 51, 17, 51), True, base=51, base_known="inferred").base_inferred


@pytest.mark.parametrize(
    ("computed", "words"),
    [
        (Computed(34 / 57, 34, 57), None),
        (Computed(33.9 / 57, 33, 57), "count is 34 in the file and 33"),
        (Computed(34 / 57, 34, 56), "base is 57 in the file and 56"),
        (Computed(math.nan), "nan"),
        (Computed(math.inf), "inf"),
    ],
)
def test_what_contradicts_the_file_differs_in_words(computed, words):
    row = judged("60 percent", computed, base=57, count=34)
    assert row.verdict == ("same" if words is None else "differs")
    assert words is None or words in row.note["en"]


def test_an_explanation_holds_only_for_the_number_that_it_states():
    assert judged("10.4", Computed(6 / 58), unit="percent", explained=EXPLAINED).verdict == "explained"
    changed = judged("10.4", Computed(6 / 57), unit="percent", explained=EXPLAINED)
    assert changed.verdict == "differs" and "10.3" in changed.note["en"]
    gone = judged("10.4", Computed(0.104), unit="percent", explained=EXPLAINED)
    assert gone.verdict == "same" and "yet the same" in gone.note["en"]


def test_a_printed_number_that_nobody_computed_fails():
    paper = read_published(ROOT / "data" / "copenhagen_housing" / "published.yaml")
    result = compare(paper, {"residents": Computed(1681, base=1681)}, synthetic=False)
    assert result["residents"].verdict == "same" and result.counts["not computed"] == 59 and not result.holds


def test_a_computed_number_that_was_not_printed_is_refused_with_the_nearest():
    paper = Published("paper", {}, (printed_number("willing_korea", "60%"),))
    with pytest.raises(PublishedError, match=r"'wiling_korea'.*Nearest: 'willing_korea'"):
        compare(paper, {"wiling_korea": Computed(0.6)}, synthetic=True)


@pytest.fixture
def housing():
    """The housing study as printed, and numbers that equal the print."""
    paper = read_published(ROOT / "data" / "copenhagen_housing" / "published.yaml")
    return paper, {n.id: Computed(float(n.read.value), base=n.base) for n in paper.numbers}


def test_all_cells_of_the_housing_study_hold_when_they_are_as_printed(housing):
    result = compare(*housing, synthetic=False)
    assert result.holds and result.counts == dict.fromkeys(VERDICTS, 0) | {"same": 60}


@pytest.mark.parametrize(("printed", "verdict"), [("0.567", "last digit"), ("0.576", "differs"), ("-0.566", "differs")])
def test_one_printed_cell_changed_changes_its_verdict_alone(housing, printed, verdict):
    paper, computed = housing
    name = "logistic: InflMedium | Value"
    numbers = tuple(printed_number(name, printed) if n.id == name else n for n in paper.numbers)
    result = compare(replace(paper, numbers=numbers), computed, synthetic=False)
    assert {row.number.id for row in result.rows if row.verdict != "same"} == {name}
    assert result[name].verdict == verdict and result.holds == (verdict == "last digit")


def test_one_answer_changed_changes_the_verdict_of_the_article():
    """One respondent of 57 less who is interested: the count contradicts, and 33/57 prints 58."""
    paper = read_published(ROOT / "data" / "stepi_2011" / "published.yaml")
    shares = {n.id: Computed(n.count / n.base, n.count, n.base) for n in paper.numbers if n.read.unit == "percent"}
    counts = {n.id: Computed(n.count, n.count, n.base) for n in paper.numbers if n.read.unit == "number"}
    assert compare(paper, shares | counts, synthetic=True).holds
    changed = shares | counts | {"willing_korea": Computed(33 / 57, 33, 57)}
    result = compare(paper, changed, synthetic=True)
    assert not result.holds and result.counts["differs"] == 1
    uncounted = shares | counts | {"willing_korea": Computed(33 / 57)}
    assert compare(paper, uncounted, synthetic=True)["willing_korea"].verdict == "differs"


def test_the_koreabio_table_is_same_but_for_the_forced_cell():
    """Counts inferred for bases 59, 58, 40 and 57; 10.4 is 6/58 forced to a sum of 100."""
    paper = read_published(ROOT / "tests" / "references" / "koreabio_members_2024.yaml")
    counts = [42, 19, 17, 26, 19, 14, 30, 15, 34, 18, 6, 17, 14, 14, 36, 32, 24, 33, 9, 8, 5, 24, 14, 11, 4, 3]
    bases = [59] * 8 + [58] * 3 + [40] * 3 + [57] * 3 + [59] * 9
    computed = {i: Computed(c / n, c, n) for i, c, n in zip(paper.ids, counts, bases, strict=True)}
    result = compare(paper, computed, synthetic=False)
    assert result.holds and result.counts["same"] == 25 and result["outlook 2025: other | %"].verdict == "explained"


def test_the_frame_has_one_row_a_printed_number_in_file_order(housing):
    frame = compare(*housing, synthetic=False).frame
    assert frame.columns.tolist() == [
        "id", "says", "printed", "computed", "count", "base", "ci_low", "ci_high", "verdict", "rounding", "note",
        "base_known", "value_known",
    ]  # fmt: skip
    assert frame.id.tolist() == list(housing[0].ids)
    assert frame.base.dtype == "Int64" and frame.computed.dtype == float and frame.verdict.dtype == "str"
    assert frame.set_index("id").loc["residents", "base"] == 1681
