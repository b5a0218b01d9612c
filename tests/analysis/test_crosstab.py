"""Crosstabs and tests of independence: theory, invariances, scipy, small samples. R: test_references.py."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.language import say

from .designs import ASKED, respondents


def crossed(counts):
    """Persons of a table of counts: answers in rows, groups in columns."""
    cells = [(f"a{i}", f"g{j}", int(n)) for (i, j), n in np.ndenumerate(np.asarray(counts))]
    frame = pd.DataFrame(cells, columns=["answer", "group", "n"])
    whole = frame.loc[frame.index.repeat(frame["n"])].drop(columns="n").reset_index(drop=True)
    for column in ("answer", "group"):
        whole[column] = pd.Categorical(whole[column], sorted(frame[column].unique()))
    return whole


def table(counts, **asked):
    return sa.crosstab(sa.Design(crossed(counts), **asked), "answer", by="group")


def said(test):
    return " | ".join(say(note) for note in test.origin.notes)


def test_shares_are_of_the_group_and_totals_of_all():
    found = table([[30, 10], [10, 30]])
    assert found.frame["estimate"].tolist() == [0.75, 0.25, 0.25, 0.75]
    assert found.detail["totals"]["estimate"].tolist() == [0.5, 0.5]
    assert found.detail["totals"]["n"].tolist() == [80, 80]


def test_pearson_agrees_with_scipy_and_goes_far_into_the_tail():
    counts = np.array([[40, 20, 25], [15, 45, 22]])
    test = table(counts).test()
    expected = stats.chi2_contingency(counts, correction=False)
    assert "Pearson" in say(test.name)
    assert_allclose([test.statistic, test.p, test.df], [expected.statistic, expected.pvalue, expected.dof], rtol=1e-10)
    assert_allclose(test.effect, np.sqrt(expected.statistic / counts.sum()), rtol=1e-12)
    far = table([[400, 5], [5, 400]]).test("pearson")
    assert_allclose(far.p, stats.chi2.sf(far.statistic, 1), rtol=1e-6)
    assert 0 < far.p < 1e-150


def test_rao_scott_of_a_simple_random_sample_is_pearson_s_statistic():
    """P22; the p-values are near, not equal."""
    counts = [[40, 20, 25], [15, 45, 22]]
    pearson, second = table(counts).test("pearson"), table(counts).test("rao_scott")
    first = table(counts).test("rao_scott_chisq")
    assert_allclose(first.statistic, pearson.statistic, rtol=1e-10)
    assert_allclose(second.extra["mean_deff"], 167 / 166, rtol=0.02)
    assert_allclose(second.effect, pearson.effect, rtol=1e-10)


@pytest.mark.parametrize("asked", ASKED)
def test_a_two_by_two_table_is_one_contrast(asked):
    """P23: F = z^2 with z = log odds ratio's score form; here F = X2 / deff from the one interaction contrast."""
    design = sa.Design(respondents(), **ASKED[asked])
    found = sa.crosstab(design, "yes", by="sex")
    test = found.test("rao_scott")
    share = found.cells.weighted / found.cells.weighted.sum()
    total = found.cells.weighted.sum()
    slope = (np.eye(4) - share.ravel()[:, None]) / total
    weights = np.array([1, -1, -1, 1]) / share.ravel()
    variance = weights @ slope @ (total**2 * found.cells.covariance) @ slope.T @ weights
    simple = (1 / share.ravel()).sum() / found.cells.n
    expected = share.sum(axis=1)[:, None] * share.sum(axis=0)
    x2 = found.cells.n * ((share - expected) ** 2 / expected).sum()
    assert_allclose(test.statistic, x2 / (variance / simple), rtol=1e-9)
    assert_allclose(test.df, 1, rtol=1e-12)
    assert_allclose(test.df_denominator, found.cells.df, rtol=1e-12)


def test_weights_are_no_counts():
    """T013: weights of 50 do not make 4,000 respondents."""
    frame = crossed([[24, 16], [16, 24]]).assign(w=50.0)
    test = sa.crosstab(sa.Design(frame, weights="w"), "answer", by="group").test()
    assert test.n == 80
    assert_allclose(test.p, stats.chi2.sf(3.2, 1), rtol=1e-9)


def test_auto_chooses_and_says_why():
    assert "expected counts are large enough" in said(table([[30, 10], [10, 30]]).test())
    sparse = table([[3, 1], [1, 3]]).test()
    assert "exact" in say(sparse.name)
    assert "exact because" in said(sparse)
    frame = crossed([[30, 10], [10, 30]]).assign(c=np.arange(80) // 4, w=np.arange(80) + 1.0)
    for asked in ({"clusters": "c"}, {"weights": "w"}, {"population": 500}):
        assert "Rao-Scott F" in say(sa.crosstab(sa.Design(frame, **asked), "answer", by="group").test().name)
    ignored = sa.crosstab(sa.Design(frame, weights="w"), "answer", by="group").test("pearson")
    assert "ignores weights" in said(ignored)


def test_expected_counts_below_five_are_not_left_to_pearson():
    """T054: chi-square says .0398, the exact test .0589; they fall on two sides of .05."""
    counts = [[1, 4, 0], [0, 1, 4], [2, 1, 1]]
    assert stats.chi2_contingency(counts)[3].max() < 5
    assert "exact" in say(table(counts).test().name)


def test_nobody_says_yes_in_either_group():
    """T058: 0 of 20 and 0 of 37 give p = 1, not NaN."""
    frame = pd.DataFrame({"yes": pd.Series([False] * 57, dtype="boolean"), "g": ["x"] * 20 + ["z"] * 37})
    test = sa.crosstab(frame, "yes", by="g").test()
    assert test.p == 1
    assert "left out of the test (nobody): True" in said(test)


def test_empty_answers_and_groups_are_left_out_and_said():
    with_empty, without = table([[30, 10, 0], [10, 30, 0], [0, 0, 0]]), table([[30, 10], [10, 30]])
    assert len(with_empty) == 9
    assert with_empty.test("rao_scott").p == pytest.approx(without.test("rao_scott").p, rel=1e-12)
    assert "a2, g2" in said(with_empty.test())


def test_one_group_cannot_be_compared():
    with pytest.raises(DataError, match="nothing to compare"):
        table([[10], [12]]).test()


def test_a_table_with_its_respondents_on_the_diagonal_is_tested():
    frame = crossed(np.diag([12, 12, 12])).assign(w=np.arange(36) + 1.0)
    test = sa.crosstab(sa.Design(frame, weights="w"), "answer", by="group").test("rao_scott_chisq")
    assert np.isfinite(test.statistic)
    assert_allclose(test.effect, 1, rtol=1e-12)


def test_the_test_keeps_those_who_answered_both():
    frame = respondents()
    test = sa.crosstab(frame, "q", by="g").test()
    assert test.n == int((frame["q"].notna() & frame["g"].notna()).sum())


def test_a_census_has_nothing_to_test():
    design = sa.Design(crossed([[30, 10], [10, 30]]), population=80)
    test = sa.crosstab(design, "answer", by="group").test()
    assert np.isnan(test.p)
    assert "no degrees of freedom, or no variance" in said(test)


def test_a_wrong_method_lists_the_methods():
    with pytest.raises(ChoiceError, match="rao_scott"):
        table([[3, 1], [1, 3]]).test("fisher")
