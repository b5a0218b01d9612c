"""Marginal means, risk ratios and second differences: identities, contrasts, every kind of model, wrong questions."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, LevelError
from surveyanalysis.language import say


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Synthetic respondents with strata and unequal weights."""
    rng = np.random.default_rng(5)
    n = 240
    frame = pd.DataFrame({"x": rng.normal(40, 8, n).round(1), "u": rng.integers(0, 2, n), "w": rng.uniform(0.5, 3, n)})
    frame["g"] = pd.Categorical(rng.choice(list("abc"), n), list("abc"))
    frame["stratum"] = np.arange(n) % 3
    latent = 0.06 * (frame["x"] - 40) + 0.9 * (frame["g"] == "c") - 0.7 * frame["u"] + rng.logistic(size=n)
    frame["y"] = (latent > -0.3).astype(int)
    frame["second"] = (latent + rng.logistic(size=n) > 0.2).astype(int)
    frame["scale"] = pd.Categorical(np.digitize(latent, [-1, 0.5, 1.5]), [0, 1, 2, 3], ordered=True)
    frame["nominal"] = pd.Categorical(np.array(list("pqr"))[np.digitize(latent, [-0.8, 0.8])])
    frame["pay"] = 30 + 0.4 * frame["x"] + 3 * latent + 2 * frame["u"] * (frame["g"] == "b") + rng.normal(size=n)
    return frame


def weighted(frame: pd.DataFrame) -> sa.Design:
    return sa.Design(frame, weights="w", strata="stratum")


KINDS = {
    "logit": lambda d: sa.logit(d, "y ~ x*g + u"),
    "probit": lambda d: sa.probit(d, "y ~ x + g*u"),
    "ordered": lambda d: sa.ordered(d, "scale ~ x + g*u"),
    "nonparallel": lambda d: sa.ordered(d, "scale ~ x + g + u", nonparallel=["u"]),
    "location-scale": lambda d: sa.ordered(d, "scale ~ x + g + u", scale="x"),
    "continuation": lambda d: sa.continuation_ratio(d, "scale ~ x + g + u", nonparallel=["x"]),
    "multinomial": lambda d: sa.multinomial(d, "nominal ~ x + g*u"),
    "pair": lambda d: sa.bivariate_probit(d, "y ~ x + g + u", "second ~ x + u"),
    "pair, first": lambda d: sa.bivariate_probit(d, "y ~ x + g + u", "second ~ x + u").of("first"),
    "pair, second": lambda d: sa.bivariate_probit(d, "y ~ x + g + u", "second ~ x + u").of("second"),
    "pair, conditional": lambda d: sa.bivariate_probit(d, "y ~ x + g + u", "second ~ x + u").of("conditional"),
    "linear": lambda d: sa.linear(d, "pay ~ x + g*u"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
ASKED = {
    "effects": lambda model: model.effects(["x", "u"]),
    "effect of a step": lambda model: model.effects(["x"], steps={"x": 5}),
    "means": lambda model: model.marginal_means({"u": [0, 1], "x": [35]}),
    "second difference": lambda model: model.interaction("u", "x"),
}


def by_hand(model, people, **answers):
    """Weighted average of predictions of everybody with these answers, by level of the outcome."""
    names = list(model.model_frame.formula.questions)
    each = model.predict(people[names].assign(**answers)).frame["estimate"].to_numpy()
    return people["w"].to_numpy() @ each.reshape(len(people), -1) / people["w"].sum()


@every_kind
def test_marginal_means_are_averages_of_predictions(people, kind):
    model = KINDS[kind](weighted(people))
    found = model.marginal_means(["u", "g"]).frame.set_index(["u", "g"])["estimate"]
    for u, g in ((0, "a"), (1, "c")):
        assert_allclose(
            np.atleast_1d(found.loc[u, g]),
            by_hand(model, people, u=u, g=pd.Categorical([g] * len(people), list("abc"))),
        )
    assert_allclose(model.marginal_means().frame["estimate"], by_hand(model, people))


@every_kind
def test_effects_and_second_differences_follow_from_marginal_means(people, kind):
    model = KINDS[kind](weighted(people))
    means = model.marginal_means({"u": [0, 1], "g": ["a", "b", "c"]}).frame["estimate"].to_numpy().reshape(2, 3, -1)
    found = model.interaction("u", "g").frame
    expected = np.stack([means[1, j] - means[0, j] - means[1, 0] + means[0, 0] for j in (1, 2)]).ravel()
    assert_allclose(found["estimate"], expected, rtol=1e-9, atol=1e-14)
    assert found["term"].drop_duplicates().tolist() == ["u x g[b]", "u x g[c]"]
    step = model.effects(["x"], steps={"x": 5}).frame["estimate"]
    assert_allclose(step, by_hand(model, people, x=people["x"] + 5) - by_hand(model, people), atol=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "probit"])
@pytest.mark.parametrize("asked", ASKED)
def test_contributions_are_the_derivatives_by_weight(people, kind, asked):
    """Numerical derivative: each respondent's weight moves the fit and the average.

    Six respondents tell a wrong formula. The probit's errors rest on the expected information, as R's svyglm: its
    contributions are no derivatives.
    """
    small = people.iloc[:80]

    def estimate(weights):
        return ASKED[asked](KINDS[kind](weighted(small.assign(w=weights)))).frame["estimate"].to_numpy()

    result = ASKED[asked](KINDS[kind](weighted(small)))
    found, weights, step = _contributions(KINDS[kind](weighted(small)), asked), small["w"].to_numpy(float), 1e-3
    for i in np.random.default_rng(0).choice(len(small), 6, replace=False):
        one = np.arange(len(small)) == i
        moved = (estimate(weights * (1 + step * one)) - estimate(weights * (1 - step * one))) / (2 * step)
        size = np.abs(result.frame["estimate"]).max()
        assert_allclose(found[i], moved, rtol=2e-3, atol=2e-6 * size + 1e-9)
    assert_allclose(result.covariance, weighted(small).covariance(found), rtol=1e-9, atol=1e-15)


def _contributions(model, asked):
    """Contributions of every respondent, as they are handed to the design."""
    seen, kind = [], type(model.model_frame.used)
    whole = kind.covariance
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "covariance", lambda self, scores, *more: seen.append(scores) or whole(self, scores, *more))
        ASKED[asked](model)
    return seen[0]  # those of the coefficients come later, for the notes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "linear"])
def test_probabilities_and_what_they_differ_by_add_up(people, kind):
    """Levels sum to 1, effects and second differences to 0; risk ratios are ratios of means."""
    model = KINDS[kind](weighted(people))
    levels = len(model.outcome.levels)
    means = model.marginal_means("u").frame["estimate"].to_numpy().reshape(2, levels)
    if levels > 1:
        assert_allclose(means.sum(axis=1), 1)
        for result in (model.effects(), model.interaction("g", "x"), model.interaction("u", "g", at="means")):
            sums = result.frame.groupby("term", sort=False)["estimate"].sum()
            assert_allclose(sums, 0, atol=1e-9 * (1 + np.abs(result.frame["estimate"]).max()))
    ratios = model.risk_ratios(["u"]).frame
    assert_allclose(ratios["estimate"], means[1] / means[0])
    assert ((ratios["ci_low"] < ratios["estimate"]) & (ratios["estimate"] < ratios["ci_high"]))[ratios["se"] > 0].all()


def test_a_linear_model_has_its_coefficients_as_effects_and_the_product_as_second_difference(people):
    """Identity: nothing bends."""
    model = sa.linear(weighted(people), "pay ~ x + g*u")
    slopes = model.frame.set_index("term")
    assert_allclose(model.effects(["x"]).frame[["estimate", "se"]], slopes.loc[["x"], ["estimate", "se"]], rtol=1e-8)
    found = model.interaction("g", "u").frame
    assert_allclose(found[["estimate", "se"]], slopes.loc[["g[b]:u", "g[c]:u"], ["estimate", "se"]], rtol=1e-8)
    assert found["n"].iloc[0] == len(people)
    apart = sa.linear(weighted(people), "pay ~ x + u").interaction("x", "u").frame
    assert_allclose(apart["estimate"], 0, atol=1e-8)
    means = model.predict({"u": [0, 1], "g": "b", "x": 40})
    plain, linked = means.frame, model.predict({"u": [0, 1], "g": "b", "x": 40}, scale="link").frame
    assert_allclose(linked[["estimate", "se"]], plain[["estimate", "se"]])
    assert "level" not in plain and means.scale == "value"


def test_the_share_of_everybody_as_they_are_is_the_observed_one(people):
    """Score equations of the canonical link."""
    for verb, formula, outcome in ((sa.logit, "y ~ x + g", "y"), (sa.multinomial, "nominal ~ x + g", "nominal")):
        design = weighted(people)
        means = verb(design, formula).marginal_means().frame
        shares = sa.proportion(design, outcome).frame if outcome == "nominal" else sa.mean(design, outcome).frame
        assert_allclose(means["estimate"], shares["estimate"], rtol=1e-8)
        assert_allclose(means["se"], shares["se"], rtol=1e-6)


def test_the_parts_are_uncorrelated_or_not_as_asked(people):
    model = sa.logit(weighted(people), "y ~ x + g")
    se = {c: model.marginal_means("g", covariates=c).frame["se"].to_numpy() for c in ("sampled", "added", "fixed")}
    assert (se["added"] > se["fixed"]).all()
    assert not np.allclose(se["added"], se["sampled"], rtol=1e-4)
    notes = " ".join(say(note) for note in model.marginal_means("g", covariates="added").origin.notes)
    assert "as if they were uncorrelated" in notes


def test_linear_predictors_lead_to_the_probabilities(people):
    grid = {"x": [30, 40, 50], "g": ["a", "c"]}
    model = sa.logit(weighted(people), "y ~ x*g")
    link, chance = model.predict(grid, scale="link"), model.predict(grid)
    assert link.scale == "log_odds" and link.frame["level"].tolist() == chance.frame["level"].tolist()
    assert_allclose(1 / (1 + np.exp(-link.frame["estimate"])), chance.frame["estimate"])
    assert_allclose(1 / (1 + np.exp(-link.frame["ci_low"])), chance.frame["ci_low"], rtol=1e-7)
    latent = sa.ordered(weighted(people), "scale ~ x + g").predict({"x": [30, 40]}, scale="link")
    slope = sa.ordered(weighted(people), "scale ~ x + g").frame.set_index("term").loc["x"]
    assert "level" not in latent.frame
    assert_allclose(np.diff(latent.frame["estimate"]), 10 * slope["estimate"])
    assert_allclose(sa.contrast(latent, {"ten": "`scale|40` - `scale|30`"}).frame["se"], 10 * slope["se"])
    with pytest.raises(ChoiceError, match="no single linear predictor"):
        sa.multinomial(weighted(people), "nominal ~ x").predict({"x": [30]}, scale="link")


def test_any_two_levels_can_be_compared(people):
    model = sa.logit(weighted(people), "y ~ x + g")
    means = model.marginal_means("g")
    pairs = sa.differences(means, correction="holm")
    assert pairs.frame["term"].tolist() == ["b - a", "c - a", "c - b"]
    assert_allclose(pairs.frame["estimate"].iloc[:2], model.effects(["g"]).frame["estimate"])
    assert_allclose(pairs.frame["se"].iloc[:2], model.effects(["g"]).frame["se"])
    assert_allclose(pairs.frame["p"], sa.adjust_p(pairs.detail["p"], "holm"))
    assert "points" in pairs.table().columns[0].head
    ratio = sa.contrast(means, {"log": "log(c / a)"}).frame
    risk = model.risk_ratios(["g"]).frame.iloc[1]
    assert_allclose(ratio["estimate"], np.log(risk["estimate"]))
    assert_allclose(ratio["se"], risk["se"] / risk["estimate"])


def test_effects_at_a_level_are_differences_of_means_there(people):
    model = sa.logit(weighted(people), "y ~ x*g + u")
    at = model.effects(["u"], at={"g": "c"}).frame["estimate"]
    means = model.marginal_means({"u": [0, 1], "g": ["c"]}).frame["estimate"].to_numpy()
    assert_allclose(at, means[1] - means[0])
    same = model.interaction("u", "g", steps=None, at={"x": 40}).frame["estimate"].to_numpy()
    grid = model.marginal_means({"u": [0, 1], "g": ["a", "b"], "x": [40]}).frame["estimate"].to_numpy()
    assert_allclose(same[0], grid[3] - grid[1] - grid[2] + grid[0])


def test_the_conditional_probability_is_the_joint_over_the_marginal(people):
    model = sa.bivariate_probit(weighted(people), "y ~ x + g", "second ~ x + u")
    grid = {"x": [30, 45], "g": ["a", "c"], "u": [0, 1]}
    cells = model.predict(grid).frame["estimate"].to_numpy().reshape(-1, 4)
    seen = {view: model.of(view).predict(grid).frame["estimate"] for view in ("first", "second", "conditional")}
    assert_allclose(seen["first"], cells[:, 2] + cells[:, 3])
    assert_allclose(seen["second"], cells[:, 1] + cells[:, 3])
    assert_allclose(seen["conditional"], cells[:, 3] / (cells[:, 2] + cells[:, 3]))
    assert model.of("first").of("joint") is model
    alone = model.of("first").effects(["u"]).frame
    assert alone["estimate"].item() == 0 and alone["se"].item() == 0 and np.isnan(alone["p"].item())
    assert say(model.of("conditional").effects(["x"]).labels.levels["second", 1]) == "1 (given y: 1)"
    assert_allclose(model.of("second").frame["estimate"], model.frame["estimate"])
    assert "given y: 1" in " ".join(say(note) for note in model.of("conditional").origin.notes)


def test_notes_say_what_an_interaction_is(people):
    held = sa.logit(weighted(people), "y ~ x*g").interaction("x", "g")
    apart = sa.logit(weighted(people), "y ~ x + g").interaction("x", "g")
    said = [
        " ".join(say(note, lang) for note in result.origin.notes) for result in (held, apart) for lang in ("en", "ko")
    ]
    assert "coefficient of a product is on another scale" in said[0] and "no product" not in said[0]
    assert "no product" in said[2] and "상호작용항이 없어" in said[3]
    assert say(held.origin.what).startswith("Interaction as second differences")


def test_tables_show_numbers_in_their_units(people):
    model, line = sa.logit(weighted(people), "y ~ x + g"), sa.linear(weighted(people), "pay ~ x + g")
    heads = {
        "Risk ratio": model.risk_ratios(),
        "Effect, points": model.interaction("x", "g"),
        "Probability, %": model.marginal_means("g"),
        "Log-odds": model.predict(scale="link"),
        "Effect": line.effects(),
        "Estimate": line.marginal_means("g"),
    }
    for head, result in heads.items():
        assert result.table().columns[0].head == head
        assert result.table("ko").to_text()
        result.plot()
    assert model.risk_ratios().table("ko").columns[0].head == "위험비"


def test_replicates_average_by_their_own_weights(people):
    """Jackknife by hand: the model fitted and averaged again without each cluster."""
    frame = people.assign(cluster=np.arange(len(people)) % 12)
    design = sa.Design(frame, weights="w", clusters="cluster").replicated("JK1")
    found = sa.logit(design, "y ~ x + g").marginal_means("g")

    def without(cluster):
        part = frame[frame["cluster"] != cluster]
        return sa.logit(sa.Design(part, weights="w"), "y ~ x + g").marginal_means("g").frame["estimate"].to_numpy()

    again = np.array([without(c) for c in range(12)])
    away = again - again.mean(axis=0)
    assert_allclose(found.covariance, 11 / 12 * away.T @ away, rtol=1e-5)


def test_wrong_questions_are_named(people):
    model = sa.logit(weighted(people), "y ~ x + g")
    with pytest.raises(ColumnError, match="'q', which is not in the model"):
        model.marginal_means("q")
    with pytest.raises(ColumnError, match="Nearest: 'g'"):
        model.marginal_means({"gg": ["a"]})
    with pytest.raises(ChoiceError, match=r"'x' enters the model as a number, which has no levels. Name values: \{'x'"):
        model.marginal_means("x")
    with pytest.raises(LevelError, match="no answer 'd'"):
        model.marginal_means({"g": ["d"]})
    with pytest.raises(ChoiceError, match="Both questions are 'x'"):
        model.interaction("x", "x")
    with pytest.raises(ColumnError, match="`first, second` holds 'u'"):
        model.interaction("x", "u")
    with pytest.raises(ChoiceError, match="'g' has answer categories"):
        model.effects(steps={"g": 1})
    with pytest.raises(ChoiceError, match="step 0"):
        model.risk_ratios(steps={"x": 0})
    with pytest.raises(ColumnError, match="`steps` holds 'u'"):
        model.interaction("x", "g", steps={"u": 1})
    with pytest.raises(DataError, match="of which no logarithm"):
        sa.logit(people, "y ~ log(x)").effects(steps={"x": -60})
    with pytest.raises(ChoiceError, match="'probability', 'link'"):
        model.predict(scale="logit")
    with pytest.raises(ChoiceError, match="'sampled', 'added', 'fixed'"):
        model.marginal_means("g", covariates="random")
    with pytest.raises(ChoiceError, match="needs the design"):
        sa.logit(people, "y ~ x + g", variance="model").marginal_means("g", covariates="added")
    with pytest.raises(ChoiceError, match="this model is of a number"):
        sa.linear(people, "pay ~ x").risk_ratios()
    with pytest.raises(ChoiceError, match="'joint', 'first'"):
        sa.bivariate_probit(people, "y ~ x", "second ~ x").of("third")
    with pytest.raises(ChoiceError, match="no covariates"):
        sa.logit(people, "y ~ 1").risk_ratios()


def test_a_level_that_nobody_used_chose_has_no_mean(people):
    wide = people.assign(g=people["g"].cat.add_categories("d"))
    model = sa.logit(wide, "y ~ x + g")
    assert model.marginal_means("g").frame["g"].tolist() == ["a", "b", "c"]
    with pytest.raises(LevelError, match="nobody used chose 'd'"):
        model.marginal_means({"g": ["a", "d"]})


def test_a_model_of_counts_has_means_and_second_differences_in_counts(people):
    """Averages of exp(x b) by hand; intervals on the logarithm."""
    counted = people.assign(made=np.random.default_rng(1).poisson(np.exp(0.02 * people["x"] - 0.3 * people["u"])))
    model = sa.poisson(weighted(counted), "made ~ x + u")
    means = model.marginal_means({"u": [0, 1]})
    slopes = model.frame.set_index("term")["estimate"]
    each = np.exp(slopes["(intercept)"] + slopes["x"] * people["x"])
    expected = np.average(each, weights=people["w"]) * np.exp([0, slopes["u"]])
    assert_allclose(means.frame["estimate"], expected)
    ends = np.log(means.frame[["ci_low", "ci_high"]].to_numpy())
    assert_allclose(ends.mean(axis=1), np.log(expected))
    second = model.interaction("u", "x").frame["estimate"].item()
    assert_allclose(second, slopes["x"] * (expected[1] - expected[0]), rtol=1e-8)
    assert_allclose(model.effects(["u"]).frame["estimate"], np.diff(expected))
    with pytest.raises(ChoiceError, match="this model is of a number"):
        model.risk_ratios()


def test_a_step_beyond_a_b_spline_is_refused(people):
    with pytest.raises(DataError, match="a B-spline has no meaning"):
        sa.logit(people, "y ~ bs(x, 4)").effects(steps={"x": 5})
    assert np.isfinite(sa.logit(people, "y ~ ns(x, 3)").effects(steps={"x": 5}).frame["estimate"]).all()
