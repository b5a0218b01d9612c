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
from .samples import design_of, frame_of, listed

DISPERSIONS = {"ln_theta": -1, "lnalpha": 1, "ln_alpha": 1}
"""R's labels of the dispersion, and the sign that makes it log alpha."""
KINDS = {"glm": "poisson", "glm.nb": "negative_binomial", "hurdle": "hurdle", "zeroinfl": "zero_inflated"}


@adapter("c.count")
def counts(case: Case, library: Library) -> dict[str, Any]:
    """glm, glm.nb, hurdle and zeroinfl, by the observed information; vuong of two of them."""
    if "vuong" in case.r_call:
        return {"z": lambda: _vuong(case, library)}
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


@adapter("b.svynb")
def survey_negative_binomial(case: Case, library: Library) -> dict[str, Any]:
    """NB2 under a design; outcome and covariates in the arguments or in words."""
    labels, frame = list(case.values["coef"]), frame_of(case, library)
    prepared = asked(_described(case), case, library, frame, "poisson", [_parted(label)[1] for label in labels])
    model = sa.negative_binomial(design_of(case, library, prepared.frame), prepared.formula)
    chosen, sign = _rows(model, prepared, labels)
    rows = model.frame.iloc[chosen]
    return {
        "coef": dict(zip(labels, sign * rows["estimate"])),
        "se": dict(zip(labels, rows["se"])),
        "vcov": pd.DataFrame(model.covariance[np.ix_(chosen, chosen)] * np.outer(sign, sign), labels, labels),
        "pseudo_logLik_weights_mean1": model.extra["loglik"],
    }


def _described(case: Case) -> str:
    """R's formula: given, listed in the arguments, or told as "outcome y (...), x = a (base E), b/10"."""
    if "formula" in case.args:
        return str(case.args["formula"])
    if "outcome" in case.args:
        left, terms = str(case.args["outcome"]), list(map(str, listed(case.args["x"])))
    else:
        said = re.search(r"outcome ([\w.]+)[^=]*?, x = ((?:\([^)]*\)|[^.(])+)", case.spec)
        if not said:
            raise LookupError("outcome and covariates are not told")
        left, terms = said[1], [re.sub(r"\(.*?\)", "", term).strip() for term in said[2].split(",")]
    plain = [term if re.fullmatch(r"[.\w]+", term) else f"I({term})" for term in terms]
    return f"{left} ~ {' + '.join(plain)}"


WORDS = {
    "ZIP": ("zero_inflated", "poisson"),
    "ZINB": ("zero_inflated", "nb2"),
    "Poisson": ("poisson", None),
    "NB": ("negative_binomial", None),
    "NB2": ("negative_binomial", None),
}
"""What models are called in words: our verb and its distribution."""


def _vuong(case: Case, library: Library) -> dict[str, float]:
    """Two models named in words, of the formula that other cases of the same data have."""
    named = re.search(rf"({'|'.join(WORDS)}) vs\.? ({'|'.join(WORDS)})\b", case.spec)
    beside = [c for c in library.cases.values() if c.kind == case.kind and c.data == case.data and "coef" in c.values]
    if not named or not beside:
        raise LookupError("no two models of counts")
    frame = frame_of(case, library)
    prepared = asked(_formula(beside[0], frame), case, library, frame, "poisson")

    def model(word: str) -> Any:
        verb, law = WORDS[word]
        more = {} if law is None else {"distribution": law}
        return getattr(sa, verb)(prepared.frame, prepared.formula, variance="model", **more)

    first, second = (model(word) for word in named.groups())
    return {name: first.vuong(second, correction).statistic
            for name, correction in (("raw", "none"), ("aic", "aic"), ("bic", "bic"))}  # fmt: skip


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
