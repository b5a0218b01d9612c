"""Models of very many rows, and contributions that are not written out: against the plain way."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.contributions import Contributions
from surveyanalysis.estimators.newton import Function, maximise, maximise_many
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.turned import turned, turned_slopes


def sample(rows, moved=0.0):
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(rows), rng.normal(moved, 1.0, rows), rng.integers(0, 2, rows), rng.normal(size=rows)])
    predictor = (x - [0, moved, 0, 0]) @ [-0.3, 0.5, 0.4, -0.2] + rng.logistic(size=rows)
    return x, predictor, rng.lognormal(size=rows)


@pytest.mark.parametrize("moved", [0.0, 5000.0])
def test_coordinates_are_orthonormal_whichever_way_they_are_made(moved):
    x, *_ = sample(300, moved)
    place = turned(x)
    z = place.rows @ place.inner
    assert_allclose(z.T @ z / 300, np.eye(4), atol=1e-9)
    assert (place.rows is x) == (moved == 0)
    slopes = turned_slopes(x[:, 1:], 2)
    assert (np.shares_memory(slopes.rows, x)) == (moved == 0)
    z = (x[:, 1:] - x[:, 1:].mean(axis=0)) @ slopes.back[2:, 2:]
    assert_allclose(z.T @ z / 300, np.eye(3), atol=1e-9)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog", "cauchit"])
def test_a_fit_that_begins_with_some_of_the_rows_is_the_same(link, monkeypatch):
    x, predictor, weights = sample(4000)
    yes, level = (predictor > 0).astype(float), np.searchsorted([-1.0, 0.0, 1.5], predictor)
    plain = binary_fit(x, yes, weights, link), ordered_fit(x[:, 1:], level, weights, 4, link)
    monkeypatch.setattr("surveyanalysis.estimators.turned.MANY", 1000)
    for one, other in zip(plain, (binary_fit(x, yes, weights, link), ordered_fit(x[:, 1:], level, weights, 4, link))):
        assert other.converged
        assert_allclose(other.params, one.params, rtol=1e-9, atol=1e-11)
        assert_allclose(other.covariance, one.covariance, rtol=1e-8, atol=1e-14)
        assert_allclose(other.scores, one.scores, rtol=1e-7, atol=1e-12)


def test_some_rows_without_a_solution_lead_to_no_other_answer(monkeypatch):
    """The level that all of the rows looked at first have in common separates them, but not the rest."""
    x, predictor, weights = sample(4000)
    x[::16, 2] = predictor[::16] > 0
    yes = (predictor > 0).astype(float)
    plain = binary_fit(x, yes, weights, "logit")
    monkeypatch.setattr("surveyanalysis.estimators.turned.MANY", 1000)
    found = binary_fit(x, yes, weights, "logit")
    assert found.converged
    assert_allclose(found.params, plain.params, rtol=1e-9)


def test_a_wrong_beginning_is_left_for_the_start():
    """log(p) - p has its maximum at 1; a beginning where steps leave its domain is given up."""

    def at(p):
        return float(np.log(p[0]) - p[0]), 1 / p - 1, np.diag(1 / p**2)

    whole = Function(at, lambda p: at(p)[1], 1.0)
    astray = Function(lambda p: (-((p[0] - 9) ** 2), -2 * (p - 9), 2 * np.eye(1)), lambda p: -2 * (p - 9), 1.0)
    found = maximise_many(whole, astray, np.array([0.5]))
    assert found.converged
    assert_allclose(found.params, maximise(at, np.array([0.5]), 1.0).params, rtol=1e-12)


@pytest.mark.parametrize("ordered_codes", [True, False])
def test_contributions_are_summed_as_if_they_were_written_out(ordered_codes):
    rng = np.random.default_rng(6)
    rows = 20_000
    found = Contributions(rng.normal(size=(rows, 3)), rng.normal(size=rows), rng.normal(size=(3, 2)))
    codes = rng.integers(0, 90, rows) + 5
    if ordered_codes:
        codes.sort()
    written = (found.columns @ found.turn) * found.slopes[:, None]
    assert_allclose(np.asarray(found), written, rtol=1e-12, atol=1e-13)
    expected = np.column_stack([np.bincount(codes, column, 100) for column in written.T])
    assert_allclose(found.sums(codes, 100), expected, rtol=1e-10, atol=1e-11)
