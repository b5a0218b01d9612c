"""Newton's method, judged by the score equations."""

import numpy as np
from numpy.testing import assert_allclose

from surveyanalysis.estimators.newton import maximise


def test_a_quadratic_is_solved_in_one_step():
    """Theory: the maximum of -(p - m)'A(p - m)/2 is m."""
    a, m = np.array([[2.0, 0.3], [0.3, 1.0]]), np.array([4.0, -1.0])
    found = maximise(lambda p: (-(p - m) @ a @ (p - m) / 2, -a @ (p - m), a), np.zeros(2), 1.0)
    assert found.converged
    assert_allclose(found.params, m, rtol=1e-14)


def test_steps_are_halved_where_a_full_one_leaves_the_domain():
    """log(p) - p has its maximum at 1; from 3 the full step goes to a negative p."""
    found = maximise(lambda p: (float(np.log(p[0]) - p[0]), 1 / p - 1, np.diag(1 / p**2)), np.array([3.0]), 1.0)
    assert found.converged
    assert_allclose(found.params, [1.0], rtol=1e-12)


def test_a_likelihood_that_rises_for_ever_is_not_called_converged():
    """-log(1 + exp(-p)): the score vanishes, but every next step is as long as the last."""
    found = maximise(
        lambda p: (float(-np.logaddexp(0, -p[0])), 1 / (1 + np.exp(p)), np.diag(1 / (2 + 2 * np.cosh(p)))),
        np.zeros(1),
        1.0,
    )
    assert not found.converged
    assert "separation" in found.message
    assert found.settled
    assert_allclose(found.value, 0, atol=1e-9)  # the supremum


def test_a_flat_direction_is_reported_as_singular():
    found = maximise(lambda p: (-(p[0] ** 2), np.array([-2 * p[0], 0.0]), np.diag([2.0, 0.0])), np.ones(2), 1.0)
    assert not found.converged
    assert "singular" in found.message


def test_a_gradient_that_belongs_to_another_function_does_not_converge():
    found = maximise(lambda p: (-(p[0] ** 2), np.array([2.0 * p[0]]), np.eye(1)), np.ones(1), 1.0)
    assert not found.converged
    assert "largest score" in found.message
    assert not found.settled


def double_well(p):
    """-(p^2 - 1)^2: maxima at -1 and 1, a minimum between them."""
    return float(-((p[0] ** 2 - 1) ** 2)), -4 * p * (p**2 - 1), np.diag(12 * p**2 - 4)


def test_steps_go_uphill_where_the_function_bends_upwards():
    for start, maximum in ((0.1, 1.0), (-0.3, -1.0)):
        assert not maximise(double_well, np.array([start]), 1.0).converged
        found = maximise(double_well, np.array([start]), 1.0, concave=False)
        assert found.converged
        assert_allclose(found.params, [maximum], rtol=1e-12)


def test_a_minimum_is_no_solution_though_its_score_is_zero():
    found = maximise(double_well, np.zeros(1), 1.0, concave=False)
    assert not found.converged
    assert "singular" in found.message


def test_a_saddle_is_left_for_the_maximum():
    """p1^2 - p1^4 - (p2 - 3)^2 bends upwards along the first axis at the start."""

    def function(p):
        value = p[0] ** 2 - p[0] ** 4 - (p[1] - 3) ** 2
        return float(value), np.array([2 * p[0] - 4 * p[0] ** 3, -2 * (p[1] - 3)]), np.diag([12 * p[0] ** 2 - 2, 2.0])

    found = maximise(function, np.array([0.01, 0.0]), 1.0, concave=False)
    assert found.converged
    assert_allclose(found.params, [np.sqrt(0.5), 3], rtol=1e-10)


def test_a_concave_function_is_solved_by_the_same_steps_either_way():
    start = np.array([3.0])
    ways = [
        maximise(lambda p: (float(np.log(p[0]) - p[0]), 1 / p - 1, np.diag(1 / p**2)), start, 1.0, concave=way)
        for way in (True, False)
    ]
    assert ways[0].params == ways[1].params


def test_values_that_are_no_numbers_at_the_start_are_no_solution():
    found = maximise(lambda p: (np.nan, np.full(1, np.nan), np.full((1, 1), np.nan)), np.ones(1), 1.0, concave=False)
    assert not found.converged
