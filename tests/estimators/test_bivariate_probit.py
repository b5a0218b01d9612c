"""Two probits with correlated errors: derivatives, closed forms, symmetry, refusals; R in test_ordered_references."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.bivariate_likelihood import Pair, pair_likelihood
from surveyanalysis.estimators.bivariate_normal import bivariate_normal_cdf
from surveyanalysis.estimators.bivariate_probit import bivariate_probit_fit
from surveyanalysis.estimators.bivariate_response import bivariate_jacobian, bivariate_probabilities
from surveyanalysis.estimators.fit import numeric_scores
from surveyanalysis.estimators.independence import independence
from tests.references import data

from .registry import paired_sample
from .test_properties import gradient

SAMPLE = paired_sample()
X1, X2, Y1, Y2, W = SAMPLE.x, SAMPLE.x[:, :2], SAMPLE.y // 2, SAMPLE.y % 2, SAMPLE.weights
ONE = np.ones((60, 1))


@pytest.mark.parametrize("angle", [-2.5, -1.7, -0.5, 0.0, 0.3, 1.6, 1.65, 2.5])
def test_gradient_and_hessian_are_derivatives_at_any_correlation(angle):
    """On both sides of where the distribution function changes its formula, atanh(0.925) = 1.62."""
    pair = Pair(X1, X2, 2.0 * Y1 - 1, 2.0 * Y2 - 1, W)
    at = np.append(np.random.default_rng(3).normal(scale=0.3, size=6), angle)
    value, score, information = pair_likelihood(pair, at)
    assert np.isfinite(value)
    numeric = gradient(lambda p: pair_likelihood(pair, p)[0], at)
    assert_allclose(score, numeric, rtol=1e-6, atol=1e-6 * np.abs(score).max())
    curved = -gradient(lambda p: pair_likelihood(pair, p)[1], at)
    assert_allclose(information, curved, rtol=1e-6, atol=1e-6 * np.abs(information).max())


def test_constants_alone_give_margins_and_the_tetrachoric_correlation():
    """A saturated 2 x 2 table: its four weighted shares are met."""
    fit = bivariate_probit_fit(ONE, Y1, ONE, Y2, W)
    shares = np.bincount(2 * Y1 + Y2, W) / W.sum()
    assert_allclose(fit.params[:2], stats.norm.ppf([shares[2:].sum(), shares[[1, 3]].sum()]), rtol=1e-9)
    assert_allclose(bivariate_normal_cdf(fit.params[0], fit.params[1], np.tanh(fit.params[2])), shares[3], rtol=1e-10)
    assert_allclose(bivariate_probabilities(fit.params, ONE, ONE)[0], shares, rtol=1e-9)


def test_exchanging_yes_and_no_of_one_answer_turns_its_slopes_and_the_correlation():
    fit = bivariate_probit_fit(X1, Y1, X2, Y2, W)
    turned = bivariate_probit_fit(X1, Y1, X2, 1 - Y2, W)
    sign = np.array([1, 1, 1, 1, -1, -1, -1])
    assert_allclose(turned.params, sign * fit.params, rtol=1e-8)
    assert_allclose(turned.loglik, fit.loglik, rtol=1e-12)
    assert_allclose(turned.scores, sign * fit.scores, rtol=1e-6, atol=1e-11)


def test_exchanging_the_answers_exchanges_their_slopes():
    fit, other = bivariate_probit_fit(X1, Y1, X2, Y2, W), bivariate_probit_fit(X2, Y2, X1, Y1, W)
    assert_allclose(other.params, fit.params[[4, 5, 0, 1, 2, 3, 6]], rtol=1e-8)


def test_a_table_without_association_has_correlation_zero():
    y1, y2 = np.repeat([0, 1], 30), np.tile([0, 1, 1], 20)
    fit = bivariate_probit_fit(ONE, y1, ONE, y2, np.ones(60))
    assert abs(fit.params[-1]) < 1e-9
    single = binary_fit(ONE, y1.astype(float), np.ones(60), "probit")
    assert_allclose(fit.loglik, independence(ONE, y1, ONE, y2, np.ones(60)).loglik, rtol=1e-13)
    assert_allclose(fit.covariance[0, 0], single.covariance[0, 0], rtol=1e-9)


def test_a_correlation_that_was_drawn_is_found():
    rng = np.random.default_rng(11)
    x = np.column_stack([np.ones(3000), rng.normal(size=3000)])
    e = rng.multivariate_normal([0, 0], [[1, -0.7], [-0.7, 1]], 3000)
    y1, y2 = (x @ [0.2, 0.6] + e[:, 0] > 0).astype(int), (x @ [-0.3, 0.4] + e[:, 1] > 0).astype(int)
    fit = bivariate_probit_fit(x, y1, x, y2, np.ones(3000))
    z = (fit.params - [0.2, 0.6, -0.3, 0.4, np.arctanh(-0.7)]) / np.sqrt(np.diag(fit.covariance))
    assert np.abs(z).max() < 3


def test_a_correlation_can_run_to_its_bound_though_all_four_combinations_occur():
    """Nelder and Mead from seven starts finds the same supremum, at correlations above 0.9998."""
    rng = np.random.default_rng(51)
    x = np.column_stack([np.ones(57), rng.normal(size=57), rng.integers(0, 2, 57)])
    r = rng.uniform(-0.95, 0.95)
    e = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], 57)
    y1, y2 = (x @ [0.2, 0.8, -0.5] + e[:, 0] > 0) * 1, (x @ [-0.3, -0.5, 0.6] + e[:, 1] > 0) * 1
    fit = bivariate_probit_fit(x, y1, x, y2, rng.uniform(0.3, 3, 57))
    assert set(2 * y1 + y2) == {0, 1, 2, 3}
    assert "runs to its bound 1 and" in fit.message
    assert_allclose(fit.loglik, -84.5059561335, rtol=1e-10)


@pytest.mark.parametrize("turn", [False, True])
def test_a_correlation_at_its_bound_is_told(turn):
    """Schools get awards only where they met the school-wide target: one of four combinations never occurs."""
    frame = data("apistrat")
    x, w = np.column_stack([np.ones(200), frame["ell"], frame["meals"]]).astype(float), frame["pw"].to_numpy(float)
    y1, y2 = (frame["sch.wide"] == "Yes").to_numpy(float), (frame["awards"] == "Yes").to_numpy(float)
    fit = bivariate_probit_fit(x, y1, x[:, :2], 1 - y2 if turn else y2, w)
    assert not fit.converged
    assert f"runs to its bound {'-1' if turn else '1'} and" in fit.message
    assert np.isnan(fit.scores).all()


def test_the_four_probabilities_have_the_derivatives_of_the_jacobian():
    fit, step = bivariate_probit_fit(X1, Y1, X2, Y2, W), 1e-6
    chance = bivariate_probabilities(fit.params, X1, X2)
    assert_allclose(chance.sum(axis=1), 1, rtol=1e-14)
    assert_allclose(W @ np.log(chance[np.arange(60), 2 * Y1 + Y2]), fit.loglik, rtol=1e-12)
    numeric = np.stack(
        [
            (bivariate_probabilities(fit.params + m, X1, X2) - bivariate_probabilities(fit.params - m, X1, X2)) / 2e-6
            for m in step * np.eye(7)
        ],
        axis=2,
    )
    assert_allclose(bivariate_jacobian(fit.params, X1, X2), numeric, atol=1e-9)


def test_the_score_of_no_correlation_is_the_derivative_of_the_log_likelihood_there():
    first, second = (binary_fit(x, y.astype(float), W, "probit") for x, y in ((X1, Y1), (X2, Y2)))
    pair, found = Pair(X1, X2, 2.0 * Y1 - 1, 2.0 * Y2 - 1, W), independence(X1, Y1, X2, Y2, W)
    at = np.concatenate([first.params, second.params, [0]])
    assert_allclose(found.score, pair_likelihood(pair, at)[1][-1], rtol=1e-12)
    assert_allclose(found.loglik, pair_likelihood(pair, at)[0], rtol=1e-13)


def test_contributions_to_the_score_are_its_derivative_by_weight_times_weight():
    class Found:
        def __init__(self, w):
            self.params = np.array([independence(X1, Y1, X2, Y2, w).score])

    oracle = numeric_scores(Found, W)[:, 0]
    assert_allclose(independence(X1, Y1, X2, Y2, W).contributions, oracle, rtol=0, atol=1e-7 * np.abs(oracle).max())


def test_score_ratio_and_wald_agree_near_the_hypothesis():
    """Theory: the three statistics of a small true correlation in a large sample."""
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(4000), rng.normal(size=4000)])
    e = rng.multivariate_normal([0, 0], [[1, 0.08], [0.08, 1]], 4000)
    y1, y2 = (x @ [0.2, 0.6] + e[:, 0] > 0).astype(int), (x @ [-0.3, 0.4] + e[:, 1] > 0).astype(int)
    fit, apart = (f(x, y1, x, y2, np.ones(4000)) for f in (bivariate_probit_fit, independence))
    score, ratio = apart.score**2 / apart.information, 2 * (fit.loglik - apart.loglik)
    wald = fit.params[-1] ** 2 / fit.covariance[-1, -1]
    robust = apart.score**2 / (apart.contributions @ apart.contributions)
    assert_allclose([score, wald, robust], ratio, rtol=0.1)


def test_an_answer_that_alone_has_no_solution_is_named():
    x = np.column_stack([np.ones(60), np.arange(60) >= 45]).astype(float)
    y = np.where(np.arange(60) >= 45, 1, np.arange(60) % 2)
    fit = bivariate_probit_fit(ONE, Y1, x, y, np.ones(60))
    assert not fit.converged
    assert fit.message.startswith("the probit of the second answer alone has no solution")
    assert fit.scores.shape == (60, 4)
    with pytest.raises(DataError, match="second answer alone"):
        independence(ONE, Y1, x, y, np.ones(60))


@pytest.mark.parametrize(
    ("y1", "message"),
    [(Y1 + 1, "The first answer holds 2; both must be 0 or 1"), (Y1 * 0, "is 0 in all"), (Y1 / 2, "holds 0.5")],
)
def test_answers_other_than_yes_and_no_are_refused(y1, message):
    with pytest.raises(DataError, match=message):
        bivariate_probit_fit(X1, y1, X2, Y2, W)


def test_covariates_of_another_number_of_rows_are_refused():
    with pytest.raises(DataError, match="Rows do not match"):
        bivariate_probit_fit(X1, Y1, X2[:50], Y2, W)
