"""Draws of parameters and answers: modes against the package's own estimators, draws against their distributions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.chained import Incomplete, chained
from surveyanalysis.estimators.matching import matched, nearest_windows
from surveyanalysis.estimators.multinomial import multinomial_fit
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.posterior import augmented, drawn_levels, linear_draws
from surveyanalysis.estimators.posterior_levels import nominal_levels, ordered_levels

KINDS = ("number", "nominal", "ordered")
PRIOR = {nominal_levels: lambda k: k, ordered_levels: lambda k: 2 + k - 1}
"""Coefficients of three levels that the prior counts, by the number of columns."""
RIDGED = 1e-5  # relative: the trace of a ridge, and Newton's decrement


def generators(count):
    return [np.random.default_rng([7, i]) for i in range(count)]


def people(n=120, levels=3, seed=0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    codes = np.clip(np.digitize(x[:, 1] + rng.logistic(size=n), np.linspace(-1, 1, levels - 1)), 0, levels - 1)
    return x, codes.astype(np.intp)


def laid_out(x, chains=1):
    """A matrix as every chain's: columns first."""
    return np.repeat(x.T[None], chains, axis=0)


def stacked(x, codes, levels, parameters):
    """Every row once for each level, weighted as the augmented likelihood does."""
    weights = augmented(codes, levels, parameters)
    return np.vstack([x] * levels), np.repeat(np.arange(levels), len(x)), weights.ravel()


def test_the_mode_of_yes_or_no_is_the_logit_of_shares():
    """binary_fit on shares: Clogg's prior adds p / n of an average answer to each respondent."""
    x, codes = people(levels=2)
    more = x.shape[1] / len(x)
    shares = (codes + more * codes.mean()) / (1 + more)
    expected = binary_fit(x, shares, np.full(len(x), 1 + more), "logit").params
    _, mode = nominal_levels(laid_out(x), augmented(codes, 2, 3), laid_out(x[:4]), generators(1), np.zeros((1, 3)))
    assert_allclose(mode[0], expected, rtol=RIDGED, atol=RIDGED)


def test_the_mode_of_nominal_answers_is_the_multinomial_logit_of_weighted_rows():
    x, codes = people(levels=4)
    rows, answers, weights = stacked(x, codes, 4, x.shape[1])
    expected = multinomial_fit(rows, answers, weights, 4).params
    _, mode = nominal_levels(laid_out(x), augmented(codes, 4, 3), laid_out(x[:4]), generators(1), np.zeros((1, 9)))
    assert_allclose(mode[0], expected, rtol=20 * RIDGED, atol=20 * RIDGED)


def test_the_mode_of_a_scale_is_the_ordered_logit_of_weighted_rows():
    x, codes = people(levels=4)
    rows, answers, weights = stacked(x[:, 1:], codes, 4, 3 + 2)
    expected = ordered_fit(rows, answers, weights, 4, "logit").params
    _, mode = ordered_levels(laid_out(x), augmented(codes, 4, 5), laid_out(x[:4]), generators(1), np.zeros((1, 5)))
    assert_allclose(mode[0], expected, rtol=20 * RIDGED, atol=20 * RIDGED)


@pytest.mark.parametrize("draw", [nominal_levels, ordered_levels])
def test_drawn_parameters_have_the_spread_of_the_information(draw):
    """Levels drawn for one row: their shares over chains are the probabilities at the mode, up to the draws' spread."""
    x, codes = people(n=3000, levels=3)
    size = {nominal_levels: 6, ordered_levels: 4}[draw]
    many, target = 400, augmented(codes, 3, PRIOR[draw](3))
    found, _ = draw(laid_out(x, many), target, laid_out(x[:50], many), generators(many), np.zeros((many, size)))
    low = found[:, np.argsort(x[:50, 1])[:10]].mean()
    high = found[:, np.argsort(x[:50, 1])[-10:]].mean()
    assert low + 0.4 < high
    assert abs(found.mean() - codes[:50].mean()) < 0.25


@pytest.mark.parametrize("draw, size", [(nominal_levels, 4), (ordered_levels, 3)])
def test_separated_answers_have_a_finite_mode(draw, size):
    """T001: without a prior the maximum lies at infinity."""
    x = np.column_stack([np.ones(57), np.linspace(-1, 1, 57)])
    codes = np.repeat([0, 1, 2], 19).astype(np.intp)
    target = augmented(codes, 3, PRIOR[draw](2))
    found, mode = draw(laid_out(x), target, laid_out(x), generators(1), np.zeros((1, size)))
    assert np.abs(mode).max() < 60
    assert {*np.unique(found)} <= {0, 1, 2}


def test_linear_draws_have_the_posterior_s_mean_and_covariance():
    """Flat prior: mean b, covariance RSS / (n - k - 2) (X'X)^-1."""
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    y = x @ [1.0, 2.0, -1.0] + rng.normal(size=40)
    many = 20_000
    fitted, drawn = linear_draws(laid_out(x, many), y, generators(many))
    least = np.linalg.lstsq(x, y, rcond=None)[0]
    covariance = np.linalg.inv(x.T @ x) * ((y - x @ least) ** 2).sum() / 35
    assert_allclose(fitted[0], x @ least, rtol=1e-5)
    assert_allclose(drawn.mean(axis=0), least, atol=5 * np.sqrt(covariance.max() / many))
    assert_allclose(np.cov(drawn.T), covariance, atol=0.06 * covariance.max())


def test_levels_are_drawn_by_their_probabilities():
    p = np.broadcast_to(np.array([0.2, 0.5, 0.3])[None, :, None], (1, 3, 60_000))
    shares = np.bincount(drawn_levels(p, generators(1))[0]) / 60_000
    assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.01)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_window_holds_the_nearest_numbers(size):
    rng = np.random.default_rng(size)
    f = np.sort(rng.integers(50, 250, (3, 40)), axis=1)
    at = rng.integers(0, 300, (3, 200))
    first = nearest_windows(f, at, size)
    for c, begins in enumerate(first):
        for begin, t in zip(begins, at[c]):
            assert_array_equal(np.sort(np.abs(f[c, begin : begin + size] - t)), np.sort(np.abs(f[c] - t))[:size])


def test_donors_are_among_the_nearest_and_respondents_with_the_same_prediction_are_equally_likely():
    """Forty respondents with the same columns: each is drawn about as often, wherever it stands."""
    x = np.repeat([[1.0, 0.0], [1.0, 1.0]], 40, axis=0)
    y = np.arange(80.0) % 40 + 100 * x[:, 1]
    found = matched(laid_out(x), y, np.ones((1, 2, 8000)), generators(1), 5)[0]
    assert (x[found, 1] == 1).all()
    counts = np.bincount(found - 40, minlength=40)
    assert counts.min() > 130
    assert counts.max() < 280


def incomplete(n=90, seed=4):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    number, level = z + rng.normal(size=n), (z + rng.logistic(size=n) > 0).astype(float)
    scale = np.digitize(z + rng.logistic(size=n), [-1, 0, 1]).astype(float)
    lost = rng.random((3, n)) < 0.2
    matrix = np.column_stack([np.ones(n), z, number, level, scale])
    matrix[:, 2:][lost.T] = 0
    shown = [np.array([[0.0, 1.0]]), np.array([[0.0], [1.0]]), np.arange(4.0)[:, None]]
    specs = [
        Incomplete(kind, np.flatnonzero(~gone), np.flatnonzero(gone), values[~gone], np.array([j]), how,
                   np.array([i for i in range(5) if i != j]), np.arange(4.0))
        for j, kind, values, gone, how in zip((2, 3, 4), KINDS, (number, level, scale), lost, shown)
    ]  # fmt: skip
    return matrix, specs


def test_a_chain_does_not_depend_on_the_chains_beside_it():
    matrix, specs = incomplete()
    seeds = np.random.SeedSequence(5).spawn(6)
    together = chained(matrix, specs, seeds, 4, 5)
    alone = [chained(matrix, specs, [seed], 4, 5) for seed in seeds]
    for j in range(3):
        assert_array_equal(together.values[j], np.concatenate([one.values[j] for one in alone]))
    assert_allclose(together.trace, np.concatenate([one.trace for one in alone]), rtol=1e-12)


def test_filled_numbers_were_given_by_somebody_and_the_matrix_is_not_changed():
    matrix, specs = incomplete()
    before = matrix.copy()
    matrix.setflags(write=False)
    found = chained(matrix, specs, np.random.SeedSequence(1).spawn(3), 3, 5)
    assert_array_equal(matrix, before)
    assert np.isin(found.values[0], specs[0].y).all()
    assert np.isin(found.values[2], [0, 1, 2, 3]).all()


@pytest.mark.parametrize("draw, size", [(nominal_levels, 6), (ordered_levels, 4)])
def test_a_bad_start_leads_to_the_same_mode(draw, size):
    """Newton's plain steps do not arrive from there; steps that never go downhill do."""
    x, codes = people(levels=3)
    x = x * [1.0, 30.0, 30.0]
    given = laid_out(x), augmented(codes, 3, PRIOR[draw](3)), laid_out(x[:4]), generators(1)
    expected = draw(*given, np.zeros((1, size)))[1]
    far = (
        np.where(np.arange(size) % 2 == 0, -3.0, 4.0)[None] if draw is nominal_levels else np.array([[-1.0, 1, 3, -3]])
    )
    found = draw(*given, far)[1]
    assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
