"""Rubin's rules on results of any verb; the numbers themselves are held against R in tests/references (d.mi.*)."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, SeparationError
from surveyanalysis.estimators.pooling import _reiter, pooled

from .people import designed, survey

ASKED = ["age", "works", "pay", "stage", "job", "why_money", "why_home"]
VERBS = {
    "mean": lambda d: sa.mean(d, ["pay", "age"]),
    "proportion": lambda d: sa.proportion(d, "stage", by="works"),
    "total": lambda d: sa.total(d, "pay"),
    "frequencies": lambda d: sa.frequencies(d, "job"),
    "crosstab": lambda d: sa.crosstab(d, "stage", by="works"),
    "likert": lambda d: sa.likert(d, ["stage"]),
    "quantile": lambda d: sa.quantile(d, "pay", [0.25, 0.5]),
    "several choices": lambda d: sa.multiple_response(d, ["why_money", "why_home"]),
    "ratio": lambda d: sa.ratio(d, "pay", "age"),
    "differences": lambda d: sa.differences(sa.mean(d, "age", by="stage")),
    "logit": lambda d: sa.logit(d, "works ~ age + stage", event="yes"),
    "ordered": lambda d: sa.ordered(d, "stage ~ age"),
    "multinomial": lambda d: sa.multinomial(d, "job ~ age"),
    "linear": lambda d: sa.linear(d, "age ~ stage + job"),
    "effects": lambda d: sa.logit(d, "works ~ age", event="yes").effects(),
}


@pytest.fixture(scope="module")
def filled():
    design = sa.Design(designed(), weights="w", strata="s", clusters="c")
    return sa.impute(design, ASKED, m=4, iterations=2)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_s_results_are_pooled_row_by_row(verb, filled):
    one, found = VERBS[verb](filled.designs[0]), filled.fit(VERBS[verb])
    frame = one.frame
    assert list(found.frame.columns) == list(frame.columns)
    assert (found.frame.dtypes == frame.dtypes).all()
    each = np.array([VERBS[verb](design).frame["estimate"] for design in filled.designs])
    assert_allclose(found.frame["estimate"], each.mean(axis=0), rtol=1e-12)
    assert_allclose(np.diag(found.covariance), found.frame["se"] ** 2, rtol=1e-10)
    within = np.mean([VERBS[verb](design).frame["se"] ** 2 for design in filled.designs], axis=0)
    assert_allclose(found.frame["se"] ** 2, within + 1.25 * each.var(axis=0, ddof=1), rtol=1e-10)
    assert (found.frame["ci_low"] <= found.frame["estimate"]).all()
    for lang in ("en", "ko"):
        assert found.table(lang).to_text()
        assert found.information.table(lang).to_text()
    assert found.m == 4


def test_totals_of_a_table_are_pooled_with_its_cells(filled):
    found = filled.fit(VERBS["crosstab"])
    expected = filled.fit(lambda d: sa.proportion(d, "stage"))
    for name in ("estimate", "se", "df", "ci_low", "ci_high"):
        assert_allclose(found.detail["totals"][name], expected.frame[name], rtol=1e-9)


def test_corrected_p_values_are_corrected_after_pooling(filled):
    found = filled.fit(VERBS["differences"])
    expected = sa.adjust_p(found.detail["p"], found.detail["correction"])
    assert_allclose(found.frame["p"], expected)


def test_shares_stay_within_0_and_1_and_a_share_of_nobody_has_wilson_s_interval():
    none = pd.DataFrame({"q": pd.Categorical(["a"] * 57, ["a", "b"])})
    found = sa.pool([sa.proportion(none, "q")] * 3)
    alone = sa.proportion(none, "q")
    assert_allclose(found.frame[["ci_low", "ci_high"]], alone.frame[["ci_low", "ci_high"]], atol=2e-3)
    assert found.frame["ci_high"].iloc[1] > 0.05


def test_results_that_do_not_differ_are_themselves_but_for_the_degrees_of_freedom():
    result = sa.mean(survey(), "age")
    found = sa.pool([result] * 5)
    assert_allclose(found.frame[["estimate", "se"]], result.frame[["estimate", "se"]])
    df = result.frame["df"]
    assert_allclose(found.frame["df"], (df + 1) / (df + 3) * df)
    assert_allclose(found.information.frame["increase"], 0)
    assert sa.pool([result] * 5, df=np.inf).frame["df"].iloc[0] == np.inf


def test_odds_ratios_are_pooled_as_log_odds(filled):
    found = filled.fit(VERBS["logit"])
    ratios = found.exponentiate()
    slopes = found.frame[found.frame["component"] == "slope"]
    assert_allclose(ratios.frame["estimate"], np.exp(slopes["estimate"]))
    assert_allclose(ratios.frame["ci_low"], np.exp(slopes["ci_low"]))
    assert_allclose(ratios.frame["p"], slopes["p"])
    with pytest.raises(ChoiceError, match=r"use pooled\.exponentiate"):
        filled.fit(lambda d: sa.logit(d, "works ~ age", event="yes").exponentiate())
    with pytest.raises(ChoiceError, match="are no log-odds"):
        filled.fit(VERBS["mean"]).exponentiate()


def test_joint_tests_name_questions_or_terms(filled):
    found = filled.fit(VERBS["linear"])
    whole, one = found.test("stage"), found.test("stage[2]")
    assert (whole.df, one.df) == (3.0, 1.0)
    t = found.frame.set_index("term").loc["stage[2]", "statistic"]
    assert_allclose(one.statistic, t**2, rtol=1e-9)  # one parameter: F = t^2
    assert "D1" in whole.name["en"]
    with pytest.raises(ColumnError, match="'stagee'"):
        found.test("stagee")
    with pytest.raises(ChoiceError, match="Name a question or a term"):
        found.test()


def test_with_many_degrees_of_freedom_reiter_s_denominator_is_that_of_li_raghunathan_and_rubin():
    for t, r in ((8, 0.4), (20, 1.5), (57, 0.05)):
        large = 4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2
        assert_allclose(_reiter(t, r, 1e13), large, rtol=1e-5)


def test_the_rules_follow_the_scale_and_the_order_of_estimates():
    rng = np.random.default_rng(2)
    estimates, root = rng.normal(size=(6, 3)), rng.normal(size=(6, 3, 3))
    covariances = root @ root.transpose(0, 2, 1)
    turn = rng.normal(size=(3, 3))
    one = pooled(estimates, covariances, np.full(3, 40.0))
    other = pooled(estimates @ turn.T, turn @ covariances @ turn.T, np.full(3, 40.0))
    assert_allclose(other.total, turn @ one.total @ turn.T, rtol=1e-9)
    tenfold = pooled(10 * estimates, 100 * covariances, np.full(3, 40.0))
    for name in ("df", "missing_information", "increase", "share"):
        assert_allclose(getattr(tenfold, name), getattr(one, name), rtol=1e-9)


WRONG = [
    (lambda: sa.pool([sa.mean(survey(), "age")]), "`results` holds 1"),
    (lambda: sa.pool([1, 2]), "Result 1 is a int"),
    (lambda: sa.pool([sa.design_effect(designed(), "age", replacement=True)] * 2), "'design_effect' has numbers"),
    (lambda: sa.pool([sa.mean(designed(), "age"), sa.mean(designed(), "pay")]), "Results 1 and 2 differ .*age"),
    (lambda: sa.pool([sa.mean(designed(), "age")] * 2, confidence=95), "`confidence` is 95"),
    (lambda: sa.pool([sa.crosstab(designed(), "job", by="s").test("pearson")] * 2), "Tests are not averaged"),
    (lambda: sa.impute(survey(), ["age", "stage"], m=2, iterations=1).fit(3), "give a function of a design"),
]


@pytest.mark.parametrize(("do", "words"), WRONG, ids=[words for _, words in WRONG])
def test_wrong_results_are_named(do, words):
    with pytest.raises(ChoiceError, match=words):
        do()


LOGITS = [
    "works ~ age + stage",
    "works ~ log(age) + job",
    "works ~ age^2 + age + why_money",
    "works ~ pay",
    "rich ~ age",
]


@pytest.mark.parametrize("formula", [*LOGITS, "why_home ~ stage + age", "works ~ score(stage)", "works ~ ns(age, 2)"])
@pytest.mark.parametrize("replicates", [False, True])
def test_the_logit_on_arrays_is_the_logit_on_every_imputation(formula, replicates):
    people = designed().assign(works=lambda d: d["works"].mask(np.arange(len(d)) % 9 == 0))
    design = sa.Design(people, weights="w", strata="s", clusters="c")
    if replicates:
        design = design.replicated("JKn")
    filled = sa.impute(design, ASKED, m=3, iterations=2)
    event = {"works": "yes", "rich": "rich"}.get(formula.split()[0])
    found, expected = filled.logit(formula, event=event), filled.fit(lambda d: sa.logit(d, formula, event=event))
    assert_allclose(found.frame["estimate"], expected.frame["estimate"], rtol=1e-8, atol=1e-10)
    assert_allclose(found.covariance, expected.covariance, rtol=1e-7, atol=1e-9)
    assert_allclose(found.frame["df"], expected.frame["df"], rtol=1e-7)


def test_the_logit_on_arrays_names_what_separates():
    people = designed().assign(apart=lambda d: (d["age"] > 50).astype("boolean"))
    people["apart"] = people["apart"].mask(np.arange(len(people)) % 7 == 0)
    filled = sa.impute(people, ["age", "apart"], m=3, iterations=2)
    with pytest.raises(SeparationError, match="separated"):
        filled.logit("apart ~ age + works")
