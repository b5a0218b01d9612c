"""Splines against R's, and against what splines are."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.estimators.spline import Spline, b_splines, quantile_knots

from ..references import case, cases, data

X = np.sort(np.random.default_rng(3).gamma(4, 0.5, 150))
ENDS = float(X[0]), float(X[-1])
MADE = [Spline(quantile_knots(X, df, natural), ENDS, natural) for natural in (True, False) for df in (3, 4, 7)]
NATURAL = [spline for spline in MADE if spline.natural]


def derivative(spline, at, order, step):
    """By central differences of the second order."""
    if order == 0:
        return spline.columns(np.atleast_1d(np.float64(at)))[0]
    below, above = (derivative(spline, at + side, order - 1, step) for side in (-step, step))
    return (above - below) / (2 * step)


@pytest.mark.parametrize("name", cases("k.basis."))
def test_columns_are_those_of_r(name):
    """R splines::ns and bs with predict, beyond the boundary too; R stats::quantile for the knots."""
    reference = case(name)
    asked, values = reference.args, reference.values
    frame = data(reference.data[0]).rename(columns=lambda column: column.replace(".", "_"))
    x = frame[asked["column"]].dropna().to_numpy(float)
    natural = asked["use"] == "ns"
    given = asked["knots"]
    knots = quantile_knots(x, asked["df"], natural) if given is None else tuple(np.atleast_1d(given).astype(float))
    assert_allclose(knots, np.atleast_1d(values["knots"]), rtol=1e-14)
    spline = Spline(knots, (x.min(), x.max()), natural)
    expected = np.array(values["columns"], float).reshape(-1, spline.df)
    assert_allclose(spline.columns(np.array(values["at"])), expected, rtol=reference.rtol, atol=1e-14)
    own = spline.columns(x)
    assert_allclose(own.sum(axis=0), np.atleast_1d(values["sums"]), rtol=reference.rtol, atol=1e-12)
    assert_allclose((own**2).sum(axis=0), np.atleast_1d(values["squares"]), rtol=reference.rtol)


@pytest.mark.parametrize("spline", MADE, ids=lambda s: f"{'ns' if s.natural else 'bs'}{s.df}")
def test_two_derivatives_are_continuous_at_knots_and_ends(spline):
    """By differences from both sides; the third one jumps."""
    for order in (0, 1, 2):
        size = np.abs([derivative(spline, at, order, 2e-4) for at in X[::5]]).max()
        for place in (*spline.knots, *ENDS):
            below, above = (derivative(spline, place + side, order, 2e-4) for side in (-4e-4, 4e-4))
            assert_allclose(below, above, atol=0.03 * size)


@pytest.mark.parametrize("spline", NATURAL, ids=lambda s: s.df)
def test_natural_splines_are_lines_beyond_the_ends(spline):
    low, high = ENDS
    for start, way in ((low, -1), (high, 1)):
        near, middle, far = spline.columns(start + way * np.array([0.0, 5.0, 10.0]))
        assert_allclose(near + far, 2 * middle, rtol=1e-12, atol=1e-12)
        assert_allclose(derivative(spline, start, 1, 1e-4), way * (far - near) / 10, atol=1e-5)


@pytest.mark.parametrize("spline", NATURAL, ids=lambda s: s.df)
def test_with_the_constant_they_span_the_natural_cubics(spline):
    """Truncated powers (Hastie, Tibshirani and Friedman 2009, eq. 5.4 and 5.5) span the same curves."""
    knots = np.array([ENDS[0], *spline.knots, ENDS[1]])
    cubes = np.maximum(X[:, None] - knots, 0) ** 3
    d = (cubes - cubes[:, -1:])[:, :-1] / (knots[-1] - knots[:-1])
    powers = np.column_stack([np.ones(len(X)), X, d[:, :-1] - d[:, -1:]])
    ours = np.column_stack([np.ones(len(X)), spline.columns(X)])
    assert powers.shape == ours.shape
    powers /= np.abs(powers).max(axis=0)
    for one, other in ((powers, ours), (ours, powers)):
        left = other - one @ np.linalg.lstsq(one, other, rcond=None)[0]
        assert_allclose(left, 0, atol=1e-9)


def test_b_splines_sum_to_one_and_give_back_cubics():
    """Partition of unity, and Marsden's identity for x and x^3."""
    steps = np.concatenate([[ENDS[0]] * 4, quantile_knots(X, 7, False), [ENDS[1]] * 4])
    made = b_splines(steps, X)
    inner = np.stack([steps[j : j + len(steps) - 4] for j in (1, 2, 3)])
    assert_allclose(made.sum(axis=1), 1, rtol=1e-13)
    assert_allclose(made @ inner.mean(axis=0), X, rtol=1e-12)
    assert_allclose(made @ inner.prod(axis=0), X**3, rtol=1e-12)


@pytest.mark.parametrize("spline", MADE, ids=lambda s: f"{'ns' if s.natural else 'bs'}{s.df}")
def test_an_affine_change_of_x_changes_no_column(spline):
    moved = Spline(tuple(4 + 2 * k for k in spline.knots), tuple(4 + 2 * e for e in ENDS), spline.natural)
    assert_allclose(moved.columns(4 + 2 * X), spline.columns(X), atol=1e-12)
