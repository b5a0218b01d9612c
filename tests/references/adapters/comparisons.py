"""Tests of means and of ranks between groups."""

import re
from typing import Any

import surveyanalysis as sa

from .. import r_calls
from ..reader import Case, Library
from . import adapter
from .layout import once
from .samples import design_of, domain_words, within

RANKS = {"wilcoxon": "wilcoxon", "vanderWaerden": "van_der_waerden", "median": "median",
         "KruskalWallis": "kruskal_wallis"}  # fmt: skip


@adapter("a.ttest")
def t_test(case: Case, library: Library) -> dict[str, Any]:
    """svyttest: y ~ group, or y ~ 0; keys ci95, ci90 hold intervals."""
    outcome, group = _sides(case.args["formula"])
    design = within(design_of(case, library), domain_words(case))
    test = sa.t_test(design, outcome, by=group)

    def interval(confidence: float) -> dict[str, float]:
        return dict(zip(("low", "high"), sa.t_test(design, outcome, by=group, confidence=confidence).effect_ci or ()))

    found: dict[str, Any] = {"t": test.statistic, "df": test.df, "p": test.p}
    found |= {"difference": test.effect, "mean": test.effect}
    widths = [key for key in case.values if re.fullmatch(r"ci\d+", key)]
    found |= {key: lambda key=key: interval(int(key[2:]) / 100) for key in widths}
    ranked = [key for key in case.values if key in RANKS]
    return {**found, **{key: once(lambda key=key: _ranks(design, case.args["formula"], key)) for key in ranked}}


@adapter("a.ranktest")
def rank_test(case: Case, library: Library) -> dict[str, Any]:
    """svyranktest, by test; "KruskalWallis: y~g" in the call gives a test a formula of its own."""
    design = within(design_of(case, library), domain_words(case))
    formulas = {key: _formula(case, key) for key in case.values}
    return {key: once(lambda key=key: _ranks(design, formulas[key], key)) for key in case.values}


def _ranks(design: sa.Design, formula: str, key: str) -> dict[str, float | None]:
    """One rank test.

    For more than two groups, where ours is an F, R prints its first df as statistic, and the chi-square as df.
    """
    outcome, group = _sides(formula)
    test = sa.rank_test(design, outcome, by=group, test=RANKS[key])
    if test.df_denominator is None:
        return {"statistic": test.statistic, "df": test.df, "estimate": test.effect, "p": test.p}
    chisq = test.statistic * test.df
    named = {"chisq": chisq, "ndf": test.df, "ddf": test.df_denominator}
    return {"statistic": test.df, "df": chisq, "p": test.p, **named}


def _formula(case: Case, key: str) -> str:
    """The formula of one test: of the arguments, its own, or that of the first call."""
    if "group" in case.args:
        return f"{case.args['y']}~{case.args['group']}"
    if own := re.search(rf"\b{key}: *([\w.]+ *~ *[\w.]+)", case.r_call):
        return own[1]
    for call in r_calls.calls(case.r_call, "svyranktest"):
        return r_calls.write(call.get("formula", 0))
    raise LookupError(f"no formula for {key}")


def _sides(formula: str) -> tuple[str, str | None]:
    """Outcome and group; no group for y ~ 0."""
    left, right = r_calls.sides(formula)
    return r_calls.names(left)[0], next(iter(r_calls.names(right)), None)
