"""Tobit, interval, truncated and two-part models: R's values, closed forms, effects, simulations, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.average_effects import average_effects
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.interval import interval_fit
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.tobit import tobit_fit
from surveyanalysis.estimators.tobit_response import tobit_response
from surveyanalysis.estimators.truncated import truncated_fit
from surveyanalysis.estimators.two_part import two_part_fit, two_part_response
from tests.references import case, data

from .registry import binary_log_likelihood
from .registry_limits import latent_sample, positive_sample, truncated_log_likelihood, zeros_sample
from .test_properties import gradient
from .test_references import close, matrix

SAMPLE = latent_sample()
X, Y, W = SAMPLE.x, SAMPLE.y, SAMPLE.weights
ONE = np.ones((5, 1))


def affairs(name):
    """Covariates and outcome of one of the cases of Fair's survey."""
    reference, frame = case(name), data("Affairs")
    labels = [label for label in reference.values["coef"] if label != "log_sigma"]
    return reference, matrix(frame, labels), frame["affairs"].to_numpy(float)


def checked_curves(function, predictors):
    """Value, first and second derivatives of curves against central differences of value and of first."""
    found = function(predictors)
    for j in range(len(predictors)):
        step = np.zeros_like(predictors)
        step[j] = 1e-5
        up, down = function(predictors + step), function(predictors - step)
        assert_allclose(found.first[j], (up.value - down.value) / 2e-5, rtol=1e-6, atol=1e-8)
        assert_allclose(found.second[j], (up.first - down.first) / 2e-5, rtol=1e-6, atol=1e-8)
    return found


def test_tobit_equals_r_aer_tobit_with_two_limits():
    reference, x, y = affairs("c.tobit.affairs.0.4")
    fit = tobit_fit(x, y, np.ones(len(y)), lower=0, upper=4)
    close(fit.params, reference.series("coef"), reference.rtol)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    assert_allclose(np.exp(fit.params[-1]), reference.values["sigma"], rtol=reference.rtol)


def test_average_effects_on_the_observed_outcome_equal_r_with_their_errors():
    reference, x, y = affairs("c.tobit.affairs.0.4")
    fit = tobit_fit(x, y, np.ones(len(y)), lower=0, upper=4)
    one = np.ones((len(y), 1))
    at = np.stack([x @ fit.params[:-1], np.full(len(y), fit.params[-1])])
    curves = tobit_response(at, "observed", lower=0, upper=4)
    effects, jacobian = average_effects(curves, [x, one], np.ones(len(y)), fit.params, [{0: j} for j in range(6)])
    expected = reference.values["ame_censored"]
    close(effects[1:], list(expected["ame"].values()), reference.rtol)
    errors = np.sqrt(np.diag(jacobian @ fit.covariance @ jacobian.T))[1:]
    close(errors, list(expected["se"].values()), reference.rtol)


def test_tobit_equals_the_printed_table_of_fairs_data():
    """Kleiber and Zeileis 2008, chapter 5: left limit 0; estimates, errors, log-likelihood, scale as printed."""
    _, x, y = affairs("c.tobit.affairs.0.4")
    fit = tobit_fit(x, y, np.ones(len(y)))
    assert_allclose(fit.params, [8.1742, -0.1793, 0.5541, -1.6862, 0.3261, -2.2850, 2.1099], atol=5.1e-5)
    errors = np.sqrt(np.diag(fit.covariance))
    assert_allclose(errors, [2.7414, 0.0791, 0.1345, 0.4038, 0.2544, 0.4078, 0.0671], atol=5.1e-5)
    assert_allclose([fit.loglik, np.exp(fit.params[-1])], [-705.576, 8.2471], atol=5e-4)


def test_the_sandwich_of_fairs_data_gives_the_printed_wald_test():
    """Kleiber and Zeileis 2008, chapter 5: age and occupation are 0, chi-squared 4.91, p 0.086."""
    _, x, y = affairs("c.tobit.affairs.0.4")
    fit = tobit_fit(x, y, np.ones(len(y)))
    at, robust = fit.params[[1, 4]], (fit.scores.T @ fit.scores)[np.ix_([1, 4], [1, 4])]
    wald = at @ np.linalg.solve(robust, at)
    assert abs(wald - 4.91) < 0.005
    assert abs(stats.chi2.sf(wald, 2) - 0.086) < 0.0005


def test_tobit_of_hours_equals_wooldridges_table():
    """Wooldridge, Introductory Econometrics, table 17.3: slopes as printed, sigma 1122.02, log-likelihood -3819.09."""
    frame = data("PSID1976")
    labels = ["nwi", "education", "experience", "I(experience^2)", "age", "youngkids", "oldkids"]
    x, y = matrix(frame, ["(Intercept)", *labels]), frame["hours"].to_numpy(float)
    fit = tobit_fit(x, y, np.ones(len(y)))
    printed = [965.31, -8.81, 80.65, 131.56, -1.86, -54.41, -894.02, -16.22]
    assert_allclose(fit.params[:-1], printed, rtol=0, atol=0.0051)
    assert_allclose([np.exp(fit.params[-1]), fit.loglik], [1122.02, -3819.095], rtol=0, atol=0.006)


def test_effects_of_a_covariate_that_acts_by_several_predictors_are_derivatives_of_the_mean():
    """Two parts and three predictors: the covariate moved in both, each parameter moved for the Jacobian."""
    sample = zeros_sample()
    x, z, w = sample.x, sample.x[:, :3], sample.weights
    one, step = np.ones((len(x), 1)), np.array([0.0, 0.0, 1e-5, 0.0])
    params = two_part_fit(z, x, sample.y, w).params

    def mean_at(moved, q):
        at = np.stack([(z + moved[:3]) @ q[:3], (x + moved) @ q[3:7], one[:, 0] * q[7]])
        return two_part_response(at, "observed")

    def effect(q):
        return w @ (mean_at(step, q).value - mean_at(-step, q).value) / w.sum() / 2e-5

    found, jacobian = average_effects(mean_at(0 * step, params), [z, x, one], w, params, [{0: 2, 1: 2}, {1: 3}])
    assert_allclose(found[0], effect(params), rtol=1e-7)
    assert_allclose(jacobian[0], gradient(effect, params, 1e-4), rtol=1e-4, atol=1e-5)


def test_truncated_and_cragg_models_equal_r_by_hand():
    reference, x, y = affairs("c.trunc.affairs")
    some = y > 0
    fit = truncated_fit(x[some], y[some], np.ones(some.sum()))
    close(fit.params, reference.series("coef"), reference.rtol)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    both = two_part_fit(x, x, y, np.ones(len(y)))
    assert_allclose(both.loglik, reference.values["cragg_logLik"], rtol=reference.rtol)
    close(both.params[:6], list(reference.values["probit_coef"].values()), reference.rtol)
    assert_allclose(both.params[6:], fit.params, rtol=1e-9)


def test_a_tobit_without_limits_is_linear_regression_with_the_ml_sigma():
    fit, linear = tobit_fit(X, Y, W, lower=-np.inf), linear_fit(X, Y, W)
    assert_allclose(fit.params[:-1], linear.params, rtol=1e-10)
    assert_allclose(fit.scores[:, :-1], linear.scores, rtol=0, atol=1e-12)
    variance = W @ (Y - X @ linear.params) ** 2 / W.sum()
    assert_allclose(np.exp(2 * fit.params[-1]), variance, rtol=1e-10)
    assert_allclose(fit.covariance[-1, -1], 1 / (2 * W.sum()), rtol=1e-9)
    assert_allclose(fit.params, tobit_fit(X, Y, W, lower=Y.min() - 1, upper=Y.max() + 1).params, rtol=1e-10)


def test_a_limit_that_nobody_reaches_is_none():
    lower = tobit_fit(X, Y, W, lower=0)
    fit = tobit_fit(X, Y, W, lower=0, upper=Y.max() + 50)
    assert_allclose(fit.params, lower.params, rtol=1e-10)
    assert_allclose(fit.scores, lower.scores, rtol=0, atol=1e-10)
    assert_allclose(fit.loglik, lower.loglik, rtol=1e-12)


def test_bands_without_width_are_linear_regression():
    fit, linear = interval_fit(X, Y, Y, W), linear_fit(X, Y, W)
    assert_allclose(fit.params[:-1], linear.params, rtol=1e-10)
    assert_allclose(fit.scores[:, :-1], linear.scores, rtol=0, atol=1e-12)
    density = stats.norm.logpdf(Y, X @ linear.params, np.exp(fit.params[-1]))
    assert_allclose(fit.loglik, W @ density, rtol=1e-12)


def test_two_parts_are_a_binary_model_and_linear_regression_of_logarithms():
    sample = zeros_sample()
    x, z, w, some = sample.x, sample.x[:, :3], sample.weights, sample.y > 0
    fit = two_part_fit(z, x, sample.y, w, positive="lognormal", link="logit")
    logit, linear = binary_fit(z, some.astype(float), w, "logit"), linear_fit(x[some], np.log(sample.y[some]), w[some])
    assert_allclose(fit.params[:-1], np.concatenate([logit.params, linear.params]), rtol=1e-9)
    assert_allclose(fit.scores[:, :3], logit.scores, rtol=0, atol=1e-10)
    assert_allclose(fit.scores[some][:, 3:-1], linear.scores, rtol=0, atol=1e-10)
    amount = stats.lognorm.logpdf(sample.y[some], np.exp(fit.params[-1]), scale=np.exp(x[some] @ linear.params))
    assert_allclose(fit.loglik, logit.loglik + w[some] @ amount, rtol=1e-12)


def test_a_tobit_is_an_interval_regression_with_open_ends():
    low = np.where(Y <= 0, -np.inf, np.minimum(Y, 2))
    high = np.where(Y >= 2, np.inf, np.maximum(Y, 0))
    fit, other = tobit_fit(X, Y, W, lower=0, upper=2), interval_fit(X, low, high, W)
    assert_allclose(other.params, fit.params, rtol=1e-12)
    assert_allclose(other.loglik, fit.loglik, rtol=1e-12)


def test_turning_the_outcome_turns_limits_and_slopes():
    fit, turned = tobit_fit(X, Y, W, lower=0, upper=2), tobit_fit(X, -Y, W, lower=-2, upper=0)
    assert_allclose(turned.params, fit.params * [-1, -1, -1, -1, 1], rtol=1e-9)


def test_the_outcomes_unit_and_origin_move_slopes_sigma_and_log_likelihood():
    fit, moved = tobit_fit(X, Y, W, lower=0, upper=2), tobit_fit(X, 5e4 * Y + 3e6, W, lower=3e6, upper=3.1e6)
    assert_allclose(moved.params[1:-1] / 5e4, fit.params[1:-1], rtol=1e-9)
    assert_allclose(moved.params[-1] - np.log(5e4), fit.params[-1], rtol=1e-9)
    inside = W[(Y > 0) & (Y < 2)].sum()
    assert_allclose(moved.loglik + inside * np.log(5e4), fit.loglik, rtol=1e-10)


def test_bands_alone_are_an_ordered_probit_with_known_thresholds():
    """Limits of one step more than two parameters: with two finite limits the models are the same."""
    low, high = np.select([Y < 0, Y < 2], [-np.inf, 0.0], 2.0), np.select([Y < 0, Y < 2], [0.0, 2.0], np.inf)
    fit = interval_fit(X, low, high, W)
    ordered = ordered_fit(X[:, 1:], np.digitize(Y, [0, 2]), W, 3, "probit")
    sigma = 2 / (ordered.params[1] - ordered.params[0])
    assert_allclose(fit.params[-1], np.log(sigma), rtol=1e-9)
    assert_allclose(fit.params[1:-1], sigma * ordered.params[2:], rtol=1e-8)
    assert_allclose(fit.params[0], -sigma * ordered.params[0], rtol=1e-8)
    assert_allclose(fit.loglik, ordered.loglik, rtol=1e-12)


def test_log_normal_bands_are_normal_bands_of_logarithms():
    low, high = np.exp(np.floor(Y)), np.exp(np.floor(Y) + 1)
    low[Y < -1], high[Y < -1] = 0.0, np.exp(-1)
    known = np.arange(len(Y)) % 3 == 0
    low[known] = high[known] = np.exp(Y[known])
    fit = interval_fit(X, low, high, W, distribution="lognormal")
    with np.errstate(divide="ignore"):
        logs = interval_fit(X, np.log(low), np.log(high), W)
    assert_allclose(fit.params, logs.params, rtol=1e-12)
    assert_allclose(fit.loglik, logs.loglik - W[known] @ Y[known], rtol=1e-12)


def test_the_tobit_is_a_two_part_model_with_slopes_in_common():
    """Cragg's likelihood with the probit's slopes b / sigma is the tobit's, so that its own maximum is not lower."""
    sample = zeros_sample()
    tobit = tobit_fit(sample.x, sample.y, sample.weights)
    cragg = two_part_fit(sample.x, sample.x, sample.y, sample.weights)
    some = sample.y > 0
    whether = binary_log_likelihood("probit")(
        tobit.params[:-1] / np.exp(tobit.params[-1]), replace(sample, y=some * 1.0)
    )
    within = truncated_log_likelihood(0, np.inf)(tobit.params, sample.rows(some))
    assert_allclose(whether + within, tobit.loglik, rtol=1e-12)
    assert cragg.loglik > tobit.loglik
    probit = binary_fit(sample.x, some.astype(float), sample.weights, "probit")
    assert_allclose(cragg.params[:4], probit.params, rtol=1e-12)
    assert_allclose(cragg.covariance[:4, 4:], 0)


@pytest.mark.parametrize("limits", [(0.0, np.inf), (-np.inf, 1.0), (-1.0, 2.0)])
@pytest.mark.parametrize("what", ["latent", "observed", "uncensored", "probability"])
def test_responses_have_their_derivatives_and_are_the_means_of_the_distribution(what, limits):
    at = np.stack([np.linspace(-3, 4, 9), np.linspace(-0.7, 0.6, 9)])
    found = checked_curves(lambda p: tobit_response(p, what, lower=limits[0], upper=limits[1]), at)
    draws = at[0][:, None] + np.exp(at[1])[:, None] * np.random.default_rng(1).normal(size=(9, 400_000))
    inside = (draws > limits[0]) & (draws < limits[1])
    with np.errstate(invalid="ignore"):
        means = {
            "latent": draws.mean(axis=1),
            "observed": np.clip(draws, *limits).mean(axis=1),
            "uncensored": (draws * inside).sum(axis=1) / np.maximum(inside.sum(axis=1), 1),
            "probability": inside.mean(axis=1),
        }
    many = inside.sum(axis=1) > 20_000
    assert_allclose(found.value[many], means[what][many], atol=0.015)


def test_the_effect_on_the_observed_mean_falls_into_mcdonald_and_moffitts_two_parts():
    at = np.stack([np.linspace(-2, 3, 7), np.full(7, 0.3)])
    seen, among, chance = (tobit_response(at, w) for w in ("observed", "uncensored", "probability"))
    assert_allclose(seen.first[0], chance.value, rtol=1e-12)
    assert_allclose(seen.first[0], chance.value * among.first[0] + among.value * chance.first[0], rtol=1e-12)


def test_responses_keep_their_digits_far_below_the_limit():
    """Mills' ratio by its continued fraction: the mean above 0 of a normal variable with mean -30 is near 1 / 30."""
    found = tobit_response(np.array([[-30.0], [0.0]]), "uncensored")
    assert_allclose(found.value, 1 / (30 + 2 / (30 + 3 / (30 + 4 / 30))), rtol=1e-5)
    assert 0 < found.first[0, 0] < 0.01


@pytest.mark.parametrize("positive", ["truncated", "lognormal"])
@pytest.mark.parametrize("what", ["observed", "positive", "probability"])
def test_two_part_responses_have_their_derivatives(what, positive):
    at = np.stack([np.linspace(-1, 2, 5), np.linspace(-1, 2, 5)[::-1], np.linspace(-0.5, 0.5, 5)])
    for link in ("probit", "logit"):
        checked_curves(lambda p, link=link: two_part_response(p, what, positive=positive, link=link), at)


def test_two_part_means_are_probability_times_mean():
    at = np.stack([np.linspace(-1, 2, 5), np.linspace(0, 1, 5), np.zeros(5)])
    parts = [two_part_response(at, w, positive="lognormal").value for w in ("observed", "probability", "positive")]
    assert_allclose(parts[0], parts[1] * parts[2])
    assert_allclose(parts[2], np.exp(at[1] + 0.5))


def test_slopes_that_were_drawn_are_found_behind_limits_and_bands():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(4000), rng.normal(size=4000), rng.integers(0, 2, 4000)])
    true = np.array([0.5, 1.0, -0.8, np.log(1.5)])
    y = x @ true[:3] + 1.5 * rng.normal(size=4000)
    w = np.ones(4000)
    inside = y > 0
    fits = [
        tobit_fit(x, y, w, lower=0, upper=2),
        interval_fit(x, np.floor(y), np.floor(y) + 1, w),
        truncated_fit(x[inside], y[inside], w[inside]),
    ]
    for fit in fits:
        assert fit.converged
        assert np.abs((fit.params - true) / np.sqrt(np.diag(fit.covariance))).max() < 3


def test_the_information_of_the_likelihoods_is_their_hessian_away_from_the_maximum():
    """By the gradient of the block-wise sum at parameters that are no solution."""
    from surveyanalysis.estimators.interval import between_rows
    from surveyanalysis.estimators.joint import Joint, joint_likelihood
    from surveyanalysis.estimators.truncated import truncated_rows

    low, high = np.where(Y < 0, -np.inf, Y), np.where(Y < 0, 0.0, np.where(Y > 2, np.inf, Y))
    positive = positive_sample()
    one = np.ones((len(Y), 1))
    settings = [
        Joint((X, one), W, between_rows(low, high)),
        Joint((positive.x, one[:60]), positive.weights, truncated_rows(positive.y, np.array(0.0), np.array(np.inf))),
    ]
    for joint in settings:
        at = np.array([0.3, -0.2, 0.4, 0.1, 0.8])
        _, score, information = joint_likelihood(joint, at)
        close(score, gradient(lambda p, j=joint: joint_likelihood(j, p)[0], at), 1e-7)
        close(information, -gradient(lambda p, j=joint: joint_likelihood(j, p)[1], at), 1e-7)


def test_an_outcome_as_skew_as_an_exponential_one_has_no_truncated_normal():
    y = -(np.log(1 - (np.arange(60) + 0.5) / 60) ** 1.0)
    y = y**1.3
    fit = truncated_fit(np.ones((60, 1)), y, np.ones(60))
    assert not fit.converged
    assert "at least as skew as an exponential" in fit.message
    assert np.isnan(fit.scores).all()


def test_covariates_that_give_the_outcome_exactly_leave_no_sigma():
    x = np.column_stack([np.ones(5), np.arange(5.0)])
    fit = tobit_fit(x, np.array([0.0, 1, 2, 3, 4]), np.ones(5), lower=-np.inf)
    assert not fit.converged
    assert "sigma runs to 0" in fit.message


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tobit_fit(ONE, np.zeros(5), np.ones(5)), "All 5 rows are at a limit"),
        (lambda: tobit_fit(ONE, np.arange(5.0), np.ones(5), lower=3, upper=3), "the lower must be the smaller"),
        (lambda: truncated_fit(ONE, np.arange(5.0), np.ones(5)), "1 of 5 outcomes are not between 0 and inf"),
        (lambda: two_part_fit(ONE, ONE, np.arange(5.0) - 1, np.ones(5)), "The outcome is negative"),
        (lambda: interval_fit(ONE, np.ones(5), np.zeros(5), np.ones(5)), "5 rows are upside down"),
        (lambda: interval_fit(ONE, np.full(5, -np.inf), np.full(5, np.inf), np.ones(5)), "5 rows know neither end"),
        (lambda: interval_fit(ONE, np.full(5, np.nan), np.ones(5), np.ones(5)), "An end of an interval is missing"),
        (
            lambda: interval_fit(ONE, np.array([-np.inf, 1, 1, 1, 1]), np.array([1, *[np.inf] * 4]), np.ones(5)),
            "1 is the only limit in the data",
        ),
        (
            lambda: interval_fit(ONE, np.arange(5.0) - 1, np.arange(5.0) + 1, np.ones(5), distribution="lognormal"),
            "An end is -1",
        ),
        (lambda: tobit_fit(np.ones((5, 2)), np.arange(5.0), np.ones(5)), "linear combinations"),
    ],
)
def test_what_has_no_estimate_is_refused_by_name(call, words):
    with pytest.raises(DataError, match=words):
        call()


def test_unknown_words_are_refused_with_the_known_ones():
    with pytest.raises(ChoiceError, match="'latent', 'observed', 'uncensored', 'probability'"):
        tobit_response(np.zeros((2, 1)), "truncated")
    with pytest.raises(ChoiceError, match="'normal', 'lognormal'"):
        interval_fit(ONE, np.zeros(5), np.ones(5), np.ones(5), distribution="weibull")
