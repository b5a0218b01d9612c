"""Estimates with reduced bias: brglm2, logistf, brmultinom."""

from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .formulas import Asked, asked, coefficients, family_of
from .layout import once
from .models import counted, fit_statistics
from .samples import first, frame_of
from .unordered import asked_of, base_of, by_label

KINDS = {"AS_mean": "firth", "MPL_Jeffreys": "jeffreys", "AS_median": "median"}
BINARY = ("glm", "brglm", "logistf")


@adapter("c.firth")
def firth(case: Case, library: Library) -> dict[str, Any]:
    """Binary fits with coefficients, profiles by coefficient, or an unordered outcome."""
    if any(r_calls.calls(case.r_call, "brmultinom")):
        return _unordered(case, library)
    model, prepared = _model(case, library)
    if "coef" not in case.values:
        return {label: once(lambda label=label: _profile(model, prepared.label(label))) for label in case.values}
    found = fit_statistics(model)
    return {
        **found,
        **coefficients(model, list(case.values["coef"]), prepared),
        "logLik_unpenalised": found["logLik"],
        "penalised_logLik": lambda: model.extra["loglik_penalised"],
    }


def _model(case: Case, library: Library) -> tuple[Any, Asked]:
    """The model of the arguments, or of the call."""
    args = dict(case.args or {})
    for call in r_calls.calls(case.r_call, *BINARY):
        family = call.get("family", 1)
        told = {"formula": call.get("formula", 0), "type": call.get("type")}
        args = {**{key: _text(node) for key, node in told.items() if node is not None}, **args}
        if family is not None and "link" not in args and call.function != "logistf":
            args["link"] = family_of(r_calls.write(family).replace('"', "'"))[1]
        break
    kind = KINDS[first(args.get("type")) or "AS_mean"]
    labels = list(case.values.get("coef") or case.values)
    prepared = asked(args["formula"], case, library, frame_of(case, library), "binomial", labels)
    data = counted(case, prepared.frame)
    return sa.firth(data, prepared.formula, link=first(args.get("link")) or "logit", bias_reduction=kind), prepared


def _text(node: Any) -> str:
    return str(node.value) if isinstance(node, r_calls.Constant) else r_calls.write(node)


def _profile(model: Any, term: str) -> dict[str, float]:
    """Interval and test of one coefficient by the penalised likelihood."""
    row = model.frame.set_index("term").loc[term]
    return {"low": row["ci_low"], "high": row["ci_high"], "PLR_chi2": row["statistic"] ** 2, "p": row["p"]}


def _unordered(case: Case, library: Library) -> dict[str, Any]:
    """brmultinom: a table of coefficients, level by term, or named level:term."""
    call = next(iter(r_calls.calls(case.r_call, "brmultinom")))
    kind = KINDS[_text(call.get("type"))] if call.get("type") else "firth"
    if kind == "median":
        raise NotImplementedError("median bias reduction of unordered answers")
    table = case.values.get("coef")
    tabled = isinstance(table, dict) and "matrix" in table
    pairs = [f"{row}:{term}" for row in table["rows"] for term in table["cols"]] if tabled else list(table or ())
    prepared = asked_of(case, library, [label.partition(":")[2] for label in pairs])
    data = counted(case, prepared.frame)
    reference = base_of(case, prepared)
    model = sa.multinomial(data, prepared.formula, reference=reference, bias_reduced=True, variance="model")
    found = by_label(model, pairs, prepared)
    if tabled:
        cells = found["coef"].to_numpy().reshape(len(table["rows"]), -1)
        found["coef"] = pd.DataFrame(cells, table["rows"], table["cols"])
    return {**fit_statistics(model), **found, "se_named": found["se"], "coef_named": found["coef"]}
