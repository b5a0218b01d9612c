"""Ratios, variances, correlations, alpha, design effects, standardised means: theory, invariances, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, DesignError, LevelError

from .designs import ASKED, BUILT, respondents

DESIGNS = [*ASKED, *BUILT]
every_design = pytest.mark.parametrize("asked", DESIGNS)
POPULATION = {"f": 0.6, "m": 0.4}
BY_GROUP = {
    "ratio": lambda d, by: sa.ratio(d, ["y", "q"], "z", by=by),
    "variance": lambda d, by: sa.variance(d, ["y", "z"], by=by),
    "sd": lambda d, by: sa.variance(d, ["y", "z"], of="sd", by=by),
    "correlation": lambda d, by: sa.correlation(d, ["y", "z", "r"], by=by),
    "design effect": lambda d, by: sa.design_effect(d, ["y", "z"], replacement=True, by=by),
    "standardised": lambda d, by: sa.standardised(d, "y", over="sex", population=POPULATION, by=by),
    "standardised shares": lambda d, by: sa.standardised(
        d, "yes", level=True, over="sex", population=POPULATION, by=by
    ),
}


def design(asked="stratified clusters, finite", frame=None):
    frame = respondents() if frame is None else frame
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


def simple(**columns):
    return pd.DataFrame(columns)


@pytest.mark.parametrize("verb", BY_GROUP)
@every_design
def test_a_group_is_its_domain(verb, asked):
    """P6: the rows of a group are those of the domain of the group alone, errors included."""
    d = design(asked)
    grouped = BY_GROUP[verb](d, "g")
    for group in ("firm", "lab", "office"):
        own = grouped.frame[(grouped.frame["g"] == group).to_numpy()]
        alone = BY_GROUP[verb](d.where(g=group), None).frame
        columns = [c for c in ("estimate", "se", "df", "ci_low", "ci_high", "n", "n_weighted") if c in alone]
        assert_allclose(own[columns].astype(float), alone[columns].astype(float), rtol=1e-9)


@every_design
def test_the_mean_is_the_ratio_to_one_and_a_group_s_share_is_a_ratio(asked):
    """P6, P9."""
    frame = respondents().assign(one=1.0)
    frame["firm"] = (frame["g"] == "firm").astype(float)
    frame.loc[frame["g"].isna(), "firm"] = np.nan
    d = design(asked, frame)
    columns = ["estimate", "se", "ci_low", "ci_high", "n"]
    assert_allclose(sa.ratio(d, "y", "one").frame[columns], sa.mean(d, "y").frame[columns], rtol=1e-10)
    share = sa.proportion(d, "g", level="firm", interval="t").frame[columns]
    assert_allclose(sa.ratio(d, "firm", "one").frame[columns], share, rtol=1e-10)


@every_design
def test_a_total_by_ratio_is_the_ratio_times_the_total(asked):
    d = design(asked)
    ratio, total = sa.ratio(d, "y", "z").frame, sa.total_by_ratio(d, "y", "z", totals=1234.5).frame
    columns = ["estimate", "se", "ci_low", "ci_high"]
    assert_allclose(total[columns], 1234.5 * ratio[columns], rtol=1e-12)
    found = sa.total_by_ratio(d, "y", "z", totals={"f": 10, "m": 20.0}, by="sex")
    by_hand = sa.contrast(sa.ratio(d, "y", "z", by="sex"), {"total": "10 * f + 20 * m"}).frame
    assert_allclose(found.frame[["estimate", "se"]], by_hand[["estimate", "se"]], rtol=1e-10)
    assert found.frame["df"].item() == d.within(d.survey.frame[["y", "z"]].notna().all(axis=1).to_numpy()).df


def test_variances_of_a_simple_sample_are_the_textbook_s():
    """P14: s^2, its covariances, and pandas' correlations; the error of s^2 from the fourth moment."""
    frame = respondents()[["y", "z"]].dropna()
    found = sa.variance(frame, ["y", "z"]).frame
    expected = frame.cov().to_numpy()[np.triu_indices(2)]
    assert_allclose(found["estimate"], expected, rtol=1e-12)
    n, away = len(frame), frame["y"] - frame["y"].mean()
    assert_allclose(found["se"].iloc[0], (n / (n - 1) * away**2).std() / np.sqrt(n), rtol=1e-12)
    assert_allclose(sa.variance(frame, "y", of="sd").frame["estimate"].item(), frame["y"].std(), rtol=1e-12)
    assert_allclose(sa.correlation(frame, ["y", "z"]).frame["estimate"].item(), frame.corr().iloc[0, 1], rtol=1e-12)


@every_design
def test_a_correlation_is_the_contrast_of_variances(asked):
    """Two roads to one number, errors included; replicates compute it anew."""
    d = design(asked)
    spread = sa.variance(d, ["y", "q"])
    by_hand = sa.contrast(spread, {"r": "y:q / sqrt(y:y * q:q)"}).frame
    found = sa.correlation(d, ["y", "q"]).frame
    assert_allclose(found["estimate"], by_hand["estimate"], rtol=1e-12)
    assert_allclose(found["se"], by_hand["se"], rtol=2e-2 if "replicates" in asked or asked == "jackknife" else 1e-9)


def test_an_affine_change_keeps_a_correlation_and_carries_a_variance():
    frame = respondents()
    moved = frame.assign(y=3e6 - 20 * frame["y"])
    a, b = (sa.correlation(design(frame=f), ["y", "z"]).frame for f in (frame, moved))
    assert_allclose(b[["estimate", "ci_low", "ci_high"]], -a[["estimate", "ci_high", "ci_low"]], rtol=1e-8)
    assert_allclose(b[["se", "p"]], a[["se", "p"]], rtol=1e-8)
    a, b = (sa.variance(design(frame=f), "y").frame for f in (frame, moved))
    assert_allclose(b[["estimate", "se"]], 400 * a[["estimate", "se"]], rtol=1e-8)


def test_a_whole_correlation_has_no_width():
    frame = respondents().assign(up=lambda f: 2 * f["z"] + 1, down=lambda f: 1e5 - f["z"])
    found = sa.correlation(design(frame=frame), ["z", "up", "down"]).frame
    assert found["estimate"].tolist() == [1.0, -1.0, -1.0]
    assert (found["se"] == 0).all()
    assert (found["ci_low"] == found["estimate"]).all()
    assert found["p"].isna().all()


def test_the_interval_of_a_correlation_stays_within_its_range():
    """P24, at n = 8: the end of a t interval would be above 1."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=8)
    row = sa.correlation(simple(x=x, y=x + 0.2 * rng.normal(size=8)), ["x", "y"]).frame.iloc[0]
    assert -1 < row["ci_low"] < row["estimate"] < row["ci_high"] < 1


def test_no_correlation_in_a_group_where_all_answer_alike():
    frame = simple(x=[1.0, 2.0, 4.0, 3.0, 3.0, 3.0, 3.0], y=[2.0, 1.0, 3.0, 1.0, 2.0, 3.0, 4.0], g=list("aaabbbb"))
    found = sa.correlation(frame, ["x", "y"], by="g")
    assert found.frame["estimate"].notna().tolist() == [True, False]
    assert any("all answers are the same: b (x)" in note["en"] for note in found.origin.notes)
    one = sa.variance(frame.iloc[2:4], "x", by="g")
    assert one.frame["estimate"].isna().all()
    assert any("single respondent" in note["en"] for note in one.origin.notes)


def test_a_simple_random_sample_has_design_effects_of_one():
    """P14: of means and shares with and without replacement; of totals around zero, else N varies too."""
    frame = respondents().dropna(subset=["y", "q", "z"])
    for asked, replacement in (({}, True), ({"population": 1000}, False)):
        for question in ("y", "q", "sex"):
            found = sa.design_effect(sa.Design(frame, **asked), question, replacement=replacement)
            assert_allclose(found.frame["estimate"], 1.0, rtol=1e-12)
    centred = frame.assign(centred=frame["z"] - frame["z"].mean())
    found = sa.design_effect(sa.Design(centred, population=1000), "centred", of="total")
    assert_allclose(found.frame["estimate"], 1.0, rtol=1e-9)


def test_kish_s_design_effect_of_weights_that_say_nothing():
    """1 + cv^2 of the weights, where they have nothing to do with the answers (Kish 1965), up to chance."""
    rng = np.random.default_rng(3)
    weights = rng.lognormal(sigma=0.5, size=4000)
    frame = simple(y=rng.normal(size=4000), w=weights)
    found = sa.design_effect(sa.Design(frame, weights="w"), "y", replacement=True)
    kish = 1 + weights.var() / weights.mean() ** 2
    assert_allclose(found.frame["estimate"].item(), kish, rtol=0.08)
    assert_allclose(found.detail["estimates"]["effective"].item(), 4000 / found.frame["estimate"].item())


def test_copies_within_a_cluster_multiply_the_design_effect():
    """Each respondent five times in a cluster of its own tells no more than once: the variance of n / 5 ones."""
    frame = simple(y=np.random.default_rng(1).normal(size=40), c=range(40))
    copies = pd.concat([frame] * 5, ignore_index=True)
    found = sa.design_effect(sa.Design(copies, clusters="c"), "y", replacement=True).frame["estimate"].item()
    assert_allclose(found, 5 * (40 - 1 / 5) / (40 - 1), rtol=1e-12)


def test_standardising_to_a_group_s_own_composition_changes_nothing():
    d = sa.Design(respondents(), weights="w")
    answered = d.survey.frame.dropna(subset=["y"])
    own = answered.groupby("sex", observed=True)["w"].sum()
    found, crude = sa.standardised(d, "y", over="sex", population=own), sa.mean(d, "y")
    assert_allclose(found.frame["estimate"], crude.frame["estimate"], rtol=1e-12)
    assert_allclose(found.detail["crude"], crude.frame["estimate"], rtol=1e-12)
    assert found.frame["se"].item() != crude.frame["se"].item()  # the composition is fixed, no longer estimated


@every_design
def test_a_standardised_mean_is_the_contrast_of_cell_means(asked):
    d = design(asked)
    found = sa.standardised(d, "y", over="sex", population={"f": 30, "m": 10}).frame
    by_hand = sa.contrast(sa.mean(d, "y", by="sex"), {"y": "0.75 * f + 0.25 * m"}).frame
    assert_allclose(found[["estimate", "se"]], by_hand[["estimate", "se"]], rtol=1e-10)


def test_a_standardised_mean_is_the_mean_of_a_post_stratified_sample():
    d = sa.Design(respondents().dropna(subset=["y", "z"]), weights="w", clusters="c")
    post = d.post_stratified("sex", {"f": 300, "m": 100})
    found = sa.standardised(d, "y", over="sex", population={"f": 300, "m": 100}).frame
    columns = ["estimate", "se", "ci_low", "ci_high"]
    assert_allclose(found[columns], sa.mean(post, "y").frame[columns], rtol=1e-10)


def test_cells_are_crossed_in_the_order_of_their_questions():
    d = design("weighted")
    cells = {("f", True): 1, ("f", False): 2, ("m", True): 3, ("m", False): 4}
    found = sa.standardised(d, "y", over=["sex", "later"], population=cells).frame
    means = sa.mean(d, "y", by=["sex", "later"])
    said = "(y|f|True + 2 * y|f|False + 3 * y|m|True + 4 * y|m|False) / 10"
    assert_allclose(found["estimate"], sa.contrast(means, {"y": said}).frame["estimate"], rtol=1e-12)


@every_design
def test_a_standardised_design_gives_what_the_verb_gives(asked):
    d, population = design(asked), {"f": 3, "m": 7}
    found = sa.standardised(d, ["y"][0], over="sex", population=population, by="g").frame.dropna()
    set_to = d.standardised("sex", population, by="g", answered="y")
    means = sa.mean(set_to, "y", by="g").frame.dropna()
    assert_allclose(means["estimate"], found["estimate"], rtol=1e-12)
    before = asked in ("post-stratified", "raked replicates")  # both steps are then taken in another order
    assert_allclose(means["se"], found["se"], rtol=0.05 if before else 1e-9)
    for g, part in (
        d.survey.frame.assign(w=d.weights, new=set_to.weights).dropna(subset="y").groupby("g", observed=True)
    ):
        assert_allclose(part["new"].sum(), part["w"].sum(), err_msg=g)
        assert_allclose(part.loc[part["sex"] == "f", "new"].sum(), 0.3 * part["new"].sum(), err_msg=g)


def test_intervals_under_other_degrees_of_freedom_reach_the_groups_and_refuse_what_has_no_error():
    d = design()
    total = sa.total_by_ratio(d, "y", "z", totals={"f": 1, "m": 2}, by="sex").with_interval(df=np.inf)
    assert np.isinf(total.detail["groups"].frame["df"]).all()
    assert "normal interval" in total.table().to_text()
    with pytest.raises(ChoiceError, match="no standard errors"):
        sa.design_effect(d, "y", replacement=True).with_interval(df=np.inf)


def test_alpha_of_two_standardised_items_is_spearman_and_brown_s():
    """Theory: with equal variances alpha = 2 r / (1 + r)."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=60)
    frame = simple(a=x, b=x + rng.normal(size=60))
    frame = (frame - frame.mean()) / frame.std()
    r = frame.corr().iloc[0, 1]
    assert_allclose(sa.alpha(frame, ["a", "b"]).frame["estimate"].item(), 2 * r / (1 + r), rtol=1e-12)


def test_alpha_of_a_simple_sample_agrees_with_pingouin():
    import pingouin

    frame = respondents()[["q", "r", "z"]].dropna().astype(float)
    found = sa.alpha(frame, ["q", "r", "z"])
    assert_allclose(found.frame["estimate"].item(), pingouin.cronbach_alpha(frame)[0], rtol=1e-12)
    for item in frame:
        others = [name for name in frame if name != item]
        expected = sa.alpha(frame, others).frame["estimate"].item()
        assert_allclose(found.detail["items"].loc[item, "without"], expected, rtol=1e-12)
        assert_allclose(
            found.detail["items"].loc[item, "rest"], frame[item].corr(frame[others].sum(axis=1)), rtol=1e-10
        )


def test_standardised_items_and_lambda6_are_those_of_the_items_divided_by_their_deviations():
    """Definition; lambda6 by R2 of each item on the others (statsmodels)."""
    import statsmodels.api as sm

    frame = respondents()[["q", "r", "z", "y"]].dropna().astype(float)
    found, z = sa.alpha(frame, list(frame)), (frame - frame.mean()) / frame.std()
    alike = sa.alpha(z, list(z))
    assert_allclose(found.extra["standardised"], alike.frame["estimate"].item(), rtol=1e-12)
    for name in ("total", "rest", "without"):
        assert_allclose(found.detail["items"][f"{name}_standardised"], alike.detail["items"][name], rtol=1e-10)
    assert_allclose(found.detail["items"]["total"], [frame[item].corr(frame.sum(axis=1)) for item in frame], rtol=1e-10)
    left = [1 - sm.OLS(z[item], sm.add_constant(z.drop(columns=item))).fit().rsquared for item in z]
    assert_allclose(found.extra["lambda6"], 1 - sum(left) / z.corr().to_numpy().sum(), rtol=1e-10)


def test_items_that_determine_each_other_have_no_lambda6_and_two_items_no_variance_of_correlations():
    frame = simple(a=[1.0, 2.0, 4.0, 3.0], b=[2.0, 1.0, 3.0, 5.0])
    frame["c"] = frame["a"] + frame["b"]
    assert np.isnan(sa.alpha(frame, ["a", "b", "c"]).extra["lambda6"])
    assert np.isnan(sa.alpha(frame, ["a", "b"]).extra["variance_r"])


def test_an_item_against_the_others_and_the_respondents_used_are_told():
    rng = np.random.default_rng(6)
    x = rng.normal(size=50)
    frame = simple(a=x, b=x + 0.3 * rng.normal(size=50), turned=-x + 0.3 * rng.normal(size=50))
    frame.loc[:9, "b"] = np.nan
    found = sa.alpha(frame, ["a", "b", "turned"])
    notes = [note["en"] for note in found.origin.notes]
    assert any("turned: correlates negatively" in note for note in notes)
    assert any("10 left out: b" in note for note in notes)
    assert found.frame["n"].item() == 40
    assert "역문항" in found.table("ko").to_text()


FRAME = simple(
    y=[1.0, 2.0, 3.0, 4.0], zero=[-1.0, 1.0, 0.0, 0.0], flat=[2.0] * 4, text=["a", "b", "a", "b"],
    g=["u", "u", "v", "v"], age=["old", "young", "old", "old"],
)  # fmt: skip
WRONG = {
    "a text as numerator": (lambda: sa.ratio(FRAME, "text", "y"), ChoiceError, "'text' holds answer categories"),
    "a denominator of zero": (lambda: sa.ratio(FRAME, "y", "zero"), DataError, "total of 'zero' is zero:"),
    "a denominator of zero in a group": (lambda: sa.ratio(FRAME, "y", "zero", by="g"), DataError, "in the group 'u'"),
    "no such question": (lambda: sa.ratio(FRAME, "yy", "y"), ColumnError, "Nearest: 'y'"),
    "totals by nothing": (lambda: sa.total_by_ratio(FRAME, "y", "flat", totals={"u": 1}), ChoiceError, "`totals`"),
    "one total by groups": (lambda: sa.total_by_ratio(FRAME, "y", "flat", totals=3, by="g"), ChoiceError, "one number"),
    "a group without a total": (
        lambda: sa.total_by_ratio(FRAME, "y", "flat", totals={"u": 1}, by="g"), DataError, "nothing for the group 'v'",
    ),
    "a total without a group": (
        lambda: sa.total_by_ratio(FRAME, "y", "flat", totals={"u": 1, "v": 1, "w": 2}, by="g"), LevelError,
        "no answer 'w'",
    ),
    "a total that is none": (lambda: sa.total_by_ratio(FRAME, "y", "flat", totals=np.nan), ChoiceError, "`totals`"),
    "several numerators": (lambda: sa.total_by_ratio(FRAME, ["y"], "flat", totals=1), ChoiceError, "one numerator"),
    "variance of a text": (lambda: sa.variance(FRAME, "text"), ChoiceError, "not numbers"),
    "variance of another kind": (lambda: sa.variance(FRAME, "y", of="range"), ChoiceError, "'variance', 'sd'"),
    "variance of nothing": (lambda: sa.variance(FRAME, []), ChoiceError, "empty"),
    "one correlation": (lambda: sa.correlation(FRAME, ["y"]), ChoiceError, "two questions or more"),
    "a correlation with itself": (lambda: sa.correlation(FRAME, ["y", "y"]), ChoiceError, "'y' twice"),
    "a constant": (lambda: sa.correlation(FRAME, ["y", "flat"]), DataError, "same answer to 'flat'"),
    "one item": (lambda: sa.alpha(FRAME, "y"), ChoiceError, "two items or more"),
    "an item twice": (lambda: sa.alpha(FRAME, ["y", "y"]), ChoiceError, "'y' twice"),
    "a constant item": (lambda: sa.alpha(FRAME, ["y", "flat"]), DataError, "same answer to 'flat'"),
    "weights that are no people": (lambda: sa.design_effect(FRAME, "y"), DesignError, "Use replacement=True"),
    "answers and numbers": (
        lambda: sa.design_effect(FRAME, ["y", "text"], replacement=True), ChoiceError, "mixes answer categories",
    ),
    "another of": (lambda: sa.design_effect(FRAME, "y", of="ratio"), ChoiceError, "'mean', 'total'"),
    "an empty cell": (
        lambda: sa.standardised(FRAME, "y", over="age", population={"old": 1, "young": 1}, by="g"), DataError,
        "Nobody answered in 'young' in 'v'",
    ),
    "a cell without people": (
        lambda: sa.standardised(FRAME, "y", over="age", population={"old": 1}), DataError,
        "nothing for 'young' of 'age'",
    ),
    "no such cell": (
        lambda: sa.standardised(FRAME, "y", over="age", population={"old": 1, "yung": 1}), LevelError,
        "Nearest: 'young'",
    ),
    "a negative population": (
        lambda: sa.standardised(FRAME, "y", over="age", population={"old": 1, "young": -1}), DataError,
        "-1 for 'young'",
    ),
    "a population that is a list": (
        lambda: sa.standardised(FRAME, "y", over="age", population=[1, 2]), ChoiceError, "no mapping",
    ),
    "over nothing": (lambda: sa.standardised(FRAME, "y", over=[], population={}), ChoiceError, "names no question"),
    "a standardised design without a cell": (
        lambda: sa.Design(FRAME).standardised("age", {"old": 1, "young": 1}, by="g"), DesignError,
        "1 cell.* of the standard population: v / young",
    ),
    "a standardised design of nobody": (
        lambda: sa.Design(FRAME.assign(none=np.nan)).standardised("age", {"old": 1, "young": 1}, answered="none"),
        DesignError, "Nobody has an answer",
    ),
    "no such answer": (
        lambda: sa.standardised(FRAME, "text", level="c", over="age", population={"old": 1, "young": 1}), LevelError,
        "no answer 'c'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_named(name):
    ask, error, words = WRONG[name]
    with pytest.raises(error, match=words):
        ask()


@pytest.mark.parametrize("confidence", [0, 1, 95, "0.95"])
def test_a_confidence_lies_between_0_and_1(confidence):
    for ask in (
        lambda: sa.ratio(FRAME, "y", "flat", confidence=confidence),
        lambda: sa.variance(FRAME, "y", confidence=confidence),
        lambda: sa.correlation(FRAME, ["y", "zero"], confidence=confidence),
        lambda: sa.alpha(FRAME, ["y", "zero"], confidence=confidence),
        lambda: sa.contrast(sa.mean(FRAME, "y"), {"x": "y"}, confidence=confidence),
        lambda: sa.standardised(FRAME, "y", over="age", population={"old": 1, "young": 1}, confidence=confidence),
    ):
        with pytest.raises(ChoiceError, match="`confidence`"):
            ask()
