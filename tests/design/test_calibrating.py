"""Calibration: theory, invariance, linear programming, wrong input. Values of R: test_weight_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.design.calibrating import calibrate
from surveyanalysis.design.raking import rake
from surveyanalysis.errors import ChoiceError, DesignError

MET = 1e-10
NAMES = ["people", "women", "age"]
WAYS = [("linear", None), ("raking", None), ("linear", (0.6, 1.7)), ("raking", (0.6, 1.7)), ("logit", (0.4, 2.5))]


def sample(n=60, seed=1):
    """Margins (n, 3), weights, and totals a little away from those of the sample."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.random(n) < 0.4, rng.normal(45, 15, n)])
    weights = rng.lognormal(3, 0.4, n)
    return x, weights, weights @ x * np.array([1.1, 1.25, 1.08])


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_the_totals_are_met_within_the_bounds(method, bounds):
    x, weights, totals = sample()
    found = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
    assert_allclose(found.weights @ x, totals, rtol=MET)
    assert_allclose(found.weights, weights * found.g)
    assert np.abs(found.errors).max() < MET
    if bounds:
        assert bounds[0] <= found.g.min() and found.g.max() <= bounds[1]


def test_linear_calibration_is_the_regression_estimator():
    """Sarndal, Swensson and Wretman (1992, eq. 6.5.9): g = 1 + (t - t_hat)' (X'WX)^-1 x, here with a variance too."""
    x, weights, totals = sample()
    scale = np.random.default_rng(2).uniform(0.5, 2, len(x))
    gap = totals - weights @ x
    g = 1 + x @ np.linalg.solve(x.T * (weights / scale) @ x, gap) / scale
    found = calibrate(x, totals, weights, names=NAMES, scale=scale)
    assert_allclose(found.g, g, rtol=1e-11)
    assert found.iterations == 1


def test_raking_calibration_to_indicators_is_raking_by_rounds():
    """Deming and Stephan's rounds and Newton's method solve the same equations (Deville and Sarndal 1992)."""
    rng = np.random.default_rng(5)
    a, b, weights = rng.integers(0, 3, 90), rng.integers(0, 2, 90), rng.lognormal(size=90)
    totals = [np.array([100.0, 150, 120]), np.array([170.0, 200])]
    x = np.column_stack([a[:, None] == np.arange(3), b[:, None] == np.arange(2)])
    newton = calibrate(x, np.concatenate(totals), weights, names=list("abcde"), method="raking")
    rounds = rake([a, b], totals, weights, [("a", list("xyz")), ("b", list("no"))])
    assert_allclose(newton.weights, rounds.weights, rtol=MET)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_the_size_alone_is_ratio_scaling(method, bounds):
    _, weights, _ = sample()
    found = calibrate(np.ones((60, 1)), [1.3 * weights.sum()], weights, names=["people"], method=method, bounds=bounds)
    assert_allclose(found.weights, 1.3 * weights, rtol=MET)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_weights_and_totals_times_a_constant_scale_the_result(method, bounds):
    x, weights, totals = sample()
    found, scaled = (
        calibrate(x, totals * c, weights * c, names=NAMES, method=method, bounds=bounds) for c in (1, 7.3e-4)
    )
    assert_allclose(scaled.weights, 7.3e-4 * found.weights, rtol=MET)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_units_and_origins_of_the_margins_do_not_matter(method, bounds):
    """Age in seconds since long ago: the same linear space, at a condition number of 1e9."""
    x, weights, totals = sample()
    other = np.array([[1, 0, 1e8], [0, 1e-6, 0], [0, 0, 1.0]])
    found = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
    moved = calibrate(x @ other, totals @ other, weights, names=NAMES, method=method, bounds=bounds)
    assert_allclose(moved.weights, found.weights, rtol=1e-6)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_the_order_of_rows_does_not_matter(method, bounds):
    x, weights, totals = sample()
    order = np.random.default_rng(0).permutation(60)
    found = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
    other = calibrate(x[order], totals, weights[order], names=NAMES, method=method, bounds=bounds)
    assert_allclose(other.weights, found.weights[order], rtol=MET)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_calibrating_twice_changes_nothing(method, bounds):
    x, weights, totals = sample()
    once = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
    twice = calibrate(x, totals, once.weights, names=NAMES, method=method, bounds=bounds)
    assert_allclose(twice.weights, once.weights, rtol=MET)


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_margins_that_repeat_others_change_nothing(method, bounds):
    x, weights, totals = sample()
    men, doubled = x[:, 0] - x[:, 1], 2 * x[:, 2] - x[:, 0]
    more = np.column_stack([x, men, doubled, np.zeros(60)])
    all_totals = [*totals, totals[0] - totals[1], 2 * totals[2] - totals[0], 0]
    found = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
    named = [*NAMES, "men", "double", "nobody"]
    again = calibrate(more, all_totals, weights, names=named, method=method, bounds=bounds)
    assert_allclose(again.weights, found.weights, rtol=MET)
    assert np.abs(again.errors).max() < MET


@pytest.mark.parametrize(("method", "bounds"), WAYS)
def test_replicates_are_calibrated_one_by_one(method, bounds):
    x, weights, totals = sample()
    factors = np.random.default_rng(3).choice([0.0, 1, 1, 1, 2], (60, 4))
    replicates = weights[:, None] * factors
    found = calibrate(x, totals, replicates, names=NAMES, method=method, bounds=bounds and (0.2, 4))
    for r, w in enumerate(replicates.T):
        alone = calibrate(x, totals, w, names=NAMES, method=method, bounds=bounds and (0.2, 4))
        assert_allclose(found.weights[:, r], alone.weights, rtol=1e-9)
    assert found.errors.shape == (3, 4)


def test_rows_of_weight_zero_stay_zero_and_may_be_missing():
    x, weights, totals = sample()
    out = np.arange(60) < 5
    gaps = np.where(out[:, None], np.nan, x)
    found = calibrate(gaps, totals, np.where(out, 0, weights), names=NAMES, method="raking")
    without = calibrate(x[~out], totals, weights[~out], names=NAMES, method="raking")
    assert_array_equal(found.weights[out], 0)
    assert_array_equal(found.g[out], 1)
    assert_allclose(found.weights[~out], without.weights, rtol=MET)


def test_unit_weights_reach_a_whole_population():
    x, _, _ = sample()
    totals = x.sum(axis=0) * np.array([1e6, 1.2e6, 1.01e6])
    found = calibrate(x, totals, np.ones(60), names=NAMES, method="raking")
    assert_allclose(found.weights @ x, totals, rtol=MET)


def test_what_is_given_is_not_changed():
    x, weights, totals = sample()
    for given in (x, weights, totals):
        given.flags.writeable = False
    calibrate(x, totals, weights, names=NAMES, method="logit", bounds=(0.4, 2.5))


@pytest.mark.parametrize("seed", range(60))
def test_totals_are_refused_only_where_no_weights_within_the_bounds_meet_them(seed):
    """Linear programming says whether any g-weights within the bounds meet the totals."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(20), rng.random(20) < 0.3, rng.lognormal(size=20)])
    weights, bounds = rng.lognormal(size=20), (0.5, 2.0)
    totals = (weights * rng.uniform(0.3, 2.4, 20)) @ x * rng.uniform(0.8, 1.2, 3)
    rows = (x * weights[:, None] / totals).T
    possible = linprog(np.zeros(20), A_eq=rows, b_eq=np.ones(3), bounds=bounds).status == 0
    for method in ("linear", "raking", "logit"):
        if possible:
            found = calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)
            assert_allclose(found.weights @ x, totals, rtol=MET)
        else:
            with pytest.raises(DesignError, match="No weights changed by factors within"):
                calibrate(x, totals, weights, names=NAMES, method=method, bounds=bounds)


def test_contradicting_margins_are_named_with_both_totals():
    x, weights, _ = sample()
    more = np.column_stack([x, x[:, 0] - x[:, 1]])
    message = r"'men' is 'people' - 'women', whose totals make 600; given is 650"
    with pytest.raises(DesignError, match=message):
        calibrate(more, [1000, 400, 45000, 650], weights, names=[*NAMES, "men"])
    with pytest.raises(DesignError, match=r"'half' is 0\.5 'age', whose totals make 22,500; given is 2"):
        calibrate(np.column_stack([x, x[:, 2] / 2]), [1000, 400, 45000, 2], weights, names=[*NAMES, "half"])


def test_a_margin_that_nobody_has_is_named():
    x, weights, totals = sample()
    with pytest.raises(DesignError, match=r"'islanders' is zero for everybody with a weight.* to 12\b"):
        calibrate(np.column_stack([x, np.zeros(60)]), [*totals, 12], weights, names=[*NAMES, "islanders"])


def test_a_margin_that_cannot_be_met_is_named_with_what_was_reached():
    x, weights, totals = sample()
    far = totals * np.array([1, 3.0, 1])
    with pytest.raises(DesignError, match=r"within \(0\.8, 1\.2\) meet the totals: 'women' reaches [\d,.]+ of [\d,.]+"):
        calibrate(x, far, weights, names=NAMES, bounds=(0.8, 1.2))
    with pytest.raises(DesignError, match="No positive weights meet the totals: 'women' reaches"):
        calibrate(x, totals * np.array([1, -1, 1]), weights, names=NAMES, method="raking")


def test_a_replicate_without_anybody_of_a_margin_is_named():
    x, weights, totals = sample()
    replicates = np.column_stack([weights, np.where(x[:, 1] == 1, 0, weights)])
    for method in ("linear", "raking"):
        with pytest.raises(DesignError, match=r"in replicate 2 of 2: 'women' reaches 0 of"):
            calibrate(x, totals, replicates, names=NAMES, method=method)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "lineal"}, "Nearest: 'linear'"),
        ({"bounds": (1, 2)}, "one must lie below 1"),
        ({"bounds": (0.5, 1)}, "one must lie below 1"),
        ({"bounds": (2, 0.5)}, "one must lie below 1"),
        ({"bounds": (np.nan, 2)}, "one must lie below 1"),
        ({"bounds": 2}, "give two numbers around 1"),
        ({"bounds": (0.5, "x")}, "give two numbers around 1"),
        ({"method": "logit"}, "needs `bounds`"),
        ({"method": "logit", "bounds": (0.5, np.inf)}, "needs finite ones"),
    ],
)
def test_choices_out_of_range_are_refused(change, message):
    x, weights, totals = sample()
    with pytest.raises(ChoiceError, match=message):
        calibrate(x, totals, weights, names=NAMES, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"totals": [60, np.nan, 3000]}, "total of 'women' is nan"),
        ({"totals": [60, 30]}, "one column and one total for each"),
        ({"x": np.ones((60, 2))}, "one column and one total for each"),
        ({"x": np.full((60, 3), np.nan)}, "'people' is missing or infinite for 60 respondent"),
        ({"weights": np.full(60, np.nan)}, r"missing or infinite for 60 row\(s\), the first at position 0"),
        ({"weights": np.append(np.ones(59), -1)}, r"negative for 1 row\(s\), the first at position 59"),
        ({"weights": np.zeros(60)}, "zero for everybody"),
        ({"weights": np.ones((60, 2)) * [1, 0]}, "zero for everybody in replicate 2 of 2"),
        ({"weights": np.ones((0,))}, "one for each respondent"),
        ({"scale": np.zeros(60)}, "`scale` holds 0; it must be positive"),
        ({"x": np.ones((60, 0)), "totals": [], "names": []}, "0 margins are named"),
    ],
)
def test_numbers_that_cannot_be_right_are_refused(change, message):
    x, weights, totals = sample()
    given = {"x": x, "totals": totals, "weights": weights, "names": NAMES} | change
    with pytest.raises(DesignError, match=message):
        calibrate(given.pop("x"), given.pop("totals"), given.pop("weights"), **given)
