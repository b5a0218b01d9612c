"""Tests of parallel lines: invariances and refusals; reference values are in test_ordered_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.brant import brant, equal_slopes
from surveyanalysis.estimators.parallel_lines import parallel_lines_ratio
from surveyanalysis.estimators.separate_logits import separate_logits_fit

from .registry import ordered_sample, parted_sample

SAMPLE = ordered_sample()


def found(x=SAMPLE.x, y=SAMPLE.y, weights=SAMPLE.weights, covariance=None):
    return brant(x, y, weights, 4, covariance)


def test_separate_logits_are_binary_logits_of_who_lies_above():
    fit = separate_logits_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4)
    full = np.column_stack([np.ones(60), SAMPLE.x])
    for j in range(3):
        alone, at = binary_fit(full, (SAMPLE.y > j).astype(float), SAMPLE.weights, "logit"), slice(4 * j, 4 * j + 4)
        assert_allclose(fit.params[at], alone.params, rtol=1e-10)
        assert_allclose(fit.scores[:, at], alone.scores, rtol=1e-8, atol=1e-13)
        assert_allclose(fit.covariance[at, at], alone.covariance, rtol=1e-9)


def test_brants_covariance_is_the_expectation_of_that_of_the_scores():
    """Theory: E[(y_j - p_j)(y_l - p_l)] = p_l (1 - p_j); both estimate it in a large sample of parallel lines."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(6000, 1))
    y = np.digitize(x[:, 0] + rng.logistic(size=6000), [-1, 1])
    fit = separate_logits_fit(x, y, np.ones(6000), 3)
    assert_allclose(fit.scores.T @ fit.scores, fit.covariance, rtol=0.15, atol=3e-5)


def test_reversing_the_levels_changes_no_statistic():
    one, other = found(), found(y=3 - SAMPLE.y)
    assert_allclose(other.statistic, one.statistic, rtol=1e-8)
    assert_allclose(other.columns, one.columns, rtol=1e-8)
    assert_allclose(other.slopes, -one.slopes[::-1], rtol=1e-8)


def test_a_count_as_weight_is_so_many_rows():
    counts = np.arange(60) % 3
    one = found(weights=counts.astype(float))
    rows = np.repeat(np.arange(60), counts)
    assert_allclose(brant(SAMPLE.x[rows], SAMPLE.y[rows], np.ones(len(rows)), 4).statistic, one.statistic, rtol=1e-9)


@pytest.mark.parametrize(("origin", "unit"), [(2015.0, 5.0), (3e6, 1.0), (-3e6, 4e5)])
@pytest.mark.parametrize("design", [False, True])
def test_origin_and_unit_of_a_covariate_change_no_statistic(origin, unit, design):
    covariance = (lambda s: s.T @ s) if design else None
    x = SAMPLE.x.copy()
    x[:, 1] = origin + unit * x[:, 1]
    one, moved = found(covariance=covariance), found(x=x, covariance=covariance)
    digits = max(1e-8, 1e-13 * abs(origin) / unit)
    assert_allclose(moved.statistic, one.statistic, rtol=digits)
    assert_allclose(moved.columns, one.columns, rtol=digits)
    assert_allclose(moved.slopes[:, 1] * unit, one.slopes[:, 1], rtol=digits)


def test_a_common_factor_in_the_weights_leaves_the_statistic_of_a_design():
    one, other = (found(weights=c * SAMPLE.weights, covariance=lambda s: s.T @ s) for c in (1, 7.3))
    assert_allclose(other.statistic, one.statistic, rtol=1e-9)


def test_one_column_has_the_omnibus_statistic_as_its_own():
    one = found(x=SAMPLE.x[:, 1:2])
    assert_allclose(one.columns, one.statistic, rtol=1e-12)
    assert (one.df, one.column_df) == (2, 2)


def test_three_levels_of_a_dummy_compare_two_log_odds_ratios():
    """By hand: two slopes and the variance of their difference."""
    fit = separate_logits_fit(SAMPLE.x[:, :1], np.minimum(SAMPLE.y, 2), SAMPLE.weights, 3)
    gap, v = fit.params[3] - fit.params[1], fit.covariance
    by_hand = gap**2 / (v[3, 3] + v[1, 1] - 2 * v[1, 3])
    assert_allclose(brant(SAMPLE.x[:, :1], np.minimum(SAMPLE.y, 2), SAMPLE.weights, 3).statistic, by_hand, rtol=1e-10)


def test_brant_and_the_likelihood_ratio_agree_in_a_large_sample():
    """Theory: both are chi-squared with the same degrees of freedom under parallel lines."""
    rng = np.random.default_rng(6)
    x = np.tanh(rng.normal(size=(8000, 2)))
    y = np.digitize(x @ [1.0, -0.5] + rng.logistic(size=8000), [-1, 1])
    wald, ratio = brant(x, y, np.ones(8000), 3), parallel_lines_ratio(x, y, np.ones(8000), 3, "logit")
    assert (wald.df, ratio.df, ratio.message) == (2, 2, "")
    assert_allclose(wald.statistic, ratio.statistic, rtol=0.1, atol=0.05)
    assert ratio.statistic < 13.8  # 0.999 quantile


def test_ratios_of_nested_sets_of_free_columns_increase():
    sample = parted_sample()
    ratios = [
        parallel_lines_ratio(sample.x, sample.y, sample.weights, 3, "logit", free) for free in ([], [0], [0, 1], None)
    ]
    assert [r.df for r in ratios] == [0, 1, 2, 3]
    assert (np.diff([r.statistic for r in ratios]) > 0).all()
    assert abs(ratios[0].statistic) < 1e-10


def test_lines_that_cross_are_told_with_the_ratio():
    ratio = parallel_lines_ratio(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, "logit", [1])
    assert "lines cross" in ratio.message
    assert ratio.statistic > 0


def test_fewer_clusters_than_contrasts_give_no_omnibus_statistic():
    """Three clusters leave a covariance of rank three at most for six contrasts."""

    def of_clusters(scores):
        totals = np.stack([scores[np.arange(60) % 3 == g].sum(axis=0) for g in range(3)])
        return totals.T @ totals

    one = found(covariance=of_clusters)
    assert np.isnan(one.statistic)
    assert np.isfinite(one.columns).all()


def test_equal_slopes_have_statistic_zero():
    assert equal_slopes(np.array([1.0, 2.0, -1.0, 2.0, -3.0, 2.0]), np.eye(6), 4).statistic == 0


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(DataError, match="With 2 levels there is one line"):
        brant(SAMPLE.x, np.minimum(SAMPLE.y, 1), SAMPLE.weights, 2)
    x = np.repeat([0.0, 1.0], 12)[:, None]
    y = np.concatenate([np.tile([0, 1, 2], 4), np.tile([1, 2], 6)])
    with pytest.raises(DataError, match="the logit of answers above level 0"):
        brant(x, y, np.ones(24), 3)
    separated = np.concatenate([np.tile([0, 1, 2], 4), np.full(12, 2)])
    with pytest.raises(DataError, match="narrower of the two models has no solution"):
        parallel_lines_ratio(x, separated, np.ones(24), 3, "logit")
