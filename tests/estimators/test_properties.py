"""Properties that every estimator must have, whatever software says."""

import importlib
import inspect
import pkgutil
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import surveyanalysis.estimators
from surveyanalysis.estimators import newton
from surveyanalysis.estimators.fit import numeric_scores

from .registry import ENTRIES as REGISTERED
from .registry import Entry, Sample
from .registry_limits import ENTRIES as LIMITED

ENTRIES = (*REGISTERED, *LIMITED)

DERIVATIVE_ERROR = 2e-8  # central differences with step 1e-5
HESSIAN_ERROR = 2e-5  # second differences of a log-likelihood
ROUNDING = 1e-9

every = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
likelihoods = pytest.mark.parametrize("entry", [e for e in ENTRIES if e.log_likelihood], ids=lambda entry: entry.name)
scaling = pytest.mark.parametrize("entry", [e for e in ENTRIES if e.grows is not None], ids=lambda entry: entry.name)
repeating = pytest.mark.parametrize("entry", [e for e in ENTRIES if e.repeats], ids=lambda entry: entry.name)
exposures = pytest.mark.parametrize("entry", [e for e in ENTRIES if e.exposed], ids=lambda entry: entry.name)
regressions = pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.slope is not None], ids=lambda entry: entry.name
)


def near(found, expected, tolerance):
    """Equal up to `tolerance` of the largest element."""
    assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max())


def gradient(function, at, step=1e-6):
    """Central differences, a step for each parameter's size."""
    sizes = step * np.maximum(1, np.abs(at))
    moves = np.diag(sizes)
    return np.array([(function(at + m) - function(at - m)) / (2 * h) for m, h in zip(moves, sizes, strict=True)])


def at_each_search(monkeypatch, seen):
    """Let every search for a maximum, wherever an estimator begins one, start from what `seen` gives instead."""

    def search(evaluate, start, *args, **options):
        return newton.maximise(evaluate, seen(evaluate, start), *args, **options)

    for found in pkgutil.iter_modules(surveyanalysis.estimators.__path__):
        module = importlib.import_module(f"{surveyanalysis.estimators.__name__}.{found.name}")
        if module is not newton and hasattr(module, "maximise"):
            monkeypatch.setattr(module, "maximise", search)


def public_estimators():
    """Public functions of the package that return a fit, by the house's names."""
    package = surveyanalysis.estimators
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            named = name.endswith("_fit") or name in ("mean", "total", "ratio")
            if named and not name.startswith("_") and function.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", function


@pytest.mark.parametrize(("name", "function"), public_estimators())
def test_no_estimator_skips_the_registry(name, function):
    assert any(entry.function is function for entry in ENTRIES), f"add {name} to tests/estimators/registry.py"


@every
def test_scores_are_the_derivative_by_weight_times_weight(entry: Entry):
    fit = entry.fit(entry.sample)
    oracle = numeric_scores(lambda w: entry.fit(entry.sample.weighted(w)), entry.sample.weights)
    assert fit.converged
    near(fit.scores, oracle, DERIVATIVE_ERROR)


@scaling
def test_a_common_factor_in_the_weights_changes_totals_only(entry: Entry):
    fit, scaled = entry.fit(entry.sample), entry.fit(entry.sample.weighted(7.3 * entry.sample.weights))
    near(scaled.params, 7.3**entry.grows * fit.params, ROUNDING)
    near(scaled.scores, 7.3**entry.grows * fit.scores, ROUNDING)


@every
def test_permuting_rows_permutes_scores(entry: Entry):
    order = np.random.default_rng(1).permutation(len(entry.sample.y))
    fit, permuted = entry.fit(entry.sample), entry.fit(entry.sample.rows(order))
    near(permuted.params, fit.params, ROUNDING)
    near(permuted.scores, fit.scores[order], ROUNDING)


@every
def test_a_row_of_weight_zero_is_absent(entry: Entry):
    present = entry.sample.weights > 0
    assert not present.all()
    fit, without = entry.fit(entry.sample), entry.fit(entry.sample.rows(present))
    near(without.params, fit.params, ROUNDING)
    near(without.scores, fit.scores[present], ROUNDING)
    assert_array_equal(fit.scores[~present], 0)


@repeating
def test_a_row_of_weight_two_is_two_rows(entry: Entry):
    n = len(entry.sample.y)
    doubled = entry.sample.weights * np.where(np.arange(n) % 3 == 0, 2, 1)
    repeated = entry.sample.rows(np.concatenate([np.arange(n), np.arange(0, n, 3)]))
    near(entry.fit(repeated).params, entry.fit(entry.sample.weighted(doubled)).params, ROUNDING)


@every
def test_one_respondent_of_triple_weight_changes_the_estimate(entry: Entry):
    weights = entry.sample.weights.copy()
    weights[0] *= 3
    assert np.abs(entry.fit(entry.sample.weighted(weights)).params - entry.fit(entry.sample).params).max() > 1e-4


@every
def test_read_only_arrays_are_accepted_and_left_as_they_were(entry: Entry):
    locked = Sample(entry.sample.x.copy(), entry.sample.y.copy(), entry.sample.weights.copy())
    for values in (locked.x, locked.y, locked.weights):
        values.flags.writeable = False
    near(entry.fit(locked).params, entry.fit(entry.sample).params, ROUNDING)
    assert_array_equal(locked.x, entry.sample.x)


@every
def test_fitting_twice_gives_the_same_bits(entry: Entry):
    assert_array_equal(entry.fit(entry.sample).params, entry.fit(entry.sample).params)


@likelihoods
def test_the_score_equations_hold_at_the_solution(entry: Entry):
    fit = entry.fit(entry.sample)
    slope = gradient(lambda p: entry.log_likelihood(p, entry.sample), fit.params)
    assert np.abs(slope).max() / entry.sample.weights.sum() < 1e-8


@scaling
def test_contributions_add_up_to_what_a_common_factor_does(entry: Entry):
    """Euler's theorem: to nothing, or to the parameters of totals; of a regression these are its score equations."""
    fit = entry.fit(entry.sample)
    assert np.abs(fit.scores.sum(axis=0) - entry.grows * fit.params).max() < ROUNDING * np.abs(fit.scores).sum()


@every
@pytest.mark.parametrize("seed", [1, 2])
def test_another_start_leads_to_the_same_estimate(entry: Entry, seed, monkeypatch):
    rng = np.random.default_rng(seed)
    expected = entry.fit(entry.sample)
    at_each_search(monkeypatch, lambda _, start: start + rng.uniform(-0.25, 0.25, len(start)))
    found = entry.fit(entry.sample)
    assert found.converged
    near(found.params, expected.params, 1e-8)
    assert_allclose(found.loglik, expected.loglik, rtol=1e-12)


@every
def test_what_is_searched_has_the_derivatives_that_the_search_uses(entry: Entry, monkeypatch):
    """Away from the solution, where no term of either derivative vanishes."""
    rng, searches = np.random.default_rng(3), []

    def checked(evaluate, start):
        searches.append(start)
        at = start + rng.uniform(-0.25, 0.25, len(start))
        _, score, information = evaluate(at)
        near(score, gradient(lambda p: evaluate(p)[0], at), 1e-6)
        near(information, -gradient(lambda p: evaluate(p)[1], at), 1e-6)
        return start

    at_each_search(monkeypatch, checked)
    entry.fit(entry.sample)
    assert searches or not entry.log_likelihood


@likelihoods
def test_log_likelihood_is_its_definition(entry: Entry):
    fit = entry.fit(entry.sample)
    assert_allclose(fit.loglik, entry.log_likelihood(fit.params, entry.sample), rtol=1e-12)


@likelihoods
def test_information_is_the_negative_hessian(entry: Entry):
    fit = entry.fit(entry.sample)

    def score(params):
        return gradient(lambda p: entry.log_likelihood(p, entry.sample), params, step=1e-4)

    near(fit.information, -gradient(score, fit.params, step=1e-4), HESSIAN_ERROR)
    near(fit.covariance, np.linalg.inv(fit.information), ROUNDING)


@likelihoods
def test_every_row_of_scores_is_its_gradient_through_the_information(entry: Entry):
    fit = entry.fit(entry.sample)
    by_row = np.array(
        [
            gradient(lambda p, i=i: entry.log_likelihood(p, entry.sample.rows([i])), fit.params)
            for i in range(len(entry.sample.y))
        ]
    )
    near(fit.scores @ fit.information, by_row, 1e-6)


@regressions
@pytest.mark.parametrize(("origin", "unit"), [(0.0, 1e-3), (2015.0, 5.0), (3e6, 1.0), (-3e6, 4e5)])
def test_an_affine_change_of_a_covariate_divides_its_slope(entry: Entry, origin, unit):
    """A year, or an income in won: the slope by unit, the fit and the t value stay."""
    x = entry.sample.x.copy()
    x[:, -1] = origin + unit * x[:, -1]
    fit, moved = entry.fit(entry.sample), entry.fit(replace(entry.sample, x=x))
    digits = max(ROUNDING, 1e-14 * abs(origin) / unit)  # those that the moved covariate itself has lost
    assert moved.converged
    assert_allclose(moved.params[entry.slope] * unit, fit.params[entry.slope], rtol=digits)
    assert_allclose(moved.loglik, fit.loglik, rtol=digits)
    near(moved.scores[:, entry.slope] * unit, fit.scores[:, entry.slope], digits)
    by_unit = np.sqrt(moved.covariance[entry.slope, entry.slope]) * unit
    assert_allclose(by_unit, np.sqrt(fit.covariance[entry.slope, entry.slope]), rtol=digits)


@exposures
@pytest.mark.parametrize("factor", [1e-3, 12.0])
def test_exposure_in_another_unit_moves_the_intercept_alone(entry: Entry, factor):
    """Counts by year or by month: the rate's logarithm by that of the factor."""
    fit, moved = entry.exposed(entry.sample, 1.0), entry.exposed(entry.sample, factor)
    near(moved.params, fit.params - np.log(factor) * (np.arange(len(fit.params)) == 0), 1e-8)
    near(moved.covariance, fit.covariance, 1e-7)
    assert_allclose(moved.loglik, fit.loglik, rtol=1e-11)
