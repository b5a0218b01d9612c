"""Cumulative models beyond parallel lines: theory, symmetry, refusals; R's values are in test_ordered_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.nonparallel import nonparallel_fit
from surveyanalysis.estimators.nonparallel_jacobian import nonparallel_jacobian, nonparallel_summed_jacobian
from surveyanalysis.estimators.nonparallel_response import nonparallel_probabilities, nonparallel_turns
from surveyanalysis.estimators.ordered import ordered_fit, ordered_probabilities
from surveyanalysis.estimators.predictors import layout_of, slopes_by_threshold

from .registry import binary_sample, ordered_sample, parted_sample

LINKS = ("logit", "probit", "cloglog", "loglog", "cauchit")
links = pytest.mark.parametrize("link", LINKS)
symmetric = pytest.mark.parametrize("link", ["logit", "probit", "cauchit"])
SAMPLE, PARTED = ordered_sample(), parted_sample()


def fitted(link, **how):
    return nonparallel_fit(PARTED.x, PARTED.y, PARTED.weights, 3, link, **how)


@links
def test_without_free_columns_and_scale_it_is_the_ordered_model(link):
    fit = nonparallel_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, link)
    ordered = ordered_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, link)
    assert_allclose(fit.params, ordered.params, rtol=1e-10)
    assert_allclose(fit.scores, ordered.scores, rtol=1e-9, atol=1e-13)
    assert_allclose(fit.covariance, ordered.covariance, rtol=1e-10)
    assert_allclose(fit.loglik, ordered.loglik, rtol=1e-14)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("free", [(), (1,), (0, 1, 2)])
def test_two_levels_are_the_binary_model_whatever_is_free(link, free):
    sample = binary_sample()
    binary = binary_fit(sample.x, sample.y, sample.weights, link)
    fit = nonparallel_fit(sample.x[:, 1:], sample.y.astype(int), sample.weights, 2, link, free=free)
    order = [0, *(1 + k for k in range(3) if k not in free), *(1 + k for k in free)]
    sign = np.array([-1, 1, 1, 1])
    assert_allclose(fit.params, sign * binary.params[order], rtol=1e-9)
    assert_allclose(fit.scores, sign * binary.scores[:, order], rtol=1e-8, atol=1e-13)


@symmetric
def test_reversing_the_levels_reverses_thresholds_and_slopes(link):
    """Thresholds, the common slopes, and the free column's slopes from the last threshold to the first."""
    fit = fitted(link, free=[1])
    back = nonparallel_fit(PARTED.x, 2 - PARTED.y, PARTED.weights, 3, link, free=[1])
    assert_allclose(back.params, -fit.params[[1, 0, 2, 3, 5, 4]], rtol=1e-8)
    assert_allclose(back.loglik, fit.loglik, rtol=1e-12)


@symmetric
def test_reversing_the_levels_leaves_the_spread(link):
    z = PARTED.x[:, :1]
    fit, back = (nonparallel_fit(PARTED.x, y, PARTED.weights, 3, link, scale=z) for y in (PARTED.y, 2 - PARTED.y))
    assert_allclose(back.params, [-1, -1, -1, -1, -1, 1] * fit.params[[1, 0, 2, 3, 4, 5]], rtol=1e-7, atol=1e-9)


def test_the_loglog_is_the_cloglog_of_the_reversed_levels():
    fit = nonparallel_fit(PARTED.x, PARTED.y, PARTED.weights, 3, "loglog", free=[1])
    back = nonparallel_fit(PARTED.x, 2 - PARTED.y, PARTED.weights, 3, "cloglog", free=[1])
    assert_allclose(back.params, -fit.params[[1, 0, 2, 3, 5, 4]], rtol=1e-8)


@links
def test_a_free_dummy_gives_the_shares_of_both_groups(link):
    """Saturated: two thresholds in each group."""
    x = PARTED.x[:, :1]
    fit = nonparallel_fit(x, PARTED.y, PARTED.weights, 3, link, free=[0])
    for group in (0, 1):
        of = x[:, 0] == group
        shares = np.bincount(PARTED.y[of], PARTED.weights[of]) / PARTED.weights[of].sum()
        found = nonparallel_probabilities(fit.params, np.array([[float(group)]]), 3, link, free=[0])
        assert_allclose(found[0], shares, rtol=1e-10)


@pytest.mark.parametrize("link", ["logit", "probit", "cauchit"])
def test_place_and_spread_of_a_dummy_are_another_saturated_model_of_three_levels(link):
    x = PARTED.x[:, :1]
    free = nonparallel_fit(x, PARTED.y, PARTED.weights, 3, link, free=[0])
    spread = nonparallel_fit(x, PARTED.y, PARTED.weights, 3, link, scale=x)
    assert_allclose(spread.loglik, free.loglik, rtol=1e-12)
    gap = free.params[1] - free.params[0]
    other = gap - (free.params[3] - free.params[2])
    assert_allclose(spread.params[-1], np.log(gap / other), rtol=1e-7)


def test_lines_that_cross_are_no_solution_and_the_message_says_where():
    fit = nonparallel_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, "logit", free=[1])
    assert not fit.converged
    assert "lines cross: at the covariates of 13 of 58 rows with weight, level [1]" in fit.message
    assert np.isnan(fit.scores[SAMPLE.weights > 0]).all()
    chance = nonparallel_probabilities(fit.params, SAMPLE.x[SAMPLE.weights > 0], 4, "logit", free=[1])
    assert (chance < 0).any(axis=1).sum() == 13
    assert fit.settled


def test_a_slope_without_bound_is_no_solution():
    """Nobody in the second group chose the lowest level: its threshold there is minus infinity."""
    x = np.repeat([0.0, 1.0], 12)[:, None]
    y = np.concatenate([np.tile([0, 1, 2], 4), np.tile([1, 2], 6)])
    assert ordered_fit(x, y, np.ones(24), 3, "logit").converged
    fit = nonparallel_fit(x, y, np.ones(24), 3, "logit", free=[0])
    assert not fit.converged
    assert "without bound" in fit.message or "singular" in fit.message
    assert fit.settled
    assert_allclose(fit.loglik, 12 * np.log(1 / 3) + 12 * np.log(1 / 2), rtol=1e-9)  # of the shares in both groups


def settings():
    z = PARTED.x[:, [0]]
    return [{"free": [1]}, {"free": [0, 1, 2]}, {"scale": z}, {"free": [2], "scale": PARTED.x[:, :2]}]


ways = pytest.mark.parametrize("how", settings(), ids=["free", "all", "scale", "both"])


@links
@ways
def test_probabilities_sum_to_one_and_give_the_likelihood(link, how):
    fit = fitted(link, **how)
    assert fit.converged, fit.message
    chance = nonparallel_probabilities(fit.params, PARTED.x, 3, link, **how)
    assert_allclose(chance.sum(axis=1), 1, rtol=1e-14)
    assert_allclose(PARTED.weights @ np.log(chance[np.arange(80), PARTED.y]), fit.loglik, rtol=1e-11)


@links
@ways
def test_jacobian_is_the_derivative_of_the_probabilities(link, how):
    params, step = fitted(link, **how).params, 1e-6

    def chance(p):
        return nonparallel_probabilities(p, PARTED.x, 3, link, **how)

    numeric = np.stack(
        [(chance(params + m) - chance(params - m)) / (2 * step) for m in step * np.eye(len(params))], axis=2
    )
    found = nonparallel_jacobian(params, PARTED.x, 3, link, **how)
    assert_allclose(found, numeric, atol=2e-9)
    assert_allclose(found.sum(axis=1), 0, atol=1e-14)
    summed = nonparallel_summed_jacobian(params, PARTED.x, PARTED.weights, 3, link, **how)
    assert_allclose(summed, np.tensordot(PARTED.weights, found, 1), atol=1e-11)


def test_turns_and_slopes_give_the_derivative_by_a_covariate():
    params, move = fitted("logit", free=[1]).params, np.array([0, 1e-6, 0])
    up, down = (nonparallel_probabilities(params, PARTED.x + d, 3, "logit", free=[1]) for d in (move, -move))
    slopes = slopes_by_threshold(params, layout_of(3, 3, [1]))[:, 1]
    found = -nonparallel_turns(params, PARTED.x, 3, "logit", free=[1]) @ slopes
    assert_allclose(found, (up - down) / 2e-6, atol=1e-9)


@pytest.mark.parametrize(("origin", "unit"), [(0.0, 1e-3), (2015.0, 5.0), (3e6, 1.0), (-3e6, 4e5)])
def test_an_affine_change_of_a_free_covariate_divides_its_slopes(origin, unit):
    fit, x = fitted("logit", free=[1]), PARTED.x.copy()
    x[:, 1] = origin + unit * x[:, 1]
    moved = nonparallel_fit(x, PARTED.y, PARTED.weights, 3, "logit", free=[1])
    digits = max(1e-9, 1e-14 * abs(origin) / unit)
    assert moved.converged, moved.message
    assert_allclose(moved.loglik, fit.loglik, rtol=digits)
    assert_allclose(moved.params[-2:] * unit, fit.params[-2:], rtol=digits)
    assert_allclose(moved.params[:2], fit.params[:2] + origin / unit * fit.params[-2:], rtol=max(digits, 1e-8))
    errors = np.sqrt(np.diag(moved.covariance)) / np.sqrt(np.diag(fit.covariance))
    assert_allclose(errors[-2:] * unit, 1, rtol=10 * digits)


@pytest.mark.parametrize(("origin", "unit"), [(0.0, 1e-3), (50.0, 1.0), (2015.0, 5.0), (-3e6, 4e5)])
def test_an_affine_change_of_a_covariate_of_the_spread_divides_its_slope(origin, unit):
    """Thresholds and slopes of place grow by the spread at the new origin; z values stay."""
    z = PARTED.x[:, [1]]
    fit, moved = fitted("logit", scale=z), fitted("logit", scale=origin + unit * z)
    along = moved.params[-1]
    assert moved.converged, moved.message
    assert_allclose(along * unit, fit.params[-1], rtol=1e-7)
    assert_allclose(
        moved.params[:-1], fit.params[:-1] * np.exp(along * origin), rtol=max(1e-7, 1e-9 * abs(origin / unit))
    )
    assert_allclose(moved.scores[:, -1] * unit, fit.scores[:, -1], rtol=1e-6, atol=1e-9)
    assert_allclose(moved.loglik, fit.loglik, rtol=1e-11)


def test_thresholds_beyond_the_range_of_numbers_are_told():
    """At z = 0, three million units from anybody, the spread is exp(-a million)."""
    fit = fitted("logit", scale=3e6 + PARTED.x[:, [0]])
    assert not fit.converged
    assert "beyond the range of numbers: subtract" in fit.message


def test_an_equal_spread_is_found_where_it_is_so():
    """Score test by simulation: the spread's slope lies within its errors in a large sample of one spread."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(4000, 1))
    y = np.digitize(x[:, 0] + rng.logistic(size=4000), [-1, 1])
    fit = nonparallel_fit(x, y, np.ones(4000), 3, "logit", scale=x)
    assert abs(fit.params[-1]) < 3 * np.sqrt(fit.covariance[-1, -1])


def test_a_spread_that_doubles_is_found():
    rng = np.random.default_rng(8)
    x = np.column_stack([rng.normal(size=6000), np.arange(6000) % 2])
    y = np.digitize(x[:, 0] + rng.normal(size=6000) * np.where(x[:, 1] > 0, 2, 1), [-1, 0, 1])
    fit = nonparallel_fit(x, y, np.ones(6000), 4, "probit", scale=x[:, 1:])
    assert abs(fit.params[-1] - np.log(2)) < 3 * np.sqrt(fit.covariance[-1, -1])


def test_the_order_in_which_free_columns_are_named_does_not_matter():
    assert_allclose(fitted("logit", free=[2, 0]).params, fitted("logit", free=[0, 2]).params, rtol=0)


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(ChoiceError, match=r"`free` is \[3\]"):
        fitted("logit", free=[3])
    with pytest.raises(DataError, match=r"Nobody chose level \[3\]"):
        nonparallel_fit(PARTED.x, PARTED.y, PARTED.weights, 4, "logit", free=[0])
    with pytest.raises(DataError, match=r"Columns \[0\]"):
        fitted("logit", scale=np.ones((80, 1)))
    with pytest.raises(DataError, match="covariates hold missing"):
        fitted("logit", scale=np.full((80, 1), np.nan))
    with pytest.raises(ChoiceError, match="`link`"):
        fitted("logti")


@links
def test_probabilities_of_parallel_lines_are_those_of_the_ordered_model(link):
    params = np.array([-1.0, 0.5, 0.3, -0.2, 0.1])
    expected = ordered_probabilities(params, PARTED.x, 3, link)
    assert_allclose(nonparallel_probabilities(params, PARTED.x, 3, link), expected, rtol=1e-12)
