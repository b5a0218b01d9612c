"""Several models side by side: their numbers, what nested ones add, and what is no comparison."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

import surveyanalysis as sa
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.language import both

from ..references import case
from .test_regression import api, r_design

WILLING = ("no", "perhaps", "yes")


@pytest.fixture(scope="module")
def people() -> sa.Survey:
    """Synthetic respondents with unequal weights and missing answers."""
    rng = np.random.default_rng(11)
    n = 180
    frame = pd.DataFrame({"age": rng.normal(45, 9, n).round(), "years": rng.integers(1, 25, n).astype(float)})
    frame["employer"] = rng.choice(["company", "university", "institute"], n)
    frame["society"] = rng.random(n) < 0.4
    score = 0.5 * (frame["employer"] == "university") - 0.05 * (frame["age"] - 45) + rng.logistic(size=n)
    frame["willing"] = pd.cut(score, [-99, -1, 1, 99], labels=list(WILLING))
    frame["interested"] = (score > 0).astype(int)
    frame["pay"] = 60 + 0.5 * frame["age"] + rng.normal(0, 8, n)
    frame["w"] = rng.uniform(0.5, 2, n)
    frame.loc[:10, "years"] = np.nan
    return sa.Survey.from_frame(frame, codebook(), synthetic=True)


def codebook() -> Codebook:
    labels = {
        "company": both("Company", "기업"),
        "university": both("University", "대학"),
        "institute": both("Institute", "연구소"),
    }
    choices = tuple(Choice(code, label) for code, label in labels.items())
    employer = Question("employer", "single", short={"en": "Employer", "ko": "소속"}, choices=choices)
    willing = Question("willing", "likert", choices=tuple(Choice(code, both(code, code)) for code in WILLING))
    numbers = {name: Question(name, "number") for name in ("age", "years", "interested", "pay", "w")}
    return Codebook(
        {
            "employer": employer,
            "willing": willing,
            "society": Question(
                "society", "single", choices=(Choice(False, both("no", "아니요")), Choice(True, both("yes", "예")))
            ),
            **numbers,
        }
    )


@pytest.fixture(scope="module")
def design(people) -> sa.Design:
    return sa.Design(people, weights="w")


@pytest.fixture(scope="module")
def complete(design) -> sa.Design:
    return design.within(design.survey.frame["years"].notna().to_numpy())


@pytest.fixture(scope="module")
def nested(complete) -> dict[str, sa.Model]:
    return {
        "(1)": sa.logit(complete, "interested ~ age"),
        "(2)": sa.logit(complete, "interested ~ age + age^2 + employer + years"),
    }


def test_the_frame_holds_each_model_as_it_is(nested):
    frame = sa.compare_models(nested).frame
    assert list(frame)[:4] == ["model", "outcome", "component", "term"]
    for name, model in nested.items():
        own = frame[frame["model"] == name].drop(columns="model").reset_index(drop=True)
        assert_frame_equal(own, model.frame)


def test_scales_are_those_of_the_models_themselves(nested):
    ratios = sa.compare_models(nested, scale="odds_ratio").models["(2)"]
    assert_frame_equal(ratios.frame, nested["(2)"].exponentiate().frame)
    effects = sa.compare_models(nested, scale="effect").models["(2)"]
    assert_frame_equal(effects.frame, nested["(2)"].effects().frame)


def test_categories_stand_under_their_question_and_its_reference(nested):
    rows = [row for row in sa.compare_models(nested).rows if row.heading]
    assert [row.heading for row in rows] == [{"en": "Employer (ref. Company)", "ko": "소속 (기준: 기업)"}] * 2
    assert [row.label["ko"] for row in rows] == ["대학", "연구소"]
    assert [row.places for row in rows] == [(None, 3), (None, 4)]


def test_a_level_against_another_reference_never_shares_a_row(complete):
    """employer[institute] against companies is another number than against universities."""
    one = sa.logit(complete, "interested ~ employer")
    other = sa.logit(complete, "interested ~ ref(employer, 'university')")
    found = sa.compare_models({"(1)": one, "(2)": other})
    rows = {(row.heading.get("en", ""), row.label["en"]): row.places for row in found.rows}
    assert rows[("Employer (ref. Company)", "Institute")] == (2, None)
    assert rows[("Employer (ref. University)", "Institute")] == (None, 2)


def test_an_interaction_names_both_questions(complete):
    found = sa.compare_models({"(1)": sa.logit(complete, "interested ~ age * employer * society")})
    words = {(row.heading.get("en", ""), row.label["en"]) for row in found.rows}
    assert ("age × Employer (ref. Company)", "Institute") in words
    assert ("Employer (ref. Company) × society (ref. no)", "University × yes") in words


def test_slopes_come_first_then_the_intercept_then_thresholds(design):
    models = {
        "ordered": sa.ordered(design, "willing ~ age"),
        "logit": sa.logit(design, "interested ~ years"),
        "linear": sa.linear(design, "pay ~ society"),
    }
    found = sa.compare_models(models)
    assert [row.component for row in found.rows] == ["slope"] * 3 + ["intercept"] + ["threshold"] * 2
    assert [row.places for row in found.rows][3] == (None, 0, 0)


def test_effects_of_an_ordered_model_have_a_column_a_level(design):
    found = sa.compare_models({"o": sa.ordered(design, "willing ~ age + employer")}, scale="effect")
    assert [column.level for column in found.columns] == ["no", "perhaps", "yes"]
    frame = found.models["o"].frame
    assert [[frame.at[p, "level"] for p in row.places] for row in found.rows] == [["no", "perhaps", "yes"]] * 3
    assert {frame.at[p, "term"] for p in found.rows[1].places} == {"employer[university]"}


def test_the_fit_is_that_of_the_models(nested, complete):
    found = sa.compare_models({**nested, "ols": sa.linear(complete, "pay ~ age + years")}, fit=["aic", "r2", "df", "n"])
    assert list(found.fits) == ["aic", "r2", "df", "n"]
    assert found.fits.loc["(2)", "aic"] == nested["(2)"].extra["aic"]
    assert np.isnan(found.fits.loc["(2)", "r2"])
    assert found.fits.loc["(1)", "df"] == nested["(1)"].df


def test_adjusted_r2_is_theil_s(complete):
    """Theory: 1 - s^2 / S^2, residual variance over variance, each on its own degrees of freedom (equal weights)."""
    plain = sa.linear(complete.survey.frame, "pay ~ age + years")
    found = sa.compare_models({"ols": plain}, fit=["adjusted_r2"]).fits.iloc[0, 0]
    pay = complete.survey.frame.loc[complete.inside, "pay"]
    assert_allclose(found, 1 - plain.extra["sigma"] ** 2 / pay.var(ddof=1), rtol=1e-10)


# --- what nested models add ---


def test_a_block_is_tested_as_r_does():
    """R survey regTermTest(method = "Wald") of ell and mobility, case b.termtest.logit.strat."""
    reference = case("b.termtest.logit.strat")
    design = r_design(case(reference.args["model"]).args, api("apistrat"))
    models = {"(1)": sa.logit(design, "wide ~ meals"), "(2)": sa.logit(design, "wide ~ ell + meals + mobility")}
    found, expected = sa.compare_models(models, blocks=True).blocks.iloc[0], reference.values["wald_F"]
    keys = {"statistic": "F", "df": "df1", "df_denominator": "df2", "p": "p"}
    assert_allclose([found[k] for k in keys], [expected[k] for k in keys.values()], rtol=reference.rtol)
    assert found["terms"] == "ell, mobility"


def test_a_block_of_a_linear_model_is_the_f_of_the_sums_of_squares(complete):
    """Theory: ((RSS1 - RSS2) / q) / (RSS2 / (n - k)), the F of R anova(m1, m2); NumPy's least squares."""
    frame = complete.survey.frame[complete.inside]
    small, large = (sa.linear(frame, f"pay ~ {x}", variance="model") for x in ("age", "age + years + society"))
    found = sa.compare_models({"(1)": small, "(2)": large}, blocks=True).blocks.iloc[0]
    x = np.column_stack([np.ones(len(frame)), *(frame[name].astype(float) for name in ("age", "years", "society"))])
    rss = [np.linalg.lstsq(columns, frame["pay"])[1][0] for columns in (x[:, :2], x)]
    assert_allclose(found["statistic"], ((rss[0] - rss[1]) / 2) / (rss[1] / (len(frame) - 4)), rtol=1e-9)
    assert_allclose(
        found["r2_change"], (rss[0] - rss[1]) / ((frame["pay"] - frame["pay"].mean()) ** 2).sum(), rtol=1e-9
    )


def test_only_what_was_added_is_tested(nested):
    """age^2 is added, age was there; `test("age")` would take both."""
    step = sa.compare_models(nested, blocks=True).steps[0]
    assert step.terms == ("age^2", "employer[university]", "employer[institute]", "years")
    assert step.words == {"en": "age², Employer, years", "ko": "age², 소속, years"}
    assert step.test.statistic == pytest.approx(nested["(2)"].test("age^2", "employer", "years").statistic)
    before, after = (model.extra for model in nested.values())
    assert step.change == {name: after[name] - before[name] for name in ("deviance", "mcfadden")}


def test_chi_square_stands_where_degrees_of_freedom_are_infinite(complete):
    models = {x: sa.logit(complete, f"interested ~ {x}", variance="model") for x in ("age", "age + years")}
    found = sa.compare_models(models, blocks=True)
    assert found.blocks["df_denominator"].tolist() == [np.inf]
    z = models["age + years"].frame.set_index("term").at["years", "statistic"]
    assert found.blocks["statistic"].item() == pytest.approx(z**2)


def test_models_of_different_respondents_are_not_called_nested(design, nested):
    models = {"small": sa.logit(design, "interested ~ age"), "large": nested["(2)"]}
    words = "11 of 'small' are not in 'large', 0 of 'large' not in 'small'.*model_frame.used"
    with pytest.raises(DataError, match=words):
        sa.compare_models(models, blocks=True)
    again = sa.logit(models["large"].model_frame.used, "interested ~ age")
    assert len(sa.compare_models({"small": again, "large": models["large"]}, blocks=True).steps) == 1


def test_linear_models_tell_their_respondents_too(design):
    large = sa.linear(design, "pay ~ age + years")
    with pytest.raises(DataError, match="11 of 'a' are not in 'b'"):
        sa.compare_models({"a": sa.linear(design, "pay ~ age"), "b": large}, blocks=True)
    small = sa.linear(large.model_frame.used, "pay ~ age")
    assert sa.compare_models({"a": small, "b": large}, blocks=True).blocks["terms"].item() == "years"


def test_row_labels_tell_people_apart_not_row_numbers(complete):
    """The same labels in another order are the same people; other labels are other people."""
    frame = complete.survey.frame[complete.inside]
    small, large = sa.logit(frame[::-1], "interested ~ age"), sa.logit(frame, "interested ~ age + years")
    assert len(sa.compare_models({"(1)": small, "(2)": large}, blocks=True).steps) == 1
    moved = sa.logit(frame.set_axis(frame.index + 1000), "interested ~ age")
    with pytest.raises(DataError, match=r"169 of '\(1\)' are not in '\(2\)', 169 of"):
        sa.compare_models({"(1)": moved, "(2)": large}, blocks=True)


def test_other_answers_or_weights_under_the_same_labels_are_seen(complete, nested):
    frame = complete.survey.frame[complete.inside]
    shuffled = sa.Design(frame.assign(interested=frame["interested"].to_numpy()[::-1]), weights="w")
    with pytest.raises(DataError, match="do not have the same answers: they differ for"):
        sa.compare_models({"(1)": sa.logit(shuffled, "interested ~ age"), "(2)": nested["(2)"]}, blocks=True)
    with pytest.raises(DataError, match="do not have the same weights: they differ for 169"):
        sa.compare_models({"(1)": sa.logit(frame, "interested ~ age"), "(2)": nested["(2)"]}, blocks=True)


def test_what_is_not_nested_is_refused_with_the_reason(complete, nested):
    small, large = nested.values()
    cases = [
        ({"b": large, "s": small}, "'s' does not hold 'age\\^2', 'employer"),
        ({"a": small, "b": small}, "'b' has no terms that 'a' lacks"),
        ({"a": small}, "at least two models"),
        ({"a": small, "b": sa.linear(complete, "pay ~ age + years")}, "kind and outcome must be the same"),
        ({"a": sa.logit(complete, "interested ~ age", event=0), "b": large}, "kind and outcome must be the same"),
    ]
    for models, words in cases:
        with pytest.raises(ChoiceError, match=words):
            sa.compare_models(models, blocks=True)


# --- what cannot be compared ---


def test_wrong_choices_are_refused_with_what_there_is(nested, complete):
    linear = sa.linear(complete, "pay ~ age")
    cases = [
        ({"models": {}}, "at least one model"),
        ({"models": [nested["(1)"]]}, "at least one model"),
        ({"models": {1: nested["(1)"]}}, "a name is a text"),
        ({"models": {"m": sa.mean(complete, "age")}}, "'m' is a result of kind 'mean'"),
        ({"models": {"m": 3}}, "'m' is a int"),
        ({"models": nested, "scale": "odds"}, "'odds_ratio'"),
        ({"models": nested, "shown": "sd"}, "'interval'"),
        ({"models": nested, "place": "over"}, "'beside'"),
        ({"models": nested, "stars": (0.01, 0.05)}, "from the largest down"),
        ({"models": nested, "stars": (5, 1)}, "from the largest down"),
        ({"models": nested, "fit": ["n", "r2"]}, "'r2', which no model has.*'mcfadden'"),
        ({"models": {"l": linear}, "scale": "odds_ratio"}, "'l' is no model of probabilities"),
        ({"models": {"l": linear}, "scale": "effect"}, "'l' is no model of probabilities"),
        ({"models": {"p": sa.ordered(complete, "willing ~ age", link="probit")}, "scale": "odds_ratio"}, "'p': Expon"),
    ]
    for asked, words in cases:
        with pytest.raises(ChoiceError, match=words):
            sa.compare_models(**asked)


def test_a_block_by_likelihood_ratio_is_the_change_of_the_deviance(nested):
    """Model-based: chi-square of the change; under a design its distribution is corrected."""
    models = {
        name: sa.logit(m.model_frame.used, m.model_frame.formula.source, variance="model") for name, m in nested.items()
    }
    row = sa.compare_models(models, blocks="likelihood_ratio").blocks.iloc[-1]
    assert row["statistic"] == pytest.approx(-row["deviance_change"])
    from scipy.special import chdtrc

    assert row["p"] == pytest.approx(float(chdtrc(row["df"], row["statistic"])))
    corrected = sa.compare_models(nested, blocks="likelihood_ratio")
    assert corrected.steps[0].test.extra["mean_deff"] > 0
    assert "Likelihood ratio χ²" in str(corrected.table())
    with pytest.raises(ChoiceError, match="blocks"):
        sa.compare_models(nested, blocks="score")


def test_further_measures_of_fit_are_printed_where_asked(nested):
    found = sa.compare_models(nested, fit=["n", "nagelkerke", "tjur"])
    expected = [model.fit_measures().extra["nagelkerke"] for model in nested.values()]
    assert found.fits["nagelkerke"].tolist() == pytest.approx(expected)
    assert "Tjur" in str(found.table())
