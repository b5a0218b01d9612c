"""Binary regressions: theory, symmetry, refusals; R's values are in test_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.binary import binary_curvature, binary_fit, binary_mean, binary_slope

from .registry import binary_sample

LINKS = ("logit", "probit", "cloglog")
links = pytest.mark.parametrize("link", LINKS)
SAMPLE = binary_sample()


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_exchanging_yes_and_no_changes_signs_only(link):
    fit = binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, link)
    flipped = binary_fit(SAMPLE.x, 1 - SAMPLE.y, SAMPLE.weights, link)
    assert_allclose(flipped.params, -fit.params, rtol=1e-10)
    assert_allclose(flipped.scores, -fit.scores, rtol=1e-8, atol=1e-14)
    assert_allclose(flipped.covariance, fit.covariance, rtol=1e-9)


@links
def test_an_intercept_alone_gives_the_weighted_share(link):
    fit = binary_fit(np.ones((60, 1)), SAMPLE.y, SAMPLE.weights, link)
    share = np.average(SAMPLE.y, weights=SAMPLE.weights)
    assert_allclose(binary_mean(fit.params, link), share, rtol=1e-13)


@links
def test_a_saturated_model_gives_the_shares_of_the_cells(link):
    cell = np.arange(60) % 3
    x = (cell[:, None] == np.arange(3)).astype(float)
    fit = binary_fit(x, SAMPLE.y, SAMPLE.weights, link)
    shares = [np.average(SAMPLE.y[cell == j], weights=SAMPLE.weights[cell == j]) for j in range(3)]
    assert_allclose(binary_mean(fit.params, link), shares, rtol=1e-12)


@links
def test_a_share_as_outcome_is_the_group_that_it_summarises(link):
    """3 yes of 4 with weight 4 is four rows."""
    x = np.column_stack([np.ones(12), np.repeat([0, 1, 2], 4)]).astype(float)
    y = np.array([1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0], float)
    grouped = binary_fit(x[::4], y.reshape(3, 4).mean(axis=1), np.full(3, 4.0), link)
    assert_allclose(grouped.params, binary_fit(x, y, np.ones(12), link).params, rtol=1e-10)


@links
def test_slope_and_curvature_are_derivatives_of_the_mean(link):
    eta = np.linspace(-3, 2, 11)
    assert_allclose(
        binary_slope(eta, link), (binary_mean(eta + 1e-5, link) - binary_mean(eta - 1e-5, link)) / 2e-5, 1e-7
    )
    bend = (binary_slope(eta + 1e-5, link) - binary_slope(eta - 1e-5, link)) / 2e-5
    assert_allclose(binary_curvature(eta, link), bend, rtol=1e-6, atol=1e-10)


@links
def test_scores_sum_to_zero_at_the_solution(link):
    fit = binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, link)
    assert np.abs(fit.scores.sum(axis=0)).max() < 1e-12


def test_expected_and_observed_information_agree_for_the_logit_only():
    """Theory: the logit is the canonical link."""
    for link in LINKS:
        seen, expected = (
            binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, link, information=kind) for kind in ("observed", "expected")
        )
        same = np.allclose(seen.information, expected.information, rtol=1e-8)
        assert same == (link == "logit")
        assert_allclose(expected.params, seen.params, rtol=1e-12)


@links
def test_a_separated_outcome_has_no_scores_to_infer_from(link):
    x = np.column_stack([np.ones(40), np.arange(40) >= 30]).astype(float)
    y = np.where(np.arange(40) >= 30, 1.0, np.arange(40) % 2)
    fit = binary_fit(x, y, np.ones(40), link)
    assert not fit.converged
    assert fit.message
    assert np.isnan(fit.scores).all()
    assert np.isnan(fit.covariance).all()


@links
def test_a_rare_outcome_converges(link):
    """One event among 100,000 in each of two groups: the share itself."""
    x = np.column_stack([np.ones(200_000), np.arange(200_000) % 2]).astype(float)
    y = (np.arange(200_000) < 2).astype(float)
    fit = binary_fit(x, y, np.ones(200_000), link)
    assert fit.converged
    assert_allclose(binary_mean(x[:2] @ fit.params, link), [1e-5, 1e-5], rtol=1e-9)


def test_weights_from_millionths_to_millions_converge():
    fit = binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights * 10.0 ** (np.arange(60) % 7 - 3), "logit")
    assert fit.converged


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (SAMPLE.y + 1, "between 0 and 1; it runs from 1 to 2"),
        (SAMPLE.y * 0, "is 0 in all 58 rows"),
        (SAMPLE.y * 0 + 1, "is 1 in all 58 rows"),
    ],
)
def test_outcomes_that_are_not_binary_are_refused(y, message):
    with pytest.raises(DataError, match=message):
        binary_fit(SAMPLE.x, y, SAMPLE.weights, "logit")


def test_a_dependent_column_is_refused_by_its_number():
    with pytest.raises(DataError, match=r"Columns \[4\]"):
        binary_fit(np.column_stack([SAMPLE.x, 2 * SAMPLE.x[:, 1] - 1]), SAMPLE.y, SAMPLE.weights, "logit")


def test_words_outside_the_closed_sets_are_refused():
    with pytest.raises(ChoiceError, match="`link`"):
        binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, "log")
    with pytest.raises(ChoiceError, match="`information`"):
        binary_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, "logit", information="both")
