"""Outcomes with limits: tobit, truncated regression and Cragg's two parts, of one data set without a design."""

import re
from typing import Any

import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library
from . import adapter
from .samples import frame_of


@adapter("c.tobit")
def tobit(case: Case, library: Library) -> dict[str, Any]:
    """AER::tobit: coefficients with log sigma, and average effects on what is seen."""
    found = re.search(r"tobit\((\w+ ~ [^,]+)", case.r_call)
    if not found:
        raise LookupError("no formula")
    limits = {ours: case.args.get(theirs) for ours, theirs in (("lower", "left"), ("upper", "right"))}
    model = sa.tobit(frame_of(case, library), found[1], variance="model", **limits)
    return {
        **_coefficients(model, case),
        "n_left": model.extra.get("at_lower", 0),
        "n_right": model.extra.get("at_upper", 0),
        "ame_censored": lambda: _effects(model),
    }


@adapter("c.hurdle")
def two_parts(case: Case, library: Library) -> dict[str, Any]:
    """Truncated regression of those above a limit; a probit of being above it, and both together."""
    found = re.search(r"truncated from below at (\S+)\) on rows (\w+)>(\S+);", case.spec)
    if not found:
        raise LookupError("no truncated outcome")
    outcome, limit = found[2], float(found[1])
    formula = f"{outcome} ~ " + " + ".join(list(case.values["coef"])[1:-1])
    frame = frame_of(case, library)
    above = sa.truncated_regression(frame[frame[outcome] > limit], formula, lower=limit, variance="model")
    both = sa.two_part(frame, formula, variance="model")
    chance = both.frame[both.frame["component"] == "zero"]["estimate"]
    return {
        **_coefficients(above, case),
        "probit_coef": dict(zip(list(case.values["coef"])[:-1], chance)),
        "probit_logLik": lambda: both.extra["loglik"] - above.extra["loglik"],
        "cragg_logLik": lambda: both.extra["loglik"],
    }


def _coefficients(model: Any, case: Case) -> dict[str, Any]:
    """Coefficients in R's layout; log sigma is the last."""
    frame, labels, extra = model.frame, list(case.values["coef"]), model.extra
    return {
        "coef": dict(zip(labels, frame["estimate"])),
        "se": dict(zip(labels, frame["se"])),
        "z": dict(zip(labels, frame["statistic"])),
        "p_normal": dict(zip(labels, frame["p"])),
        "vcov": pd.DataFrame(model.covariance, labels, labels),
        "logLik": extra["loglik"],
        "k": len(labels),
        "AIC": extra["aic"],
        "BIC": extra["bic"],
        "sigma": lambda: extra["sigma"],
    }


def _effects(model: Any) -> dict[str, Any]:
    """Average effects on the outcome as it is seen, with errors that take covariates as fixed."""
    frame = model.effects().frame
    return {"ame": dict(zip(frame["term"], frame["estimate"])), "se": dict(zip(frame["term"], frame["se"]))}
