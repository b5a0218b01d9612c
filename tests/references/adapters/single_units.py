"""Strata of one cluster, and samples with unequal probabilities."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .layout import row
from .samples import design_of, domain_words, formula_names, frame_of, listed, within

PPS = {"brewer": "brewer", "overton": "overton", "HR": "hartley_rao"}
LONELY_DOMAIN = {"single_unit": "adjust", "single_in_domain": True}  # survey.adjust.domain.lonely = TRUE


@adapter("a.lonely_psu")
def lonely(case: Case, library: Library) -> dict[str, Any]:
    """Means, totals and ratios of designs with a stratum of one cluster.

    Without args.var the questions are those that label the means; the ratio is that of the last to the first.
    """
    frame, args = frame_of(case, library), case.args
    if args.get("certainty_fpc_override"):
        frame[args["fpc"]] = _all_taken(frame, args["strata"], args["fpc"])
    more = LONELY_DOMAIN if args.get("adjust_domain_lonely") else {}
    design = within(design_of(case, library, frame, **more), domain_words(case))
    names, one = listed(args.get("var")) or list(case.values.get("mean", {})), "var" in args

    def of(verb: Any, column: str, asked: list[str]) -> Any:
        found = verb(design, asked).frame.set_index("outcome")[column]
        return found.iloc[0] if one or len(asked) == 1 < len(names) else found

    found: dict[str, Any] = {"mean": lambda: of(sa.mean, "estimate", names), "degf": lambda: design.df}
    found |= {key: lambda: of(sa.mean, "se", names) for key in ("se", "se_mean")}
    found |= {"total": lambda: of(sa.total, "estimate", names), "se_total": lambda: of(sa.total, "se", names)}
    for name in names:
        found[f"total_{name}"] = lambda name=name: of(sa.total, "estimate", [name])
        found[f"se_total_{name}"] = lambda name=name: of(sa.total, "se", [name])
    if len(names) > 1:
        found["ratio"] = lambda: row(sa.ratio(design, names[-1], names[0]))["estimate"]
        found["se_ratio"] = lambda: row(sa.ratio(design, names[-1], names[0]))["se"]
    return found


def _all_taken(frame: pd.DataFrame, strata: str, population: str) -> pd.Series:
    """Populations in which strata of one row are taken whole."""
    size = frame.groupby(strata, observed=True)[strata].transform("size")
    return frame[population].where(size > 1, 1)


@adapter("a.pps")
def pps(case: Case, library: Library) -> dict[str, Any]:
    """svytotal under unequal probabilities, by method of approximating their joint probabilities."""
    frame, column, names = frame_of(case, library), case.args["incl_prob"], formula_names(case, "svytotal")

    def totals(**design: Any) -> dict[str, pd.Series]:
        found = sa.total(sa.Design(frame.assign(weight_=1 / frame[column]), **design), names).frame.set_index("outcome")
        return {"total": found["estimate"], "se": found["se"]}

    found: dict[str, Any] = {
        key: lambda method=method: totals(inclusion=column, pps=method) for key, method in PPS.items()
    }
    return {**found, "wr": lambda: totals(weights="weight_")}
