"""Average marginal effects and predictions against R, against perturbed data, and against theory."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.analysis.ordinal import ordered
from surveyanalysis.analysis.regression import binary_model, logit
from surveyanalysis.design.design import Design
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, LevelError
from surveyanalysis.estimators.fit import numeric_scores
from surveyanalysis.language import say

from ..references import case, cases
from .test_regression import api, classical_model, design_model, r_design, renamed


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Synthetic respondents with strata and unequal weights."""
    rng = np.random.default_rng(8)
    n = 150
    frame = pd.DataFrame({"x": rng.normal(40, 8, n), "z": rng.exponential(2, n) + 0.1, "w": rng.uniform(0.5, 3, n)})
    frame["g"] = pd.Categorical(rng.choice(list("abc"), n), list("abc"))
    frame["stratum"] = np.arange(n) % 3
    latent = 0.08 * (frame["x"] - 40) - 0.3 * frame["z"] + 0.9 * (frame["g"] == "c") + rng.logistic(size=n)
    frame["y"] = (latent > -0.3).astype(int)
    frame["scale"] = pd.Categorical(np.digitize(latent, [-1, 0.5]), [0, 1, 2], ordered=True)
    return frame


def weighted(frame: pd.DataFrame) -> Design:
    return Design(frame, weights="w", strata="stratum")


@pytest.mark.parametrize("name", cases("c.ord."))
def test_effects_by_outcome_level_agree_with_r(name):
    """R clm: per category (links with a verb: tests/references too); they sum to 0 over the categories."""
    reference, model = case(name), classical_model(name)
    frame = model.effects().frame
    assert_allclose(frame.groupby("term", observed=True)["estimate"].sum(), 0, atol=1e-12)
    for term, expected in reference.values["ame"].items():
        rows = frame[frame["term"] == renamed(term)]
        size = max(map(abs, expected["ame"].values()))
        assert_allclose(
            rows["estimate"], list(expected["ame"].values()), rtol=reference.rtol, atol=reference.rtol * size
        )
        assert_allclose(rows["se"], list(expected["se"].values()), rtol=reference.rtol)


def test_predictions_agree_with_svyglm():
    """R predict(svyglm, type="response"); intervals are those of the linear predictor."""
    reference = case("b.predict.logit.strat")
    model = design_model(reference.args["model"])
    found = model.predict(pd.DataFrame(reference.args["newdata"])).frame
    assert_allclose(found["estimate"], reference.series("response"), rtol=reference.rtol)
    assert_allclose(found["se"], reference.series("se_response"), rtol=reference.rtol)
    from scipy.stats import t

    link, se = reference.series("link"), reference.series("se_link")
    half = t.ppf(0.975, 194) * se
    assert_allclose(found["ci_low"], 1 / (1 + np.exp(half - link)), rtol=1e-7)
    assert_allclose(found["ci_high"], 1 / (1 + np.exp(-link - half)), rtol=1e-7)


def test_the_average_prediction_of_a_level_differs_by_its_effect():
    """R svypredmeans (b.predmeans.logit.strat): Yes minus No is the effect; its errors add both parts."""
    reference = case("b.predmeans.logit.strat")
    frame = api("apistrat")
    design = r_design(case("b.glm.logit.strat").args, frame)
    model = logit(design, "wide ~ ell + meals + comp.imp")
    expected = reference.values["est"]["Yes"] - reference.values["est"]["No"]
    assert_allclose(model.effects(["comp.imp"]).frame["estimate"], expected, rtol=reference.rtol)
    means = model.marginal_means("comp.imp", covariates="added").frame.set_index("comp.imp")
    for level in ("No", "Yes"):
        assert_allclose(means.loc[level, "estimate"], reference.values["est"][level], rtol=reference.rtol)
        assert_allclose(means.loc[level, "se"], reference.values["se"][level], rtol=reference.rtol)


FORMULAS = ["y ~ x*z + g", "y ~ x + x^2 + log(z)", "y ~ x*g + z", "scale ~ x*z + g", "scale ~ x + x^2 + g*z"]


def verb_of(formula: str):
    return ordered if formula.startswith("scale") else logit


@pytest.mark.parametrize("formula", FORMULAS)
def test_effects_are_those_of_perturbed_data(people, formula):
    """T038: predictions for every respondent, refitted on nothing, with the question itself moved."""
    model = verb_of(formula)(weighted(people), formula)
    levels = len(model.outcome.levels)
    names = list(model.model_frame.formula.questions)

    def average(**moved):
        grid = people[names].assign(**moved)
        each = model.predict(grid).frame["estimate"].to_numpy().reshape(-1, levels)
        return people["w"].to_numpy() @ each / people["w"].sum()

    found = model.effects().frame
    for name in ("x", "z"):
        step = 1e-3
        expected = (average(**{name: people[name] + step}) - average(**{name: people[name] - step})) / (2 * step)
        assert_allclose(found.loc[found["term"] == name, "estimate"], expected, rtol=1e-4, atol=1e-8)
    if "g" in names:
        expected = average(g="c") - average(g="a")
        assert_allclose(found.loc[found["term"] == "g[c]", "estimate"], expected, rtol=1e-9)


@pytest.mark.parametrize("formula", FORMULAS)
def test_errors_of_effects_are_the_design_covariance_of_their_derivatives_by_weight(people, formula):
    """Scores by numerical derivative: each respondent's weight moves the fit and the average."""
    small = people.iloc[:70]

    class Found:
        def __init__(self, params):
            self.params = params

    def estimate(weights):
        model = verb_of(formula)(weighted(small.assign(w=weights)), formula)
        return Found(model.effects().frame["estimate"].to_numpy())

    weights = small["w"].to_numpy(float)
    design = weighted(small)
    scores = numeric_scores(estimate, weights, step=1e-3)
    expected = np.sqrt(np.diag(design.covariance(scores)))
    assert_allclose(verb_of(formula)(design, formula).effects().frame["se"], expected, rtol=1e-4, atol=1e-9)


def test_sampled_covariates_make_errors_that_fixed_ones_do_not(people):
    model = logit(weighted(people), "y ~ x*z + g")
    sampled, fixed = (model.effects(covariates=c).frame for c in ("sampled", "fixed"))
    assert_allclose(sampled["estimate"], fixed["estimate"])
    assert (sampled["se"] != fixed["se"]).all()
    own = logit(weighted(people), "y ~ x*z + g", variance="model")
    assert_allclose(own.effects().frame["se"], own.effects(covariates="fixed").frame["se"])
    with pytest.raises(ChoiceError, match="needs the design"):
        own.effects(covariates="sampled")


def test_effects_at_chosen_values_and_at_means(people):
    model = logit(weighted(people), "y ~ x*g")
    at = model.effects(["g"], at={"x": 30}).frame
    grid = model.predict({"x": 30, "g": ["a", "b", "c"]}).frame["estimate"].to_numpy()
    assert_allclose(at["estimate"], grid[1:] - grid[0], rtol=1e-9)
    middle = float(np.average(people["x"], weights=people["w"]))
    common = people.groupby("g", observed=True)["w"].sum().idxmax()
    x = model.effects(["x"], at="means").frame["estimate"].iloc[0]
    p = model.predict({"x": [middle - 1e-3, middle + 1e-3], "g": common}).frame["estimate"]
    assert_allclose(x, (p[1] - p[0]) / 2e-3, rtol=1e-6)
    assert_allclose(model.predict().frame["estimate"], p.mean(), rtol=1e-5)


def test_a_step_of_a_logarithm_stays_above_zero():
    """Values close to zero beside very large ones."""
    rng = np.random.default_rng(0)
    income = np.exp(rng.normal(0, 4, 200))
    frame = pd.DataFrame({"income": income, "y": (0.3 * np.log(income) + rng.logistic(size=200) > 0).astype(int)})
    model = logit(frame, "y ~ log(income)")
    p = model.response.expected(model.params, model.model_frame.x)[:, 0]
    assert_allclose(model.effects().frame["estimate"], np.mean(p * (1 - p) * model.params[1] / income), rtol=1e-7)


def test_probit_and_cloglog_effects_follow_their_links(people):
    """Closed form: mean of f(x b) b."""
    for link in ("probit", "cloglog"):
        model = binary_model(people, "y ~ x + z", link, "model", None, 0.95)
        eta = model.model_frame.x @ model.params
        f = np.exp(-(eta**2) / 2) / np.sqrt(2 * np.pi) if link == "probit" else np.exp(eta - np.exp(eta))
        assert_allclose(model.effects().frame["estimate"], f.mean() * model.params[1:], rtol=1e-7)


def test_predictions_of_an_ordered_model_sum_to_one_within_their_intervals(people):
    result = ordered(weighted(people), "scale ~ x + g").predict({"x": [20, 40, 60], "g": ["a", "c"]})
    frame = result.frame
    assert list(frame.columns)[:4] == ["outcome", "level", "x", "g"]
    assert_allclose(frame.groupby(["x", "g"])["estimate"].sum(), 1)
    assert ((frame["ci_low"] >= 0) & (frame["ci_low"] < frame["estimate"]) & (frame["ci_high"] <= 1)).all()
    assert_allclose(np.sqrt(np.diag(result.covariance)), frame["se"])
    assert result.by == ("x", "g")


def test_typical_values_are_told(people):
    notes = " ".join(say(n) for n in logit(people, "y ~ x + g").predict({"x": [30]}).origin.notes)
    assert "Held at typical values: g = " in notes


def test_effects_keep_the_column_contract(people):
    result = ordered(weighted(people), "scale ~ x + g").effects()
    assert list(result.frame.columns) == [
        "outcome", "level", "term", "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high", "n"
    ]  # fmt: skip
    assert result.frame["level"].tolist() == [0, 1, 2] * 3
    assert result.kind == "effects"
    assert result.labels.column("g[b]") == "g: b (ref. a)"
    assert result.table().to_text()


def test_wrong_questions_and_values_are_named(people):
    model = logit(people, "y ~ x + g + log(z)")
    with pytest.raises(ColumnError, match="'q'"):
        model.effects(["q"])
    with pytest.raises(ColumnError, match="Nearest: 'x'"):
        model.predict({"xx": [1]})
    with pytest.raises(LevelError, match="no answer 'd'"):
        model.predict({"g": ["d"]})
    with pytest.raises(ChoiceError, match="enters the model as a number"):
        model.predict({"x": ["old"]})
    with pytest.raises(DataError, match="logarithm of -1"):
        model.predict({"z": [-1]})
    with pytest.raises(ChoiceError, match="several values"):
        model.effects(at={"x": [1, 2]})
    with pytest.raises(ChoiceError, match="'sample', 'means'"):
        model.effects(at="mean")
    with pytest.raises(DataError, match="5,000"):
        model.predict({"x": range(80), "z": range(1, 80)})
    with pytest.raises(ChoiceError, match="no covariates"):
        logit(people, "y ~ 1").effects()


def test_a_level_that_nobody_used_chose_has_no_prediction(people):
    wide = people.assign(g=people["g"].cat.add_categories("d"))
    with pytest.raises(LevelError, match="nobody used chose 'd'"):
        logit(wide, "y ~ x + g").predict({"g": ["d"]})
