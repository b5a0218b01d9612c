"""Every verb on cases of our own against R 4.2 survey 4.1, ordinal and stats: tests/references/scripts/more.R."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references

TAIL = 1e-6  # p-values and exact tests, relative: STYLE's bound for far tails
INTERVALS = ("t", "logit", "exact")


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def above(frame, new, source, value):
    return frame.assign(**{new: (frame[source] > value).astype(float).mask(frame[source].isna())})


def cut(frame, new, source, breaks, labels):
    return frame.assign(**{new: pd.cut(frame[source], [-np.inf, *breaks, np.inf], labels=labels, ordered=True)})


def categorical(frame, column, levels, ordered):
    text = frame[column].astype("str").where(frame[column].notna())
    return frame.assign(**{column: pd.Categorical(text, categories=levels, ordered=ordered)})


def every(frame, column, first, step, value):
    changed = frame[column].astype("float64") if value == 0 else frame[column].copy()
    changed.iloc[first - 1 :: step] = value
    return frame.assign(**{column: changed})


MAKERS = {
    "above": lambda d, m: above(d, m["new"], m["from"], m["value"]),
    "cut": lambda d, m: cut(d, m["new"], m["from"], m["breaks"], m["labels"]),
    "levels": lambda d, m: categorical(d, m["column"], m["levels"], ordered=False),
    "ordered": lambda d, m: categorical(d, m["column"], m["levels"], ordered=True),
    "lose": lambda d, m: every(d, m["column"], m["first"], m["every"], None),
    "zero": lambda d, m: every(d, m["column"], m["first"], m["every"], 0),
    "every": lambda d, m: d.assign(**{m["new"]: np.arange(len(d)) % m["every"]}),
    "scale": lambda d, m: d.assign(**{m["column"]: d[m["column"]] * m["by"]}),
}


def design_of(args):
    """The design and the domain that a case describes, on its data as the case changes it."""
    frame = references.data(args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    for change in args.get("make", []):
        frame = MAKERS[change["op"]](frame, change)
    asked = args.get("design") or {}
    design = sa.Design(frame, **asked, nested=True if {"strata", "clusters"} <= set(asked) else None)
    return design.where(args["where"].replace("&", "and")) if "where" in args else design


def keys_of(frame, names):
    shown = frame[list(names)].itertuples(index=False)
    return ["|".join(f"{key:g}" if isinstance(key, float) else str(key) for key in row) for row in shown]


def hold(found, expected, rtol):
    """Equal up to `rtol` of each number, or of the largest for those that are zero but for rounding."""
    expected = np.array(expected, float)
    assert_allclose(found, expected, rtol=rtol, atol=rtol * 1e-6 * np.nanmax(np.abs(expected)))


def hold_covariance(found, expected, rtol):
    expected = np.array(expected, float)
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert_allclose(np.sqrt(np.diag(found)), np.sqrt(np.diag(expected)), rtol=rtol, atol=1e-13)
    assert_allclose(found / np.where(size > 0, size, 1), expected / np.where(size > 0, size, 1), rtol=0, atol=10 * rtol)


def check_shares(args, values, rtol):
    design, by = design_of(args), listed(args.get("by")) or None
    result = sa.proportion(design, args["question"], by=by, interval="t")
    names = keys_of(result.frame, ["level", *(by or [])])
    order = [names.index(name) for name in values["names"]]
    frame = result.frame.iloc[order]
    hold(frame["estimate"], values["estimate"], rtol)
    hold(frame["df"], values["df"], rtol)
    hold_covariance(result.covariance[np.ix_(order, order)], values["vcov"], rtol)
    for interval in INTERVALS:
        if interval == "exact" and design.simple:
            continue
        for confidence, expected in zip(args["confidence"], values[interval], strict=True):
            asked = {"by": by, "interval": interval, "confidence": confidence}
            ends = sa.proportion(design, args["question"], **asked).frame.iloc[order][["ci_low", "ci_high"]]
            known = np.array(expected, float)
            inner = ~np.isnan(known)
            assert_allclose(ends.to_numpy()[inner], known[inner], rtol=1e-8, atol=1e-12)


def check_averages(args, values, rtol):
    verb, by = {"mean": sa.mean, "total": sa.total}[args["verb"]], listed(args.get("by")) or None
    result = verb(design_of(args), args["questions"], by=by)
    names = keys_of(result.frame, by or ["outcome"])
    order = [names.index(name) for name in listed(values["names"])]
    frame = result.frame.iloc[order]
    for column in ("estimate", "se", "df"):
        hold(frame[column], listed(values[column]), rtol)
    hold_covariance(result.covariance[np.ix_(order, order)], np.atleast_2d(values["vcov"]), rtol)


def check_likert(args, values, rtol):
    result = sa.likert(design_of(args), args["questions"])
    assert keys_of(result.frame, ["outcome", "level"]) == values["names"]
    hold(result.frame["estimate"], values["estimate"], rtol)
    hold_covariance(result.covariance, values["vcov"], rtol)
    hold(result.detail["means"]["mean"], values["means"], rtol)
    hold(result.detail["means"]["se"], values["means_se"], rtol)


def check_several(args, values, rtol):
    result = sa.multiple_response(design_of(args), args["questions"], by=args["by"])
    names = keys_of(result.frame, ["level", args["by"]])
    order = [names.index(name) for name in values["names"]]
    hold(result.frame["estimate"].iloc[order], values["estimate"], rtol)
    hold_covariance(result.covariance[np.ix_(order, order)], values["vcov"], rtol)
    hold(result.detail["share_of_answers"][order], values["of_answers"], rtol)


def check_independence(args, values, rtol):
    table = sa.crosstab(design_of(args), args["question"], by=args["by"])
    f, chi = table.test("rao_scott"), table.test("rao_scott_chisq")
    hold([f.statistic, f.df, f.df_denominator], values["F"][:3], rtol)
    hold([chi.statistic, chi.df], values["Chisq"][:2], rtol)
    hold([f.p, chi.p], [values["F"][3], values["Chisq"][2]], TAIL)


def check_classical(args, values, rtol):
    table = sa.crosstab(design_of(args), args["question"], by=args["by"])
    pearson, exact = table.test("pearson"), table.test("exact")
    hold([pearson.statistic, pearson.df, pearson.p], values["pearson"], rtol)
    drawn = exact.extra.get("monte_carlo_se", 0.0)
    assert_allclose(exact.p, values["exact"], rtol=rtol, atol=4 * drawn)


def check_pairs(args, values, rtol):
    design = design_of(args)
    asked = args["first"], args["second"]
    for method, expected in values.items():
        test = sa.paired(design, *asked, method=method)
        if method == "mcnemar_exact":
            hold(test.p, expected, rtol)
        elif method == "difference":
            hold([test.effect, test.effect / test.statistic, test.df, test.p], expected, rtol)
        else:
            hold([test.statistic, test.p], expected, rtol)


def check_logit(args, values, rtol):
    model = sa.logit(design_of(args), args["formula"])
    check_coefficients(model, values, rtol)
    for asked, expected in zip(args["tests"], values["tests"], strict=True):
        test = model.test(*listed(asked["ours"]))
        hold([test.statistic, test.df, test.df_denominator], expected[:3], 10 * rtol)
        hold(test.p, expected[3], 10 * TAIL)
    if "grid" in args:
        confident = sa.logit(design_of(args), args["formula"], confidence=args["confidence"])
        frame = confident.predict(pd.DataFrame(args["grid"])).frame
        for ours, theirs in (("estimate", "predicted"), ("se", "predicted_se")):
            hold(frame[ours], values[theirs], rtol)
        hold(frame[["ci_low", "ci_high"]], values["ends"], rtol)
    for how in ("fixed", "sampled") if "effect" in values else ():
        effect = model.effects([args["effect"]], covariates=how).frame.iloc[0]
        hold([effect["estimate"], effect["se"]], [values["effect"], values[f"effect_{how}_se"]], rtol)


def check_coefficients(model, values, rtol):
    hold(model.frame["estimate"], values["estimate"], rtol)
    hold_covariance(model.covariance, values["vcov"], rtol)
    hold(model.frame["p"], values["p"], 100 * rtol)
    if "df" in values:
        hold(model.df, values["df"], rtol)


def check_ordered(args, values, rtol):
    assert values["gradient"] < 1e-8
    cuts = sum("|" in name for name in values["names"])
    order = [*range(cuts, len(values["names"])), *range(cuts)]
    for variance, key in (("design", "vcov"), ("model", "model_vcov")):
        model = sa.ordered(design_of(args), args["formula"], link=args["link"], variance=variance)
        hold(model.frame["estimate"], np.array(values["estimate"])[order], rtol)
        hold_covariance(model.covariance, np.array(values[key])[np.ix_(order, order)], rtol)
        hold(model.extra["loglik"], values["loglik"], rtol)
        if "effect" in values:
            effect = model.effects([args["effect"]], covariates="fixed").frame
            hold(effect["estimate"], values["effect"], TAIL)
            hold(effect["se"], values["effect_se" if variance == "design" else "effect_model_se"], TAIL)
    assert sa.ordered(design_of(args), args["formula"], link=args["link"]).df == values["df"]
    if "predicted" in values:
        check_ordered_predictions(args, values)


def check_ordered_predictions(args, values):
    """Of the first two respondents, with clm's intervals on the log-odds."""
    asked = {"link": args["link"], "variance": "model", "confidence": args["confidence"]}
    model = sa.ordered(design_of(args), args["formula"], **asked)
    used = model.model_frame.used
    grid = used.survey.frame.iloc[used.rows[:2]][[name for name in args["columns"] if name != args["outcome"]]]
    frame = model.predict(grid).frame
    for ours, theirs in {"estimate": "predicted", "se": "predicted_se", "ci_low": "low", "ci_high": "high"}.items():
        hold(frame[ours], np.ravel(values[theirs]), TAIL)


def check_glm(args, values, rtol):
    verb = {"logit": sa.logit, "probit": binary_probit}[args["link"]]
    check_coefficients(verb(design_of(args), args["formula"], variance="model"), values, rtol)


def binary_probit(design, formula, variance):
    from surveyanalysis.analysis.regression import _binary

    return _binary(design, formula, "probit", variance, None, 0.95)


CHECKS = {
    "shares": check_shares,
    "mean": check_averages,
    "total": check_averages,
    "likert": check_likert,
    "several": check_several,
    "independence": check_independence,
    "classical": check_classical,
    "pairs": check_pairs,
    "logit": check_logit,
    "ordered": check_ordered,
    "glm": check_glm,
}


@pytest.mark.parametrize("name", references.cases("m."))
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[case.topic](case.args, case.values, case.rtol)
