"""Separation of unordered outcomes, against theory and against what the likelihood itself does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.multinomial import multinomial_fit
from surveyanalysis.estimators.penalized_multinomial import firth_multinomial_fit
from surveyanalysis.estimators.separation import separating
from surveyanalysis.estimators.separation_multinomial import separating_multinomial
from tests.references import data

from .test_separation import with_intercept


def slacks(x, y, levels, direction, reference=0):
    """Gains x (b_y - b_t) of every row against every other level t."""
    table = np.insert(direction.reshape(levels - 1, -1), reference, 0, axis=0)
    along = x @ table.T
    return (along[np.arange(len(y)), y][:, None] - along)[np.arange(levels) != y[:, None]]


@pytest.mark.parametrize("seed", range(60))
def test_verdict_agrees_with_whether_newton_finds_a_maximum(seed):
    rng = np.random.default_rng(seed)
    n, levels = int(rng.integers(9, 30)), 2 + seed % 3
    x = with_intercept(np.arange(n) % 2, rng.permutation(np.arange(n) % 3))
    y = np.concatenate([np.arange(levels), rng.integers(0, levels, n - levels)])
    found = separating_multinomial(x, y, levels)
    assert (found is None) == multinomial_fit(x, y, np.ones(n), levels).converged
    assert firth_multinomial_fit(x, y, np.ones(n), levels).converged
    if found:
        gained = slacks(x, y, levels, found.direction)
        assert gained.min() > -1e-9
        assert gained.max() > 1e-3
        assert (found.kind == "perfect") == (gained.min() > 1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_two_levels_give_the_binary_verdict(seed):
    rng = np.random.default_rng(seed)
    x = with_intercept(np.arange(14) % 2, rng.integers(0, 3, 14))
    y = np.concatenate([[0, 1], rng.integers(0, 2, 12)])
    binary, found = separating(x, y.astype(float)), separating_multinomial(x, y, 2)
    assert (binary is None) == (found is None)
    if found:
        assert (found.kind, found.columns, found.levels) == (binary.kind, binary.columns, (1,))


def group_sample(empty):
    """Three levels by three groups, 6 respondents a cell, less those of the empty cells (level, group)."""
    level, group = (each.ravel().repeat(6) for each in np.indices((3, 3)))
    kept = np.array([(a, b) not in empty for a, b in zip(level, group, strict=True)])
    return with_intercept(group == 1, group == 2)[kept], level[kept]


@pytest.mark.parametrize(
    ("empty", "columns", "levels"),
    [
        ([(2, 1)], (1,), (2,)),
        ([(0, 2)], (2,), (0,)),
        ([(2, 0)], (0, 1, 2), (2,)),
        ([(1, 1), (2, 2)], (1, 2), (1, 2)),
        ([(0, 1), (1, 1)], (1,), (2,)),
    ],
)
def test_an_empty_cell_names_its_column_and_its_level(empty, columns, levels):
    """Albert and Anderson 1984. Where two cells of a group are empty, the third level parts from both."""
    x, y = group_sample(empty)
    found = separating_multinomial(x, y, 3)
    assert (found.kind, found.columns, found.levels) == ("quasi", columns, levels)
    assert separating_multinomial(*group_sample([]), 3) is None


@pytest.mark.parametrize("reference", [1, 2])
def test_the_reference_changes_the_direction_only(reference):
    x, y = group_sample([(0, 1)])
    found, other = separating_multinomial(x, y, 3), separating_multinomial(x, y, 3, reference)
    assert (found.columns, found.levels) == (other.columns, other.levels)
    assert_allclose(found.direction.reshape(2, 3)[:, 1], [1, 1], atol=1e-9)
    assert_allclose(other.direction.reshape(2, 3)[:, 1], [-1, 0], atol=1e-9)
    assert slacks(x, y, 3, other.direction, reference).min() > -1e-9


def test_a_covariate_that_orders_all_levels_separates_perfectly():
    x = with_intercept(np.arange(30) / 7.0, np.tile([0.0, 1.0], 15))
    y = np.arange(30) // 10
    found = separating_multinomial(x, y, 3)
    assert found.kind == "perfect"
    assert 1 in found.columns
    assert slacks(x, y, 3, found.direction).min() > 0


def test_two_levels_apart_may_be_tied_together_by_a_third():
    """Levels 0 and 1 alone are separated perfectly; with the answers of level 2 between, the estimate exists."""
    x = with_intercept(np.array([0, 1, 2, 3, 0.5, 2.5]))
    y = np.array([0, 0, 1, 1, 2, 2])
    assert separating(x[:4], y[:4].astype(float)).kind == "perfect"
    assert separating_multinomial(x, y, 3) is None
    assert multinomial_fit(x, y, np.ones(6), 3).converged


def test_a_year_far_from_zero_does_not_hide_or_invent_separation():
    rng = np.random.default_rng(5)
    year, level = 2000.0 + rng.integers(0, 20, 200), np.arange(200) % 10 == 0
    y = rng.integers(0, 3, 200)
    assert separating_multinomial(with_intercept(year, level), y, 3) is None
    found = separating_multinomial(with_intercept(year, level), np.where(level & (y == 2), 0, y), 3)
    assert (found.columns, found.levels) == ((2,), (2,))


def test_one_separated_row_among_many_is_found_by_making_rows():
    rng = np.random.default_rng(6)
    n = 20_000
    x = with_intercept(rng.normal(size=n), np.arange(n) == 12_345)
    y = rng.integers(0, 3, n)
    y[12_345] = 1
    assert separating_multinomial(x[:, :2], y, 3) is None
    found = separating_multinomial(x, y, 3)
    assert (found.kind, found.columns, found.levels) == ("quasi", (2,), (1,))


def test_an_intercept_of_another_size_and_sign_is_an_intercept():
    x, y = group_sample([(2, 0)])
    x[:, 0] = -3
    found = separating_multinomial(x, y, 3)
    assert (found.columns, found.levels) == ((0, 1, 2), (2,))
    assert slacks(x, y, 3, found.direction).min() > -1e-9


def test_the_working_women_overlap():
    """R multinom fits them (c.mnl.womenlf)."""
    frame = data("Womenlf")
    x = with_intercept(frame["hincome"], frame["children"] == "present")
    assert separating_multinomial(x, frame["partic"].cat.codes.to_numpy(int), 3) is None
