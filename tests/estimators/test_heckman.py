"""Sample selection: R's values, printed tables, independence, simulations, bounds, refusals."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.heckman import heckman_fit, selected_rows
from surveyanalysis.estimators.heckman_response import heckman_response
from surveyanalysis.estimators.heckman_two_step import heckman_two_step_fit
from surveyanalysis.estimators.joint import Joint, joint_likelihood
from surveyanalysis.estimators.tobit import tobit_fit
from tests.references import case, data

from .registry_limits import selected_sample
from .test_limits import checked_curves
from .test_properties import gradient
from .test_references import close, matrix

OUTCOMES = {"c.heckman.mroz.greene": "wage", "c.heckman.mroz.lwage": "lwage"}
SAMPLE = selected_sample()
SEEN = np.isfinite(SAMPLE.y).astype(float)
X, Y, Z, W = SAMPLE.x[:, [0, 1, 3]], SAMPLE.y, SAMPLE.x, SAMPLE.weights


def parts(name):
    """x, y, z, selected and weights of one of Mroz's cases."""
    reference, frame = case(name), data("PSID1976")
    labels = list(reference.values["ml"]["coef"])
    x = matrix(frame, [label[4:] for label in labels if label.startswith("out:")])
    z = matrix(frame, [label[4:] for label in labels if label.startswith("sel:")])
    y, seen = frame[OUTCOMES[name]].to_numpy(float), frame["s"].to_numpy(float)
    return reference, (x, y, z, seen, np.ones(len(y)))


def drawn(rho, n=4000, seed=2):
    rng = np.random.default_rng(seed)
    z = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    u, v = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n).T
    seen = 0.3 + z[:, 1:] @ [0.5, 1.0] + v > 0
    y = np.where(seen, 1 + 0.7 * z[:, 1] + 1.5 * u, np.nan)
    return z[:, :2], y, z, seen.astype(float), np.ones(n)


@pytest.mark.parametrize("name", OUTCOMES)
def test_maximum_likelihood_equals_r_by_hand(name):
    reference, given = parts(name)
    fit, expected = heckman_fit(*given), reference.values["ml"]
    assert fit.converged
    close(fit.params, list(expected["coef"].values()), reference.rtol)
    close(fit.covariance, expected["vcov"]["matrix"], reference.rtol)
    assert_allclose(fit.loglik, expected["logLik"], rtol=reference.rtol)


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_two_steps_and_their_corrected_errors_equal_r_by_hand(name):
    reference, given = parts(name)
    fit, expected = heckman_two_step_fit(*given), reference.values["twostep"]
    k = len(expected["coef"])
    close(fit.params[:k], list(expected["coef"].values()), reference.rtol)
    close(np.sqrt(np.diag(fit.covariance)[:k]), list(expected["se"].values()), reference.rtol)
    close(fit.params[k:-2], list(expected["probit"].values()), reference.rtol)
    close([np.exp(fit.params[-2]), fit.params[-1]], [expected["sigma"], expected["rho"]], reference.rtol)
    assert np.isnan(fit.covariance[-2:]).all()
    assert np.isfinite(fit.covariance[:-2, :-2]).all()


def test_mrozs_wages_equal_printed_stata_output():
    """Wooldridge, example 17.5: two-step in every digit; maximum likelihood within the flat likelihood's 5e-5."""
    _, given = parts("c.heckman.mroz.lwage")
    steps, fit = heckman_two_step_fit(*given), heckman_fit(*given)
    printed = [-0.5781032, 0.1090655, 0.0438873, -0.0008591, 0.0322619]
    assert_allclose(steps.params[:5], printed, rtol=0, atol=5.1e-8)
    errors = np.sqrt(np.diag(steps.covariance)[:5])
    assert_allclose(errors, [0.3050062, 0.015523, 0.0162611, 0.0004389, 0.1336246], rtol=0, atol=5e-7)
    assert_allclose(fit.params[-2:], [-0.4103809, 0.026614], rtol=5e-5)
    assert_allclose(fit.loglik, -832.8851, rtol=0, atol=5e-5)


def test_a_higher_maximum_elsewhere_is_told():
    """Wages in dollars: rho -0.13 is the textbook's, beside the two-step estimate; rho 0.99 has more likelihood."""
    _, given = parts("c.heckman.mroz.greene")
    assert "a correlation of 0.993 has a log-likelihood higher by 101.60" in heckman_fit(*given).message
    _, given = parts("c.heckman.mroz.lwage")
    assert heckman_fit(*given).message == ""


def test_gradient_and_hessian_are_derivatives_at_any_correlation():
    joint = Joint((X, np.ones((len(Y), 1)), Z, np.ones((len(Y), 1))), W, selected_rows(np.nan_to_num(Y), SEEN == 1))
    for angle in (-2.0, -0.4, 0.0, 1.5):
        at = np.array([0.3, -0.2, 0.4, 0.8, 0.1, 0.5, 0.3, -0.2, angle])
        _, score, information = joint_likelihood(joint, at)
        close(score, gradient(lambda p: joint_likelihood(joint, p)[0], at), 1e-7)
        close(information, -gradient(lambda p: joint_likelihood(joint, p)[1], at), 1e-7)


def test_without_correlation_it_is_a_linear_model_and_a_probit():
    joint = Joint((X, np.ones((len(Y), 1)), Z, np.ones((len(Y), 1))), W, selected_rows(np.nan_to_num(Y), SEEN == 1))
    seen = SEEN == 1
    alone, probit = tobit_fit(X[seen], Y[seen], W[seen], lower=-np.inf), binary_fit(Z, SEEN, W, "probit")
    theta = np.exp(-alone.params[-1])
    at = np.concatenate([alone.params[:-1] * theta, [theta], probit.params, [0.0]])
    value, score, _ = joint_likelihood(joint, at)
    assert_allclose(value, alone.loglik + probit.loglik, rtol=1e-12)
    assert np.abs(score[:-1]).max() < 1e-8 * W.sum()
    assert heckman_fit(X, Y, Z, SEEN, W).loglik > value


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.7])
def test_slopes_and_a_correlation_that_were_drawn_are_found(rho):
    given = drawn(rho)
    fit, steps = heckman_fit(*given), heckman_two_step_fit(*given)
    true = np.array([1, 0.7, 0.3, 0.5, 1.0, np.log(1.5), np.arctanh(rho)])
    assert np.abs((fit.params - true) / np.sqrt(np.diag(fit.covariance))).max() < 3
    design = np.sqrt(np.diag(steps.scores.T @ steps.scores))
    known = np.array([1, 0.7, 1.5 * rho, 0.3, 0.5, 1.0, np.log(1.5), rho])
    assert np.abs((steps.params - known) / design).max() < 3
    assert_allclose(design[:3], np.sqrt(np.diag(steps.covariance)[:3]), rtol=0.1)


def test_what_those_not_selected_hold_is_not_looked_at():
    filled = np.where(SEEN == 1, Y, 1e9)
    empty = np.where(SEEN[:, None] == 1, X, np.nan)
    fit = heckman_fit(X, Y, Z, SEEN, W)
    assert_allclose(heckman_fit(empty, filled, Z, SEEN, W).params, fit.params, rtol=1e-12)
    assert_allclose(
        heckman_two_step_fit(empty, filled, Z, SEEN, W).params, heckman_two_step_fit(X, Y, Z, SEEN, W).params
    )


@pytest.mark.parametrize("what", ["latent", "selected", "probability", "observed"])
def test_responses_have_their_derivatives(what):
    at = np.stack([np.linspace(-1, 2, 6), np.linspace(-2, 2, 6), np.linspace(-0.5, 0.5, 6), np.linspace(-1, 1.5, 6)])
    checked_curves(lambda p: heckman_response(p, what), at)


def test_the_mean_of_those_selected_is_that_of_draws():
    rng = np.random.default_rng(5)
    u, v = rng.multivariate_normal([0, 0], [[1, -0.6], [-0.6, 1]], 400_000).T
    seen = 0.4 + v > 0
    at = np.array([[1.0], [0.4], [np.log(2.0)], [np.arctanh(-0.6)]])
    assert_allclose(heckman_response(at, "selected").value, (1 + 2 * u[seen]).mean(), atol=0.02)
    assert_allclose(heckman_response(at, "observed").value, np.where(seen, 1 + 2 * u, 0).mean(), atol=0.02)


def test_a_correlation_at_its_bound_is_told():
    """The outcome's error is that of selection: nothing of the outcome is left to chance once selection is known."""
    rng = np.random.default_rng(1)
    z = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    latent = z @ [0.2, 0.6, 0.8] + rng.normal(size=300)
    fit = heckman_fit(z[:, :2], 2 + latent - 0.8 * z[:, 2], z, (latent > 0).astype(float), np.ones(300))
    assert not fit.converged
    assert "runs to its bound 1 and" in fit.message


@pytest.mark.parametrize(
    ("selected", "words"),
    [(np.ones(160), "everybody is seen"), (np.zeros(160), "nobody is seen"), (SEEN + 1, "it must be 0 or 1")],
)
def test_a_selection_without_variation_is_refused(selected, words):
    y = np.nan_to_num(Y)
    for fit in (heckman_fit, heckman_two_step_fit):
        with pytest.raises(DataError, match=words):
            fit(X, y, Z, selected, W)


def test_a_mills_ratio_that_is_a_combination_of_covariates_is_refused():
    """One dummy in both equations: the ratio takes two values."""
    z = np.column_stack([np.ones(60), np.arange(60) % 2]).astype(float)
    seen = (np.arange(60) % 3 > 0).astype(float)
    with pytest.raises(DataError, match="Add a covariate of selection alone"):
        heckman_two_step_fit(z, np.random.default_rng(1).normal(size=60), z, seen, np.ones(60))


def test_a_selection_that_is_separated_is_told():
    z = np.column_stack([np.ones(60), np.arange(60.0)])
    seen = (np.arange(60) > 29).astype(float)
    for fit in (heckman_fit, heckman_two_step_fit):
        found = fit(z[:, :1], np.arange(60.0), z, seen, np.ones(60))
        assert not found.converged
        assert found.message.startswith("the probit of selection has no solution")


def test_a_correlation_so_far_beyond_1_that_a_variance_were_negative_has_no_model_based_errors():
    """No covariate of selection alone, and an outcome that is large at both ends of those selected."""
    rng = np.random.default_rng(4)
    z = np.column_stack([np.ones(200), rng.normal(size=200)])
    seen = (0.3 + 0.5 * z[:, 1] + rng.normal(size=200) > 0).astype(float)
    y = 4 * (z[:, 1] - 0.5) ** 2 + rng.normal(size=200)
    fit = heckman_two_step_fit(z, y, z, seen, np.ones(200))
    assert abs(fit.params[-1]) > 1
    assert np.isnan(fit.covariance[:3]).all()
    assert (np.diag(fit.covariance)[3:5] > 0).all() and np.isfinite(fit.scores).all()
