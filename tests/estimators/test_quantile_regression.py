"""Quantile regression: optimality, equivariance, theory of its errors, ties, refusals; R in test_limit_references."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.distribution import cumulated, in_order
from surveyanalysis.estimators.quantile import quantiles
from surveyanalysis.estimators.quantile_program import check_loss, quantile_vertex
from surveyanalysis.estimators.quantile_regression import quantile_regression

from .registry_limits import latent_sample

SAMPLE = latent_sample(n=81)
X, Y, W = SAMPLE.x, SAMPLE.y, SAMPLE.weights
TAUS = (0.05, 0.3, 0.5, 0.9)


@pytest.mark.parametrize("tau", TAUS)
def test_shares_above_solve_the_equations_and_prove_the_minimum(tau):
    """Subgradient conditions (Koenker 2005, theorem 2.1), and no neighbour within the plane does better."""
    fit = quantile_regression(X, Y, W, tau)
    errors = Y - X @ fit.params
    assert (np.abs(errors) < 1e-9).sum() == 4
    assert_allclose(fit.scores.sum(axis=0), 0, atol=1e-12)
    least = check_loss(errors, W, tau)
    for move in np.random.default_rng(1).normal(size=(200, 4)) * 1e-3:
        assert check_loss(errors - X @ move, W, tau) >= least


@pytest.mark.parametrize("tau", TAUS)
def test_without_covariates_it_is_the_weighted_quantile(tau):
    fit = quantile_regression(np.ones((81, 1)), Y, W, tau)
    used = W > 0
    found = cumulated(in_order(Y[used], np.zeros(used.sum(), int), 1), W[used])
    assert_allclose(fit.params, quantiles(found, np.array([tau]), "math")[0], rtol=1e-12)


@pytest.mark.parametrize("tau", TAUS)
def test_quantiles_follow_changes_of_outcome_and_covariates(tau):
    """Equivariance (Koenker and Bassett 1978, theorem 3.2): scale, sign, shift, and other columns."""
    fit = quantile_regression(X, Y, W, tau)
    assert_allclose(quantile_regression(X, 50 * Y + 3e6, W, tau).params[1:], 50 * fit.params[1:], rtol=1e-7)
    assert_allclose(quantile_regression(X, -Y, W, 1 - tau).params, -fit.params, rtol=1e-9, atol=1e-12)
    slopes = np.array([1.0, -2.0, 0.5, 3.0])
    assert_allclose(quantile_regression(X, Y + X @ slopes, W, tau).params, fit.params + slopes, rtol=1e-9)
    years = X.copy()
    years[:, -1] = 2015 + 5 * X[:, -1]
    moved = quantile_regression(years, Y, W, tau)
    assert_allclose(moved.params[-1] * 5, fit.params[-1], rtol=1e-9)
    assert_allclose(moved.covariance[-1, -1] * 25, fit.covariance[-1, -1], rtol=1e-6)


@pytest.mark.parametrize("density", ["local", "common"])
def test_weights_count_rows_of_weight_zero_are_absent_and_order_is_free(density):
    fit = quantile_regression(X, Y, W, 0.4, density=density)
    used = W > 0
    without = quantile_regression(X[used], Y[used], W[used], 0.4, density=density)
    assert_allclose(without.params, fit.params, rtol=1e-12)
    assert_allclose(without.scores, fit.scores[used], rtol=1e-9, atol=1e-12)
    assert np.all(fit.scores[~used] == 0)
    order = np.random.default_rng(1).permutation(len(Y))
    permuted = quantile_regression(X[order], Y[order], W[order], 0.4, density=density)
    assert_allclose(permuted.params, fit.params, rtol=1e-10)
    assert_allclose(permuted.scores, fit.scores[order], rtol=1e-7, atol=1e-12)
    scaled = quantile_regression(X, Y, 7.3 * W, 0.4, density=density)
    assert_allclose(scaled.scores, fit.scores, rtol=1e-8, atol=1e-12)


def test_a_row_of_weight_two_is_two_rows():
    doubled = W * np.where(np.arange(81) % 3 == 0, 2, 1)
    rows = np.concatenate([np.arange(81), np.arange(0, 81, 3)])
    repeated = quantile_regression(X[rows], Y[rows], W[rows], 0.6)
    assert_allclose(repeated.params, quantile_regression(X, Y, doubled, 0.6).params, rtol=1e-10)


@pytest.mark.parametrize("density", ["local", "common"])
@pytest.mark.parametrize("tau", [0.25, 0.5])
def test_errors_of_a_large_normal_sample_are_those_of_theory(density, tau):
    """tau (1 - tau) / f^2 (x'x)^-1 with f the normal density at its quantile; scores' squares agree."""
    from scipy import stats

    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(6000), rng.normal(size=6000)])
    y = x @ [1, 2] + 3 * rng.normal(size=6000)
    fit = quantile_regression(x, y, np.ones(6000), tau, density=density)
    f = stats.norm.pdf(stats.norm.ppf(tau)) / 3
    expected = tau * (1 - tau) / f**2 * np.linalg.inv(x.T @ x)
    assert_allclose(np.diag(fit.covariance), np.diag(expected), rtol=0.25)
    assert_allclose(np.diag(fit.scores.T @ fit.scores), np.diag(fit.covariance), rtol=0.1)
    assert np.abs((fit.params - [1 + 3 * stats.norm.ppf(tau), 2]) / np.sqrt(np.diag(fit.covariance))).max() < 3


def test_many_equal_outcomes_are_proved_too():
    """Salaries in whole bands and dummies: far more rows on the plane than columns."""
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(600), rng.integers(0, 3, (600, 2))]).astype(float)
    y, w = np.round(x @ [1, 1, 2] + 2 * rng.normal(size=600)), rng.uniform(0.5, 3, 600)
    fit = quantile_regression(x, y, w, 0.5)
    errors = y - x @ fit.params
    assert (np.abs(errors) < 1e-9).sum() > 50
    assert_allclose(fit.scores.sum(axis=0), 0, atol=1e-9)
    for move in np.random.default_rng(1).normal(size=(200, 3)) * 1e-2:
        assert check_loss(errors - x @ move, w, 0.5) >= check_loss(errors, w, 0.5)


def test_slopes_that_are_one_of_many_are_told():
    fit = quantile_regression(np.ones((4, 1)), np.array([1.0, 2.0, 3.0, 9.0]), np.ones(4), 0.5)
    assert fit.params[0] in (2.0, 3.0)
    assert "one of many" in fit.message
    assert quantile_vertex(np.ones((3, 1)), np.array([1.0, 2.0, 3.0]), np.ones(3), 0.5).unique


@pytest.mark.parametrize("density", ["local", "common"])
def test_an_outcome_of_two_values_has_no_density(density):
    x = np.column_stack([np.ones(300), np.arange(300) % 2]).astype(float)
    fit = quantile_regression(x, x[:, 1], np.ones(300), 0.5, density=density)
    assert_allclose(fit.params, [0, 1], atol=1e-12)
    assert "too few values around the quantile" in fit.message
    assert np.isnan(fit.covariance).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: quantile_regression(X, Y, W, 1.0), ChoiceError, "`tau` is 1"),
        (lambda: quantile_regression(X, Y, W, 0.5, density="kernel"), ChoiceError, "'local', 'common'"),
        (lambda: quantile_regression(X, Y, W, 0.5, bandwidth="silverman"), ChoiceError, "'bofinger'"),
        (lambda: quantile_regression(X[:4], Y[:4], np.ones(4), 0.5), DataError, "4 respondents cannot tell 4 slopes"),
        (lambda: quantile_regression(np.ones((81, 2)), Y, W, 0.5), DataError, "linear combinations"),
    ],
)
def test_what_has_no_estimate_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()
