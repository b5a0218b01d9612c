"""Linear regression: NIST's certified values (Statistical Reference Datasets), R survey, theory."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.linear import linear_fit
from tests import references

NIST = json.loads((Path(__file__).parent / "nist_linear.json").read_text(encoding="utf-8"))["linear"]


def columns(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The model matrix and outcome of a data set."""
    if name == "Longley":
        from statsmodels.datasets import longley

        data = longley.load().data
        return np.column_stack([np.ones(len(data)), data.iloc[:, 1:]]), data.iloc[:, 0].to_numpy(float)
    found = NIST[name]
    x, y = (np.array(list(map(float, found[key]))) for key in "xy")
    powers = [1] if found["model"] == "no intercept" else range(1 + int(found["model"].split()[-1]))
    return np.column_stack([x**p for p in powers]), y


@pytest.mark.parametrize("name", ["Norris", "Longley", "NoInt1", "Pontius"])
def test_certified_values_to_nine_digits(name):
    x, y = columns(name)
    fit = linear_fit(x, y, np.ones(len(y)))
    assert_allclose(fit.params, NIST[name]["coef"], rtol=1e-9)
    assert_allclose(np.sqrt(np.diag(fit.covariance)), NIST[name]["se"], rtol=1e-9)


def test_a_polynomial_of_degree_ten_keeps_seven_digits():
    """Filip: statsmodels' default gives 8.4 for the certified -1467.5 (trap T042)."""
    x, y = columns("Filip")
    fit = linear_fit(x, y, np.ones(len(y)))
    assert_allclose(fit.params, NIST["Filip"]["coef"], rtol=1e-7)
    assert_allclose(np.sqrt(np.diag(fit.covariance)), NIST["Filip"]["se"], rtol=1e-7)


@pytest.mark.parametrize("name", ["b.glm.gaussian.clus1", "b.glm.gaussian.n57"])
def test_agrees_with_r_svyglm(name):
    case = references.case(name)
    asked = case.args["design"]
    one = {key: (asked[key] or [None])[0] for key in ("weights", "strata", "psu", "fpc")}
    design = sa.Design(references.data(case.data[0]), weights=one["weights"], strata=one["strata"],
                       clusters=one["psu"], population=one["fpc"])  # fmt: skip
    found = sa.linear(design, case.args["formula"])
    expected = case.series("coef")
    assert_allclose(found.frame["estimate"], expected, rtol=case.rtol)
    assert_allclose(found.frame["se"], case.series("se")[expected.index], rtol=case.rtol)


def test_the_regression_on_a_group_is_the_difference_of_its_means():
    """P23: t^2 of two groups is F; the slope's error is that of the t test."""
    design = sa.Design(references.data("apistrat"), weights="pw", strata="stype", population="fpc")
    slope = sa.linear(design, "api00 ~ awards").frame.iloc[1]
    test, both = sa.t_test(design, "api00", by="awards"), sa.group_test(design, "api00", by="awards")
    assert_allclose([slope["statistic"], slope["df"], slope["p"]], [test.statistic, test.df, test.p], rtol=1e-9)
    assert_allclose([both.statistic, both.p], [test.statistic**2, test.p], rtol=1e-9)


def test_wrong_input_is_named():
    frame = references.data("apistrat")
    with pytest.raises(ChoiceError, match="holds answer categories"):
        sa.linear(frame, "stype ~ api99")
    with pytest.raises(DataError, match="2 respondents used, 2 coefficients"):
        sa.linear(frame.head(2), "api00 ~ api99")
