"""Reduced bias through the public verbs: R's brglm2 and penalised profiles, separation, what notes say."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, SeparationError
from tests.references import case, cases, data

from .designs import respondents

LINKS = ("logit", "probit", "cloglog")


@pytest.fixture(scope="module")
def uterus():
    """Everybody with NV had the event: separation."""
    return data("endometrial")


@pytest.mark.parametrize("name", cases("m.firth.endometrial."))
def test_three_corrections_of_three_links_equal_brglm2(uterus, name):
    """R brglm2 brglmFit: AS_mean, AS_median, MPL_Jeffreys; loglik without penalty."""
    reference = case(name)
    kind = {"AS_mean": "firth", "AS_median": "median", "MPL_Jeffreys": "jeffreys"}[reference.args["type"]]
    model = sa.firth(uterus, "HG ~ NV + PI + EH", link=reference.args["link"], bias_reduction=kind)
    assert_allclose(model.frame["estimate"], reference.series("coef"), rtol=reference.rtol)
    expected = reference.frame("vcov").to_numpy()
    assert_allclose(model.covariance, expected, rtol=1e-7, atol=1e-8 * np.abs(expected).max())
    assert_allclose(model.extra["loglik"], reference.values["logLik"], rtol=1e-8)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("kind", ["firth", "jeffreys", "median"])
def test_profiles_are_given_where_there_is_a_penalised_likelihood_and_else_wald_is_said(uterus, link, kind):
    model = sa.firth(uterus, "HG ~ NV + PI + EH", link=link, bias_reduction=kind)
    profiled = kind == "jeffreys" or (kind == "firth" and link == "logit")
    said = " ".join(note["en"] for note in model.origin.notes)
    assert ("profile" in model.origin.interval["en"]) == profiled
    assert ("Wald" in said) != profiled
    assert ("loglik_penalised" in model.extra) == profiled
    assert model.penalised
    frame = model.frame
    centre = (frame["ci_low"] + frame["ci_high"]) / 2
    assert (np.abs(centre - frame["estimate"]) < 1e-9).all() != profiled


@pytest.mark.parametrize("link", LINKS)
def test_an_interval_of_the_confidence_of_p_ends_at_zero(uterus, link):
    """Duality of the profile and its test, for every link with Jeffreys' penalty."""
    model = sa.firth(uterus, "HG ~ PI + EH", link=link, bias_reduction="jeffreys")
    row = model.frame.iloc[1]
    again = sa.firth(uterus, "HG ~ PI + EH", link=link, bias_reduction="jeffreys", confidence=1 - row["p"]).frame.iloc[
        1
    ]
    assert_allclose(min(abs(again["ci_low"]), abs(again["ci_high"])), 0, atol=1e-7)


def test_the_design_s_errors_leave_out_profiles():
    people = sa.Design(respondents(), weights="w", strata="s", clusters="c")
    model = sa.firth(people, "yes ~ z + sex", link="probit", bias_reduction="jeffreys", variance="design")
    assert_allclose(model.params_covariance, model.model_frame.used.covariance(model.fit.scores), rtol=1e-12)
    assert "t interval" in model.origin.interval["en"]


def separated():
    """Nobody of the third group chose c: a multinomial logit has no solution."""
    rng = np.random.default_rng(4)
    group = rng.choice(["x", "y", "z"], 150)
    answer = np.where(group == "z", rng.choice(["a", "b"], 150), rng.choice(["a", "b", "c"], 150))
    return pd.DataFrame({"answer": pd.Categorical(answer), "group": pd.Categorical(group), "age": rng.normal(size=150)})


def test_a_multinomial_with_reduced_bias_is_finite_where_answers_are_separated():
    frame = separated()
    with pytest.raises(SeparationError, match="bias_reduced=True"):
        sa.multinomial(frame, "answer ~ group + age")
    for variance in ("model", "design"):
        model = sa.multinomial(frame, "answer ~ group + age", bias_reduced=True, variance=variance)
        assert np.isfinite(model.frame[["estimate", "se", "ci_low", "ci_high"]]).all(axis=None)
        assert model.penalised
        assert any("Wald" in note["en"] for note in model.origin.notes)


@pytest.mark.parametrize("name", cases("m.brmultinom.Womenlf."))
def test_multinomials_with_reduced_bias_equal_brmultinom(name):
    """R brglm2 brmultinom(type = "AS_mean")."""
    reference = case(name)
    coef = reference.frame("coef")
    terms = "region" if "regionBC" in coef else "hincome + children"
    asked = {"reference": reference.args["reference"], "bias_reduced": True, "variance": "model"}
    model = sa.multinomial(data("Womenlf"), f"partic ~ {terms}", **asked)
    for column, stored in (("estimate", coef), ("se", reference.frame("se"))):
        found = model.frame.pivot(index="level", columns="term", values=column)
        ours = found.loc[list(stored.index), [term.name for term in model.model_frame.terms]]
        assert_allclose(ours, stored, rtol=reference.rtol)


def test_two_unordered_answers_with_reduced_bias_are_firth_s_logit():
    frame = separated().assign(two=lambda f: pd.Categorical(np.where(f["answer"] == "c", "yes", "no"), ["no", "yes"]))
    many = sa.multinomial(frame, "two ~ group + age", bias_reduced=True, variance="design").frame
    binary = sa.firth(frame, "two ~ group + age", event="yes", variance="design").frame
    assert_allclose(many[["estimate", "se", "p"]], binary[["estimate", "se", "p"]], rtol=1e-8)


def test_all_weights_times_a_constant_change_nothing():
    """The correction is of the size of one respondent: weights are brought to mean 1, and a note says so."""
    frame = respondents()
    for fit in (
        lambda d: sa.firth(d, "yes ~ z + sex", link="cloglog"),
        lambda d: sa.multinomial(d, "g ~ z", bias_reduced=True, variance="model"),
    ):
        one, other = (fit(sa.Design(frame.assign(w=k * frame["w"]), weights="w")) for k in (1.0, 9.3))
        numbers = ["estimate", "se", "ci_low", "ci_high", "p"]
        assert_allclose(other.frame[numbers], one.frame[numbers], rtol=1e-7, atol=1e-12)
        assert any("mean 1" in note["en"] for note in one.origin.notes)


def test_wrong_words_list_the_choices(uterus):
    with pytest.raises(ChoiceError, match=r"'loglog'.*logit.*probit.*cloglog"):
        sa.firth(uterus, "HG ~ PI", link="loglog")
    with pytest.raises(ChoiceError, match=r"'mean'.*firth.*jeffreys.*median"):
        sa.firth(uterus, "HG ~ PI", bias_reduction="mean")
    with pytest.raises(ChoiceError, match="reduced bias"):
        sa.firth(uterus, "HG ~ PI").profile_intervals()
