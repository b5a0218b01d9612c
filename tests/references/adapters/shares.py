"""Proportions with their intervals, and two questions against each other."""

from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..reader import Case, Library
from . import adapter
from .layout import est_se, estimates, interval, keyed, once, plain, tested
from .samples import complete, design_of, domain_words, formula_names, frame_of, listed, within

INTERVALS = {"mean": "t", "xlogit": "logit", "beta": "exact", "asin": "arcsine",
             "likelihood": "likelihood", "wilson": "wilson"}  # fmt: skip
TESTS = {"F": "rao_scott", "Chisq": "rao_scott_chisq", "Wald": "wald", "adjWald": "adjusted_wald",
         "saddlepoint": "saddlepoint", "lincom": "lincom", "wls-score": "wls_score"}  # fmt: skip
CELLS = {"statistic": "statistic", "df": "df1", "df_denominator": "df2", "p": "p"}


@adapter("a.proportion_ci")
def proportion_interval(case: Case, library: Library) -> dict[str, Any]:
    """svyciprop of a condition, by method."""
    frame = frame_of(case, library)
    event = pd.Series(r_values.value(case.args["event"], frame), index=frame.index).astype("boolean")
    design = within(design_of(case, library, frame.assign(event_=event)), domain_words(case))
    confidence = case.args.get("level", 0.95)

    def row(method: str) -> pd.Series:
        return sa.proportion(design, "event_", level=True, interval=method, confidence=confidence).frame.iloc[0]

    def by_model() -> dict[str, float]:
        """R's "logit": the interval of the intercept of a logistic regression, brought back to the share."""
        (found,) = sa.logit(design, "event_ ~ 1", confidence=confidence).frame.to_dict("records")
        ends = {"p": "estimate", "low": "ci_low", "high": "ci_high"}
        return {theirs: 1 / (1 + np.exp(-found[ours])) for theirs, ours in ends.items()}

    found: dict[str, Any] = {
        theirs: lambda ours=ours: {"p": row(ours)["estimate"], **interval(row(ours))}
        for theirs, ours in INTERVALS.items()
    }
    return {**found, "logit": once(by_model), "degf": lambda: row("t")["df"]}


@adapter("a.crosstab")
def crosstab(case: Case, library: Library) -> dict[str, Any]:
    """svytable and svychisq, by statistic."""
    rows, columns = case.args["vars"]
    table = sa.crosstab(within(design_of(case, library), domain_words(case)), rows, by=columns)

    def weighted(whole: float | None = None) -> pd.DataFrame:
        keys = [list(dict.fromkeys(map(plain, table.frame[name]))) for name in ("level", columns)]
        cells = table.cells.weighted
        return pd.DataFrame(cells if whole is None else cells / cells.sum() * whole, index=keys[0], columns=keys[1])

    def test(key: str) -> dict[str, float | None]:
        found = tested(table.test(TESTS[key]), **CELLS)
        if key == "Chisq" and case.args.get("na") == "counted in n":
            del found["statistic"]  # R's counts the rows without an answer; ours never does
        return found

    found: dict[str, Any] = {key: once(lambda key=key: test(key)) for key in TESTS}
    tables = {"table": None, "table_shares": 1.0, "table_ntotal100": 100.0}
    return {**found, **{key: lambda whole=whole: weighted(whole) for key, whole in tables.items()}}


@adapter("a.kappa")
def kappa(case: Case, library: Library) -> dict[str, Any]:
    """svykappa."""
    a, b = formula_names(case, "svykappa")
    frame = sa.kappa(within(design_of(case, library), domain_words(case)), a, b).frame
    found = frame[frame["component"] == "kappa"].iloc[0]
    return {"kappa": found["estimate"], "se": found["se"]}


@adapter("a.standardize", "a.standardise")
def standardised(case: Case, library: Library) -> dict[str, Any]:
    """svystandardize, then svymean and svyby; R's `by` is our `over`, and its `over` our groups."""
    args, call = case.args, next(iter(r_calls.calls(case.r_call, "svystandardize")), None)
    over, by = (_names(args.get(key), call and call.get(key)) for key in ("by", "over"))
    answered = _names(args.get("excluding_missing"), call and call.get("excluding.missing"))
    (name,), words = formula_names(case, "svyby", "svymean"), domain_words(case)
    design, standard = design_of(case, library), args.get("population") or r_values.vector(call.get("population"))
    first = not set(design.survey.frame[over[0]].dropna()) <= set(standard)  # the domain, then the weights
    asked = {"by": by or None, "answered": answered or None}
    whole = once(lambda: (within(design, words) if first else design).standardised(over, standard, **asked))
    domain = once(lambda: within(whole(), words))
    groups = listed(args.get("by_groups", by))
    result = once(lambda: sa.mean(domain(), name, by=groups or None))

    def by_group() -> dict[str, Any]:
        found = estimates(result(), keyed(result().frame, groups))
        return {**found, "est": found["estimate"]}

    return {
        "mean": lambda: est_se(sa.mean(domain(), name)),
        "by": once(by_group),
        "estimate": lambda: by_group()["estimate"],
        "se": lambda: by_group()["se"],
        "degf": lambda: complete(domain(), [name]).df,
        "sum_weights": lambda: domain().row_weights.sum(),
        "sum_weights_squared": lambda: (domain().row_weights ** 2).sum(),
    }


def _names(listed_ones: Any, formula: Any) -> list[str]:
    """Questions that args list, or a formula names."""
    if listed_ones is not None:
        return listed(listed_ones)
    return r_calls.names(formula) if formula is not None else []
