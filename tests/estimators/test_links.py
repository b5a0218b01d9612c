"""Links: derivatives against differences, tails against arithmetic with 250 digits."""

import math
from decimal import MIN_EMIN, Decimal, getcontext

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError
from surveyanalysis.estimators.link import FAR
from surveyanalysis.estimators.links import LINKS, link_named

every = pytest.mark.parametrize("link", LINKS.values(), ids=list(LINKS))
STEP = 1e-5
INNER = np.linspace(-4, 2.5, 27)


def slope(function, at):
    return (function(at + STEP) - function(at - STEP)) / (2 * STEP)


@every
def test_density_and_bend_are_the_derivatives_of_the_distribution(link):
    assert_allclose(link.pdf(INNER), slope(link.cdf, INNER), rtol=1e-7, atol=1e-10)
    assert_allclose(link.bend(INNER), slope(link.pdf, INNER), rtol=1e-7, atol=1e-9)


@every
def test_tilt_is_the_slope_of_the_log_density_with_its_derivative(link):
    first, second = link.tilt(INNER)
    assert_allclose(first, link.bend(INNER) / link.pdf(INNER), rtol=1e-12, atol=1e-14)
    assert_allclose(second, slope(lambda e: link.tilt(e)[0], INNER), rtol=1e-8, atol=1e-10)


@every
def test_quantile_inverts_and_tail_completes_the_distribution(link):
    p = np.array([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
    assert_allclose(link.cdf(link.quantile(p)), p, rtol=1e-12)
    assert_allclose(link.cdf(INNER) + link.tail(INNER), 1, rtol=1e-14)


@every
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_outcome_is_the_bernoulli_log_likelihood_with_its_derivatives(link, y):
    value, first, second = link.outcome(INNER, np.full(len(INNER), y))
    p = link.cdf(INNER)
    assert_allclose(value, y * np.log(p) + (1 - y) * np.log(link.tail(INNER)), rtol=1e-12, atol=1e-15)
    assert_allclose(first, slope(lambda e: link.outcome(e, y)[0], INNER), rtol=1e-6, atol=1e-9)
    assert_allclose(second, slope(lambda e: link.outcome(e, y)[1], INNER), rtol=1e-6, atol=1e-9)


@every
def test_expected_information_is_the_mean_of_the_observed(link):
    p = link.cdf(INNER)
    seen = [-link.outcome(INNER, np.full(len(INNER), y))[2] for y in (1.0, 0.0)]
    assert_allclose(link.expected(INNER), p * seen[0] + (1 - p) * seen[1], rtol=1e-9)
    assert_allclose(link.expected(INNER), link.pdf(INNER) ** 2 / (p * link.tail(INNER)), rtol=1e-10)


@every
@pytest.mark.parametrize("width", [0.05, 1.0, 3.0, FAR])
def test_interval_has_the_derivatives_of_its_log_probability(link, width):
    lower, upper = INNER, INNER + width
    log_p, up, down, up_up, down_down, both = link.interval(lower, upper)
    assert_allclose(np.exp(log_p), link.cdf(upper) - link.cdf(lower), rtol=1e-10)
    near = {"rtol": 1e-6, "atol": 1e-7}
    assert_allclose(up, slope(lambda u: link.interval(lower, u)[0], upper), **near)
    assert_allclose(down, slope(lambda e: link.interval(e, upper)[0], lower), **near)
    assert_allclose(up_up, slope(lambda u: link.interval(lower, u)[1], upper), **near)
    assert_allclose(down_down, slope(lambda e: link.interval(e, upper)[2], lower), **near)
    assert_allclose(both, slope(lambda u: link.interval(lower, u)[2], upper), **near)


@every
def test_an_infinite_end_of_an_interval_is_the_binary_outcome(link):
    yes, no = link.outcome(INNER, 1.0), link.outcome(INNER, 0.0)
    below, above = link.interval(np.full(27, -FAR), INNER), link.interval(INNER, np.full(27, FAR))
    assert_allclose([below[0], below[1], below[3]], yes, rtol=1e-11, atol=1e-14)
    assert_allclose([above[0], above[2], above[4]], no, rtol=1e-11, atol=1e-14)


def arctangent(t):
    """The alternating series, for t of 1/3 or less."""
    return sum((-1) ** k * t ** (2 * k + 1) / (2 * k + 1) for k in range(270))


def precise(name, e):
    """F and 1 - F by decimal arithmetic with 250 digits; for the probit the smaller one by C's erfc."""
    getcontext().prec, getcontext().Emin = 250, MIN_EMIN
    if name == "loglog":
        return precise("cloglog", -e)[::-1]
    if name == "cauchit":
        small = arctangent(1 / Decimal(abs(e))) / (16 * arctangent(1 / Decimal(5)) - 4 * arctangent(1 / Decimal(239)))
        return (small, 1 - small) if e < 0 else (1 - small, small)
    if name == "logit":
        return 1 / (1 + Decimal(-e).exp()), 1 / (1 + Decimal(e).exp())
    if name == "probit":
        small = Decimal(math.erfc(abs(e) / math.sqrt(2))) / 2
        return (small, 1 - small) if e < 0 else (1 - small, small)
    tail = (-Decimal(e).exp()).exp()
    return 1 - tail, tail


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("e", [-30.0, -12.0, -8.5, 3.0, 5.5])
def test_tails_keep_their_digits(name, e):
    """Both tails, and an interval far out on either side."""
    link, at, above = link_named(name), np.array([e]), precise(name, e + 0.5)
    cdf, tail = precise(name, e)
    assert_allclose(link.outcome(at, 1.0)[0], float(cdf.ln()), rtol=1e-12)
    assert_allclose(link.outcome(at, 0.0)[0], float(tail.ln()), rtol=1e-12)
    between = above[0] - cdf if e < 0 else tail - above[1]
    assert_allclose(link.interval(at, at + 0.5)[0], float(between.ln()), rtol=1e-12)


def test_an_unknown_link_is_refused_with_those_that_exist():
    with pytest.raises(ChoiceError, match=r"'logti'.*'logit', 'probit', 'cloglog', 'loglog', .*Nearest: 'logit'"):
        link_named("logti")


@every
@pytest.mark.parametrize("e", [-600.0, -100.0, 100.0, 600.0])
def test_derivatives_stay_finite_where_probabilities_underflow(link, e):
    """A step too far must be seen as bad, not as missing."""
    for y in (0.0, 1.0):
        assert np.isfinite(link.outcome(np.array([e]), y)).all()
    assert np.isfinite(link.tilt(np.array([e]))).all()
    assert np.isfinite(link.interval(np.array([e]), np.array([FAR]))).all()
    assert np.isfinite(link.interval(np.array([-FAR]), np.array([e]))).all()
