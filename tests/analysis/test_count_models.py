"""Verbs of counts: R and Stata's printed numbers, designs, rate ratios, effects, predictions, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ConvergenceError, DataError
from surveyanalysis.estimators.fit import numeric_scores
from tests.references import case, data

from .designs import respondents

BIO = "art ~ fem + mar + kid5 + phd + ment"
KINDS = {
    "poisson": lambda d, f, **k: sa.poisson(d, f, **k),
    "nb2": lambda d, f, **k: sa.negative_binomial(d, f, **k),
    "nb1": lambda d, f, **k: sa.negative_binomial(d, f, form="nb1", **k),
    "hurdle": lambda d, f, **k: sa.hurdle(d, f, "sex", distribution="nb2", **k),
    "inflated": lambda d, f, **k: sa.zero_inflated(d, f, "1", **k),
}


@pytest.fixture(scope="module")
def firms():
    """Synthetic firms with products made, of which a third make none."""
    frame = respondents().dropna(subset=["z"])
    rng = np.random.default_rng(8)
    frame["made"] = np.where(rng.random(len(frame)) < 0.3, 0, frame["made"])
    return frame.assign(staff=rng.integers(1, 50, len(frame)).astype(float))


@pytest.mark.parametrize(("name", "verb"), [("poisson", sa.poisson), ("nb2", sa.negative_binomial)])
def test_rows_equal_r(name, verb):
    reference = case(f"c.count.bio.{name}")
    frame = verb(data("bioChemists"), BIO, variance="model").frame
    assert_allclose(frame["estimate"].iloc[:6], list(reference.values["coef"].values())[:6], rtol=reference.rtol)
    assert_allclose(frame["se"].iloc[:6], list(reference.values["se"].values())[:6], rtol=reference.rtol)


def test_the_printed_regression_of_the_biochemists():
    """Stata nbreg (Long and Freese 2014, chapter 9): log-likelihoods, LR test, alpha, pseudo R2, rate ratios."""
    model = sa.negative_binomial(data("bioChemists"), BIO, variance="model")
    extra = model.extra
    assert [round(extra[k], 4) for k in ("loglik", "loglik_null", "mcfadden")] == [-1560.9583, -1609.9367, 0.0304]
    assert [round(extra[f"overdispersion{k}"], 2) for k in ("", "_se", "_low", "_high")] == [0.44, 0.05, 0.35, 0.56]
    assert round(extra["overdispersion_lr"], 2) == 180.20
    assert model.frame["p"].round(3).tolist()[1:6] == [0.003, 0.067, 0.001, 0.672, 0.0]
    assert model.exponentiate().frame["estimate"].round(3).tolist()[1:] == [0.805, 1.162, 0.838, 1.015, 1.030]


def test_a_design_gives_the_errors_of_r_svyglm():
    reference = case("b.glm.poisson.clus1")
    frame = data("apiclus1").rename(columns={"api.stu": "tested"})
    design = sa.Design(frame, weights="pw", clusters="dnum", population="fpc")
    found = sa.poisson(design, "tested ~ stype + meals + mobility").frame
    for column, name in (("estimate", "coef"), ("se", "se"), ("p", "p")):
        assert_allclose(found[column], list(reference.values[name].values()), rtol=1e-6)


def test_a_design_gives_the_errors_of_a_negative_binomial_in_r():
    reference = case("b.nb2.clus1nf")
    frame = data("apiclus1").assign(tenth=lambda d: d["meals"] / 10)
    found = sa.negative_binomial(sa.Design(frame, weights="pw", clusters="dnum"), "ell ~ stype + tenth").frame
    assert_allclose(found["estimate"], list(reference.values["coef"].values()), rtol=reference.rtol)
    assert_allclose(found["se"], list(reference.values["se"].values()), rtol=reference.rtol)


def test_components_are_told_apart(firms):
    found = sa.hurdle(firms, "made ~ z", "sex", distribution="nb2")
    assert found.frame["component"].tolist() == ["slope", "slope", "zero", "zero", "dispersion"]
    assert found.frame["term"].tolist() == ["(intercept)", "z", "(intercept)", "sex[f]", "log(alpha)"]
    assert "log of the dispersion" in str(found)
    ratios = found.exponentiate()
    assert_allclose(ratios.frame["estimate"], np.exp(found.frame["estimate"].iloc[:4]), rtol=1e-14)
    assert "odds ratios" in str(ratios)
    assert "Rate ratio" in str(ratios)


def test_a_probit_hurdle_has_no_odds_ratios(firms):
    assert set(sa.hurdle(firms, "made ~ z", link="probit").exponentiate().frame["component"]) == {"slope"}


@pytest.mark.parametrize("kind", KINDS)
def test_effects_are_the_mean_derivative_of_the_expected_count(firms, kind):
    """By a step of the covariate in `predict`; and their error by numerical derivatives by weight."""
    design = sa.Design(firms, weights="w", clusters="c")
    model = KINDS[kind](design, "made ~ z + sex")
    found = model.effects(["z"]).frame.iloc[0]
    step, x = 1e-4, model.model_frame.x
    z = [t.name for t in model.model_frame.terms].index("z")
    moved = [x + sign * step * (np.arange(x.shape[1]) == z) for sign in (1, -1)]
    up, down = (model.response.expected(model.params, m)[:, 0] for m in moved)
    weights = model.model_frame.used.row_weights
    assert_allclose(found["estimate"], np.average((up - down) / (2 * step), weights=weights), rtol=1e-6)

    class Average:
        def __init__(self, w):
            params = model.refit(w).params
            up, down = (model.response.expected(params, m)[:, 0] for m in moved)
            self.params = np.array([np.average((up - down) / (2 * step), weights=w)])

    contributions = numeric_scores(Average, weights, 1e-4)
    covariance = model.model_frame.used.covariance(contributions)
    assert_allclose(found["se"], np.sqrt(covariance[0, 0]), rtol=1e-4)


def test_predictions_lie_above_zero_and_at_the_means_of_groups(firms):
    found = sa.poisson(firms, "made ~ sex").predict({"sex": ["f", "m"]}).frame
    assert_allclose(found["estimate"], firms.groupby("sex")["made"].mean(), rtol=1e-9)
    assert (found["ci_low"] > 0).all()


def test_an_exposure_makes_rates(firms):
    """Closed form: totals by totals."""
    model = sa.poisson(firms, "made ~ sex", exposure="staff")
    sums = firms.groupby("sex")[["made", "staff"]].sum()
    found = model.predict({"sex": ["f", "m"]})
    assert_allclose(found.frame["estimate"], sums["made"] / sums["staff"], rtol=1e-9)
    assert "exposure of 1" in str(found)


@pytest.mark.parametrize("kind", KINDS)
def test_replicates_come_near_linearised_errors(firms, kind):
    """Jackknife of 30 clusters; theory, to a fifth."""
    design = sa.Design(firms, weights="w", clusters="c")
    one, other = (KINDS[kind](d, "made ~ z").frame["se"] for d in (design, design.replicated("JK1")))
    assert_allclose(other.iloc[:2], one.iloc[:2], rtol=0.2)


def test_models_of_counts_stand_side_by_side(firms):
    models = {kind: KINDS[kind](firms, "made ~ z") for kind in ("poisson", "nb2", "inflated")}
    text = str(sa.compare_models(models))
    assert "Dispersion" in text
    assert "Zeros" in text


def test_tables_and_figures_show_counts_not_percentages(firms):
    model = sa.poisson(firms, "made ~ sex + z")
    assert "%" not in str(model.predict({"sex": ["f", "m"]})).replace("95% CI", "").replace("95% t", "")
    assert "points" not in str(model.effects())
    for result in (
        model,
        model.exponentiate(),
        model.effects(),
        model.predict({"sex": ["f", "m"]}),
        model.predict({"z": [1, 2, 3]}),
    ):
        assert result.plot().get_figure() is not None


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (DataError, lambda f: sa.poisson(f.assign(made=f["made"] - 1), "made ~ z"), "'made': .* negative"),
        (DataError, lambda f: sa.poisson(f.assign(made=f["made"] / 2), "made ~ z"), "no whole number"),
        (DataError, lambda f: sa.poisson(f, "made ~ z", exposure="zero"), "`exposure` 'zero' is missing, .* 5 of"),
        (DataError, lambda f: sa.zero_inflated(f[f["made"] > 0], "made ~ z"), "No count is 0"),
        (DataError, lambda f: sa.hurdle(f[f["made"] > 0], "made ~ z"), "there is no hurdle"),
        (DataError, lambda f: sa.truncated_count(f, "made ~ z"), "truncated at zero holds none"),
        (ChoiceError, lambda f: sa.poisson(f, "g ~ z"), "holds answer categories"),
        (ChoiceError, lambda f: sa.hurdle(f, "made ~ z", distribution="negbin"), "'poisson', 'nb2', 'nb1'"),
        (ConvergenceError, lambda f: sa.poisson(f.assign(made=f["made"] * (f["sex"] == "m")), "made ~ sex"), "sex.f"),
        (
            ConvergenceError,
            lambda f: sa.negative_binomial(f.assign(made=3.0 + (f["sex"] == "m")), "made ~ z"),
            "bound 0",
        ),
    ],
)
def test_what_is_no_count_or_has_no_solution_is_refused(firms, error, call, message):
    frame = firms.assign(zero=np.where(np.arange(len(firms)) < 5, 0.0, 1.0))
    with pytest.raises(error, match=message):
        call(frame)


def test_missing_answers_are_left_out_and_counted():
    frame = pd.DataFrame({"made": [1, 3, 4, 6, np.nan], "x": [0.0, 0, 1, 1, 1]})
    model = sa.poisson(frame, "made ~ x")
    assert model.n == 4
    assert_allclose(np.exp(model.params), [2, 2.5], rtol=1e-9)
    assert "0 of 4 counts are 0, the largest is 6" in str(model)
