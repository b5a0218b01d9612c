"""Continuation ratios: theory, symmetry, refusals; R's values are in test_ordered_references.py."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.continuation import continuation_fit
from surveyanalysis.estimators.continuation_response import (
    continuation_jacobian,
    continuation_probabilities,
    continuation_summed_jacobian,
    continuation_turns,
)
from surveyanalysis.estimators.ordered import ordered_fit, ordered_probabilities
from surveyanalysis.estimators.predictors import layout_of, slopes_by_threshold

from .registry import binary_sample, ordered_sample

SAMPLE = ordered_sample()
links = pytest.mark.parametrize("link", ["logit", "probit", "cloglog", "loglog", "cauchit"])
symmetric = pytest.mark.parametrize("link", ["logit", "probit", "cauchit"])
ways = pytest.mark.parametrize("direction", ["forward", "backward"])


def fitted(link, direction="forward", free=()):
    return continuation_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, link, direction=direction, free=free)


def stacked(direction):
    """Rows at every step: who, which step, and whether y <= step."""
    steps = [np.flatnonzero(SAMPLE.y >= j if direction == "forward" else SAMPLE.y <= j + 1) for j in range(3)]
    who, step = np.concatenate(steps), np.repeat([0, 1, 2], [len(s) for s in steps])
    return who, step, (SAMPLE.y[who] <= step).astype(float)


@links
@ways
def test_it_is_one_binary_regression_on_stacked_rows_with_scores_summed_by_respondent(link, direction):
    """The likelihood factorises; a design's variance needs one row of scores for each respondent."""
    who, step, stops = stacked(direction)
    x = np.hstack([(step[:, None] == [0, 1, 2]).astype(float), -SAMPLE.x[who]])
    binary, fit = binary_fit(x, stops, SAMPLE.weights[who], link), fitted(link, direction)
    assert_allclose(fit.params, binary.params, rtol=1e-9)
    assert_allclose(fit.loglik, binary.loglik, rtol=1e-12)
    assert_allclose(fit.covariance, binary.covariance, rtol=1e-8)
    summed = np.zeros_like(fit.scores)
    np.add.at(summed, who, binary.scores)
    assert_allclose(fit.scores, summed, rtol=1e-8, atol=1e-12)


@ways
def test_slopes_of_every_step_are_separate_binary_regressions(direction):
    fit = fitted("logit", direction, free=[0, 1, 2])
    who, step, stops = stacked(direction)
    for j in range(3):
        rows = who[step == j]
        x = np.column_stack([np.ones(len(rows)), -SAMPLE.x[rows]])
        alone = binary_fit(x, stops[step == j], SAMPLE.weights[rows], "logit")
        assert_allclose(fit.params[[j, 3 + j, 6 + j, 9 + j]], alone.params, rtol=1e-9)


def test_forward_steps_with_the_cloglog_are_its_cumulative_model():
    """Laara and Matthews 1985: grouped proportional hazards; thresholds are logs of cumulated hazards."""
    fit, cumulative = fitted("cloglog"), ordered_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, "cloglog")
    assert_allclose(fit.loglik, cumulative.loglik, rtol=1e-13)
    assert_allclose(fit.params[3:], cumulative.params[3:], rtol=1e-9)
    assert_allclose(np.log(np.cumsum(np.exp(fit.params[:3]))), cumulative.params[:3], rtol=1e-9)
    assert_allclose(fit.scores[:, 3:], cumulative.scores[:, 3:], rtol=1e-7, atol=1e-12)
    assert_allclose(
        continuation_probabilities(fit.params, SAMPLE.x, 4, "cloglog"),
        ordered_probabilities(cumulative.params, SAMPLE.x, 4, "cloglog"),
        atol=1e-11,
    )


@symmetric
@pytest.mark.parametrize("free", [(), (1,)])
def test_backward_is_forward_on_the_reversed_levels(link, free):
    fit = fitted(link, "backward", free)
    other = continuation_fit(SAMPLE.x, 3 - SAMPLE.y, SAMPLE.weights, 4, link, free=free)
    order = [2, 1, 0, 3, 4, 5] if not free else [2, 1, 0, 3, 4, 7, 6, 5]
    assert_allclose(fit.params, -other.params[order], rtol=1e-8)
    assert_allclose(fit.loglik, other.loglik, rtol=1e-12)


@ways
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_two_levels_are_the_binary_model(link, direction):
    sample = binary_sample()
    binary = binary_fit(sample.x, sample.y, sample.weights, link)
    fit = continuation_fit(sample.x[:, 1:], sample.y.astype(int), sample.weights, 2, link, direction=direction)
    sign = np.array([-1, 1, 1, 1])
    assert_allclose(fit.params, sign * binary.params, rtol=1e-10)
    assert_allclose(fit.scores, sign * binary.scores, rtol=1e-8, atol=1e-13)


@links
@ways
def test_no_covariates_give_the_weighted_shares(link, direction):
    nothing = np.zeros((60, 0))
    fit = continuation_fit(nothing, SAMPLE.y, SAMPLE.weights, 4, link, direction=direction)
    shares = np.bincount(SAMPLE.y, SAMPLE.weights) / SAMPLE.weights.sum()
    chance = continuation_probabilities(fit.params, nothing[:1], 4, link, direction=direction)
    assert_allclose(chance[0], shares, rtol=1e-11)


@ways
def test_slopes_point_to_the_higher_levels(direction):
    x = np.repeat([0.0, 1.0], 30)[:, None]
    y = np.concatenate([np.tile([0, 0, 1, 2, 0], 6), np.tile([2, 1, 2, 2, 0], 6)])
    assert continuation_fit(x, y, np.ones(60), 3, "logit", direction=direction).params[-1] > 0


@links
@ways
@pytest.mark.parametrize("free", [(), (1,)])
def test_probabilities_sum_to_one_and_their_jacobian_is_their_derivative(link, direction, free):
    how, step = {"direction": direction, "free": free}, 1e-6
    fit = fitted(link, direction, free)
    params = fit.params

    def chance(p):
        return continuation_probabilities(p, SAMPLE.x, 4, link, **how)

    assert_allclose(chance(params).sum(axis=1), 1, rtol=1e-13)
    assert_allclose(SAMPLE.weights @ np.log(chance(params)[np.arange(60), SAMPLE.y]), fit.loglik, rtol=1e-11)
    numeric = np.stack(
        [(chance(params + m) - chance(params - m)) / (2 * step) for m in step * np.eye(len(params))], axis=2
    )
    found = continuation_jacobian(params, SAMPLE.x, 4, link, **how)
    assert_allclose(found, numeric, atol=2e-9)
    summed = continuation_summed_jacobian(params, SAMPLE.x, SAMPLE.weights, 4, link, **how)
    assert_allclose(summed, np.tensordot(SAMPLE.weights, found, 1), atol=1e-11)


def test_turns_and_slopes_give_the_derivative_by_a_covariate():
    params, move = fitted("logit", free=[1]).params, np.array([0, 1e-6, 0])
    up, down = (continuation_probabilities(params, SAMPLE.x + d, 4, "logit", free=[1]) for d in (move, -move))
    slopes = slopes_by_threshold(params, layout_of(3, 4, [1]))[:, 1]
    found = -continuation_turns(params, SAMPLE.x, 4, "logit", free=[1]) @ slopes
    assert_allclose(found, (up - down) / 2e-6, atol=1e-9)


@pytest.mark.parametrize(("origin", "unit"), [(2015.0, 5.0), (3e6, 1.0), (-3e6, 4e5)])
def test_an_affine_change_of_a_free_covariate_divides_its_slopes(origin, unit):
    fit, x = fitted("logit", free=[1]), SAMPLE.x.copy()
    x[:, 1] = origin + unit * x[:, 1]
    moved = continuation_fit(x, SAMPLE.y, SAMPLE.weights, 4, "logit", free=[1])
    digits = max(1e-9, 1e-13 * abs(origin) / unit)
    assert moved.converged, moved.message
    assert_allclose(moved.params[-3:] * unit, fit.params[-3:], rtol=digits)
    errors = np.sqrt(np.diag(moved.covariance)) / np.sqrt(np.diag(fit.covariance))
    assert_allclose(errors[-3:] * unit, 1, rtol=10 * digits)


def test_a_step_that_a_covariate_decides_is_no_solution():
    x = np.repeat([0.0, 1.0], 15)[:, None]
    y = np.concatenate([np.tile([0, 1, 2], 5), np.full(15, 2)])
    fit = continuation_fit(x, y, np.ones(30), 3, "logit")
    assert not fit.converged
    assert fit.message
    assert np.isnan(fit.scores).all()


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(ChoiceError, match=r"`direction`.*'forward', 'backward'"):
        fitted("logit", "upward")
    with pytest.raises(ChoiceError, match=r"`free` is \[7\]"):
        fitted("logit", free=[7])
    with pytest.raises(DataError, match=r"Nobody chose level \[4\]"):
        continuation_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 5, "logit")
