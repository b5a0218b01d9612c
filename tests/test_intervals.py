"""Intervals of proportions of every kind: order, mirror images, coverage by enumeration, the ends of the scale."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.intervals import INTERVALS, proportion_interval
from surveyanalysis.intervals_likelihood import likelihood_ends

BOUNDED = [name for name in INTERVALS if name != "t"]
shares = st.floats(0.001, 0.999)
counts = st.integers(2, 5000)
deffs = st.floats(0.3, 8)
frees = st.integers(1, 400)
steady = settings(deadline=None, derandomize=True, max_examples=60)
every = pytest.mark.parametrize("interval", INTERVALS)
bounded = pytest.mark.parametrize("interval", BOUNDED)


def ends(interval, p, n, deff=1.0, df=None, confidence=0.95, simple=False):
    """One interval of a share `p` of `n`."""
    se = np.sqrt(deff * p * (1 - p) / n)
    found = proportion_interval(
        np.array([p]), np.array([se]), np.array([float(n)]), float(n - 1 if df is None else df), interval, confidence,
        simple,
    )  # fmt: skip
    return float(found[0][0]), float(found[1][0])


@bounded
@steady
@given(p=shares, n=counts, deff=deffs, df=frees)
def test_an_interval_lies_in_the_unit_interval_and_holds_the_estimate(interval, p, n, deff, df):
    """P24. A t interval may leave it: R's svyciprop(method = "mean") does, too."""
    low, high = ends(interval, p, n, deff, df)
    assert 0 <= low <= p <= high <= 1


@every
@steady
@given(p=shares, n=counts, deff=deffs, df=frees)
def test_more_confidence_makes_an_interval_wider(interval, p, n, deff, df):
    """P24; a design has fewer degrees of freedom than respondents."""
    few = min(df, n - 1)
    lows, highs = zip(*(ends(interval, p, n, deff, few, confidence) for confidence in (0.5, 0.8, 0.95, 0.99)))
    assert (np.diff(lows) <= 1e-15).all()
    assert (np.diff(highs) >= -1e-15).all()


@every
@steady
@given(p=shares, n=counts, deff=deffs, df=frees)
def test_yes_and_no_are_mirror_images(interval, p, n, deff, df):
    """P24."""
    (low, high), (other_low, other_high) = ends(interval, p, n, deff, df), ends(interval, 1 - p, n, deff, df)
    assert_allclose([low, high], [1 - other_high, 1 - other_low], rtol=1e-9, atol=1e-11)


@bounded
@pytest.mark.parametrize("n", [1, 3, 57, 10_000])
def test_nobody_and_everybody_are_mirror_images_with_one_end_each(interval, n):
    """T050: R's intervals of 0 of 57 are a point, or NaN, or an error."""
    low, high = ends(interval, 0.0, n)
    assert low == 0
    assert 0 < high <= 1
    assert_allclose(ends(interval, 1.0, n), (1 - high, 1.0), rtol=1e-12)


@bounded
def test_a_share_of_nobody_has_no_interval(interval):
    """T052."""
    nothing = np.array([np.nan])
    assert np.isnan(proportion_interval(nothing, nothing, np.zeros(1), nothing, interval)).all()


# least and mean coverage over p = .05, .06, ..., .95; coverage at p = .02 and .10
COVERAGE = {
    "t": (0.857, 0.940, 0.683, 0.924),
    "wilson": (0.937, 0.951, 0.973, 0.958),
    "logit": (0.940, 0.962, 0.973, 0.973),
    "arcsine": (0.899, 0.953, 0.994, 0.972),
    "likelihood": (0.923, 0.956, 0.973, 0.958),
    "exact": (0.954, 0.966, 0.994, 0.958),
}


@every
def test_coverage_of_57_by_enumeration(interval):
    """P24, T051: every outcome of 57 under p, weighed by its binomial probability."""
    x = np.arange(58)
    both = np.array([ends(interval, k / 57, 57, 57 / 56, 56, simple=True) for k in x])

    def coverage(p):
        return stats.binom.pmf(x[(both[:, 0] <= p) & (p <= both[:, 1])], 57, p).sum()

    found = [coverage(p) for p in np.arange(5, 96) / 100]
    shown = [min(found), np.mean(found), coverage(0.02), coverage(0.1)]
    assert_allclose(shown, COVERAGE[interval], atol=0.0006)


@steady
@given(p=st.floats(1e-6, 1 - 1e-6), distance=st.floats(1e-9, 20))
def test_a_likelihood_interval_ends_where_the_likelihood_has_fallen_by_the_distance(p, distance):
    low, high = (float(end[0]) for end in likelihood_ends(np.array([p]), np.array([distance])))
    if low > 1e-300:
        fallen = stats.entropy([p, 1 - p], [low, 1 - low])
        assert_allclose(fallen, distance, rtol=1e-6, atol=1e-15)
    if 1 - high > 1e-9:
        fallen = stats.entropy([p, 1 - p], [high, 1 - high])
        assert_allclose(fallen, distance, rtol=1e-5, atol=1e-15)


def test_a_likelihood_interval_of_a_large_sample_is_that_of_the_deviance():
    """20 of 57 by the textbook: 2 (loglik(p) - loglik(q)) = 1.959964^2, were the variance p (1 - p) / n known."""
    p, z2 = 20 / 57, stats.norm.ppf(0.975) ** 2
    low, high = (end[0] for end in likelihood_ends(np.array([p]), np.array([z2 / 114])))
    for end in (low, high):
        gap = stats.binom.logpmf(20, 57, p) - stats.binom.logpmf(20, 57, end)
        assert_allclose(2 * gap, z2, rtol=1e-9)


@pytest.mark.parametrize("interval", ["arcsine", "likelihood"])
def test_tables_name_the_interval_in_both_languages(interval):
    answers = sa.Design(pd.DataFrame({"q": ["yes"] * 34 + ["no"] * 23}))
    found = sa.proportion(answers, "q", interval=interval)
    assert interval in found.origin.interval["en"]
    assert found.origin.interval["ko"] != found.origin.interval["en"]
    assert interval in str(found)
