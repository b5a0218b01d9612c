"""Separation by linear programme, against theory and against what the likelihood itself does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.nonparallel import nonparallel_fit
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.predictors import layout_of, predictors
from surveyanalysis.estimators.separation import separating, separating_ordered
from tests.references import data


def with_intercept(*columns):
    return np.column_stack([np.ones(len(columns[0])), *columns]).astype(float)


def slacks(x, y, direction):
    """How much the likelihood of every row gains along a direction; negative means that it loses."""
    return (2 * y - 1) * (x @ direction)


def ordered_slacks(x, y, levels, direction):
    cuts = np.concatenate([[-np.inf], direction[: levels - 1], [np.inf]])
    along = x @ direction[levels - 1 :]
    return cuts[y + 1] - along, along - cuts[y]


def test_a_continuous_covariate_that_divides_the_outcome_separates_perfectly():
    rng = np.random.default_rng(1)
    x = with_intercept(rng.normal(size=57), rng.normal(size=57))
    found = separating(x, (x[:, 1] > 0.2).astype(float))
    assert found.kind == "perfect"
    assert (slacks(x, x[:, 1] > 0.2, found.direction) > 0).all()


def test_a_level_without_events_separates_quasi_and_is_the_only_column_named():
    """Albert and Anderson 1984. R svyglm prints a small standard error in such data, as if the estimate existed."""
    rng = np.random.default_rng(2)
    level = np.arange(57) % 3
    y = np.where(level == 2, 0, rng.integers(0, 2, 57)).astype(float)
    found = separating(with_intercept(level == 1, level == 2, rng.normal(size=57)), y)
    assert (found.kind, found.columns) == ("quasi", (2,))
    assert_allclose(found.direction, [0, 0, -1, 0], atol=1e-9)


def test_a_reference_level_without_events_names_the_intercept_and_every_other_level():
    level = np.repeat([0, 1, 2], 6)
    y = np.tile([0.0, 1.0], 9) * (level > 0)
    found = separating(with_intercept(level == 1, level == 2), y)
    assert found.columns == (0, 1, 2)
    assert_allclose(found.direction, [-1, 1, 1], atol=1e-9)


def test_two_levels_without_events_are_both_named():
    level = np.repeat([0, 1, 2, 3], 8)
    y = np.tile([0.0, 1.0], 16) * ((level == 0) | (level == 3))
    found = separating(with_intercept(level == 1, level == 2, level == 3), y)
    assert found.columns == (1, 2)


def test_endometrial_has_the_separation_that_its_literature_reports():
    """Heinze and Schemper 2002: the coefficient of NV is infinite, the others are not."""
    frame = data("endometrial")
    x = with_intercept(frame["NV"], frame["PI"], frame["EH"])
    found = separating(x, frame["HG"].to_numpy(float))
    assert (found.kind, found.columns) == ("quasi", (1,))


def test_birth_weights_overlap():
    """R glm fits them (c.binary.birthwt.logit)."""
    frame = data("birthwt")
    x = with_intercept(frame["age"], frame["lwt"], frame["smoke"], frame["ptl"], frame["ht"], frame["ui"])
    assert separating(x, frame["low"].to_numpy(float)) is None


@pytest.mark.parametrize("seed", range(40))
def test_binary_verdict_agrees_with_whether_newton_finds_a_maximum(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 24))
    x = with_intercept(rng.integers(0, 2, n), rng.integers(0, 3, n))
    y = rng.integers(0, 2, n).astype(float)
    if np.linalg.matrix_rank(x) < 3 or y.min() == y.max():
        y, x = np.tile([0.0, 1.0], n)[:n], with_intercept(np.arange(n) % 3)
    found = separating(x, y)
    assert (found is None) == binary_fit(x, y, np.ones(n), "logit").converged
    if found:
        gained = slacks(x, y, found.direction)
        assert gained.min() > -1e-9 < gained.max()
        assert (found.kind == "perfect") == (gained.min() > 1e-9)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("seed", range(25))
def test_ordered_verdict_agrees_with_whether_newton_finds_a_maximum(seed, link):
    rng = np.random.default_rng(100 + seed)
    n = int(rng.integers(9, 20))
    x = np.column_stack([np.arange(n) % 2, rng.integers(0, 3, n)]).astype(float)
    y = np.concatenate([[0, 1, 2], np.clip(x[3:, 0] + rng.integers(-1, 3, n - 3), 0, 2)]).astype(int)
    found = separating_ordered(x, y, 3)
    assert (found is None) == ordered_fit(x, y, np.ones(n), 3, link).converged
    if found:
        upper, lower = ordered_slacks(x, y, 3, found.direction)
        assert min(upper.min(), lower.min()) > -1e-9
        assert (found.kind == "perfect") == (min(upper.min(), lower.min()) > 1e-9)


def test_an_ordered_level_that_only_one_group_chose_at_the_top_does_not_separate():
    """Overlap elsewhere bounds the slope, although the top level is empty in the other group."""
    x = np.array([0, 0, 0, 0, 1, 1, 1, 1.0])[:, None]
    assert separating_ordered(x, np.array([0, 1, 1, 0, 0, 1, 1, 2]), 3) is None


def test_a_group_that_all_chose_the_top_level_separates_an_ordered_outcome():
    """Theory: the slope is infinite, although statsmodels OrderedModel reports such fits as converged."""
    x = np.column_stack([np.repeat([0, 1], 10), np.tile([0, 1], 10)]).astype(float)
    y = np.concatenate([np.arange(10) % 3, np.full(10, 2)])
    found = separating_ordered(x, y, 3)
    assert (found.kind, found.columns) == ("quasi", (0,))


@pytest.mark.parametrize("seed", range(10))
def test_two_ordered_levels_give_the_binary_verdict(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, (14, 2)).astype(float)
    y = np.concatenate([[0, 1], rng.integers(0, 2, 12)])
    binary, ordered = separating(with_intercept(*x.T), y.astype(float)), separating_ordered(x, y, 2)
    assert (binary is None) == (ordered is None)
    assert binary is None or binary.kind == ordered.kind


def test_a_year_far_from_zero_does_not_hide_or_invent_separation():
    rng = np.random.default_rng(5)
    year = 2000.0 + rng.integers(0, 20, 200)
    y = rng.integers(0, 2, 200).astype(float)
    level = np.arange(200) % 10 == 0
    assert separating(with_intercept(year, level), y) is None
    assert separating(with_intercept(year, level), y * ~level).columns == (2,)


def test_one_separated_row_among_many_is_found_by_generating_rows():
    rng = np.random.default_rng(6)
    n = 20_000
    x = with_intercept(rng.normal(size=n), np.arange(n) == 12_345)
    y = rng.integers(0, 2, n).astype(float)
    assert separating(x[:, :2], y) is None
    assert separating(x, y).columns == (2,)
    perfect = (x[:, 1] > 0.5).astype(float)
    assert separating(x[:, :2], perfect).kind == "perfect"
    perfect[7] = 1 - perfect[7]
    assert separating(x[:, :2], perfect) is None


def test_an_ordered_outcome_without_covariates_never_separates():
    assert separating_ordered(np.zeros((3, 0)), np.array([0, 1, 2]), 3) is None


@pytest.mark.parametrize("free", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("seed", range(25))
def test_the_verdict_with_slopes_by_threshold_agrees_with_whether_newton_finds_a_maximum(seed, free):
    """Lines that cross at a finite maximum are no separation."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 30))
    x = np.column_stack([rng.integers(0, 2, n), rng.integers(0, 3, n)]).astype(float)
    x[:2, 0], x[:2, 1] = [0, 1], [0, 2]
    y = np.concatenate([[0, 1, 2], rng.integers(0, 3, n - 3)])
    found, fit = separating_ordered(x, y, 3, free), nonparallel_fit(x, y, np.ones(n), 3, "logit", free=free)
    assert (found is None) == (fit.converged or "lines cross" in fit.message)
    if found is not None:
        layout = layout_of(2, 3, free)
        place = predictors(found.direction, x, layout)
        cuts = np.column_stack([np.full(n, -np.inf), place, np.full(n, np.inf)])
        rows = np.arange(n)
        upper, lower = cuts[rows, y + 1], -cuts[rows, y]
        assert min(upper.min(), lower.min()) > -1e-6
        assert np.isfinite(found.direction).all()


def test_a_slope_of_one_threshold_without_bound_is_named():
    """Nobody in the second group chose the lowest level: parallel lines overlap, free ones do not. c.ppo.wine.tests."""
    frame = data("wine")
    x = np.column_stack([frame["contact"] == "yes", frame["temp"] == "warm"]).astype(float)
    y = frame["rating"].to_numpy(int) - 1
    assert separating_ordered(x, y, 5) is None
    assert separating_ordered(x, y, 5, [0]) is None
    found = separating_ordered(x, y, 5, [1])
    assert (found.kind, found.columns) == ("quasi", (1,))
    origin = x * [3.0, 1e-3] + [2015, 3e6]
    assert separating_ordered(origin, y, 5, [1]).columns == (1,)
