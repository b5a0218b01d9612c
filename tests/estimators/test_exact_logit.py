"""Exact logits against listed outcomes, Fisher's and Mantel-Haenszel's exact tests, conditional likelihood, and theory.

Stored cases f.exact.*: tests/references/scripts/small.R.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.exact_inference import exact_estimate, exact_p
from surveyanalysis.estimators.exact_logit import conditional
from tests import references

UNIROOT = 1.3e-4  # R's tests solve for an odds ratio below 1, or its reciprocal, to .Machine$double.eps^0.25


def of_table(table):
    """Rows (group, outcome) of a 2 x 2 table whose first row and column are the group and the event."""
    (a, b), (c, d) = table
    return np.repeat([1.0, 1, 0, 0], [a, b, c, d])[:, None], np.repeat([1.0, 0, 1, 0], [a, b, c, d])


def agree(found, case):
    """Odds ratio, interval and p of a table."""
    got, values = exact_estimate(found, 0.95), {name: references.number(value) for name, value in case.values.items()}
    odds = np.exp([got.low, got.high] if got.median else [got.low, got.high, got.estimate])
    expected = np.array([values["low"], values["high"], values["odds"]])[: len(odds)]
    assert_allclose(np.minimum(odds, 1 / np.maximum(odds, 1)), np.minimum(expected, 1 / np.maximum(expected, 1)),
                    atol=UNIROOT)  # fmt: skip
    assert ((odds > 1) == (expected > 1)).all()
    assert_allclose(exact_p(found, "probability"), values["p"], rtol=1e-9)


@pytest.mark.parametrize("name", references.cases("f.exact.fisher."))
def test_a_two_by_two_table_is_fisher_s_test(name):
    case = references.case(name)
    agree(conditional(*of_table(case.args["table"]), [0]), case)


def test_several_tables_are_mantel_haenszel_s_exact_test():
    """Penicillin and rabbits."""
    case = references.case("f.exact.rabbits")
    parts = [of_table(table) for table in case.args["table"]]
    sets = np.repeat(np.arange(len(parts)), [len(y) for _, y in parts])
    x, y = np.vstack([x for x, _ in parts]), np.concatenate([y for _, y in parts])
    agree(conditional(x, y, [0], sets), case)


@pytest.mark.parametrize("name", references.cases("f.exact.clogit."))
def test_matched_sets_give_the_conditional_likelihood_estimate(name):
    case = references.case(name)
    frame = references.data("birthwt")
    sets = np.unique(frame["race"], return_inverse=True)[1]
    x, y = frame[[case.args["term"]]].to_numpy(float), frame["low"].to_numpy(float)
    got = exact_estimate(conditional(x, y, [0], sets), 0.95)
    assert_allclose([got.estimate, got.se], [case.values["estimate"], case.values["se"]], rtol=1e-6)


@pytest.mark.parametrize("name", [n for n in references.cases("f.exact.listed.") if not n.endswith("pair")])
def test_the_distribution_is_that_of_all_outcomes_listed(name):
    case = references.case(name)
    x, y = np.array(case.args["x"], float), np.array(case.args["y"], float)
    found, values = conditional(x, y, [case.args["column"] - 1]), case.values
    assert_allclose(found.counts / found.counts.sum(), values["probability"], rtol=1e-12)
    assert_allclose(np.diff(found.values[:, 0]) * found.unit, np.diff(values["values"]))
    for method in ("probability", "score", "tail"):
        assert_allclose(exact_p(found, method), values[f"p_{method}"], rtol=1e-10)
    if values["p_tail"] < 1:
        half = values["own"] / 2
        mid = [exact_p(found, method, mid_p=True) for method in ("probability", "score", "tail")]
        expected = values["p_probability"] - half, values["p_score"] - half, values["p_tail"] - 2 * half
        assert_allclose(mid, expected, rtol=1e-10)
    got = exact_estimate(found, 0.95)
    assert_allclose(got.estimate, values["estimate"], rtol=1e-7)
    if "se" in values:
        assert_allclose(got.se, values["se"], rtol=1e-7)
    for end in ("low", "high"):
        assert_allclose(getattr(got, end), values.get(end, np.inf if end == "high" else -np.inf), rtol=1e-7)
    if "low_mid" in values:
        assert_allclose(exact_estimate(found, 0.95, mid_p=True).low, values["low_mid"], rtol=1e-7)


def test_two_columns_together_are_those_of_all_outcomes_listed():
    case = references.case("f.exact.listed.pair")
    found = conditional(np.array(case.args["x"], float), np.array(case.args["y"], float), [1, 2])
    for method in ("probability", "score"):
        assert_allclose(exact_p(found, method), case.values[f"p_{method}"], rtol=1e-10)


def random_rows(seed, n=24):
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.integers(0, 2, n), rng.integers(0, 3, n), rng.integers(0, 2, n)]).astype(float)
    return x, (rng.random(n) < 0.4).astype(float)


def test_origin_and_step_of_a_covariate_change_the_unit_only():
    x, y = random_rows(1)
    moved = np.column_stack([x[:, 0], 1990 + 2.5 * x[:, 1], x[:, 2]])
    a, b = (exact_estimate(conditional(z, y, [1]), 0.9) for z in (x, moved))
    assert_allclose([b.estimate, b.se, b.low, b.high], np.array([a.estimate, a.se, a.low, a.high]) / 2.5)
    assert b.score == pytest.approx(a.score)


def test_the_other_outcome_has_the_opposite_coefficient():
    x, y = random_rows(2)
    a, b = (exact_estimate(conditional(x, z, [0]), 0.95) for z in (y, 1 - y))
    assert_allclose([b.estimate, b.low, b.high], [-a.estimate, -a.high, -a.low], rtol=1e-8)


def test_the_order_of_rows_and_columns_does_not_matter():
    x, y = random_rows(3)
    order = np.random.default_rng(0).permutation(len(y))
    a, b = conditional(x, y, [2]), conditional(x[order][:, [2, 0, 1]], y[order], [0])
    assert (a.values == b.values).all()
    assert_allclose(a.counts, b.counts, rtol=1e-12)


def test_the_interval_covers_at_least_as_often_as_it_says():
    """All outcomes of ten rows under a known coefficient: tails that may not exceed 2.5 % each."""
    x = np.repeat([[0.0], [1.0]], 5, axis=0)
    truth, shares = 0.8, 1 / (1 + np.exp(-(-0.3 + 0.8 * np.array([0.0, 1.0]))))
    missed = 0.0
    from math import comb

    for a in range(6):
        for b in range(6):
            y = np.concatenate([np.arange(5) < a, np.arange(5) < b]).astype(float)
            weight = np.prod([comb(5, k) * p**k * (1 - p) ** (5 - k) for k, p in zip((a, b), shares)])
            got = exact_estimate(conditional(x, y, [0]), 0.95)
            missed += weight * (not got.low <= truth <= got.high)
    assert missed <= 0.05


def test_nothing_is_learned_where_the_others_leave_a_single_value():
    x = np.column_stack([np.arange(6.0), np.arange(6.0) ** 2])
    found = conditional(x, np.array([0.0, 0, 0, 0, 0, 1]), [0])
    assert found.certain
    got = exact_estimate(found, 0.95)
    assert (got.low, got.high) == (-np.inf, np.inf)
    assert np.isnan(got.estimate)
    assert exact_p(found, "probability") == 1


def test_the_median_unbiased_estimate_halves_the_tail():
    x = np.repeat([[0.0], [1.0]], 4, axis=0)
    got = exact_estimate(conditional(x, np.repeat([0.0, 1.0], 4), [0]), 0.95)
    t = np.arange(5)
    ways = np.array([1.0, 16, 36, 16, 1])
    assert got.median
    assert_allclose((ways * np.exp(got.estimate * t))[4] / (ways * np.exp(got.estimate * t)).sum(), 0.5)
    assert got.high == np.inf


def test_too_many_sums_are_refused_with_their_number():
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 1000, (60, 3)).astype(float), rng.integers(0, 2, 60).astype(float)
    with pytest.raises(DataError, match=r"After \d+ of 60 different rows .* more than 5,000 .* `firth`"):
        conditional(x, y, [0], states=5000)


def test_numbers_with_many_decimals_are_refused():
    x = np.random.default_rng(6).normal(size=(20, 1))
    with pytest.raises(DataError, match="Round it"):
        conditional(x, np.arange(20) % 2.0, [0])
