"""Ratios, variances, correlations, design effects, reliability."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_values
from ..reader import Case, Library
from . import adapter
from .averages import measured
from .layout import estimates, keyed, once, row, square
from .samples import call_of, complete, design_of, domain_words, formula_names, frame_of, listed, within


def ratio_of(design: sa.Design, top: str, bottom: str) -> pd.Series:
    """The row of one ratio."""
    return row(sa.ratio(design, top, bottom))


@adapter("a.ratio")
def ratio(case: Case, library: Library) -> dict[str, Any]:
    """svyratio; with separate=TRUE the ratios of strata, and a total from known totals of the denominator."""
    whole, (top, bottom) = within(design_of(case, library), domain_words(case)), (case.args["num"], case.args["den"])
    if case.args.get("separate") or "separate=TRUE" in case.r_call.replace(" ", ""):
        return _separate(case, whole, top, bottom)
    design = complete(whole, [top, bottom]) if case.args.get("na") == "domain" else whole
    found = estimates(sa.ratio(design, top, bottom), ["ratio"], whole.df)
    return {
        "ratio": found["estimate"]["ratio"],
        "se": found["se"]["ratio"],
        "degf": found["degf"],
        "ci95_normal": found["ci95_normal"].loc["ratio"],
        "ci95_t_degf": lambda: found["ci95_t_degf"]().loc["ratio"],
    }


def _separate(case: Case, design: sa.Design, top: str, bottom: str) -> dict[str, Any]:
    """Ratios of strata, and the total that known totals by stratum make of them."""
    strata = listed(case.args["design"]["strata"])[0]
    told = r_values.vector(call_of(case, "predict").get("total")) or r_values.pairs(case.spec)
    known = case.args.get("totals") or told
    frame = sa.ratio(design, top, bottom, by=strata).frame
    ratios = frame.set_axis(keyed(frame, [strata]), axis=0)
    total = row(sa.total_by_ratio(design, top, bottom, totals=known, by=strata))
    return {
        "ratios": ratios["estimate"],
        "se_ratios": ratios["se"],
        "total": total["estimate"],
        "se": total["se"],
    }


@adapter("a.variance")
def variance(case: Case, library: Library) -> dict[str, Any]:
    """svyvar: a covariance matrix of answers, with the standard error of each element; its correlations."""
    names = listed(case.args["vars"])
    design = within(design_of(case, library), domain_words(case))
    design = complete(design, names) if case.args.get("na") == "domain" else design
    covariances = once(lambda: sa.variance(design, names).frame)
    correlations = once(lambda: sa.correlation(design, names).frame)
    return {
        "cov": lambda: pairwise(covariances(), "estimate", names),
        "se": lambda: pairwise(covariances(), "se", names),
        "cor": lambda: pairwise(correlations(), "estimate", names, 1.0),
        "se_cor_delta": lambda: pairwise(correlations(), "se", names, 0.0),
    }


def pairwise(frame: pd.DataFrame, column: str, names: list[str], diagonal: float | None = None) -> pd.DataFrame:
    """A symmetric matrix from rows by pair of questions, `outcome` and `term`; `diagonal` where it is no estimate."""
    known = {(a, b): x for a, b, x in zip(frame["outcome"], frame["term"], frame[column])}
    if diagonal is not None:
        known |= {(name, name): diagonal for name in names}
    return square([[known[(a, b) if (a, b) in known else (b, a)] for b in names] for a in names], names)


@adapter("a.deff")
def design_effect(case: Case, library: Library) -> dict[str, Any]:
    """svymean and svytotal with deff=TRUE, or "replace"; by group where the case has one."""
    names, frame, by = listed(case.args["vars"]), frame_of(case, library), listed(case.args.get("by"))
    made = measured(frame, names, "total")
    design = within(design_of(case, library, frame.assign(**made)), domain_words(case))

    def effects(of: str, replacement: bool) -> pd.Series:
        more = {"by": by} if by else {}
        found = sa.design_effect(design, list(made) or names, of=of, replacement=replacement, **more).frame
        return found.set_axis(keyed(found, by or ["outcome"]), axis=0)["estimate"]

    return {
        f"deff_{of}_{word}": lambda of=of, replacement=replacement: effects(of, replacement)
        for of in ("mean", "total")
        for word, replacement in (("wor", False), ("wr", True))
    }


@adapter("a.alpha")
def alpha(case: Case, library: Library) -> dict[str, Any]:
    """svycralpha."""
    design = within(design_of(case, library), domain_words(case))
    return {"alpha": lambda: row(sa.alpha(design, formula_names(case, "svycralpha")))["estimate"]}
