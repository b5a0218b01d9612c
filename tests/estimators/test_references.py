"""Estimators as functions of arrays against R: MASS, ordinal, stats::glm and survey, polished to the optimum."""

import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.design.linearized import covariance
from surveyanalysis.design.stages import Sample, Stage
from surveyanalysis.estimators.binary import binary_curvature, binary_fit, binary_mean, binary_slope
from surveyanalysis.estimators.moments import mean, ratio, total
from surveyanalysis.estimators.ordered import ordered_fit, ordered_jacobian, ordered_probabilities, ordered_slopes
from tests.references import case, cases, data

LINKS = {"logistic": "logit"}  # R's word for it
SCHOOL_CUTS = [550, 650, 750]  # b.olr.*: api00 cut at (0,550], (550,650], (650,750], (750,1000]
BINARY_OUTCOMES = {
    "SwissLabor": lambda frame: frame["participation"] == "yes",
    "ProgramEffectiveness": lambda frame: frame["grade"] == "increase",
    "birthwt": lambda frame: frame["low"] == 1,
    "Womenlf": lambda frame: frame["partic"] != "not.work",
}
ORDERED_OUTCOMES = {"housing": "Sat", "WVS": "poverty", "wine": "rating", "BEPS": "economic.cond.national"}


def column(frame, label):
    """One column of R's model matrix by its label."""
    if label == "(Intercept)":
        return np.ones(len(frame))
    if power := re.fullmatch(r"I\((\w+)(?:\^(\d))?\)", label):
        return frame[power[1]].to_numpy(float) ** int(power[2] or 1)
    if label in frame.columns:
        return frame[label].to_numpy(float)
    factor = max((name for name in frame.columns if label.startswith(name)), key=len)
    levels = frame[factor].astype("str")
    assert label.removeprefix(factor) in set(levels), label
    return (levels == label.removeprefix(factor)).to_numpy(float)


def matrix(frame, labels):
    return np.column_stack([column(frame, label) for label in labels])


def close(found, expected, rtol):
    """Within rtol of each element, and of the largest one: for covariances, whose small elements are differences."""
    expected = np.asarray(expected, float)
    assert_allclose(found, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def thresholds_first(labels):
    """Positions of our [thresholds, slopes] in R's [slopes, thresholds]."""
    cuts = [i for i, label in enumerate(labels) if "|" in label]
    return np.array(cuts + [i for i in range(len(labels)) if i not in cuts])


def binary_parts(reference):
    frame = data(reference.data[0])
    y = BINARY_OUTCOMES[reference.data[0]](frame).to_numpy(float)
    return frame, matrix(frame, reference.values["coef"]), y, reference.args["link"]


def ordered_parts(reference):
    frame = data(reference.data[0])
    outcome = frame[ORDERED_OUTCOMES[reference.data[0]]]
    codes = pd.Categorical(outcome).codes.astype(int)
    labels = [label for label in reference.values["coef"] if "|" not in label]
    weights = frame["Freq"].to_numpy(float) if "Freq" in frame else np.ones(len(frame))
    return matrix(frame, labels), codes, weights, labels, codes.max() + 1, reference.args["link"]


@pytest.mark.parametrize("name", cases("c.binary."))
def test_binary_models_equal_r_glm(name):
    reference = case(name)
    _, x, y, link = binary_parts(reference)
    fit = binary_fit(x, y, np.ones(len(y)), link)
    assert fit.converged
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    close(fit.covariance, reference.frame("vcov_observed_info"), reference.rtol)


@pytest.mark.parametrize("name", cases("c.binary."))
def test_expected_information_gives_the_covariance_and_hc0_of_r_glm(name):
    reference = case(name)
    _, x, y, link = binary_parts(reference)
    fit = binary_fit(x, y, np.ones(len(y)), link, information="expected")
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    close(fit.scores.T @ fit.scores, reference.frame("HC0"), reference.rtol)


@pytest.mark.parametrize("name", cases("c.binary."))
def test_binary_average_effects_equal_r(name):
    """Mean of f(x b) b_k, or the mean difference in F for 0/1; delta method with expected information."""
    reference = case(name)
    frame, x, y, link = binary_parts(reference)
    fit = binary_fit(x, y, np.ones(len(y)), link, information="expected")
    labels = list(reference.values["coef"])
    eta = x @ fit.params
    for term, expected in reference.values["ame"].items():
        label = reference.args["ame_binary"].get(term, [term])[0]
        k = labels.index(label)
        if term in reference.args["ame_binary"]:
            on, off = x.copy(), x.copy()
            on[:, k], off[:, k] = 1, 0
            effect = binary_mean(on @ fit.params, link) - binary_mean(off @ fit.params, link)
            turn = binary_slope(on @ fit.params, link) @ on - binary_slope(off @ fit.params, link) @ off
        else:
            effect = binary_slope(eta, link) * fit.params[k]
            turn = fit.params[k] * binary_curvature(eta, link) @ x
            turn[k] += binary_slope(eta, link).sum()
        gradient = turn / len(frame)
        assert_allclose(effect.mean(), expected["ame"], rtol=reference.rtol)
        assert_allclose(np.sqrt(gradient @ fit.covariance @ gradient), expected["se"], rtol=reference.rtol)


@pytest.mark.parametrize("name", cases("c.ord."))
def test_ordered_models_equal_r_clm_and_polr(name):
    reference = case(name)
    x, codes, weights, _, levels, link = ordered_parts(reference)
    fit = ordered_fit(x, codes, weights, levels, link)
    order = thresholds_first(list(reference.values["coef"]))
    assert fit.converged
    assert_allclose(fit.params, reference.series("coef").to_numpy()[order], rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    close(fit.covariance, reference.frame("vcov").to_numpy()[np.ix_(order, order)], reference.rtol)
    assert_allclose(np.sqrt(np.diag(fit.covariance)), reference.series("se").to_numpy()[order], rtol=reference.rtol)


@pytest.mark.parametrize("name", cases("c.ord."))
def test_ordered_average_effects_equal_r(name):
    """Mean of dP/dx, or of P(x = 1) - P(x = 0), by category; delta method through the Jacobian."""
    reference = case(name)
    x, codes, weights, labels, levels, link = ordered_parts(reference)
    fit = ordered_fit(x, codes, weights, levels, link)
    share = weights / weights.sum()
    for term, expected in reference.values["ame"].items():
        k = labels.index(term)
        if set(np.unique(x[:, k])) == {0, 1}:
            on, off = x.copy(), x.copy()
            on[:, k], off[:, k] = 1, 0
            here, there = (ordered_probabilities(fit.params, at, levels, link) for at in (on, off))
            turn = ordered_jacobian(fit.params, on, levels, link) - ordered_jacobian(fit.params, off, levels, link)
            effect, gradient = share @ (here - there), np.tensordot(share, turn, 1)
            close(
                np.sqrt(np.diag(gradient @ fit.covariance @ gradient.T)), list(expected["se"].values()), reference.rtol
            )
        else:
            effect = share @ ordered_slopes(fit.params, x, levels, link) * fit.params[levels - 1 + k]
        close(effect, list(expected["ame"].values()), reference.rtol)


def school_sample(frame, design):
    """The designs of the cases: strata, clusters or neither, with a finite population or not."""
    cluster, stratum = None, np.zeros(len(frame), dtype=np.intp)
    if design["strata"]:
        stratum = pd.Categorical(frame[design["strata"][0]]).codes.astype(np.intp)
    elif design["psu"]:
        cluster = pd.Categorical(frame[design["psu"][0]]).codes.astype(np.intp)
        stratum = np.zeros(cluster.max() + 1, dtype=np.intp)
    size = np.bincount(stratum)
    population = np.full(len(size), np.inf)
    if design.get("fpc"):
        owner = stratum if cluster is None else stratum[cluster]
        population[owner] = frame[design["fpc"][0]]
    ones = np.ones(len(size))
    return Sample((Stage(cluster, stratum, size.astype(float), size / population, ones, 0 * size),))


@pytest.mark.parametrize("name", ["b.glm.logit.strat", "b.glm.logit.clus1", "b.glm.cloglog.strat", "b.glm.logit.n120"])
def test_weighted_binary_models_equal_r_svyglm(name):
    """svyglm divides by expected information."""
    reference = case(name)
    frame = data(reference.data[0])
    outcome = re.match(r"(?:I\()?([\w.]+)", reference.args["formula"])[1]
    y, weights = (
        (frame[outcome] == "Yes").to_numpy(float),
        frame[reference.args["design"]["weights"][0]].to_numpy(float),
    )
    link = re.search(r"\((\w+)\)", reference.args["family"])[1]
    fit = binary_fit(matrix(frame, reference.values["coef"]), y, weights, link, information="expected")
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    found = covariance(fit.scores, np.arange(len(y)), school_sample(frame, reference.args["design"]))
    close(found, reference.frame("vcov"), reference.rtol)


@pytest.mark.parametrize("name", cases("b.olr."))
def test_weighted_ordered_models_equal_r_svyolr(name):
    reference = case(name)
    frame, design = data(reference.data[0]), reference.args["design"]
    codes = np.searchsorted(SCHOOL_CUTS, frame["api00"])
    weights, link = frame[design["weights"][0]].to_numpy(float), reference.args["link"]
    labels = list(reference.values["coef"])
    fit = ordered_fit(matrix(frame, [i for i in labels if "|" not in i]), codes, weights, 4, LINKS.get(link, link))
    order = thresholds_first(labels)
    assert_allclose(fit.params, reference.series("coef").to_numpy()[order], rtol=reference.rtol)
    assert_allclose(fit.loglik / weights.mean(), reference.values["pseudo_logLik_weights_mean1"], rtol=reference.rtol)
    found = covariance(fit.scores, np.arange(len(codes)), school_sample(frame, design))
    close(found, reference.frame("vcov").to_numpy()[np.ix_(order, order)], reference.rtol)


@pytest.mark.parametrize("name", ["a.mean.strat", "a.total.clus1", "a.mean.clus1nf", "a.total.srs"])
def test_means_and_totals_equal_r_svymean_and_svytotal(name):
    reference = case(name)
    frame, design = data(reference.data[0]), reference.args["design"]
    weights, estimator = frame[design["weights"][0]].to_numpy(float), total if "total" in name else mean
    fit = estimator(frame[reference.args["vars"]].to_numpy(float), weights)
    assert_allclose(fit.params, reference.series("estimate"), rtol=reference.rtol)
    found = covariance(fit.scores, np.arange(len(frame)), school_sample(frame, design))
    close(found, reference.frame("vcov"), reference.rtol)


@pytest.mark.parametrize("name", ["a.ratio.strat", "a.ratio.srs"])
def test_ratios_equal_r_svyratio(name):
    reference = case(name)
    frame, design = data(reference.data[0]), reference.args["design"]
    top, bottom = (frame[[reference.args[part]]].to_numpy(float) for part in ("num", "den"))
    fit = ratio(top, bottom, frame[design["weights"][0]].to_numpy(float))
    assert_allclose(fit.params, reference.values["ratio"], rtol=reference.rtol)
    found = covariance(fit.scores, np.arange(len(frame)), school_sample(frame, design))
    assert_allclose(np.sqrt(found[0, 0]), reference.values["se"], rtol=reference.rtol)
