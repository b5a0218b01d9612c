"""Differences between groups: which pairs, which way round, corrected for their number."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError, LevelError

from .designs import ASKED, BUILT, respondents


def design(asked="stratified clusters, finite"):
    frame = respondents()
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


def test_every_pair_is_compared_the_later_minus_the_earlier():
    found = sa.differences(sa.mean(design(), "y", by="g"))
    assert found.frame["term"].tolist() == ["lab - firm", "office - firm", "office - lab"]
    means = sa.mean(design(), "y", by="g").frame["estimate"]
    assert_allclose(found.frame["estimate"], [means[1] - means[0], means[2] - means[0], means[2] - means[1]])


def test_a_reference_is_taken_from_all_others_in_their_order():
    found = sa.differences(sa.mean(design(), ["y", "z"], by="g"), reference="lab")
    assert found.frame["term"].tolist() == ["firm - lab", "office - lab"] * 2
    flipped = sa.differences(sa.mean(design(), ["y", "z"], by="g"), reference="firm")
    row = flipped.frame[flipped.frame["term"] == "lab - firm"].iloc[0]
    assert_allclose(
        found.frame.iloc[0][["estimate", "se"]].astype(float), row[["estimate", "se"]].astype(float) * [-1, 1]
    )


@pytest.mark.parametrize("asked", ["simple", "stratified clusters, finite", *BUILT])
def test_a_difference_is_the_contrast_of_its_two_groups(asked):
    means = sa.mean(design(asked), "y", by="g")
    found = sa.differences(means, correction="none")
    expected = sa.contrast(means, {"a": "lab - firm", "b": "office - firm", "c": "office - lab"})
    for column in ("estimate", "se", "statistic", "df", "p", "ci_low", "ci_high"):
        assert_allclose(found.frame[column], expected.frame[column], rtol=1e-12)
    assert_allclose(found.covariance, expected.covariance, rtol=1e-12)


def test_several_group_questions_are_crossed_or_compared_within_the_others():
    means = sa.mean(design(), "y", by=["sex", "g"])
    within = sa.differences(means, between="sex")
    assert within.by == ("g",)
    assert within.frame["g"].tolist() == ["firm", "lab", "office"]
    assert set(within.frame["term"]) == {"f - m"}
    crossed = sa.differences(means)
    assert len(crossed) == 15
    assert crossed.frame["term"].iloc[0] == "m / lab - m / firm"
    assert len(sa.differences(means, reference=("f", "lab"))) == 5


def test_shares_are_compared_answer_by_answer_and_differences_sum_to_zero():
    found = sa.differences(sa.crosstab(design(), "q", by="sex"))
    assert found.frame["level"].tolist() == [1, 2, 3, 4, 5]
    assert_allclose(found.frame["estimate"].sum(), 0, atol=1e-14)
    assert_allclose(found.covariance.sum(axis=0), 0, atol=1e-15)


def test_p_values_are_corrected_for_all_rows_and_the_note_says_so():
    means = sa.mean(design(), ["y", "z"], by="g")
    holm, plain = sa.differences(means), sa.differences(means, correction="none")
    assert_allclose(holm.detail["p"], plain.frame["p"])
    assert (holm.frame["p"] >= plain.frame["p"]).all()
    assert holm.frame["p"].min() == min(1.0, 6 * plain.frame["p"].min())
    assert any("6 tests: Holm" in note["en"] for note in holm.origin.notes)
    assert any("not corrected for 6 tests" in note["en"] for note in plain.origin.notes)
    assert_allclose(holm.frame[["ci_low", "ci_high"]], plain.frame[["ci_low", "ci_high"]])


def test_a_welch_like_difference_of_two_independent_groups():
    """P23: two strata are independent, so that variances add; each is s^2 / n."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"y": rng.normal(size=37), "g": ["a"] * 15 + ["b"] * 22})
    row = sa.differences(sa.mean(sa.Design(frame, strata="g"), "y", by="g")).frame.iloc[0]
    a, b = (frame.loc[frame["g"] == g, "y"] for g in "ab")
    assert_allclose(row["estimate"], b.mean() - a.mean())
    assert_allclose(row["se"], np.sqrt(a.var() / 15 + b.var() / 22))
    assert row["df"] == 14


def test_other_grouped_results_can_be_compared():
    d = design()
    for result in (
        sa.ratio(d, ["y", "q"], "z", by="g"),
        sa.variance(d, ["y", "z"], by="g"),
        sa.correlation(d, ["y", "z"], by="g"),
        sa.standardised(d, "y", over="sex", population={"f": 1, "m": 1}, by="g"),
        sa.total(d, "y", by="g"),
        sa.multiple_response(d, ["yes", "later"], by="g"),
    ):
        found = sa.differences(result)
        assert len(found) == 3 * len(result) // 4
        assert not found.frame.duplicated(
            [k for k in ("outcome", "level", "component", "term") if k in found.frame]
        ).any()
        assert found.table().to_text()


def test_other_degrees_of_freedom_correct_the_p_values_anew():
    found = sa.differences(sa.mean(design(), ["y", "z"], by="g"))
    normal = found.with_interval(df=np.inf)
    assert isinstance(normal, type(found))
    assert_allclose(normal.frame["p"], sa.adjust_p(normal.detail["p"]))
    assert (normal.detail["p"] < found.detail["p"]).all()
    assert (normal.frame["ci_low"] > found.frame["ci_low"]).all()


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda d: sa.differences(sa.mean(d, "y")), ChoiceError, "has no groups"),
        (lambda d: sa.differences(sa.mean(d, "y", by="g"), between="sex"), ChoiceError, "`between` is 'sex'"),
        (lambda d: sa.differences(sa.mean(d, "y", by="g"), reference="fir"), LevelError, "Nearest: 'firm'"),
        (lambda d: sa.differences(sa.mean(d, "y", by="g"), correction="tukey"), ChoiceError, "Choose one of: 'holm'"),
        (lambda d: sa.differences(sa.mean(d.where(g="lab"), "y", by="g")), DataError, "Only one group of 'g'"),
        (
            lambda d: sa.differences(sa.design_effect(d, "y", by="g", replacement=True)),
            DataError,
            "No covariance is known",
        ),
    ],
)
def test_what_cannot_be_compared_is_named(ask, error, words):
    with pytest.raises(error, match=words):
        ask(design())
