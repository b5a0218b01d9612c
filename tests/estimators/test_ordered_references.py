"""Models for ordered and paired answers against R: ordinal, VGAM, survey, pbivnorm."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.design.linearized import covariance
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.bivariate_normal import bivariate_normal_cdf
from surveyanalysis.estimators.bivariate_probit import bivariate_probit_fit
from surveyanalysis.estimators.brant import brant
from surveyanalysis.estimators.continuation import continuation_fit
from surveyanalysis.estimators.independence import independence
from surveyanalysis.estimators.nonparallel import nonparallel_fit
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.parallel_lines import likelihood_ratio, parallel_lines_ratio
from tests.references import case, cases, data

from .test_references import SCHOOL_CUTS, close, matrix, school_sample

YES = {"religious": ("religion", "yes"), "graduate": ("degree", "yes")}
YES |= {"whole": ("sch.wide", "Yes"), "comparable": ("comp.imp", "Yes")}


def levels_of(frame, name):
    """The outcome's codes: the schools' index in four groups, else by the order of its levels."""
    if name == "level":
        return np.searchsorted(SCHOOL_CUTS, frame["api00"])
    return pd.Categorical(frame[name]).codes.astype(int)


def weights_of(reference, frame):
    name = reference.args["weights"] if reference.args else None
    return frame[name].to_numpy(float) if name else np.ones(len(frame))


def clm_parts(reference):
    """Labels of R's parameters by their role: common, free and scale, and our order of them with its signs."""
    labels = [label.removeprefix("thr:") for label in reference.values["coef"]]
    common = [label.removeprefix("loc:") for label in labels if label.startswith("loc:")]
    scale = [label.removeprefix("logscale:") for label in labels if label.startswith("logscale:")]
    cuts = [i for i, label in enumerate(labels) if "|" in label and label.partition(".")[2] in ("", "(Intercept)")]
    own = [i for i, label in enumerate(labels) if "|" in label and i not in cuts]
    free = list(dict.fromkeys(labels[i].split(".", 1)[1] for i in own))
    last = len(cuts) + len(own)
    rest = list(range(last, len(labels)))
    order = [*cuts, *rest[: len(common)], *own, *rest[len(common) :]]
    sign = np.repeat([1, -1, 1], [len(cuts) + len(common), len(own), len(scale)])
    return common, free, scale, np.array(order), sign


def clm_fit(reference, link):
    frame = data(reference.data[0])
    common, free, scale, order, sign = clm_parts(reference)
    y = levels_of(frame, reference.args["outcome"] if reference.args else "rating")
    x, z = matrix(frame, common + free), matrix(frame, scale) if scale else None
    chosen = range(len(common), len(common) + len(free))
    weights = weights_of(reference, frame)
    return nonparallel_fit(x, y, weights, y.max() + 1, link, free=chosen, scale=z), order, sign


@pytest.mark.parametrize("name", [*cases("o.clm."), "c.ppo.wine.nominal", "c.ppo.wine.scale"])
def test_cumulative_models_equal_r_clm(name):
    """nominal=, scale=, both, and the five links; clm subtracts nominal effects from nothing, so signs turn."""
    reference = case(name)
    fit, order, sign = clm_fit(reference, reference.args["link"] if reference.args else "logit")
    assert fit.converged, fit.message
    close(sign * fit.params, reference.series("coef").to_numpy()[order], reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    expected = reference.frame("vcov").to_numpy()[np.ix_(order, order)]
    close(sign[:, None] * fit.covariance * sign, expected, reference.rtol)


@pytest.mark.parametrize("name", cases("o.clm.housing.parallel."))
def test_parallel_lines_of_five_links_equal_r_clm(name):
    reference = case(name)
    frame = data("housing")
    common, _, _, order, _ = clm_parts(reference)
    fit = ordered_fit(
        matrix(frame, common), levels_of(frame, "Sat"), weights_of(reference, frame), 3, reference.args["link"]
    )
    assert_allclose(fit.params, reference.series("coef").to_numpy()[order], rtol=reference.rtol)
    close(fit.covariance, reference.frame("vcov").to_numpy()[np.ix_(order, order)], reference.rtol)


def wine():
    frame = data("wine")
    return matrix(frame, ["tempwarm", "contactyes"]), frame["rating"].to_numpy(int) - 1, np.ones(len(frame))


def test_tests_of_nominal_and_scale_effects_equal_r_nominal_test_and_scale_test():
    """One of the nominal effects grows without bound: R compares with the supremum, as we do, and we say so."""
    reference = case("c.ppo.wine.tests")
    x, y, w = wine()
    parallel = ordered_fit(x, y, w, 5, "logit")
    for k, term in enumerate(["temp", "contact"]):
        nominal = parallel_lines_ratio(x, y, w, 5, "logit", free=[k])
        expected = reference.values["nominal"][term]
        assert_allclose(nominal.statistic, expected["LR"], rtol=reference.rtol)
        assert nominal.df == expected["df"]
        assert ("without bound" in nominal.message) == (term == "temp")
        scaled = likelihood_ratio(nonparallel_fit(x, y, w, 5, "logit", scale=x[:, [k]]), parallel)
        expected = reference.values["scale"][term]
        assert_allclose(scaled.statistic, expected["LR"], rtol=reference.rtol)
        assert (scaled.df, scaled.message) == (1, "")


@pytest.mark.parametrize("name", cases("c.brant."))
def test_brant_equals_the_reference_by_hand(name):
    reference = case(name)
    frame = data(reference.data[0])
    y = levels_of(frame, "poverty")
    found = brant(matrix(frame, list(reference.values["per_variable"])), y, np.ones(len(y)), 3)
    assert_allclose(found.statistic, reference.values["omnibus"]["chi2"], rtol=reference.rtol)
    assert (found.df, found.column_df) == (reference.values["omnibus"]["df"], 1)
    assert_allclose(found.columns, list(reference.values["per_variable"].values()), rtol=reference.rtol)


def continuation_parts(reference):
    """Covariates in the order of R's labels, and our order of its parameters with signs."""
    labels, free = list(reference.values["coef"]), reference.args["free"]
    cuts = [i for i, label in enumerate(labels) if label.startswith("step_") and ":" not in label]
    own = [i for i, label in enumerate(labels) if ":" in label]
    common = [i for i in range(len(labels)) if i not in cuts + own]
    sign = np.repeat([1, -1], [len(cuts), len(labels) - len(cuts)])
    return [labels[i] for i in common], free, np.array(cuts + common + own), sign


@pytest.mark.parametrize("name", cases("o.cr."))
def test_continuation_ratios_equal_r_glm_and_svyglm_on_stacked_rows(name):
    """The design's covariance is that of svyglm with respondents as clusters of their stacked rows."""
    reference = case(name)
    frame, args = data(reference.data[0]), reference.args
    common, free, order, sign = continuation_parts(reference)
    x, y, w = matrix(frame, common + free), levels_of(frame, args["outcome"]), weights_of(reference, frame)
    chosen = range(len(common), len(common) + len(free))
    fit = continuation_fit(x, y, w, y.max() + 1, args["link"], direction=args["direction"], free=chosen)
    assert fit.converged, fit.message
    assert_allclose(sign * fit.params, reference.series("coef").to_numpy()[order], rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    if args["link"] == "logit":
        at, turn = np.ix_(order, order), np.outer(sign, sign)
        close(turn * fit.covariance, reference.frame("vcov").to_numpy()[at], reference.rtol)
        assert_allclose(fit.loglik, reference.values["vgam_logLik"], rtol=1e-9)
        design = {"strata": [args["strata"]] if args["strata"] else None, "psu": None}
        found = covariance(fit.scores, np.arange(len(y)), school_sample(frame, design))
        close(turn * found, reference.frame("vcov_design").to_numpy()[at], reference.rtol)


def test_the_bivariate_normal_distribution_equals_r_pbivnorm():
    reference = case("o.bvn.grid")
    h, k, rho, p = (np.array(reference.values[v]) for v in ("h", "k", "rho", "p"))
    assert_allclose(bivariate_normal_cdf(h, k, rho), p, rtol=0, atol=1e-15)


def paired_parts(reference):
    frame, names = data(reference.data[0]), list(reference.values["coef"])[:-1]
    sides = []
    for side in ("first", "second"):
        outcome = reference.args[side].split("~")[0].strip()
        column, yes = YES[outcome]
        labels = [n.removeprefix(f"{side}:") for n in names if n.startswith(f"{side}:")]
        sides += [matrix(frame, labels), (frame[column] == yes).to_numpy(float)]
    return frame, sides, weights_of(reference, frame)


@pytest.mark.parametrize("name", cases("o.bip."))
def test_correlated_probits_equal_r_by_newton_on_pbivnorm(name):
    reference = case(name)
    frame, sides, w = paired_parts(reference)
    fit = bivariate_probit_fit(*sides, w)
    assert fit.converged, fit.message
    close(fit.params, reference.series("coef"), reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=1e-12)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    strata = reference.args["strata"]
    found = covariance(
        fit.scores, np.arange(len(w)), school_sample(frame, {"strata": [strata] if strata else None, "psu": None})
    )
    close(found, reference.frame("vcov_design"), reference.rtol)


def test_correlated_probits_of_the_same_covariates_equal_r_vgam_binom2_rho():
    reference = case("o.bip.wvs.same")
    _, sides, w = paired_parts(reference)
    assert_allclose(bivariate_probit_fit(*sides, w).loglik, reference.values["vgam_same_covariates_logLik"], rtol=1e-8)


@pytest.mark.parametrize("name", cases("o.bip."))
def test_the_score_of_no_correlation_equals_r_by_hand(name):
    reference = case(name)
    _, sides, w = paired_parts(reference)
    found = independence(*sides, w)
    assert_allclose(found.score, reference.values["score"], rtol=1e-7)
    assert_allclose(found.information, reference.values["score_information"], rtol=1e-9)
    assert_allclose(found.loglik, reference.values["loglik_apart"], rtol=1e-12)


def test_the_cauchit_of_a_binary_answer_equals_r_glm():
    reference = case("o.binary.cauchit")
    frame = data("birthwt")
    x = matrix(frame, list(reference.values["coef"]))
    fit = binary_fit(x, (frame["low"] == 1).to_numpy(float), np.ones(len(x)), "cauchit", information="expected")
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=1e-10)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
