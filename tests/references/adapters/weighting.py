"""Weights adjusted to what is known of the population: post-stratified, raked, calibrated; told by args or words."""

import re
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..reader import Case

Told = dict[str, Any]
WORDS = {"postStratify": "poststratify", "rake": "ipf", "calibrate": "linear"}


def steps_of(case: Case, base: Case | None) -> list[Told]:
    """Adjustments in their order: args.steps, args.after, the arguments themselves, or the words of a call.

    Parameters
    ----------
    base
        The case that this one builds on, whose adjustments it takes where it tells none.
    """
    args = case.args
    if "steps" in args:
        return list(args["steps"])
    if "after" in args:
        return [args["after"]]
    if {"margins", "margin1", "cells"} & set(args):
        return [{**_named(case), **args}]
    if not any(f"{word}(" in case.r_call for word in WORDS):
        return []
    if "postStratify(" in case.r_call:
        return [{"method": "poststratify", "margins": r_values.pairs(case.spec), **_named(case)}]
    if base is None:
        raise LookupError("no words say what the weights are adjusted to")
    return steps_of(base, None)


def _named(case: Case) -> Told:
    """Questions that the call of postStratify or rake names."""
    for call in r_calls.calls(case.r_call, "postStratify"):
        return {"questions": r_calls.names(call.get("strata", 1))}
    for call in r_calls.calls(case.r_call, "rake"):
        return {"questions": [r_calls.names(formula)[0] for formula in call.get("sample.margins", 1)]}
    return {}


def adjusted(design: sa.Design, steps: list[Told]) -> sa.Design:
    """The design after these adjustments."""
    for told in steps:
        design = ADJUSTMENTS[told["method"]](design, told)
    return design


def _post_stratified(design: sa.Design, told: Told) -> sa.Design:
    if "cells" in told:
        names = told["by"]
        return design.post_stratified(names, {tuple(cell[n] for n in names): cell["count"] for cell in told["cells"]})
    margins = told["margins"]
    (name,) = told.get("questions") or [_with_levels(design.survey.frame, margins)]
    return design.post_stratified(name, margins)


def _raked(design: sa.Design, told: Told) -> sa.Design:
    if told.get("control", {}).get("epsilon", 0) >= 1:
        raise LookupError("raking that is stopped before it has converged")
    margins = [told[key] for key in sorted(key for key in told if re.fullmatch(r"margin\d+", key))]
    names = told.get("margin_columns") or told.get("questions")
    return design.raked(
        dict(zip(names or [_with_levels(design.survey.frame, m) for m in margins], margins, strict=True))
    )


def _calibrated(design: sa.Design, told: Told) -> sa.Design:
    margins, population = totals_of(told["margins"], design.survey.frame)
    more = {"bounds": tuple(told["bounds"])} if told.get("bounds") else {}
    return design.calibrated(margins, method=told["method"], population=population, **more)


ADJUSTMENTS = {
    "none": lambda design, told: design,
    "poststratify": _post_stratified,
    "ipf": _raked,
    **dict.fromkeys(("linear", "raking", "logit"), _calibrated),
}


def totals_of(margins: dict[str, float], frame: pd.DataFrame) -> tuple[dict[str, Any], float | None]:
    """Totals of R's model columns as counts by level and totals by question; the population where no margin tells it.

    {"(Intercept)": N, "gH": h, "x": t} -> {"g": {"E": N - h, "H": h}, "x": t}: the first level is what others leave.

    >>> frame = pd.DataFrame({"g": pd.Categorical(["E", "H"]), "x": [1.0, 2.0]})
    >>> totals_of({"(Intercept)": 10, "gH": 3, "x": 7}, frame)
    ({'g': {'E': 7, 'H': 3}, 'x': 7}, None)
    """
    whole, found = margins.get("(Intercept)"), {}
    for label, total in margins.items():
        if label in frame.columns:
            found[label] = total
        elif label != "(Intercept)":
            name = max((c for c in frame.columns if label.startswith(c)), key=len)
            found.setdefault(name, {})[label.removeprefix(name)] = total
    counted = {name: counts for name, counts in found.items() if isinstance(counts, dict)}
    if whole is None:
        whole = next((sum(c.values()) for name, c in counted.items() if len(c) == frame[name].nunique()), None)
    for name, counts in counted.items():
        for base in [level for level in frame[name].cat.categories if level not in counts]:
            found[name] = {base: whole - sum(counts.values()), **counts}
    return found, None if counted else whole


def _with_levels(frame: pd.DataFrame, margins: dict[str, float]) -> str:
    """The one question whose levels these are."""
    held = [c for c in frame if isinstance(frame[c].dtype, pd.CategoricalDtype)]
    found = [c for c in held if set(map(str, frame[c].cat.categories)) == set(margins)]
    if len(found) != 1:
        raise LookupError(f"no words say whose margins {list(margins)} are; questions with these levels: {found}")
    return found[0]
