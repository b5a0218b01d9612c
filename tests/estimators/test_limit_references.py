"""Outcomes with limits, selection, shares, quantiles, instruments against R: survival, AER, quantreg, survey."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.design.linearized import covariance
from surveyanalysis.estimators.beta import beta_fit
from surveyanalysis.estimators.fractional import fractional_fit
from surveyanalysis.estimators.heckman import heckman_fit
from surveyanalysis.estimators.heckman_two_step import heckman_two_step_fit
from surveyanalysis.estimators.instruments import instruments
from surveyanalysis.estimators.interval import interval_fit
from surveyanalysis.estimators.quantile_program import check_loss
from surveyanalysis.estimators.quantile_regression import quantile_regression
from surveyanalysis.estimators.tobit import tobit_fit
from surveyanalysis.estimators.trivariate_normal import trivariate_normal_cdf
from surveyanalysis.estimators.trivariate_probit import trivariate_probit_fit
from surveyanalysis.estimators.truncated import truncated_fit
from surveyanalysis.estimators.two_stage import two_stage_fit
from tests.references import case, cases, data

from .test_references import close, matrix, school_sample

INFINITE = float("inf")


def frame_of(reference):
    """The data, with the columns that the script makes."""
    frame = data(reference.data[0])
    if "age" in frame:
        frame["w_"] = 1 + (frame["age"] % 7) / 3
    if "api00" in frame:
        frame["share"], frame["fraction"] = (frame["meals"] + 0.5) / 101, frame["meals"] / 100
        frame["api_"] = frame["api00"] + frame["enroll"] / 1e4
    return frame


def weights_of(reference, frame):
    name = reference.args.get("weights")
    return frame[name].to_numpy(float) if name else np.ones(len(frame))


def labels_of(values, *without):
    return [label for label in values["coef"] if label not in without]


def design_covariance(scores, reference, frame):
    """One stage, strata if the case has them; sampled with replacement."""
    name = reference.args.get("strata")
    return covariance(
        scores, np.arange(len(frame)), school_sample(frame, {"strata": [name] if name else None, "psu": None})
    )


def agree(fit, reference, frame=None):
    """Parameters, log-likelihood, model-based covariance and, where there is one, that of the design."""
    assert fit.converged, fit.message
    close(fit.params, reference.series("coef"), reference.rtol)
    assert_allclose(fit.loglik, reference.values["logLik"], rtol=reference.rtol)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    if frame is not None:
        close(design_covariance(fit.scores, reference, frame), reference.frame("vcov_design"), reference.rtol)


def limits(reference):
    low, high = reference.args.get("left"), reference.args.get("right")
    return {"lower": -INFINITE if low is None else low, "upper": INFINITE if high is None else high}


@pytest.mark.parametrize("name", cases("l.tobit."))
def test_tobit_equals_r_survreg(name):
    reference = case(name)
    frame = frame_of(reference)
    x, y = matrix(frame, labels_of(reference.values, "log_sigma")), frame[reference.args["outcome"]].to_numpy(float)
    agree(tobit_fit(x, y, weights_of(reference, frame), **limits(reference)), reference)


@pytest.mark.parametrize("name", cases("l.interval."))
def test_interval_regression_equals_r_survreg(name):
    reference = case(name)
    frame = frame_of(reference)
    x, y = matrix(frame, labels_of(reference.values, "log_sigma")), frame[reference.args["outcome"]].to_numpy(float)
    lognormal = reference.args["dist"] == "lognormal"
    cuts = np.array([0.0 if lognormal else -np.inf, *reference.args["cuts"], np.inf])
    at = np.searchsorted(cuts[1:-1], y)
    low, high = cuts[at], cuts[at + 1]
    if every := reference.args.get("known"):
        known = (np.arange(len(y)) + 1) % every == 0
        low, high = np.where(known, y, low), np.where(known, y, high)
    distribution = "lognormal" if lognormal else "normal"
    agree(interval_fit(x, low, high, weights_of(reference, frame), distribution=distribution), reference)


@pytest.mark.parametrize("name", cases("l.trunc."))
def test_truncated_regression_equals_r_by_hand(name):
    reference = case(name)
    frame, ends = frame_of(reference), limits(reference)
    y = frame[reference.args["outcome"]].to_numpy(float)
    inside = (y > ends["lower"]) & (y < ends["upper"])
    x, w = matrix(frame, labels_of(reference.values, "log_sigma")), weights_of(reference, frame)
    fit = truncated_fit(x[inside], y[inside], w[inside], **ends)
    agree(fit, reference, frame[inside].reset_index(drop=True))


@pytest.mark.parametrize("name", cases("l.heckman."))
def test_weighted_selection_equals_r_by_hand(name):
    reference = case(name)
    frame = frame_of(reference)
    labels = list(reference.values["coef"])
    x = matrix(frame, [label[4:] for label in labels if label.startswith("out:")])
    z = matrix(frame, [label[4:] for label in labels if label.startswith("sel:")])
    y, seen = frame[reference.args["outcome"]].to_numpy(float), frame["s"].to_numpy(float)
    w = weights_of(reference, frame)
    agree(heckman_fit(x, y, z, seen, w), reference, frame)
    steps, expected = heckman_two_step_fit(x, y, z, seen, w), reference.values["twostep"]
    close(steps.params[: x.shape[1] + 1], list(expected["coef"].values()), reference.rtol)
    close([np.exp(steps.params[-2]), steps.params[-1]], [expected["sigma"], expected["rho"]], reference.rtol)


@pytest.mark.parametrize("name", cases("l.beta."))
def test_beta_regression_equals_r_by_hand(name):
    reference = case(name)
    frame = frame_of(reference)
    labels = list(reference.values["coef"])
    x = matrix(frame, [label for label in labels if not label.startswith("phi:")])
    z = matrix(frame, [label[4:] for label in labels if label.startswith("phi:")])
    agree(beta_fit(x, frame["share"].to_numpy(float), weights_of(reference, frame), z), reference, frame)


@pytest.mark.parametrize("name", cases("l.fractional."))
def test_fractional_models_equal_r_quasibinomial_and_svyglm(name):
    reference = case(name)
    frame, link = frame_of(reference), reference.args["link"]
    x, y = matrix(frame, labels_of(reference.values)), frame["fraction"].to_numpy(float)
    fit = fractional_fit(x, y, np.ones(len(y)), link, information="expected")
    close(fit.params, reference.series("coef"), reference.rtol)
    close(fit.covariance, reference.frame("HC0"), reference.rtol)
    weighted = fractional_fit(x, y, weights_of(reference, frame), link, information="expected")
    close(weighted.params, reference.series("coef_weighted"), reference.rtol)
    close(design_covariance(weighted.scores, reference, frame), reference.frame("vcov_design"), reference.rtol)


@pytest.mark.parametrize("name", cases("l.quantile."))
def test_quantile_regression_equals_r_rq(name):
    reference = case(name)
    frame, tau = frame_of(reference), reference.args["tau"]
    if reference.data[0] == "PSID1976":
        frame = frame[frame["s"] == 1]
    x, w = matrix(frame, labels_of(reference.values)), weights_of(reference, frame)
    y = frame[reference.args["outcome"]].to_numpy(float)
    fit = quantile_regression(x, y, w, tau)
    assert_allclose(check_loss(y - x @ fit.params, w, tau), reference.values["loss"], rtol=1e-12)
    close(fit.params, reference.series("coef"), reference.rtol)
    for density, word in (("local", "nid"), ("common", "iid")):
        for bandwidth, end in (("hall_sheather", ""), ("bofinger", "_bofinger")):
            if word + end in reference.values:
                found = quantile_regression(x, y, w, tau, density=density, bandwidth=bandwidth)
                expected = reference.series(word + end)
                close(np.sqrt(np.diag(found.covariance)), expected, 1e-5)


def test_the_trivariate_normal_distribution_equals_mvtnorm():
    values = case("l.tvn.grid").values
    h, r = (
        np.array([values[f"{letter}{k}"] for k in keys]) for letter, keys in (("h", (1, 2, 3)), ("r", (12, 13, 23)))
    )
    assert_allclose(trivariate_normal_cdf(h, r), values["p"], rtol=0, atol=1e-12)


def test_three_probits_equal_r_by_hand():
    reference = case("l.trivariate.wvs")
    frame = data("WVS").iloc[:: reference.args["every"]]
    yes = [("religion", "yes"), ("degree", "yes"), ("poverty", "Too Little")]
    y = np.column_stack([frame[name].astype("str") == word for name, word in yes]).astype(int)
    x = np.column_stack([np.ones(len(y)), frame["age"] / 10])
    agree(trivariate_probit_fit([x] * 3, y, np.ones(len(y))), reference)


@pytest.mark.parametrize("name", cases("l.iv."))
def test_two_stage_least_squares_and_its_diagnostics_equal_r_ivreg(name):
    reference = case(name)
    frame = frame_of(reference)
    frame = frame[frame["s"] == 1]
    labels = labels_of(reference.values)
    x, y = matrix(frame, labels), frame["lwage"].to_numpy(float)
    z, w = matrix(frame, ["(Intercept)", *reference.args["instruments"]]), weights_of(reference, frame)
    fit = two_stage_fit(x, z, y, w / w.mean())
    close(fit.params, reference.series("coef"), reference.rtol)
    close(fit.covariance, reference.frame("vcov"), reference.rtol)
    if z.shape[1] == x.shape[1]:
        close(fit.scores.T @ fit.scores, reference.frame("HC0"), reference.rtol)
    found = instruments(x, z, y, w, [labels.index(label) for label in reference.args["endogenous"]])
    told = reference.frame("diagnostics")
    rows = [*found.first_stage, found.wu_hausman, *([found.sargan] if found.sargan else [])]
    for statistic, (_, row) in zip(rows, told.iterrows(), strict=False):
        assert_allclose(
            [statistic.df[0], statistic.value, statistic.p], row[["df1", "statistic", "p-value"]], rtol=1e-7
        )
    assert (found.sargan is None) == (z.shape[1] == x.shape[1])
