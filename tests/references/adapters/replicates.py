"""Replicated, adjusted and trimmed designs, and those with single units: what follows from their weights."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .battery import Battery
from .layout import keyed
from .moments import ratio_of
from .samples import base_case, design_of, domain_words, frame_of, listed, within

PPS = {"brewer": "brewer", "overton": "overton", "HR": "hartley_rao"}


@adapter("a.replicate", "a.calibrate", "a.lonely_psu")
def by_design(case: Case, library: Library) -> Battery:
    """svrepdesign; calibrate, postStratify, rake; options(survey.lonely.psu)."""
    frame, args = frame_of(case, library), case.args
    if args.get("certainty_fpc_override"):
        frame[args["fpc"]] = _all_taken(frame, args["strata"], args["fpc"])
    return battery_of(case, design_of(case, library, frame))


def battery_of(case: Case, design: sa.Design) -> Battery:
    """Estimates by key; the domain is that of keys domain_..., or of all where there are none."""
    words = domain_words(case)
    if any(key.startswith("domain_") for key in case.values):
        return Battery(case, design, words)
    return Battery(case, within(design, words))


def _all_taken(frame: pd.DataFrame, strata: str, population: str) -> pd.Series:
    """Populations in which strata of one row are taken whole."""
    size = frame.groupby(strata, observed=True)[strata].transform("size")
    return frame[population].where(size > 1, 1)


@adapter("a.trim")
def trimmed(case: Case, library: Library) -> Battery:
    """trimWeights of the adjusted weights that the case tells, or of another case."""
    told = case if {"design", "after", "steps"} & set(case.args) else base_case(case, library)
    if told is None:
        raise LookupError("no words say which weights are trimmed")
    bounds = {name: case.args[name] for name in ("lower", "upper") if case.args.get(name) is not None}
    design = design_of(told, library).trimmed(**bounds, strict=bool(case.args.get("strict")))
    return battery_of(case, design)


@adapter("a.pps")
def pps(case: Case, library: Library) -> dict[str, Any]:
    """svymean, svytotal, svyratio under unequal probabilities, by approximation of the joint ones; "wr": none."""
    column, frame = case.args["incl_prob"], frame_of(case, library)
    strata = {"strata": case.args["strata"]} if case.args.get("strata") else {}
    drawn = {key: {"inclusion": column, "pps": method} for key, method in PPS.items()} | {"wr": {"inclusion": column}}

    def battery(key: str) -> dict[str, Any]:
        if key not in drawn:
            raise LookupError(f"no approximation is called {key}")
        return _of_one(case, within(sa.Design(frame, **strata, **drawn[key]), domain_words(case)), case.values[key])

    return {key: lambda key=key: battery(key) for key in case.values}


def _of_one(case: Case, design: sa.Design, want: dict[str, Any]) -> dict[str, Any]:
    """The estimates of one approximation: {total: {...}, se: {...}, vcov}, or {ratio, se}."""
    if "ratio" in want:
        found = ratio_of(design, case.args["num"], case.args["den"])
        return {"ratio": found["estimate"], "se": found["se"]}
    kind = "mean" if "mean" in want else "total"
    result = {"mean": sa.mean, "total": sa.total}[kind](design, list(want[kind]))
    frame = result.frame.set_axis(keyed(result.frame, ["outcome"]), axis=0)
    labels = listed(list(frame.index))
    return {kind: frame["estimate"], "se": frame["se"], "vcov": pd.DataFrame(result.covariance, labels, labels)}
