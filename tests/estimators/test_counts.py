"""Models of counts: derivatives, limits, closed forms, bounds told in words, recovery; R in test_count_references."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.count_density import DISTRIBUTIONS, count_density, log_peak
from surveyanalysis.estimators.count_response import (
    CountModel,
    count_log_likelihoods,
    count_mean,
    count_mean_jacobian,
    count_probabilities,
    count_probability_jacobian,
)
from surveyanalysis.estimators.count_tests import dispersion_ratio, equal_parts, overdispersion, vuong
from surveyanalysis.estimators.count_zeros import DENSITIES
from surveyanalysis.estimators.counts import counts_of, joint_of
from surveyanalysis.estimators.fit import Fit, numeric_scores
from surveyanalysis.estimators.hurdle import hurdle_fit
from surveyanalysis.estimators.joint import joint_likelihood, joint_slopes
from surveyanalysis.estimators.negative_binomial import negative_binomial_fit
from surveyanalysis.estimators.poisson import poisson_fit
from surveyanalysis.estimators.rising import rising_sums
from surveyanalysis.estimators.truncated_counts import truncated_count_fit
from surveyanalysis.estimators.zero_inflated import zero_inflated_fit

from .registry import counted_sample
from .test_properties import gradient

SAMPLE = counted_sample(8, inflated=0.4)
X, Y, W = SAMPLE.x, SAMPLE.y, SAMPLE.weights
ONE = np.ones((len(Y), 1))


@pytest.mark.parametrize("spread", [1e-12, 1e-6, 1e-3, 0.0499, 0.0501, 0.3, 5.0, 1e4])
@pytest.mark.parametrize("y", [0, 1, 2, 7, 50, 3000])
def test_rising_sums_are_their_sums_in_long_doubles(spread, y):
    u = np.longdouble(spread) * np.arange(y, dtype=np.longdouble)
    expected = [np.log1p(u).sum(), (u / (1 + u)).sum(), (u / (1 + u) ** 2).sum()]
    found = [s[0] for s in rising_sums(spread, np.array([float(y)]))]
    assert_allclose(found, np.array(expected, float), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("distribution", ["nb2", "nb1"])
@pytest.mark.parametrize("tau", [-6.0, -1.0, 0.0, 2.0])
def test_densities_are_those_of_scipy(distribution, tau):
    y, mu = np.array([0, 1, 2, 5, 30, 400.0, 0, 3]), np.exp([0.3, -3, 1, 2, 3, 6, -6, 1])
    size = np.exp(-tau) * (mu if distribution == "nb1" else 1)
    found = count_density(distribution, y, np.stack([np.log(mu), np.full(8, tau)])).value
    assert_allclose(found, stats.nbinom.logpmf(y, size, size / (size + mu)), rtol=1e-9, atol=1e-9)


def test_the_peak_of_poisson_is_that_of_scipy():
    y = np.array([0, 1, 15, 16, 17, 1000.0])
    assert_allclose(log_peak(y), stats.poisson.logpmf(y, y), rtol=1e-12)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("zeros", DENSITIES)
@pytest.mark.parametrize("tau", [-20.0, -3.0, 0.0, 2.0])
def test_bends_are_derivatives(distribution, zeros, tau):
    """Also where the dispersion is all but 0, and means are small or large."""
    y, eta = np.array([1, 1, 2, 5, 30, 400.0, 1, 3]), np.array([0.3, -3, 1, 2, 3, 6, -6, 1])
    y[0] = zeros != "truncated"
    predictors = [
        eta,
        *([np.linspace(-2, 2, 8)] * (zeros == "inflated")),
        *([np.full(8, tau)] * (distribution != "poisson")),
    ]
    at, step = np.stack(predictors), 1e-5
    found = DENSITIES[zeros](distribution, y, at)
    for i in range(len(at)):
        move = step * (np.arange(len(at)) == i)[:, None]
        up, down = (DENSITIES[zeros](distribution, y, at + sign * move) for sign in (1, -1))
        assert_allclose(found.first[i], (up.value - down.value) / (2 * step), rtol=1e-6, atol=1e-6)
        assert_allclose(found.second[i], (up.first - down.first) / (2 * step), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("distribution", "zeros"), [("nb2", "inflated"), ("nb1", "plain"), ("poisson", "inflated")])
def test_gradient_and_information_are_derivatives_over_blocks_of_rows(distribution, zeros):
    """10,000 rows make two blocks."""
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(10_000), rng.normal(size=10_000)])
    counts = counts_of(x, rng.poisson(1.0, 10_000).astype(float), rng.uniform(0.5, 2, 10_000))
    joint = joint_of(counts, distribution, zeros, counts.x if zeros == "inflated" else None)
    at = rng.normal(scale=0.3, size=joint.places()[-1].stop)
    _, score, information = joint_likelihood(joint, at)
    numeric = gradient(lambda p: joint_likelihood(joint, p)[0], at)
    assert_allclose(score, numeric, rtol=1e-5, atol=1e-6 * np.abs(score).max())
    curved = -gradient(lambda p: joint_likelihood(joint, p)[1], at)
    assert_allclose(information, curved, rtol=1e-5, atol=1e-6 * np.abs(information).max())
    assert_allclose(joint_slopes(joint, at).sum(axis=0), score, rtol=1e-9)


def test_counts_by_a_dummy_give_weighted_means():
    """Closed form: rates are ratios of totals."""
    x, exposure = np.column_stack([ONE, X[:, 1]]), np.linspace(0.5, 3, len(Y))
    fit = poisson_fit(x, Y, W, offset=np.log(exposure))
    rates = [W[g] @ Y[g] / (W[g] @ exposure[g]) for g in (X[:, 1] == 0, X[:, 1] == 1)]
    assert_allclose(np.exp(np.cumsum(fit.params)), rates, rtol=1e-12)


def test_twice_the_exposure_lowers_the_intercept_alone():
    for fit in (poisson_fit, negative_binomial_fit, zero_inflated_fit, hurdle_fit):
        one, two = fit(X, Y, W), fit(X, Y, W, offset=np.full(len(Y), np.log(2)))
        moved = np.zeros(len(one.params))
        moved[0] = np.log(2)
        assert_allclose(two.params, one.params - moved, rtol=1e-7, atol=1e-8)
        assert_allclose(two.loglik, one.loglik, rtol=1e-11)


@pytest.mark.parametrize("distribution", ["nb2", "nb1"])
@pytest.mark.parametrize("zeros", DENSITIES)
def test_a_dispersion_that_vanishes_makes_any_model_poisson(distribution, zeros):
    rng = np.random.default_rng(4)
    y, eta, zeta = rng.poisson(3, 50) + (zeros == "truncated"), rng.normal(size=50), rng.normal(size=50)
    inner = [eta, *([zeta] * (zeros == "inflated"))]
    with_it = DENSITIES[zeros](distribution, y.astype(float), np.stack([*inner, np.full(50, -30.0)]))
    without = DENSITIES[zeros]("poisson", y.astype(float), np.stack(inner))
    assert_allclose(with_it.value, without.value, rtol=1e-10, atol=1e-10)
    assert_allclose(with_it.first[:-1], without.first, rtol=1e-9, atol=1e-10)
    assert_allclose(with_it.first[-1], 0, atol=1e-9)


@pytest.mark.parametrize("form", ["nb2", "nb1"])
def test_the_likelihood_runs_to_that_of_poisson_as_the_dispersion_vanishes(form):
    """At the Poisson estimate the difference falls with the dispersion, tenfold for a tenth."""
    poisson, counts = poisson_fit(X, Y, W), counts_of(X, Y, W)
    joint, inner = joint_of(counts, form), np.linalg.solve(counts.back, poisson.params)
    with_it = [joint_likelihood(joint, np.append(inner, np.log(alpha)))[0] for alpha in (1e-6, 1e-7, 1e-13)]
    assert_allclose(with_it[2], poisson.loglik, rtol=1e-11)
    assert_allclose((with_it[0] - poisson.loglik) / (with_it[1] - poisson.loglik), 10, rtol=1e-3)


def test_a_hurdle_model_is_a_logit_and_a_truncated_count():
    above = Y > 0
    whole, zero = hurdle_fit(X, Y, W, None, "nb2"), binary_fit(X, above.astype(float), W, "logit")
    count = truncated_count_fit(X[above], Y[above], W[above], "nb2")
    assert_allclose(whole.params, np.concatenate([count.params[:4], zero.params, count.params[4:]]), rtol=1e-12)
    assert_allclose(whole.loglik, count.loglik + zero.loglik, rtol=1e-13)
    assert_allclose(whole.scores[above][:, :4], count.scores[:, :4], rtol=1e-12)
    assert_allclose(whole.scores[:, 4:8], zero.scores, rtol=1e-12)


def test_the_constants_of_an_inflated_model_meet_the_zeros_and_the_mean():
    fit = zero_inflated_fit(ONE, Y, W)
    model = CountModel("poisson", "inflated", 1, 1)
    assert_allclose(count_mean(fit.params, model, ONE)[0], W @ Y / W.sum(), rtol=1e-9)
    chance = count_probabilities(fit.params, model, np.zeros(1), ONE)[0, 0]
    assert_allclose(chance, W @ (Y == 0) / W.sum(), rtol=1e-9)


def test_large_counts_keep_their_digits():
    """Counts of a million: closed form of the Poisson mean, and the variance of a normal limit."""
    rng = np.random.default_rng(3)
    y = rng.poisson(1e6 * rng.gamma(400, 1 / 400, 300)).astype(float)
    one, w = np.ones((300, 1)), np.ones(300)
    poisson, wide = poisson_fit(one, y, w), negative_binomial_fit(one, y, w)
    assert poisson.converged
    assert wide.converged
    assert_allclose([np.exp(poisson.params[0]), np.exp(wide.params[0])], y.mean(), rtol=1e-11)
    assert_allclose(np.exp(wide.params[1]), y.var() / y.mean() ** 2, rtol=0.02)


@pytest.mark.parametrize("form", ["nb2", "nb1"])
def test_a_dispersion_at_its_bound_is_told_and_the_poisson_model_given(form):
    """Binomial counts vary less than Poisson counts."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(57), rng.normal(size=57)])
    y, w = rng.binomial(6, 0.5, 57).astype(float), np.ones(57)
    fit, poisson = negative_binomial_fit(x, y, w, form=form), poisson_fit(x, y, w)
    assert not fit.converged
    assert "the dispersion is at its bound 0" in fit.message
    assert np.isneginf(fit.params[-1])
    assert np.isnan(fit.scores).all()
    assert_allclose(fit.params[:-1], poisson.params, rtol=1e-12)
    assert_allclose(fit.loglik, poisson.loglik, rtol=1e-13)
    assert dispersion_ratio(fit, poisson).p == 1


def test_truncated_counts_without_dispersion_are_told():
    rng = np.random.default_rng(1)
    y = 1.0 + rng.binomial(6, 0.5, 80)
    fit = truncated_count_fit(np.ones((80, 1)), y, np.ones(80), "nb2")
    assert "the dispersion is at its bound 0" in fit.message
    assert not fit.converged


def test_truncated_counts_of_a_logarithmic_series_have_no_mean():
    """Its limit: the dispersion grows as the mean vanishes."""
    y = stats.logser.rvs(0.9, size=400, random_state=2).astype(float)
    fit = truncated_count_fit(np.ones((400, 1)), np.append(y[1:], 90.0), np.ones(400), "nb2")
    assert not fit.converged
    assert "the dispersion grows without bound" in fit.message


def test_no_excess_of_zeros_is_told():
    """Binomial counts have fewer zeros than Poisson counts of the same mean."""
    y = np.random.default_rng(1).binomial(4, 0.5, 100).astype(float)
    fit = zero_inflated_fit(np.ones((100, 1)), y, np.ones(100))
    assert not fit.converged
    assert "always 0 runs to 0: there are no more zeros" in fit.message
    assert np.isnan(fit.scores).all()


def test_a_group_whose_zeros_all_are_counted_is_named():
    """Nobody in the second half has a 0, where counts are of about 2: its share is 0."""
    rng = np.random.default_rng(6)
    group = np.repeat([0.0, 1.0], 60)
    y = np.where(group == 1, 1 + rng.poisson(1.2, 120), rng.poisson(2, 120) * (rng.random(120) < 0.5)).astype(float)
    x = np.column_stack([np.ones(120), group])
    fit = zero_inflated_fit(x, y, np.ones(120))
    assert not fit.converged
    assert "inflation's columns [1] (counted from 0) grow without bound" in fit.message


def test_small_samples_give_numbers_or_words_never_neither():
    """57 firms: what is not converged says why, what is has finite errors."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x = np.column_stack([np.ones(57), rng.normal(size=57)])
        y = rng.poisson(np.exp(0.2 + 0.4 * x[:, 1]) * rng.gamma(2, 0.5, 57)) * (rng.random(57) > 0.2)
        for fit in (zero_inflated_fit(x, y.astype(float), np.ones(57), None, "nb2"), hurdle_fit(x, y, np.ones(57))):
            assert fit.converged != bool(fit.message)
            assert np.isfinite(fit.covariance).all() == fit.converged
            assert np.isfinite(fit.loglik)


def test_a_column_of_zeros_only_is_named():
    x = np.column_stack([ONE, X[:, 1]])
    y = np.where(X[:, 1] == 1, 0, Y)
    for fit in (poisson_fit(x, y, W), negative_binomial_fit(x, y, W)):
        assert not fit.converged
        assert "every count is 0 where columns [1] (counted from 0)" in fit.message


def test_truncated_counts_of_one_only_are_told():
    fit = truncated_count_fit(ONE, np.ones(len(Y)), W, "nb2")
    assert not fit.converged
    assert "every count is 1, the least possible" in fit.message


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        (lambda: poisson_fit(X, Y - 1, W), "negative"),
        (lambda: poisson_fit(X, Y / 2, W), "no whole number"),
        (lambda: negative_binomial_fit(X, 0 * Y, W), "The count is 0 in all"),
        (lambda: poisson_fit(X, Y, W, offset=np.log(np.where(Y == 0, 0.0, 1.0) + 1e-400)), "exposure above 0"),
        (lambda: truncated_count_fit(X, Y, W), "counts are 0: a sample truncated"),
        (lambda: zero_inflated_fit(X, Y + 1, W), "No count is 0: there is nothing to inflate"),
        (lambda: hurdle_fit(X, Y + 1, W), "No count is 0: there is no hurdle"),
        (lambda: vuong(Y, Y, (1, 1), W), "say the same"),
        (lambda: equal_parts(np.ones(3), np.eye(3), 1), "are not 1 slopes twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_is_no_count_or_no_model_is_refused(fit, message):
    with pytest.raises(DataError, match=message):
        fit()


def test_other_distributions_are_refused_with_a_list():
    with pytest.raises(ChoiceError, match="'poisson', 'nb2', 'nb1'"):
        hurdle_fit(X, Y, W, None, "negbin")
    with pytest.raises(ChoiceError, match="'nb2', 'nb1'"):
        negative_binomial_fit(X, Y, W, form="poisson")


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("zeros", ["plain", "truncated", "inflated", "hurdle"])
def test_responses_have_the_derivatives_of_their_jacobians_and_add_up(distribution, zeros):
    inflation = 4 if zeros in ("inflated", "hurdle") else 0
    model = CountModel(distribution, zeros, 4, inflation, "probit")
    size = 4 + inflation + (distribution != "poisson")
    params, every = np.random.default_rng(9).normal(scale=0.3, size=size), np.arange(0.0, 150)
    offset = np.linspace(-0.5, 0.5, len(X))
    chance = count_probabilities(params, model, every, X, offset=offset)
    assert_allclose(chance.sum(axis=1), 1, rtol=1e-9)
    assert_allclose(chance @ every, count_mean(params, model, X, offset=offset), rtol=1e-7)
    own = chance[np.arange(len(X)), (Y + (zeros == "truncated")).astype(int)]
    found = count_log_likelihoods(params, model, Y + (zeros == "truncated"), X, offset=offset)
    assert_allclose(found, np.log(own), rtol=1e-12)
    few, step = np.array([0.0, 1.0, 5.0]), 1e-6
    numeric_mean, numeric_chance = [], []
    for move in step * np.eye(size):
        up, down = params + move, params - move
        numeric_mean.append(count_mean(up, model, X, offset=offset) - count_mean(down, model, X, offset=offset))
        both = [count_probabilities(p, model, few, X, offset=offset) for p in (up, down)]
        numeric_chance.append(both[0] - both[1])
    jacobian = count_mean_jacobian(params, model, X, offset=offset)
    assert_allclose(jacobian, np.stack(numeric_mean, 1) / (2 * step), rtol=1e-6, atol=1e-7)
    cube = count_probability_jacobian(params, model, few, X, offset=offset)
    assert_allclose(cube, np.stack(numeric_chance, 2) / (2 * step), atol=1e-8)


@pytest.mark.parametrize("form", ["nb2", "nb1"])
def test_contributions_to_the_dispersion_are_its_derivative_by_weight(form):
    found = overdispersion(X, Y, W, form=form)
    oracle = numeric_scores(lambda w: Fit(np.array([overdispersion(X, Y, w, form=form).alpha]), W), W)[:, 0]
    assert_allclose(found.contributions, oracle, rtol=0, atol=1e-7 * np.abs(oracle).max())


def test_contributions_to_the_mean_difference_are_its_derivative_by_weight():
    a, b = np.sin(Y), np.cos(W)
    oracle = numeric_scores(lambda w: Fit(np.array([vuong(a, b, (1, 1), w).difference]), W), W)[:, 0]
    assert_allclose(vuong(a, b, (1, 1), W).contributions, oracle, rtol=0, atol=1e-8 * np.abs(oracle).max())


def covered(draw, fit, truth, seed, times=100):
    """Share of 95 % intervals that hold the truth, by parameter, of the samples with a solution."""
    rng, inside = np.random.default_rng(seed), []
    for _ in range(times):
        x = np.column_stack([np.ones(300), rng.normal(size=300)])
        found = fit(x, draw(rng, x).astype(float), np.ones(300))
        if found.converged:
            inside.append(np.abs(found.params - truth) < 1.96 * np.sqrt(np.diag(found.covariance)))
    assert len(inside) > 0.97 * times
    return np.mean(inside, axis=0)


def negative_binomial_draw(rng, x):
    return rng.poisson(np.exp(x @ [0.5, 0.4]) * rng.gamma(1 / 0.7, 0.7, len(x)))


def inflated_draw(rng, x):
    return rng.poisson(np.exp(x @ [1.0, 0.4])) * (rng.random(len(x)) > stats.logistic.cdf(x @ [-0.5, 0.8]))


@pytest.mark.parametrize(
    ("draw", "fit", "truth"),
    [
        (negative_binomial_draw, negative_binomial_fit, [0.5, 0.4, np.log(0.7)]),
        (inflated_draw, zero_inflated_fit, [1.0, 0.4, -0.5, 0.8]),
    ],
)
def test_intervals_cover_what_was_drawn(draw, fit, truth):
    """Within 4 standard errors of 95 % in 100 samples."""
    share = covered(draw, fit, truth, seed=12)
    assert np.abs(share - 0.95).max() < 4 * np.sqrt(0.95 * 0.05 / 100)
