"""Answers without an order: multinomial logits, plain and design-based."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..reader import Case, Library
from . import adapter
from .formulas import OUTCOME, Asked, asked
from .layout import once, square
from .models import by_level, counted, fit_statistics
from .samples import design_of, first, frame_of, listed

FITTING = ("multinom", "vglm", "brmultinom", "svy_vglm")


@adapter("c.multinomial")
def multinomial(case: Case, library: Library) -> dict[str, Any]:
    """nnet::multinom at its optimum: labels are level:term."""
    prepared = asked_of(case, library, [label.partition(":")[2] for label in case.values["coef"]])
    model = sa.multinomial(
        counted(case, prepared.frame), prepared.formula, reference=base_of(case, prepared), variance="model"
    )
    found = by_label(model, list(case.values["coef"]), prepared)
    effects = case.values.get("ame", {})
    return {
        **fit_statistics(model),
        "LR": lambda: _ratio(model),
        **found,
        "ame": {label: once(lambda label=label: by_level(model, prepared, label, named=True)) for label in effects},
    }


@adapter("b.svymultinom")
def survey_multinomial(case: Case, library: Library) -> dict[str, Any]:
    """Design-based; "y2:term" is the second level, and meals/10 is labelled meals."""
    labels = list(case.values["coef"])
    frame = frame_of(case, library)
    if "formula" in case.args:
        prepared = asked_of(case, library, [label.partition(":")[2] for label in labels])
    else:
        prepared = _described(case, library, frame)
    design = design_of(case, library, prepared.frame)
    model = sa.multinomial(design, prepared.formula, reference=base_of(case, prepared))
    return {**fit_statistics(model), **by_label(model, labels, prepared)}


def asked_of(case: Case, library: Library, labels: Sequence[str]) -> Asked:
    """The formula, from the arguments or from the call."""
    formula = case.args.get("formula") if case.args else None
    for call in () if formula else r_calls.calls(case.r_call, *FITTING):
        given = call.get("formula", 0)
        formula = r_calls.write(given) if given else None
        break
    if formula is None:
        raise LookupError("no formula")
    return asked(formula, case, library, frame_of(case, library), "nominal", labels)


def _described(case: Case, library: Library, frame: pd.DataFrame) -> Asked:
    """Outcome and covariates listed in the arguments; a computed covariate takes the name of its only column."""
    outcome = asked(f"{case.args['outcome']} ~ 1", case, library, frame, "nominal").frame[OUTCOME]
    names, made = [], {}
    for text in listed(case.args["x"]):
        term = r_calls.read(text)
        inside = r_calls.names(term)
        simple = len(inside) == 1 and not isinstance(term, r_calls.Name)
        names.append(inside[0] if simple else text)
        made |= {inside[0]: r_values.value(term, frame)} if simple else {}
    labels = [label.partition(":")[2] for label in case.values["coef"]]
    changed = frame.assign(**made, **{OUTCOME: outcome})
    return asked(f"{OUTCOME} ~ {' + '.join(names)}", case, library, changed, "nominal", labels)


def base_of(case: Case, prepared: Asked) -> Any:
    """The reference, by its name or its number; the first level where none is told."""
    told = first(case.args.get("base")) if case.args else None
    if told is None and (named := re.search(r"base(?: category)? ['\"]?([\w.<>= ]+?)['\"]?(?:[,;).]|$)", case.spec)):
        told = named[1] if named[1] in map(str, prepared.frame[OUTCOME].cat.categories) else None
    for call in r_calls.calls(case.r_call, *FITTING):
        ref = call.get("ref")
        told = told if told is not None or ref is None else getattr(ref, "value", getattr(ref, "text", None))
    levels = list(prepared.frame[OUTCOME].cat.categories)
    return level_named(told, levels) if told is not None else levels[0]


def level_named(told: Any, levels: Sequence[Any]) -> Any:
    """A level by its name, else by its number ("y2", 2)."""
    by_name = {str(level): level for level in levels}
    if str(told) in by_name:
        return by_name[str(told)]
    return levels[int(float(str(told).removeprefix("y"))) - 1]


def by_label(model: Any, labels: Sequence[str], prepared: Asked) -> dict[str, Any]:
    """Coefficients, errors, statistics and covariance under labels level:term."""
    levels = list(prepared.frame[OUTCOME].cat.categories)
    frame = model.frame
    where = {key: i for i, key in enumerate(zip(frame["level"], frame["term"]))}

    def position(label: str) -> int:
        # a level may hold a colon: the longest that the label begins with
        known = [str(level) for level in levels if label.startswith(f"{level}:")]
        name = max(known, key=len) if known else label.partition(":")[0]
        return where[level_named(name, levels), prepared.label(label[len(name) + 1 :])]

    rows = [position(label) for label in labels]
    shown = frame.iloc[rows].set_axis(list(labels), axis=0)
    return {
        "coef": shown["estimate"],
        "se": shown["se"],
        "z": shown["statistic"],
        "t": shown["statistic"],
        "p": shown["p"],
        "p_normal": shown["p"],
        "ci95": shown[["ci_low", "ci_high"]].set_axis(["low", "high"], axis=1),
        "vcov": square(model.covariance[rows][:, rows], labels),
        "k": float(len(frame)),
    }


def _ratio(model: Any) -> dict[str, float]:
    """The likelihood ratio of all terms: a difference of log-likelihoods."""
    intercepts = int((model.frame["term"] == "(intercept)").sum())
    chi2 = 2 * (model.extra["loglik"] - model.extra["loglik_null"])
    return {"chi2": chi2, "df": float(len(model.frame) - intercepts)}
