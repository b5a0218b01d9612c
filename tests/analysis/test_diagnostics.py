"""Diagnostics of models against scikit-learn, statsmodels, theory and invariances; what they refuse, what they say."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import roc_auc_score, roc_curve

import surveyanalysis as sa
from surveyanalysis.analysis.ordinal import ordered
from surveyanalysis.analysis.refitted import fit_without, rows_at
from surveyanalysis.analysis.regression import binary_model
from surveyanalysis.analysis.risk_groups import risk_groups
from surveyanalysis.analysis.score_tests import _effective
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.figures.figure import draw

STEP_ERROR = 1e-6  # central differences of a refitted model


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Synthetic respondents in clusters and strata, with unequal weights, a few without an answer."""
    rng = np.random.default_rng(11)
    n = 300
    frame = pd.DataFrame({"x": rng.normal(size=n).round(2), "age": rng.integers(20, 70, n).astype(float)})
    frame["g"] = pd.Categorical(rng.choice(["a", "b", "c"], n), ["a", "b", "c"])
    latent = 0.7 * frame["x"] + 0.02 * (frame["age"] - 45) + 0.6 * (frame["g"] == "c") + rng.logistic(size=n)
    frame["y"] = (latent > 0.2).astype(int)
    frame["scale"] = pd.Categorical(np.digitize(latent, [-1, 0.3, 1.6]) + 1, [1, 2, 3, 4], ordered=True)
    frame["w"], frame["s"], frame["c"] = rng.uniform(0.5, 4, n), np.arange(n) % 2, np.arange(n) % 30
    frame.loc[[5, 77], "age"] = np.nan
    return frame.set_index(pd.Index([f"r{i}" for i in range(n)]))


def clustered(frame):
    return sa.Design(frame, weights="w", strata="s", clusters="c", nested=False)


@pytest.fixture(scope="module")
def binary(people):
    return sa.logit(clustered(people), "y ~ x + age + g")


@pytest.fixture(scope="module")
def scale(people):
    return sa.ordered(clustered(people), "scale ~ x + age + g")


# --- areas, curves, classification ---


def test_the_area_under_a_weighted_curve_is_scikit_learn_s(binary):
    weights, y = binary.model_frame.used.row_weights, binary.outcome.y
    probability = binary.response.expected(binary.params, binary.model_frame.x)[:, 0]
    found = binary.roc()
    assert_allclose(found.frame["estimate"], roc_auc_score(y, probability, sample_weight=weights), rtol=1e-12)
    wrong, caught, _ = roc_curve(y, probability, sample_weight=weights, drop_intermediate=False)
    curve = found.detail["curve"]
    assert_allclose(curve["sensitivity"], caught, atol=1e-12)
    assert_allclose(1 - curve["specificity"], wrong, atol=1e-12)
    assert_allclose(np.trapezoid(caught, wrong), found.frame["estimate"].iloc[0], rtol=1e-12)


def test_a_model_without_use_has_an_area_of_one_half(people):
    """As many with as without the event on either side."""
    model = sa.logit(people.assign(y=np.arange(300) % 2, z=(np.arange(300) // 2 % 2).astype(float)), "y ~ z")
    assert model.roc().frame["estimate"].iloc[0] == pytest.approx(0.5, abs=1e-12)


def test_intervals_of_the_area_stay_within_0_and_1_and_the_plain_one_is_symmetric(binary):
    row, plain = binary.roc().frame.iloc[0], binary.roc(interval="t").frame.iloc[0]
    assert 0 < row["ci_low"] < row["estimate"] < row["ci_high"] < 1
    assert plain["ci_high"] - plain["estimate"] == pytest.approx(plain["estimate"] - plain["ci_low"])


def test_linearised_errors_of_the_area_agree_with_the_jackknife(people):
    """The area is a smooth function of the weights while probabilities are held: both estimate the same variance."""
    design = sa.Design(people, weights="w", clusters="c")
    linearised = sa.logit(design, "y ~ x + age").roc().frame["se"].iloc[0]
    jackknife = sa.logit(design.replicated("JK1"), "y ~ x + age").roc().frame["se"].iloc[0]
    assert linearised == pytest.approx(jackknife, rel=0.02)


def test_right_predictions_are_those_of_the_two_by_two_table(binary):
    found = binary.classification(0.4)
    cells = found.detail["cells"].set_index(["event", "predicted"])
    n, w = cells["n"], cells["n_weighted"]
    shares = [
        w[True, True] / w[True].sum(),
        w[False, False] / w[False].sum(),
        w[True, True] / (w[True, True] + w[False, True]),
        w[False, False] / (w[False, False] + w[True, False]),
        (w[True, True] + w[False, False]) / w.sum(),
    ]
    assert_allclose(found.frame["estimate"], shares, rtol=1e-12)
    assert found.frame["n"].tolist()[:2] == [n[True].sum(), n[False].sum()] and n.sum() == found.frame["n"].iloc[-1]
    curve = binary.roc().detail["curve"]
    at = curve[curve["cut"] >= 0.4].iloc[-1]
    assert_allclose(found.frame["estimate"].iloc[:2], [at["sensitivity"], at["specificity"]], rtol=1e-12)


def test_a_part_that_nobody_is_in_has_no_number(people):
    frame = sa.logit(people, "y ~ x").classification(0.999).frame.set_index("component")
    assert np.isnan(frame.loc["predictive_positive", "estimate"]) and frame.loc["predictive_positive", "n"] == 0
    assert frame.loc["specificity", "estimate"] == 1


def test_calibration_by_group_averages_to_what_the_score_equations_say(binary, scale):
    """With an intercept the weighted mean probability is the weighted share of the event."""
    for model, levels in ((binary, 1), (scale, 4)):
        table = model.calibration(6)
        weights = table.frame["n_weighted"].to_numpy().reshape(levels, -1)
        observed, predicted = (
            (weights * values.reshape(levels, -1)).sum(1)
            for values in (table.frame["estimate"].to_numpy(), table.detail["predicted"])
        )
        if levels == 1:
            assert_allclose(observed, predicted, rtol=1e-9)
        assert_allclose(observed.sum(), predicted.sum(), rtol=1e-9)
        assert table.frame["n"].sum() == levels * 298


def test_groups_keep_the_same_prediction_together_and_in_order():
    values = np.repeat([0.1, 0.2, 0.3, 0.4], [50, 10, 20, 20])
    found = risk_groups(values, np.ones(100), 5)
    assert found.group.tolist() == np.repeat([0, 1, 2], [60, 20, 20]).tolist()
    assert found.low.tolist() == [0.1, 0.3, 0.4]


# --- influence and inflation ---


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_leverage_and_single_steps_of_binary_models_are_statsmodels_s(people, link):
    import statsmodels.api as sm

    links = {"logit": sm.families.links.Logit, "probit": sm.families.links.Probit, "cloglog": sm.families.links.CLogLog}
    model = binary_model(people, "y ~ x + age + g", link, "model", None, 0.95)
    y, x = model.outcome.y, model.model_frame.x
    theirs = sm.GLM(y, x, sm.families.Binomial(links[link]())).fit(tol=1e-14).get_influence(observed=False)
    found = model.influence()
    order = [list(people.index[model.model_frame.used.rows]).index(name) for name in found.frame["respondent"]]
    assert_allclose(found.frame["leverage"], theirs.hat_matrix_diag[order], rtol=1e-7)
    assert_allclose(found.frame["distance"], theirs.cooks_distance[0][order], rtol=1e-6)
    steps = found.detail["shifts"] * model.frame["se"].to_numpy()
    assert_allclose(steps, theirs.d_params[order], rtol=1e-6, atol=1e-12)
    assert found.frame["distance"].is_monotonic_decreasing


@pytest.mark.parametrize("kind", ["binary", "scale"])
def test_a_step_is_near_the_model_without_the_respondent_and_leverages_sum_to_the_parameters(kind, request):
    """Independent: the model fitted again with a weight of zero."""
    model = request.getfixturevalue(kind)
    found = model.influence()
    assert found.frame["leverage"].sum() == pytest.approx(len(model.params))
    assert found.frame["leverage"].between(0, 1).all()
    used, first = model.model_frame.used, (len(model.outcome.levels) - 1 if kind == "scale" else 0)
    people = used.survey.frame.index[used.rows]
    for name in found.frame["respondent"].iloc[:3]:
        weights = np.where(people == name, 0.0, used.row_weights)
        moved = model.params - model.refit(weights).params
        moved = np.concatenate([moved[first:], moved[:first]]) / model.frame["se"].to_numpy()
        assert_allclose(found.detail["shifts"].loc[name], moved, rtol=0.1, atol=0.02)


def test_who_moves_a_coefficient_by_more_than_its_error_is_named():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": rng.normal(size=40)})
    frame["y"] = (rng.random(40) < 0.5).astype(int)
    frame.loc[40] = [14.0, 1]
    frame["y"] = frame["y"].astype(int)
    found = sa.logit(frame, "y ~ x").influence()
    assert found.frame["respondent"].iloc[0] == 40 and abs(found.frame["shift"].iloc[0]) > 1
    note = next(note for note in found.origin.notes if "standard error" in note["en"])
    assert note["en"].endswith(": 40") and note["ko"].endswith(": 40")


def test_a_respondent_without_whom_a_coefficient_does_not_exist_is_named(people):
    """Alone in a group, in the middle of the scale: the slope exists with the respondent only."""
    lone = people.drop(columns="age").reset_index(drop=True)
    at = int(np.flatnonzero(lone["scale"] == 2)[0])
    lone["alone"] = (lone.index == at).astype(float)
    found = sa.ordered(lone, "scale ~ x + alone", variance="model").influence()
    assert found.frame["respondent"].iloc[0] == at and np.isnan(found.frame["shift"].iloc[0])
    assert any("does not exist without them" in note["en"] and str(at) in note["en"] for note in found.origin.notes)
    assert found.table().rows[0].stub == str(at)


def test_variance_inflation_of_single_slopes_is_that_of_weighted_regressions_by_statsmodels(people):
    """Model-based: the information is x'Wx, so that each factor is 1 / (1 - R2) on the others under W = p (1 - p)."""
    import statsmodels.api as sm

    model = sa.logit(people.assign(z=people["x"] ** 2 + people["age"] / 20), "y ~ x + age + z", variance="model")
    x, p = model.model_frame.x, model.response.expected(model.params, model.model_frame.x)[:, 0]
    shares = [sm.WLS(x[:, j], np.delete(x, j, axis=1), weights=p * (1 - p)).fit().rsquared for j in (1, 2, 3)]
    frame = model.variance_inflation().frame
    assert_allclose(frame["gvif"], 1 / (1 - np.array(shares)), rtol=1e-8)
    assert_allclose(frame["gvif_scaled"], np.sqrt(frame["gvif"]), rtol=1e-12)


def test_variance_inflation_of_a_factor_does_not_depend_on_its_reference(people):
    others = people.assign(g=people["g"].cat.reorder_categories(["c", "a", "b"]))
    one, other = (sa.logit(clustered(f), "y ~ x + age + g").variance_inflation().frame for f in (people, others))
    assert_allclose(one["gvif"], other["gvif"], rtol=1e-7)
    assert one["df"].tolist() == [1, 1, 2]


# --- tests ---


def test_tests_of_a_single_yes_no_question_are_those_of_its_two_by_two_table(people):
    """Theory: the score statistic is Pearson's X2, the likelihood ratio G2."""
    from scipy.stats import chi2_contingency

    frame = people.assign(old=(people["age"] > 45).astype(int))
    counts = pd.crosstab(frame["old"], frame["y"])
    model = sa.logit(frame, "y ~ old", variance="model")
    for method, power in (("score", "pearson"), ("likelihood_ratio", "log-likelihood")):
        expected = chi2_contingency(counts, correction=False, lambda_=power)
        test = model.test("old", method=method)
        assert_allclose([test.statistic, test.p], expected[:2], rtol=1e-8)


def test_an_ordered_model_of_two_levels_has_the_tests_of_the_binary_one(people):
    frame = people.assign(two=pd.Categorical(people["y"].map({0: "no", 1: "yes"}), ["no", "yes"], ordered=True))
    for variance in ("design", "model"):
        one = binary_model(clustered(frame), "y ~ x + age + g", "logit", variance, None, 0.95)
        two = ordered(clustered(frame), "two ~ x + age + g", variance=variance)
        for method in ("wald", "likelihood_ratio", "working_wald", "score"):
            tests = [m.test("g", "age", method=method) for m in (one, two)]
            assert_allclose(tests[0].statistic, tests[1].statistic, rtol=1e-7)
            assert_allclose(tests[0].p, tests[1].p, rtol=1e-6)
        links = [m.link_test() for m in (one, two)]
        assert_allclose([links[0].statistic, links[0].p], [links[1].statistic, links[1].p], rtol=1e-6)
        measures = [m.fit_measures().extra for m in (one, two)]
        for name in ("mcfadden", "nagelkerke", "count_r2", "aic", *(["daic"] if variance == "design" else [])):
            assert measures[0][name] == pytest.approx(measures[1][name], rel=1e-7)


@pytest.mark.parametrize("kind", ["binary", "scale"])
def test_contributions_of_the_score_are_its_derivative_by_the_weights(kind, request):
    model = request.getfixturevalue(kind)
    weights = model.model_frame.used.row_weights
    rows = [len(model.params) - 2, len(model.params) - 1]
    _, each, _ = _effective(model, rows, weights)

    def moved(i, by):
        other = weights.copy()
        other[i] *= 1 + by
        return _effective(model, rows, other)[0]

    for i in (0, 50, 200):
        assert_allclose(each[i], (moved(i, 1e-4) - moved(i, -1e-4)) / 2e-4, rtol=1e-4, atol=STEP_ERROR)


def test_contributions_at_the_solution_are_the_model_s_own(scale, binary):
    for model in (scale, binary):
        parts = rows_at(model, model.params)
        assert_allclose(parts.gradients @ model.fit.covariance, model.fit.scores, rtol=1e-7, atol=1e-12)
        assert_allclose(parts.information, model.fit.information, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("ask", ["test", "goodness", "link", "roc", "inflation", "measures", "influence"])
def test_nothing_changes_when_all_weights_are_multiplied(people, ask):
    """P1."""

    def numbers(frame):
        model = sa.logit(clustered(frame), "y ~ x + age + g")
        ordinal = sa.ordered(clustered(frame), "scale ~ x + age + g")
        asked = {
            "test": lambda: [m.test("g", method=k) for m in (model, ordinal) for k in ("likelihood_ratio", "score")],
            "goodness": lambda: [model.goodness_of_fit(groups=6), ordinal.goodness_of_fit(groups=5)],
            "link": lambda: [model.link_test(), ordinal.link_test()],
        }
        if ask in asked:
            return [[t.statistic, t.p] for t in asked[ask]()]
        frames = {
            "roc": lambda: model.roc().frame[["estimate", "se", "ci_low", "ci_high"]],
            "inflation": lambda: ordinal.variance_inflation().frame["gvif"],
            "measures": lambda: ordinal.fit_measures().frame.query("measure != 'n_weighted'")["estimate"],
            "influence": lambda: model.influence().frame[["leverage", "distance", "shift"]],
        }
        return frames[ask]().to_numpy(float)

    assert_allclose(numbers(people.assign(w=7.3 * people["w"])), numbers(people), rtol=1e-7)


def test_the_order_of_rows_does_not_matter(people):
    """P2."""
    mixed = people.sample(frac=1, random_state=4)
    one, other = (sa.logit(clustered(frame), "y ~ x + age + g") for frame in (people, mixed))
    assert one.goodness_of_fit().p == pytest.approx(other.goodness_of_fit().p, rel=1e-8)
    assert one.influence().frame["respondent"].tolist() == other.influence().frame["respondent"].tolist()
    assert_allclose(one.calibration().frame["estimate"], other.calibration().frame["estimate"], rtol=1e-12)


def test_the_model_without_terms_is_that_of_the_shorter_formula(people):
    shorter = sa.ordered(clustered(people), "scale ~ x + age")
    found = fit_without(sa.ordered(clustered(people), "scale ~ x + age + g"), [5, 6])
    assert_allclose(found.params, shorter.params, rtol=1e-8)


def test_a_model_of_the_intercept_alone_explains_nothing(people):
    for model in (sa.logit(people, "y ~ 1"), sa.ordered(people, "scale ~ 1")):
        measures = model.fit_measures().extra
        assert measures["mcfadden"] == pytest.approx(0, abs=1e-12)
        assert measures["effective_parameters"] == 0 and measures["daic"] == pytest.approx(measures["deviance"])


# --- refusals, few clusters, words ---


def test_what_is_not_for_this_outcome_is_refused(binary, scale):
    for ask in (scale.roc, scale.classification, lambda: scale.goodness_of_fit("archer_lemeshow")):
        with pytest.raises(ChoiceError, match=r"yes/no|ordered outcome"):
            ask()
    with pytest.raises(ChoiceError, match="binary outcome"):
        binary.goodness_of_fit("lipsitz")


@pytest.mark.parametrize("cut", [0, 1, 50, "0.5", True])
def test_a_cut_is_a_probability(binary, cut):
    with pytest.raises(ChoiceError, match="`cut` is"):
        binary.classification(cut)


@pytest.mark.parametrize("groups", [2, 0, 2.5, "ten", True])
def test_groups_are_whole_and_at_least_three(binary, groups):
    for ask in (binary.goodness_of_fit, binary.calibration):
        with pytest.raises(ChoiceError, match="`groups` is"):
            ask(groups=groups)


def test_words_that_are_no_choice_are_listed(binary):
    with pytest.raises(ChoiceError, match="'wald', 'likelihood_ratio'"):
        binary.test("g", method="lr")
    with pytest.raises(ChoiceError, match="'hosmer_lemeshow'"):
        binary.goodness_of_fit("hosmer")
    with pytest.raises(ChoiceError, match="'logit', 't'"):
        binary.roc(interval="wilson")


def test_two_different_predictions_are_too_few(people):
    model = sa.logit(people.assign(old=(people["age"] > 45).astype(int)), "y ~ old")
    with pytest.raises(DataError, match="group"):
        model.goodness_of_fit()
    with pytest.raises(DataError, match="two different predictions"):
        model.link_test()
    with pytest.raises(ChoiceError, match="two terms"):
        model.variance_inflation()


def test_few_clusters_give_no_p_value_and_a_note(people):
    """Four clusters for five coefficients: no degrees of freedom are left."""
    frame = people.assign(c=np.arange(300) % 4)
    model = sa.logit(sa.Design(frame, weights="w", clusters="c"), "y ~ x + age + g")
    for method in ("likelihood_ratio", "score", "working_wald"):
        test = model.test("g", method=method)
        assert np.isnan(test.p) and any("degrees of freedom" in note["en"] for note in test.origin.notes)
    assert np.isnan(model.goodness_of_fit(groups=10).p)
    inflation = model.variance_inflation()
    assert inflation.frame["gvif"].isna().all() and any("singular" in note["en"] for note in inflation.origin.notes)
    assert model.influence().frame["distance"].isna().all()


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("kind", ["binary", "scale"])
def test_every_diagnostic_is_a_table_in_both_languages(kind, lang, request):
    model = request.getfixturevalue(kind)
    shown = [model.fit_measures(), model.variance_inflation(), model.influence(), model.calibration(4)]
    shown += [model.goodness_of_fit(groups=5), model.link_test(), model.test("g", method="likelihood_ratio")]
    shown += [model.roc(), model.classification()] if kind == "binary" else []
    other = {"en": "ko", "ko": "en"}[lang]
    for result in shown:
        text = result.table(lang).to_text()
        assert text and text != result.table(other).to_text()
        assert ("우도" in text or "응답자" in text) == (lang == "ko")


def test_curve_and_calibration_are_drawn_as_they_are(binary):
    found = binary.roc()
    line = next(line for line in draw(found).lines if line.get_gid() == "line")
    assert_allclose(line.get_xdata(), 1 - found.detail["curve"]["specificity"])
    assert_allclose(line.get_ydata(), found.detail["curve"]["sensitivity"])
    table = binary.calibration(5)
    dots = [line for line in draw(table).lines if line.get_gid() == "dot"]
    assert_allclose([dot.get_xdata()[0] for dot in dots], table.detail["predicted"])
    assert_allclose([dot.get_ydata()[0] for dot in dots], table.frame["estimate"])
