"""Ratios, spread, design effects, contrasts, differences, standardised means against R 4.2 survey 4.1.

The cases of a_descriptives.json, and our own of tests/references/scripts/estimates.R.
"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references
from tests.references.recipes import inside, made

from .designs import design_of as drawn_of

OWN = references.cases("s.")


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


STORED = [
    name
    for topic in ("ratio", "var", "deff", "contrast", "cralpha", "standardize")
    for name in references.cases(f"a.{topic}.") + references.cases(f"a2.{topic}.")
    if name != "a.contrast.clus1"
]
"""Cases with one form for all: those shown, and those of survey_cases.json."""


def stored_design(case, **more):
    """The design of a stored case, with its columns made and its domain."""
    args = case.args
    frame = made(case)
    if "repweights" in args:
        return replicated(case)
    asked = args["design"]
    implied = (asked["weights"] or ["implied"])[0].startswith("implied")
    clusters = [(asked.get(stage) or [None])[0] for stage in ("psu", "ssu")]
    clusters = [name for name in clusters if name]
    population = asked["fpc"] or []
    return sa.Design(
        frame,
        weights=None if implied else asked["weights"][0],
        strata=(asked["strata"] or [None])[0],
        clusters=clusters or None,
        population=(population if len(population) > 1 else population[0]) if population else None,
        nested=True if asked["nest"][0] else None,
        **more,
    )


def domain_of(case, design):
    terms = case.args.get("domain_terms")
    return design.within(inside(design.survey.frame, terms).to_numpy()) if terms else design


def stored_ratio(case, design):
    args, values = case.args, case.values
    if "separate" in case.id:
        totals = args.get("totals", {"E": 1877350, "H": 1013824, "M": 920298})
        by = args["design"]["strata"][0]
        result = sa.total_by_ratio(design, args["num"], args["den"], totals=totals, by=by)
        ratios = result.detail["ratios"].frame.set_index(by)["estimate"]
        assert_allclose(ratios.loc[list(values["ratios"])], list(values["ratios"].values()), rtol=case.rtol)
        assert_allclose(result.frame[["estimate", "se"]].iloc[0], [values["total"], values["se"]], rtol=case.rtol)
        return
    result = sa.ratio(design, args["num"], args["den"])
    assert_allclose(result.frame[["estimate", "se"]].iloc[0], [values["ratio"], values["se"]], rtol=case.rtol)
    assert design.df == values["degf"]
    for key, df in {"ci95_t_degf": design.df, "ci95_normal": np.inf}.items():
        ends = result.with_interval(df=df).frame[["ci_low", "ci_high"]].iloc[0]
        assert_allclose(ends, list(values[key].values()), rtol=1e-8)  # R's qt


def stored_var(case, design):
    names = listed(case.args["vars"])
    upper = np.triu_indices(len(names))
    spread = sa.variance(design, names).frame
    n, rows = spread["n"].iloc[0], len(design.rows)
    counted = rows / (rows - 1) / (n / (n - 1))  # R counts the rows without an answer, too
    for column, key in (("estimate", "cov"), ("se", "se")):
        assert_allclose(spread[column] * counted, case.frame(key).to_numpy()[upper], rtol=case.rtol)
    if "cor" in case.values:
        found = sa.correlation(design, names).frame
        upper = np.triu_indices(len(names), 1)
        for column, key in (("estimate", "cor"), ("se", "se_cor_delta")):
            assert_allclose(found[column], case.frame(key).to_numpy()[upper], rtol=case.rtol, atol=1e-12)


def stored_deff(case, design):
    asked = {"mean_wor": {}, "mean_wr": {"replacement": True}, "total_wor": {"of": "total"}}
    asked["total_wr"] = {"of": "total", "replacement": True}
    for key, how in asked.items():
        if f"deff_{key}" in case.values:
            found = sa.design_effect(design, case.args["vars"], by=case.args.get("by"), **how).frame["estimate"]
            assert_allclose(found, case.series(f"deff_{key}"), rtol=case.rtol)


def stored_contrast(case, design):
    args = case.args
    verb = {"mean": sa.mean, "total": sa.total}[args.get("statistic", "mean")]
    source = verb(design, args["vars"], by=args.get("by"))
    said = {name: " + ".join(f"({c!r}) * {row}" for row, c in one.items()) for name, one in args["linear"].items()}
    found = sa.contrast(source, said | args["nonlinear"]).frame.set_index("outcome")
    for name, expected in case.values.items():
        assert_allclose(found.loc[name, ["estimate", "se"]].astype(float), list(expected.values()), rtol=case.rtol)


def stored_cralpha(case, design):
    found = sa.alpha(design, case.args.get("vars", ["api00", "api99", "target"])).frame["estimate"].item()
    assert_allclose(found, case.values["alpha"], rtol=case.rtol)


def stored_standardize(case, design):
    args, values = case.args, case.values
    over = args["over"] or None
    set_to = design.standardised(args["by"], args["population"], by=over, answered=args["excluding_missing"])
    domain = domain_of(case, set_to)
    weights = domain.row_weights
    assert_allclose([weights.sum(), weights @ weights], [values["sum_weights"], values["sum_weights_squared"]])
    everybody = sa.mean(domain, args["vars"]).frame.iloc[0]
    assert_allclose(everybody[["estimate", "se"]].astype(float), list(values["mean"].values()), rtol=case.rtol)
    assert domain.within(design.survey.frame[args["vars"]].notna().to_numpy()).df == values["degf"]
    if "by" in values:
        found = sa.mean(domain, args["vars"], by=args["by_groups"])
        names = found.frame[args["by_groups"]].astype(str).agg(".".join, axis=1).tolist()
        for column, key in (("estimate", "est"), ("se", "se")):
            expected = values["by"][key]
            order = [names.index(name) for name in expected]
            assert_allclose(found.frame[column].iloc[order], list(expected.values()), rtol=case.rtol)
        if args["excluding_missing"] and over == args["by_groups"] and not args["domain"]:
            asked = {"over": args["by"], "population": args["population"], "by": over}
            verb = sa.standardised(design, args["vars"], **asked)
            assert_allclose(verb.frame[["estimate", "se"]], found.frame[["estimate", "se"]], rtol=1e-10)


@pytest.mark.parametrize("name", STORED)
def test_stored_cases_agree_with_r(name):
    case = references.case(name)
    check = globals()[f"stored_{name.split('.')[1]}"]
    design = stored_design(case)
    check(case, design if "standardize" in name else domain_of(case, design))


REPLICATED = [
    name
    for name in references.cases("a2.rep.")
    if "var" in references.case(name).values
    and not name.startswith(("a2.rep.made.BRR.pairs", "a2.rep.made.Fay.pairs"))  # R has Hadamard matrices of its own
]


@pytest.mark.parametrize("name", REPLICATED)
def test_replicates_of_stored_cases_agree_with_r(name):
    """Ratios, variances recomputed in every replicate, design effects: JK1, JKn, BRR, Fay, bootstrap."""
    case = references.case(name)
    args, values = case.args, case.values
    design = replicated(case)
    ratio = sa.ratio(design, args["vars"], args["x"]).frame[["estimate", "se"]].iloc[0]
    assert_allclose(ratio, list(values["ratio"].values()), rtol=case.rtol)
    spread = sa.variance(design, [args["vars"], args["x"]]).frame
    for column in ("cov", "se"):
        expected = np.array(values["var"][column]["matrix"])[np.triu_indices(2)]
        assert_allclose(spread["estimate" if column == "cov" else "se"], expected, rtol=case.rtol)
    deff = sa.design_effect(design, args["vars"], replacement=True).frame["estimate"].item()
    assert_allclose(deff, values["deff_mean_wr"], rtol=case.rtol)


def replicated(case):
    """The design of replicate weights of a stored case: those given, or made from its clusters."""
    args = case.args
    if "made" in args:
        how = args["made"]
        kind = "BRR" if how["type"] == "Fay" else how["type"]
        single = {"fail": "error"}.get(args["lonely_psu"], args["lonely_psu"])
        return stored_design(case, single_unit=single).replicated(kind, fay=how.get("rho", 0), mse=args["mse"])
    rscales = np.asarray(args["rscales"], float)
    told = {
        "combined": args["combined_weights"],
        "scale": args["scale"],
        "rscales": rscales.tolist(),
        "mse": args["mse"],
    }
    return sa.Design(made(case), weights=args["weights"], replicates=sa.Replicates("rw*", "other", **told))


def test_no_stored_case_is_left_out():
    assert len(STORED) > 90


def test_contrasts_of_the_shown_case():
    case = references.case("a.contrast.clus1")
    means = sa.mean(drawn_of(case), ["api00", "api99"])
    found = sa.contrast(means, {"diff": "api00 - api99", "logratio": "log(api00 / api99)"}).frame.set_index("outcome")
    for name, expected in case.values.items():
        assert_allclose(found.loc[name, ["estimate", "se"]].astype(float), list(expected.values()), rtol=case.rtol)
