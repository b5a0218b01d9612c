"""Tests of terms and of fit, measures of fit, ROC, classification, calibration and influence against R.

Stored cases (b.termtest, b.fitstat, c.binary, c.ord, c.tests, c.vif, c.hoslem) and cases of our own:
tests/references/scripts/diagnostics.R (survey, ordinal, pROC, car, base R).
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.analysis.ordinal import ordered
from surveyanalysis.analysis.regression import binary_model
from tests import references

from .test_regression import classical_model, design_model
from .test_test_references import design_for

TAIL = 1e-6  # relative, of p-values: R solves its saddlepoint to about 1e-8, and far tails multiply that


def binary(args, design, variance="design"):
    outcome = args["formula"].split(" ~ ")[0]
    answers = design.survey.frame[outcome]
    event = answers.cat.categories[-1] if answers.dtype == "category" else None
    return binary_model(design, args["formula"], args["link"], variance, event, 0.95)


def tail(found, p):
    """A p-value, the more loosely the smaller it is."""
    assert_allclose(found, p, rtol=TAIL * (1 - np.log(p)))


def hold(test, numbers, rtol):
    """Statistic, degrees of freedom, p-value, in this order; the rest of `numbers` is for others."""
    degrees = [d for d in (test.df, test.df_denominator) if d is not None]
    *expected, p = numbers[: 2 + len(degrees)]
    assert_allclose([test.statistic, *degrees], expected, rtol=rtol)
    tail(test.p, p)


def check_by_design(args, values, rtol):
    model = binary(args, design_for(args))
    test = model.test(*args["terms"], method="likelihood_ratio")
    hold(test, values["likelihood_ratio"], rtol)
    assert_allclose(
        [test.extra["mean_deff"], test.extra["largest_deff"]], values["likelihood_ratio"][4:], rtol=10 * rtol
    )
    tail(test.extra["satterthwaite_p"], values["satterthwaite"])
    test = model.test(*args["terms"], method="working_wald")
    assert_allclose(test.statistic, values["working_wald"][0], rtol=10 * rtol)
    tail(test.p, values["working_wald"][1])
    if "replicates" not in args:  # R holds the null's coefficients fixed over replicates; here they are fitted again
        hold(model.test(*args["terms"], method="score"), values["score"], 10 * rtol)
    measures = model.fit_measures().extra
    names = ("deviance", "deviance_null", "cox_snell", "nagelkerke", "daic", "effective_parameters")
    assert_allclose([measures[name] for name in names], values["measures"], rtol=10 * rtol)
    found = model.influence().frame.set_index("respondent")
    first = model.model_frame.used.survey.frame.index[model.model_frame.used.rows[:12]]
    assert_allclose(found.loc[first, "leverage"], values["hat"], rtol=10 * rtol)
    assert_allclose(model.variance_inflation().frame["gvif"], values["gvif"], rtol=100 * rtol)
    effect, _, t, p, df = values["link"]
    test = model.link_test()
    assert_allclose([test.effect, test.statistic, test.p, test.df], [effect, t, p, df], rtol=100 * rtol)
    check_groups(model, args, values, rtol)


def check_groups(model, args, values, rtol):
    test = model.goodness_of_fit("archer_lemeshow", args["groups"])
    hold(test, values["archer_lemeshow"], 10 * rtol)
    assert_allclose(test.extra["chi2"], values["archer_lemeshow"][4], rtol=10 * rtol)
    table, expected = model.calibration(args["groups"]), values["calibration"]
    assert_allclose(table.frame["estimate"], expected["observed"], rtol=rtol)
    assert_allclose(table.frame["se"], expected["se"], rtol=rtol, atol=1e-12)
    assert_allclose(table.detail["predicted"], expected["predicted"], rtol=rtol)
    area = model.roc().frame.iloc[0]
    assert_allclose([area["estimate"], area["se"]], values["area"], rtol=rtol)
    frame = model.classification(args["cut"]).frame
    assert_allclose(frame[["estimate", "se"]], values["classification"], rtol=rtol)


def check_plain(args, values, rtol):
    model = binary(args, design_for(args), "model")
    for name, rows in (("score", args["terms"]), ("likelihood_ratio", args["terms"])):
        test = model.test(*rows, method=name)
        assert_allclose([test.statistic, test.p], values[name], rtol=TAIL)
    hold(model.goodness_of_fit("hosmer_lemeshow", args["groups"]), values["hosmer_lemeshow"], rtol)
    test = model.link_test()
    assert_allclose([test.effect, test.extra["se"], test.statistic, test.p], values["link"], rtol=100 * rtol)
    area = model.roc()
    normal = area.with_interval(df=np.inf).frame.iloc[0]
    assert_allclose(normal[["estimate", "se", "ci_low", "ci_high"]].astype(float), values["area"], rtol=rtol)
    assert_allclose(area.extra["youden"], values["youden"], rtol=rtol)
    assert_allclose(model.variance_inflation().frame["gvif"], values["gvif"], rtol=10 * rtol)
    found = model.influence()
    frame, shifts = found.frame.set_index("respondent").sort_index(), found.detail["shifts"].sort_index()
    assert_allclose(frame["leverage"], values["hat"], rtol=10 * rtol)
    assert_allclose(frame["distance"], values["cook"], rtol=10 * rtol)
    assert_allclose(shifts[:10] * model.frame["se"].to_numpy(), np.array(values["dfbeta"], float)[:10], rtol=100 * rtol)


def check_ordinal_plain(args, values, rtol):
    model = ordered(design_for(args), args["formula"], link=args["link"], variance="model")
    hold(model.goodness_of_fit("lipsitz", args["groups"]), values["lipsitz"], rtol)
    hold(model.goodness_of_fit("hosmer_lemeshow", args["groups"]), values["hosmer_lemeshow"], rtol)
    test = model.link_test()
    assert_allclose([test.effect, test.extra["se"], test.statistic, test.p], values["link"], rtol=100 * rtol)
    test = model.test(*args["terms"], method="likelihood_ratio")
    assert_allclose([test.statistic, test.p], values["likelihood_ratio"], rtol=100 * rtol)
    assert model.fit_measures().extra["count_r2"] == pytest.approx(values["correct"], rel=1e-12)


def check_ordinal_design(args, values, rtol):
    model = ordered(design_for(args), args["formula"], link=args["link"])
    for test, expected in (
        (model.test(*args["terms"], method="likelihood_ratio"), values["likelihood_ratio"]),
        (model.goodness_of_fit(groups=args["groups"]), values["lipsitz"]),
    ):
        hold(test, expected, rtol)
        assert_allclose(test.extra["mean_deff"], expected[4], rtol=rtol)


CHECKS = {
    "by_design": check_by_design,
    "plain": check_plain,
    "ordinal_plain": check_ordinal_plain,
    "ordinal_design": check_ordinal_design,
}


@pytest.mark.parametrize("name", references.cases("g."))
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[case.topic](case.args, case.values, case.rtol)


@pytest.mark.parametrize("name", ["b.termtest.logit.strat", "b.termtest.logit.clus1"])
def test_the_working_wald_test_of_the_stored_cases_agrees_with_regtermtest(name):
    case = references.case(name)
    model = design_model(case.args["model"])
    test = model.test(*(["stype"] if "clus1" in name else ["ell", "mobility"]), method="working_wald")
    expected = case.values["working_wald"]
    found = [test.statistic, test.extra["mean_deff"], test.extra["largest_deff"], test.df, test.df_denominator, test.p]
    deffs = expected["lambda"]
    assert_allclose([test.extra["deff_1"], test.extra["deff_2"]], deffs, rtol=case.rtol)
    numbers = [expected["chisq"], np.mean(deffs), max(deffs), expected["df"], expected["ddf"], expected["p"]]
    assert_allclose(found, numbers, rtol=case.rtol)


@pytest.mark.parametrize("name", ["b.fitstat.strat.logit", "b.fitstat.clus1.logit"])
def test_measures_of_fit_of_the_stored_cases_agree_with_survey(name):
    case = references.case(name)
    measures = design_model(f"b.glm.logit.{name.split('.')[2]}").fit_measures().extra
    found = [measures[m] for m in ("deviance", "deviance_null", "cox_snell", "nagelkerke")]
    values = case.values
    expected = [values["deviance"], values["null_deviance"], *(values["psrsq"][m] for m in ("cox_snell", "nagelkerke"))]
    assert_allclose(found, expected, rtol=case.rtol)


@pytest.mark.parametrize("name", [*references.cases("c.binary."), *references.cases("c.ord.")])
def test_explained_variation_and_the_overall_likelihood_ratio_of_the_stored_cases_agree_with_r(name):
    case, model = references.case(name), classical_model(name)
    measures, values = model.fit_measures().extra, case.values
    theirs = values.get("pseudo_R2", {"mcfadden": values.get("mcfadden")})
    renamed = {"mcfadden_adj": "mcfadden_adjusted"}
    for measure, expected in theirs.items():
        assert_allclose(measures[renamed.get(measure, measure)], expected, rtol=case.rtol, err_msg=measure)
    test = model.test(*model.model_frame.formula.questions, method="likelihood_ratio")
    assert_allclose([test.statistic, test.df], [values["LR"]["chi2"], values["LR"]["df"]], rtol=case.rtol)
    assert_allclose(measures["likelihood_ratio"], values["LR"]["chi2"], rtol=case.rtol)
    if "auc" in values:
        assert_allclose(model.roc().frame["estimate"], values["auc"], rtol=case.rtol)
        assert_allclose(measures["brier"], values["brier"], rtol=case.rtol)


def test_tests_of_two_terms_of_the_stored_case_agree_with_lmtest():
    case, model = references.case("c.tests.birthwt"), classical_model("c.binary.birthwt.logit")
    for method, key in (("likelihood_ratio", "LR"), ("wald", "Wald_chi2")):
        test, expected = model.test("race", "ui", method=method), case.values[key]
        assert_allclose([test.statistic, test.df, test.p], list(expected.values()), rtol=case.rtol)


def test_wald_s_f_of_the_stored_case_agrees_with_lmtest():
    case, model = references.case("c.tests.birthwt"), classical_model("c.binary.birthwt.logit")
    extra, expected = model.test("race", "ui").extra, case.values["Wald_F"]
    assert_allclose([extra["f"], extra["f_p"]], [expected["F"], expected["p"]], rtol=case.rtol)


def test_variance_inflation_of_the_stored_case_agrees_with_car():
    case = references.case("c.vif.birthwt")
    frame = classical_model("c.binary.birthwt.logit").variance_inflation().frame.set_index("term")
    for ours, theirs in (("gvif", "GVIF"), ("df", "Df"), ("gvif_scaled", "GVIF_adj")):
        expected = case.series(theirs)
        assert_allclose(frame.loc[expected.index, ours], expected, rtol=case.rtol)


def test_hosmer_and_lemeshow_s_test_of_the_stored_case():
    case = references.case("c.hoslem.birthwt")
    test = classical_model("c.binary.birthwt.logit").goodness_of_fit()
    assert_allclose([test.statistic, test.df, test.p], list(case.values["HL"].values()), rtol=case.rtol)
