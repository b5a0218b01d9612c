"""Shares, means and totals: theory, invariances, small samples, wrong input. R cases are in test_references.py."""

import time

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.codebook.questions import Choice, Codebook, Missing, Question
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, LevelError
from surveyanalysis.estimators.moments import ratio
from surveyanalysis.language import say

from .designs import ASKED, coded, respondents

every_design = pytest.mark.parametrize("asked", ASKED)
NUMBERS = ["estimate", "se", "df", "ci_low", "ci_high"]


def willing(yes=34, no=23):
    return pd.DataFrame({"wants": pd.Series([True] * yes + [False] * no, dtype="boolean")})


def notes(result):
    return " | ".join(say(note) for note in result.origin.notes)


def test_thirty_four_of_fifty_seven_has_the_textbook_wilson_interval():
    row = sa.proportion(willing(), "wants", level=True).frame.iloc[0]
    assert_allclose([row.ci_low, row.ci_high], [0.467, 0.714], atol=5e-4)
    assert (row["count"], row.n) == (34, 57)


def test_none_of_fifty_seven_has_the_exact_interval_and_is_a_row():
    """T050, T051: Clopper-Pearson by hand, 1 - 0.025 ** (1 / 57)."""
    frame = sa.proportion(willing(0, 57), "wants", interval="exact").frame
    assert_allclose(frame[["ci_low", "ci_high"]], [[0.025 ** (1 / 57), 1], [0, 1 - 0.025 ** (1 / 57)]], rtol=1e-12)
    assert frame["se"].eq(0).all()


def test_a_t_interval_without_width_is_said():
    assert "no width" in notes(sa.proportion(willing(0, 57), "wants", interval="t"))
    assert "no width" not in notes(sa.proportion(willing(), "wants", interval="t"))


@every_design
def test_a_group_is_its_domain(asked):
    """P6: the same estimate, error and interval by `by` and by `where`."""
    design = sa.Design(respondents(), **ASKED[asked])
    for verb, question in ((sa.proportion, "q"), (sa.mean, "y"), (sa.total, "y")):
        grouped = verb(design, question, by="g").frame
        own = verb(design.where(g="lab"), question).frame
        assert_allclose(grouped.loc[grouped["g"] == "lab", NUMBERS], own[NUMBERS], rtol=1e-10, atol=1e-14)


@every_design
def test_a_group_is_the_ratio_of_indicator_totals(asked):
    """P6: moments.ratio and the plain covariance, an independent road."""
    frame = respondents()
    design = sa.Design(frame, **ASKED[asked])
    known = (frame["q"].notna() & frame["g"].notna()).to_numpy()
    used = design.within(known)
    lab = (frame["g"] == "lab").to_numpy(float)[used.rows]
    hit = np.stack([(frame["q"] == k).to_numpy(float)[used.rows] * lab for k in (1, 2, 3, 4, 5)], axis=1)
    fit = ratio(hit, np.repeat(lab[:, None], 5, axis=1), used.row_weights)
    found = sa.proportion(design, "q", by="g")
    at = np.flatnonzero(found.frame["g"] == "lab")
    assert_allclose(found.frame["estimate"].iloc[at], fit.params, rtol=1e-12)
    assert_allclose(found.covariance[np.ix_(at, at)], used.covariance(fit.scores), rtol=1e-9, atol=1e-16)


def test_a_domain_of_a_simple_sample_is_not_its_subset():
    """P7: equal after x sqrt(n (nd - 1) / ((n - 1) nd))."""
    frame = respondents()
    frame["y"] = frame["y"].fillna(50.0)
    women = sa.mean(sa.Design(frame).where(sex="f"), "y").frame.iloc[0]
    alone = sa.mean(sa.Design(frame).only(sex="f"), "y").frame.iloc[0]
    n, nd = 240, women.n
    assert_allclose(women.se, alone.se * np.sqrt(n * (nd - 1) / ((n - 1) * nd)), rtol=1e-12)


@every_design
def test_shares_sum_to_one_and_their_covariance_to_zero(asked):
    """P8."""
    design = sa.Design(respondents(), **ASKED[asked])
    found = sa.proportion(design, "q")
    assert_allclose(found.frame["estimate"].sum(), 1, rtol=1e-14)
    assert_allclose(found.covariance.sum(axis=0), 0, atol=1e-16)
    yes = sa.proportion(design, "yes").frame
    assert_allclose(yes["se"].iloc[0], yes["se"].iloc[1], rtol=1e-12)


@every_design
def test_domain_totals_add_to_the_total_and_domain_means_to_the_mean(asked):
    """P8; the total's error from the joint covariance of the domains."""
    frame = respondents()
    design = sa.Design(frame, **ASKED[asked])
    by_sex, whole = sa.total(design, "y", by="sex"), sa.total(design, "y")
    assert_allclose(by_sex.frame["estimate"].sum(), whole.frame["estimate"].item(), rtol=1e-12)
    assert_allclose(by_sex.covariance.sum(), whole.covariance.item(), rtol=1e-9)
    means = sa.mean(design, "y", by="sex").frame
    weighted = (means["estimate"] * means["n_weighted"]).sum() / means["n_weighted"].sum()
    assert_allclose(weighted, sa.mean(design, "y").frame["estimate"].item(), rtol=1e-12)


@every_design
def test_a_mean_of_yes_is_the_share_of_yes(asked):
    """P9."""
    design = sa.Design(respondents(), **ASKED[asked])
    mean, share = sa.mean(design, "yes", by="g"), sa.proportion(design, "yes", level=True, by="g", interval="t")
    numbers = [*NUMBERS, "n", "n_weighted"]
    assert_allclose(mean.frame[numbers].astype(float), share.frame[numbers].astype(float), rtol=1e-10, atol=1e-14)
    assert_allclose(mean.covariance, share.covariance, rtol=1e-8, atol=1e-17)


def test_a_simple_random_sample_has_the_textbook_errors():
    """P14: s / sqrt(n), and for a share sqrt(p (1 - p) / (n - 1)). T045: 57 of 500 take off a share."""
    frame = willing().assign(y=np.random.default_rng(1).normal(size=57))
    mean = sa.mean(frame, "y").frame.iloc[0]
    assert_allclose([mean.se, mean.df], [frame["y"].std(ddof=1) / np.sqrt(57), 56], rtol=1e-12)
    p = 34 / 57
    se = np.sqrt(p * (1 - p) / 56)
    assert_allclose(sa.proportion(frame, "wants").frame["se"], se, rtol=1e-12)
    finite = sa.proportion(sa.Design(frame, population=500), "wants").frame
    assert_allclose(finite["se"], se * np.sqrt(1 - 57 / 500), rtol=1e-12)
    assert finite["ci_high"].iloc[1] < sa.proportion(frame, "wants").frame["ci_high"].iloc[1]


def test_missing_answers_are_no_no_and_leave_the_base():
    """T011, T062: 1 of 3 answered high, the missing fourth is in no base; weights of the missing count nowhere."""
    frame = pd.DataFrame({"x": [5, 2, 1, None], "w": [1.0, 1.0, 1.0, 10.0]})
    scale = pd.Series([5, 2, 1, None]).astype(pd.CategoricalDtype([1, 2, 3, 4, 5], ordered=True))
    found = sa.proportion(sa.Design(frame.assign(x=scale), weights="w"), "x", level=[4, 5])
    assert_allclose(found.frame["estimate"], 1 / 3)
    assert found.frame["level"].item() == "4, 5"
    assert found.labels.level("x", "4, 5") == "4 or 5"
    assert "1 left out: x (missing)" in notes(found)
    assert_allclose(sa.mean(sa.Design(frame, weights="w"), "x").frame["estimate"], 8 / 3)


def test_each_mean_has_its_own_base_and_they_covary():
    """Joint covariance on different bases: the difference equals that of moments.ratio over the union of rows."""
    frame = respondents()
    design = sa.Design(frame, weights="w", strata="s", clusters="c")
    found = sa.mean(design, ["y", "z"])
    known = frame[["y", "z"]].notna().to_numpy(float)
    fit = ratio(frame[["y", "z"]].fillna(0).to_numpy(), known, design.row_weights)
    assert_allclose(found.frame["estimate"], fit.params, rtol=1e-12)
    assert_allclose(found.covariance, design.covariance(fit.scores), rtol=1e-9)
    assert found.frame["n"].tolist() == known.sum(axis=0).astype(int).tolist()
    assert "own base" in notes(found)


def test_levels_that_nobody_chose_and_groups_of_nobody_stay_in_the_table():
    """T063, T064: the base 0 has no numbers (T052), missing groups are told."""
    found = sa.proportion(respondents(), "q", by="g")
    none = found.frame[found.frame["g"] == "none"]
    assert len(none) == 5
    assert none[["estimate", "se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert "nobody answered in: none (0)" in notes(found)
    assert "g (missing)" in notes(found)
    assert list(found.frame["level"].head(5)) == [1, 2, 3, 4, 5]


def test_small_bases_and_thin_cells_are_said():
    frame = pd.DataFrame({"q": ["a"] * 9 + ["b"] * 3, "g": ["x"] * 6 + ["z"] * 6})
    said = notes(sa.proportion(frame, "q", by="g"))
    assert "base below 30: x (6), z (6)" in said
    assert "cells with nobody: 1; cells with 1 to 4 respondents: 2" in said


def test_a_constant_outcome_is_certain_and_a_single_respondent_has_no_interval():
    frame = pd.DataFrame({"q": ["a"] * 20, "y": 1 / 9, "g": ["x"] * 19 + ["z"]})
    assert sa.proportion(frame, "q").frame[["estimate", "se"]].to_numpy().tolist() == [[1, 0]]
    mean = sa.mean(frame, "y", by="g").frame
    assert mean["estimate"].tolist() == [1 / 9, 1 / 9]
    assert mean["se"].tolist() == [0, 0]
    assert np.isnan(mean["ci_low"].iloc[1])


def test_means_of_large_numbers_keep_their_digits():
    """T107: years around 2000 with a spread of one."""
    years = pd.DataFrame({"year": 2e6 + np.array([0.1, 0.2, 0.3] * 30)})
    assert_allclose(sa.mean(years, "year").frame["se"], np.sqrt(2 / 3 * 90 / 89) * 0.1 / np.sqrt(90), rtol=1e-8)


@pytest.mark.parametrize("interval", ["wilson", "exact", "logit"])
@pytest.mark.parametrize("asked", ["simple", "stratified clusters, finite"])
def test_intervals_hold_the_estimate_within_zero_and_one_and_are_nested(interval, asked):
    """P24."""
    design = sa.Design(respondents(), **ASKED[asked])
    narrow, wide = (sa.proportion(design, "q", by="sex", interval=interval, confidence=c).frame for c in (0.9, 0.99))
    order = np.stack([wide.ci_low, narrow.ci_low, narrow.estimate, narrow.ci_high, wide.ci_high])
    assert (np.diff(order, axis=0) > 0).all()
    assert (order >= 0).all() and (order <= 1).all()


@pytest.mark.parametrize("interval", ["wilson", "exact"])
def test_none_and_all_mirror_each_other(interval):
    """P24."""
    none = sa.proportion(willing(0, 57), "wants", interval=interval).frame
    ends = none[["ci_low", "ci_high"]].to_numpy()
    assert_allclose(ends[0], 1 - ends[1][::-1], rtol=1e-12)


def test_frequencies_list_the_missing_by_reason():
    frame = respondents()
    found = sa.frequencies(frame, "g")
    assert found.detail["domain_n"] == 240
    assert [n for _, n in found.detail["missing"]] == [int(frame["g"].isna().sum())]
    assert found.frame["count"].tolist() == frame["g"].value_counts(sort=False).tolist()
    assert found.frame["count"].sum() + sum(n for _, n in found.detail["missing"]) == 240


def test_missing_answers_are_told_by_the_codebook_s_reasons():
    column = pd.Series(["yes", "no", None, None, None], dtype=pd.CategoricalDtype(["yes", "no"]))
    reasons = pd.DataFrame({"q": [None, None, "refused", "skipped", "refused"]}, dtype="str")
    question = Question("q", "single", choices=(Choice("yes", {"en": "Yes"}), Choice("no", {"en": "No"})))
    missing = {
        "refused": Missing("refused", {"en": "refused", "ko": "거절"}),
        "skipped": Missing("skipped", {"en": "not asked"}),
    }
    survey = sa.Survey(pd.DataFrame({"q": column}), Codebook({"q": question}, missing=missing), reasons)
    found = sa.frequencies(survey, "q")
    assert {say(reason): n for reason, n in found.detail["missing"]} == {"refused": 2, "not asked": 1}
    assert "3 left out: q (refused) 2, q (not asked) 1" in notes(found)


def test_wrong_questions_levels_and_words_are_named():
    frame = respondents()
    with pytest.raises(ColumnError, match="Nearest: 'later'"):
        sa.proportion(frame, "latter")
    with pytest.raises(ColumnError, match="sexx"):
        sa.mean(frame, "y", by="sexx")
    with pytest.raises(LevelError, match="Nearest: 'firm'"):
        sa.proportion(frame, "g", level="firmm")
    with pytest.raises(LevelError):
        sa.proportion(frame, "g", level=[])
    with pytest.raises(ChoiceError, match="wilson"):
        sa.proportion(frame, "g", interval="wald")
    with pytest.raises(ChoiceError, match="not a set of answer"):
        sa.proportion(frame, "y")
    with pytest.raises(ChoiceError, match="not numbers"):
        sa.mean(frame, "g")
    with pytest.raises(ChoiceError, match="confidence"):
        sa.mean(frame, "y", confidence=95)
    with pytest.raises(ChoiceError, match="column of results"):
        sa.mean(frame.assign(n=1), "y", by="n")
    with pytest.raises(ChoiceError, match="twice"):
        sa.mean(frame, "y", by=["g", "g"])
    with pytest.raises(ChoiceError, match="multiple_response"):
        sa.proportion(coded(frame), "why")


def test_nobody_in_the_base_is_an_error():
    frame = respondents().assign(w=lambda f: f["y"].notna() * 0.0 + f["y"].isna() * 1.0)
    with pytest.raises(DataError, match="Nobody"):
        sa.mean(sa.Design(frame, weights="w"), "y")


def test_a_hundred_thousand_respondents_in_twenty_groups_take_well_under_a_second():
    rng = np.random.default_rng(0)
    n = 100_000
    frame = pd.DataFrame({"q": rng.integers(1, 6, n), "g": rng.integers(0, 20, n), "w": rng.random(n) + 1})
    design = sa.Design(frame, weights="w")
    start = time.process_time()
    assert len(sa.proportion(design, "q", by="g")) == 100
    assert time.process_time() - start < 1
