"""Ratios, spread, design effects, contrasts, differences, standardised means against R 4.2 survey 4.1.

The cases of a_descriptives.json, and our own of tests/references/scripts/estimates.R.
"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references

from .designs import design_of as drawn_of

OWN = references.cases("s.")
TWO_STAGES = {"clusters": ["dnum", "snum"], "population": ["fpc1", "fpc2"]}


def listed(value):
    return value if isinstance(value, list) else [value]


def design_of(case):
    """The design that a case of estimates.R describes."""
    args = case.args
    frame = references.data(args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    for name in listed(args.get("lost", [])):
        frame[name] = frame[name].astype(float)
        frame.iloc[2::7, frame.columns.get_loc(name)] = np.nan
    asked = args["asked"]
    design = sa.Design(frame, **asked, nested=True if {"strata", "clusters"} <= set(asked) else None)
    if "post" in args:
        design = design.post_stratified(args["post"]["by"], args["post"]["totals"])
    if "replicates" in args:
        design = design.replicated(args["replicates"])
    return design.where(args["where"].replace("&", "and")) if "where" in args else design


def hold(found, expected, rtol):
    expected = np.array(expected, float)
    assert_allclose(
        np.asarray(found, float).ravel(), expected.ravel(), rtol=rtol, atol=rtol * 1e-6 * abs(expected).max()
    )


def hold_covariance(found, expected, rtol):
    expected = np.atleast_2d(np.array(expected, float))
    assert_allclose(found, expected, rtol=rtol, atol=rtol * abs(expected).max())


def hold_groups(result, case, columns):
    """Estimates and errors by group, groups as rows in R's order."""
    by, names = case.args["by"], case.values["names"]
    seen = result.frame[by].map(lambda code: f"{code:g}" if isinstance(code, float) else str(code))
    for column in columns:
        table = np.array([result.frame.loc[seen == name, column].to_numpy() for name in names])
        hold(table, case.values[column], case.rtol)


def check_ratio(case, design):
    args = case.args
    result = sa.ratio(design, args["numerator"], args["denominator"], by=args.get("by"))
    if "by" in args:
        hold_groups(result, case, ("estimate", "se", "df"))
        return
    tops, bottoms = listed(args["numerator"]), listed(args["denominator"])
    order = [i * len(bottoms) + j for j in range(len(bottoms)) for i in range(len(tops))]
    hold(result.frame["estimate"].iloc[order], case.values["estimate"], case.rtol)
    hold_covariance(result.covariance[np.ix_(order, order)], case.values["vcov"], case.rtol)
    hold(result.frame["df"].iloc[0], case.values["df"], case.rtol)


def check_ratio_total(case, design):
    args = case.args
    result = sa.total_by_ratio(design, args["numerator"], args["denominator"], totals=args["totals"], by=args.get("by"))
    hold(result.frame[["estimate", "se"]], [case.values["total"], case.values["se"]], case.rtol)


def check_variance(case, design):
    result = sa.variance(design, case.args["questions"], by=case.args.get("by"))
    if "by" in case.args:
        hold_groups(result, case, ("estimate", "se"))
        return
    hold(result.frame["estimate"], case.values["estimate"], case.rtol)
    hold_covariance(result.covariance, case.values["vcov"], case.rtol)


def check_correlation(case, design):
    result = sa.correlation(design, case.args["questions"])
    hold(result.frame["estimate"], case.values["estimate"], case.rtol)
    hold_covariance(result.covariance, case.values["vcov"], 10 * case.rtol)  # raw moments in R


def check_alpha(case, design):
    row = sa.alpha(design, case.args["questions"]).frame.iloc[0]
    hold(row[["estimate", "se"]], [case.values["estimate"], case.values["se"]], case.rtol)


def check_deff(case, design):
    args = case.args
    asked = {"of": args["of"], "replacement": args["replacement"], "by": args.get("by")}
    result = sa.design_effect(design, args["questions"], **asked)
    if "by" in args:
        shown = replace(result, _frame=result.frame.assign(deff=result.frame["estimate"]))
        hold_groups(shown, case, ("deff",))
    else:
        hold(result.frame["estimate"], case.values["deff"], case.rtol)


def check_contrast(case, design):
    args = case.args
    shares = args["questions"] == "awards"
    verb = {"mean": sa.mean, "total": sa.total}[args["of"]]
    source = sa.proportion(design, "awards") if shares else verb(design, args["questions"], by=args.get("by"))
    result = sa.contrast(source, {f"c{i}": said for i, said in enumerate(args["said"])})
    hold(result.frame["estimate"], case.values["estimate"], case.rtol)
    hold(result.frame["se"], case.values["se"], case.rtol)


def check_differences(case, design):
    means = sa.mean(design, case.args["questions"], by=case.args["by"])
    holm, fdr = (sa.differences(means, correction=name) for name in ("holm", "benjamini_hochberg"))
    for column in ("estimate", "se", "df"):
        hold(holm.frame[column], listed(case.values[column]), case.rtol)
    hold(holm.detail["p"], listed(case.values["p"]), 1e-7)
    hold(holm.frame["p"], listed(case.values["holm"]), 1e-7)
    hold(fdr.frame["p"], listed(case.values["fdr"]), 1e-7)


def check_standardised(case, design):
    args, by = case.args, case.args.get("by")
    result = sa.standardised(design, args["question"], over=args["over"], population=args["population"], by=by)
    if by is None:
        hold(result.frame[["estimate", "se"]], [case.values["estimate"], case.values["se"]], case.rtol)
        return
    names = result.frame[listed(by)].astype(str).agg("|".join, axis=1).tolist()
    order = [names.index(name) for name in case.values["names"]]
    hold(result.frame["estimate"].iloc[order], case.values["estimate"], case.rtol)
    hold(result.frame["se"].iloc[order], case.values["se"], case.rtol)


CHECKS = {name.removeprefix("check_"): check for name, check in globals().items() if name.startswith("check_")}


@pytest.mark.parametrize("name", OWN)
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[case.topic](case, design_of(case))


def test_every_topic_has_cases():
    assert {references.case(name).topic for name in OWN} == set(CHECKS)
    assert len(OWN) >= 60


@pytest.mark.parametrize("name", ["a.ratio.strat", "a.ratio.srs", "a.ratio.hosp"])
def test_ratios_of_the_shown_cases(name):
    case = references.case(name)
    row = sa.ratio(drawn_of(case), case.args["num"], case.args["den"]).frame.iloc[0]
    assert_allclose(row[["estimate", "se"]].astype(float), [case.values["ratio"], case.values["se"]], rtol=case.rtol)
    ends = case.values["ci95_t_degf"]
    assert_allclose(row[["ci_low", "ci_high"]].astype(float), [ends["low"], ends["high"]], rtol=1e-8)  # R's qt
    assert row["df"] == case.values["degf"]


def test_the_separate_ratio_estimator_of_the_shown_case():
    case = references.case("a.ratio.separate.strat")
    totals = {"E": 1877350, "H": 1013824, "M": 920298}
    result = sa.total_by_ratio(drawn_of(case), case.args["num"], case.args["den"], totals=totals, by="stype")
    assert_allclose(result.detail["ratios"].frame["estimate"], list(case.values["ratios"].values()), rtol=case.rtol)
    found = result.frame[["estimate", "se"]].iloc[0]
    assert_allclose(found, [case.values["total"], case.values["se"]], rtol=case.rtol)


@pytest.mark.parametrize("name", references.cases("a.var."))
def test_variances_of_the_shown_cases(name):
    case = references.case(name)
    frame = sa.variance(drawn_of(case), case.args["vars"]).frame
    for column, key in (("estimate", "cov"), ("se", "se")):
        expected = case.frame(key).to_numpy()[np.triu_indices(2)]
        assert_allclose(frame[column], expected, rtol=case.rtol)


@pytest.mark.parametrize("name", references.cases("a.deff."))
def test_design_effects_of_the_shown_cases(name):
    case = references.case(name)
    two_stages = "clus2" in name
    design = sa.Design(references.data("apiclus2"), **TWO_STAGES) if two_stages else drawn_of(case)
    for key, asked in {
        "deff_mean_wor": {},
        "deff_mean_wr": {"replacement": True},
        "deff_total_wor": {"of": "total"},
    }.items():
        found = sa.design_effect(design, case.args["vars"], **asked).frame["estimate"]
        assert_allclose(found, case.series(key), rtol=case.rtol)


def test_contrasts_of_the_shown_case():
    case = references.case("a.contrast.clus1")
    means = sa.mean(drawn_of(case), ["api00", "api99"])
    found = sa.contrast(means, {"diff": "api00 - api99", "logratio": "log(api00 / api99)"}).frame.set_index("outcome")
    for name, expected in case.values.items():
        assert_allclose(found.loc[name, ["estimate", "se"]].astype(float), list(expected.values()), rtol=case.rtol)


def test_alpha_of_the_shown_case():
    case = references.case("a.cralpha.clus1")
    found = sa.alpha(drawn_of(case), ["api00", "api99", "target"]).frame["estimate"].item()
    assert_allclose(found, case.values["alpha"], rtol=case.rtol)
