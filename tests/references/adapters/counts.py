"""Models of counts: Poisson, negative binomial, hurdle and zero-inflated, of one data set without a design."""

import re
from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .formulas import Asked, asked
from .samples import frame_of

DISPERSIONS = {"ln_theta": -1, "lnalpha": 1, "ln_alpha": 1}
"""R's labels of the dispersion, and the sign that makes it log alpha."""
KINDS = {"glm": "poisson", "glm.nb": "negative_binomial", "hurdle": "hurdle", "zeroinfl": "zero_inflated"}


@adapter("c.count")
def counts(case: Case, library: Library) -> dict[str, Any]:
    """glm, glm.nb, hurdle and zeroinfl, by the observed information."""
    labels = list(case.values["coef"])
    frame = frame_of(case, library)
    prepared = asked(_formula(case, frame), case, library, frame, "poisson", [_parted(label)[1] for label in labels])
    model = _model(case, prepared, "model")
    chosen, sign = _rows(model, prepared, labels)
    rows = model.frame.iloc[chosen]
    covariance = pd.DataFrame(model.covariance[np.ix_(chosen, chosen)] * np.outer(sign, sign), labels, labels)
    extra = model.extra

    def robust(variance: str) -> pd.DataFrame:
        found = _model(case, prepared, variance).covariance[np.ix_(chosen, chosen)]
        return pd.DataFrame(found * np.outer(sign, sign), labels, labels)

    return {
        "coef": dict(zip(labels, sign * rows["estimate"])),
        "se": dict(zip(labels, rows["se"])),
        "z": dict(zip(labels, sign * rows["statistic"])),
        "p_normal": dict(zip(labels, rows["p"])),
        "vcov": covariance,
        "logLik": extra["loglik"],
        "k": len(labels),
        "AIC": extra["aic"],
        "BIC": extra["bic"],
        "deviance": lambda: extra["deviance"],
        "pearson_chi2": lambda: extra["pearson_chi2"],
        "theta": lambda: 1 / extra["overdispersion"],
        "HC0": lambda: robust("hc0"),
        "HC1": lambda: robust("hc1"),
    }


def _call(case: Case) -> tuple[str, str]:
    """R's function, and its arguments as text."""
    found = re.search(r"(?:\w+::)?(glm\.nb|glm|hurdle|zeroinfl)\((.*)\)", case.r_call)
    if not found:
        raise LookupError("no call of a model of counts")
    return found[1], found[2]


def _formula(case: Case, frame: pd.DataFrame) -> str:
    """The formula of the counts, "." written out; the same for both parts where R has one for each."""
    left, _, right = _call(case)[1].split(",")[0].partition("~")
    parts = [part.strip() for part in right.split("|")]
    if len(set(parts)) > 1:
        raise LookupError("two formulas")
    rest = " + ".join(name for name in frame.columns if name != left.strip())
    formula = f"{left.strip()} ~ {rest if parts[0] == '.' else parts[0]}"
    r_calls.sides(formula)
    return formula


def _model(case: Case, prepared: Asked, variance: Any) -> Any:
    """The model of a case."""
    function, arguments = _call(case)
    more: dict[str, Any] = {}
    if function in ("hurdle", "zeroinfl"):
        more["distribution"] = "nb2" if "negbin" in arguments else "poisson"
    return getattr(sa, KINDS[function])(prepared.frame, prepared.formula, variance=variance, **more)


def _parted(label: str) -> tuple[str, str]:
    """Component and label of a coefficient."""
    if label in DISPERSIONS:
        return "dispersion", label
    part, _, rest = label.rpartition(":") if label.startswith(("count:", "zero:")) else ("count", "", label)
    return ("zero" if part == "zero" else "slope"), rest


def _rows(model: Any, prepared: Asked, labels: list[str]) -> tuple[list[int], np.ndarray]:
    """Positions of our rows in R's order, and the sign of each."""
    known = {(c, t): i for i, (c, t) in enumerate(zip(model.frame["component"], model.frame["term"]))}
    chosen = []
    for label in labels:
        part, rest = _parted(label)
        chosen.append(known[part, "log(alpha)" if part == "dispersion" else prepared.label(rest)])
    return chosen, np.array([DISPERSIONS.get(label, 1) for label in labels])
