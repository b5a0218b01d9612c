"""Means and totals, over all rows and by group: sa.mean, sa.total, sa.proportion, sa.ratio."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .layout import est_se, estimates, keyed, once, plain
from .samples import call_of, complete, design_of, domain_words, frame_of, listed, numeric, within

VERBS = {"mean": sa.mean, "total": sa.total}


@adapter("a.mean", "a.total")
def average(case: Case, library: Library) -> dict[str, Any]:
    """svymean, svytotal: of numbers, of a factor's indicators, of crossed factors."""
    names, frame = listed(case.args["vars"]), frame_of(case, library)
    made = measured(frame, names, case.topic, "interaction(" in case.r_call)
    design = within(design_of(case, library, frame.assign(**made)), domain_words(case))
    asked = complete(design, names) if case.args.get("na") == "domain" else design
    return averaged(case.topic, asked, list(made) or names, design.df)


def measured(frame: pd.DataFrame, names: list[str], kind: str, crossed: bool = False) -> dict[str, pd.Series]:
    """Indicator columns that stand for factors; none where the questions are numbers, or shares of one factor."""
    factors = [name for name in names if not numeric(frame, name)]
    if crossed:
        return indicators(frame, names, f"interaction({', '.join(names)})")
    if not factors or (kind == "mean" and names == factors and len(names) == 1):
        return {}
    found: dict[str, pd.Series] = {}
    for name in names:
        found |= indicators(frame, [name], name) if name in factors else {name: frame[name]}
    return found


def indicators(frame: pd.DataFrame, names: list[str], prefix: str) -> dict[str, pd.Series]:
    """R's indicator columns of a factor, or of several crossed, missing where an answer is."""
    answered = frame[names].notna().all(axis=1)
    keys = pd.Series(keyed(frame, names), index=frame.index)
    found = (".".join(map(plain, level)) for level in product(*(levels_of(frame, name) for name in names)))
    return {prefix + key: (keys == key).astype(float).where(answered) for key in found}


def levels_of(frame: pd.DataFrame, name: str) -> list[Any]:
    """Levels of a column, those of a number in their order."""
    return sorted(frame[name].dropna().unique()) if numeric(frame, name) else list(frame[name].cat.categories)


def averaged(kind: str, design: sa.Design, names: list[str], degf: float | None = None) -> dict[str, Any]:
    """Means or totals under R's labels, those of a factor's shares being name and level.

    Parameters
    ----------
    degf
        Degrees of freedom that R takes, where they are not those of the rows used.
    """
    if all(numeric(design.survey.frame, name) for name in names):
        return estimates(VERBS[kind](design, names), names, degf)
    (name,) = names
    shares = sa.proportion(design, name, interval="t")
    return estimates(shares, [f"{name}{plain(level)}" for level in shares.frame["level"]], degf)


@adapter("a.domain")
def domain(case: Case, library: Library) -> dict[str, Any]:
    """svyby, and svymean of a subset, with its total and ratio."""
    names, frame = listed(case.args["vars"]), frame_of(case, library)
    by, kind = listed(case.args.get("by")), statistic(case)
    made = measured(frame, names, "total" if by else kind)
    whole = design_of(case, library, frame.assign(**made))
    inside = within(whole, domain_words(case))
    if by:
        return grouped(kind, inside, list(made) or names, by, case.args.get("denominator"))
    (name,) = names
    return {
        **averaged(kind, inside, list(made) or names, inside.df),
        "degf_full": whole.df,
        "rows": float(len(inside)),
        "total": once(lambda: one_of(averaged("total", inside, [name], inside.df))),
        "ratio": lambda: est_se(sa.ratio(inside, name, case.args["den"])),
    }


def statistic(case: Case) -> str:
    """What is estimated: args.statistic, or the function in the call."""
    if "statistic" in case.args:
        return case.args["statistic"]
    call = call_of(case, "svyby", "svymean", "svytotal")
    function = r_calls.write(call.get("FUN", 3)) if call.function == "svyby" else call.function
    return function.removeprefix("svy")


def grouped(kind: str, design: sa.Design, names: list[str], by: list[str], bottom: str | None = None) -> dict[str, Any]:
    """Estimates by group; R labels them group, or group:variable where there are several variables."""
    if kind == "ratio":
        (name,) = names
        result = sa.ratio(design, name, bottom, by=by)
        return estimates(result, keyed(result.frame, by))
    result = VERBS[kind](design, names, by=by)
    groups = keyed(result.frame, by)
    labels = groups if len(names) == 1 else [f"{g}:{v}" for g, v in zip(groups, result.frame["outcome"])]
    return estimates(result, labels)


def one_of(found: dict[str, Any]) -> dict[str, Any]:
    """Estimates of one number in R's short form, with est for estimate."""
    return {**found, "est": found["estimate"].iloc[0], "se": found["se"].iloc[0]}


def row_labels(result: sa.Estimates, by: Sequence[str]) -> list[str]:
    """How the rows of means or totals are called: by group, or by question."""
    return keyed(result.frame, by) if by else list(result.frame["outcome"])
