"""Two-stage least squares: closed forms, theory, refusals; R's ivreg in test_limit_references."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.instruments import instruments
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.two_stage import two_stage_fit

from .registry_limits import instrument_sample

SAMPLE = instrument_sample()
X, Z, Y, W = SAMPLE.x[:, [0, 1, 4]], SAMPLE.x[:, :4], SAMPLE.y, SAMPLE.weights


def test_instruments_that_are_the_covariates_give_linear_regression():
    fit, linear = two_stage_fit(X, X, Y, W), linear_fit(X, Y, W)
    assert_allclose(fit.params, linear.params, rtol=1e-10)
    assert_allclose(fit.scores, linear.scores, rtol=1e-8, atol=1e-12)


def test_it_is_linear_regression_on_what_the_first_stage_gives():
    first = np.column_stack([Z @ linear_fit(Z, X[:, j], W).params for j in range(3)])
    assert_allclose(two_stage_fit(X, Z, Y, W).params, linear_fit(first, Y, W).params, rtol=1e-8)


def test_one_binary_instrument_is_walds_ratio_of_differences():
    z = np.column_stack([np.ones(60), np.arange(60) % 2]).astype(float)
    x = np.column_stack([np.ones(60), X[:, 2] + 2 * z[:, 1]])
    on, off = (np.average(np.column_stack([Y, x[:, 1]])[z[:, 1] == g], axis=0, weights=W[z[:, 1] == g]) for g in (1, 0))
    assert_allclose(two_stage_fit(x, z, Y, W).params[1], (on - off)[0] / (on - off)[1], rtol=1e-10)


def test_other_combinations_of_the_instruments_give_the_same():
    turned = Z @ np.random.default_rng(1).normal(size=(4, 4))
    assert_allclose(two_stage_fit(X, turned, Y, W).params, two_stage_fit(X, Z, Y, W).params, rtol=1e-8)


def test_a_slope_that_was_drawn_is_found_where_least_squares_misses_it():
    rng = np.random.default_rng(5)
    common, z = rng.normal(size=4000), rng.normal(size=(4000, 2))
    x = np.column_stack([np.ones(4000), z @ [0.5, 0.3] + common + rng.normal(size=4000)])
    y, w = x @ [1, 0.6] + common + rng.normal(size=4000), np.ones(4000)
    tools = np.column_stack([np.ones(4000), z])
    fit, plain = two_stage_fit(x, tools, y, w), linear_fit(x, y, w)
    errors = np.sqrt(np.diag(fit.covariance))
    assert abs(fit.params[1] - 0.6) < 3 * errors[1]
    assert abs(plain.params[1] - 0.6) > 6 * np.sqrt(plain.covariance[1, 1])
    assert_allclose(np.sqrt(np.diag(fit.scores.T @ fit.scores)), errors, rtol=0.1)
    found = instruments(x, tools, y, w, [1])
    assert found.first_stage[0].value > 100
    assert found.wu_hausman.p < 1e-6
    assert found.sargan.p > 0.01
    wrong = instruments(x, tools, y + z[:, 1], w, [1])
    assert wrong.sargan.p < 1e-6


def test_the_scale_of_weights_does_not_move_the_tests():
    found, scaled = instruments(X, Z, Y, W, [2]), instruments(X, Z, Y, 7.3 * W, [2])
    assert_allclose(scaled.wu_hausman.value, found.wu_hausman.value, rtol=1e-9)
    assert_allclose(scaled.sargan.value, found.sargan.value, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: two_stage_fit(X, X[:, :2], Y, W), "2 instruments cannot tell 3 coefficients"),
        (lambda: two_stage_fit(X, np.column_stack([Z, np.ones(60)]), Y, W), "linear combinations"),
        (lambda: instruments(X, Z[:, [0, 2, 3]], Y, W, [2]), "An exogenous covariate is not among the instruments"),
        (lambda: two_stage_fit(X[:3], Z[:3, :3], Y[:3], np.ones(3)), "3 respondents cannot tell 3"),
    ],
)
def test_what_has_no_estimate_is_refused_by_name(call, words):
    with pytest.raises(DataError, match=words):
        call()


def test_an_instrument_without_any_correlation_is_refused():
    """Exactly uncorrelated in the sample: the fitted covariate is a combination of the others."""
    z = np.column_stack([np.ones(8), np.tile([-1.0, 1.0], 4)])
    x = np.column_stack([np.ones(8), np.repeat([0.0, 1.0, 2.0, 3.0], 2)])
    with pytest.raises(DataError, match="The instruments give nothing of an endogenous covariate"):
        two_stage_fit(x, z, np.arange(8.0), np.ones(8))
