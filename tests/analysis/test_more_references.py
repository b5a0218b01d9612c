"""Cases of our own that tests/references leaves: exact tests that are drawn, and links without a public verb."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references
from tests.references.adapters.makers import made


def design_of(args):
    """The design and the domain that a case describes, on its data as the case changes it."""
    frame = references.data(args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    frame = made(frame, args.get("make", []))
    asked = args.get("design") or {}
    design = sa.Design(frame, **asked, nested=True if {"strata", "clusters"} <= set(asked) else None)
    return design.where(args["where"].replace("&", "and")) if "where" in args else design


def hold(found, expected, rtol):
    """Equal up to `rtol` of each number, or of the largest for those that are zero but for rounding."""
    expected = np.array(expected, float)
    assert_allclose(found, expected, rtol=rtol, atol=rtol * 1e-6 * np.nanmax(np.abs(expected)))


def hold_covariance(found, expected, rtol):
    expected = np.array(expected, float)
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert_allclose(np.sqrt(np.diag(found)), np.sqrt(np.diag(expected)), rtol=rtol, atol=1e-13)
    assert_allclose(found / np.where(size > 0, size, 1), expected / np.where(size > 0, size, 1), rtol=0, atol=10 * rtol)


def check_classical(args, values, rtol):
    table = sa.crosstab(design_of(args), args["question"], by=args["by"])
    pearson, exact = table.test("pearson"), table.test("exact")
    hold([pearson.statistic, pearson.df, pearson.p], values["pearson"], rtol)
    drawn = exact.extra.get("monte_carlo_se", 0.0)
    assert_allclose(exact.p, values["exact"], rtol=rtol, atol=4 * drawn)


def check_coefficients(model, values, rtol):
    hold(model.frame["estimate"], values["estimate"], rtol)
    hold_covariance(model.covariance, values["vcov"], rtol)
    hold(model.frame["p"], values["p"], 100 * rtol)
    if "df" in values:
        hold(model.df, values["df"], rtol)


def check_glm(args, values, rtol):
    verb = {"logit": sa.logit, "probit": binary_probit}[args["link"]]
    check_coefficients(verb(design_of(args), args["formula"], variance="model"), values, rtol)


def binary_probit(design, formula, variance):
    from surveyanalysis.analysis.regression import _binary

    return _binary(design, formula, "probit", variance, None, 0.95)


CHECKS = {"classical": check_classical, "glm": check_glm}
LEFT = [name for name in references.cases("m.") if references.case(name).topic in CHECKS]


@pytest.mark.parametrize("name", LEFT)
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[case.topic](case.args, case.values, case.rtol)
