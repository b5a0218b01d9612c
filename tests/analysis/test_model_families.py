"""Properties that every model of answers must have, and wrong input that each must name."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import (
    ChoiceError,
    ColumnError,
    ConvergenceError,
    DataError,
    FormulaError,
    LevelError,
    SeparationError,
)
from surveyanalysis.language import say
from tests import references

from .families import COVARIATES, FAMILIES, REDUCED, design_of, people

NAMES = list(FAMILIES)
SHIFTING = [name for name in NAMES if name != "location-scale"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return people()


@pytest.fixture(scope="module")
def fitted(frame) -> dict:
    return {name: verb(design_of(frame), COVARIATES, variance="design") for name, verb in FAMILIES.items()}


def rows(model, term: str) -> pd.DataFrame:
    """Slopes of a term, at every threshold, level and outcome."""
    frame = model.frame
    named = frame["term"].str.replace(r" @ .*", "", regex=True)
    return frame[(named == term) & (frame["component"] == "slope")].reset_index(drop=True)


@pytest.mark.parametrize("name", NAMES)
def test_contributions_sum_to_nothing_at_the_solution(fitted, name):
    """P20: the parameters do not depend on the scale of the weights, so w dp/dw sums to 0 if the equations hold."""
    scores = fitted[name].fit.scores
    assert np.abs(scores.sum(axis=0)).max() < 1e-8 * np.abs(scores).sum(axis=0).max()


@pytest.mark.parametrize("name", NAMES)
def test_an_affine_covariate_changes_units_alone(frame, fitted, name):
    """P10: slope over b, the same t, the same effect by unit of the original."""
    moved = FAMILIES[name](design_of(frame.assign(age=3e4 + 12 * frame["age"])), COVARIATES, variance="design")
    one, other = rows(fitted[name], "age"), rows(moved, "age")
    assert_allclose(12 * other["estimate"], one["estimate"], rtol=1e-5)
    assert_allclose(other["statistic"], one["statistic"], rtol=1e-5)
    before, after = (m.effects("age").frame["estimate"].to_numpy() for m in (fitted[name], moved))
    assert_allclose(12 * after, before, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_another_reference_is_the_same_model(frame, fitted, name):
    """P11: the contrast flips, fit and joint test stay."""
    covariates = COVARIATES.replace("employer", "ref(employer, 'lab')")
    other = FAMILIES[name](design_of(frame), covariates, variance="design")
    assert other.extra["loglik"] == pytest.approx(fitted[name].extra["loglik"], rel=1e-9)
    assert_allclose(
        rows(other, "employer[firm]")["estimate"],
        -rows(fitted[name], "employer[lab]")["estimate"],
        rtol=1e-5,
        atol=1e-8,
    )
    assert other.test("employer").statistic == pytest.approx(fitted[name].test("employer").statistic, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_expected_answers_are_probabilities_and_their_derivatives_are_right(fitted, name):
    model = fitted[name]
    x, response, params = model.model_frame.x[:7], model.response, model.params
    chance = response.expected(params, x)
    assert ((chance > 0) & (chance < 1)).all()
    if response.shown > 1:
        assert_allclose(chance.sum(axis=1), 1, rtol=1e-12)
    jacobian, step = response.jacobian(params, x), 1e-6
    for j in range(len(params)):
        moved = np.eye(len(params))[j] * step
        numeric = (response.expected(params + moved, x) - response.expected(params - moved, x)) / (2 * step)
        assert_allclose(jacobian[:, :, j], numeric, rtol=1e-5, atol=1e-8)
    weights = np.linspace(0.3, 2, len(x))
    assert_allclose(
        response.summed_jacobian(params, x, weights), np.tensordot(weights, jacobian, 1), rtol=1e-10, atol=1e-14
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_row_of_the_frame_stands_for_its_parameter(fitted, name):
    """Each parameter is printed once, with its error from the covariance of the design."""
    model = fitted[name]
    assert len(model.frame) == len(model.places) == len(model.params)
    assert sorted(model.frame["estimate"]) == sorted(model.params)
    used = model.model_frame.used
    expected = np.sqrt(np.diag(used.covariance(model.fit.scores)))
    assert_allclose(sorted(model.frame["se"]), sorted(expected), rtol=1e-9)
    keys = [key for key in ("outcome", "level", "component", "term") if key in model.frame]
    assert not model.frame.duplicated(keys).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_domain_keeps_the_design_and_a_zero_weight_is_as_good(frame, name):
    """Rows outside count for the design: the same as their weights taken to zero."""
    inside = FAMILIES[name](design_of(frame).where("age > 32"), COVARIATES, variance="design")
    assert inside.n == (frame["age"] > 32).sum()
    alone = FAMILIES[name](design_of(frame[frame["age"] > 32]), COVARIATES, variance="design")
    assert_allclose(inside.params, alone.params, rtol=1e-8)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "trivariate probit"])  # on fewer in its own tests
def test_replicates_agree_with_linearised_errors(frame, fitted, name):
    """Jackknife of the clusters: the same errors but for terms of higher order."""
    again = FAMILIES[name](design_of(frame).replicated("JKn"), COVARIATES, variance="design")
    assert_allclose(again.params, fitted[name].params, rtol=1e-9)
    assert_allclose(again.frame["se"], fitted[name].frame["se"], rtol=0.25)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REDUCED])
def test_robust_errors_are_those_of_a_simple_random_sample(frame, name):
    """HC0 is the sum of squares; "robust" that of an unclustered design; the model's own differ from both."""
    plain = sa.Design(frame, weights="w")
    se = {
        kind: FAMILIES[name](plain, COVARIATES, variance=kind).frame["se"].to_numpy()
        for kind in ("design", "robust", "hc0", "hc1", "model")
    }
    assert_allclose(se["robust"], se["design"], rtol=1e-2)
    n = FAMILIES[name](plain, COVARIATES).n
    k = len(se["hc0"])
    assert_allclose(se["hc0"] ** 2 * n / (n - 1), se["robust"] ** 2, rtol=1e-10)
    assert_allclose(se["hc0"] ** 2 * n / (n - k), se["hc1"] ** 2, rtol=1e-10)
    assert not np.allclose(se["model"], se["robust"], rtol=1e-3)


@pytest.mark.parametrize("kind", ["hc0", "hc1"])
def test_robust_errors_of_a_linear_model_are_those_of_statsmodels(frame, kind):
    import statsmodels.api as sm

    model = sa.linear(frame, "age ~ employer + abroad", variance=kind)
    twin = sm.OLS(model.y, model.model_frame.x).fit(cov_type=kind.upper())
    assert_allclose(model.params_covariance, twin.cov_params(), rtol=1e-9)


def test_two_levels_make_every_ordered_and_nominal_logit_the_binary_one(frame):
    """P13: slopes and errors; thresholds are minus the intercept."""
    two = frame.assign(two=pd.Categorical(np.where(frame["interested"] == 1, "yes", "no"), ["no", "yes"], ordered=True))
    design = design_of(two)
    expected = sa.logit(design, f"interested ~ {COVARIATES}").frame.set_index("term")
    for model in (
        sa.ordered(design, f"two ~ {COVARIATES}"),
        sa.continuation_ratio(design, f"two ~ {COVARIATES}"),
        sa.multinomial(design, f"two ~ {COVARIATES}", reference="no"),
    ):
        found = model.frame.set_index("term")
        terms = [term for term in expected.index if term in found.index and term != "(intercept)"]
        assert len(terms) == 4
        assert_allclose(found.loc[terms, "estimate"], expected.loc[terms, "estimate"], rtol=1e-7)
        assert_allclose(found.loc[terms, "se"], expected.loc[terms, "se"], rtol=1e-6)


def test_a_reversed_scale_turns_forward_into_backward_ratios(frame):
    """P12: slopes change sign; a continuation ratio changes its direction."""
    back = frame.assign(willing=frame["willing"].cat.reorder_categories([3, 2, 1], ordered=True))
    one = sa.continuation_ratio(design_of(frame), f"willing ~ {COVARIATES}")
    other = sa.continuation_ratio(design_of(back), f"willing ~ {COVARIATES}", direction="backward")
    assert_allclose(rows(other, "age")["estimate"], -rows(one, "age")["estimate"], rtol=1e-6)
    wide, turned = (sa.ordered(design_of(data), f"willing ~ {COVARIATES}", nonparallel="age") for data in (frame, back))
    assert_allclose(rows(turned, "age")["estimate"], -rows(wide, "age")["estimate"][::-1], rtol=1e-6)


def test_separate_slopes_throughout_are_as_many_separate_logits(frame):
    """Each step of a continuation ratio is a logit of its own."""
    design = design_of(frame)
    model = sa.continuation_ratio(design, "willing ~ age", nonparallel=True)
    first = sa.logit(design, "willing ~ age", event=[2, 3])
    second = sa.logit(design.where("willing >= 2"), "willing ~ age", event=3)
    expected = [m.frame.set_index("term").loc["age", "estimate"] for m in (first, second)]
    assert_allclose(rows(model, "age")["estimate"], expected, rtol=1e-7)


def test_without_correlation_two_probits_stand_apart(frame):
    """The likelihood of both is the sum of theirs where rho is 0, so it is never below that."""
    design = design_of(frame)
    both = sa.bivariate_probit(design, "interested ~ age", "now ~ age + abroad")
    single = [
        sa.probit(design.where("answered(age)"), formula) for formula in ("interested ~ age", "now ~ age + abroad")
    ]
    assert both.extra["loglik"] > sum(m.extra["loglik"] for m in single)
    assert 0 < both.extra["rho_low"] < both.extra["rho"] < both.extra["rho_high"] < 1
    assert both.frame["outcome"].tolist()[:2] == ["interested", "interested"]


# --- wrong input ---

CODED = {"logit": "interested", "ordered logit": "willing", "multinomial": "job"}


def refused(verb, data, formula: str, error, words: str, **kind) -> None:
    with pytest.raises(error, match=words):
        verb(data, formula, **kind)


ANSWERS = [sa.logit, sa.probit, sa.ordered, sa.continuation_ratio, sa.multinomial, sa.firth]


@pytest.mark.parametrize("verb", ANSWERS)
def test_outcomes_that_cannot_be_read_are_named(verb, frame):
    """Coded 1/2, as text, constant, with one observed level; among the covariates."""
    binary = verb in (sa.logit, sa.probit, sa.firth)
    ordinal = verb in (sa.ordered, sa.continuation_ratio)
    if binary:
        refused(verb, frame.assign(y=frame["interested"] + 1), "y ~ age", ChoiceError, "event=2")
        refused(verb, frame.assign(y=0), "y ~ age", DataError, "lacks the event")
    if ordinal:
        refused(verb, frame.assign(y=frame["interested"] + 1), "y ~ age", ChoiceError, "bare numbers")
        text = frame.assign(y=np.where(frame["interested"] == 1, "very", "hardly"))
        refused(verb, text, "y ~ age", ChoiceError, "no order|alphabet|bare text")
    one = pd.Categorical(["yes"] * len(frame), ["no", "yes"], ordered=True)
    refused(verb, frame.assign(y=one), "y ~ age", DataError, "'yes'")
    refused(verb, frame, "willing ~ age + willing", FormulaError, "outcome and a covariate")
    refused(verb, frame, "willing ~ agge", ColumnError, "'agge'.*'age'")


@pytest.mark.parametrize("verb", ANSWERS)
def test_too_many_slopes_are_refused(verb, frame):
    """More slopes than respondents."""
    event = {"event": [2, 3]} if verb in (sa.logit, sa.probit, sa.firth) else {}
    few = sa.Design(frame.dropna().head(9))
    refused(verb, few, "willing ~ (age + employer)*abroad + w + w^2 + stratum", DataError, "more respondents", **event)


@pytest.mark.parametrize("verb", [v for v in ANSWERS if v is not sa.firth])
def test_a_level_of_one_answer_is_named_with_what_to_do(verb, frame):
    """Everybody in the lab gave the same answer."""
    event = {"event": 3} if verb in (sa.logit, sa.probit) else {}
    same = frame.assign(willing=frame["willing"].mask(frame["employer"] == "lab", 3))
    refused(verb, same, "willing ~ employer + age", SeparationError, "employer = 'lab'.*Combine levels", **event)


def test_dont_know_never_is_a_top_level(frame):
    """99 is no answer of the codebook: bare numbers are refused, categories need it declared as missing."""
    coded = frame.assign(y=frame["willing"].astype(int).mask(frame.index < 9, 99))
    refused(sa.ordered, coded, "y ~ age", ChoiceError, "bare numbers")
    refused(sa.continuation_ratio, coded, "y ~ age", ChoiceError, "bare numbers")


def test_a_level_without_answers_in_the_domain_is_left_out_and_told(frame):
    design = design_of(frame).where("employer != 'lab'")
    for name in ("logit", "ordered logit", "multinomial", "continuation ratio", "bivariate probit"):
        model = FAMILIES[name](design, COVARIATES, variance="design")
        assert not model.frame["term"].str.contains("lab").any()
        assert "nobody chose lab" in " ".join(say(note) for note in model.origin.notes)


def test_kinds_of_model_name_what_they_cannot_do(frame):
    refused(sa.ordered, frame, "willing ~ age", ColumnError, "'agee'", nonparallel="agee")
    refused(sa.ordered, frame, "willing ~ age", ColumnError, "'abrod'", scale="abrod")
    refused(sa.ordered, frame, "willing ~ age", ChoiceError, "'log'", link="log")
    refused(sa.continuation_ratio, frame, "willing ~ age", ChoiceError, "'up'", direction="up")
    refused(sa.multinomial, frame, "job ~ age", LevelError, "'teach'", reference="teach")
    with pytest.raises(ChoiceError, match="Name different outcomes"):
        sa.bivariate_probit(frame, "now ~ age", "now ~ abroad")
    with pytest.raises(ChoiceError, match="outcome of one formula and a covariate"):
        sa.bivariate_probit(frame, "now ~ age", "interested ~ now")
    with pytest.raises(ChoiceError, match="no odds ratios"):
        sa.ordered(frame, "willing ~ age", scale="abroad").exponentiate()
    with pytest.raises(ChoiceError, match="one linear predictor"):
        sa.multinomial(frame, "job ~ age").link_test()
    with pytest.raises(ChoiceError, match="lines of this model differ"):
        sa.ordered(frame, "willing ~ age", nonparallel=True).parallel_lines()
    with pytest.raises(ChoiceError, match="reduced bias"):
        sa.firth(frame, "interested ~ age").fit_measures()


def test_lines_that_cross_are_never_returned():
    """Slopes so different that a middle level gets a negative probability at somebody's answers."""
    rng = np.random.default_rng(1)
    x = rng.uniform(-4, 4, 300)
    low, high = rng.random(300) < 1 / (1 + np.exp(-(0.2 + 2 * x))), rng.random(300) < 1 / (1 + np.exp(-(0.4 - 2 * x)))
    y = pd.Categorical(np.where(low & high, 1, np.where(low, 2, 3)), [1, 2, 3], ordered=True)
    with pytest.raises(ConvergenceError, match="has no solution for its score equations"):
        sa.ordered(pd.DataFrame({"x": x, "y": y}), "y ~ x", nonparallel=True)


# --- notes before a reader trusts a coefficient ---


def test_few_events_thin_cells_and_single_respondents_are_told(frame):
    small = frame.dropna().head(60)
    small = small.assign(odd=np.where(np.arange(60) == 7, 50.0, small["w"]))
    model = sa.logit(small, "interested ~ age + employer + abroad + odd")
    notes = " ".join(say(note) for note in model.origin.notes)
    assert "events per slope" in notes
    assert "consider `firth`" in notes
    assert "single respondents decide" in notes
    assert str(small.index[7]) in notes
    thin = sa.ordered(small.head(30), "willing ~ employer")
    assert "levels at which fewer than 5" in " ".join(say(note) for note in thin.origin.notes)
    korean = " ".join(say(note, "ko") for note in thin.origin.notes)
    assert "5명 미만" in korean


# --- statsmodels ---


def test_the_multinomial_twin_of_statsmodels_agrees():
    data = references.data("Womenlf")
    model = sa.multinomial(data, "partic ~ hincome + children", reference="not.work", variance="model")
    twin = model.to_statsmodels()
    ours = model.frame["estimate"].to_numpy().reshape(2, -1).T
    assert_allclose(twin.params.to_numpy(), ours, rtol=1e-6)
    assert_allclose(twin.bse.to_numpy(), model.frame["se"].to_numpy().reshape(2, -1).T, rtol=1e-5)
    assert twin.llf == pytest.approx(model.extra["loglik"])
    wide = sa.ordered(data.assign(p=data["partic"].cat.as_ordered()), "p ~ hincome", nonparallel=True, variance="model")
    with pytest.raises(ChoiceError, match="no twin"):
        wide.to_statsmodels()


@pytest.mark.parametrize("levels", [[1, 2, 3, 99], [-9, 1, 2, 3], [1, 2, 3, 4, 9]])
def test_a_code_for_no_answer_is_no_end_of_a_scale(levels):
    rng = np.random.default_rng(3)
    answers = pd.Categorical(rng.choice(levels, 60), sorted(levels), ordered=True)
    code = next(str(v) for v in levels if v in (99, -9, 9))
    with pytest.raises(ChoiceError, match=f"{code} stands beside .* Make it missing"):
        sa.ordered(pd.DataFrame({"y": answers, "x": rng.normal(size=60)}), "y ~ x")


@pytest.mark.parametrize("levels", [[0, 1, 2, 5], list(range(1, 10)), ["1", "2", "99"]])
def test_other_ends_of_a_scale_stand(levels):
    rng = np.random.default_rng(3)
    answers = pd.Categorical(rng.choice(levels, 200), levels, ordered=True)
    model = sa.ordered(pd.DataFrame({"y": answers, "x": rng.normal(size=200)}), "y ~ x")
    assert len(model.frame) == len(levels)
