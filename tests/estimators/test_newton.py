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


def test_a_flat_direction_is_reported_as_singular():
    found = maximise(lambda p: (-(p[0] ** 2), np.array([-2 * p[0], 0.0]), np.diag([2.0, 0.0])), np.ones(2), 1.0)
    assert not found.converged
    assert "singular" in found.message


def test_a_gradient_that_belongs_to_another_function_does_not_converge():
    found = maximise(lambda p: (-(p[0] ** 2), np.array([2.0 * p[0]]), np.eye(1)), np.ones(1), 1.0)
    assert not found.converged
    assert "largest score" in found.message
