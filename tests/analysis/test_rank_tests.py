"""Rank tests under the design: theory, SciPy, invariances, finite populations. R: test_test_references.py."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.analysis.rank_scores import rank_shares
from surveyanalysis.errors import ChoiceError
from surveyanalysis.language import say

from .designs import ASKED, respondents
from .test_t_tests import EVERY, every_design, notes

every_test = pytest.mark.parametrize("test", ["kruskal_wallis", "van_der_waerden", "median"])
every_rank = pytest.mark.parametrize("ties", ["r", "midpoint"])


def numbers_of(test):
    return [test.statistic, test.p, test.effect]


@every_rank
def test_ranks_of_equal_weights_are_mid_ranks(ties):
    y = np.array([3.0, 1, 1, 7, 3, 3, 9])
    shares, moved = rank_shares(y, np.full(7, 0.37), ties)
    assert_allclose(shares, (stats.rankdata(y) - 0.5) / 7, rtol=1e-12)
    assert not moved


def test_midpoint_ranks_are_the_mean_of_r_s_over_all_orders_of_the_rows():
    rng = np.random.default_rng(4)
    y, w = rng.integers(0, 4, 12).astype(float), rng.uniform(0.2, 5, 12)
    midpoint = rank_shares(y, w, "midpoint")[0]
    total, times = np.zeros(12), 4000
    for _ in range(times):
        order = rng.permutation(12)
        total[order] += rank_shares(y[order], w[order], "r")[0]
    assert_allclose(total / times, midpoint, atol=0.005)


def test_weighted_midpoint_ranks_have_a_mean_of_one_half():
    rng = np.random.default_rng(4)
    y, w = rng.integers(0, 5, 80).astype(float), rng.lognormal(size=80)
    assert_allclose(w @ rank_shares(y, w, "midpoint")[0] / w.sum(), 0.5, rtol=1e-12)


@every_design
@every_test
def test_the_order_of_rows_does_not_matter_to_midpoint_ranks(asked, test):
    """P2."""
    frame = respondents().drop(columns=["row"], errors="ignore")
    shuffled = frame.sample(frac=1, random_state=6)
    shuffled["sex"] = pd.Categorical(shuffled["sex"], list(frame["sex"].unique()))
    once, other = (sa.rank_test(EVERY[asked](f), "q", by="sex", test=test, ties="midpoint") for f in (frame, shuffled))
    assert_allclose(numbers_of(other), numbers_of(once), rtol=1e-8)


def test_r_s_ranks_depend_on_the_order_of_rows_where_tied_answers_have_unequal_weights_and_say_so():
    frame = respondents()
    design, turned = (sa.Design(f, weights="w") for f in (frame, frame.sort_values("w")))
    one, other = (sa.rank_test(d, "q", by="sex") for d in (design, turned))
    assert abs(one.effect - other.effect) > 1e-4
    assert "order of the rows" in notes(one)
    for still in (sa.rank_test(design, "q", by="sex", ties="midpoint"), sa.rank_test(frame, "q", by="sex")):
        assert "order of the rows" not in notes(still)
    without_ties = sa.Design(frame.dropna(subset="y"), weights="w")
    assert_allclose(
        numbers_of(sa.rank_test(without_ties, "y", by="sex")),
        numbers_of(sa.rank_test(without_ties, "y", by="sex", ties="midpoint")),
        rtol=1e-10,
    )


@every_rank
@every_test
def test_only_the_order_of_answers_counts(ties, test):
    frame = respondents()
    stretched = frame.assign(y=np.exp(frame["y"] / 10))
    once, other = (
        sa.rank_test(sa.Design(f, weights="w", clusters="c"), "y", by="sex", test=test, ties=ties)
        for f in (frame, stretched)
    )
    assert_allclose(numbers_of(other), numbers_of(once), rtol=1e-12)


@every_test
def test_answers_turned_around_turn_the_difference_around(test):
    """A median score is 1 above the median only, so it is left out where an answer lies at it."""
    frame = respondents()
    turned = frame.assign(y=-frame["y"])
    once, other = (
        sa.rank_test(sa.Design(f, weights="w", clusters="c"), "y", by="sex", test=test, ties="midpoint")
        for f in (frame, turned)
    )
    sign = np.array([-1, 1, -1])
    assert_allclose(numbers_of(other), sign * numbers_of(once), rtol=1e-6 if test != "median" else 0.2)


def test_the_difference_in_mean_rank_is_the_probability_of_superiority():
    frame = respondents()[["y", "sex", "w"]].dropna()
    test = sa.rank_test(sa.Design(frame, weights="w"), "y", by="sex", ties="midpoint")
    (a, wa), (b, wb) = ((part["y"].to_numpy(), part["w"].to_numpy()) for _, part in frame.groupby("sex", sort=False))
    wins = (b[:, None] > a) + 0.5 * (b[:, None] == a)
    superior = wb @ wins @ wa / (wa.sum() * wb.sum())
    assert_allclose([test.extra["probability_of_superiority"], test.effect + 0.5], superior, rtol=1e-12)


def test_a_simple_random_sample_nears_mann_and_whitney_s_test_and_names_the_exact_ones():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"y": rng.normal(size=3000), "g": np.repeat(["a", "b"], 1500)})
    frame.loc[frame["g"] == "b", "y"] += 0.08
    known = stats.mannwhitneyu(*(frame.loc[frame["g"] == g, "y"] for g in "ba"), use_continuity=False)
    test = sa.rank_test(frame, "y", by="g")
    assert_allclose(test.extra["probability_of_superiority"], known.statistic / 1500**2, rtol=1e-12)
    assert_allclose(test.p, known.pvalue, rtol=0.05)
    assert "mannwhitneyu" in notes(test)
    assert "mannwhitneyu" not in notes(
        sa.rank_test(sa.Design(frame.assign(c=np.arange(3000) // 5), clusters="c"), "y", by="g")
    )


def test_several_groups_near_kruskal_and_wallis_s_test():
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"y": rng.normal(size=3000).round(1), "g": np.repeat(list("abc"), 1000)})
    frame.loc[frame["g"] == "b", "y"] += 0.1
    known = stats.kruskal(*(frame.loc[frame["g"] == g, "y"] for g in "abc"))
    test = sa.rank_test(frame, "y", by="g")
    assert_allclose(test.extra["chi2"], known.statistic, rtol=0.02)
    assert "Kruskal-Wallis" in say(test.name)
    same = sa.rank_test(frame, "y", by="g", test="wilcoxon")
    assert (same.p, same.name) == (test.p, test.name)


@every_design
@every_test
def test_two_groups_by_f_are_t_squared(asked, test):
    """A third group of nobody leaves two; of three, two joined are two."""
    frame = respondents()
    half = frame.assign(h=np.where(frame["sex"] == "f", "one", "two"))
    t = sa.rank_test(EVERY[asked](half), "y", by="sex", test=test)
    other = sa.rank_test(EVERY[asked](half), "y", by="h", test=test)
    assert_allclose(abs(other.statistic), abs(t.statistic), rtol=1e-9)
    assert_allclose(t.p, 2 * stats.t.sf(abs(t.statistic), t.df), rtol=1e-9)


def test_a_finite_population_counts():
    frame = respondents()
    for by in ("sex", "g"):
        endless, finite = (sa.rank_test(sa.Design(frame, weights="w", population=n), "y", by=by) for n in (None, 480))
        power = 2 if by == "g" else 1
        assert_allclose(finite.statistic / endless.statistic, 2 ** (power / 2), rtol=1e-10)
        assert finite.p < endless.p


def test_ordered_answers_of_any_codes_have_ranks_and_unordered_ones_do_not():
    frame = respondents()
    words = dict(zip([1, 2, 3, 4, 5], ["e", "d", "c", "b", "a"]))
    named = frame.assign(q=frame["q"].cat.rename_categories(words))
    assert_allclose(
        numbers_of(sa.rank_test(named, "q", by="g")), numbers_of(sa.rank_test(frame, "q", by="g")), rtol=1e-12
    )
    with pytest.raises(ChoiceError, match="no order"):
        sa.rank_test(frame, "g", by="sex")


def test_wrong_choices_list_what_there_is():
    with pytest.raises(ChoiceError, match="kruskal_wallis"):
        sa.rank_test(respondents(), "y", by="sex", test="mann_whitney")
    with pytest.raises(ChoiceError, match="midpoint"):
        sa.rank_test(respondents(), "y", by="sex", ties="mean")


@pytest.mark.parametrize("asked", ASKED)
def test_results_show_themselves_in_two_languages(asked):
    design = sa.Design(respondents(), **ASKED[asked])
    for test in (sa.rank_test(design, "y", by="sex"), sa.rank_test(design, "q", by="g", test="median")):
        for lang in ("en", "ko"):
            assert say(test.name, lang) in test.table(lang).to_text()
            assert test.origin.sentence(lang)
