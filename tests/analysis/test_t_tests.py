"""t tests and tests of group means: SciPy, theory, invariances, thin groups. R: test_test_references.py."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError
from surveyanalysis.language import say

from .designs import ASKED, BUILT, respondents

EVERY = {**{name: lambda f, a=asked: sa.Design(f, **a) for name, asked in ASKED.items()}, **BUILT}
every_design = pytest.mark.parametrize("asked", EVERY)
MEANS = np.array([[-1.0, 1.0]])


def notes(test):
    return " | ".join(say(note) for note in test.origin.notes)


@pytest.fixture
def pay():
    return pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 5, 6, 9, 8], "sex": list("mmmmfffff")})


def test_one_sample_of_a_simple_random_sample_is_student_s_with_the_design_s_degrees_of_freedom():
    frame = respondents().dropna(subset="y")
    y = frame["y"]
    test, known = sa.t_test(frame, "y", null=49, df="design"), stats.ttest_1samp(y, 49)
    assert_allclose([test.statistic, test.p, test.df], [known.statistic, known.pvalue, known.df], rtol=1e-10)
    assert_allclose(test.effect_ci, np.array(known.confidence_interval()) - 49, rtol=1e-9)
    assert_allclose(test.extra["cohen_d"], (y.mean() - 49) / y.std(), rtol=1e-12)
    one_less = sa.t_test(frame, "y", null=49)
    assert one_less.df == test.df - 1
    assert "svyttest" in notes(one_less)
    assert "tested against 49" in notes(test)


def test_a_paired_test_is_that_of_the_differences():
    frame = respondents().dropna(subset=["y", "z"])
    known = stats.ttest_rel(frame["y"], frame["z"])
    test = sa.t_test(frame, "y", paired_with="z", df="design")
    assert_allclose([test.statistic, test.p], [known.statistic, known.pvalue], rtol=1e-9)
    design = sa.Design(frame.assign(change=frame["y"] - frame["z"]), weights="w", strata="s", clusters="c")
    pairs, change = sa.t_test(design, "y", paired_with="z"), sa.t_test(design, "change")
    assert_allclose(
        pairs.frame.filter(regex="[^e]$|effect$").iloc[0, :4].astype(float), change.frame.iloc[0, :4].astype(float)
    )


def test_two_groups_of_a_simple_random_sample_are_domains_of_it(pay):
    """The variance of their difference is n / (n - 1) times the sum of s^2 (m - 1) / m^2 over groups of m."""
    m, f = (pay.loc[pay["sex"] == sex, "pay"] for sex in "mf")
    test = sa.t_test(pay, "pay", by="sex")
    n = len(pay)
    variance = n / (n - 1) * sum(x.var() * (len(x) - 1) / len(x) ** 2 for x in (m, f))
    assert_allclose(test.statistic, (f.mean() - m.mean()) / variance**0.5, rtol=1e-12)
    assert test.df == n - 2
    pooled = ((len(m) - 1) * m.var() + (len(f) - 1) * f.var()) / (n - 2)
    assert_allclose(test.extra["cohen_d"], (f.mean() - m.mean()) / pooled**0.5, rtol=1e-12)
    assert "f (6.4) − m (4.75)" in notes(test)


@every_design
def test_the_difference_is_that_of_the_group_means_and_their_covariance(asked):
    design = EVERY[asked](respondents())
    means = sa.mean(design, "y", by="sex")
    test = sa.t_test(design, "y", by="sex")
    difference = float((MEANS @ means.frame["estimate"].to_numpy())[0])
    se = float((MEANS @ means.covariance @ MEANS.T)[0, 0]) ** 0.5
    assert_allclose([test.effect, test.statistic], [difference, difference / se], rtol=1e-9)
    assert_allclose(test.effect_ci, difference + np.array([-1, 1]) * stats.t.ppf(0.975, test.df) * se, rtol=1e-9)
    assert_allclose(test.p, 2 * stats.t.sf(abs(test.statistic), test.df), rtol=1e-9)


@every_design
def test_two_groups_by_f_are_t_squared(asked):
    """P23."""
    design = EVERY[asked](respondents())
    t, f = sa.t_test(design, "y", by="sex"), sa.group_test(design, "y", by="sex")
    assert_allclose([f.statistic, f.df, f.df_denominator, f.p], [t.statistic**2, 1, t.df, t.p], rtol=1e-9)


@every_design
def test_the_group_left_out_and_the_order_of_groups_do_not_matter(asked):
    """P11."""
    frame = respondents()
    turned = frame.assign(g=frame["g"].cat.reorder_categories(["office", "none", "firm", "lab"]))
    once, other = (sa.group_test(EVERY[asked](f), "z", by="g") for f in (frame, turned))
    assert_allclose([other.statistic, other.p, other.effect], [once.statistic, once.p, once.effect], rtol=1e-8)


def test_the_f_test_of_a_simple_random_sample_nears_the_analysis_of_variance_where_variances_are_equal():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"g": np.repeat(list("abc"), 4000), "y": rng.normal(size=12_000)})
    frame.loc[frame["g"] == "c", "y"] += 0.06
    known = stats.f_oneway(*(frame.loc[frame["g"] == g, "y"] for g in "abc"))
    test = sa.group_test(frame, "y", by="g")
    assert_allclose(test.statistic, known.statistic, rtol=0.03)
    between = 12_000 * frame.groupby("g")["y"].transform("mean").var(ddof=0)
    assert_allclose(test.effect, between / (12_000 * frame["y"].var(ddof=0)), rtol=1e-9)


def test_a_mean_of_yes_and_no_is_a_difference_of_shares():
    design = sa.Design(respondents(), weights="w", clusters="c")
    shares = sa.proportion(design, "yes", level=True, by="sex", interval="t").frame["estimate"]
    assert_allclose(sa.t_test(design, "yes", by="sex").effect, shares[1] - shares[0], rtol=1e-12)


def test_p_values_are_right_far_in_the_tail():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"y": np.r_[rng.normal(0, 1, 900), rng.normal(1.7, 1, 900)], "g": ["a"] * 900 + ["b"] * 900})
    t, f = sa.t_test(frame, "y", by="g"), sa.group_test(frame, "y", by="g")
    assert 0 < t.p < 1e-200
    assert_allclose([np.log(t.p), np.log(f.p)], stats.t.logsf(t.statistic, t.df) + np.log(2), rtol=1e-9)


def test_missing_answers_and_groups_are_counted_and_told():
    frame = respondents()
    test = sa.t_test(frame, "y", by="sex")
    assert test.n == int(frame["y"].notna().sum())
    assert f"{240 - test.n} left out" in notes(test)
    groups = sa.group_test(frame, "y", by="g")
    assert groups.n == int((frame["y"].notna() & frame["g"].notna()).sum())
    assert "nobody" in notes(groups)
    assert "none" in notes(groups)


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_one_group_cannot_be_compared(verb):
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "g": pd.Categorical(["a"] * 4, ["a", "b"])})
    with pytest.raises(DataError, match="nothing to compare"):
        verb(frame, "y", by="g")


def test_three_groups_are_no_t_test():
    with pytest.raises(ChoiceError, match=r"group_test.*rank_test"):
        sa.t_test(respondents(), "y", by="g")


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_texts_are_no_numbers_and_unknown_columns_are_named(verb):
    frame = respondents().assign(name="someone")
    with pytest.raises(ChoiceError, match="'name'"):
        verb(frame, "name", by="sex")
    with pytest.raises(ColumnError, match="Nearest: 'sex'"):
        verb(frame, "y", by="sexx")
    with pytest.raises(ChoiceError, match="'z'"):
        verb(frame, "y", by="z")


def test_wrong_choices_say_what_there_is():
    with pytest.raises(ChoiceError, match="Both `by` and `paired_with`"):
        sa.t_test(respondents(), "y", by="sex", paired_with="z")
    for wrong in ("degf", -3, None, True):
        with pytest.raises(ChoiceError, match="`df`"):
            sa.t_test(respondents(), "y", df=wrong)
    with pytest.raises(ChoiceError, match="confidence"):
        sa.t_test(respondents(), "y", confidence=95)


@pytest.mark.parametrize("asked", [{}, {"weights": "w"}, {"clusters": "c"}, {"strata": "s"}])
@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_an_outcome_that_does_not_vary_is_no_difference(verb, asked):
    frame = respondents().assign(y=0.1)
    test = verb(sa.Design(frame, **asked), "y", by="sex")
    assert (test.statistic, test.p) == (0, 1)
    assert "no variance" in notes(test)


def test_one_sample_that_does_not_vary_is_its_number_or_has_no_test():
    frame = respondents().assign(y=0.1)
    assert sa.t_test(frame, "y", null=0.1).p == 1
    test = sa.t_test(frame, "y")
    assert np.isnan(test.p)
    assert "no variance" in notes(test)


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_groups_that_answer_alike_within_have_no_test(verb):
    frame = pd.DataFrame({"y": [1.3] * 7 + [2.1] * 9, "g": ["a"] * 7 + ["b"] * 9, "w": np.arange(16) + 1.7})
    test = verb(sa.Design(frame, weights="w"), "y", by="g")
    assert np.isnan(test.p)
    assert "no variance" in notes(test)


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_a_group_of_one_respondent_has_no_variance_and_no_test(verb):
    """R takes the respondent as certain, and the other group's error for that of the difference."""
    frame = pd.DataFrame({"y": [1.0, 2, 4, 3, 9], "g": ["a"] * 4 + ["b"]})
    test = verb(frame, "y", by="g")
    assert np.isnan(test.p)
    assert "one respondent or cluster: b" in notes(test)
    assert np.isfinite(test.effect)


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_a_group_within_one_cluster_has_no_test_either(verb):
    frame = respondents()
    test = verb(sa.Design(frame.assign(g=np.where(frame["c"] == 3, "here", "there")), clusters="c"), "y", by="g")
    assert np.isnan(test.p)
    assert "one respondent or cluster: here" in notes(test)


@pytest.mark.parametrize("verb", [sa.t_test, sa.group_test, sa.rank_test])
def test_too_few_clusters_leave_no_degrees_of_freedom(verb):
    frame = respondents()
    test = verb(sa.Design(frame, clusters="s"), "y", by="sex")
    assert np.isnan(test.p)
    assert "degrees of freedom" in notes(test)


def test_a_census_leaves_nothing_to_chance():
    frame = respondents()[["y", "sex"]].dropna()
    test = sa.t_test(sa.Design(frame, population=len(frame)), "y", by="sex")
    assert np.isnan(test.p)
    assert test.effect_ci[0] == test.effect_ci[1] == test.effect


def test_results_show_themselves_in_two_languages():
    design = sa.Design(respondents(), weights="w", strata="s", clusters="c")
    for test in (sa.t_test(design, "y", by="sex"), sa.t_test(design, "y", null=3), sa.group_test(design, "z", by="g")):
        for lang in ("en", "ko"):
            shown = test.table(lang).to_text()
            assert say(test.name, lang) in shown
            assert test.origin.sentence(lang)
        assert "_" not in test.table("en").to_text().split("─")[-1].split(";")[0]
    assert "Cohen's d" in str(sa.t_test(design, "y", by="sex"))
