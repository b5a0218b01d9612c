"""Trimming, non-response classes and Kish's effect: R's own rule run by hand, theory, invariance, wrong input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.design.nonresponse import class_adjustment
from surveyanalysis.design.trimming import trim
from surveyanalysis.design.weights import Kish, diagnosis, kish, margin_totals
from surveyanalysis.errors import DesignError

EXACT = 1e-12


def repeated(weights, lower, upper, rounds):
    """R survey ``trimWeights(strict = TRUE)``: clip, add the excess to those that were within, again."""
    w = np.array(weights, float)
    for _ in range(rounds):
        outside = (w < lower) | (w > upper)
        cut = np.clip(w, lower, upper)
        if outside.all() or not outside.any():
            return cut
        excess = (w - cut).sum()
        cut[~outside] += excess / (~outside).sum()
        w = cut
        if abs(excess) < 1e-12:
            break
    return w


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.floats(0.1, 100), min_size=4, max_size=15), st.floats(0.3, 0.95), st.floats(1.05, 3))
def test_strict_trimming_is_the_limit_of_the_repeated_rule(weights, below, above):
    mean = np.mean(weights)
    lower, upper = below * mean, above * mean
    if ((np.array(weights) < lower) | (np.array(weights) > upper)).all():
        return
    found = trim(weights, lower, upper, strict=True)
    assert_allclose(found, repeated(weights, lower, upper, 3000), rtol=1e-9)
    assert_allclose(found.sum(), np.sum(weights), rtol=EXACT)
    assert found.min() >= lower and found.max() <= upper


@pytest.mark.parametrize("strict", [False, True])
def test_trimming_keeps_the_sum_scales_and_knows_no_order(strict):
    w = np.random.default_rng(1).lognormal(size=100)
    found = trim(w, 0.4, 2.5, strict)
    order = np.random.default_rng(2).permutation(100)
    assert_allclose(found.sum(), w.sum(), rtol=EXACT)
    assert_allclose(trim(7.3 * w, 7.3 * 0.4, 7.3 * 2.5, strict), 7.3 * found, rtol=EXACT)
    assert_allclose(trim(w[order], 0.4, 2.5, strict), found[order], rtol=EXACT)


def test_trimming_strictly_twice_changes_nothing():
    once = trim(np.random.default_rng(1).lognormal(size=100), 0.4, 2.5, strict=True)
    assert_allclose(trim(once, 0.4, 2.5, strict=True), once, rtol=EXACT)


def test_weights_within_the_bounds_stay_as_they_are():
    w = np.array([1.0, 2, 3])
    assert_array_equal(trim(w, 1, 3), w)
    assert_array_equal(trim(w), w)


def test_one_bound_alone_suffices():
    assert_allclose(trim(np.array([1.0, 2, 9]), upper=5, strict=True), [3, 4, 5])
    assert_allclose(trim(np.array([1.0, 6, 8]), lower=2), [2, 5.5, 7.5])


def test_negative_weights_of_a_linear_calibration_are_trimmed_and_zeros_stay():
    assert_allclose(trim(np.array([-2.0, 0, 4, 6]), lower=1, strict=True), [1, 0, 2.5, 4.5])


def test_strict_trimming_reaches_bounds_that_leave_one_answer_or_nobody_within():
    assert_allclose(trim(np.array([1.0, 2, 9]), upper=4, strict=True), [4, 4, 4])
    assert_allclose(trim(np.array([1.0, 9]), 4, 5.5, strict=True), [4.5, 5.5])


def test_replicates_are_trimmed_one_by_one():
    w = np.random.default_rng(3).lognormal(size=(50, 4)) * np.random.default_rng(4).choice([0, 1, 1], (50, 4))
    found = trim(w, 0.4, 4, strict=True)
    for r in range(4):
        assert_array_equal(found[:, r], trim(w[:, r], 0.4, 4, strict=True))
    assert_array_equal(found[w == 0], 0)


@pytest.mark.parametrize(
    ("weights", "bounds", "message"),
    [
        ([1.0, 2, 9], (0, 3), r"mean 4, which bounds of 0 and 3 leave out: their sum 12 cannot be kept"),
        ([1.0, 2, 9], (5, 9), r"mean 4, which bounds of 5 and 9 leave out"),
        ([1.0, 2, 9], (5, 3), "no range is left"),
        ([1.0, 2, 9], (np.nan, 3), "no range is left"),
        ([1.0, 9.0], (4, 5.5), "Every weight lies outside 4 and 5.5"),
        ([np.nan, 9.0], (4, 5.5), "missing or infinite"),
    ],
)
def test_impossible_bounds_are_refused(weights, bounds, message):
    with pytest.raises(DesignError, match=message):
        trim(np.array(weights), *bounds)


def test_a_replicate_that_cannot_be_trimmed_is_named():
    with pytest.raises(DesignError, match="Weights in replicate 2 of 2 have the mean 8"):
        trim(np.array([[1.0, 2], [2, 4], [9, 18]]), 0, 6)


CLASSES, ANSWERED = np.array([0, 0, 1, 1, 1]), np.array([True, False, True, True, False])


def test_respondents_carry_the_weights_of_their_class():
    """By hand: 10 + 30 on one; 5 + 5 + 10 on two of 5."""
    found = class_adjustment(np.array([10.0, 30, 5, 5, 10]), CLASSES, ANSWERED, ["a", "b"])
    assert_allclose(found, [40, 0, 10, 10, 0])


def test_sums_of_classes_are_kept_in_every_replicate():
    w = np.random.default_rng(1).lognormal(size=(5, 3))
    found = class_adjustment(w, CLASSES, ANSWERED, ["a", "b"])
    for r in range(3):
        assert_allclose(np.bincount(CLASSES, found[:, r]), np.bincount(CLASSES, w[:, r]), rtol=EXACT)
        assert_allclose(found[:, r], class_adjustment(w[:, r], CLASSES, ANSWERED, ["a", "b"]), rtol=EXACT)
    assert (found[~ANSWERED] == 0).all()


def test_a_class_that_was_not_drawn_and_missing_classes_of_weight_zero_are_no_matter():
    found = class_adjustment(np.array([1.0, 2, 0]), np.array([0, 0, -1]), np.array([True, False, False]), ["a", "none"])
    assert_allclose(found, [3, 0, 0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"responded": np.zeros(5, bool)}, "Nobody of 'a' in 'class' responded, so that the weights of its 2 people"),
        ({"responded": np.ones(5)}, "true or false for each of 5 rows"),
        ({"responded": np.ones(4, bool)}, "true or false for each of 5 rows"),
        ({"classes": np.array([0, 0, 1, 1, -1])}, "'class' is missing for 1 respondent"),
        ({"weights": np.array([1.0, 1, 1, 1, -1])}, "negative for 1 row"),
    ],
)
def test_classes_that_lose_weights_are_refused_by_name(change, message):
    given = {"weights": np.ones(5), "classes": CLASSES, "responded": ANSWERED, "names": ["a", "b"]} | change
    with pytest.raises(DesignError, match=message):
        class_adjustment(**given)


def test_kish_is_one_plus_the_squared_coefficient_of_variation():
    w = np.random.default_rng(1).lognormal(size=80)
    found = kish(w)
    assert_allclose(found.deff, 1 + w.var() / w.mean() ** 2, rtol=EXACT)
    assert_allclose(found.effective, 80 / found.deff, rtol=EXACT)
    assert kish(np.append(w, 0)) == found
    assert kish(np.full(7, 3.0)) == Kish(1.0, 7.0)


def test_a_diagnosis_says_what_was_wanted_before_and_after():
    before, after = np.array([1.0, 1, 2, 0]), np.array([2.0, 1, 3, 0])
    codes = [np.array([0, 1, 1, -1])]
    totals = [margin_totals(codes, [3], w) for w in (before, after)]
    found = diagnosis([2, 5, 0], totals, (before, after))
    assert_allclose(found.before, [1, 3, 0])
    assert_allclose(found.after, [2, 4, 0])
    assert_allclose(found.difference, [0, -0.2, np.nan])
    assert (found.lowest, found.highest) == (1, 2)
    assert found.kish_before == kish(before) and found.kish_after == kish(after)
