"""Newton's method for score equations, and the moments that their derivatives are made of."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.equations import solve_equations, solve_from
from surveyanalysis.estimators.third_moments import AT_ONCE, symmetric_triples, third_moments


def turning(p):
    """Not a gradient: its derivative is not symmetric. The root is (1, 2)."""
    a, b = p
    return np.array([a**2 + b - 3, b - 2 * a]), -np.array([[2 * a, 1.0], [-2.0, 1.0]]), np.eye(2)


def test_a_root_of_equations_that_are_no_gradient_is_found():
    found = solve_equations(turning, np.array([3.0, -1.0]), 1.0)
    assert found.converged
    assert_allclose(found.params, [1.0, 2.0], rtol=1e-12)


def test_the_information_leads_where_the_derivative_is_singular():
    found = solve_equations(lambda p: (4 - p**2, np.diag(2 * p), np.eye(1)), np.zeros(1), 1.0)
    assert found.converged
    assert_allclose(np.abs(found.params), [2.0], rtol=1e-12)


@pytest.mark.parametrize("start", [0.0, 5.0])
def test_equations_without_a_root_do_not_converge(start):
    found = solve_equations(lambda p: (1 + p**2, np.diag(-2 * p), np.eye(1)), np.array([start]), 1.0)
    assert not found.converged
    assert "largest score" in found.message


def test_scores_that_vanish_at_infinity_are_not_called_converged():
    found = solve_equations(lambda p: (np.exp(-p), np.diag(np.exp(-p)), np.diag(np.exp(-p))), np.zeros(1), 1.0)
    assert not found.converged
    assert "without bound" in found.message


def test_a_step_out_of_the_domain_is_shortened():
    def logarithm(p):
        return -np.log(p), np.diag(1 / p), np.eye(1)

    assert_allclose(solve_equations(logarithm, np.array([20.0]), 1.0).params, [1.0], rtol=1e-12)


def test_a_second_start_is_tried_where_the_first_is_caught():
    """p^3 - 3p + 3 has a valley above zero at p = 1; its root lies at -2.1038."""

    def cubic(p):
        return -(p**3 - 3 * p + 3), np.diag(3 * p**2 - 3), np.eye(1)

    assert not solve_equations(cubic, np.ones(1), 1.0).converged
    found = solve_from(cubic, [np.ones(1), np.full(1, -3.0)], 1.0)
    assert found.converged
    assert_allclose(found.params, np.roots([1, 0, -3, 3]).real.min(), rtol=1e-12)
    assert not solve_from(cubic, [np.ones(1)], 1.0).converged


@pytest.mark.parametrize("n", [5, 3 * (AT_ONCE // 20) + 1])
def test_third_moments_are_sums_of_products(n):
    """Also over more rows than are held at once."""
    rng = np.random.default_rng(n)
    z, weights = rng.normal(size=(n, 4)), rng.normal(size=(n, 2))
    chosen = third_moments(z, weights)
    for a, b, c in [(0, 0, 0), (3, 1, 2), (2, 2, 1), (0, 3, 3)]:
        assert_allclose(chosen[:, a, b, c], (z[:, a] * z[:, b] * z[:, c]) @ weights, rtol=1e-9, atol=1e-9)


def test_triples_that_are_kept_cannot_be_changed():
    assert not any(part.flags.writeable for part in symmetric_triples(3))
