"""Designs by replicate weights."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .averages import averaged
from .formulas import fitted_by_name
from .layout import est_se, keyed, once
from .quantiles import table
from .samples import design_of, listed

# Columns that the values of some cases rest on, and no words of theirs name: numerator and denominator; quantiles.
RATIOS = (("api.stu", "enroll"),)
QUANTILES_OF = ("api99",)
QUARTILES = [0.25, 0.5, 0.75]


@adapter("a.replicate")
def replicate(case: Case, library: Library) -> dict[str, Any]:
    """svrepdesign: means, totals, ratios, quantiles, domains, and a regression named by its key."""
    design = design_of(case, library)
    names, held = listed(case.args.get("vars")) or list(case.values["total"]["estimate"]), design.survey.frame.columns

    def ratio() -> dict[str, float]:
        pairs = [pair for pair in RATIOS if set(pair) <= set(held)]
        top, bottom = names[:2] if len(names) > 1 else pairs[0]
        return est_se(sa.ratio(design, top, bottom))

    found: dict[str, Any] = {
        "mean": once(lambda: averaged("mean", design, names)),
        "total": once(lambda: averaged("total", design, names)),
        "ratio": ratio,
        "quantile_by_replicates": lambda: _quantiles(design, next((n for n in QUANTILES_OF if n in held), names[0])),
    }
    for key in case.values:
        if key.startswith("by_"):
            found[key] = once(lambda key=key: _groups(design, names[0], key.removeprefix("by_")))
        elif key.startswith("glm_"):
            found[key] = once(lambda key=key: fitted_by_name(design, key, list(case.values[key]["coef"])))
    return found


def _groups(design: sa.Design, name: str, by: str) -> dict[str, pd.Series]:
    """Means by group."""
    frame = sa.mean(design, name, by=by).frame
    frame = frame.set_axis(keyed(frame, [by]), axis=0)
    return {"estimate": frame["estimate"], "est": frame["estimate"], "se": frame["se"]}


def _quantiles(design: sa.Design, name: str) -> pd.DataFrame:
    """Quartiles whose errors come from the quartiles of each replicate."""
    found = table(design, name, QUARTILES, interval="quantile")
    return found.rename(columns={"se": "se.97.5"})
