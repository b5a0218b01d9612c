"""Post-stratification and raking: two roads, invariance, wrong input. Values of R: test_weight_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.design import raking
from surveyanalysis.design.calibrating import calibrate
from surveyanalysis.design.raking import post_stratify, rake
from surveyanalysis.errors import DesignError

EXACT = 1e-11
SEX, AGE, AREA = ("sex", ["men", "women"]), ("age", ["young", "middle", "old"]), ("area", ["n", "e", "s", "w"])
NAMED = [SEX, AGE, AREA]
TOTALS = [np.array([480.0, 520]), np.array([250.0, 400, 350]), np.array([100.0, 200, 300, 400])]


def sample(n=200, seed=1):
    rng = np.random.default_rng(seed)
    return [rng.integers(0, len(levels), n) for _, levels in NAMED], rng.lognormal(size=n)


def totals_of(codes, weights):
    return [np.bincount(c, weights) for c in codes]


def test_every_margin_is_met():
    codes, weights = sample()
    found = rake(codes, TOTALS, weights, NAMED)
    for now, wanted in zip(totals_of(codes, found.weights), TOTALS):
        assert_allclose(now, wanted, rtol=EXACT)
    assert found.error <= 1e-12


def test_raking_keeps_the_odds_ratios_within_the_table():
    """Theory (Deming and Stephan): each cell's factor is a product of one factor a level."""
    codes, weights = sample()
    g = np.log(rake(codes, TOTALS, weights, NAMED).weights / weights)
    x = np.column_stack([c[:, None] == np.arange(len(levels)) for c, (_, levels) in zip(codes, NAMED)]).astype(float)
    assert_allclose(x @ np.linalg.lstsq(x, g)[0], g, atol=1e-10)


def test_post_stratification_is_raking_to_one_margin_and_linear_calibration_to_indicators():
    (_, age, _), weights = sample()
    found = post_stratify(age, TOTALS[1], weights, AGE[1])
    assert_allclose(rake([age], TOTALS[1:2], weights, [AGE]).weights, found, rtol=EXACT)
    x = age[:, None] == np.arange(3)
    assert_allclose(calibrate(x, TOTALS[1], weights, names=AGE[1]).weights, found, rtol=EXACT)


def test_weights_and_totals_times_a_constant_scale_the_result():
    codes, weights = sample()
    found, scaled = (rake(codes, [c * t for t in TOTALS], c * weights, NAMED).weights for c in (1, 7.3e5))
    assert_allclose(scaled, 7.3e5 * found, rtol=EXACT)


def test_the_order_of_rows_and_of_margins_does_not_matter():
    codes, weights = sample()
    found = rake(codes, TOTALS, weights, NAMED).weights
    order = np.random.default_rng(0).permutation(200)
    assert_allclose(rake([c[order] for c in codes], TOTALS, weights[order], NAMED).weights, found[order], rtol=EXACT)
    assert_allclose(rake(codes[::-1], TOTALS[::-1], weights, NAMED[::-1]).weights, found, rtol=1e-10)


def test_raking_twice_changes_nothing():
    codes, weights = sample()
    once = rake(codes, TOTALS, weights, NAMED).weights
    twice = rake(codes, TOTALS, once, NAMED)
    assert_allclose(twice.weights, once, rtol=EXACT)
    assert twice.iterations == 1


def test_a_row_split_into_halves_changes_nothing():
    codes, weights = sample()
    halves = rake([np.tile(c, 2) for c in codes], TOTALS, np.tile(weights / 2, 2), NAMED).weights
    assert_allclose(halves[:200] * 2, rake(codes, TOTALS, weights, NAMED).weights, rtol=EXACT)


def test_replicates_are_adjusted_one_by_one():
    codes, weights = sample()
    replicates = weights[:, None] * np.random.default_rng(2).choice([0, 1, 2], (200, 5))
    found = rake(codes, TOTALS, replicates, NAMED).weights
    cells = post_stratify(codes[1], TOTALS[1], replicates, AGE[1])
    for r, w in enumerate(replicates.T):
        assert_allclose(found[:, r], rake(codes, TOTALS, w, NAMED).weights, rtol=EXACT)
        assert_allclose(cells[:, r], post_stratify(codes[1], TOTALS[1], w, AGE[1]), rtol=EXACT)


@pytest.mark.parametrize("largest", [1, 5, 10])
def test_a_table_too_large_to_hold_gives_the_same_weights(largest, monkeypatch):
    codes, weights = sample()
    found = rake(codes, TOTALS, weights, NAMED).weights
    monkeypatch.setattr(raking, "LARGEST_TABLE", largest)
    assert_allclose(rake(codes, TOTALS, weights, NAMED).weights, found, rtol=EXACT)


def test_forty_margins_of_which_the_crossing_has_more_cells_than_numbers_can_count():
    rng = np.random.default_rng(4)
    codes, weights = [rng.integers(0, 5, 3000) for _ in range(40)], np.ones(3000)
    totals = [3000 * share / share.sum() for share in rng.uniform(0.8, 1.2, (40, 5))]
    found = rake(codes, totals, weights, [(str(k), list("abcde")) for k in range(40)])
    for now, wanted in zip(totals_of(codes, found.weights), totals):
        assert_allclose(now, wanted, rtol=EXACT)


def test_rows_of_weight_zero_stay_zero_and_may_be_missing():
    codes, weights = sample()
    out = np.arange(200) < 9
    gaps, zeroed = [np.where(out, -1, c) for c in codes], np.where(out, 0, weights)
    without = rake([c[~out] for c in codes], TOTALS, weights[~out], NAMED).weights
    found = rake(gaps, TOTALS, zeroed, NAMED).weights
    assert_array_equal(found[out], 0)
    assert_allclose(found[~out], without, rtol=EXACT)
    assert_array_equal(post_stratify(gaps[0], TOTALS[0], zeroed, SEX[1])[out], 0)


def test_a_level_of_total_zero_that_nobody_has_is_no_matter():
    codes, weights = sample()
    more = [np.append(TOTALS[0], 0), *TOTALS[1:]]
    found = rake(codes, more, weights, [("sex", ["men", "women", "other"]), AGE, AREA]).weights
    assert_allclose(found, rake(codes, TOTALS, weights, NAMED).weights, rtol=EXACT)


def test_totals_that_were_rounded_for_print_count_as_one_sum():
    codes, weights = sample()
    rounded = [TOTALS[0], TOTALS[1] * (1 + 4e-7), TOTALS[2] * (1 - 4e-7)]
    found = rake(codes, TOTALS, weights, NAMED).weights
    assert_allclose(rake(codes, rounded, weights, NAMED).weights, found, rtol=1e-6)


def test_codes_of_any_whole_type_and_read_only_arrays_are_accepted():
    codes, weights = sample()
    found = rake(codes, TOTALS, weights, NAMED).weights
    small = [c.astype(np.int8) for c in codes]
    for given in (*small, weights):
        given.flags.writeable = False
    assert_array_equal(rake(small, TOTALS, weights, NAMED).weights, found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sex": [480, np.nan]}, r"total of 'women' in 'sex' is missing or no number \(nan\)"),
        ({"sex": [480, -20]}, r"total of 'women' in 'sex' is negative \(-20\)"),
        ({"sex": [1000, 0]}, r"\d+ respondent\(s\) have 'women' in 'sex', whose total is 0"),
        ({"sex": [0, 0]}, "totals of 'sex' are all zero"),
        ({"sex": [1000]}, "2 levels but totals of shape"),
        ({"sex": [480, 530]}, r"'sex' sum to 1,010, those of 'age' to 1,000"),
    ],
)
def test_totals_that_cannot_be_right_are_refused_by_name(change, message):
    codes, weights = sample()
    totals = [np.array(change["sex"], float), *TOTALS[1:]]
    with pytest.raises(DesignError, match=message):
        rake(codes, totals, weights, NAMED)


@pytest.mark.parametrize(
    ("sex", "message"),
    [
        (np.append(np.zeros(199, int), -1), r"'sex' is missing for 1 respondent\(s\).* position 199"),
        (np.append(np.zeros(199, int), 2), "'sex' has code 2, but only 2 levels"),
        (np.zeros(200, int), "Nobody has 'women' in 'sex', whose total is 520"),
        (np.zeros(200), "whole number for each of 200 rows"),
        (np.zeros(199, int), "whole number for each of 200 rows"),
    ],
)
def test_codes_that_cannot_be_right_are_refused_by_name(sex, message):
    codes, weights = sample()
    with pytest.raises(DesignError, match=message):
        rake([sex, *codes[1:]], TOTALS, weights, NAMED)
    with pytest.raises(DesignError, match=message):
        post_stratify(sex, TOTALS[0], weights, SEX[1], name="sex")


def test_an_empty_cell_is_named_in_its_replicate():
    codes, weights = sample()
    replicates = np.column_stack([weights, np.where(codes[1] == 2, 0, weights)])
    message = "Nobody in replicate 2 of 2 has 'old' in 'age', whose total is 350. Merge it"
    with pytest.raises(DesignError, match=message):
        post_stratify(codes[1], TOTALS[1], replicates, AGE[1], name="age")
    with pytest.raises(DesignError, match=message):
        rake(codes, TOTALS, replicates, NAMED)


def test_levels_that_occur_only_together_and_ask_for_different_numbers_are_named():
    a = np.array([0, 0, 1, 1])
    named = [("sex", ["men", "women"]), ("duty", ["served", "not"])]
    with pytest.raises(DesignError, match=r"does not settle within 200 rounds: 'men' in 'sex' still has 30 of 40"):
        rake([a, a], [np.array([40.0, 60]), np.array([30.0, 70])], np.ones(4), named)


def test_as_many_margins_totals_and_names_are_needed():
    codes, weights = sample()
    with pytest.raises(DesignError, match="3 margins, 2 totals and 3 names"):
        rake(codes, TOTALS[:2], weights, NAMED)
    with pytest.raises(DesignError, match="0 margins"):
        rake([], [], weights, [])
