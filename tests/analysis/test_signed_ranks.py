"""McNemar and Wilcoxon on plain numbers: scipy, brute force over signs, theory."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from surveyanalysis.analysis.signed_ranks import mcnemar, mcnemar_exact, signed_ranks


@pytest.mark.parametrize("n", [5, 12, 30])
def test_without_ties_the_exact_p_is_scipy_s(n):
    differences = np.random.default_rng(n).normal(0.4, 1, n)
    found, expected = signed_ranks(differences), stats.wilcoxon(differences, method="exact")
    assert found.exact
    assert_allclose(found.p, expected.pvalue, rtol=1e-10)
    assert min(found.positive, found.negative) == expected.statistic


def test_with_ties_the_exact_p_counts_all_signs():
    differences = np.array([1.0, 1, -1, 2, 2, -3, 1, 0, 2, 4])
    moved = differences[differences != 0]
    ranks = stats.rankdata(abs(moved))
    sums = np.array([ranks[np.array(signs, bool)].sum() for signs in product((0, 1), repeat=len(moved))])
    observed = ranks[moved > 0].sum()
    expected = min(1, 2 * min((sums <= observed).mean(), (sums >= observed).mean()))
    assert_allclose(signed_ranks(differences).p, expected, rtol=1e-12)
    assert signed_ranks(differences).n == 9


def test_large_samples_use_the_normal_with_ties_corrected():
    differences = np.random.default_rng(3).integers(-4, 6, 200).astype(float)
    found = signed_ranks(differences)
    expected = stats.wilcoxon(differences, zero_method="wilcox", correction=False, method="asymptotic")
    assert not found.exact
    assert_allclose(found.p, expected.pvalue, rtol=1e-10)


def test_turning_the_signs_turns_the_effect():
    differences = np.array([1.0, 2, 3, -1, 5, 0])
    one, other = signed_ranks(differences), signed_ranks(-differences)
    assert_allclose([one.effect, one.z, one.p], [-other.effect, -other.z, other.p])
    assert signed_ranks(np.array([1.0, 2.0])).effect == 1


def test_nobody_differs():
    found = signed_ranks(np.zeros(8))
    assert (found.n, found.p) == (0, 1.0)
    assert np.isnan(found.effect)
    assert mcnemar_exact(0, 0) == 1
    assert mcnemar(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("b", "c"), [(5, 1), (7, 7), (0, 9), (40, 22)])
def test_mcnemar_is_a_fair_coin_for_the_discordant_pairs(b, c):
    assert_allclose(mcnemar_exact(b, c), stats.binomtest(b, b + c).pvalue, rtol=1e-10)
    statistic, p = mcnemar(b, c)
    assert_allclose([statistic, p], [(b - c) ** 2 / (b + c), stats.chi2.sf(statistic, 1)], rtol=1e-12)
