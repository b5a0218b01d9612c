"""The exact test of r x c tables: brute force, scipy for 2 x 2, seeds."""

from itertools import product
from math import exp

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.special import gammaln

from surveyanalysis.analysis.exact import exact_test


def brute_force(counts):
    """Sum over all tables with these margins, cell by cell."""
    counts = np.asarray(counts)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    constant = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(counts.sum() + 1)
    observed = gammaln(counts + 1).sum()
    p = 0.0
    free = [range(min(r, c) + 1) for r in rows[:-1] for c in columns[:-1]]
    for cells in product(*free):
        inner = np.array(cells).reshape(len(rows) - 1, -1)
        whole = np.column_stack([inner, rows[:-1] - inner.sum(axis=1)])
        whole = np.vstack([whole, columns - whole.sum(axis=0)])
        if whole.min() >= 0 and gammaln(whole + 1).sum() >= observed - 1e-7:
            p += exp(constant - gammaln(whole + 1).sum())
    return p


@pytest.mark.parametrize(
    "counts",
    [
        [[1, 4, 0], [0, 1, 4], [2, 1, 1]],
        [[5, 2], [1, 6], [3, 3]],
        [[3, 0, 2, 1], [1, 4, 1, 3]],
        [[6, 0, 0], [0, 6, 0], [0, 0, 6]],
        [[2, 2], [2, 2]],
    ],
)
def test_agrees_with_brute_force(counts):
    found = exact_test(np.array(counts))
    assert (found.draws, found.se) == (0, 0)
    assert_allclose(found.p, brute_force(counts), rtol=1e-10)
    assert_allclose(exact_test(np.array(counts).T).p, found.p, rtol=1e-10)
    assert_allclose(exact_test(np.array(counts)[::-1]).p, found.p, rtol=1e-10)


@pytest.mark.parametrize("counts", [[[3, 1], [1, 3]], [[0, 20], [9, 28]], [[120, 3], [4, 110]], [[900, 30], [800, 90]]])
def test_two_by_two_agrees_with_scipy(counts):
    assert_allclose(exact_test(np.array(counts)).p, stats.fisher_exact(counts)[1], rtol=1e-8)


def test_far_tails_keep_their_digits():
    """Two tables are this unlikely: p = 2 / (60 choose 30)."""
    assert_allclose(exact_test(np.diag([30, 30])).p, 2 / stats.binom(60, 0.5).pmf(30) / 2.0**60, rtol=1e-9)


def test_large_tables_are_drawn_with_a_seed_and_say_how_sure():
    """T053: the same seed gives the same p, and all counted tables agree with the drawn ones."""
    counts = np.array([[8, 3, 4], [2, 9, 3], [4, 5, 7]])
    counted, drawn, again = exact_test(counts), exact_test(counts, states=10), exact_test(counts, states=10)
    assert drawn == again
    assert drawn != exact_test(counts, seed=2, states=10)
    assert drawn.draws == 100_000
    assert abs(drawn.p - counted.p) < 4 * drawn.se
