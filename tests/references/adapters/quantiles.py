"""Quantiles with their intervals, and the distribution function."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .layout import once
from .samples import design_of, domain_words, formula_names, listed, within

INTERVALS = {"mean": "mean", "beta": "beta", "xlogit": "logit", "asin": "arcsine", "score": "score_r"}


@adapter("a.quantile")
def quantile(case: Case, library: Library) -> dict[str, Any]:
    """svyquantile(ci=FALSE), by rule; the keys of the values are R's names of the rules."""
    design, name, probabilities = _asked(case, library)

    def points(rule: str) -> pd.Series:
        return sa.quantile(design, name, probabilities, rule=rule).frame["estimate"].set_axis(labels(probabilities))

    return {rule: lambda rule=rule: points(rule) for rule in case.values}


@adapter("a.quantile_ci")
def quantile_interval(case: Case, library: Library) -> dict[str, Any]:
    """svyquantile with its interval, over all rows or in each group."""
    design, name, probabilities = _asked(case, library)
    asked = {
        "rule": case.args.get("qrule", "math"),
        "interval": INTERVALS[case.args.get("interval_type", "mean")],
        "confidence": 1 - case.args.get("alpha", 0.05),
    }

    def of(domain: sa.Design) -> dict[str, Any]:
        return {"table": lambda: table(domain, name, probabilities, **asked), "degf": lambda: domain.df}

    if "by" not in case.args:
        return of(design)
    return {group: once(lambda group=group: of(design.where(**{case.args["by"]: group}))) for group in case.values}


def table(design: sa.Design, name: str, probabilities: list[float], **asked: Any) -> pd.DataFrame:
    """Quantile, ends and error by probability, under R's names of the columns."""
    frame = sa.quantile(design, name, probabilities, **asked).frame
    tail = 50 * (1 - asked.get("confidence", 0.95))
    columns = ["quantile", f"ci.{tail:g}", f"ci.{100 - tail:g}", "se"]
    found = frame[["estimate", "ci_low", "ci_high", "se"]].set_axis(labels(probabilities), axis=0)
    return found.set_axis(columns, axis=1)


@adapter("a.cdf")
def distribution(case: Case, library: Library) -> dict[str, Any]:
    """svycdf, at the points that args hold or that label the values: x400."""
    name = case.args.get("var") or formula_names(case, "svycdf")[0]
    keys = list(case.values["cdf"])
    points = [float(key.removeprefix("x")) for key in keys]
    result = sa.distribution(within(design_of(case, library), domain_words(case)), name, points)
    return {"cdf": result.frame["estimate"].set_axis(keys)}


def _asked(case: Case, library: Library) -> tuple[sa.Design, str, list[float]]:
    words = case.args.get("domain", "") if "by" in case.args else domain_words(case)
    return within(design_of(case, library), words), case.args["var"], listed(case.args["probs"])


def labels(probabilities: list[float]) -> list[str]:
    """R's labels of quantiles.

    >>> labels([0.25, 0.5])
    ['p0.25', 'p0.5']
    """
    return [f"p{p:.15g}" for p in probabilities]
