"""Limits, bands, zeros and shares: R's numbers, a printed table, identities of models, effects, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ConvergenceError, DataError, LevelError
from surveyanalysis.estimators.fit import numeric_scores
from tests.references import case, data

from .designs import respondents

FAIR = "affairs ~ age + yearsmarried + religiousness + occupation + rating"
MODELS = {
    "tobit": lambda d, f, **k: sa.tobit(d, f"some ~ {f}", **k),
    "two limits": lambda d, f, **k: sa.tobit(d, f"some ~ {f}", upper=4, **k).of("probability"),
    "truncated": lambda d, f, **k: sa.truncated_regression(d, f"some ~ {f}", lower=-0.5, **k),
    "bands": lambda d, f, **k: sa.interval_regression(d, f"low ~ {f}", upper="high", distribution="lognormal", **k),
    "two parts": lambda d, f, **k: sa.two_part(d, f"some ~ {f}", "sex", positive="lognormal", **k),
    "fractional": lambda d, f, **k: sa.fractional(d, f"share ~ {f}", **k),
    "beta": lambda d, f, **k: sa.beta(d, f"inner ~ {f}", precision="sex", **k),
    "inflated beta": lambda d, f, **k: sa.beta(d, f"share ~ {f}", inflation="1", **k),
}
every_model = pytest.mark.parametrize("kind", MODELS)


@pytest.fixture(scope="module")
def firms():
    """Synthetic firms with sales of which a third are 0, in bands and as shares."""
    frame = respondents().dropna(subset=["z"])
    rng = np.random.default_rng(8)
    latent = 0.3 * frame["z"] + 0.5 * (frame["sex"] == "m") + rng.normal(size=len(frame))
    frame["latent"], frame["some"] = latent, np.maximum(latent, 0)
    place = np.digitize(np.exp(latent), [0.5, 1, 2, 4])
    frame["low"], frame["high"] = (np.array(e)[place] for e in ([np.nan, 0.5, 1, 2, 4], [0.5, 1, 2, 4, np.nan]))
    frame["band"], frame["sex"] = pd.Categorical(place), pd.Categorical(frame["sex"])
    frame["inner"] = 1 / (1 + np.exp(-latent))
    heap = rng.random(len(frame))
    frame["share"] = np.select([heap < 0.15, heap > 0.9], [0.0, 1.0], frame["inner"])
    return frame


def test_the_printed_tobit_of_601_marriages():
    """Kleiber and Zeileis 2008, p. 143 f.: coefficients, errors, z, log(scale), log-likelihood, Wald statistic."""
    model = sa.tobit(data("Affairs"), FAIR, variance="model")
    frame = model.frame
    assert frame["estimate"].round(3).tolist() == [8.174, -0.179, 0.554, -1.686, 0.326, -2.285, 2.110]
    assert frame["se"].round(4).tolist() == [2.7414, 0.0791, 0.1345, 0.4038, 0.2544, 0.4078, 0.0671]
    assert frame["statistic"].round(2).tolist() == [2.98, -2.27, 4.12, -4.18, 1.28, -5.60, 31.44]
    assert round(model.extra["loglik"], 1) == -705.6
    assert round(model.test("age", "yearsmarried", "religiousness", "occupation", "rating").extra["chi2"], 2) == 67.71
    assert model.extra["at_lower"] == 451
    assert round(model.extra["sigma"], 3) == 8.247
    both = sa.tobit(data("Affairs"), FAIR, upper=4, variance="model")
    assert both.frame["estimate"].round(4).tolist() == [7.9010, -0.1776, 0.5323, -1.6163, 0.3242, -2.2070, 2.0723]
    assert round(both.extra["loglik"]) == -500
    assert (both.extra["at_lower"], both.extra["at_upper"]) == (451, 80)


@pytest.mark.parametrize("name", ["l.tobit.hours", "l.tobit.api.both", "l.tobit.api.upper"])
def test_a_tobit_equals_r_survreg(name):
    reference = case(name)
    frame = data(reference.data[0])
    if "age" in frame:
        frame["w_"] = 1 + (frame["age"] % 7) / 3
    covariates = list(reference.values["coef"])[1:-1]
    design = sa.Design(frame, weights=reference.args["weights"])
    limits = {"lower": reference.args.get("left"), "upper": reference.args.get("right")}
    model = sa.tobit(design, f"{reference.args['outcome']} ~ {' + '.join(covariates)}", variance="model", **limits)
    assert_allclose(model.frame["estimate"], list(reference.values["coef"].values()), rtol=reference.rtol)
    assert_allclose(model.fit.covariance, np.array(reference.values["vcov"]["matrix"]), rtol=1e-5)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_fractional_model_equals_r_quasibinomial(link):
    reference = case(f"l.fractional.{link}")
    frame = data("apistrat")
    frame["fraction"] = frame["meals"] / 100
    formula = "fraction ~ ell + mobility"
    alone = sa.fractional(frame, formula, link=link, variance="hc0")
    assert_allclose(alone.frame["estimate"], list(reference.values["coef"].values()), rtol=reference.rtol)
    assert_allclose(alone.covariance, np.array(reference.values["HC0"]["matrix"]), rtol=1e-6)
    weighted = sa.fractional(sa.Design(frame, weights="pw", strata="stype"), formula, link=link)
    assert_allclose(weighted.frame["estimate"], list(reference.values["coef_weighted"].values()), rtol=reference.rtol)
    assert_allclose(weighted.covariance, np.array(reference.values["vcov_design"]["matrix"]), rtol=1e-6)


def test_models_fall_into_one_another(firms):
    """Tobit without limits: linear regression. Equal ends: the same. Shares of 0 and 1: logit. Cragg: two models."""
    design = sa.Design(firms, weights="w", clusters="c")
    linear = sa.linear(design, "latent ~ z + sex").frame
    far = sa.tobit(design, "latent ~ z + sex", lower=-100)
    assert "linear regression" in str(far)
    known = sa.interval_regression(sa.Design(firms.assign(same=firms["latent"]), weights="w", clusters="c"),
                                   "latent ~ z + sex", upper="same")  # fmt: skip
    for model in (far, known):
        assert_allclose(model.frame["estimate"].iloc[:-1], linear["estimate"], rtol=1e-8)
        assert_allclose(model.frame["se"].iloc[:-1], linear["se"], rtol=1e-8)
    share, logit = sa.fractional(design, "yes ~ z + sex"), sa.logit(design, "yes ~ z + sex")
    for name in ("estimate", "se", "p"):
        assert_allclose(share.frame[name], logit.frame[name], rtol=1e-9)
    assert_allclose(share.effects().frame["se"], logit.effects().frame["se"], rtol=1e-8)
    parts = sa.two_part(design, "some ~ z", "sex", variance="model").frame
    positive = firms.assign(any=(firms["some"] > 0).astype(int))
    probit = sa.probit(sa.Design(positive, weights="w"), "any ~ sex", variance="observed").frame
    amount = sa.truncated_regression(sa.Design(positive, weights="w").where("some > 0"), "some ~ z", variance="model")
    assert_allclose(parts["estimate"][parts["component"] == "zero"], probit["estimate"], rtol=1e-8)
    assert_allclose(parts["estimate"][parts["component"] != "zero"], amount.frame["estimate"], rtol=1e-8)


def test_bands_of_answers_are_bands_of_ends(firms):
    bands = {0: (None, 0.5), 1: (0.5, 1), 2: (1, 2), 3: (2, 4), 4: (4, None)}
    one = sa.interval_regression(firms, "band ~ z", bands=bands).frame
    other = sa.interval_regression(firms, "low ~ z", upper="high").frame
    assert_allclose(one["estimate"], other["estimate"], rtol=1e-12)
    assert one["n"].tolist() == other["n"].tolist() == [len(firms)] * 3


@every_model
def test_effects_are_the_mean_derivative_of_what_is_seen(firms, kind):
    """By a step of the covariate; and their error by numerical derivatives by weight."""
    design = sa.Design(firms, weights="w", clusters="c")
    model = MODELS[kind](design, "z + sex")
    found = model.effects(["z"]).frame.iloc[0]
    step, x = 1e-4, model.model_frame.x
    z = [t.name for t in model.model_frame.terms].index("z")
    moved = [x + sign * step * (np.arange(x.shape[1]) == z) for sign in (1, -1)]
    weights = model.model_frame.used.row_weights

    def average(params, w):
        up, down = (model.response.expected(params, m)[:, 0] for m in moved)
        return np.array([np.average((up - down) / (2 * step), weights=w)])

    class Average:
        def __init__(self, w):
            self.params = average(model.refit(w).params, w)

    assert_allclose(found["estimate"], average(model.params, weights), rtol=1e-6)
    covariance = model.model_frame.used.covariance(numeric_scores(Average, weights, 1e-4))
    assert_allclose(found["se"], np.sqrt(covariance[0, 0]), rtol=1e-4)


@every_model
def test_replicates_come_near_linearised_errors(firms, kind):
    design = sa.Design(firms, weights="w", clusters="c")
    one, other = (MODELS[kind](d, "z").frame["se"] for d in (design, design.replicated("JK1")))
    assert_allclose(other.iloc[:2], one.iloc[:2], rtol=0.25)


@every_model
def test_scaling_a_covariate_and_moving_rows_changes_nothing_else(firms, kind):
    model = MODELS[kind](firms, "z + sex")
    other = MODELS[kind](firms.assign(z=firms["z"] * 1000).sample(frac=1, random_state=1), "z + sex")
    factor = np.where(model.frame["term"] == "z", 1000, 1)
    assert_allclose(other.frame["estimate"] * factor, model.frame["estimate"], rtol=1e-6)
    assert_allclose(other.frame["se"] * factor, model.frame["se"], rtol=1e-6)


def test_mcdonald_and_moffitt_add_up(firms):
    """dE(y) = P dE(y | y > 0) + E(y | y > 0) dP, at one place (McDonald and Moffitt 1980)."""
    model = sa.tobit(firms, "some ~ z", variance="model")
    at = {"z": [2.0]}
    whole, inside, chance = (
        model.of(v).effects(["z"], at="means").frame["estimate"][0] for v in ("observed", "uncensored", "probability")
    )
    z = float(np.average(firms["z"]))
    p, mean = (model.of(v).predict({"z": [z]}).frame["estimate"][0] for v in ("probability", "uncensored"))
    assert_allclose(whole, p * inside + mean * chance, rtol=1e-6)
    assert_allclose(model.of("latent").effects().frame["estimate"], model.frame["estimate"].iloc[1:2], rtol=1e-6)
    assert (model.predict(at).frame["ci_low"] > 0).all()


def test_components_are_told_apart_and_stand_side_by_side(firms):
    model = sa.beta(firms, "share ~ z", precision="sex", inflation="1")
    assert model.frame["component"].tolist() == ["slope", "slope", "zero", "one", "precision", "precision"]
    tobit, parts = sa.tobit(firms, "some ~ z"), sa.two_part(firms, "some ~ z")
    text = str(sa.compare_models({"tobit": tobit, "two parts": parts}))
    assert "Spread" in text and "Zeros" in text
    for result in (model, model.effects(), model.of("at_1").predict({"z": [1, 2]}), tobit.effects(), parts.predict()):
        assert result.plot().get_figure() is not None
    assert "Quasi-likelihood" in str(sa.fractional(firms, "share ~ z"))
    assert "loglik" not in sa.fractional(firms, "share ~ z").extra


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda d: sa.tobit(d, "some ~ z", lower=None), ChoiceError, "without a limit use `linear`"),
        (lambda d: sa.tobit(d, "some ~ z", lower=5, upper=4), ChoiceError, "must be the smaller one"),
        (lambda d: sa.tobit(d, "some ~ z", lower=99), DataError, "'some'.*All .* rows are at a limit"),
        (lambda d: sa.tobit(d, "band ~ z"), ChoiceError, "answer categories"),
        (lambda d: sa.truncated_regression(d, "some ~ z"), DataError, "'some'.*are not between 0 and inf"),
        (lambda d: sa.interval_regression(d, "low ~ z"), ChoiceError, "`upper`.*`bands`"),
        (lambda d: sa.interval_regression(d, "band ~ z", bands={0: (0, 1)}), LevelError, "no ends for the answer"),
        (
            lambda d: sa.interval_regression(d, "band ~ z", bands={i: (0.5 * i, i + 1) for i in range(5)}),
            DataError,
            "they overlap",
        ),
        (
            lambda d: sa.interval_regression(d, "band ~ z", bands={i: (i + 1, i) for i in range(5)}),
            DataError,
            "upside down|overlap",
        ),
        (lambda d: sa.interval_regression(d.assign(high=-1.0), "low ~ z", upper="high"), DataError, "upside down"),
        (lambda d: sa.two_part(d, "latent ~ z"), DataError, "negative"),
        (lambda d: sa.two_part(d, "inner ~ z"), DataError, "'inner'"),
        (lambda d: sa.fractional(d, "latent ~ z"), DataError, "'latent'.*Divide percentages by 100"),
        (lambda d: sa.fractional(d, "share ~ z", variance="model"), ChoiceError, "variance"),
        (lambda d: sa.beta(d, "share ~ z"), DataError, "exactly 0 or 1"),
        (lambda d: sa.beta(d, "inner ~ z", inflation="1"), DataError, "no share is 0 or 1"),
        (lambda d: sa.tobit(d, "some ~ z").of("expected"), ChoiceError, "view"),
        (
            lambda d: sa.tobit(d[["some"]].assign(z=d["some"]), "some ~ z"),
            ConvergenceError,
            "sigma",
        ),
    ],
)
def test_wrong_input_is_named(firms, call, error, words):
    with pytest.raises(error, match=f"(?s){words}"):
        call(firms)


def test_outcomes_beyond_a_limit_are_told(firms):
    assert "outcomes beyond a limit count as being at it" in str(sa.tobit(firms, "latent ~ z"))
