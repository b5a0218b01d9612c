"""Profiles of the penalised likelihood: R's values, their definition by another optimiser, duality with the test."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, stats

from surveyanalysis.errors import ChoiceError, ConvergenceError
from surveyanalysis.estimators.adjusted import Adjusted
from surveyanalysis.estimators.penalized import firth_fit, penalised_log_likelihood
from surveyanalysis.estimators.penalized_multinomial import firth_multinomial_fit
from surveyanalysis.estimators.penalized_multinomial_profile import (
    multinomial_penalised_lr,
    multinomial_profile_interval,
)
from surveyanalysis.estimators.penalized_profile import penalised_lr, profile_interval
from surveyanalysis.estimators.profile_likelihood import Problem, likelihood_ratio, profile_ends
from tests.references import case, data

from .registry import binary_sample, unordered_sample
from .test_references import matrix

SAMPLE, UNORDERED = binary_sample(), unordered_sample()
BINARY = SAMPLE.x, SAMPLE.y, SAMPLE.weights
MANY = UNORDERED.x, UNORDERED.y, UNORDERED.weights, 4


def ends(interval):
    return np.array([interval.low, interval.high])


@pytest.mark.parametrize("name", ["NV", "PI", "EH"])
def test_intervals_and_tests_equal_those_by_hand_in_r(name):
    """c.firth.endometrial.profile, as logistf: the penalty keeps all columns. NV is separated."""
    reference, frame = case("c.firth.endometrial.profile"), data("endometrial")
    expected, columns = reference.values[name], ["(Intercept)", "NV", "PI", "EH"]
    setting = matrix(frame, columns), frame["HG"].to_numpy(float), np.ones(79)
    found = ends(profile_interval(*setting, columns.index(name)))
    assert_allclose(found, [expected["low"], expected["high"]], rtol=reference.rtol)
    test = penalised_lr(*setting, [columns.index(name)])
    assert test.df == 1
    assert_allclose([test.statistic, test.p], [expected["PLR_chi2"], expected["p"]], rtol=reference.rtol)


def profile(column, value, **named):
    """The penalised likelihood's maximum at one value of a coefficient, by scipy's BFGS without derivatives."""
    rest = np.delete(np.arange(4), column)

    def fall(part):
        params = np.zeros(4)
        params[column], params[rest] = value, part
        return -penalised_log_likelihood(params, *BINARY, **named)

    return -optimize.minimize(fall, np.zeros(3), method="BFGS", options={"gtol": 1e-7}).fun


@pytest.mark.parametrize(
    ("column", "confidence", "named"),
    [
        (0, 0.95, {}),
        (1, 0.9, {"counts": True}),
        (3, 0.95, {"link": "probit"}),
        (2, 0.99, {"link": "cloglog"}),
    ],
)
def test_at_the_ends_the_profile_has_fallen_by_the_quantile(column, confidence, named):
    """The definition, with another optimiser; unequal weights."""
    fit = firth_fit(*BINARY, bias_reduction="jeffreys", **named)
    top = penalised_log_likelihood(fit.params, *BINARY, **named)
    interval = profile_interval(*BINARY, column, confidence, **named)
    assert interval.low < fit.params[column] < interval.high
    for end in ends(interval):
        assert_allclose(2 * (top - profile(column, end, **named)), stats.chi2.ppf(confidence, 1), rtol=1e-5)


@pytest.mark.parametrize("drop", [[1], [2, 3], [3, 1]])
def test_the_test_is_twice_the_difference_of_maxima(drop):
    fit = firth_fit(*BINARY)
    kept = [j for j in range(4) if j not in drop]

    def fall(part):
        params = np.zeros(4)
        params[kept] = part
        return -penalised_log_likelihood(params, *BINARY)

    restricted = -optimize.minimize(fall, np.zeros(len(kept)), method="BFGS", options={"gtol": 1e-7}).fun
    found = penalised_lr(*BINARY, drop)
    assert_allclose(found.statistic, 2 * (penalised_log_likelihood(fit.params, *BINARY) - restricted), rtol=1e-6)
    assert found.df == len(drop)
    assert_allclose(found.p, stats.chi2.sf(found.statistic, len(drop)), rtol=1e-12)


@pytest.mark.parametrize("column", [1, 2, 3])
def test_an_interval_at_the_confidence_of_the_test_ends_at_zero(column):
    """Theory: the interval holds the values that the test does not reject."""
    confidence = 1 - penalised_lr(*BINARY, [column]).p
    found = ends(profile_interval(*BINARY, column, confidence))
    assert np.abs(found).min() < 1e-7


def test_intervals_are_nested():
    narrow, wide = (profile_interval(*BINARY, 1, confidence) for confidence in (0.8, 0.95))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(("origin", "unit"), [(2015.0, 5.0), (0.0, -1e-3), (3e6, 1.0)])
def test_an_affine_change_of_a_covariate_divides_its_interval(origin, unit):
    """A year, or an income in won; of the other columns nothing changes, nor of the tests."""
    x = SAMPLE.x.copy()
    x[:, 3] = origin + unit * x[:, 3]
    moved, other = ends(profile_interval(x, *BINARY[1:], 3)), ends(profile_interval(x, *BINARY[1:], 1))
    assert_allclose(np.sort(moved * unit), ends(profile_interval(*BINARY, 3)), rtol=1e-7)
    assert_allclose(other, ends(profile_interval(*BINARY, 1)), rtol=1e-7)
    assert_allclose(penalised_lr(x, *BINARY[1:], [3]).statistic, penalised_lr(*BINARY, [3]).statistic, rtol=1e-7)


def test_the_intercept_has_an_interval_beside_a_year():
    """Its origin matters to it: that of x from 2015 on is the intercept of x at -2015."""
    x, shifted = SAMPLE.x.copy(), SAMPLE.x.copy()
    x[:, 3] += 2015
    shifted[:, 2] -= 0.5
    assert profile_interval(x, *BINARY[1:], 0).low < firth_fit(x, *BINARY[1:]).params[0]
    moved = firth_fit(shifted, *BINARY[1:]).params
    assert profile_interval(shifted, *BINARY[1:], 0).low < moved[0] < profile_interval(shifted, *BINARY[1:], 0).high


@pytest.mark.parametrize("counts", [False, True])
def test_the_scale_of_weights_matters_to_counts_only(counts):
    scaled = SAMPLE.x, SAMPLE.y, 3 * SAMPLE.weights
    same = np.allclose(
        ends(profile_interval(*scaled, 1, counts=counts)), ends(profile_interval(*BINARY, 1, counts=counts))
    )
    assert same != counts


@pytest.mark.parametrize("column", [0, 2])
def test_two_unordered_levels_are_the_binary_profile(column):
    setting = SAMPLE.x, SAMPLE.y.astype(int), SAMPLE.weights, 2
    found = ends(multinomial_profile_interval(*setting, 1, column))
    assert_allclose(found, ends(profile_interval(*BINARY, column)), rtol=1e-9)
    test = multinomial_penalised_lr(*setting, [column])
    assert_allclose(test.statistic, penalised_lr(*BINARY, [column]).statistic, rtol=1e-9)


def test_unordered_intervals_follow_the_reference_and_tests_do_not():
    one, other = multinomial_profile_interval(*MANY, 2, 1), multinomial_profile_interval(*MANY, 0, 1, reference=2)
    assert_allclose(ends(one), -ends(other)[::-1], rtol=1e-8)
    fit = firth_multinomial_fit(*MANY)
    assert one.low < fit.params[4 + 1] < one.high
    tests = [multinomial_penalised_lr(*MANY, [1, 3], reference=reference) for reference in (0, 3)]
    assert tests[0].df == 6
    assert_allclose(tests[0].statistic, tests[1].statistic, rtol=1e-9)


def test_an_empty_cell_has_an_interval_and_a_test():
    x = np.column_stack([np.ones(40), np.arange(40) >= 20]).astype(float)
    y = np.where(np.arange(40) < 20, np.arange(40) % 3, np.arange(40) % 2)
    found = multinomial_profile_interval(x, y, np.ones(40), 3, 2, 1)
    assert -20 < found.low < found.high < 0
    assert multinomial_penalised_lr(x, y, np.ones(40), 3, [1]).p < 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: profile_interval(*BINARY, 4), r"Columns \[4\] of the covariates: name one or more of 0\.\.3"),
        (lambda: profile_interval(*BINARY, 1, 95), "`confidence` is 95; it must lie between 0 and 1"),
        (lambda: penalised_lr(*BINARY, []), r"Columns \[\]"),
        (lambda: penalised_lr(*BINARY, [1, 1]), r"Columns \[1, 1\].*each once"),
        (lambda: multinomial_profile_interval(*MANY, 0, 1), r"`level` is 0; .*\[1, 2, 3\]"),
    ],
)
def test_what_does_not_exist_is_refused(call, message):
    with pytest.raises(ChoiceError, match=message):
        call()


def test_a_likelihood_without_maximum_or_without_end_is_not_answered():
    def rising(q):
        p = 1 / (1 + np.exp(q))
        return Adjusted(float(-np.logaddexp(0, -q[0])), 0.0, p, np.diag(p * (1 - p)), np.eye(1))

    def flat(q):
        """Falls towards -1 / 10 on either side."""
        slope = -0.2 * q / (1 + q**2) ** 2
        return Adjusted(float(-0.1 * q[0] ** 2 / (1 + q[0] ** 2)), 0.0, slope, np.eye(1) / 5, np.eye(1))

    with pytest.raises(ConvergenceError, match="no maximum that could be found: the scores vanish only"):
        likelihood_ratio(Problem(rising, np.zeros(1), 1.0), np.array([0]))
    with pytest.raises(ConvergenceError, match="does not fall far enough"):
        profile_ends(Problem(flat, np.zeros(1), 1.0), 0, 0.95)
