"""Power of slopes, pairs and groups against R, exact sums, and simulation.

Stored cases f.power.*, f.size.*: tests/references/scripts/small.R. Three sizes are remembered from the manual of
G*Power 3.1 (Faul, Erdfelder, Buchner and Lang 2009), not read in print: they are no printed values.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError
from tests import references


def one(plan, column="power"):
    return plan.frame[column].item()


@pytest.mark.parametrize("name", references.cases("f.power.pairs."))
def test_power_of_pairs_is_the_sum_of_exact_tests(name):
    case = references.case(name)
    assert_allclose(one(sa.plan_pairs(**{**case.args, "n": int(case.args["n"])})), case.values["power"], rtol=1e-9)


@pytest.mark.parametrize(
    "name",
    [*references.cases("f.power.fisher."), *references.cases("f.power.share"), *references.cases("f.power.mean")],
)
def test_power_to_compare_is_that_of_r(name):
    case = references.case(name)
    args = {key: int(value) if key in ("n1", "n2") else value for key, value in case.args.items()}
    assert_allclose(one(sa.power_to_compare(**args)), case.values["power"], rtol=1e-7)


@pytest.mark.parametrize("name", references.cases("f.size.ordered."))
def test_sizes_for_ordered_answers_are_whitehead_s(name):
    case = references.case(name)
    assert one(sa.plan_ordered_slope(**case.args), "n") == np.ceil(case.values["n"])


def test_printed_sizes_for_a_logit_slope():
    """Remembered sizes; logistic regression: 317 (number), and 1437 (yes/no, 5 % against 10 %)."""
    assert one(sa.plan_slope(odds_ratio=1.5, power=0.95, share=0.5), "n") == 317
    ratio = (0.1 / 0.9) / (0.05 / 0.95)
    assert one(sa.plan_slope(odds_ratio=ratio, power=0.95, share=0.05, group=0.5), "n") == 1437


def test_printed_power_of_mcnemar_s_exact_test():
    """Remembered: odds ratio .25, 40 % of 50 pairs apart, one-sided 5 %: .839343; the other tail: 1.5e-5."""
    found = sa.plan_pairs(n=50, only_first=0.4 / 1.25, only_second=0.1 / 1.25, confidence=0.9)
    assert_allclose(one(found), 0.839343, atol=2e-5)


def test_a_slope_of_a_yes_no_answer_is_the_comparison_of_two_groups():
    """Equal groups: the same formula as for two shares with their pooled variance."""
    slope = sa.plan_slope(n=120, odds_ratio=2.25, share=0.4, group=0.5)
    assert_allclose(one(slope), one(sa.power_to_compare(60, 60, 0.2, 0.4)), rtol=1e-3)


@pytest.mark.parametrize(
    ("plan", "asked"),
    [
        (sa.plan_slope, {"share": 0.3}),
        (sa.plan_slope, {"share": 0.3, "group": 0.25, "r2": 0.2}),
        (sa.plan_ordered_slope, {"shares": [0.2, 0.3, 0.5]}),
    ],
)
def test_the_three_questions_answer_one_another(plan, asked):
    n = one(plan(odds_ratio=2.0, power=0.85, **asked), "n")
    assert one(plan(n=n, odds_ratio=2.0, **asked)) >= 0.85 > one(plan(n=n - 1, odds_ratio=2.0, **asked))
    ratio = one(plan(n=n, power=0.85, **asked), "odds_ratio")
    assert 1 < ratio <= 2
    assert_allclose(one(plan(n=n, odds_ratio=ratio, **asked)), 0.85, rtol=1e-8)


def test_other_covariates_cost_respondents():
    """Remembered: the size is divided by 1 - R2."""
    plain, shared = (one(sa.plan_slope(odds_ratio=1.5, power=0.9, share=0.5, r2=r2), "n") for r2 in (0, 0.5))
    assert abs(shared - 2 * plain) <= 2


def test_an_effect_that_cannot_be_found_is_missing():
    assert np.isnan(one(sa.plan_slope(n=4, power=0.9, share=0.02, group=0.1), "odds_ratio"))


def test_simulated_power_is_near_the_formula_in_a_large_sample():
    formula = one(sa.plan_slope(n=214, odds_ratio=1.6, share=0.4))
    found = sa.simulate_slope(214, 1.6, share=0.4, draws=400, seed=3).frame.iloc[0]
    assert found["ci_low"] - 0.03 < formula < found["ci_high"] + 0.03
    ordered = one(sa.plan_ordered_slope(n=150, odds_ratio=1.6, shares=[0.3, 0.4, 0.3]))
    drawn = sa.simulate_slope(150, 1.6, shares=[0.3, 0.4, 0.3], draws=300, seed=3).frame.iloc[0]
    assert drawn["ci_low"] - 0.03 < ordered < drawn["ci_high"] + 0.03


def test_simulations_follow_their_seed_and_count_samples_without_an_estimate():
    asked = {"share": 0.5, "group": 0.2, "draws": 60}
    a, b, c = (sa.simulate_slope(20, 6.0, **asked, seed=s) for s in (1, 1, 2))
    assert a.frame.equals(b.frame)
    assert not a.frame.equals(c.frame)
    assert any("separation" in note["en"] for note in a.origin.notes)
    firth = sa.simulate_slope(20, 6.0, **asked, test="firth")
    assert not any("separation" in note["en"] for note in firth.origin.notes)
    assert one(sa.simulate_slope(57, 1.0, share=0.4, draws=300, test="likelihood_ratio")) < 0.1


def test_fisher_s_test_has_less_power_than_the_approximation_promises():
    assert one(sa.power_to_compare(28, 29, 0.3, 0.4, test="fisher")) < one(sa.power_to_compare(28, 29, 0.3, 0.4))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_plans_are_tables_in_both_languages(lang):
    plans = [
        sa.plan_slope(n=57, power=0.8, share=0.4, r2=0.1),
        sa.plan_ordered_slope(n=57, odds_ratio=2, shares=[0.2, 0.8], group=0.3),
        sa.plan_pairs(power=0.8, only_first=0.3, only_second=0.1, exact=False),
        sa.power_to_compare(30, 27, 0.3, test="fisher"),
        sa.power_to_compare(30, 27, 0.5, of="mean"),
        sa.simulate_slope(30, 3.0, share=0.4, draws=20),
    ]
    for plan in plans:
        assert len(plan.table(lang).rows) == 1
    assert "%" in plans[2].table(lang).to_text()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sa.plan_slope(share=0.4, n=57), "2 are left out"),
        (lambda: sa.plan_slope(share=0.4, n=57, odds_ratio=2, power=0.8), "0 are left out"),
        (lambda: sa.plan_slope(share=40, n=57, power=0.8), "`share` is 40"),
        (lambda: sa.plan_slope(share=0.4, power=0.8, odds_ratio=1), "no sample"),
        (lambda: sa.plan_slope(share=0.4, power=0.8, odds_ratio=-2), "`odds_ratio` is -2"),
        (lambda: sa.plan_slope(share=0.4, n=57.5, power=0.8), "whole number"),
        (lambda: sa.plan_slope(share=0.4, n=57, power=0.8, group=2), "`group`"),
        (lambda: sa.plan_slope(share=0.4, n=57, power=0.8, r2=1), "`r2`"),
        (lambda: sa.plan_slope(share=0.4, power=0.8, odds_ratio=1.0001), "too small to be found"),
        (lambda: sa.plan_ordered_slope(shares=[0.2, 0.2], n=57, power=0.8), "sum to 1"),
        (lambda: sa.plan_ordered_slope(shares=3, n=57, power=0.8), "`shares` is 3"),
        (lambda: sa.plan_pairs(n=57, power=0.8, only_first=0.1, only_second=0.2), "one of `n` and `power`"),
        (lambda: sa.plan_pairs(n=57, only_first=0.6, only_second=0.5), "sum to 1.1"),
        (lambda: sa.plan_pairs(power=0.8, only_first=0.2, only_second=0.2), "no change"),
        (lambda: sa.plan_pairs(n=57, only_first=0.2, only_second=0.1, exact="yes"), "True or False"),
        (lambda: sa.power_to_compare(30, 30, 0.1, test="chi2"), "'z', 'fisher'"),
        (lambda: sa.power_to_compare(30, 30, 0.1, test="fisher", deff=1.5), "no design effect"),
        (lambda: sa.power_to_compare(3000, 30, 0.1, test="fisher"), "Use 'z'"),
        (lambda: sa.power_to_compare(30, 30, 0.1, of="mean", test="fisher"), "for shares"),
        (lambda: sa.simulate_slope(57, 2, draws=0, share=0.4), "`draws` is 0"),
        (lambda: sa.simulate_slope(57, 2, seed=1.2, share=0.4), "`seed` is 1.2"),
        (lambda: sa.simulate_slope(57, 2), "either `share`"),
        (lambda: sa.simulate_slope(57, 2, shares=[0.5, 0.2, 0.3], test="firth"), "for yes/no"),
    ],
)
def test_wrong_plans_are_refused(call, said):
    with pytest.raises(ChoiceError, match=said):
        call()
