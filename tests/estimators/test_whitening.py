"""Whitening against its definition and numpy's QR."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.whitening import BLOCK, blocks, constant_column, coordinates, whitened


@pytest.mark.parametrize("n", [30, 2 * BLOCK + 17])
def test_whitened_columns_are_orthonormal_and_lead_back(n):
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(3e6, 2.0, n), rng.normal(size=n), np.arange(n) % 2])
    z, back = whitened(x, x.mean(axis=0))
    assert_allclose(z.T @ z / n, np.eye(3), atol=1e-9)
    assert_allclose(z, (x - x.mean(axis=0)) @ back, atol=1e-9)
    assert_allclose(np.tril(back, -1), 0)


def test_blocks_cover_every_row_once():
    assert sum(b.stop - b.start for b in blocks(3 * BLOCK + 1)) == 3 * BLOCK + 1
    assert list(blocks(0)) == []


def test_the_intercept_is_the_first_column_that_is_constant_and_not_zero():
    x = np.column_stack([np.zeros(3), [1.0, 2.0, 3.0], np.full(3, 2.0), np.ones(3)])
    assert constant_column(x) == 2
    assert constant_column(x[:, :2]) is None
    assert constant_column(np.zeros((0, 2))) is None


def test_dependent_columns_are_named():
    """R's lm would set the third and fifth to NA."""
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 40))
    x = np.column_stack([a, b, a + b, np.arange(40) % 2, 1 - np.arange(40) % 2])
    with pytest.raises(DataError, match=r"Columns \[2, 4\]"):
        whitened(x, x.mean(axis=0))


def test_a_column_that_is_constant_but_for_rounding_is_refused_once_centred():
    x = np.column_stack([np.full(20, 0.1) * 3, np.arange(20.0)])
    with pytest.raises(DataError, match=r"Columns \[0\]"):
        whitened(x, x.mean(axis=0))


def test_more_columns_than_rows_are_dependent():
    with pytest.raises(DataError, match=r"Columns \[2, 3\]"):
        whitened(np.random.default_rng(3).normal(size=(2, 4)), np.zeros(4))


def test_no_columns_stay_no_columns():
    z, back = whitened(np.zeros((5, 0)), np.zeros(0))
    assert z.shape == (5, 0)
    assert back.shape == (0, 0)


@pytest.mark.parametrize("intercept", [0, 2, None])
def test_coordinates_lead_from_the_columns_themselves(intercept):
    """Wherever the intercept stands, and without one."""
    rng = np.random.default_rng(4)
    x = np.column_stack([rng.normal(3e6, 2.0, 40), rng.normal(size=40), np.arange(40) % 2])
    if intercept is not None:
        x[:, intercept] = -2.0
    z, back = coordinates(x)
    assert_allclose(z.T @ z / 40, np.eye(3), atol=1e-8)
    assert_allclose(z, x @ back, atol=1e-7)
