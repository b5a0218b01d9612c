"""Models of counts against R: MASS, pscl, VGAM, AER and survey, polished to the optimum; and printed tables."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.design.linearized import covariance
from surveyanalysis.estimators.count_response import (
    CountModel,
    count_log_likelihoods,
    count_mean,
    count_probabilities,
)
from surveyanalysis.estimators.count_tests import dispersion_ratio, equal_parts, overdispersion, vuong
from surveyanalysis.estimators.hurdle import hurdle_fit
from surveyanalysis.estimators.negative_binomial import negative_binomial_fit
from surveyanalysis.estimators.poisson import poisson_fit
from surveyanalysis.estimators.truncated_counts import truncated_count_fit
from surveyanalysis.estimators.zero_inflated import zero_inflated_fit
from tests.references import case, cases, data

from .test_references import close, matrix, school_sample

BIO = ["(Intercept)", "femWomen", "marMarried", "kid5", "phd", "ment"]
SHOWN = {  # the cases of c.count.bio: (distribution, zeros)
    "poisson": ("poisson", "plain"),
    "nb2": ("nb2", "plain"),
    "hurdlepois": ("poisson", "hurdle"),
    "zipois": ("poisson", "inflated"),
    "zinb": ("nb2", "inflated"),
}


def fitted(distribution, zeros, x, y, weights, z=None, link="logit", offset=None):
    """The fit that a case is about."""
    if zeros == "truncated":
        return truncated_count_fit(x, y, weights, distribution, offset=offset)
    if zeros == "hurdle":
        return hurdle_fit(x, y, weights, z, distribution, link=link, offset=offset)
    if zeros == "inflated":
        return zero_inflated_fit(x, y, weights, z, distribution, offset=offset)
    if distribution == "poisson":
        return poisson_fit(x, y, weights, offset=offset)
    return negative_binomial_fit(x, y, weights, form=distribution, offset=offset)


def frame_of(reference):
    """The case's data with the columns that it makes."""
    frame = data(reference.data[0])
    if "ell" in frame:
        frame = frame.assign(halves=frame["ell"] // 2, meals10=frame["meals"] / 10)
    if "HEIGHT" in frame:
        frame = frame.assign(height=(frame["HEIGHT"] - 400) / 100, YEAR=frame["YEAR"].astype(int).astype(str))
    truncated = bool(reference.args) and reference.args["zeros"] == "truncated"
    return frame[frame[reference.args["outcome"]] > 0] if truncated else frame


def own_fit(reference):
    """The fit of a case of counts.R."""
    args, frame = reference.args, frame_of(reference)
    labels = list(reference.values["coef"])
    parts = {
        part: [label.removeprefix(part) for label in labels if label.startswith(part)] for part in ("count:", "zero:")
    }
    x, z = (matrix(frame, names) if names else None for names in parts.values())
    weights = frame[args["weights"]].to_numpy(float) if args["weights"] else np.ones(len(frame))
    offset = np.log(frame[args["offset"]].to_numpy(float)) if args["offset"] else None
    y = frame[args["outcome"]].to_numpy(float)
    return fitted(args["distribution"], args["zeros"], x, y, weights, z, args["link"], offset), frame


def models(prefix):
    return [name for name in cases(prefix) if "distribution" in (case(name).args or {})]


def bio():
    frame = data("bioChemists")
    return matrix(frame, BIO), frame["art"].to_numpy(float), np.ones(len(frame))


@pytest.mark.parametrize("name", SHOWN)
def test_the_biochemists_models_equal_r(name):
    """R states ln theta = -log alpha."""
    reference = case(f"c.count.bio.{name}")
    fit = fitted(*SHOWN[name], *bio())
    sign = np.where([label == "ln_theta" for label in reference.values["coef"]], -1, 1)
    assert fit.converged
    assert_allclose(fit.params * sign, reference.series("coef"), rtol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=1e-10)
    close(fit.covariance * np.outer(sign, sign), reference.frame("vcov"), reference.rtol)
    if "HC0" in reference.values:
        close(fit.scores.T @ fit.scores, reference.frame("HC0"), reference.rtol)


@pytest.mark.parametrize("name", models("n."))
def test_models_of_counts_equal_r(name):
    reference = case(name)
    fit, _ = own_fit(reference)
    assert fit.converged
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol, atol=reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=1e-9)
    close(fit.covariance, reference.frame("vcov"), 10 * reference.rtol)


@pytest.mark.parametrize("name", [name for name in models("n.") if "vcov_design" in case(name).values])
def test_linearised_covariances_equal_r_svyrecvar(name):
    reference = case(name)
    fit, frame = own_fit(reference)
    design = (
        {"strata": ["stype"], "fpc": ["fpc"]} if reference.data[0] == "apistrat" else {"strata": None, "psu": ["dnum"]}
    )
    sample = school_sample(frame, design)
    close(covariance(fit.scores, np.arange(len(frame)), sample), reference.frame("vcov_design"), 10 * reference.rtol)


def test_the_negative_binomial_in_clusters_equals_r():
    reference = case("b.nb2.clus1nf")
    frame = data("apiclus1")
    x = matrix(frame.assign(tenth=frame["meals"] / 10), ["(Intercept)", "stypeH", "stypeM", "tenth"])
    fit = negative_binomial_fit(x, frame["ell"].to_numpy(float), frame["pw"].to_numpy(float))
    clusters = np.unique(frame["dnum"], return_inverse=True)[1]
    total = np.array([fit.scores[clusters == c].sum(axis=0) for c in range(clusters.max() + 1)])
    g = len(total)
    assert_allclose(fit.params, reference.series("coef"), rtol=reference.rtol)
    close(g / (g - 1) * total.T @ total, reference.frame("vcov"), reference.rtol)


@pytest.mark.parametrize("name", cases("n.dispersion."))
def test_overdispersion_equals_r_dispersiontest(name):
    reference = case(name)
    if reference.data[0] == "bioChemists":
        x, y, w = bio()
    else:
        frame = data("grouseticks").assign(YEAR=lambda d: d["YEAR"].astype(int).astype(str))
        frame["height"] = (frame["HEIGHT"] - 400) / 100
        x, y, w = matrix(frame, ["(Intercept)", "height", "YEAR96", "YEAR97"]), frame["TICKS"].to_numpy(float), None
        w = np.ones(len(y))
    found = overdispersion(x, y, w, form=reference.args["form"])
    assert_allclose([found.alpha, found.statistic], [reference.values[k] for k in ("alpha", "statistic")], rtol=1e-8)


def test_the_likelihood_ratio_of_the_dispersion_is_the_printed_one():
    """Stata prints 180.20 (Long and Freese 2014, chapter 9)."""
    wide, narrow = negative_binomial_fit(*bio()), poisson_fit(*bio())
    assert round(dispersion_ratio(wide, narrow).statistic, 2) == 180.20


def test_vuong_equals_r():
    """pscl::vuong, of the zero-inflated against the Poisson model."""
    x, y, w = bio()
    inflated, plain = zero_inflated_fit(x, y, w), poisson_fit(x, y, w)
    first = count_log_likelihoods(inflated.params, CountModel("poisson", "inflated", 6, 6), y, x)
    second = count_log_likelihoods(plain.params, CountModel("poisson", "plain", 6), y, x)
    found, expected = vuong(first, second, (12, 6), w), case("c.count.bio.vuong").values["z"]
    assert_allclose([found.raw, found.aic, found.bic], [expected[k] for k in ("raw", "aic", "bic")], rtol=1e-5)


def test_vuong_of_models_that_are_not_nested_equals_r():
    x, y, w = bio()
    inflated, hurdle = zero_inflated_fit(x, y, w, None, "nb2"), hurdle_fit(x, y, w, None, "nb2")
    first = count_log_likelihoods(inflated.params, CountModel("nb2", "inflated", 6, 6), y, x)
    second = count_log_likelihoods(hurdle.params, CountModel("nb2", "hurdle", 6, 6), y, x)
    reference = case("n.vuong.bio.zinb.hurdlenb")
    assert_allclose(vuong(first, second, (13, 13), w).raw, reference.values["raw"], rtol=reference.rtol)


def test_the_wald_test_of_a_hurdle_equals_r_hurdletest():
    x, y, w = bio()
    fit, reference = hurdle_fit(x, y, w, link="cloglog"), case("n.hurdletest.bio")
    found = equal_parts(fit.params, fit.covariance, 6)
    assert found.df == reference.values["df"]
    assert_allclose(found.statistic, reference.values["statistic"], rtol=reference.rtol)


@pytest.mark.parametrize("zeros", ["hurdle", "inflated"])
def test_mean_predictions_equal_r(zeros):
    x, y, w = bio()
    fit, reference = fitted("nb2", zeros, x, y, w), case("n.predictions.bio")
    model = CountModel("nb2", zeros, 6, 6)
    chance = count_probabilities(fit.params, model, np.arange(4.0), x).mean(axis=0)
    found = [count_mean(fit.params, model, x).mean(), *chance]
    assert_allclose(found, reference.values[zeros], rtol=reference.rtol)


def test_the_printed_log_likelihoods_of_the_biochemists():
    """Long (1997) and Zeileis, Kleiber and Jackman (2008), to the digits printed."""
    x, y, w = bio()
    printed = {("poisson", "plain"): -1651.056, ("nb2", "plain"): -1560.958, ("poisson", "inflated"): -1604.773}
    printed |= {("nb2", "inflated"): -1549.991, ("poisson", "hurdle"): -1605.312, ("nb2", "hurdle"): -1552.597}
    for (distribution, zeros), value in printed.items():
        assert round(fitted(distribution, zeros, x, y, w).loglik, 3) == value
