"""Bootstrap intervals of given draws against R boot, and theory.

Stored cases f.boot.*: tests/references/scripts/small.R.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.bootstrap_ends import accelerations, bca_ends, percentile_ends
from tests import references


@pytest.mark.parametrize("name", references.cases("f.boot."))
def test_ends_are_those_of_boot_ci(name):
    values = references.case(name).values
    draws, at = np.array(values["draws"])[:, None], np.array([values["at"]])
    left_out = np.array(values["left_out"])[:, None]
    a = accelerations(left_out, np.zeros(len(left_out), int))
    for row, confidence in enumerate((0.9, 0.95)):
        assert_allclose(np.ravel(percentile_ends(draws, confidence)), values["percentile"][row], rtol=1e-9)
        assert_allclose(np.ravel(bca_ends(draws, at, a, confidence)), values["bca"][row], rtol=1e-9)


def test_the_acceleration_of_a_stratified_mean_is_a_sixth_of_its_skewness():
    """Theory: third moment over the 3/2 power of the variance of sum W_h mean_h, by moments with divisor m."""
    rng = np.random.default_rng(1)
    y, strata, share = rng.exponential(size=30), np.repeat([0, 1], [10, 20]), np.array([0.7, 0.3])

    def estimate(kept):
        return sum(share[h] * y[kept & (strata == h)].mean() for h in (0, 1))

    left_out = np.array([[estimate(np.arange(30) != i)] for i in range(30)])
    third, second = (
        sum(
            share[h] ** k * ((y[strata == h] - y[strata == h].mean()) ** k).sum() / np.sum(strata == h) ** k
            for h in (0, 1)
        )
        for k in (3, 2)
    )
    assert_allclose(accelerations(left_out, strata), third / second**1.5 / 6)


def test_without_skewness_and_bias_bca_is_the_percentile_interval():
    draws = np.arange(1.0, 400.0)[:, None]
    for ends in zip(bca_ends(draws, np.array([200.0]), np.zeros(1), 0.95), percentile_ends(draws, 0.95)):
        assert_allclose(*ends)


def test_draws_on_one_side_have_no_bca_interval():
    low, high = bca_ends(np.arange(1.0, 100.0)[:, None], np.array([0.0]), np.zeros(1), 0.95)
    assert np.isnan([low, high]).all()


def test_few_draws_give_their_extremes():
    assert_allclose(np.ravel(percentile_ends(np.array([[1.0], [2.0], [3.0]]), 0.95)), [1, 3])
