"""Many sets of weights at once: each as the estimator finds it alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.batched import binary_fit_many, ordered_fit_many
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.ordered import ordered_fit

ROWS, SETS = 57, 60


def sample(seed=1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(ROWS), rng.normal(size=(ROWS, 2)), rng.integers(0, 2, ROWS)]).astype(float)
    predictor = x @ [0.2, 0.6, -0.4, 0.4]
    yes = (predictor + rng.logistic(size=ROWS) > 0).astype(float)
    level = np.searchsorted([-1.2, 0.0, 1.2], predictor + rng.logistic(size=ROWS))
    return x, yes, level, rng


def drawn(rng, draws):
    """Whole numbers with zeros, as of samples drawn again."""
    return rng.multinomial(draws, np.full(ROWS, 1 / ROWS), size=SETS).T.astype(float)


def alone(fit, weights):
    """Parameters of each set by itself; None where there is no solution."""
    found = []
    for column in weights.T:
        try:
            one = fit(column)
        except DataError:
            found.append(None)
        else:
            found.append(one.params if one.converged else None)
    return found


def check(together, expected):
    assert together.converged.tolist() == [params is not None for params in expected]
    assert sorted(together.failures) == [r for r, params in enumerate(expected) if params is None]
    for params, one in zip(together.params, expected):
        if one is None:
            assert np.isnan(params).all()
        else:
            assert_allclose(params, one, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("draws", [ROWS, 10])
@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_each_set_of_a_binary_outcome_is_fitted_as_it_is_alone(link, draws):
    x, yes, _, rng = sample()
    weights, start = drawn(rng, draws), binary_fit(x, yes, np.ones(ROWS), link).params
    expected = alone(lambda w: binary_fit(x, yes, w, link), weights)
    assert draws == ROWS or any(params is None for params in expected)
    check(binary_fit_many(x, yes, weights, link, start), expected)


@pytest.mark.parametrize("draws", [ROWS, 20])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_each_set_of_an_ordered_outcome_is_fitted_as_it_is_alone(link, draws):
    x, _, level, rng = sample()
    weights, start = drawn(rng, draws), ordered_fit(x[:, 1:], level, np.ones(ROWS), 4, link).params
    expected = alone(lambda w: ordered_fit(x[:, 1:], level, w, 4, link), weights)
    assert draws == ROWS or any(params is None for params in expected)
    check(ordered_fit_many(x[:, 1:], level, weights, 4, link, start), expected)


def test_sets_without_a_level_and_sets_that_are_separated_are_told_in_words():
    x, _, level, rng = sample()
    weights = rng.uniform(0.5, 2.0, (ROWS, 3))
    weights[level == 2, 1] = 0.0
    weights[(x[:, 3] == 1) & (level > 0), 2] = 0.0
    start = ordered_fit(x[:, 1:], level, np.ones(ROWS), 4, "logit").params
    failures = ordered_fit_many(x[:, 1:], level, weights, 4, "logit", start).failures
    assert sorted(failures) == [1, 2]
    assert "Nobody chose level [2]" in failures[1]
    assert "separation" in failures[2]


def test_where_the_iteration_begins_does_not_matter():
    x, yes, level, rng = sample()
    weights = drawn(rng, ROWS)
    near, far = binary_fit(x, yes, np.ones(ROWS), "logit").params, np.array([3.0, -2.0, 2.0, -3.0])
    found = [binary_fit_many(x, yes, weights, "logit", start).params for start in (near, far)]
    assert_allclose(*found, rtol=1e-8, atol=1e-9)
    near = ordered_fit(x[:, 1:], level, np.ones(ROWS), 4, "logit").params
    far = np.array([-3.0, 0.1, 4.0, -1.5, 1.5, -2.0])
    found = [ordered_fit_many(x[:, 1:], level, weights, 4, "logit", start).params for start in (near, far)]
    assert_allclose(*found, rtol=1e-8, atol=1e-9)


def test_years_are_told_apart_under_every_set():
    """Columns far from zero go through whitened coordinates."""
    x, yes, _, rng = sample()
    years = np.column_stack([x[:, 0], 2000 + rng.integers(0, 20, ROWS)])
    weights = drawn(rng, ROWS)
    start = binary_fit(years, yes, np.ones(ROWS), "logit").params
    check(
        binary_fit_many(years, yes, weights, "logit", start),
        alone(lambda w: binary_fit(years, yes, w, "logit"), weights),
    )
