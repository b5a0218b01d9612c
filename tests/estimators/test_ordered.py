"""Ordered regressions: theory, symmetry, refusals; R's values are in test_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.ordered import ordered_fit, ordered_jacobian, ordered_probabilities, ordered_slopes

from .registry import binary_sample, ordered_sample

links = pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
SAMPLE = ordered_sample()


def fitted(link):
    return ordered_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, link)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_reversing_the_levels_reverses_thresholds_and_slopes(link):
    fit, back = fitted(link), ordered_fit(SAMPLE.x, 3 - SAMPLE.y, SAMPLE.weights, 4, link)
    assert_allclose(back.params, np.concatenate([-fit.params[2::-1], -fit.params[3:]]), rtol=1e-9)
    assert_allclose(back.loglik, fit.loglik, rtol=1e-12)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_two_levels_are_the_binary_model(link):
    """P(y <= 0) = F(t - x b), so P(y = 1) = F(-t + x b) for symmetric F."""
    sample = binary_sample()
    binary = binary_fit(sample.x, sample.y, sample.weights, link)
    ordered = ordered_fit(sample.x[:, 1:], sample.y.astype(int), sample.weights, 2, link)
    sign = np.array([-1, 1, 1, 1])
    assert_allclose(ordered.params, sign * binary.params, rtol=1e-10)
    assert_allclose(ordered.scores, sign * binary.scores, rtol=1e-8, atol=1e-14)
    assert_allclose(ordered.covariance, np.outer(sign, sign) * binary.covariance, rtol=1e-9)
    assert_allclose(ordered.loglik, binary.loglik, rtol=1e-13)


@links
def test_no_covariates_give_the_weighted_shares(link):
    fit = ordered_fit(np.zeros((60, 0)), SAMPLE.y, SAMPLE.weights, 4, link)
    shares = np.bincount(SAMPLE.y, SAMPLE.weights) / SAMPLE.weights.sum()
    assert_allclose(ordered_probabilities(fit.params, np.zeros((1, 0)), 4, link)[0], shares, rtol=1e-12)


@links
def test_thresholds_increase_even_where_a_level_is_nearly_empty(link):
    y = SAMPLE.y.copy()
    y[y == 2] = 3
    y[0], weights = 2, np.where(np.arange(60) == 0, 1e-6, SAMPLE.weights)
    fit = ordered_fit(SAMPLE.x, y, weights, 4, link)
    assert fit.converged
    assert (np.diff(fit.params[:3]) > 0).all()


@links
def test_probabilities_sum_to_one_and_their_derivatives_to_zero(link):
    params = fitted(link).params
    assert_allclose(ordered_probabilities(params, SAMPLE.x, 4, link).sum(axis=1), 1, rtol=1e-14)
    assert_allclose(ordered_slopes(params, SAMPLE.x, 4, link).sum(axis=1), 0, atol=1e-15)
    assert_allclose(ordered_jacobian(params, SAMPLE.x, 4, link).sum(axis=1), 0, atol=1e-14)


@links
def test_jacobian_is_the_derivative_of_the_probabilities(link):
    params, step = fitted(link).params, 1e-6
    numeric = np.stack(
        [
            (
                ordered_probabilities(params + m, SAMPLE.x, 4, link)
                - ordered_probabilities(params - m, SAMPLE.x, 4, link)
            )
            / (2 * step)
            for m in step * np.eye(len(params))
        ],
        axis=2,
    )
    assert_allclose(ordered_jacobian(params, SAMPLE.x, 4, link), numeric, atol=1e-9)


@links
def test_slopes_are_the_derivative_by_the_linear_predictor(link):
    params, one = np.array([-1.0, 0.2, 1.1, 1.0]), np.linspace(-2, 2, 9)[:, None]
    step = 1e-6
    up, down = (ordered_probabilities(params, one + d, 4, link) for d in (step, -step))
    assert_allclose(ordered_slopes(params, one, 4, link), (up - down) / (2 * step), atol=1e-9)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_far_probabilities_keep_their_digits(link):
    """The top level's probability far below is the bottom level's far above."""
    params = np.array([-1.0, 1.0, 1.0])
    far = ordered_probabilities(params, np.array([[-30.0], [30.0]]), 3, link)
    assert far.min() > 0
    assert_allclose(far[0], far[1, ::-1], rtol=1e-12)


def test_slopes_point_to_the_higher_levels():
    """The sign of R's polr and clm."""
    x = np.repeat([0.0, 1.0], 30)[:, None]
    y = np.concatenate([np.tile([0, 0, 1, 2, 0], 6), np.tile([2, 1, 2, 2, 0], 6)])
    assert ordered_fit(x, y, np.ones(60), 3, "logit").params[-1] > 0


def test_tripling_one_weight_changes_the_estimate():
    """Software that ignores weights would not notice."""
    weights = SAMPLE.weights * np.where(np.arange(60) == 5, 3, 1)
    moved = ordered_fit(SAMPLE.x, SAMPLE.y, weights, 4, "logit").params - fitted("logit").params
    assert np.abs(moved).max() > 1e-3


@pytest.mark.parametrize(
    ("y", "levels", "message"),
    [
        (np.where(SAMPLE.y == 1, 2, SAMPLE.y), 4, r"Nobody chose level \[1\] \(counted from 0\) of 4"),
        (SAMPLE.y, 6, r"level \[4, 5\]"),
        (SAMPLE.y, 3, "run from 0 to 3"),
        (SAMPLE.y - 1, 4, "run from -1 to 2"),
        (SAMPLE.y * 0, 1, "at least 2 levels"),
    ],
)
def test_levels_that_cannot_be_fitted_are_refused(y, levels, message):
    with pytest.raises(DataError, match=message):
        ordered_fit(SAMPLE.x, y, SAMPLE.weights, levels, "logit")


def test_a_level_whose_only_respondents_weigh_nothing_is_empty():
    weights = np.where(SAMPLE.y == 3, 0, SAMPLE.weights)
    with pytest.raises(DataError, match=r"level \[3\]"):
        ordered_fit(SAMPLE.x, SAMPLE.y, weights, 4, "logit")


def test_a_constant_covariate_is_refused():
    """The thresholds are the intercept."""
    with pytest.raises(DataError, match=r"Columns \[3\]"):
        ordered_fit(np.column_stack([SAMPLE.x, np.ones(60)]), SAMPLE.y, SAMPLE.weights, 4, "logit")


@links
def test_a_separated_outcome_is_not_called_converged(link):
    x = np.repeat([0.0, 1.0], 15)[:, None]
    y = np.concatenate([np.tile([0, 1, 2], 5), np.full(15, 2)])
    fit = ordered_fit(x, y, np.ones(30), 3, link)
    assert not fit.converged
    assert np.isnan(fit.scores).all()
