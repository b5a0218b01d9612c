"""Crosstabs and tests of independence: theory, invariances, scipy, small samples. R: test_references.py."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.language import say

from .designs import ASKED, BUILT, respondents


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


UNDER_THE_DESIGN = [
    "rao_scott",
    "rao_scott_chisq",
    "likelihood_ratio",
    "saddlepoint",
    "lincom",
    "wald",
    "adjusted_wald",
]
under_the_design = pytest.mark.parametrize("method", UNDER_THE_DESIGN)


def designed(asked, frame):
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


def test_the_likelihood_ratio_of_a_simple_random_sample_is_the_textbook_s():
    """P22 for G2: SciPy's power divergence of order zero."""
    counts = np.array([[40, 20, 25], [15, 45, 0]])
    test = table(counts).test("likelihood_ratio")
    expected = stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    assert_allclose(test.extra["g2"], expected.statistic, rtol=1e-12)
    assert_allclose(test.statistic, test.extra["g2"] / (2 * test.extra["mean_deff"]), rtol=1e-12)
    assert_allclose(test.effect, table(counts).test("pearson").effect, rtol=1e-12)
    assert "likelihood-ratio F" in say(test.name)


def test_equal_design_effects_are_an_f_distribution_in_every_way():
    """Of a simple random sample all design effects are n / (n - 1): the exact sum of chi-squares is the F test's."""
    found = table([[40, 20, 25], [15, 45, 22]])
    f, exact, near = (found.test(method) for method in ("rao_scott", "lincom", "saddlepoint"))
    assert_allclose(exact.p, f.p, rtol=1e-9)
    assert_allclose(near.p, f.p, rtol=0.05)
    assert_allclose([exact.statistic, near.statistic], table([[40, 20, 25], [15, 45, 22]]).test("pearson").statistic)


@pytest.mark.parametrize("asked", ASKED)
def test_one_degree_of_freedom_has_one_exact_p_value(asked):
    found = sa.crosstab(designed(asked, respondents()), "yes", by="sex")
    assert_allclose(found.test("lincom").p, found.test("rao_scott").p, rtol=1e-8)
    wald, adjusted = found.test("wald"), found.test("adjusted_wald")
    assert_allclose([adjusted.statistic, adjusted.p], [wald.statistic, wald.p], rtol=1e-12)


@pytest.mark.parametrize("asked", [*ASKED, *BUILT])
@under_the_design
def test_the_order_of_answers_and_which_question_comes_first_do_not_matter(asked, method):
    """P11."""
    frame = respondents()
    turned = frame.assign(q=frame["q"].cat.reorder_categories([4, 1, 5, 3, 2]))
    once = sa.crosstab(designed(asked, frame), "q", by="sex").test(method)
    for other in (
        sa.crosstab(designed(asked, turned), "q", by="sex").test(method),
        sa.crosstab(designed(asked, frame), "sex", by="q").test(method),
    ):
        assert_allclose([other.statistic, other.p], [once.statistic, once.p], rtol=1e-7)


@pytest.mark.parametrize("asked", ["weighted", "stratified clusters, finite", "jackknife"])
def test_wald_s_test_is_that_of_equal_shares_in_every_group(asked):
    """Equal shares and no interaction are one hypothesis; the two forms differ in higher order only."""
    design = designed(asked, respondents())
    found = sa.crosstab(design, "yes", by="sex")
    shares = sa.t_test(design.within(design.survey.frame["yes"].notna().to_numpy()), "yes", by="sex")
    assert_allclose(found.test("wald").statistic, shares.statistic**2, rtol=0.05)


def test_adjusted_wald_makes_up_for_few_clusters():
    found = sa.crosstab(sa.Design(respondents(), clusters="c"), "q", by="sex")
    wald, adjusted = found.test("wald"), found.test("adjusted_wald")
    df, k = wald.df_denominator, wald.df
    assert (k, df, adjusted.df_denominator) == (4, 29, 26)
    assert_allclose(adjusted.statistic, wald.extra["chi2"] * (df - k + 1) / (k * df), rtol=1e-12)
    assert adjusted.p > wald.p


def test_wald_needs_more_clusters_than_cells_and_names_the_alternative():
    frame = respondents().assign(big=np.arange(240) // 40)
    found = sa.crosstab(sa.Design(frame, clusters="big"), "q", by="g")
    for method in ("wald", "adjusted_wald"):
        test = found.test(method)
        assert np.isnan(test.p)
        assert "method='rao_scott'" in said(test)
    assert found.test("rao_scott").p > 0


def test_wald_warns_of_empty_cells_and_of_those_that_break_it():
    frame = crossed([[30, 12, 0], [9, 25, 14]]).assign(c=np.arange(90) // 3)
    test = sa.crosstab(sa.Design(frame, clusters="c"), "answer", by="group").test("wald")
    assert "1 empty cell" in said(test)
    assert "method='rao_scott'" in said(test)
    alone = crossed(np.diag([12, 12, 12])).assign(w=1.0, s=np.repeat([1, 2, 3], 12))
    broken = sa.crosstab(sa.Design(alone, strata="s"), "answer", by="group").test("wald")
    assert np.isnan(broken.p)


@under_the_design
@pytest.mark.parametrize("counts", [[[30, 20], [20, 30]], [[500, 150], [150, 500]], [[1450, 440], [450, 1450]]])
def test_p_values_of_every_test_are_right_far_in_the_tail(method, counts):
    """One degree of freedom: SciPy's F or chi-square, down to 1e-270."""
    test = table(counts).test(method)
    statistic = test.statistic / (
        test.extra["mean_deff"] if method in ("saddlepoint", "lincom", "rao_scott_chisq") else 1
    )
    below = np.sum(counts) - 1
    expected = stats.chi2.sf(statistic, 1) if method == "rao_scott_chisq" else stats.f.sf(statistic, 1, below)
    assert 0 < test.p < 1
    assert_allclose(test.p, expected, rtol=0.2 if method == "saddlepoint" else 1e-8)
    assert np.max(counts) < 1000 or test.p < 1e-200


def test_small_cells_of_a_design_are_told_with_what_can_be_done():
    frame = crossed([[3, 1, 5], [1, 3, 2]]).assign(w=np.arange(15) + 1.0)
    auto = sa.crosstab(sa.Design(frame, weights="w"), "answer", by="group").test()
    assert "Rao-Scott F" in say(auto.name)
    assert "merge answers or groups" in said(auto)
    assert "exact test would ignore the design" in said(auto)
    assert "method='exact'" in said(table([[3, 1], [1, 3]]).test("saddlepoint"))
    assert "merge" not in said(table([[30, 10], [10, 30]]).test("saddlepoint"))


def test_replicates_have_no_chi_square_below():
    """As R: pchisqsum for replicate designs, pFsum for the others."""
    frame = respondents()
    replicated = sa.crosstab(BUILT["jackknife"](frame), "q", by="g")
    for method in ("saddlepoint", "lincom"):
        assert replicated.test(method).df_denominator is None
    linear = sa.crosstab(sa.Design(frame, weights="w", strata="s", clusters="c"), "q", by="g")
    assert linear.test("lincom").df_denominator == linear.test("rao_scott").df_denominator


@under_the_design
def test_a_census_has_no_test_of_any_kind(method):
    design = sa.Design(crossed([[30, 10], [10, 30]]), population=80)
    test = sa.crosstab(design, "answer", by="group").test(method)
    assert np.isnan(test.p)
    assert said(test)


@under_the_design
def test_every_test_shows_itself_in_two_languages(method):
    test = sa.crosstab(sa.Design(respondents(), weights="w", clusters="c"), "q", by="g").test(method)
    for lang in ("en", "ko"):
        assert say(test.name, lang)[:9] in test.table(lang).to_text()
        assert test.origin.sentence(lang)
