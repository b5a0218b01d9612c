"""Planning against R (power.prop.test, power.t.test), textbooks and published examples: p.gap.*, p.size.*, p.deff.*."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError
from surveyanalysis.intervals import wilson
from surveyanalysis.language import say
from tests import references

from .api import api_design

SOLVED = 1e-8  # R's uniroot at 1e-13
TWO_SIGMA = 0.954499736103642  # confidence at which z is 2, as textbooks round it


def case_args(case):
    args = dict(case.args)
    return args, {key: args.pop(key) for key in ("n1", "n2") if key in args}


# ---- margins and sample sizes ----------------------------------------------------------------------------------------


def test_margins_of_the_textbook():
    """z sqrt(p q / n): 3.1 points for the 1,000 of a poll, 13.0 for 57 respondents."""
    frame = sa.margin_of_error([1000, 57]).frame
    assert_allclose(frame["margin"], 1.959963984540054 * np.sqrt(0.25 / np.array([1000, 57])), rtol=1e-14)
    assert frame["margin"].round(3).tolist() == [0.031, 0.13]


def test_cochran_s_sample_size_for_a_share():
    """Cochran (1977, section 4.4): 3,200 people, margin 5 points, z = 2: n0 = 400, n = 356."""
    assert sa.sample_size(0.05, confidence=TWO_SIGMA).frame["n"].item() == 400
    assert sa.sample_size(0.05, population=3200, confidence=TWO_SIGMA).frame["n"].item() == 356


def test_familiar_sample_sizes():
    """385 and 1,068 for 5 and 3 points; 278 of 1,000 people (Krejcie and Morgan 1970 print 278)."""
    assert sa.sample_size([0.05, 0.03]).frame["n"].tolist() == [385, 1068]
    assert sa.sample_size(0.05, population=1000).frame["n"].item() == 278


@pytest.mark.parametrize("population", [None, 300, 5000])
@pytest.mark.parametrize("share", [0.5, 0.07])
@pytest.mark.parametrize("deff", [1.0, 1.7])
def test_the_sample_size_is_the_smallest_that_keeps_the_margin(population, share, deff):
    asked = {"population": population, "deff": deff}
    n = sa.sample_size(0.04, share=share, **asked).frame["n"].item()
    margins = sa.margin_of_error([n, n - 1], share, **asked).frame["margin"]
    assert margins[0] <= 0.04 < margins[1]


def test_design_effects_and_finite_populations_act_on_the_variance():
    plain, doubled = (sa.margin_of_error(100, deff=deff).frame["margin"].item() for deff in (1, 4))
    assert doubled == pytest.approx(2 * plain, rel=1e-14)
    half = sa.margin_of_error(100, population=199).frame["margin"].item()
    assert half == pytest.approx(plain / np.sqrt(2), rel=1e-14)
    census = sa.margin_of_error(57, 0.3, population=57).frame.iloc[0]
    assert census["margin"] == 0
    assert_allclose([census["ci_low"], census["ci_high"]], 0.3)


def test_the_planned_interval_is_wilson_s_on_the_effective_n():
    row = sa.margin_of_error(120, 0.1, deff=1.5).frame.iloc[0]
    low, high = wilson(np.array([0.1]), np.array([80.0]))
    assert_allclose([row["ci_low"], row["ci_high"]], [low[0], high[0]], rtol=1e-12)


def test_rows_are_every_n_with_every_share():
    frame = sa.margin_of_error([57, 214], [0.5, 0.1]).frame
    assert list(zip(frame["n"], frame["share"])) == [(57, 0.5), (57, 0.1), (214, 0.5), (214, 0.1)]


def test_people_to_invite_follow_the_response_rate():
    frame = sa.sample_size(0.05, response_rate=0.3).frame
    assert (frame["n"].item(), frame["invited"].item()) == (385, 1284)
    impossible = sa.sample_size(0.05, population=500, response_rate=0.3)
    assert any("cannot be reached" in say(note) for note in impossible.origin.notes)


@pytest.mark.parametrize("name", references.cases("p.deff."))
def test_margins_of_a_design_are_r_s(name):
    """R survey svymean(deff = "replace")."""
    case = references.case(name)
    frame = sa.margin_of_error(api_design(case), question="now").frame
    for column in ("se", "deff", "margin"):
        assert_allclose(frame[column], case.values[column], rtol=case.rtol)
    assert_allclose(frame["n_effective"] * frame["deff"], frame["n"])


def test_no_margin_where_everybody_gave_the_answer():
    found = sa.margin_of_error(pd.DataFrame({"q": pd.Categorical(["a"] * 57, ["a", "b"])}), question="q")
    assert found.frame[["margin", "deff"]].isna().all(axis=None)
    assert (found.frame["ci_high"] - found.frame["ci_low"]).gt(0.05).all()
    assert any("no margin" in say(note) for note in found.origin.notes)


# ---- two groups ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [c for c in references.cases("p.gap.") if ".t." not in c])
def test_smallest_differences_of_shares_are_r_s(name):
    """R power.prop.test, and uniroot of the same power for unequal groups."""
    case = references.case(name)
    args, sizes = case_args(case)
    frame = sa.smallest_difference(*sizes.values(), **args).frame.set_index("direction")
    for direction, value in case.values.items():
        found = frame.loc[direction, "difference"]
        assert np.isnan(found) if value is None else found == pytest.approx(value, rel=SOLVED)
    assert_allclose(frame["share_2"] - frame["share_1"], frame["difference"])


@pytest.mark.parametrize("name", references.cases("p.gap.t."))
def test_smallest_differences_of_means_are_r_s(name):
    """R power.t.test, and uniroot of the noncentral t for unequal groups."""
    case = references.case(name)
    args, sizes = case_args(case)
    found = sa.smallest_difference(*sizes.values(), of="mean", **args).frame["difference"].item()
    assert found == pytest.approx(case.values["d"], rel=SOLVED)


@pytest.mark.parametrize("name", references.cases("p.size."))
def test_sample_sizes_of_two_groups_are_r_s_rounded_up(name):
    """R power.prop.test, power.t.test."""
    case = references.case(name)
    of = "mean" if case.topic == "size_mean" else "share"
    found = sa.sample_size_to_compare(of=of, **case.args).frame.iloc[0]
    assert found["n_1"] == found["n_2"] == np.ceil(case.values["n"])


def test_fleiss_example_of_a_sample_size():
    """Fleiss, Levin and Paik (2003), table A.4 without their continuity correction: .25 against .40, power .8: 152."""
    assert sa.sample_size_to_compare(0.15, 0.25).frame["n_1"].item() == 152


def test_an_empirical_power_is_the_one_that_was_asked_for():
    """Simulated Wald tests of 57 against 157 at the smallest difference; standard error of the share .0028."""
    plan = sa.smallest_difference(57, 157, 0.5, variance="unpooled").frame.iloc[0]
    rng = np.random.default_rng(3)
    p1, p2 = rng.binomial(57, 0.5, 20_000) / 57, rng.binomial(157, plan["share_2"], 20_000) / 157
    z = (p2 - p1) / np.sqrt(p1 * (1 - p1) / 57 + p2 * (1 - p2) / 157)
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("of", ["share", "mean"])
def test_the_size_for_the_smallest_difference_is_the_size(of):
    d = sa.smallest_difference(80, 160, of=of, deff=1.3).frame["difference"].iloc[0]
    back = sa.sample_size_to_compare(d, of=of, ratio=2, deff=1.3).frame.iloc[0]
    assert (back["n_1"], back["n_2"], back["n"]) == (80, 160, 240)


def test_no_share_is_far_enough():
    found = sa.smallest_difference(5, 6, 0.9)
    assert np.isnan(found.frame.set_index("direction").loc["higher", "difference"])
    assert any("no difference in this direction" in say(note) for note in found.origin.notes)
    assert any("below 5" in say(note) for note in found.origin.notes)


# ---- events ----------------------------------------------------------------------------------------------------------


def test_riley_2020_pre_eclampsia():
    """BMJ 368, m441: 30 parameters, 5 % with the outcome, Cox-Snell R2 0.05: 73, 544 and 5,249 participants."""
    n = sa.events_needed(30, share=0.05, r2=0.05).frame.set_index("criterion")["n"]
    assert n[["overall_share", "mean_error", "shrinkage"]].tolist() == [73, 544, 5249]
    assert n["prediction"] == 5249


def test_pmsampsize_s_example():
    """R pmsampsize(type = "b", csrsquared = 0.288, parameters = 24, prevalence = 0.174): 623, 662, 221."""
    n = sa.events_needed(24, share=0.174, r2=0.288).frame.set_index("criterion")["n"]
    assert n[["shrinkage", "optimism", "overall_share"]].tolist() == [623, 662, 221]


def test_ten_events_a_slope():
    frame = sa.events_needed(4).frame
    assert frame[["criterion", "events"]].values.tolist() == [["events_per_slope", 40]]
    assert sa.events_needed(4, share=0.9).frame["n"].iloc[0] == 400
    assert sa.events_needed(4, share=23 / 57).frame["n"].iloc[0] == 100


def test_a_guessed_fit_is_fifteen_percent_of_the_largest():
    """Riley et al. (2020): max R2 is 0.33 for an outcome of 5 %, so 0.05 is taken."""
    guess = sa.events_needed(30, share=0.05)
    assert any("15%" in say(note) and "0.049" in say(note) for note in guess.origin.notes)
    exact = 0.15 * (1 - (0.05**0.05 * 0.95**0.95) ** 2)
    same = sa.events_needed(30, share=0.05, r2=exact)
    assert guess.frame["n"].tolist() == same.frame["n"].tolist()


# ---- tables and wrong input ------------------------------------------------------------------------------------------

PLANS = {
    "margin": lambda: sa.margin_of_error([57, 214], deff=1.4, population=1000),
    "margin of a design": lambda: sa.margin_of_error(pd.DataFrame({"q": ["a", "b"] * 20}), question="q"),
    "size": lambda: sa.sample_size(0.05, response_rate=0.4),
    "difference": lambda: sa.smallest_difference(57, 157),
    "difference of means": lambda: sa.smallest_difference(57, 157, of="mean"),
    "size to compare": lambda: sa.sample_size_to_compare(0.15, response_rate=0.5),
    "events": lambda: sa.events_needed(4, share=0.3),
}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_plan_has_a_table_and_words(plan, lang):
    found = PLANS[plan]()
    table = found.table(lang)
    assert len(table.rows) == len(found) == len(found.frame)
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert table.title == say(found.origin.what, lang)
    assert "nan" not in table.to_text().lower()
    assert (lang == "ko") == any("가" <= letter <= "힣" for letter in table.to_text())
    assert found.origin.sentence(lang)


def test_a_table_leaves_out_what_was_not_asked():
    heads = [column.head for column in PLANS["size"]().table().columns]
    assert {"Response rate, %", "To invite"} <= set(heads)
    assert not {"Design effect", "Population"} & set(heads)
    plain = [column.head for column in sa.sample_size(0.05).table().columns]
    assert "To invite" not in plain


def test_a_difference_of_means_is_no_percentage():
    table = PLANS["difference of means"]().table()
    assert "Difference, SD" in [column.head for column in table.columns]
    assert "0.44" in table.to_text()


WRONG = {
    "a share in percent": (lambda: sa.margin_of_error(57, 50), "`share` is 50"),
    "no people": (lambda: sa.margin_of_error(0), "`n` is 0"),
    "half a person": (lambda: sa.margin_of_error(56.5), "whole number of people"),
    "no n at all": (lambda: sa.margin_of_error([]), "`n` is empty"),
    "n as a text": (lambda: sa.margin_of_error("57"), "`n` is '57'"),
    "more than there are": (lambda: sa.margin_of_error(57, population=40), "more than the `population` of 40"),
    "a design without question": (lambda: sa.margin_of_error(pd.DataFrame({"q": ["a", "b"]})), "question="),
    "a question without design": (lambda: sa.margin_of_error(57, question="q"), "no design"),
    "a share of a design": (
        lambda: sa.margin_of_error(pd.DataFrame({"q": ["a", "b"]}), 0.3, question="q"), "follow from the design"),
    "a margin in points": (lambda: sa.sample_size(5), "0.05 (five percentage points)"),
    "nobody responds": (lambda: sa.sample_size(0.05, response_rate=0), "`response_rate` is 0"),
    "no effect": (lambda: sa.sample_size(0.05, deff=0), "`deff` is 0"),
    "95 percent confidence": (lambda: sa.sample_size(0.05, confidence=95), "`confidence` is 95"),
    "power in percent": (lambda: sa.smallest_difference(57, 157, power=80), "`power` is 80"),
    "power below the level": (lambda: sa.smallest_difference(57, 157, power=0.04), "between 0.05 and 1"),
    "an unknown variance": (lambda: sa.smallest_difference(57, 157, variance="wald"), "'pooled', 'unpooled'"),
    "an unknown measure": (lambda: sa.smallest_difference(57, 157, of="median"), "'share', 'mean'"),
    "one respondent in each": (lambda: sa.smallest_difference(1, 1, of="mean"), "three respondents"),
    "no difference": (lambda: sa.sample_size_to_compare(0), "`difference` is 0"),
    "no difference of means": (lambda: sa.sample_size_to_compare(0, of="mean"), "`difference` is 0"),
    "beyond 100 %": (lambda: sa.sample_size_to_compare(0.6, 0.5), "`share + difference` is 1.1"),
    "half a slope": (lambda: sa.events_needed(2.5), "`slopes` is 2.5"),
    "a fit that cannot be": (lambda: sa.events_needed(4, share=0.05, r2=0.5), "between 0 and 0.327"),
    "a fit without share": (lambda: sa.events_needed(4, r2=0.2), "without `share`"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_input_is_named(wrong):
    do, words = WRONG[wrong]
    with pytest.raises(ChoiceError) as caught:
        do()
    assert words in str(caught.value)
