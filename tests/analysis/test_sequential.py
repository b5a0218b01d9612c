"""Continuation ratios and correlated probits through the public verbs: against R, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError
from tests.references import case, cases, data

from .designs import respondents
from .test_ordinal import assert_contributions

CUTS = [0, 550, 650, 750, 1000]


def design_of(reference):
    """Data of a case with its outcomes, under its weights and strata."""
    frame = data(reference.data[0])
    if "api00" in frame:
        frame["level"] = pd.cut(frame["api00"], CUTS, labels=list("abcd"))
        frame["whole"], frame["comparable"] = frame["sch.wide"] == "Yes", frame["comp.imp"] == "Yes"
    else:
        frame["poverty"] = frame["poverty"].cat.as_ordered()
        frame["religious"], frame["graduate"] = frame["religion"] == "yes", frame["degree"] == "yes"
    return sa.Design(frame, weights=reference.args["weights"], strata=reference.args["strata"])


def renamed(label, outcome):
    """Our name of a coefficient of the stacked rows, and its sign."""
    step, _, term = label.partition(":") if label.startswith("step_") else ("", "", label)
    cut = outcome[int(step.removeprefix("step_"))] if step else ""
    for factor in ("religion", "degree"):
        if term.startswith(factor):
            term = f"{factor}[{term.removeprefix(factor)}]"
    return (f"{term} @ {cut}" if step and term else term or cut), -1 if term else 1


@pytest.mark.parametrize("name", cases("o.cr."))
def test_continuation_ratios_equal_glm_and_svyglm_on_stacked_rows(name):
    """R glm, and svyglm with respondents as clusters of their stacked rows."""
    reference = case(name)
    args, design = reference.args, design_of(reference)
    asked = {"link": args["link"], "direction": args["direction"], "nonparallel": args["free"]}
    model = sa.continuation_ratio(design, f"{args['outcome']} ~ {' + '.join(args['terms'])}", **asked)
    cuts = list(model.frame.query("component == 'threshold'")["term"])
    ours = [renamed(label, cuts) for label in reference.values["coef"]]
    where = {term: i for i, term in enumerate(model.frame["term"])}
    rows, sign = [where[term] for term, _ in ours], np.array([s for _, s in ours])
    assert_allclose(sign * model.frame["estimate"].to_numpy()[rows], reference.series("coef"), rtol=reference.rtol)
    if "vcov_design" in reference.values:
        expected = reference.frame("vcov_design").to_numpy()
        found = model.covariance[np.ix_(rows, rows)] * np.outer(sign, sign)
        assert_allclose(found, expected, rtol=reference.rtol, atol=reference.rtol * np.abs(expected).max())


@pytest.mark.parametrize("name", ["o.bip.wvs", "o.bip.api"])
def test_correlated_probits_equal_newton_on_pbivnorm(name):
    """R with pbivnorm: both formulas, the correlation, and the covariance under the design."""
    reference = case(name)
    model = sa.bivariate_probit(design_of(reference), reference.args["first"], reference.args["second"])
    assert_allclose(model.frame["estimate"], reference.series("coef"), rtol=reference.rtol, atol=reference.rtol)
    expected = reference.frame("vcov_design").to_numpy()
    assert_allclose(model.covariance, expected, rtol=reference.rtol, atol=reference.rtol * np.abs(expected).max())
    atanh = reference.series("coef")["atanh(rho)"]
    assert_allclose(model.extra["rho"], np.tanh(atanh), rtol=reference.rtol)
    assert model.extra["rho_low"] < model.extra["rho"] < model.extra["rho_high"]


@pytest.fixture(scope="module")
def drawn():
    return sa.Design(respondents(), weights="w", strata="s", clusters="c")


MODELS = {
    "forward": lambda d: sa.continuation_ratio(d, "q ~ z + sex"),
    "by step": lambda d: sa.continuation_ratio(d, "q ~ z + sex", direction="backward", nonparallel="sex"),
    "pair": lambda d: sa.bivariate_probit(d, "yes ~ z + sex", "later ~ sex"),
}
every_model = pytest.mark.parametrize("fit", MODELS.values(), ids=MODELS)


@every_model
def test_design_based_errors_are_the_design_s_covariance_of_exact_contributions(drawn, fit):
    model = fit(drawn)
    assert_allclose(model.params_covariance, model.model_frame.used.covariance(model.fit.scores), rtol=1e-12)
    assert_contributions(model)


@every_model
def test_a_test_of_a_question_takes_all_of_its_coefficients(drawn, fit):
    model = fit(drawn)
    assert model.test("sex").df == model.frame["term"].str.startswith("sex").sum()


@every_model
def test_probabilities_add_up_and_models_stand_side_by_side(drawn, fit):
    model = fit(drawn)
    shares = model.predict({"z": [2.0], "sex": ["f"]}).frame["estimate"]
    assert_allclose(shares.sum(), 1)
    frame = sa.compare_models({"(1)": model, "(2)": sa.ordered(drawn, "q ~ z + sex")}).frame
    assert (frame["model"] == "(1)").sum() == len(model.frame)


def test_one_step_is_the_logit(drawn):
    """Two levels: one step, whose logit of going on is the logit of the upper level."""
    frame = drawn.survey.frame
    upper = pd.Series(
        np.where(frame["q"].isna(), None, np.where(frame["q"].astype(float) > 3, "high", "low")), frame.index
    )
    two = frame.assign(up=pd.Categorical(upper, ["low", "high"], ordered=True))
    design = sa.Design(two, weights="w", strata="s", clusters="c")
    ratio, logit = sa.continuation_ratio(design, "up ~ z + sex"), sa.logit(design, "up ~ z + sex")
    slopes = ["estimate", "se", "p"]
    assert_allclose(ratio.frame[slopes].iloc[:2], logit.frame[slopes].iloc[1:], rtol=1e-8)


def test_wrong_input_of_continuation_ratios_is_named(drawn):
    with pytest.raises(ColumnError, match=r"'sexx'.*sex"):
        sa.continuation_ratio(drawn, "q ~ z + sex", nonparallel="sexx")
    with pytest.raises(ChoiceError, match="no order"):
        sa.continuation_ratio(drawn, "g ~ z")
    with pytest.raises(ChoiceError, match=r"'up'.*forward"):
        sa.continuation_ratio(drawn, "q ~ z", direction="up")
    with pytest.raises(ChoiceError, match="'loglog'"):
        sa.continuation_ratio(drawn, "q ~ z", link="loglog")


def test_two_answers_must_differ_and_none_explains_the_other(drawn):
    with pytest.raises(ChoiceError, match="Name different outcomes"):
        sa.bivariate_probit(drawn, "yes ~ z", "yes ~ sex")
    with pytest.raises(ChoiceError, match="covariate of another"):
        sa.bivariate_probit(drawn, "yes ~ z + later", "later ~ sex")
    with pytest.raises(ColumnError, match="'latter'"):
        sa.bivariate_probit(drawn, "yes ~ z", "latter ~ sex")
    with pytest.raises(ChoiceError, match="event"):
        sa.bivariate_probit(drawn, "yes ~ z", "g ~ sex")
