"""Calibrated, post-stratified, raked and trimmed weights."""

import re
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..reader import Case, Library
from . import adapter
from .formulas import fitted_by_name
from .layout import est_se, keyed, once
from .samples import ONES, base_case, call_of, design_of, listed, numeric


@adapter("a.calibrate")
def calibrated(case: Case, library: Library) -> dict[str, Any]:
    """calibrate, postStratify, rake: the weights, and what follows from them, each told by its key."""
    design = calibrated_design(case, library)
    found: dict[str, Any] = {"weights": design.weights, "sum": design.weights.sum()}
    for key in case.values:
        verb, _, name = key.partition("_")
        if verb == "mean":
            found[key] = once(lambda name=name: est_se(sa.mean(design, name)))
        elif verb == "total":
            found[key] = once(lambda name=name: _total(design, name))
        elif verb == "by":
            found[key] = once(lambda name=name: _groups(design, _average_name(case), name))
        elif verb == "glm":
            found[key] = once(lambda key=key: fitted_by_name(design, key, list(case.values[key]["coef"])))
    return found


@adapter("a.trim")
def trimmed(case: Case, library: Library) -> dict[str, Any]:
    """trimWeights of the calibrated weights of another case."""
    base = base_case(case, library)
    if base is None:
        raise LookupError("no words say which weights are trimmed")
    asked = case.args
    design = calibrated_design(base, library).trimmed(
        lower=asked.get("lower"), upper=asked.get("upper"), strict=bool(asked.get("strict"))
    )
    name = _average_name(case)
    average = once(lambda: sa.mean(design, name).frame.iloc[0])
    return {"weights": design.weights, "sum": design.weights.sum(), f"mean_{name}": lambda: average()["estimate"],
            "se": lambda: average()["se"]}  # fmt: skip


def calibrated_design(case: Case, library: Library, frame: pd.DataFrame | None = None) -> sa.Design:
    """The design of a case after its calibration, which the case tells itself, or the one that it builds on."""
    design = design_of(case, library, frame)
    if "postStratify(" in case.r_call:
        name = r_calls.names(call_of(case, "postStratify").get("strata", 1))[0]
        return design.post_stratified({name: case.args.get("margins") or r_values.pairs(case.spec)})
    if "rake(" in case.r_call:
        return design.raked(_raking_margins(case))
    told = case if "margins" in case.args else base_case(case, library)
    if told is None or "margins" not in told.args:
        raise LookupError("no words say what the weights are calibrated to")
    bounds = listed(told.args.get("bounds"))
    more = {"bounds": tuple(bounds)} if bounds else {}
    return design.calibrated(_totals(told.args["margins"], design.survey.frame), method=told.args["method"], **more)


def _raking_margins(case: Case) -> dict[str, dict[str, float]]:
    """Margins by question: those of args (margin1, margin2, ...) for the formulas listed in the call of rake."""
    formulas = call_of(case, "rake").get("sample.margins", 1)
    names = [r_calls.names(formula)[0] for formula in formulas]
    keys = sorted(key for key in case.args if re.fullmatch(r"margin\d+", key))
    return dict(zip(names, (case.args[key] for key in keys), strict=True))


def _totals(margins: dict[str, float], frame: pd.DataFrame) -> dict[str, Any]:
    """Totals of R's model columns as counts by level and totals by question.

    {"(Intercept)": N, "gH": h, "x": t} -> {"g": {"E": N - h, "H": h}, "x": t}: the first level is what others leave.
    """
    population, found = margins.get("(Intercept)"), {}
    for label, total in margins.items():
        if label in frame.columns and numeric(frame, label):
            found[label] = total
        elif label != "(Intercept)":
            name = max((c for c in frame.columns if label.startswith(c)), key=len)
            found.setdefault(name, {})[label.removeprefix(name)] = total
    for name, counts in found.items():
        if isinstance(counts, dict):
            base = next(level for level in frame[name].cat.categories if level not in counts)
            found[name] = {base: population - sum(counts.values()), **counts}
    if population is not None and not any(isinstance(counts, dict) for counts in found.values()):
        found[ONES] = population
    return found


def _average_name(case: Case) -> str:
    """The question that the case averages, as its key mean_<name> says."""
    return next(key.removeprefix("mean_") for key in case.values if key.startswith("mean_"))


def _total(design: sa.Design, name: str) -> dict[str, Any]:
    """A total with its error, or counts by level under R's labels."""
    if numeric(design.survey.frame, name):
        return est_se(sa.total(design, name))
    frame = sa.total(design, ONES, by=name).frame
    return frame.set_axis([f"{name}{key}" for key in keyed(frame, [name])], axis=0)["estimate"].to_dict()


def _groups(design: sa.Design, name: str, by: str) -> dict[str, pd.Series]:
    """Means by group."""
    frame = sa.mean(design, name, by=by).frame
    frame = frame.set_axis(keyed(frame, [by]), axis=0)
    return {"est": frame["estimate"], "se": frame["se"]}
