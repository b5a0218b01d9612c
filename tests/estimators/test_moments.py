"""Means, totals, ratios: exactness and theory; R's values are in test_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.moments import mean, ratio, total

WEIGHTS = np.random.default_rng(1).uniform(0.1, 9, 57)


def test_the_mean_of_a_constant_is_that_constant_to_the_last_bit():
    """Stata's certification: the mean of 1/9 is exactly 1/9, its variance exactly 0."""
    fit = mean(np.full((57, 1), 1 / 9), WEIGHTS)
    assert fit.params[0] == 1 / 9
    assert_array_equal(fit.scores, 0)


def test_a_share_is_its_quotient_to_the_last_bit():
    for count in range(58):
        assert mean((np.arange(57) < count)[:, None] * 1.0, np.ones(57)).params[0] == count / 57


def test_many_equal_leading_digits_do_not_spoil_a_mean():
    """NIST NumAcc4: 10000000.1, 10000000.3, ..., mean 10000000.2, standard deviation 0.1."""
    y = np.concatenate([[10000000.2], np.tile([10000000.1, 10000000.3], 500)])[:, None]
    fit = mean(y, np.ones(1001))
    assert_allclose(fit.params, 10000000.2, rtol=1e-15)
    assert_allclose(np.sqrt((fit.scores**2).sum() * 1001**2 / 1000), 0.1, rtol=1e-8)


def test_scores_sum_to_zero_for_means_and_ratios_and_to_the_total_for_totals():
    y = np.random.default_rng(2).normal(size=(57, 2))
    assert_allclose(mean(y, WEIGHTS).scores.sum(axis=0), 0, atol=1e-14)
    assert_allclose(ratio(y, y**2 + 1, WEIGHTS).scores.sum(axis=0), 0, atol=1e-14)
    assert_allclose(total(y, WEIGHTS).scores.sum(axis=0), total(y, WEIGHTS).params)


def test_a_domain_mean_is_the_ratio_of_indicator_totals():
    y, domain = np.random.default_rng(3).normal(size=57), np.arange(57) % 3 == 0
    whole = ratio((y * domain)[:, None], domain[:, None] * 1.0, WEIGHTS)
    part = mean(y[domain, None], WEIGHTS[domain])
    assert_allclose(whole.params, part.params, rtol=1e-14)
    assert_allclose(whole.scores[domain], part.scores, rtol=1e-10)


@pytest.mark.parametrize(
    "estimate", [lambda: mean(np.ones((3, 1)), np.zeros(3)), lambda: mean(np.ones((0, 1)), np.ones(0))]
)
def test_nobody_is_refused(estimate):
    with pytest.raises(DataError, match="nobody is left"):
        estimate()


def test_a_denominator_of_zero_is_refused():
    with pytest.raises(DataError, match="denominator"):
        ratio(np.ones((2, 1)), np.array([[1.0], [-1.0]]), np.ones(2))
