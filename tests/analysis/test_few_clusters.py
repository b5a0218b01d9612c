"""Errors for few clusters and the wild bootstrap as verbs: what they take from a model, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis.working_rows import working_rows
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, DesignError
from tests import references


@pytest.fixture(scope="module")
def schools():
    frame = references.data("apiclus1")
    return frame.assign(high=(frame["api00"] > 650).astype(int), size=frame["enroll"] / 500)


@pytest.fixture(scope="module")
def model(schools):
    return sa.linear(sa.Design(schools, clusters="dnum"), "api00 ~ ell + meals + stype")


def test_a_linear_model_has_the_errors_of_clubsandwich(model):
    """f.cr2.schools; the reference level of stype is E in both."""
    case = references.case("f.cr2.schools")
    found = sa.few_clusters(model)
    assert_allclose(found.frame["se"], np.sqrt(np.diag(case.values["vcov"]["matrix"])), rtol=1e-7)
    assert_allclose(found.frame["df"], list(case.values["df"].values()), rtol=1e-6)
    test = found.test("stype")
    assert_allclose([test.statistic, test.df_denominator, test.p], case.values["joint"]["stype"], rtol=1e-5)
    gap = found.contrast({"gap": "ell - meals"})
    assert_allclose(gap.frame["statistic"] ** 2, case.values["gap"]["f"], rtol=1e-6)
    assert_allclose(gap.frame["df"], case.values["gap"]["df"], rtol=1e-6)


@pytest.mark.parametrize("weights", [None, "size"])
def test_a_yes_no_model_has_the_errors_of_clubsandwich(schools, weights):
    case = references.case("f.cr2.schools.logit" + ".weighted" * bool(weights))
    design = sa.Design(schools, clusters="dnum", weights=weights)
    found = sa.few_clusters(sa.logit(design, "high ~ ell + meals"))
    assert_allclose(found.frame["se"], np.sqrt(np.diag(case.values["vcov"]["matrix"])), rtol=1e-6)
    assert_allclose(found.frame["df"], list(case.values["df"].values()), rtol=1e-5)
    assert_allclose(found.exponentiate().frame["ci_low"], np.exp(found.frame["ci_low"]))


def test_a_scale_of_two_levels_has_the_errors_of_a_yes_no_model(schools):
    design = sa.Design(schools.assign(high=pd.Categorical(schools["high"], ordered=True)), clusters="dnum")
    for link in ("logit", "probit"):
        scale = sa.few_clusters(sa.ordered(design, "high ~ ell + meals", link=link))
        plain = sa.few_clusters(getattr(sa, link)(sa.Design(schools, clusters="dnum"), "high ~ ell + meals"))
        order = [1, 2, 0]  # the threshold, minus the intercept, stands last
        for name in ("se", "df", "p"):
            assert_allclose(scale.frame[name], plain.frame[name].iloc[order], rtol=1e-6)
        assert_allclose(scale.frame["estimate"] * [1, 1, -1], plain.frame["estimate"].iloc[order], rtol=1e-6)
        assert_allclose(scale.test("ell").p, plain.test("ell").p, rtol=1e-6)
        one, other = (found.contrast({"gap": "ell - meals"}).frame.iloc[0] for found in (scale, plain))
        assert_allclose([one["se"], one["df"]], [other["se"], other["df"]], rtol=1e-6)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_rows_of_a_scale_hold_the_scores_and_the_expected_information(schools, link):
    """Both from the probabilities of the levels and their derivatives: sum over levels of p (d log p)(d log p)'."""
    quarter = pd.cut(schools["api00"], [0, 550, 620, 700, 1000], labels=[1, 2, 3, 4])
    design = sa.Design(schools.assign(quarter=quarter), clusters="dnum", weights="size")
    model = sa.ordered(design, "quarter ~ ell + meals", link=link)
    rows = working_rows(model, None, scales=True)
    x, left, weights, targets = rows.last_step(model.params)
    p, slopes = (f(model.params, model.model_frame.x) for f in (model.response.expected, model.response.jacobian))
    information = np.einsum("i,ijk,ijl,ij->kl", rows.weights, slopes, slopes, 1 / p)
    assert_allclose(x.T @ (weights[:, None] * x), information, rtol=1e-9, atol=1e-9)
    y = model.outcome.y.astype(int)
    score = slopes[np.arange(len(y)), y] / p[np.arange(len(y)), y][:, None]
    each = x * (left / targets)[:, None]
    assert_allclose(each.reshape(len(y), 3, -1).sum(axis=1), score, rtol=1e-7, atol=1e-9)
    found = sa.few_clusters(model)
    assert found.frame["component"].tolist() == ["slope"] * 2 + ["threshold"] * 3
    assert_allclose(found.frame["estimate"], model.frame["estimate"])
    assert (found.frame["df"] < 15).all() and found.test("ell", "meals").df == 2


def test_a_contrast_has_the_interval_of_its_coefficient_where_it_is_one(model):
    found = sa.few_clusters(model, confidence=0.9)
    alone = found.contrast({"same": "meals"}).frame.iloc[0]
    row = found.frame.set_index("term").loc["meals"]
    assert_allclose(
        alone[["se", "df", "ci_low", "ci_high"]].astype(float), row[["se", "df", "ci_low", "ci_high"]].astype(float)
    )


def test_the_names_of_clusters_and_the_order_of_rows_do_not_matter(schools, model):
    mixed = schools.assign(dnum="d" + schools["dnum"].astype(str)).sample(frac=1, random_state=3)
    again = sa.linear(sa.Design(mixed), "api00 ~ ell + meals + stype")
    a, b = sa.few_clusters(model), sa.few_clusters(again, clusters="dnum")
    assert_allclose(b.frame[["se", "df", "p"]], a.frame[["se", "df", "p"]], rtol=1e-7)
    assert_allclose(
        sa.wild_bootstrap(again, "stype", clusters="dnum", seed=5, draws=99).frame["se"],
        sa.wild_bootstrap(model, "stype", seed=5, draws=99).frame["se"],
    )


def test_rows_outside_the_domain_and_of_weight_zero_count_as_absent(schools):
    zero = schools.assign(size=schools["size"].where(schools["dnum"] != 637, 0.0))
    rest = schools[schools["dnum"] != 637]
    a, b = (
        sa.few_clusters(sa.linear(sa.Design(f, weights="size", clusters="dnum"), "api00 ~ ell")) for f in (zero, rest)
    )
    inside = sa.linear(sa.Design(schools, weights="size", clusters="dnum").where("dnum != 637"), "api00 ~ ell")
    for found in (b, sa.few_clusters(inside)):
        assert_allclose(found.frame[["se", "df"]], a.frame[["se", "df"]], rtol=1e-8)


def test_wild_p_values_of_every_combination(schools):
    """f.wild.schools: refits in R."""
    case = references.case("f.wild.schools")
    few = schools[schools["dnum"].isin(schools["dnum"].unique()[:8])]
    model = sa.linear(sa.Design(few, clusters="dnum"), "api00 ~ ell + meals")
    for test in case.values["tests"]:
        found = sa.wild_bootstrap(model, test["term"], signs="rademacher", null=float(test["value"]))
        assert_allclose(found.frame["p"], test["p"])
        assert found.extra["draws"] == 256


def test_the_statistic_is_the_distance_in_cluster_robust_errors(model):
    """CR1: R sandwich vcovCL(type = "HC1"), G / (G - 1) (n - 1) / (n - k)."""
    found = sa.wild_bootstrap(model, draws=49, confidence=0.8).frame
    assert_allclose(found["statistic"], found["estimate"] / found["se"], rtol=1e-8)
    case = references.case("c.glm.cluster.swiss")
    swiss = references.data("SwissLabor").assign(yes=lambda f: (f["participation"] == "yes").astype(int))
    logit = sa.logit(sa.Design(swiss, clusters="youngkids"), "yes ~ income + education + foreign", event=1)
    se = sa.wild_bootstrap(logit, draws=49).frame["se"]
    expected = np.sqrt(np.diag(case.values["CL_HC1"]["matrix"]))[1:]
    assert_allclose(se, expected, rtol=1e-6)


def test_a_seed_gives_the_same_numbers_and_another_others(model):
    a, b, c = (sa.wild_bootstrap(model, "ell", draws=199, seed=s).frame for s in (1, 1, 2))
    assert a.equals(b)
    assert not a.equals(c)


def test_strata_and_populations_left_out_are_told(schools):
    design = sa.Design(schools, strata="stype", population={"E": 4421, "H": 755, "M": 1018})
    notes = " ".join(n["en"] for n in sa.few_clusters(sa.linear(design, "api00 ~ ell"), clusters="dnum").origin.notes)
    assert "strata are left out" in notes
    assert "finite population is left out" in notes


def test_few_degrees_of_freedom_and_endless_intervals_are_told(schools):
    few = schools[schools["dnum"].isin(schools["dnum"].unique()[:4])]
    model = sa.linear(sa.Design(few, clusters="dnum"), "api00 ~ ell")
    assert any("fewer than 4 degrees" in n["en"] for n in sa.few_clusters(model).origin.notes)
    endless = sa.wild_bootstrap(model, signs="rademacher")
    assert np.isinf(endless.frame[["ci_low", "ci_high"]]).all(axis=None)
    assert any("without an end" in n["en"] for n in endless.origin.notes)
    assert np.isfinite(sa.wild_bootstrap(model).frame["p"]).all()  # Webb's six values


def test_the_scale_of_weights_does_not_matter(schools):
    """P1."""
    a, b = (
        sa.linear(sa.Design(schools.assign(size=c * schools["size"]), weights="size", clusters="dnum"), "api00 ~ ell")
        for c in (1.0, 7.3)
    )
    assert_allclose(sa.few_clusters(b).frame[["se", "df"]], sa.few_clusters(a).frame[["se", "df"]], rtol=1e-9)
    assert_allclose(sa.wild_bootstrap(b, draws=99).frame["p"], sa.wild_bootstrap(a, draws=99).frame["p"])


def test_fewer_clusters_than_coefficients_are_told_by_their_degrees_of_freedom(schools):
    few = schools[schools["dnum"].isin(schools["dnum"].value_counts().index[:3])]
    found = sa.few_clusters(sa.linear(sa.Design(few, clusters="dnum"), "api00 ~ ell + meals + stype"))
    assert (found.frame["df"] > 0).all() and (found.frame["df"] < 3).all()
    assert np.isnan(found.test("ell", "meals", "stype").p)
    with pytest.raises(DataError):
        sa.few_clusters(sa.linear(few.iloc[:4], "api00 ~ ell + meals + full + emer"), clusters="dnum")


def test_tables_name_the_errors_in_both_languages(model):
    for lang, said in (("en", "CR2, Satterthwaite"), ("ko", "CR2, 새터스웨이트")):
        assert said in sa.few_clusters(model).table(lang).to_text()
    assert "와일드 부트스트랩" in sa.wild_bootstrap(model, draws=49).table("ko").to_text()


@pytest.mark.parametrize("verb", [sa.few_clusters, sa.wild_bootstrap])
def test_what_cannot_be_done_is_refused_by_name(schools, verb):
    plain = sa.linear(schools, "api00 ~ ell")
    with pytest.raises(ChoiceError, match="clusters='town'"):
        verb(plain)
    with pytest.raises(ColumnError, match="Nearest: 'dnum'"):
        verb(plain, clusters="dnmu")
    with pytest.raises(DataError, match="one cluster"):
        verb(sa.linear(schools.assign(one=1), "api00 ~ ell"), clusters="one")
    holes = schools.assign(dnum=schools["dnum"].where(schools.index != 7))
    with pytest.raises(DataError, match="1 respondent"):
        verb(sa.linear(holes, "api00 ~ ell"), clusters="dnum")
    with pytest.raises(ChoiceError, match="`linear`"):
        verb(sa.firth(schools, "high ~ ell"), clusters="dnum")
    ordered = schools.assign(level=pd.cut(schools["api00"], 3, labels=["l", "m", "h"]))
    with pytest.raises(ChoiceError, match=r"`linear`.*`bootstrap`"):
        verb(sa.ordered(ordered, "level ~ ell", nonparallel=True), clusters="dnum")
    replicated = sa.Design(schools, clusters="dnum").replicated("JK1")
    with pytest.raises(DesignError, match="Replicate"):
        verb(sa.linear(replicated, "api00 ~ ell"), clusters="dnum")
    with pytest.raises(ChoiceError, match="confidence"):
        verb(plain, clusters="dnum", confidence=95)


@pytest.mark.parametrize("verb", [sa.few_clusters, lambda m: sa.wild_bootstrap(m, "ell", draws=99)])
def test_models_of_counts_of_instruments_and_of_two_answers_are_refused(schools, verb):
    """One answer of two has a fit of both: its rows are no working rows."""
    design = sa.Design(schools.assign(wide=(schools["ell"] > 20).astype(int)), clusters="dnum")
    for other in (
        sa.poisson(design, "enroll ~ ell"),
        sa.two_stage(design, "api00 ~ ell", "meals"),
        sa.bivariate_probit(design, "high ~ ell", "wide ~ meals").of("first"),
    ):
        with pytest.raises(ChoiceError, match="`linear`"):
            verb(other)


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"draws": 0}, "`draws` is 0"), ({"seed": 1.5}, "`seed` is 1.5"), ({"signs": "mammen"}, "`signs`"),
     ({"null": "zero"}, "`null`"), ({"draws": True}, "`draws` is True")],
)  # fmt: skip
def test_wrong_draws_seeds_and_signs_are_refused(model, asked, said):
    with pytest.raises(ChoiceError, match=said):
        sa.wild_bootstrap(model, **asked)
