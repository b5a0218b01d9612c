"""Paired questions: statsmodels, scipy, theory, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, LevelError
from surveyanalysis.language import say

from .designs import ASKED, respondents

SCALE = pd.CategoricalDtype(["bad", "fair", "good"], ordered=True)


def pairs(both=10, first=12, second=4, neither=9):
    now = [True] * (both + first) + [False] * (second + neither)
    later = [True] * both + [False] * first + [True] * second + [False] * neither
    return pd.DataFrame({"now": now, "later": later})


def said(test):
    return " | ".join(say(note) for note in test.origin.notes)


@pytest.mark.parametrize("method", ["mcnemar_exact", "mcnemar"])
def test_mcnemar_agrees_with_statsmodels(method):
    test = sa.paired(pairs(), "now", "later", method=method)
    expected = statsmodels_mcnemar([[10, 12], [4, 9]], exact=method == "mcnemar_exact", correction=False)
    assert_allclose([test.statistic, test.p], [expected.statistic, expected.pvalue], rtol=1e-10)
    assert dict(test.extra) == {"both_yes": 10, "only_first": 12, "only_second": 4, "neither": 9}


def test_the_effect_is_the_difference_in_shares_with_its_paired_error():
    """Var of a mean of -1, 0, 1: s^2 / n."""
    frame = pairs()
    test = sa.paired(frame, "now", "later")
    change = frame["now"].astype(int) - frame["later"].astype(int)
    half = stats.t.ppf(0.975, 34) * change.std(ddof=1) / np.sqrt(35)
    assert_allclose([test.effect, *test.effect_ci], [8 / 35, 8 / 35 - half, 8 / 35 + half], rtol=1e-10)
    assert "difference in shares" in test.effect_name


def test_wilcoxon_agrees_with_scipy_on_the_codes():
    frame = respondents()
    test = sa.paired(frame, "q", "r")
    known = frame[["q", "r"]].dropna().astype(float)
    moved = known["q"] - known["r"]
    expected = stats.wilcoxon(moved, correction=False, method="asymptotic")
    assert_allclose(test.p, expected.pvalue, rtol=1e-10)
    assert f"{int((moved == 0).sum())} equal pairs left out" in said(test)
    assert "rank-biserial" in test.effect_name
    assert test.extra["first_higher"] == (moved > 0).sum()


def test_wilcoxon_on_words_uses_positions_and_says_so():
    frame = pd.DataFrame({"a": ["bad", "fair", "good", "bad"], "b": ["fair", "good", "good", "good"]}).astype(SCALE)
    test = sa.paired(frame, "a", "b")
    assert test.p == pytest.approx(2 / 8)
    assert "positions" in said(test)
    assert "exact" in say(test.name)


@pytest.mark.parametrize("asked", [name for name in ASKED if name != "simple"])
def test_designs_other_than_simple_get_a_design_based_test(asked):
    """The same as the design-based mean of the difference (R svyttest): t = mean / se on the design's df."""
    frame = respondents()
    design = sa.Design(frame, **ASKED[asked])
    test = sa.paired(design, "yes", "later")
    change = frame["yes"].astype("Float64") - frame["later"].astype("Float64")
    row = sa.mean(sa.Design(frame.assign(change=change), **ASKED[asked]), "change").frame.iloc[0]
    assert_allclose([test.statistic, test.df, test.effect], [row.estimate / row.se, row.df, row.estimate], rtol=1e-10)
    assert_allclose(test.p, 2 * stats.t.sf(abs(test.statistic), test.df), rtol=1e-8)
    assert_allclose(test.effect_ci, [row.ci_low, row.ci_high], rtol=1e-10)
    assert "ignores weights" in said(sa.paired(design, "yes", "later", method="mcnemar"))


def test_several_answers_can_count_as_yes():
    frame = respondents()
    test = sa.paired(frame, "q", "r", yes=[4, 5])
    known = frame[["q", "r"]].dropna().astype(int) >= 4
    assert test.extra["only_first"] == (known["q"] & ~known["r"]).sum()
    assert test.n == len(known)
    assert "left out: q (missing)" in said(test)


def test_turning_the_questions_turns_the_effect():
    frame = respondents()
    for method in ("mcnemar_exact", "wilcoxon", "difference"):
        one, other = (sa.paired(frame, *names, method=method) for names in (("yes", "later"), ("later", "yes")))
        assert_allclose([one.p, one.effect], [other.p, -other.effect], rtol=1e-10)


def test_everybody_the_same_or_all_one_way():
    same = sa.paired(pairs(first=0, second=0), "now", "later", method="difference")
    assert (same.statistic, same.p) == (0, 1)
    assert "nobody answered the two differently" in said(same)
    one_way = sa.paired(pairs(both=0, second=0, neither=0), "now", "later", method="difference")
    assert np.isnan(one_way.p)
    assert "no variance" in said(one_way)


def test_questions_that_cannot_be_compared_are_named():
    frame = respondents().assign(colour=["red", "blue", "green"] * 80, shade=["red", "blue", "green"] * 80)
    with pytest.raises(LevelError, match="cannot be compared"):
        sa.paired(frame, "q", "g")
    with pytest.raises(ChoiceError, match="no order"):
        sa.paired(frame, "colour", "shade")
    with pytest.raises(ChoiceError, match="yes/no"):
        sa.paired(frame, "q", "r", method="mcnemar")
    with pytest.raises(LevelError, match="no answer 9"):
        sa.paired(frame, "q", "r", yes=9)
    with pytest.raises(ChoiceError, match="wilcoxon"):
        sa.paired(frame, "q", "r", method="t")
