"""Sums of chi-squares: exact distributions of SciPy, sums of exponentials, Imhof's integral, and the far tail."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad

from surveyanalysis.analysis.chi_square_sums import saddlepoint, satterthwaite, tail

APPROXIMATE = 0.25  # relative error of the saddlepoint for a single chi-square, at its worst


@pytest.mark.parametrize("df", [1, 4, 15, 197, 100_000])
@pytest.mark.parametrize("k", [1, 2, 5, 12])
@pytest.mark.parametrize("x", [1e-3, 0.5, 3.0, 40.0, 900.0])
def test_equal_weights_are_an_f_distribution(k, df, x):
    expected = stats.f.sf(x / k, k, df)
    weights = np.full(k, 0.7)
    assert_allclose(tail(0.7 * x, weights, df), expected, rtol=1e-9)
    assert_allclose(saddlepoint(0.7 * x, weights, df), expected, rtol=APPROXIMATE)


@pytest.mark.parametrize("k", [1, 2, 3, 8, 60])
@pytest.mark.parametrize("x", [1e-3, 1.0, 30.0, 400.0, 950.0])
def test_equal_weights_alone_are_a_chi_square(k, x):
    """Down to 1e-200 and below."""
    expected = stats.chi2.sf(x, k)
    assert_allclose(tail(x, np.ones(k)), expected, rtol=1e-10)
    assert_allclose(saddlepoint(x, np.ones(k)), expected, rtol=APPROXIMATE)
    assert_allclose(satterthwaite(x, np.ones(k)), expected, rtol=1e-9)


@pytest.mark.parametrize("x", [0.1, 3.0, 30.0, 300.0, 900.0])
def test_pairs_of_weights_are_a_sum_of_exponentials(x):
    scales = np.array([1.0, 0.4, 0.05])
    shares = [np.prod([a / (a - b) for b in scales if b != a]) for a in scales]
    expected = float(np.dot(shares, np.exp(-x / 2 / scales)))
    assert_allclose(tail(x, np.repeat(scales, 2)), expected, rtol=1e-10)
    assert_allclose(saddlepoint(x, np.repeat(scales, 2)), expected, rtol=0.15)


def imhof(x, weights, df):
    """P(sum > x chi2_df / df) by Imhof (1961), good to about 1e-9 absolutely."""
    lambdas, sizes = np.append(weights, -x / df), np.append(np.ones(len(weights)), int(df))

    def inside(u):
        turn = (sizes * np.arctan(lambdas * u)).sum() / 2
        return np.sin(turn) / (u * np.prod((1 + (lambdas * u) ** 2) ** (sizes / 4)))

    return 0.5 + quad(inside, 0, np.inf, limit=500, epsabs=1e-11, epsrel=1e-11)[0] / np.pi


@pytest.mark.parametrize(("x", "df"), [(0.5, 7), (4.0, 16), (12.0, 31), (25.0, 9)])
def test_unequal_weights_agree_with_imhof_s_integral(x, df):
    weights = np.array([2.9, 1.1, 0.6, 0.6, 0.08])
    assert_allclose(tail(x, weights, df), imhof(x, weights, df), atol=1e-8)
    assert_allclose(saddlepoint(x, weights, df), imhof(x, weights, df), rtol=0.05)


def test_only_whole_degrees_of_freedom_count_and_rounding_takes_none():
    weights = np.array([1.0, 0.5])
    assert tail(6.0, weights, 12.7) != tail(6.0, weights, 13.0)
    assert_allclose(tail(6.0 * 13 / 12.7, weights, 13.0), tail(6.0 * 12.999999999999996 / 12.7, weights, 13 - 4e-15))
    assert_allclose(saddlepoint(6.0, weights, 13 - 4e-15), saddlepoint(6.0, weights, 13.0), rtol=1e-7)


@pytest.mark.parametrize("p_value", [tail, saddlepoint])
@pytest.mark.parametrize("df", [9.0, 400.0, np.inf])
def test_probabilities_fall_from_one_as_the_statistic_grows(p_value, df):
    weights = np.array([1.9, 0.8, 0.1])
    found = [p_value(x, weights, df) for x in [0.0, 1e-6, 0.1, 1, 2.5, 2.9, 3.5, 8, 30, 200, 1500]]
    assert found[0] == 1
    assert (np.diff(found) < 0).all()
    assert found[-1] > 0


@pytest.mark.parametrize("scale", [1e-8, 7.3, 1e9])
def test_a_common_scale_changes_nothing(scale):
    weights = np.array([1.9, 0.8, 0.1])
    for df in (11.0, np.inf):
        assert_allclose(tail(9 * scale, weights * scale, df), tail(9, weights, df), rtol=1e-11)
        assert_allclose(saddlepoint(9 * scale, weights * scale, df), saddlepoint(9, weights, df), rtol=1e-7)


def test_the_saddlepoint_gives_way_to_two_moments_at_the_mean():
    weights = np.array([1.5, 0.5])
    assert saddlepoint(2.0, weights) == satterthwaite(2.0, weights)
