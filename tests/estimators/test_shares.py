"""Shares: fractional logit, beta and inflated beta regression against R, theory, simulations."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.beta import beta_fit, beta_rows
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.fractional import fractional_fit
from surveyanalysis.estimators.inflated_beta import inflated_beta_fit, inflated_beta_response
from surveyanalysis.estimators.joint import Joint, joint_likelihood

from .registry_limits import heaped_sample, share_sample
from .test_limits import checked_curves
from .test_properties import gradient
from .test_references import close

SHARES, HEAPED = share_sample(), heaped_sample()
ONE = np.ones((5, 1))


def test_a_fractional_model_has_the_estimates_of_a_binary_one_and_other_errors():
    fit = fractional_fit(HEAPED.x, HEAPED.y, HEAPED.weights)
    binary = binary_fit(HEAPED.x, HEAPED.y, HEAPED.weights, "logit")
    assert_allclose(fit.params, binary.params)
    assert_allclose(fit.scores, binary.scores)
    assert np.all(np.diag(fit.covariance) < np.diag(binary.covariance))


def test_the_sandwich_of_counts_is_that_of_repeated_rows():
    counts = np.random.default_rng(1).integers(1, 5, 60)
    fit = fractional_fit(HEAPED.x, HEAPED.y, counts.astype(float))
    rows = np.repeat(np.arange(60), counts)
    whole = fractional_fit(HEAPED.x[rows], HEAPED.y[rows], np.ones(len(rows)))
    assert_allclose(fit.covariance, whole.covariance, rtol=1e-8)
    assert_allclose(whole.covariance, whole.scores.T @ whole.scores, rtol=1e-12)


def test_yes_and_no_have_the_sandwich_of_the_binary_model():
    y = (HEAPED.y > 0.5).astype(float)
    fit = fractional_fit(HEAPED.x, y, np.ones(60), "probit")
    assert_allclose(fit.covariance, fit.scores.T @ fit.scores, rtol=1e-12)


def test_gradient_and_hessian_of_the_beta_density_are_derivatives():
    joint = Joint((SHARES.x, SHARES.x[:, :2]), SHARES.weights, beta_rows(SHARES.y))
    at = np.array([0.3, -0.2, 0.4, 0.1, 1.2, -0.5])
    _, score, information = joint_likelihood(joint, at)
    close(score, gradient(lambda p: joint_likelihood(joint, p)[0], at), 1e-7)
    close(information, -gradient(lambda p: joint_likelihood(joint, p)[1], at), 1e-7)


def test_exchanging_share_and_rest_turns_the_mean_and_keeps_the_precision():
    fit, turned = (beta_fit(SHARES.x, y, SHARES.weights) for y in (SHARES.y, 1 - SHARES.y))
    assert_allclose(turned.params, fit.params * [-1, -1, -1, -1, 1], rtol=1e-9)


def test_a_flat_distribution_has_mean_half_and_precision_two():
    y = (np.arange(4000) + 0.5) / 4000
    fit = beta_fit(np.ones((4000, 1)), y, np.ones(4000))
    assert_allclose(fit.params, [0, np.log(2)], atol=2e-3)


def test_slopes_that_were_drawn_are_found():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(3000), rng.normal(size=3000)])
    mean, phi = 1 / (1 + np.exp(-x @ [-0.5, 0.8])), np.exp(x @ [2.0, -0.4])
    y = rng.beta(mean * phi, (1 - mean) * phi)
    fit = beta_fit(x, y, np.ones(3000), x)
    assert np.abs((fit.params - [-0.5, 0.8, 2.0, -0.4]) / np.sqrt(np.diag(fit.covariance))).max() < 3
    quasi = fractional_fit(x, y, np.ones(3000))
    assert np.abs((quasi.params - [-0.5, 0.8]) / np.sqrt(np.diag(quasi.covariance))).max() < 3


def test_parts_of_an_inflated_model_are_fitted_by_themselves():
    some = (HEAPED.y > 0) & (HEAPED.y < 1)
    fit = inflated_beta_fit(HEAPED.x[:, :2], HEAPED.x, HEAPED.y, HEAPED.weights)
    inside = beta_fit(HEAPED.x[some], HEAPED.y[some], HEAPED.weights[some])
    assert_allclose(fit.params[4:], inside.params, rtol=1e-10)
    assert_allclose(fit.covariance[4:, 4:], inside.covariance, rtol=1e-8)


def test_one_end_is_a_binary_logit():
    y = np.where(HEAPED.y == 1, 0.5, HEAPED.y)
    fit = inflated_beta_fit(HEAPED.x, HEAPED.x, y, HEAPED.weights)
    assert_allclose(fit.params[:4], binary_fit(HEAPED.x, (y == 0) * 1.0, HEAPED.weights, "logit").params, rtol=1e-8)
    other = inflated_beta_fit(HEAPED.x, HEAPED.x, 1 - y, HEAPED.weights)
    assert_allclose(other.params, fit.params * ([1] * 4 + [-1] * 4 + [1]), rtol=1e-8)


@pytest.mark.parametrize("ends", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("what", ["observed", "between", "at_0", "at_1"])
def test_responses_have_their_derivatives(what, ends):
    at = np.random.default_rng(2).normal(size=(len(ends) + 2, 5))
    found = checked_curves(lambda p: inflated_beta_response(p, what, ends), at)
    assert np.all((found.value >= 0) & (found.value <= 1))


def test_the_mean_is_that_of_ends_and_between():
    at = np.random.default_rng(2).normal(size=(3, 5))
    mean, between, none, whole = (inflated_beta_response(at, w).value for w in ("observed", "between", "at_0", "at_1"))
    assert_allclose(mean, whole + (1 - none - whole) * between)


def test_shares_that_the_covariates_give_exactly_have_no_precision():
    fit = beta_fit(np.column_stack([np.ones(4), np.arange(4.0)]), 1 / (1 + np.exp(-np.arange(4.0))), np.ones(4))
    assert not fit.converged
    assert "the precision runs to infinity" in fit.message


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fractional_fit(ONE, np.arange(5.0), np.ones(5)), "Divide percentages by 100"),
        (lambda: fractional_fit(ONE, np.zeros(5), np.ones(5)), "nothing to explain"),
        (lambda: beta_fit(ONE, np.arange(5.0) / 5, np.ones(5)), "1 of 5 shares are not strictly between"),
        (lambda: inflated_beta_fit(ONE, ONE, np.full(5, 0.5), np.ones(5)), "No share is 0 or 1"),
        (lambda: inflated_beta_fit(ONE, ONE, np.array([0, 0, 1, 1, 1.0]), np.ones(5)), "nothing is between"),
        (lambda: inflated_beta_fit(ONE, ONE, np.arange(5.0), np.ones(5)), "between 0 and 1"),
    ],
)
def test_what_has_no_estimate_is_refused_by_name(call, words):
    with pytest.raises(DataError, match=words):
        call()
