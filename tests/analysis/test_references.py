"""Descriptive verbs against R survey 4.1: every one-stage case of the kinds below, read from the case itself."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references

from .designs import design_of, one_stage

KINDS = ("a.mean.", "a.total.", "a.by.", "a.subset.", "a.ciprop.", "a.chisq.")
CASES = [name for kind in KINDS for name in references.cases(kind) if one_stage(references.case(name))]
CIPROP = {"mean": "t", "logit": "logit", "xlogit": "logit", "asin": "arcsine", "beta": "exact"}
R_FIT = 1e-10  # R's svyciprop "logit" comes from an iterated fit


def listed(value):
    return [value] if isinstance(value, str) else list(value)


def compare(case, result, names):
    """Estimates, errors and covariance in R's order, by R's names."""
    order = [names.index(name) for name in case.values["estimate"]]
    frame = result.frame.iloc[order]
    tolerance = {"rtol": case.rtol}
    assert_allclose(frame["estimate"], case.series("estimate"), **tolerance)
    assert_allclose(frame["se"], case.series("se"), **tolerance)
    expected = case.frame("vcov").to_numpy()
    assert_allclose(
        result.covariance[np.ix_(order, order)], expected, rtol=case.rtol, atol=case.rtol * abs(expected).max()
    )
    if "ci95_t_degf" in case.values and not result.by:  # a group has the df of its own domain, as in `where`
        assert set(frame["df"]) == {case.values["degf"]}
        ends = frame[["ci_low", "ci_high"]].to_numpy()
        assert_allclose(ends, case.frame("ci95_t_degf").to_numpy(), rtol=1e-8)  # R's qt


def check_mean_or_total(case):
    verb = sa.mean if case.id.startswith("a.mean") else sa.total
    names = listed(case.args["vars"])
    design = design_of(case)
    if len(names) == 2 and "cross" in case.id:
        crossed = sa.total(design_of(case, one=answered_ones(case, names[0])), "one", by=names)
        keys = crossed.frame[names].astype(int).astype(str).agg(".".join, axis=1)
        return compare(case, crossed, [f"interaction({', '.join(names)}){key}" for key in keys])
    if design.survey.question(names[0]).type == "single":
        shares = sa.proportion(design, names[0], interval="t")
        return compare(case, shares, [names[0] + level for level in shares.frame["level"]])
    return compare(case, verb(design, names), names)


def answered_ones(case, name):
    return references.data(case.data[0])[name].notna().map({True: 1.0, False: np.nan})


def check_groups(case):
    by = listed(case.args["by"])
    verb = sa.mean if ".mean." in case.id else sa.total
    result = verb(design_of(case), case.args["vars"], by=by)
    compare(case, result, result.frame[by].astype(str).agg(".".join, axis=1).tolist())


def check_subset(case):
    domain = design_of(case).where(case.args["domain"].replace("&", "and"))
    compare(case, sa.mean(domain, case.args["vars"]), [case.args["vars"]])


def check_interval(case):
    name, operator, value = split(case.args["event"])
    column = references.data(case.data[0])[name]
    event = (column > value) if operator == ">" else (column == value)
    design = design_of(case, event=event.astype("boolean").mask(column.isna()))
    for theirs, ours in CIPROP.items():
        row = sa.proportion(design, "event", level=True, interval=ours).frame.iloc[0]
        expected = case.values[theirs]
        assert_allclose(row["estimate"], expected["p"], rtol=R_FIT)
        assert_allclose([row["ci_low"], row["ci_high"]], [expected["low"], expected["high"]], rtol=case.rtol)


def split(event):
    operator = ">" if ">" in event else "=="
    name, value = event.split(operator)
    return name, operator, float(value)


def check_independence(case):
    rows, columns = case.args["vars"]
    table = sa.crosstab(design_of(case), rows, by=columns)
    assert_allclose(table.cells.weighted, case.frame("table").to_numpy(), rtol=case.rtol)
    f, expected = table.test("rao_scott"), case.values["F"]
    assert_allclose([f.statistic, f.df, f.df_denominator, f.p], list(expected.values()), rtol=case.rtol)
    chi, expected = table.test("rao_scott_chisq"), case.values["Chisq"]
    assert_allclose([chi.statistic, chi.df, chi.p], list(expected.values()), rtol=case.rtol)
    auto = table.test()
    assert (auto.p, auto.name) == (f.p, f.name)


CHECKS = {
    "mean": check_mean_or_total,
    "total": check_mean_or_total,
    "by": check_groups,
    "subset": check_subset,
    "ciprop": check_interval,
    "chisq": check_independence,
}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[name.split(".")[1]](case)


def test_no_one_stage_case_of_these_kinds_is_left_out():
    assert len(CASES) >= 24
    assert not [name for name in CASES if "clus2" in name and "clus2wr" not in name]


def test_the_exact_test_agrees_with_r_on_job_satisfaction():
    """R's help page of fisher.test: Job satisfaction by income (Agresti 2002), p = 0.7827."""
    counts = np.array([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]])
    cells = pd.DataFrame([(i, j, n) for (i, j), n in np.ndenumerate(counts)], columns=["income", "job", "n"])
    test = sa.crosstab(sa.Survey.from_counts(cells, "n"), "job", by="income").test("exact")
    assert round(test.p, 4) == 0.7827
    assert "draws" not in test.extra
