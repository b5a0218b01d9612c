"""Other ways with missing answers: weights against classes and the jackknife, bounds against filled columns."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError, DesignError, SeparationError

from .people import designed, frame, survey


def drawn(**more):
    return sa.Design(designed(), weights="w", strata="s", clusters="c", **more)


def test_weighting_by_one_question_is_weighting_by_its_classes():
    """A saturated logit gives the response rate of each class, as `nonresponse_adjusted` (Oh and Scheuren 1983)."""
    people = designed().assign(answered=lambda d: d["stage"].notna())
    design = sa.Design(people, weights="w", strata="s", clusters="c")
    found = sa.response_weighted(design, "stage", explained_by="works")
    classes = design.nonresponse_adjusted("answered", classes="works")
    assert_allclose(found.weights, classes.weights, rtol=1e-9)
    assert_allclose(found.weights.sum(), design.weights.sum(), rtol=1e-9)


@pytest.mark.parametrize("verb", [
    lambda d: sa.mean(d, "stage"), lambda d: sa.proportion(d, "stage"), lambda d: sa.total(d, "stage"),
    lambda d: sa.logit(d, "works ~ age + stage", event="yes").estimates,
])  # fmt: skip
def test_errors_know_that_the_probability_to_answer_is_estimated(verb):
    """Linearised against the stratified jackknife, which estimates it again without each cluster."""
    asked = {"questions": "stage", "explained_by": ["age", "works"]}
    linear = verb(sa.response_weighted(drawn(), **asked)).frame
    again = verb(sa.response_weighted(drawn().replicated("JKn"), **asked)).frame
    assert_allclose(again["estimate"], linear["estimate"], rtol=1e-9)
    assert_allclose(again["se"], linear["se"], rtol=0.12)


def test_residuals_are_the_derivative_by_weight():
    """Numerical derivative of a weighted mean by each respondent's weight, the logit fitted anew each time."""
    people = designed(n=60)

    def estimate(w):
        design = sa.response_weighted(sa.Design(people.assign(w=w), weights="w"), "stage", explained_by="age")
        return sa.mean(design, "stage").frame["estimate"].iloc[0]

    w = people["w"].to_numpy()
    step = 1e-5
    moved = np.eye(60) * step * w
    slopes = np.array([(estimate(w + m) - estimate(w - m)) / (2 * step) for m in moved])
    design = sa.response_weighted(sa.Design(people, weights="w"), "stage", explained_by="age")
    se = sa.mean(design, "stage").frame["se"].iloc[0]
    away = slopes - slopes.mean()
    assert_allclose(se, np.sqrt(60 / 59 * (away**2).sum()), rtol=1e-6)


def test_bounds_are_the_estimates_of_filled_columns():
    people = designed()
    found = sa.missing_sensitivity(drawn(), "job", level="lab", explained_by=["age", "works"], m=3, iterations=2)
    frame = found.frame.set_index("component")
    assert list(frame.index) == ["complete_cases", "weighted", "imputed", "lowest", "highest"]
    for row, fill in (("lowest", "firm"), ("highest", "lab")):
        whole = people.assign(job=people["job"].fillna(fill))
        expected = sa.proportion(sa.Design(whole, weights="w", strata="s", clusters="c"), "job", level="lab").frame
        assert_allclose(frame.loc[row, ["estimate", "se", "ci_low", "ci_high"]].astype(float),
                        expected[["estimate", "se", "ci_low", "ci_high"]].iloc[0].astype(float), rtol=1e-9)  # fmt: skip
    complete = sa.proportion(drawn(), "job", level="lab").frame.iloc[0]
    assert_allclose(frame.loc["complete_cases", "estimate"], complete["estimate"])
    assert_allclose(frame.loc["complete_cases", "se"], complete["se"])
    middle = frame.loc[["complete_cases", "weighted", "imputed"], "estimate"]
    assert middle.between(frame.loc["lowest", "estimate"], frame.loc["highest", "estimate"]).all()


def test_those_who_were_not_asked_are_in_no_row():
    people = survey()
    found = sa.missing_sensitivity(people, "pay", explained_by="age", bounds=(0, 200), m=3, iterations=2).frame
    asked = (people.frame["works"] == "yes").sum()
    answered = people.frame["pay"].notna().sum()
    assert found["n"].tolist() == [answered, answered, asked, asked, asked]


def test_scales_have_bounds_of_their_own_and_imputations_can_be_given():
    filled = sa.impute(survey(), ["stage", "age"], m=4, iterations=2)
    found = sa.missing_sensitivity(survey(), "stage", explained_by="age", imputed=filled).frame.set_index("component")
    lost = frame()["stage"].isna().mean()
    assert_allclose(found.loc["highest", "estimate"] - found.loc["lowest", "estimate"], 3 * lost)
    pooled = filled.fit(lambda d: sa.mean(d, "stage")).frame.iloc[0]
    assert_allclose(
        found.loc["imputed", ["estimate", "se", "df"]].astype(float), pooled[["estimate", "se", "df"]].astype(float)
    )


def test_assumptions_stand_side_by_side_in_table_and_figure():
    found = sa.missing_sensitivity(survey(), "job", level=["lab", "office"], explained_by="age", m=3, iterations=2)
    for lang, words in (("en", "Weighted for non-response"), ("ko", "무응답 가중")):
        assert words in found.table(lang).to_text(120)
    ax = found.plot()
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "dot"]
    assert_allclose(dots, found.frame["estimate"])
    assert "on Age only" in " ".join(found.origin.lines())


WRONG = [
    (lambda: sa.missing_sensitivity(survey(), "job", explained_by="age"), ChoiceError, "say whose share is meant"),
    (lambda: sa.missing_sensitivity(survey(), "pay", explained_by="age"), ChoiceError, "`bounds`: the codebook has no"),
    (lambda: sa.missing_sensitivity(survey(), "pay", explained_by="age", bounds=(0, 5)), ChoiceError, "answers to"),
    (lambda: sa.missing_sensitivity(survey(), "age", explained_by="works"), DataError, "Nobody who was asked 'age'"),
    (lambda: sa.missing_sensitivity(survey(), "job", level="labb", explained_by="age"), ValueError, "Nearest: 'lab'"),
    (lambda: sa.response_weighted(survey(), "job", explained_by=[]), ChoiceError, "`explained_by` is empty"),
    (lambda: sa.response_weighted(survey(), "job", explained_by="job"), ChoiceError, "names 'job'"),
    (lambda: sa.response_weighted(survey(), "age", explained_by="works"), DesignError, "Everybody, or nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("do", "error", "words"), WRONG, ids=[words for *_, words in WRONG])
def test_wrong_questions_are_named(do, error, words):
    with pytest.raises(error, match=words):
        do()


def test_a_question_that_tells_who_answers_is_refused():
    people = pd.DataFrame({"y": [1.0, 2.0, 3.0, None, None, None], "x": [1, 2, 3, 4, 5, 6]})
    with pytest.raises(SeparationError, match="probability to answer is 0 or 1"):
        sa.response_weighted(people, "y", explained_by="x")
