"""Reduced bias: theory, derivatives, symmetry, and R's brglm2."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.adjusted import adjusted, adjusted_rows
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.links import link_named
from surveyanalysis.estimators.multinomial import multinomial_fit, multinomial_probabilities
from surveyanalysis.estimators.penalized import firth_fit, penalised_log_likelihood
from surveyanalysis.estimators.penalized_multinomial import firth_multinomial_fit
from surveyanalysis.estimators.separation import separating
from tests.references import case, cases, data

from .registry import binary_sample, unordered_sample
from .test_multinomial import contrasts, unordered_parts
from .test_properties import gradient
from .test_references import close, matrix

SAMPLE, UNORDERED = binary_sample(), unordered_sample()
REDUCTIONS = {"AS_mean": "firth", "AS_median": "median", "MPL_Jeffreys": "jeffreys"}
DERIVATIVE_ERROR = 1e-7
reductions = pytest.mark.parametrize("reduction", REDUCTIONS.values())
links = pytest.mark.parametrize("link", ("logit", "probit", "cloglog"))


def odds(yes, no):
    return np.log(yes / no)


@pytest.mark.parametrize(("reduction", "added"), [("firth", 1 / 2), ("jeffreys", 1 / 2), ("median", 1 / 6)])
@pytest.mark.parametrize("yes", [0, 1, 7, 57])
def test_an_intercept_alone_adds_to_either_side(reduction, added, yes):
    """Theory: half a respondent (Firth 1993), a sixth for the median (Kenne Pagui, Salvan and Sartori 2017)."""
    y = (np.arange(57) < yes).astype(float)
    fit = firth_fit(np.ones((57, 1)), y, np.ones(57), bias_reduction=reduction)
    assert_allclose(fit.params, odds(yes + added, 57 - yes + added), rtol=1e-10, atol=1e-12)


def test_two_groups_give_the_log_odds_ratio_with_half_a_respondent_in_each_cell():
    """Haldane and Anscombe's estimate, finite where nobody of a group said yes."""
    x = np.column_stack([np.ones(30), np.arange(30) >= 18]).astype(float)
    y = (np.arange(30) < 7).astype(float)
    fit = firth_fit(x, y, np.ones(30))
    assert separating(x, y).columns == (1,)
    assert_allclose(fit.params, [odds(7.5, 11.5), odds(0.5, 12.5) - odds(7.5, 11.5)], rtol=1e-10)


@links
@reductions
@pytest.mark.parametrize("at", [0.3, -1.5])
def test_the_corrected_scores_have_the_derivatives_that_are_coded(link, reduction, at):
    """By the parameters and by each weight; also where axes are turned, and shares are the outcome."""
    rng = np.random.default_rng(1)
    z, w, axes = rng.normal(size=(25, 3)), rng.uniform(0.5, 2, 25), rng.normal(size=(3, 3))
    y, kind = rng.choice([0, 0.3, 1], 25), {"firth": "mean"}.get(reduction, reduction)
    params, model = np.array([at, -0.4, 0.5]), link_named(link)

    def found(params, weights=w):
        return adjusted(z, y, weights, model, params, kind, axes)

    by_params = gradient(lambda p: found(p).score, params).T
    assert_allclose(-found(params).jacobian, by_params, atol=DERIVATIVE_ERROR * np.abs(by_params).max())
    by_weight = gradient(lambda weights: found(params, weights).score, w) * w[:, None]
    rows = adjusted_rows(z, y, w, model, params, kind, axes)
    assert_allclose(rows, by_weight, atol=DERIVATIVE_ERROR * np.abs(by_weight).max())


@links
@pytest.mark.parametrize("counts", [False, True])
def test_jeffreys_fits_maximise_the_penalised_likelihood(link, counts):
    def likelihood(params):
        setting = SAMPLE.x, SAMPLE.y, SAMPLE.weights
        return penalised_log_likelihood(params, *setting, link=link, counts=counts)

    fit = firth_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, bias_reduction="jeffreys", link=link, counts=counts)
    assert np.abs(gradient(likelihood, fit.params)).max() < 1e-6
    assert_allclose(likelihood(fit.params), fit.loglik + np.linalg.slogdet(fit.information)[1] / 2, rtol=1e-12)
    assert likelihood(fit.params + 0.01) < likelihood(fit.params) > likelihood(fit.params - 0.01)


@links
def test_jeffreys_is_firth_for_the_logit_only(link):
    firth, jeffreys = (
        firth_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, link=link, bias_reduction=b).params for b in ("firth", "jeffreys")
    )
    assert np.allclose(firth, jeffreys, rtol=1e-9) == (link == "logit")


@pytest.mark.parametrize("link", ["logit", "probit"])
@reductions
def test_exchanging_yes_and_no_changes_signs_only(link, reduction):
    fit, flipped = (
        firth_fit(SAMPLE.x, y, SAMPLE.weights, link=link, bias_reduction=reduction) for y in (SAMPLE.y, 1 - SAMPLE.y)
    )
    assert_allclose(flipped.params, -fit.params, rtol=1e-9)
    assert_allclose(flipped.scores, -fit.scores, rtol=1e-7, atol=1e-13)
    assert_allclose(flipped.covariance, fit.covariance, rtol=1e-9)


def test_a_median_fit_follows_the_unit_of_each_covariate():
    """Not its origin: medians belong to single coefficients."""
    unit = np.array([1, 1, 1e-3, 4e5])
    fit, moved = (firth_fit(x, SAMPLE.y, SAMPLE.weights, bias_reduction="median") for x in (SAMPLE.x, SAMPLE.x * unit))
    assert_allclose(moved.params * unit, fit.params, rtol=1e-9)


def test_the_distance_to_maximum_likelihood_falls_with_the_number_of_respondents():
    """Theory: the correction is of order 1 / n, here the data taken 1, 10, 100 and 1000 times as counts."""
    likelihood = binary_fit(SAMPLE.x, SAMPLE.y, np.ones(60), "logit").params
    gaps = [
        copies * (firth_fit(SAMPLE.x, SAMPLE.y, copies * np.ones(60), counts=True).params - likelihood)
        for copies in (1, 10, 100, 1000)
    ]
    away = [np.abs(gap - gaps[-1]).max() for gap in gaps[:-1]]
    assert away[0] > 5 * away[1] > 25 * away[2]
    scaled = firth_fit(SAMPLE.x, SAMPLE.y, 1000 * np.ones(60)).params - likelihood
    assert_allclose(scaled, gaps[0], rtol=1e-8)


@links
@reductions
@pytest.mark.parametrize("seed", range(5))
def test_separated_outcomes_have_finite_estimates(link, reduction, seed):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(57), np.arange(57) % 3 == 2, rng.normal(size=57)]).astype(float)
    y = np.where(x[:, 1] > 0, 0, rng.integers(0, 2, 57)).astype(float)
    fit = firth_fit(x, y, rng.uniform(0.5, 3, 57), link=link, bias_reduction=reduction)
    assert separating(x, y).columns == (1,)
    assert fit.converged
    assert -15 < fit.params[1] < -1
    assert np.isfinite(fit.scores).all()
    assert np.abs(fit.scores[:, 1]).max() > 1e-3  # the maximum likelihood's would vanish


@links
@pytest.mark.parametrize("reduction", ["firth", "median"])
def test_weights_that_span_a_hundredfold_and_separation_together_converge(link, reduction):
    """An effective sample of 5 of 19."""
    rng = np.random.default_rng(118)
    x = np.column_stack([np.ones(19), rng.integers(0, 2, 19), rng.integers(0, 3, 19)]).astype(float)
    weights = np.exp(1.3 * rng.normal(size=19))
    fit = firth_fit(x, x[:, 1], weights, link=link, bias_reduction=reduction)
    assert fit.converged
    assert np.isfinite(fit.scores).all()


def test_everybody_saying_yes_has_an_estimate():
    fit = firth_fit(SAMPLE.x, np.ones(60), SAMPLE.weights)
    assert fit.converged
    assert fit.params[0] > 1


@pytest.mark.parametrize("name", ["c.firth.endometrial.AS_mean", "c.firth.endometrial.probit", "c.firth.birthwt",
                                  "c.firth.endometrial.MPL_Jeffreys", *cases("m.firth.")])  # fmt: skip
def test_reduced_bias_equals_r_brglm(name):
    reference = case(name)
    frame, args, labels = data(reference.data[0]), reference.args, list(reference.values["coef"])
    outcome = frame[args.get("outcome") or args["formula"].split(" ~ ")[0]]
    y, counts = (outcome.astype(str) == str(args.get("level", 1))).to_numpy(float), args.get("counts")
    weights = frame[counts].to_numpy(float) if counts else np.ones(len(y))
    named = {"bias_reduction": REDUCTIONS[args["type"]], "link": args["link"], "counts": True}
    fit = firth_fit(matrix(frame, labels), y, weights, **named)
    assert fit.converged
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    loglik = reference.values.get("logLik_unpenalised", reference.values.get("logLik"))
    assert_allclose(fit.loglik, loglik, rtol=reference.rtol)
    if "penalised_logLik" in reference.values:
        found = penalised_log_likelihood(fit.params, matrix(frame, labels), y, weights, link=args["link"])
        assert_allclose(found, reference.values["penalised_logLik"], rtol=reference.rtol)


def test_endometrial_is_as_printed():
    """detectseparation's vignette: NV is infinite; the rest is what the women without it give."""
    frame = data("endometrial")
    x, y = matrix(frame, ["(Intercept)", "NV", "PI", "EH"]), frame["HG"].to_numpy(float)
    rest = frame["NV"].to_numpy() == 0
    assert separating(x, y).columns == (1,)
    fit = binary_fit(x[rest][:, [0, 2, 3]], y[rest], np.ones(rest.sum()), "logit")
    error = np.sqrt(np.diag(fit.covariance))
    assert [f"{value:.5f}" for value in fit.params] == ["4.30452", "-0.04218", "-2.90261"]
    assert [f"{value:.5f}" for value in error] == ["1.63730", "0.04433", "0.84555"]
    assert [f"{value:.3f}" for value in fit.params / error] == ["2.629", "-0.952", "-3.433"]
    null = binary_fit(x[:, :1], y, np.ones(79), "logit")
    printed = [f"{value:.3f}" for value in (-2 * null.loglik, -2 * fit.loglik, 8 - 2 * fit.loglik)]
    assert printed == ["104.903", "55.393", "63.393"]


@pytest.mark.parametrize(
    ("y", "message"), [(SAMPLE.y + 1, "between 0 and 1; it runs from 1 to 2"), (SAMPLE.y * np.nan, "outcome hold")]
)
def test_outcomes_that_are_not_binary_are_refused(y, message):
    with pytest.raises(DataError, match=message):
        firth_fit(SAMPLE.x, y, SAMPLE.weights)


def test_words_outside_the_closed_sets_are_refused():
    with pytest.raises(ChoiceError, match=r"'mean'.*'firth', 'jeffreys', 'median'"):
        firth_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, bias_reduction="mean")
    with pytest.raises(ChoiceError, match="`link`"):
        firth_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, link="log")


def fitted(reference=0, **named):
    return firth_multinomial_fit(UNORDERED.x, UNORDERED.y, UNORDERED.weights, 4, reference, **named)


def test_two_unordered_levels_are_the_binary_fit():
    for counts in (False, True):
        binary = firth_fit(SAMPLE.x, SAMPLE.y, SAMPLE.weights, counts=counts)
        fit = firth_multinomial_fit(SAMPLE.x, SAMPLE.y.astype(int), SAMPLE.weights, 2, counts=counts)
        assert_allclose(fit.params, binary.params, rtol=1e-10)
        assert_allclose(fit.scores, binary.scores, rtol=1e-8, atol=1e-14)
        assert_allclose(fit.covariance, binary.covariance, rtol=1e-10)
        assert_allclose(fit.loglik, binary.loglik, rtol=1e-12)


@pytest.mark.parametrize("new", [1, 3])
def test_another_reference_gives_the_same_unordered_fit(new):
    fit, other, turn = fitted(), fitted(new), contrasts(4, 0, new, 4)
    assert_allclose(other.params, turn @ fit.params, rtol=1e-9, atol=1e-11)
    assert_allclose(other.scores, fit.scores @ turn.T, atol=1e-12)
    close(other.covariance, turn @ fit.covariance @ turn.T, 1e-9)


def test_an_unordered_intercept_alone_adds_half_a_respondent_to_every_level():
    """Theory; a level that nobody chose has an estimate too."""
    y = np.repeat([0, 1, 3], [5, 2, 13])
    fit = firth_multinomial_fit(np.ones((20, 1)), y, np.ones(20), 4)
    shares = np.array([5.5, 2.5, 0.5, 13.5]) / 22
    assert_allclose(multinomial_probabilities(fit.params, np.ones((1, 1)), 4)[0], shares, rtol=1e-10)


def test_unordered_groups_add_half_a_respondent_to_every_cell():
    group, level = (each.ravel().repeat(3) for each in np.indices((2, 3)))
    kept = ~((group == 1) & (level == 2))
    x = (group[kept, None] == np.arange(2)).astype(float)
    fit = firth_multinomial_fit(x, level[kept], np.ones(kept.sum()), 3, 1)
    cells = np.array([[3.5, 3.5, 3.5], [3.5, 3.5, 0.5]])
    expected = cells / cells.sum(axis=1, keepdims=True)
    assert_allclose(multinomial_probabilities(fit.params, np.eye(2), 3, 1), expected, rtol=1e-10)
    assert not multinomial_fit(x, level[kept], np.ones(kept.sum()), 3).converged


def test_the_unordered_correction_is_the_gradient_of_its_penalty():
    def likelihood(params):
        odds = np.exp(UNORDERED.x @ np.insert(params.reshape(3, -1), 0, 0, axis=0).T)
        p = odds / odds.sum(axis=1, keepdims=True)
        value = UNORDERED.weights @ np.log(p[np.arange(60), UNORDERED.y])
        inner = np.eye(3) * p[:, 1:, None] - p[:, 1:, None] * p[:, None, 1:]
        information = np.einsum("i,iab,ic,id->acbd", UNORDERED.weights, inner, UNORDERED.x, UNORDERED.x)
        return value + np.linalg.slogdet(information.reshape(12, 12))[1] / 2

    fit = fitted(counts=True)
    assert np.abs(gradient(likelihood, fit.params)).max() < 1e-6
    assert_allclose(likelihood(fit.params), fit.loglik + np.linalg.slogdet(fit.information)[1] / 2, rtol=1e-12)


@pytest.mark.parametrize("name", ["c.firth.mnl.alligators", *cases("m.brmultinom.")])
def test_unordered_reduced_bias_equals_r_brmultinom(name):
    reference = case(name)
    expected, given_base = reference.frame("coef"), reference.args or {"reference": "Fish"}
    columns = list(expected.columns)
    sample, levels, base, given = unordered_parts(reference, given_base["reference"], columns)
    fit = firth_multinomial_fit(sample.x, sample.y, sample.weights, levels, base, counts=True)
    assert fit.converged
    assert_allclose(fit.params.reshape(levels - 1, -1), expected.loc[given], rtol=reference.rtol)
    error = np.sqrt(np.diag(fit.covariance)).reshape(levels - 1, -1)
    if "se" in reference.values:
        assert_allclose(error, reference.frame("se").loc[given], rtol=reference.rtol)
    else:
        found = {f"{level}:{c}": e for level, row in zip(given, error, strict=True) for c, e in zip(columns, row)}
        for label, value in reference.values["se_named"].items():
            assert_allclose(found[label], value, rtol=reference.rtol)


def test_unordered_codes_that_are_no_levels_are_refused():
    with pytest.raises(DataError, match="run from 0 to 3; with 3 levels"):
        firth_multinomial_fit(UNORDERED.x, UNORDERED.y, UNORDERED.weights, 3)
    with pytest.raises(ChoiceError, match="`reference` is -1"):
        fitted(-1)
