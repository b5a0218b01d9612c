"""Marginal means, risk ratios, second differences, effects of every kind of model against R (h.*; see its script)."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa

from ..references import case, cases, data


def schools(name: str) -> pd.DataFrame:
    frame = data(name)
    frame["won"] = (frame["awards"] == "Yes").astype(int)
    frame["many"] = pd.Categorical(np.where(frame["ell"] > 15, "many", "few"), ["few", "many"])
    return frame


def answers() -> pd.DataFrame:
    frame = data("WVS")
    frame["poverty"] = frame["poverty"].cat.as_ordered()
    return frame.assign(
        religious=(frame["religion"] == "yes").astype(int), graduate=(frame["degree"] == "yes").astype(int)
    )


def written(formula: str) -> str:
    return formula.replace(" * ", "*")


def binary(link: str):
    return {"logit": sa.logit, "probit": sa.probit, "identity": sa.linear}[link]


def margins_model(name: str):
    reference = case(name)
    args, frame = reference.args, schools(reference.data[0])
    formula = f"{written(args['formula'])} + {args['factor']}"
    design = sa.Design(frame, **args["design"])
    if "replicates" in args:
        design = design.replicated(args["replicates"])
    return reference, binary(args["link"])(design, formula)


@pytest.mark.parametrize("name", cases("h.mm."))
@pytest.mark.parametrize("covariates", ["sampled", "added"])
def test_marginal_means_agree_with_svypredmeans(name, covariates):
    """R svypredmeans (added); influence functions, or withReplicates (sampled)."""
    reference, model = margins_model(name)
    found = model.marginal_means(reference.args["factor"], covariates=covariates)
    assert found.frame[reference.args["factor"]].tolist() == reference.values["levels"]
    assert_allclose(found.frame["estimate"], reference.values["estimate"], rtol=reference.rtol)
    expected = np.array(reference.values[f"{covariates}_vcov"])
    assert_allclose(found.covariance, expected, rtol=reference.rtol, atol=reference.rtol * np.abs(expected).max())
    if "fixed" in reference.values:
        fixed = model.marginal_means(reference.args["factor"], covariates="fixed").frame["se"]
        assert_allclose(fixed, reference.values["fixed"], rtol=reference.rtol)


@pytest.mark.parametrize("name", [name for name in cases("h.mm.") if "gaussian" not in name])
@pytest.mark.parametrize("covariates", ["sampled", "added"])
def test_risk_ratios_agree_with_ratios_of_svypredmeans(name, covariates):
    """Log ratios of svypredmeans with their derivative by numDeriv."""
    reference, model = margins_model(name)
    frame = model.risk_ratios([reference.args["factor"]], covariates=covariates).frame
    assert_allclose(np.log(frame["estimate"]), reference.values["log_ratio"], rtol=reference.rtol)
    se = np.array(reference.values[f"log_ratio_{covariates}"])
    assert_allclose(frame["se"] / frame["estimate"], se, rtol=reference.rtol)
    from scipy.stats import t

    half = t.ppf(0.975, model.df) * se
    assert_allclose(np.log(frame["ci_low"]), reference.values["log_ratio"] - half, rtol=1e-5)
    assert_allclose(frame["p"], 2 * t.sf(np.abs(reference.values["log_ratio"] / se), model.df), rtol=1e-5)


@pytest.mark.parametrize("name", [name for name in cases("h.sd.") if name != "h.sd.ordered"])
def test_second_differences_are_those_of_ai_and_norton(name):
    """Their formulas with numDeriv; errors by influence functions, and by the delta method.

    svyglm's probit rests on the weights of its last iteration but one.
    """
    reference = case(name)
    args, rtol = reference.args, 5e-6 if "probit" in name else reference.rtol
    design = sa.Design(schools("apistrat"), weights="pw", strata="stype", population="fpc")
    model = binary(args["link"])(design, written(args["formula"]))
    steps = {args["second"]: args["step"]} if args.get("step") else None
    found = model.interaction(args["first"], args["second"], steps=steps)
    fixed = model.interaction(args["first"], args["second"], steps=steps, covariates="fixed")
    added = model.interaction(args["first"], args["second"], steps=steps, covariates="added")
    for result, kind in ((found, "sampled"), (fixed, "fixed"), (added, "added")):
        assert_allclose(result.frame["estimate"], np.atleast_1d(reference.values["estimate"]), rtol=rtol)
        assert_allclose(result.frame["se"], np.atleast_1d(reference.values[kind]), rtol=rtol)


def test_second_differences_of_an_ordered_answer_have_a_row_a_level():
    """R clm and numDeriv."""
    reference = case("h.sd.ordered")
    model = sa.ordered(answers(), written(reference.args["formula"]), variance="model")
    frame = model.interaction("degree", "gender").frame
    assert_allclose(frame["estimate"], reference.values["estimate"], rtol=1e-5)
    assert_allclose(frame["se"], reference.values["fixed"], rtol=1e-5)
    assert_allclose(frame["estimate"].sum(), 0, atol=1e-12)


def model_of_kind(args):
    if "first" in args:
        return sa.bivariate_probit(answers(), args["first"], args["second"], variance="model").of(args["view"])
    options = {key: args[key] for key in ("nonparallel", "link", "direction") if key in args}
    if "scale" in args:
        options["scale"] = " + ".join(args["scale"])
    verb = sa.continuation_ratio if "direction" in args else sa.ordered
    return verb(answers(), args["formula"], variance="model", **options)


@pytest.mark.parametrize("name", cases("h.kind."))
def test_effects_of_every_kind_of_model_agree_with_differences_in_r(name):
    """clm (nominal, scale), glm on stacked rows, pbivnorm; averages by definition and numDeriv."""
    reference = case(name)
    args = reference.args
    model = model_of_kind(args)
    frame = model.effects([*args["numbers"], *args["factors"]]).frame
    size = np.abs(np.array(reference.values["estimate"])).max()
    assert_allclose(frame["estimate"], np.atleast_1d(reference.values["estimate"]), rtol=2e-6, atol=1e-8 * size)
    assert_allclose(frame["se"], np.atleast_1d(reference.values["fixed"]), rtol=1e-5)
    assert frame["p"].isna().equals(frame["se"] == 0)  # a covariate of the other answer alone


def test_pairs_on_the_scale_of_the_link_agree_with_emmeans():
    """R emmeans(glm, ~country) and contrast("revpairwise", adjust = "holm")."""
    reference = case("h.em.link").values
    model = sa.logit(answers(), "religious ~ country + age", variance="model")
    levels = list(answers()["country"].cat.categories)
    found = model.predict({"country": levels}, scale="link")
    assert_allclose(found.frame["estimate"], reference["link"], rtol=1e-8)
    assert_allclose(found.frame["se"], reference["se_link"], rtol=1e-6)
    pairs = sa.differences(found, correction="holm").frame.set_index("term")
    for name, estimate, se, p in zip(*(reference[key] for key in ("contrast", "estimate", "se", "p"))):
        row = pairs.loc[name]
        assert_allclose([row["estimate"], row["se"]], [estimate, se], rtol=1e-6)
        assert_allclose(row["p"], p, rtol=1e-4)
