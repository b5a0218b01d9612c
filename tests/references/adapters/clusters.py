"""Respondents in clusters without any other design: sandwich::vcovCL."""

import re
from typing import Any

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .formulas import VERBS, Asked, asked, coefficients, family_of
from .layout import once
from .models import counted
from .samples import first, frame_of
from .scales import formula_in

LINEAR = ("gaussian", "identity")
WORDS = {
    "logit": ("binomial", "logit"),
    "probit": ("binomial", "probit"),
    "cloglog": ("binomial", "cloglog"),
    "poisson": ("poisson", "log"),
    "ols": LINEAR,
    "linear": LINEAR,
}


@adapter("c.cluster")
def clustered(case: Case, library: Library) -> dict[str, Any]:
    """vcovCL of a glm: type HC0 with G/(G-1), and HC1, which R multiplies with (n-1)/(n-k)."""
    model, prepared = _model(case, library)
    labels = list(case.values["coef"])
    found = coefficients(model, labels, prepared)
    errors = once(lambda: found["vcov"])
    n, k = model.n, len(model.frame)
    return {
        **found,
        "CL_HC0": errors,
        "CL_HC1": lambda: errors() * ((n - 1) / (n - k)),
        "logLik": lambda: model.extra["loglik"],
        "n_clusters": lambda: float(model.model_frame.used.df + 1),
    }


def _model(case: Case, library: Library) -> tuple[Any, Asked]:
    """The model that arguments, a call or words tell, on a design of clusters alone."""
    formula, family = _told(case)
    labels = list(case.values["coef"])
    frame = frame_of(case, library)
    kind = "binomial" if family[0] == "binomial" else family[0]
    prepared = asked(formula, case, library, frame, kind, labels)
    design = sa.Design(counted(case, prepared.frame), clusters=_cluster(case, frame))
    return getattr(sa, VERBS[family])(design, prepared.formula), prepared


def _told(case: Case) -> tuple[str, tuple[str, str]]:
    args = case.args or {}
    for call in r_calls.calls(case.r_call, "glm", "lm"):
        family = call.get("family", 1)
        named = family_of(r_calls.write(family)) if family and call.function == "glm" else LINEAR
        return r_calls.write(call.get("formula", 0)), named
    formula = first(args.get("formula")) or formula_in(case.words)
    if not formula:
        raise LookupError("no formula")
    if "family" in args:
        return formula, family_of(args["family"])
    told = first(args.get("link")) or next(
        (word for word in WORDS if re.search(rf"\b{word}\b", case.words.lower())), ""
    )
    return formula, WORDS[told]


def _cluster(case: Case, frame: Any) -> str:
    """The column of clusters: of the arguments, or "cluster = x" in words."""
    told = first((case.args or {}).get("cluster"))
    found = re.search(r"cluster *= *~?([\w.]+)", case.words)
    name = str(told).lstrip("~") if told else found[1] if found else ""
    if name not in frame.columns:
        raise LookupError("no words say which column holds the clusters")
    return name
