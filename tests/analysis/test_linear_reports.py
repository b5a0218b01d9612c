"""What journals print of regressions: robust errors, betas, slopes by a moderator, turning points, refits."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError
from tests import references

PRESTIGE = "prestige ~ education + income + women"


@pytest.fixture(scope="module")
def prestige():
    return references.data("Prestige")


@pytest.fixture(scope="module")
def firms():
    """Synthetic firms: made rises and falls with age, and the slope of rd grows with ties."""
    rng = np.random.default_rng(3)
    n = 240
    frame = pd.DataFrame({"age": rng.uniform(0, 40, n), "rd": rng.gamma(2, 1, n), "ties": rng.normal(3, 1, n)})
    frame["ally"] = pd.Categorical(rng.choice(["none", "some", "many"], n), ["none", "some", "many"])
    frame["made"] = 2 + 0.4 * frame["age"] - 0.011 * frame["age"] ** 2 + 0.3 * frame["rd"] * (frame["ties"] - 2)
    frame["made"] += rng.normal(0, 1.5, n)
    frame["count"] = rng.poisson(np.exp(0.4 * frame["made"] - 1.5))
    frame["w"], frame["c"] = rng.uniform(0.5, 2, n), np.arange(n) // 8
    return frame


@pytest.mark.parametrize("kind", ["HC2", "HC3"])
@pytest.mark.parametrize("weights", [None, "women"])
def test_robust_errors_of_small_samples_equal_statsmodels(prestige, kind, weights):
    import statsmodels.api as sm

    frame = prestige.assign(women=prestige["women"] + 1)
    x = sm.add_constant(frame[["education", "income"]])
    w = np.ones(len(frame)) if weights is None else frame[weights] / frame[weights].mean()
    theirs = getattr(sm.WLS(frame["prestige"], x, weights=w).fit(), f"{kind}_se")
    found = sa.linear(sa.Design(frame, weights=weights), "prestige ~ education + income", variance=kind.lower())
    assert_allclose(found.frame["se"], theirs, rtol=1e-8)
    assert kind in found.origin.sentence()


def test_only_linear_models_have_errors_by_leverage(prestige):
    frame = prestige.assign(high=(prestige["prestige"] > 50).astype(int))
    with pytest.raises(ChoiceError, match="'hc3'"):
        sa.logit(frame, "high ~ education", variance="hc3")


def test_the_table_of_journals_holds_betas_of_standardised_data_and_inflation_of_statsmodels(prestige):
    from statsmodels.stats.outliers_influence import variance_inflation_factor
    from statsmodels.stats.stattools import durbin_watson

    model = sa.linear(prestige, PRESTIGE, variance="model")
    found = model.regression_table()
    columns = ["prestige", "education", "income", "women"]
    scaled = (prestige[columns] - prestige[columns].mean()) / prestige[columns].std()
    assert_allclose(found.frame["beta"].iloc[1:], sa.linear(scaled, PRESTIGE).frame["estimate"].iloc[1:], rtol=1e-9)
    x = model.model_frame.x
    assert_allclose(found.frame["vif"].iloc[1:], [variance_inflation_factor(x, j) for j in (1, 2, 3)], rtol=1e-9)
    assert_allclose(found.frame["tolerance"] * found.frame["vif"], [np.nan, 1, 1, 1])
    twin = model.to_statsmodels().fit() if hasattr(model, "to_statsmodels") else None
    r2, n, k = found.extra["r2"], 102, 4
    assert_allclose(found.extra["f"], r2 / 3 / ((1 - r2) / (n - k)), rtol=1e-9)
    assert_allclose(found.extra["adjusted_r2"], 1 - (1 - r2) * (n - 1) / (n - k), rtol=1e-12)
    errors = model.y - x @ model.params
    assert_allclose(found.extra["durbin_watson"], durbin_watson(errors), rtol=1e-12)
    assert twin is None or np.isfinite(twin.rsquared)
    assert "F(3, 98)" in str(found) and "공차" in str(found.table(lang="ko"))


def test_blocks_show_the_change_of_r2_and_its_f(prestige):
    first, second = (sa.linear(prestige, f, variance="model") for f in ("prestige ~ education", PRESTIGE))
    table = sa.compare_models({"1": first, "2": second}, blocks=True)
    block = table.blocks.iloc[0]
    gain = second.extra["r2"] - first.extra["r2"]
    f = gain / 2 / ((1 - second.extra["r2"]) / (102 - 4))
    assert_allclose(block["statistic"], f, rtol=1e-8)
    assert "ΔR²" in str(table) or "R²" in str(table)


def test_simple_slopes_are_those_of_models_centred_elsewhere(firms):
    """The coefficient of x is its slope where the moderator is 0."""
    design = sa.Design(firms, weights="w", clusters="c")
    model = sa.linear(design, "made ~ rd * ties + age")
    found = sa.simple_slopes(model, "rd", "ties")
    mean = np.average(firms["ties"], weights=firms["w"])
    for at, row in zip(found.frame["ties"], found.frame.itertuples()):
        moved = sa.Design(firms.assign(ties=firms["ties"] - at), weights="w", clusters="c")
        own = sa.linear(moved, "made ~ rd * ties + age").frame.set_index("term").loc["rd"]
        assert_allclose([row.estimate, row.se, row.p], own[["estimate", "se", "p"]].astype(float), rtol=1e-7)
    assert_allclose(found.frame["ties"].iloc[1], mean)
    for bound in (found.extra["bound_low"], found.extra["bound_high"]):
        at = sa.simple_slopes(model, "rd", "ties", at=[bound]).frame.iloc[0]
        assert_allclose(at["p"], 0.05, rtol=1e-6)
    t = sa.simple_slopes(model, "rd", "ties", at=sorted(firms["ties"])).frame["p"].to_numpy() < 0.05
    share = firms.sort_values("ties")["w"][t].sum() / firms["w"].sum()
    assert_allclose(found.extra["significant"], share, rtol=1e-9)
    assert "Johnson-Neyman" in str(found)
    assert found.plot().get_figure() is not None
    assert sa.simple_slopes(model, "rd", "ties", at=np.linspace(1, 5, 30)).plot().get_figure() is not None


def test_slopes_by_answers_and_of_other_models(firms):
    model = sa.linear(firms, "made ~ rd * ally")
    found = sa.simple_slopes(model, "rd", "ally")
    assert found.frame["ally"].tolist() == ["none", "some", "many"]
    own = model.frame.set_index("term")["estimate"]
    assert_allclose(found.frame["estimate"], own["rd"] + np.array([0, own["rd:ally[some]"], own["rd:ally[many]"]]))
    counts = sa.poisson(firms, "count ~ rd * ties")
    b = counts.frame.set_index("term")["estimate"]
    assert_allclose(sa.simple_slopes(counts, "rd", "ties", at=[2]).frame["estimate"], b["rd"] + 2 * b["rd:ties"])
    assert "linear predictor" in str(sa.simple_slopes(counts, "rd", "ties"))


def test_an_inverted_u_turns_where_the_slope_is_zero(firms):
    design = sa.Design(firms, weights="w", clusters="c")
    model = sa.linear(design, "made ~ age + age^2 + rd")
    found = sa.turning_point(model, "age")
    own = model.frame.set_index("term")["estimate"]
    assert_allclose(found.effect, -own["age"] / (2 * own["age^2"]))
    # Fieller's ends: slopes there have p = 1 - confidence, by models with age moved there
    for end in found.effect_ci:
        moved = sa.Design(firms.assign(age=firms["age"] - end), weights="w", clusters="c")
        assert_allclose(
            sa.linear(moved, "made ~ age + age^2 + rd").frame.set_index("term").loc["age", "p"], 0.05, rtol=1e-5
        )
    ends = [sa.linear(firms.assign(age=firms["age"] - at), "made ~ age + age^2").frame.set_index("term").loc["age"]
            for at in (firms["age"].min(), firms["age"].max())]  # fmt: skip
    plain = sa.turning_point(sa.linear(firms, "made ~ age + age^2"), "age")
    assert_allclose([plain.extra["t_low"], plain.extra["t_high"]], [end["statistic"] for end in ends], rtol=1e-7)
    assert_allclose(plain.p, max(end["p"] for end in ends) / 2, rtol=1e-6)
    assert "inverted U" in str(plain) and plain.extra["inside"] == 1
    counts = sa.poisson(firms, "count ~ age + age^2")
    assert 0 < sa.turning_point(counts, "age").effect < 40


def test_a_turn_outside_the_answers_or_without_an_end_is_told(firms):
    young = firms[firms["age"] < 12]
    found = sa.turning_point(sa.linear(young, "made ~ age + age^2"), "age")
    assert "no turn to be seen" in str(found) or "no end" in str(found)
    flat = sa.turning_point(sa.linear(firms.assign(made=firms["rd"]), "made ~ age + age^2"), "age")
    assert not np.isfinite(flat.effect_ci).all() and "no end" in str(flat)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda d: sa.turning_point(sa.linear(d, "made ~ age"), "age"), ChoiceError, r"age \+ age\^2"),
        (lambda d: sa.turning_point(sa.linear(d, "made ~ (age + age^2) * rd"), "age"), ChoiceError, "interactions"),
        (lambda d: sa.simple_slopes(sa.linear(d, "made ~ rd + ties"), "rd", "ties"), ChoiceError, "no product"),
        (lambda d: sa.simple_slopes(sa.linear(d, "made ~ rd * ties"), "rd", "age"), ColumnError, "'age'"),
        (lambda d: sa.simple_slopes(sa.linear(d, "made ~ rd * ally"), "ally", "rd"), ChoiceError, "interaction"),
        (lambda d: sa.linear(d, "made ~ 1").regression_table(), ChoiceError, "no terms"),
    ],
)
def test_wrong_questions_are_named(firms, call, error, words):
    with pytest.raises(error, match=words):
        call(firms)


@pytest.mark.parametrize("verb", ["linear", "poisson", "negative_binomial"])
def test_leaving_out_respondents_of_linear_and_count_models_equals_fits_without_them(firms, verb):
    part = firms.iloc[:40]
    outcome = "made" if verb == "linear" else "count"
    fitted = getattr(sa, verb)
    found = sa.leave_one_out(fitted(part, f"{outcome} ~ rd + ties"), progress=False)
    for row in (0, 17):
        without = fitted(part.drop(part.index[row]), f"{outcome} ~ rd + ties").frame
        own = found.detail["estimates"].loc[part.index[row]]
        assert_allclose(own.to_numpy(), without["estimate"], rtol=1e-6)
    rates = sa.leave_one_out(
        sa.poisson(part.assign(size=part["rd"] + 1), "count ~ ties", exposure="size"), progress=False
    )
    assert rates.detail["estimates"].notna().all(axis=None)
