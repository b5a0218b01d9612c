"""Predictors with common slopes and slopes of one threshold: layout, coordinates, chain rule."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.errors import ChoiceError
from surveyanalysis.estimators.chain_rule import chained, chained_sum
from surveyanalysis.estimators.coordinates import coordinates
from surveyanalysis.estimators.predictors import layout_of, predictor_rows, predictors, slopes_by_threshold

RNG = np.random.default_rng(1)
X = RNG.normal(size=(20, 4)) @ RNG.normal(size=(4, 4)) + [0, 5, -3, 2015]
every = pytest.mark.parametrize("free", [(), (1,), (0, 3), (3, 0), (0, 1, 2, 3)])


def parameters(layout):
    return np.random.default_rng(2).normal(size=layout.size)


@every
def test_predictors_are_thresholds_minus_x_times_the_slopes_of_the_threshold(free):
    layout = layout_of(4, 5, free)
    params = parameters(layout)
    table = slopes_by_threshold(params, layout)
    assert_allclose(predictors(params, X, layout), params[:4] - X @ table.T, rtol=1e-12)
    assert_array_equal((np.ptp(table, axis=0) > 0), [k in free for k in range(4)])


@every
def test_whitened_coordinates_give_the_same_predictors(free):
    layout = layout_of(4, 5, free)
    place, params = coordinates(X, layout), parameters(layout)
    assert_allclose(place.x.T @ place.x / 20, np.eye(4), atol=1e-10)
    assert_allclose(predictors(place.back @ params, X, layout), predictors(params, place.x, layout), atol=1e-9)


@every
def test_the_chain_rule_gives_the_derivative_by_every_parameter(free):
    """A linear function of the predictors, whose derivative by them is what it is made of."""
    layout = layout_of(4, 5, free)
    turns, params = RNG.normal(size=(20, 3, 4)), parameters(layout)

    def value(p):
        return np.einsum("mlj,mj->ml", turns, predictors(p, X, layout))

    numeric = np.stack([value(params + e) - value(params) for e in np.eye(layout.size)], axis=2)
    assert_allclose(chained(turns, X, layout), numeric, rtol=1e-7, atol=1e-9)
    weights = RNG.uniform(size=20)
    assert_allclose(chained_sum(turns, X, weights, layout), np.tensordot(weights, numeric, 1), rtol=1e-7, atol=1e-9)


@every
def test_rows_of_one_threshold_times_parameters_are_its_predictor(free):
    layout = layout_of(4, 5, free)
    cut, params = np.arange(20) % 4, parameters(layout)
    found = predictor_rows(X, cut, layout) @ params
    assert_allclose(found, predictors(params, X, layout)[np.arange(20), cut], rtol=1e-10)


@pytest.mark.parametrize("free", [(4,), (-1,), (0, 0)])
def test_columns_that_do_not_exist_or_come_twice_are_refused(free):
    with pytest.raises(ChoiceError, match=r"`free` is .*there are 4 of them"):
        layout_of(4, 5, free)
