"""Cases of our own (`more.json`, made by scripts/more.R): arguments are those of our verbs already."""

from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .layout import plain
from .makers import made
from .samples import listed

INTERVALS = ("t", "logit", "exact")


def design_of(case: Case, library: Library) -> sa.Design:
    """The design and the domain that a case describes, on its data as the case changes it."""
    args = case.args
    frame = library.data(args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    frame = made(frame, args.get("make", []))
    asked = args.get("design") or {}
    design = sa.Design(frame, **asked, nested=True if {"strata", "clusters"} <= set(asked) else None)
    return design.where(args["where"].replace("&", "and")) if "where" in args else design


def rows(result: sa.Estimates, columns: list[str], wanted: Any) -> list[int]:
    """Rows of a result in the order of R's names: keys joined by bars."""
    names = ["|".join(map(plain, key)) for key in result.frame[columns].itertuples(index=False)]
    return [names.index(name) for name in listed(wanted)]


def ordered_rows(result: sa.Estimates, order: list[int]) -> dict[str, Any]:
    """Estimates, errors, df and covariance in this order."""
    frame = result.frame.iloc[order]
    kept = {name: frame[name].tolist() for name in ("estimate", "se", "df", "p") if name in frame}
    return {**kept, "vcov": result.covariance[np.ix_(order, order)].tolist()}


@adapter("m.shares")
def shares(case: Case, library: Library) -> dict[str, Any]:
    """svyby(~factor, ..., svymean) and svyciprop at several levels of confidence."""
    args, design = case.args, design_of(case, library)
    by = listed(args.get("by"))
    asked = {"by": by or None, "interval": "t"}
    result = sa.proportion(design, args["question"], **asked)
    order = rows(result, ["level", *by], case.values["names"])

    def ends(interval: str) -> list[Any]:
        found = []
        for confidence in args["confidence"]:
            more = {**asked, "interval": interval, "confidence": confidence}
            frame = sa.proportion(design, args["question"], **more).frame.iloc[order]
            found.append(frame[["ci_low", "ci_high"]].to_numpy().tolist())
        return found

    return {**ordered_rows(result, order), **{name: lambda name=name: ends(name) for name in INTERVALS}}


@adapter("m.mean", "m.total")
def averages(case: Case, library: Library) -> dict[str, Any]:
    """svymean, svytotal, svyby."""
    verb, by = {"mean": sa.mean, "total": sa.total}[case.topic], listed(case.args.get("by"))
    result = verb(design_of(case, library), case.args["questions"], by=by or None)
    found = ordered_rows(result, rows(result, by or ["outcome"], case.values["names"]))
    return found if isinstance(case.values["estimate"], list) else {key: x[0] for key, x in found.items()}


@adapter("m.likert")
def likert(case: Case, library: Library) -> dict[str, Any]:
    """Shares of each answer by item, and mean scores."""
    result = sa.likert(design_of(case, library), case.args["questions"])
    order = rows(result, ["outcome", "level"], case.values["names"])
    means = result.detail["means"]
    return {**ordered_rows(result, order), "means": means["mean"].tolist(), "means_se": means["se"].tolist()}


@adapter("m.several")
def several(case: Case, library: Library) -> dict[str, Any]:
    """Several answers allowed: shares of respondents and of answers, by group."""
    result = sa.multiple_response(design_of(case, library), case.args["questions"], by=case.args["by"])
    order = rows(result, ["level", case.args["by"]], case.values["names"])
    return {**ordered_rows(result, order), "of_answers": np.asarray(result.detail["share_of_answers"])[order].tolist()}


@adapter("m.independence", "m.classical")
def independence(case: Case, library: Library) -> dict[str, Any]:
    """svychisq; chisq.test and fisher.test."""
    table = sa.crosstab(design_of(case, library), case.args["question"], by=case.args["by"])

    def numbers(method: str, *names: str) -> list[Any]:
        test = table.test(method)
        return [getattr(test, name) for name in names]

    return {
        "F": lambda: numbers("rao_scott", "statistic", "df", "df_denominator", "p"),
        "Chisq": lambda: numbers("rao_scott_chisq", "statistic", "df", "p"),
        "pearson": lambda: numbers("pearson", "statistic", "df", "p"),
        "exact": lambda: _exact(table),
    }


def _exact(table: Any) -> float:
    """p of the exact test; LookupError where it was drawn, since a drawn p bears another tolerance."""
    test = table.test("exact")
    if "monte_carlo_se" in test.extra:
        raise LookupError("the exact test was drawn at random")
    return float(test.p)


@adapter("m.pairs")
def pairs(case: Case, library: Library) -> dict[str, Any]:
    """mcnemar.test, binom.test, wilcox.test, and the mean difference by the design."""
    design = design_of(case, library)

    def numbers(method: str) -> Any:
        test = sa.paired(design, case.args["first"], case.args["second"], method=method)
        if method == "mcnemar_exact":
            return test.p
        if method == "difference":
            return [test.effect, test.effect / test.statistic, test.df, test.p]
        return [test.statistic, test.p]

    return {method: lambda method=method: numbers(method) for method in case.values}


@adapter("m.logit")
def logit(case: Case, library: Library) -> dict[str, Any]:
    """svyglm, regTermTest, predict, average effects."""
    args, design = case.args, design_of(case, library)
    model = sa.logit(design, args["formula"])

    def tests() -> list[Any]:
        found = [model.test(*listed(asked["ours"])) for asked in args["tests"]]
        return [[test.statistic, test.df, test.df_denominator, test.p] for test in found]

    def predicted(*columns: str) -> list[Any]:
        confident = sa.logit(design, args["formula"], confidence=args["confidence"])
        frame = confident.predict(pd.DataFrame(args["grid"])).frame
        return (frame[list(columns)] if len(columns) > 1 else frame[columns[0]]).to_numpy().tolist()

    def effect(column: str, covariates: str) -> float:
        return model.effects([args["effect"]], covariates=covariates).frame[column].iloc[0]

    return {
        **ordered_rows(model.estimates, list(range(len(model.frame)))),
        "df": model.df,
        "tests": tests,
        "predicted": lambda: predicted("estimate"),
        "predicted_se": lambda: predicted("se"),
        "ends": lambda: predicted("ci_low", "ci_high"),
        "effect": lambda: effect("estimate", "sampled"),
        "effect_fixed_se": lambda: effect("se", "fixed"),
        "effect_sampled_se": lambda: effect("se", "sampled"),
    }


@adapter("m.ordered")
def ordered(case: Case, library: Library) -> dict[str, Any]:
    """clm, its sandwich, its average effects and predictions; R has the thresholds first."""
    args, design = case.args, design_of(case, library)
    by_variance = {v: sa.ordered(design, args["formula"], link=args["link"], variance=v) for v in ("design", "model")}
    model = by_variance["design"]
    cuts = (model.frame["component"] == "threshold").to_numpy()
    order = [*np.flatnonzero(cuts), *np.flatnonzero(~cuts)]

    def effect(column: str, variance: str) -> list[float]:
        return by_variance[variance].effects([args["effect"]], covariates="fixed").frame[column].tolist()

    return {
        **ordered_rows(model.estimates, order),
        "model_vcov": lambda: ordered_rows(by_variance["model"].estimates, order)["vcov"],
        "loglik": model.extra["loglik"],
        "df": model.df,
        "gradient": case.values.get("gradient"),
        "effect": lambda: effect("estimate", "design"),
        "effect_se": lambda: effect("se", "design"),
        "effect_model_se": lambda: effect("se", "model"),
        **{key: lambda column=column: _first_two(case, design, column) for key, column in PREDICTED.items()},
    }


PREDICTED = {"predicted": "estimate", "predicted_se": "se", "low": "ci_low", "high": "ci_high"}


def _first_two(case: Case, design: sa.Design, column: str) -> list[Any]:
    """Predictions for the first two respondents, with intervals on the log-odds."""
    args = case.args
    model = sa.ordered(design, args["formula"], link=args["link"], variance="model", confidence=args["confidence"])
    used = model.model_frame.used
    grid = used.survey.frame.iloc[used.rows[:2]][[name for name in args["columns"] if name != args["outcome"]]]
    return model.predict(grid).frame[column].to_numpy().reshape(2, -1).tolist()


@adapter("m.glm")
def glm(case: Case, library: Library) -> dict[str, Any]:
    """glm(binomial) with weights of mean 1."""
    if case.args["link"] not in ("logit", "probit"):
        raise LookupError(f"no binary model with link {case.args['link']}")
    model = getattr(sa, case.args["link"])(design_of(case, library), case.args["formula"], variance="model")
    return ordered_rows(model.estimates, list(range(len(model.frame))))
