"""Three probits with correlated errors: derivatives, closed forms, pairs and marginals, bounds; R in the references."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.bivariate_normal import bivariate_normal_cdf
from surveyanalysis.estimators.bivariate_probit import bivariate_probit_fit
from surveyanalysis.estimators.trivariate_likelihood import probability
from surveyanalysis.estimators.trivariate_normal import trivariate_normal_cdf
from surveyanalysis.estimators.trivariate_probit import trivariate_probit_fit

from .registry_limits import triple_parts, triple_sample
from .test_limits import checked_curves

SAMPLE = triple_sample()
X, Y = triple_parts(SAMPLE)
W = SAMPLE.weights
ONE = np.ones((90, 1))


def test_probabilities_have_their_derivatives():
    rng = np.random.default_rng(1)
    at = 0.8 * rng.normal(size=(6, 9))
    at[3:] *= 0.6
    signs = np.sign(rng.normal(size=(3, 9)))
    checked_curves(lambda values: probability(values, signs), at)


def test_eight_probabilities_sum_to_one():
    at = np.array([[0.3, -1], [0.2, 0.5], [-0.4, 0.1], [0.5, -0.6], [0.3, 0.2], [-0.4, 0.7]])
    cells = [[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    found = [probability(at, np.array(cell)[:, None] * np.ones(2)) for cell in cells]
    assert_allclose(sum(p.value for p in found), 1, rtol=1e-14)
    assert_allclose(sum(p.first for p in found), 0, atol=1e-14)
    assert_allclose(sum(p.second for p in found), 0, atol=1e-13)


def test_the_orthant_has_its_closed_form():
    """1/8 + (asin r12 + asin r13 + asin r23) / (4 pi)."""
    r = np.array([[0.5, -0.3, 0.9], [0.2, 0.4, 0.85], [-0.4, 0.1, 0.8]])
    expected = 1 / 8 + np.arcsin(r).sum(axis=0) / (4 * np.pi)
    assert_allclose(trivariate_normal_cdf(np.zeros((3, 3)), r), expected, atol=1e-15)


@pytest.mark.parametrize("r", [-0.7, 0.2, 0.9])
def test_an_independent_third_is_a_factor_wherever_it_stands(r):
    h, zero = np.array([[0.3], [-0.8], [1.1]]), np.zeros(1)
    one = np.array([r])
    from scipy.special import ndtr

    for place, pair, alone in ((0, (0, 1), 2), (1, (0, 2), 1), (2, (1, 2), 0)):
        corr = np.stack([one if c == place else zero for c in range(3)])
        expected = bivariate_normal_cdf(h[pair[0]], h[pair[1]], one) * ndtr(h[alone])
        assert_allclose(trivariate_normal_cdf(h, corr), expected, rtol=1e-14)


def test_correlations_that_cannot_occur_together_have_no_probability():
    assert np.isnan(trivariate_normal_cdf(np.zeros((3, 1)), np.array([[0.9], [0.9], [-0.9]])))


def test_constants_alone_give_about_the_margins_and_the_pairs():
    """Eight cells and six parameters: margins and pairs are met as far as one distribution can."""
    fit = trivariate_probit_fit([ONE] * 3, Y, W)
    margins = [binary_fit(ONE, Y[:, j].astype(float), W, "probit").params[0] for j in range(3)]
    pair = bivariate_probit_fit(ONE, Y[:, 0], ONE, Y[:, 1], W)
    assert_allclose(fit.params[:3], margins, atol=0.05)
    assert_allclose(fit.params[3], pair.params[2], atol=0.1)


def test_exchanging_answers_exchanges_slopes_and_correlations():
    fit = trivariate_probit_fit(X, Y, W)
    turned = trivariate_probit_fit(X[::-1], Y[:, ::-1], W)
    assert_allclose(turned.params, fit.params[[4, 5, 6, 2, 3, 0, 1, 9, 8, 7]], rtol=1e-7, atol=1e-10)


def test_exchanging_yes_and_no_of_one_answer_turns_its_slopes_and_correlations():
    fit = trivariate_probit_fit(X, Y, W)
    other = Y.copy()
    other[:, 1] = 1 - Y[:, 1]
    turned = trivariate_probit_fit(X, other, W)
    sign = np.array([1, 1, -1, -1, 1, 1, 1, -1, 1, -1])
    assert_allclose(turned.params, sign * fit.params, rtol=1e-7, atol=1e-10)
    assert_allclose(turned.loglik, fit.loglik, rtol=1e-12)


def test_correlations_that_were_drawn_are_found():
    rng = np.random.default_rng(7)
    z = np.column_stack([np.ones(1500), rng.normal(size=1500)])
    e = rng.multivariate_normal(np.zeros(3), [[1, 0.5, 0.3], [0.5, 1, -0.2], [0.3, -0.2, 1]], 1500)
    slopes = np.array([[0.2, 0.5], [-0.1, 0.4], [0.1, -0.6]])
    fit = trivariate_probit_fit([z] * 3, (z @ slopes.T + e > 0).astype(int), np.ones(1500))
    true = np.append(slopes.ravel(), np.arctanh([0.5, 0.3, -0.2]))
    assert fit.converged
    assert np.abs((fit.params - true) / np.sqrt(np.diag(fit.covariance))).max() < 3


def test_correlations_at_their_bound_are_told():
    rng = np.random.default_rng(3)
    e = rng.multivariate_normal(np.zeros(2), [[1, 0.3], [0.3, 1]], 200)
    first, second = e[:, 0] > 0.2, e[:, 1] > -0.1
    y = np.column_stack([first, second, first & (rng.random(200) < 0.8)]).astype(int)
    fit = trivariate_probit_fit([np.ones((200, 1))] * 3, y, np.ones(200))
    assert not fit.converged
    assert "run to the end of those that exist" in fit.message
    assert np.isnan(fit.scores).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: trivariate_probit_fit(X[:2], Y[:, :2], W), "Three answers are needed"),
        (lambda: trivariate_probit_fit(X, Y + 1, W), "all must be 0 or 1"),
        (lambda: trivariate_probit_fit(X, 0 * Y, W), "nothing to explain"),
    ],
)
def test_what_has_no_estimate_is_refused_by_name(call, words):
    with pytest.raises(DataError, match=words):
        call()
