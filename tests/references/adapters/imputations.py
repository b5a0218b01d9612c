"""Results of several imputed data sets, combined by Rubin's rules."""

import re
from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from ..reader import Case, Library, number
from . import adapter
from .formulas import Asked, asked, family_of, fitted
from .layout import once, square, tested
from .samples import design_of, formula_names, listed

RULES = {"qbar": "estimate", "ubar": "within", "b": "between", "t": "total", "df": "df", "lambda": "share",
         "riv": "increase", "fmi": "fmi", "missinfo": "fmi"}  # fmt: skip
SHOWN = {"coef": "estimate", "se": "se", "p": "p", "ci95_low": "ci_low", "ci95_high": "ci_high"}


@adapter("d.mi")
def imputations(case: Case, library: Library) -> dict[str, Any]:
    """mice::pool and mitools::MIcombine; joint tests (D1) of the terms that are told."""
    prepared, results = _analysed(case, library)
    complete = number(case.args["dfcom"]) if "dfcom" in case.args else np.inf
    found = sa.pool(results, df=complete)
    if "D1" in case.values:
        test = once(lambda: found.test(*_terms(case, prepared)))
        told = once(lambda: tested(test(), statistic="D1", df="df1", df_denominator="df2", p="p"))
        parts = {key: lambda key=key: told()[key] for key in ("D1", "df1", "df2", "p")}
        return {**parts, "riv": lambda: test().extra["increase"]}
    labels = list(case.values.get("qbar", case.values.get("coef", {})))
    order = _rows(found, labels, prepared)
    rules = found.information.frame.assign(estimate=found.frame["estimate"]).iloc[order].set_axis(labels, axis=0)
    frame = found.frame.iloc[order].set_axis(labels, axis=0)
    return {
        **{theirs: rules[ours] for theirs, ours in RULES.items()},
        **{theirs: frame[ours] for theirs, ours in SHOWN.items() if ours in frame},
        "vcov": square(found.covariance[order][:, order], labels),
        "df_rubin1987": lambda: _old(results, order, labels),
    }


def _old(results: list[Any], order: list[int], labels: list[str]) -> pd.Series:
    """Degrees of freedom for infinite ones with complete answers."""
    return sa.pool(results, df=np.inf).frame["df"].iloc[order].set_axis(labels)


def _analysed(case: Case, library: Library) -> tuple[Asked | None, list[Any]]:
    """The same analysis on every data set."""
    sets = [library.data(name) for name in case.data]
    if means := formula_names(case, "svymean") if "vars" in case.args or "svymean(" in case.r_call else []:
        return None, [sa.mean(design_of(case, library, frame), means) for frame in sets]
    formula, family = _model(case)
    prepared = [asked(formula, case, library, frame, family[0]) for frame in sets]
    if "design" not in case.args:
        return prepared[0], [fitted(sa.Design(one.frame), one.formula, family, "model") for one in prepared]
    return prepared[0], [fitted(design_of(case, library, one.frame), one.formula, family) for one in prepared]


def _model(case: Case) -> tuple[str, tuple[str, str]]:
    """Formula and family: of the arguments, or of the first model that the words tell."""
    if "formula" in case.args:
        return case.args["formula"], family_of(case.args.get("family", "gaussian"))
    told = re.search(r"\b(?:svy)?(?:lm|glm)\(\s*([^,()]+~[^,()]+?)\s*(?:,\s*(?:family\s*=\s*)?(\w+))?[,()]", case.words)
    if told is None:
        raise LookupError("no formula")
    return told[1], family_of(told[2] or "gaussian")


def _terms(case: Case, prepared: Asked | None) -> list[str]:
    """What is tested jointly: of the arguments, or the question that the words tell."""
    if case.args.get("terms"):
        return listed(case.args["terms"])
    questions = prepared.questions if prepared else []
    told = re.search(r"\bof (?:the )?(\w+)", case.spec)
    named = [told[1]] if told and told[1] in questions else []
    if not named:
        named = [name for name in questions if re.search(rf"\bof (?:the )?{re.escape(name)}\b", case.words)]
    if not named:
        raise LookupError("no terms to test")
    return named


def _rows(found: sa.Estimates, labels: list[str], prepared: Asked | None) -> list[int]:
    """Positions of R's labels."""
    frame = found.frame
    names = frame["term"].tolist() if prepared else frame["outcome"].tolist()
    return [names.index(prepared.label(label) if prepared else label) for label in labels]
