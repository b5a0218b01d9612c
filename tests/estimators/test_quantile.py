"""Quantiles of weighted distributions: R's rules, NumPy's, exact hits, and invariances that need no reference."""

import time

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.errors import ChoiceError
from surveyanalysis.estimators.distribution import cumulated, in_order, shares_at_or_below
from surveyanalysis.estimators.quantile import KNOTS, RULES, quantiles
from tests import references

STEPS = ("math", "school", "hf1", "hf2", "hf3")
SCALE_FREE = (*STEPS, *KNOTS)
NUMPY = {
    "hf1": "inverted_cdf",
    "hf2": "averaged_inverted_cdf",
    "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen",
    "hf6": "weibull",
    "hf7": "linear",
    "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}
P = np.array([0.01, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.987])
every_rule = pytest.mark.parametrize("rule", RULES)


def found(y, w=None, groups=None, count=1):
    y = np.asarray(y, float)
    groups = np.zeros(len(y), np.intp) if groups is None else np.asarray(groups)
    weights = np.ones(len(y)) if w is None else np.asarray(w, float)
    return cumulated(in_order(y, groups, count), weights)


def sample(n=300, seed=3, decimals=12):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(50, 10, n), decimals), rng.lognormal(sigma=0.7, size=n), rng.integers(0, 4, n)


@pytest.mark.parametrize("name", references.cases("a.quantile.qrules"))
@every_rule
def test_rules_agree_with_r(name, rule):
    """R survey 4.1 svyquantile(qrule = ), point estimates."""
    case = references.case(name)
    data = references.data(case.data[0])
    value = quantiles(found(data["api00"], data["pw"]), np.array(case.args["probs"]), rule)
    assert_allclose(value[0], case.series(rule), rtol=case.rtol)


def test_the_distribution_function_agrees_with_r():
    """R survey svycdf, case a.cdf.strat."""
    case = references.case("a.cdf.strat")
    data = references.data("apistrat")
    points = np.array([float(name[1:]) for name in case.values["cdf"]])
    assert_allclose(shares_at_or_below(found(data["api00"], data["pw"]), points)[0], case.series("cdf"), rtol=case.rtol)


@pytest.mark.parametrize("rule", NUMPY)
@pytest.mark.parametrize("n", [1, 2, 7, 10, 200])
def test_equal_weights_are_hyndman_and_fan(rule, n):
    """numpy.quantile(method = ), exact hits among them (200 times 0.1)."""
    y = np.random.default_rng(n).normal(size=n)
    assert_allclose(quantiles(found(y), P, rule)[0], np.quantile(y, P, method=NUMPY[rule]), rtol=1e-12)


def test_exact_hits_are_decided_on_paper_not_by_rounding():
    """A tenth of 200 equal weights is the 20th value, whatever the weight; where R's sums may say the 21st."""
    y = np.arange(1.0, 201)
    for weight in (1, 0.1, 1 / 3, 30.97, 6194 / 200):
        law = found(y, np.full(200, weight))
        tenths = np.arange(1, 10) / 10
        assert_array_equal(quantiles(law, tenths, "math")[0], 200 * tenths)
        assert_array_equal(quantiles(law, tenths, "school")[0], 200 * tenths + 0.5)


def test_hits_are_found_in_the_sums_of_a_million_weights():
    """Cumulated in doubles, a million times 0.1 is 1.3e-6 off."""
    y = np.arange(1.0, 10**6 + 1)
    law = found(y, np.full(10**6, 0.1))
    assert_array_equal(quantiles(law, P[[1, 2, 4]], "school")[0], 10**6 * P[[1, 2, 4]] + 0.5)


def test_the_third_rule_takes_even_ranks_of_different_values():
    """Hyndman and Fan's type 3 at exact hits, ranks counted over different values as R's qrule_hf3 does."""
    law = found([5, 1, 1, 2, 4, 3], [1, 1, 1, 2, 2, 2])
    assert_array_equal(quantiles(law, np.array([2, 4, 6, 8]) / 9, "hf3")[0], [2, 2, 4, 4])


@every_rule
def test_below_the_first_share_stands_the_first_value(rule):
    """The rules' definition; R survey 4.1 gives the second value (case q.first.small)."""
    y, w, _ = sample()
    if rule not in ("shahvaish", "hf7"):  # where the first value stands at no share, or at one that follows the scale
        assert quantiles(found(y, w / w.sum()), np.array([1e-9]), rule).item() == y.min()
    assert quantiles(found([7.0]), P, rule).tolist() == [[7.0] * len(P)]


@every_rule
def test_a_constant_is_every_quantile_of_itself(rule):
    _, w, _ = sample()
    assert_array_equal(quantiles(found(np.full(300, 1 / 9), w), P, rule), np.full((1, len(P)), 1 / 9))


@every_rule
@pytest.mark.parametrize("decimals", [12, -1])
def test_quantiles_rise_with_the_probability(rule, decimals):
    y, w, groups = sample(decimals=decimals)
    values = quantiles(found(y, w / w.mean(), groups, 4), np.linspace(0.001, 0.999, 500), rule)
    assert (np.diff(values, axis=1) >= 0).all()
    assert (values >= y.min()).all() and (values <= y.max()).all()


@every_rule
def test_groups_are_quantiles_of_their_own(rule):
    """One look-up for all groups equals one for each; relabelled groups are relabelled quantiles."""
    y, w, groups = sample()
    together = quantiles(found(y, w, groups, 5), P, rule)
    for g in range(4):
        assert_allclose(together[g], quantiles(found(y[groups == g], w[groups == g]), P, rule)[0], rtol=1e-12)
    assert np.isnan(together[4]).all()
    new = np.array([3, 0, 4, 2])
    assert_allclose(quantiles(found(y, w, new[groups], 5), P, rule)[new], together[:4], rtol=1e-12)


@every_rule
def test_the_order_of_rows_does_not_matter(rule):
    y, w, groups = sample()
    order = np.random.default_rng(1).permutation(len(y))
    once, again = (quantiles(found(y[o], w[o], groups[o], 4), P, rule) for o in (np.arange(len(y)), order))
    assert_array_equal(once, again)


@pytest.mark.parametrize("rule", STEPS)
def test_nor_does_the_order_of_ties_for_rules_that_step(rule):
    y, w, groups = sample(decimals=-1)
    order = np.random.default_rng(1).permutation(len(y))
    once, again = (quantiles(found(y[o], w[o], groups[o], 4), P, rule) for o in (np.arange(len(y)), order))
    assert_array_equal(once, again)


@pytest.mark.parametrize("rule", SCALE_FREE)
@pytest.mark.parametrize("factor", [7.3, 1e-290, 1e280])
def test_the_scale_of_the_weights_does_not_matter(rule, factor):
    y, w, groups = sample()
    assert_allclose(
        quantiles(found(y, w * factor, groups, 4), P, rule), quantiles(found(y, w, groups, 4), P, rule), rtol=1e-10
    )


def test_the_rule_of_shah_and_vaish_follows_the_scale_as_in_r():
    """R's pk = (S + 0.5 - w / 2) / (n + 1) takes the weights as they are; with weights of mean 1 it is theirs."""
    y, w, _ = sample()
    assert (quantiles(found(y, w * 9), P, "shahvaish") != quantiles(found(y, w / w.mean()), P, "shahvaish")).any()
    ranks = np.arange(1, 301) / 301
    assert_array_equal(quantiles(found(y, np.ones(300)), ranks + 1e-9, "shahvaish")[0], np.sort(y))


@every_rule
def test_quantiles_follow_a_shift_and_a_scale(rule):
    y, w, groups = sample()
    moved = quantiles(found(3.5 * y - 20, w, groups, 4), P, rule)
    assert_allclose(moved, 3.5 * quantiles(found(y, w, groups, 4), P, rule) - 20, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rule", STEPS)
def test_a_row_of_weight_two_is_two_rows(rule):
    y, _, groups = sample(decimals=0)
    w = np.random.default_rng(8).integers(1, 4, len(y)).astype(float)
    often = np.repeat(np.arange(len(y)), w.astype(int))
    once, again = found(y, w, groups, 4), found(y[often], np.ones(len(often)), groups[often], 4)
    assert_array_equal(quantiles(once, P, rule), quantiles(again, P, rule))
    assert_array_equal(shares_at_or_below(once, y[:9]), shares_at_or_below(again, y[:9]))


@every_rule
def test_rows_of_weight_zero_are_not_there(rule):
    y, w, groups = sample()
    w[::3] = 0
    kept = w > 0
    without = quantiles(found(y[kept], w[kept], groups[kept], 4), P, rule)
    assert_allclose(quantiles(found(y, w, groups, 4), P, rule), without, rtol=1e-13)


def test_groups_may_have_their_own_probabilities():
    y, w, groups = sample()
    law = found(y, w, groups, 4)
    own = np.random.default_rng(2).random((4, 3))
    own[1, 2] = np.nan
    value = quantiles(law, own)
    for g in range(4):
        assert_array_equal(value[g], quantiles(law, own[g])[g])
    assert np.isnan(value[1, 2])


def test_the_share_at_or_below_a_quantile_reaches_its_probability_first_there():
    """Definition: F(Q(p)) >= p, and less at any value below."""
    y, w, groups = sample()
    law = found(y, w, groups, 4)
    at = quantiles(law, P)
    assert (shares_at_or_below(law, at) >= P - 1e-12).all()
    assert (shares_at_or_below(law, np.nextafter(at, -np.inf)) < P + 1e-12).all()


def test_shares_at_or_below_are_weighted_means_of_an_indicator():
    y, w, groups = sample(decimals=0)
    points = np.array([-1e9, 40, 50.5, 61, np.inf])
    value = shares_at_or_below(found(y, w, groups, 5), points)
    for g in range(4):
        own = groups == g
        expected = [np.average(y[own] <= x, weights=w[own]) for x in points]
        assert_allclose(value[g], expected, rtol=1e-12)
    assert np.isnan(value[4]).all()


@pytest.mark.parametrize("y", [[0.1, 1e300, -1e300, 0.2, 0.3], [1e-310, 3e-310, 2e-310, 0, 5e-324], [2, 2, 2, 2, 2]])
def test_numbers_too_far_apart_or_too_near_for_the_grid_are_sorted_all_the_same(y):
    order = in_order(np.array(y, float), np.array([0, 1, 0, 1, 0]), 2)
    assert_array_equal(order.values[:3], np.sort(np.array(y, float)[[0, 2, 4]]))
    assert_array_equal(order.values[3:], np.sort(np.array(y, float)[[1, 3]]))


def test_values_that_share_a_point_of_the_grid_are_sorted_all_the_same():
    rng = np.random.default_rng(4)
    y = np.concatenate([rng.normal(size=5000) * 1e-14, [1e6]])
    groups = rng.integers(0, 3, 5001)
    order = in_order(y, groups, 3)
    assert_array_equal(order.rows, np.lexsort((y, groups)))


def test_nobody_and_an_unknown_rule():
    assert np.isnan(quantiles(found([], []), P)).all()
    assert np.isnan(shares_at_or_below(found([], []), P)).all()
    with pytest.raises(ChoiceError, match="'math', 'school'"):
        quantiles(found([1.0]), P, "type7")


def test_a_million_rows_in_twenty_groups_take_no_longer_than_the_sort():
    y, w, _ = sample(10**6, decimals=2)
    groups = np.random.default_rng(5).integers(0, 20, 10**6)
    took = []
    for _ in range(4):
        start = time.perf_counter()
        quantiles(found(y, w, groups, 20), P)
        took.append(time.perf_counter() - start)
    start = time.perf_counter()
    np.lexsort((y, groups))
    assert min(took) < 2 * (time.perf_counter() - start)
