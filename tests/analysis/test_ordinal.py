"""Ordered models beyond parallel lines, through the public verb: against R, against theory, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, ConvergenceError, DataError
from tests.references import case

from .designs import respondents
from .test_regression import as_ordered, classical_data

FORMULA = "q ~ z + sex"


@pytest.fixture(scope="module")
def people():
    return respondents()


@pytest.fixture(scope="module")
def drawn(people):
    return sa.Design(people, weights="w", strata="s", clusters="c")


@pytest.fixture(scope="module")
def wine():
    return classical_data("wine")


WIDER = {
    "slopes by threshold": {"nonparallel": "sex"},
    "spread": {"scale": "sex"},
    "both": {"nonparallel": "sex", "scale": "z"},
}
every_kind = pytest.mark.parametrize("asked", WIDER.values(), ids=WIDER)


# --- R ---


def test_partial_proportional_odds_equal_clm_with_the_other_sign(wine):
    """R ordinal clm(nominal = ~contact): c.ppo.wine.nominal."""
    reference = case("c.ppo.wine.nominal")
    model = sa.ordered(wine, "rating ~ temp + contact", nonparallel="contact", variance="model")
    found = model.frame.set_index("term")["estimate"]
    for label, value in reference.series("coef").items():
        cut, _, term = label.removeprefix("thr:").partition(".")
        ours = {"loc:tempwarm": "temp[warm]"}.get(label, cut if term != "contactyes" else f"contact[yes] @ {cut}")
        assert_allclose(found[ours], -value if term == "contactyes" else value, rtol=reference.rtol)
    assert_allclose(model.extra["loglik"], reference.values["logLik"], rtol=1e-9)


def test_a_location_scale_model_equals_clm(wine):
    """R ordinal clm(scale = ~temp): c.ppo.wine.scale."""
    reference = case("c.ppo.wine.scale")
    model = sa.ordered(wine, "rating ~ temp + contact", scale="temp", variance="model")
    spread = model.frame.query("component == 'scale'").iloc[0]
    assert spread["term"] == "temp[warm]"
    assert_allclose(
        [spread["estimate"], spread["se"]],
        [reference.series(k)["logscale:tempwarm"] for k in ("coef", "se")],
        rtol=reference.rtol,
    )


def test_likelihood_ratios_of_single_terms_equal_nominal_test_and_scale_test(wine):
    """R ordinal nominal_test and scale_test: c.ppo.wine.tests; one nominal effect has no finite solution."""
    reference = case("c.ppo.wine.tests")
    model = sa.ordered(wine, "rating ~ temp + contact", variance="model")
    for key, found in {"nominal": model.parallel_lines("likelihood_ratio"), "scale": model.scale_test()}.items():
        rows = found.frame.set_index("term")
        for term, expected in reference.values[key].items():
            assert_allclose(rows.loc[term, ["statistic", "df", "p"]], [*expected.values()], rtol=reference.rtol)
        said = [note["en"] for note in found.origin.notes if "without bound" in note["en"]]
        assert [note.partition(":")[0] for note in said] == (["all terms together, temp"] if key == "nominal" else [])


# --- theory and invariance ---


def assert_contributions(model, every=23):
    """Contributions of some respondents equal the derivative of the coefficients by their weights."""
    weights, step = model.model_frame.used.row_weights, 1e-5
    size = np.abs(model.fit.scores).max()
    for i in range(0, len(weights), every):
        up, down = (model.refit(weights * (1 + by * (np.arange(len(weights)) == i))).params for by in (step, -step))
        assert_allclose(model.fit.scores[i], (up - down) / (2 * step), rtol=1e-5, atol=1e-6 * size)


@every_kind
def test_design_based_errors_are_the_design_s_covariance_of_exact_contributions(drawn, asked):
    """V of the contributions by the design is the covariance; they equal the numerical derivative by the weights."""
    model = sa.ordered(drawn, FORMULA, **asked)
    assert_allclose(model.params_covariance, model.model_frame.used.covariance(model.fit.scores), rtol=1e-12)
    assert_contributions(model)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog", "loglog"])
def test_wider_models_hold_the_narrow_one(drawn, link):
    """The likelihood ratio is never negative, and that of all terms is at least that of each."""
    model = sa.ordered(drawn, FORMULA, link=link)
    for found in (model.parallel_lines("likelihood_ratio"), model.scale_test()):
        statistic = found.frame["statistic"].to_numpy()
        assert (statistic >= 0).all()
        assert statistic[0] >= statistic[1:].max() - 1e-9
        assert found.frame["p"].iloc[1:].between(0, 1).all()


def test_a_saturated_model_by_threshold_gives_the_shares_of_each_group(drawn):
    model = sa.ordered(drawn, "q ~ sex", nonparallel=True)
    shares = sa.crosstab(drawn, "q", by="sex").frame.set_index(["sex", "level"])["estimate"]
    predicted = model.predict({"sex": ["f", "m"]}).frame
    for row in predicted.itertuples():
        assert_allclose(row.estimate, shares[row.sex, row.level], rtol=1e-8)


def test_normal_spread_in_two_groups_is_found():
    """An ordered probit of twice the spread in one group: exp(2 g) is its ratio of variances."""
    rng = np.random.default_rng(8)
    group = rng.random(20_000) < 0.5
    latent = 0.5 * group + rng.normal(size=20_000) * np.where(group, 2.0, 1.0)
    frame = pd.DataFrame({"g": group, "y": pd.Categorical(np.digitize(latent, [-1, 0, 1.5]), ordered=True)})
    model = sa.ordered(frame, "y ~ g", link="probit", scale="g", variance="model")
    rows = model.frame.set_index(["component", "term"])
    assert abs(rows.loc[("scale", "g[True]"), "estimate"] - np.log(2)) < 4 * rows.loc[("scale", "g[True]"), "se"]
    assert model.scale_test.__doc__
    narrow = sa.ordered(frame, "y ~ g", link="probit", variance="model")
    assert narrow.scale_test().frame["p"].iloc[1] < 1e-20


@every_kind
def test_a_test_of_a_question_takes_all_of_its_coefficients(drawn, asked):
    model = sa.ordered(drawn, FORMULA, **asked)
    rows = model.frame["term"].str.startswith("sex").sum()
    assert model.test("sex").df == rows
    assert model.test("sex[f]").df == rows
    assert model.test("z", "sex").df == rows + model.frame["term"].str.startswith("z").sum()


@every_kind
def test_models_stand_side_by_side_with_the_plain_one(drawn, asked):
    models = {"plain": sa.ordered(drawn, FORMULA), "wide": sa.ordered(drawn, FORMULA, **asked)}
    frame = sa.compare_models(models).frame
    assert (frame["model"] == "wide").sum() == len(models["wide"].frame)
    for lang in ("en", "ko"):
        assert sa.compare_models(models).table(lang).to_text()


@every_kind
def test_effects_of_all_levels_add_up_to_nothing(drawn, asked):
    effects = sa.ordered(drawn, FORMULA, **asked).effects().frame
    assert_allclose(effects.groupby("term")["estimate"].sum(), 0, atol=1e-12)


def test_brant_s_test_of_each_column_and_of_each_term(wine):
    """A term of one column is its column; the first row is all together."""
    wvs = as_ordered(classical_data("WVS"), "poverty")
    found = sa.ordered(wvs, "poverty ~ age + country", variance="model").parallel_lines()
    each, terms = found.detail["coefficients"], found.frame.set_index("term")
    assert list(each.index) == ["age", "country[Norway]", "country[Sweden]", "country[USA]"]
    assert_allclose(each.loc["age", "statistic"], terms.loc["age", "statistic"])
    assert (terms.loc["country", "df"], each.loc["country[USA]", "df"]) == (3, 1)
    assert terms.loc["country", "statistic"] > each.iloc[1:]["statistic"].max()
    two = sa.ordered(wvs, "poverty ~ age", variance="model").parallel_lines()
    assert_allclose(two.frame["statistic"], two.detail["coefficients"]["statistic"].iloc[0])


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_tests_of_lines_and_spread_are_tables_in_both_languages(drawn, lang):
    model, said = sa.ordered(drawn, FORMULA), {"en": ("All terms", "df"), "ko": ("전체", "자유도")}[lang]
    for found in (model.parallel_lines(), model.parallel_lines("likelihood_ratio"), model.scale_test()):
        text = found.table(lang).to_text()
        assert all(word in text for word in said)
        assert len(found) == 3


# --- wrong input ---


def test_what_does_not_exist_is_named_with_what_there_is(drawn):
    with pytest.raises(ColumnError, match=r"'sexx'.*sex"):
        sa.ordered(drawn, FORMULA, nonparallel="sexx")
    with pytest.raises(ColumnError, match=r"'ages'"):
        sa.ordered(drawn, FORMULA, scale="ages")
    with pytest.raises(ChoiceError, match=r"'cauchy'.*cauchit"):
        sa.ordered(drawn, FORMULA, link="cauchy")
    with pytest.raises(ChoiceError, match="no order"):
        sa.ordered(drawn, "g ~ z", nonparallel="z")


def test_two_levels_and_models_without_terms_have_no_lines_to_test(people):
    two = people.assign(
        q=pd.Categorical(np.where(people["q"].isna(), None, people["q"].astype(float) > 3)).as_ordered()
    )
    model = sa.ordered(two, "q ~ z")
    with pytest.raises(DataError, match="two levels"):
        model.parallel_lines()
    with pytest.raises(DataError, match="two levels"):
        model.scale_test()
    empty = sa.ordered(people, "q ~ 1")
    with pytest.raises(ChoiceError, match="no slopes"):
        empty.parallel_lines()
    with pytest.raises(ChoiceError, match="no terms"):
        empty.scale_test()


@every_kind
def test_wider_models_have_no_further_tests_of_lines_and_spread(drawn, asked):
    model = sa.ordered(drawn, FORMULA, **asked)
    with pytest.raises(ChoiceError, match="without `nonparallel`"):
        model.parallel_lines()
    with pytest.raises(ChoiceError, match="without `nonparallel` and `scale`"):
        model.scale_test()
    with pytest.raises(ChoiceError, match="one linear predictor"):
        sa.ordered(drawn, FORMULA, variance="model", **asked).profile_intervals()


def test_brant_s_test_is_for_logits_and_says_what_else_there_is(drawn):
    with pytest.raises(ChoiceError, match="likelihood_ratio"):
        sa.ordered(drawn, FORMULA, link="probit").parallel_lines()


def test_a_wider_model_that_runs_off_has_no_p_under_a_design(wine):
    found = sa.ordered(wine, "rating ~ temp").parallel_lines("likelihood_ratio")
    assert found.frame["p"].isna().all()
    assert any("no p" in note["en"] for note in found.origin.notes)
    with pytest.raises((ConvergenceError, sa.errors.SeparationError)):
        sa.ordered(wine, "rating ~ temp", nonparallel="temp")
