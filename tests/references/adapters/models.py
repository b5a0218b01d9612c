"""Regression models: design-based and model-based, binary, linear, counts, ordered."""

import re
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .formulas import Asked, asked, coefficients, family_of, fitted
from .layout import once, tested
from .samples import complete, design_of, frame_of, listed

LINKS = {"logistic": "logit"}  # R's word for it
FIT = {"logLik": "loglik", "AIC": "aic", "BIC": "bic", "ll_null": "loglik_null", "mcfadden": "mcfadden",
       "deviance": "deviance", "dispersion": "dispersion",
       "pseudo_logLik_weights_mean1": "loglik", "sigma": "sigma", "r2": "r2", "adj_r2": "r2_adjusted"}  # fmt: skip
PSEUDO = {"mcfadden": "mcfadden", "mcfadden_adj": "mcfadden_adjusted", "cox_snell": "cox_snell",
          "nagelkerke": "nagelkerke", "tjur": "tjur"}  # fmt: skip


def fit_statistics(model: Any) -> dict[str, Any]:
    """Numbers of the fit as a whole."""
    measures = once(lambda: model.fit_measures().extra)
    overall = once(lambda: model.test(*model.model_frame.formula.questions, method="likelihood_ratio"))
    found: dict[str, Any] = {theirs: lambda ours=ours: model.extra[ours] for theirs, ours in FIT.items()}
    pseudo = {theirs: lambda ours=ours: measures()[ours] for theirs, ours in PSEUDO.items()}
    found["null_deviance"] = lambda: model.extra.get("deviance_null", -2 * model.extra["loglik_null"])
    found["brier"] = lambda: measures()["brier"]
    found["auc"] = lambda: model.roc().frame["estimate"].iloc[0]
    found["LR"] = lambda: tested(overall(), statistic="chi2", df="df", p="p")
    return {**found, "pseudo_R2": pseudo, "psrsq": pseudo}


@adapter("b.svyglm", "b.svyglm_replicate")
def survey_glm(case: Case, library: Library) -> dict[str, Any]:
    """svyglm, on a design as described, calibrated, or by replicate weights."""
    model, prepared, design = fitted_on(case, library)
    used = complete(design, list(prepared.questions))
    return {**fit_statistics(model), **coefficients(model, list(case.values["coef"]), prepared), "degf": used.df}


def survey_model(case: Case, library: Library) -> tuple[Any, Asked]:
    """The model of a case."""
    return fitted_on(case, library)[:2]


def fitted_on(case: Case, library: Library) -> tuple[Any, Asked, sa.Design]:
    """The model of a case, what was asked, and the design that it rests on."""
    formula, family = _asked_of(case)
    prepared = asked(formula, case, library, frame_of(case, library), family[0], list(case.values.get("coef", ())))
    design = design_of(case, library, prepared.frame)
    return fitted(design, prepared.formula, family), prepared, design


def _asked_of(case: Case) -> tuple[str, tuple[str, str]]:
    """Formula, family and link, from the arguments or from the call of svyglm."""
    if "formula" in case.args:
        return case.args["formula"], family_of(case.args.get("family", "gaussian"))
    for call in r_calls.calls(case.r_call, "svyglm", "glm"):
        family = call.get("family")
        return r_calls.write(call.get("formula", 0)), family_of(r_calls.write(family) if family else "gaussian")
    raise LookupError("no formula")


@adapter("b.svyolr")
def survey_ordered(case: Case, library: Library) -> dict[str, Any]:
    """svyolr, at its optimum."""
    model, prepared = ordered_model(case, library, "design")
    labels = list(case.values["coef"])
    found = coefficients(model, labels, prepared)
    raw = {"svyolr_coef_as_returned": found["coef"], "svyolr_se_beta_as_returned": found["se"]}
    return {**fit_statistics(model), **found, **raw}


@adapter("c.ordinal")
def ordered(case: Case, library: Library) -> dict[str, Any]:
    """polr and clm."""
    model, prepared = ordered_model(case, library, "model")
    labels = list(case.values["coef"])
    return {
        **fit_statistics(model),
        **coefficients(model, labels, prepared),
        "ame": {
            label: once(lambda label=label: by_level(model, prepared, label)) for label in case.values.get("ame", {})
        },
    }


def ordered_model(case: Case, library: Library, variance: str) -> tuple[Any, Asked]:
    """A cumulative model; a column of counts stands for as many respondents."""
    labels = list(case.values["coef"])
    prepared = asked(case.args["formula"], case, library, frame_of(case, library), "ordinal", labels)
    link = LINKS.get(case.args["link"], case.args["link"])
    data = counted(case, prepared.frame) if variance == "model" else design_of(case, library, prepared.frame)
    return sa.ordered(data, prepared.formula, link=link, variance=variance), prepared


FREQUENCIES = ("multinom", "brmultinom", "polr", "clm", "glm", "vglm")
"""Functions whose weights are numbers of respondents."""


def counted(case: Case, frame: pd.DataFrame) -> Any:
    """Respondents, from a column that words, or the weights of a call, give as their numbers."""
    found = re.search(r"\b([\w.]+) (?:column )?= frequency weights", case.words)
    named = [found[1]] if found else listed(case.args.get("freq"))
    named += [call.get("weights") for call in r_calls.calls(case.r_call, *FREQUENCIES)]
    for column in [name.text if isinstance(name, r_calls.Name) else name for name in named]:
        if column in frame.columns:
            return sa.Survey.from_counts(frame, count=column)
    return frame


def by_level(model: Any, prepared: Asked, label: str, named: bool = False) -> dict[str, dict[str, float]]:
    """Average effects on each level of the outcome, in the order of the scale: cat1, cat2, or by the levels' names."""
    frame = model.effects().frame
    rows = frame[frame["term"] == prepared.label(label)]
    names = [str(level) for level in rows["level"]] if named else [f"cat{i + 1}" for i in range(len(rows))]
    return {"ame": dict(zip(names, rows["estimate"])), "se": dict(zip(names, rows["se"]))}


@adapter("c.binary")
def binary(case: Case, library: Library) -> dict[str, Any]:
    """glm(binomial), model-based."""
    model, prepared = binary_model(case, library, "model")
    labels = list(case.values["coef"])
    effects = once(lambda: effect_rows(model))
    terms = {term: prepared.label(first_label) for term, first_label in _effect_labels(case).items()}

    def with_errors(variance: str) -> pd.DataFrame:
        return coefficients(binary_model(case, library, variance)[0], labels, prepared)["vcov"]

    return {
        **fit_statistics(model),
        **coefficients(model, labels, prepared),
        "ame": {term: lambda ours=ours: effects()[ours] for term, ours in terms.items()},
        "HC0": lambda: with_errors("hc0"),
        "HC1": lambda: with_errors("hc1"),
        "vcov_observed_info": lambda: with_errors("observed"),
        "ci95_profile": lambda: profile_ends(model, prepared, labels),
    }


@adapter("c.profile")
def profile(case: Case, library: Library) -> dict[str, Any]:
    """Intervals by the profile of the likelihood of a binary or a cumulative model, alone."""
    labels = listed(case.values["interval"]["rows"])
    prepared = asked(case.args["formula"], case, library, frame_of(case, library), case.args["family"], labels)
    ordinal = case.args["family"] == "ordinal"
    if ordinal:
        model = sa.ordered(prepared.frame, prepared.formula, link=case.args["link"], variance="model")
    else:
        model = fitted(prepared.frame, prepared.formula, ("binomial", case.args["link"]), "model")
    return {"interval": lambda: profile_ends(model, prepared, labels)}


def profile_ends(model: Any, prepared: Asked, labels: list[str]) -> pd.DataFrame:
    """Ends of intervals by the profile of the likelihood."""
    frame = model.profile_intervals().frame.set_index("term").loc[[prepared.label(label) for label in labels]]
    return frame[["ci_low", "ci_high"]].set_axis(["low", "high"], axis=1).set_axis(labels, axis=0)


def binary_model(case: Case, library: Library, variance: str) -> tuple[Any, Asked]:
    """A binary model on respondents as they are."""
    frame = frame_of(case, library)
    prepared = asked(case.args["formula"], case, library, frame, "binomial", list(case.values["coef"]))
    return fitted(counted(case, prepared.frame), prepared.formula, ("binomial", case.args["link"]), variance), prepared


def _effect_labels(case: Case) -> dict[str, str]:
    """R's label of the coefficient behind each effect."""
    binary = {term: listed(label)[0] for term, label in dict(case.args.get("ame_binary") or {}).items()}
    return {term: binary.get(term, term) for term in case.values.get("ame", {})}


def effect_rows(model: Any, **asked_for: Any) -> dict[str, dict[str, float]]:
    """Average effects by our name of the term."""
    frame = model.effects(**asked_for).frame
    return {term: {"ame": a, "se": se} for term, a, se in zip(frame["term"], frame["estimate"], frame["se"])}
