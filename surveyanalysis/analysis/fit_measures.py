"""How well a model fits as a whole: likelihood, explained variation, information criteria."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..estimators.fit import Vector
from ..language import both
from .diagnostic import Diagnostic
from .error_words import MODEL_BASED
from .working_tests import generalised_deffs

if TYPE_CHECKING:
    from .model import Model

WHAT = both("Measures of fit", "모형 적합도 지표")
INDEPENDENT = both(
    "AIC and BIC take the respondents as independent; dAIC counts what the design does to the coefficients",
    "AIC와 BIC는 응답자의 독립을 가정; dAIC는 표본설계의 효과를 반영",
)


def fit_measures(model: "Model") -> Diagnostic:
    """Measures of fit of a model; see `Model.fit_measures`."""
    found = {**_likelihood(model), **explained(model), **_criteria(model)}
    values = {name: float(value) for name, value in found.items()}
    frame = pd.DataFrame({"measure": list(values), "estimate": list(values.values())})
    origin = replace(model.origin, what=WHAT, interval={})
    if model.variance == "design" and not model.model_frame.used.simple:
        origin = origin.with_notes(INDEPENDENT)
    return Diagnostic(frame, "fit_measures", model.estimates.labels, origin, values)


def _likelihood(model: "Model") -> dict[str, float]:
    """Likelihoods with weights of mean 1, with and without terms."""
    extra = model.extra
    loglik, null = extra["loglik"], extra["loglik_null"]
    return {
        "n": extra["n"],
        "n_weighted": extra["n_weighted"],
        "k": len(model.params),
        "loglik": loglik,
        "loglik_null": null,
        **_deviances(extra),
        "likelihood_ratio": 2 * (loglik - null),
    }


def _deviances(extra: Mapping[str, float]) -> dict[str, float]:
    """Distances from the saturated model, where the likelihood has one."""
    if "deviance" not in extra:
        return {}
    return {"deviance": extra["deviance"], "deviance_null": extra.get("deviance_null", -2 * extra["loglik_null"])}


def explained(model: "Model") -> dict[str, float]:
    """Pseudo R2 of the likelihood and of the predictions."""
    extra, k = model.extra, len(model.params)
    loglik, null, n = extra["loglik"], extra["loglik_null"], extra["n"]
    cox_snell = -np.expm1(2 * (null - loglik) / n)
    measures = {
        "mcfadden": extra["mcfadden"],
        "mcfadden_adjusted": 1 - (loglik - k) / null,
        "cox_snell": cox_snell,
        "nagelkerke": cox_snell / -np.expm1(2 * null / n),
    }
    if model.response.expected_scale != "probability":
        return measures  # counts are expected, not answers
    weights, y = model.model_frame.used.row_weights, model.outcome.y.astype(np.intp)
    shares = model.expected
    if model.response.shown == 1:
        event = shares[:, 0]
        measures["tjur"] = _mean(event[y == 1], weights[y == 1]) - _mean(event[y == 0], weights[y == 0])
        measures["brier"] = _mean((y - event) ** 2, weights)
        shares = np.column_stack([1 - event, event])
    likeliest = shares.shape[1] - 1 - shares[:, ::-1].argmax(axis=1)  # of equals the higher: p = 0.5 is the event
    correct = _mean((likeliest == y).astype(float), weights)
    largest = np.bincount(y, weights).max() / weights.sum()
    return {**measures, "count_r2": correct, "count_r2_adjusted": (correct - largest) / (1 - largest)}


def _mean(values: Vector, weights: Vector) -> float:
    return float(weights @ values / weights.sum())


def _criteria(model: "Model") -> dict[str, float]:
    """Information criteria; under a design also Lumley and Scott's."""
    extra = model.extra
    plain = {"aic": extra["aic"], "bic": extra["bic"]}
    if model.variance in MODEL_BASED:
        return plain
    slopes = [row for row, place in enumerate(model.places) if place.column]
    deffs = generalised_deffs(model, slopes) if slopes else np.zeros(0)
    total = float(deffs.sum())
    mean = total / len(slopes) if len(slopes) else np.nan
    return {**plain, "daic": -2 * extra["loglik"] + 2 * total, "effective_parameters": total, "mean_deff": mean}
