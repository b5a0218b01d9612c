"""Multinomial logit: theory, symmetry, refusals, and R's values: nnet and VGAM, polished to the optimum."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.design.linearized import covariance
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.baseline import baseline_likelihood
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.multinomial import (
    multinomial_fit,
    multinomial_jacobian,
    multinomial_probabilities,
    multinomial_summed_jacobian,
)
from tests.references import case, cases, data

from .registry import Sample, binary_sample, unordered_sample
from .test_references import close, matrix, school_sample

SAMPLE = unordered_sample()
OUTCOMES = {"Womenlf": "partic", "housing": "Sat", "alligators": "foodchoice", "BEPS": "vote"}
COUNTS = {"housing": "Freq", "alligators": "freq"}


def fitted(reference=0):
    return multinomial_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, 4, reference)


def contrasts(size, old, new, columns):
    """Turns coefficients against one reference into those against another."""
    table = np.delete(np.eye(size), old, axis=1)
    return np.kron(np.delete(table - table[new], new, axis=0), np.eye(columns))


@pytest.mark.parametrize("new", [1, 2, 3])
def test_another_reference_turns_coefficients_into_their_contrasts(new):
    fit, other, turn = fitted(), fitted(new), contrasts(4, 0, new, 4)
    assert_allclose(other.params, turn @ fit.params, rtol=1e-10, atol=1e-12)
    assert_allclose(other.scores, fit.scores @ turn.T, atol=1e-13)
    close(other.covariance, turn @ fit.covariance @ turn.T, 1e-9)
    assert_allclose(other.loglik, fit.loglik, rtol=1e-13)


def test_relabelling_levels_relabels_coefficients():
    order = np.array([0, 3, 1, 2])  # new label of each old level
    fit, moved = fitted(), multinomial_fit(SAMPLE.x, order[SAMPLE.y], SAMPLE.weights, 4)
    assert_allclose(moved.params.reshape(3, -1)[order[1:] - 1], fit.params.reshape(3, -1), rtol=1e-10)


@pytest.mark.parametrize("reference", [0, 1])
def test_two_levels_are_the_logit(reference):
    sample, sign = binary_sample(), 1 - 2 * reference
    binary = binary_fit(sample.x, sample.y, sample.weights, "logit")
    fit = multinomial_fit(sample.x, sample.y.astype(int), sample.weights, 2, reference)
    assert_allclose(fit.params, sign * binary.params, rtol=1e-11)
    assert_allclose(fit.scores, sign * binary.scores, rtol=1e-9, atol=1e-15)
    assert_allclose(fit.covariance, binary.covariance, rtol=1e-11)
    assert_allclose(fit.loglik, binary.loglik, rtol=1e-13)


def test_an_intercept_alone_gives_the_weighted_shares():
    fit = multinomial_fit(np.ones((60, 1)), SAMPLE.y, SAMPLE.weights, 4)
    shares = np.bincount(SAMPLE.y, SAMPLE.weights) / SAMPLE.weights.sum()
    assert_allclose(multinomial_probabilities(fit.params, np.ones((1, 1)), 4)[0], shares, rtol=1e-13)


def test_a_saturated_model_gives_the_shares_of_the_cells():
    """Theory; the groups' dummies without an intercept."""
    group = (np.arange(60) // 20)[:, None] == np.arange(3)
    y = np.arange(60) % 4
    fit = multinomial_fit(group.astype(float), y, SAMPLE.weights, 4, 2)
    shares = [np.bincount(y[in_it], SAMPLE.weights[in_it]) / SAMPLE.weights[in_it].sum() for in_it in group.T]
    assert_allclose(multinomial_probabilities(fit.params, np.eye(3), 4, 2), shares, rtol=1e-12)


def test_scores_sum_to_zero_at_the_solution():
    assert np.abs(fitted().scores.sum(axis=0)).max() < 1e-12


def test_gradient_and_information_are_derivatives_everywhere():
    """Not only at the maximum; numerical differences as oracle."""
    params, step = np.random.default_rng(1).normal(size=12), 1e-6

    def likelihood(at):
        return baseline_likelihood(SAMPLE.x, SAMPLE.y, SAMPLE.weights, at, 4, 2)

    moves = step * np.eye(12)
    value, score = (
        [(likelihood(params + m)[i] - likelihood(params - m)[i]) / (2 * step) for m in moves] for i in (0, 1)
    )
    _, found, information = likelihood(params)
    assert_allclose(found, value, rtol=1e-6, atol=1e-6)
    assert_allclose(information, -np.array(score), rtol=1e-6, atol=1e-6)


def test_information_keeps_its_digits_where_a_level_is_nearly_certain():
    """P (1 - P) with 1 - P = 1e-20 or so, which 1 - P itself cannot hold."""
    information = baseline_likelihood(np.ones((1, 1)), np.array([0]), np.ones(1), np.array([46.0]), 2, 0)[2]
    assert_allclose(information[0, 0], np.exp(-46.0), rtol=1e-12)


def test_probabilities_sum_to_one_and_their_derivatives_to_zero():
    params = fitted(1).params
    assert_allclose(multinomial_probabilities(params, SAMPLE.x, 4, 1).sum(axis=1), 1, rtol=1e-14)
    assert_allclose(multinomial_jacobian(params, SAMPLE.x, 4, 1).sum(axis=1), 0, atol=1e-14)


@pytest.mark.parametrize("reference", [0, 3])
def test_jacobian_is_the_derivative_of_the_probabilities(reference):
    params, step = fitted(reference).params, 1e-6
    numeric = np.stack(
        [
            multinomial_probabilities(params + m, SAMPLE.x, 4, reference)
            - multinomial_probabilities(params - m, SAMPLE.x, 4, reference)
            for m in step * np.eye(12)
        ],
        axis=2,
    ) / (2 * step)
    assert_allclose(multinomial_jacobian(params, SAMPLE.x, 4, reference), numeric, atol=1e-9)


@pytest.mark.parametrize("n", [60, 9000])
@pytest.mark.parametrize("reference", [0, 2])
def test_the_summed_jacobian_is_the_sum_of_the_cube(n, reference):
    """Also over more rows than are taken at once, and with weights below zero."""
    rng = np.random.default_rng(n)
    x, weights, params = rng.normal(size=(n, 2)), rng.normal(size=n), rng.normal(size=6)
    cube = multinomial_jacobian(params, x, 4, reference)
    found = multinomial_summed_jacobian(params, x, weights, 4, reference)
    close(found, np.tensordot(weights, cube, 1), 1e-11)


def test_far_probabilities_keep_their_digits():
    p = multinomial_probabilities(np.array([100.0, -600.0]), np.ones((1, 1)), 3)
    assert_allclose(p[0], [np.exp(-100), 1, np.exp(-700)], rtol=1e-12)


def test_tripling_one_weight_changes_the_estimate():
    """Software that ignores weights would not notice."""
    weights = SAMPLE.weights * np.where(np.arange(60) == 5, 3, 1)
    assert np.abs(multinomial_fit(SAMPLE.x, SAMPLE.y, weights, 4).params - fitted().params).max() > 1e-3


def test_an_empty_cell_is_not_called_converged():
    """statsmodels MNLogit says converged with a coefficient of -14.5."""
    x = np.column_stack([np.ones(40), np.arange(40) >= 20]).astype(float)
    y = np.where(np.arange(40) < 20, np.arange(40) % 3, np.arange(40) % 2)
    fit = multinomial_fit(x, y, np.ones(40), 3)
    assert not fit.converged
    assert "separation" in fit.message
    assert np.isnan(fit.scores).all()
    assert np.isnan(fit.covariance).all()


@pytest.mark.parametrize(
    ("y", "levels", "message"),
    [
        (np.where(SAMPLE.y == 1, 2, SAMPLE.y), 4, r"Nobody chose level \[1\] \(counted from 0\) of 4"),
        (SAMPLE.y, 3, "run from 0 to 3"),
        (SAMPLE.y - 1, 4, "run from -1 to 2"),
        (SAMPLE.y * 0, 1, "at least 2 levels"),
    ],
)
def test_levels_that_cannot_be_fitted_are_refused(y, levels, message):
    with pytest.raises(DataError, match=message):
        multinomial_fit(SAMPLE.x, y, SAMPLE.weights, levels)


def test_a_reference_that_is_no_level_is_refused():
    with pytest.raises(ChoiceError, match=r"`reference` is 4; with 4 levels it is one of 0\.\.3"):
        fitted(4)


def test_a_dependent_column_is_refused_by_its_number():
    with pytest.raises(DataError, match=r"Columns \[4\]"):
        multinomial_fit(np.column_stack([SAMPLE.x, SAMPLE.x[:, 1] * 3]), SAMPLE.y, SAMPLE.weights, 4)


def unordered_parts(reference, base, columns):
    """Sample of a case, its number of levels, the base's number, and the levels that have coefficients, in order."""
    name = reference.data[0]
    frame = data(name)
    outcome = pd.Categorical(frame[OUTCOMES[name]])
    levels = list(outcome.categories)
    weights = frame[COUNTS[name]].to_numpy(float) if name in COUNTS else np.ones(len(frame))
    sample = Sample(matrix(frame, columns), outcome.codes.astype(int), weights)
    return sample, len(levels), levels.index(base), [level for level in levels if level != base]


def classical(name):
    """Sample and fit of a case c.mnl.*, and positions of our parameters in its order."""
    reference = case(name)
    labels = [label.split(":", 1) for label in reference.values["coef"]]
    columns = list(dict.fromkeys(column for _, column in labels))
    sample, levels, base, given = unordered_parts(reference, reference.args["base"], columns)
    fit = multinomial_fit(sample.x, sample.y, sample.weights, levels, base)
    order = [given.index(level) * len(columns) + columns.index(column) for level, column in labels]
    return reference, sample, fit, order, (levels, base), columns


@pytest.mark.parametrize("name", cases("c.mnl."))
def test_multinomial_models_equal_r_multinom(name):
    reference, _, fit, order, _, _ = classical(name)
    assert fit.converged
    assert_allclose(fit.params[order], reference.series("coef"), rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    close(fit.covariance[np.ix_(order, order)], reference.frame("vcov"), reference.rtol)
    assert_allclose(np.sqrt(np.diag(fit.covariance))[order], reference.series("se"), rtol=reference.rtol)


@pytest.mark.parametrize("name", ["c.mnl.womenlf", "c.mnl.housing"])
def test_multinomial_average_effects_equal_r(name):
    """Mean of P(x = 1) - P(x = 0), or of dP/dx, by level; delta method through the summed Jacobian."""
    reference, sample, fit, _, (levels, base), columns = classical(name)
    share, step = sample.weights / sample.weights.sum(), 1e-4
    given = list(pd.Categorical(data(reference.data[0])[OUTCOMES[reference.data[0]]]).categories)
    for term, expected in reference.values["ame"].items():
        k, on, off = columns.index(term), sample.x.copy(), sample.x.copy()
        if term == reference.args["ame_cont"]:
            on[:, k], off[:, k], width = on[:, k] + step, off[:, k] - step, 2 * step
        else:
            on[:, k], off[:, k], width = 1, 0, 1
        effect = sum(
            s * share @ multinomial_probabilities(fit.params, x, levels, base) for s, x in ((1, on), (-1, off))
        )
        turn = sum(s * multinomial_summed_jacobian(fit.params, x, share, levels, base) for s, x in ((1, on), (-1, off)))
        error = np.sqrt(np.diag(turn @ fit.covariance @ turn.T))
        places = [given.index(level) for level in expected["ame"]]
        close(effect[places] / width, list(expected["ame"].values()), reference.rtol)
        close(error[places] / width, list(expected["se"].values()), reference.rtol)


@pytest.mark.parametrize("name", cases("m.ml."))
def test_large_multinomial_models_equal_r_vglm_from_every_reference(name):
    reference = case(name)
    expected = reference.frame("coef")
    sample, levels, base, given = unordered_parts(reference, reference.args["reference"], list(expected.columns))
    fit = multinomial_fit(sample.x, sample.y, sample.weights, levels, base)
    assert list(expected.index) == given
    assert_allclose(fit.params, expected.to_numpy().ravel(), rtol=reference.rtol)
    assert_allclose(np.sqrt(np.diag(fit.covariance)), reference.frame("se").to_numpy().ravel(), rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)


def test_a_clustered_multinomial_model_equals_hand_code_in_r():
    """b.mlogit.clus1: Newton with numerical derivatives, and Taylor linearisation."""
    reference = case("b.mlogit.clus1")
    frame = data("apiclus1")
    x = np.column_stack([np.ones(len(frame)), frame["meals"] / 10, frame["mobility"] / 10])
    y, weights = np.searchsorted([580, 700], frame["api00"]), frame["pw"].to_numpy(float)
    fit = multinomial_fit(x, y, weights, 3)
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    assert_allclose(fit.loglik / weights.mean(), reference.values["pseudo_logLik_weights_mean1"], rtol=reference.rtol)
    found = covariance(fit.scores, np.arange(len(y)), school_sample(frame, reference.args["design"]))
    close(found, reference.frame("vcov"), reference.rtol)


@pytest.mark.parametrize("name", cases("m.design."))
def test_multinomial_models_under_strata_and_two_stages_equal_r(name):
    """VGAM's coefficients, and svytotal of the linearised contributions."""
    reference = case(name)
    frame = data(reference.data[0])
    columns = list(dict.fromkeys(label.split(":", 1)[1] for label in reference.values["coef"]))
    x, y = matrix(frame, columns), np.searchsorted([10, 30, 60], frame["growth"])
    fit = multinomial_fit(x, y, frame["pw"].to_numpy(float), 4, 1)
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    close(sa.Design(frame, **reference.args["design"]).covariance(fit.scores), reference.frame("vcov"), reference.rtol)


ALLIGATORS = {  # printed in brglm2's vignette, as Agresti (2002), table 7.4: base Fish; > 2.3 m, lake George
    "Invertebrate": ("-1.55 1.46 -1.66 0.94 1.12", "0.42 0.40 0.61 0.47 0.49"),
    "Reptile": ("-3.31 -0.35 1.24 2.46 2.94", "1.05 0.58 1.19 1.12 1.12"),
    "Bird": ("-2.09 -0.63 0.70 -0.65 1.09", "0.66 0.64 0.78 1.20 0.84"),
    "Other": ("-1.90 0.33 0.83 0.01 1.52", "0.53 0.45 0.56 0.78 0.62"),
}


def test_alligators_are_as_printed():
    frame = data("alligators")
    x = matrix(frame, ["(Intercept)", "size<=2.3", "lakeHancock", "lakeOklawaha", "lakeTrafford"])
    fit = multinomial_fit(x, frame["foodchoice"].cat.codes.to_numpy(int), frame["freq"].to_numpy(float), 5)
    table, errors = fit.params.reshape(4, 5), np.sqrt(np.diag(fit.covariance)).reshape(4, 5)
    for row, (estimates, standard_errors) in enumerate(ALLIGATORS.values()):
        assert [f"{value:.2f}" for value in table[row]] == estimates.split()
        assert [f"{value:.2f}" for value in errors[row]] == standard_errors.split()
