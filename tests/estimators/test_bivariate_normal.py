"""The bivariate normal distribution: closed forms, Owen's T, quadrature; R is in test_ordered_references.py."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.special import log_ndtr, ndtr, owens_t

from surveyanalysis.estimators.bivariate_normal import bivariate_normal_cdf

RNG = np.random.default_rng(1)
RHO = np.array([-1, -0.9999999, -0.99, -0.93, -0.925, -0.92, -0.5, -1e-9, 0, 0.3, 0.924, 0.925, 0.93, 0.999, 1])


def test_a_quadrant_at_the_means_is_an_angle():
    """Sheppard 1899: 1/4 + asin(rho) / (2 pi)."""
    assert_allclose(bivariate_normal_cdf(0, 0, RHO), 0.25 + np.arcsin(RHO) / (2 * np.pi), rtol=0, atol=2e-16)


def test_it_equals_owens_t_function_everywhere():
    h, k = RNG.normal(scale=2, size=(2, 4000))
    rho = np.tanh(RNG.normal(scale=1.5, size=4000))
    root = np.sqrt((1 - rho) * (1 + rho))
    owen = owens_t(h, (k / h - rho) / root) + owens_t(k, (h / k - rho) / root)
    expected = (ndtr(h) + ndtr(k)) / 2 - owen - np.where(h * k < 0, 0.5, 0)
    assert_allclose(bivariate_normal_cdf(h, k, rho), expected, rtol=0, atol=4e-16)


@pytest.mark.parametrize("rho", [-0.99, -0.95, -0.6, -0.2, 0.2, 0.6, 0.95, 0.99])
@pytest.mark.parametrize(("h", "k"), [(-3, -2), (-5, 1.5), (2, -4), (-1.2, -1.3), (-6, -6), (3, -2.9)])
def test_small_probabilities_keep_their_digits(h, k, rho):
    """Integral of a positive function by adaptive quadrature; relative, down to 1e-50."""
    s = np.sqrt(1 - rho * rho)

    def density(t):
        return np.exp(-t * t / 2 + log_ndtr((k - rho * t) / s)) / np.sqrt(2 * np.pi)

    ends = sorted({-38.0, h, *(x for x in (k / rho + d * s for d in (-8, -2, 0, 2, 8)) if -38 < x < h)})
    expected = sum(quad(density, a, b, epsabs=0, epsrel=1e-13, limit=200)[0] for a, b in pairwise(ends))
    found = float(bivariate_normal_cdf(h, k, rho))
    if expected > 1e-50:
        assert_allclose(found, expected, rtol=1e-9)
    assert 0 <= found < 1e-9 or expected > 1e-50


def test_the_four_quadrants_are_everything():
    h, k = RNG.normal(scale=2, size=(2, 500))
    rho = np.resize(RHO, 500)
    cells = [bivariate_normal_cdf(a * h, b * k, a * b * rho) for a in (-1, 1) for b in (-1, 1)]
    assert_allclose(sum(cells), 1, rtol=0, atol=1e-15)
    assert min(c.min() for c in cells) >= 0


def test_exchanging_the_variables_changes_nothing():
    h, k = RNG.normal(scale=2, size=(2, 500))
    rho = np.resize(RHO, 500)
    assert_allclose(bivariate_normal_cdf(h, k, rho), bivariate_normal_cdf(k, h, rho), rtol=0, atol=1e-16)


def test_perfect_correlations_are_the_bounds_of_frechet():
    h, k = RNG.normal(scale=2, size=(2, 500))
    assert_allclose(bivariate_normal_cdf(h, k, 1), ndtr(np.minimum(h, k)), rtol=0, atol=2e-16)
    assert_allclose(bivariate_normal_cdf(h, k, -1), np.maximum(ndtr(h) - ndtr(-k), 0), rtol=0, atol=2e-16)


def test_infinite_limits_leave_the_other_variable():
    assert_allclose(bivariate_normal_cdf(np.inf, [-1.0, 2.0], 0.7), ndtr([-1.0, 2.0]), rtol=1e-15)
    assert_array_equal(bivariate_normal_cdf([-np.inf, 1.0], [1.0, -np.inf], -0.3), 0)
    assert bivariate_normal_cdf(np.inf, np.inf, 0.95) == 1


def test_shapes_broadcast_and_what_is_no_correlation_is_nan():
    assert bivariate_normal_cdf(np.zeros((3, 1)), np.zeros(2), 0.5).shape == (3, 2)
    assert bivariate_normal_cdf(np.zeros(0), 0, 0.5).shape == (0,)
    assert_array_equal(np.isnan(bivariate_normal_cdf(0, 0, [-1.1, 0, 1.1, np.nan])), [True, False, True, True])
    assert np.isnan(bivariate_normal_cdf(np.nan, 0, 0.5))
