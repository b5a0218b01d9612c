"""Outcomes of those selected: Heckman's two steps and maximum likelihood."""

from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .formulas import asked
from .samples import frame_of

PARTS = {"out": "slope", "sel": "selection"}
NAMED = {"log_sigma": ("spread", "log(sigma)"), "atanh_rho": ("error_correlation", "atanh(rho)")}


@adapter("c.selection")
def selection(case: Case, library: Library) -> dict[str, Any]:
    """Both ways; the outcome of those not selected is no answer, whatever the data hold there."""
    chosen = asked(case.args["selection"], case, library, frame_of(case, library), "binomial")
    wanted = asked(case.args["outcome"], case, library, chosen.frame, "gaussian")
    outcome, seen = wanted.formula.partition(" ~ ")[0], chosen.formula.partition(" ~ ")[0]
    frame = wanted.frame.assign(**{outcome: lambda f: f[outcome].where(f[seen].astype("boolean").fillna(False))})

    def model(method: Any) -> sa.Estimates:
        return sa.heckman(frame, wanted.formula, chosen.formula, method=method, variance="model").estimates

    def label(theirs: str) -> tuple[str, str]:
        if theirs in NAMED:
            return NAMED[theirs]
        part, _, rest = theirs.partition(":")
        return PARTS[part], (wanted if part == "out" else chosen).label(rest)

    def likelihood() -> dict[str, Any]:
        found, labels = model("ml"), list(case.values["ml"]["coef"])
        at = _rows(found, [label(theirs) for theirs in labels])
        rows, extra = found.frame.iloc[at], found.extra
        named = {"coef": "estimate", "se": "se", "z": "statistic", "p_normal": "p"}
        return {
            **{key: dict(zip(labels, rows[column])) for key, column in named.items()},
            "vcov": pd.DataFrame(found.covariance[np.ix_(at, at)], labels, labels),
            "logLik": extra["loglik"], "k": len(labels), "AIC": extra["aic"], "BIC": extra["bic"],
            "sigma": extra["sigma"], "rho": extra["rho"],
        }  # fmt: skip

    def steps() -> dict[str, Any]:
        found, values = model("two_step"), case.values["twostep"]
        first, second = list(values["probit"]), list(values["coef"])
        own = [("lambda", "lambda") if t == "lambda" else ("slope", wanted.label(t)) for t in second]
        rows = found.frame.iloc[_rows(found, own)]
        probit = found.frame.iloc[_rows(found, [("selection", chosen.label(t)) for t in first])]
        return {
            "probit": dict(zip(first, probit["estimate"])), "coef": dict(zip(second, rows["estimate"])),
            "se": dict(zip(second, rows["se"])), "sigma": found.extra["sigma"], "rho": found.extra["rho"],
        }  # fmt: skip

    return {"ml": likelihood, "twostep": steps}


def _rows(found: sa.Estimates, wanted: list[tuple[str, str]]) -> list[int]:
    """Positions of rows by component and term."""
    known = {key: i for i, key in enumerate(zip(found.frame["component"], found.frame["term"]))}
    return [known[key] for key in wanted]
