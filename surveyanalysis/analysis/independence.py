"""Tests of independence by name: which to run, why, and what each says."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..language import Text, both
from ..results import Test
from . import contingency
from .contingency import CellTable
from .exact import exact_test

Method = Literal["auto", "rao_scott", "rao_scott_chisq", "pearson", "exact"]
METHODS = ("auto", "rao_scott", "rao_scott_chisq", "pearson", "exact")
EFFECT = "Cramér's V"
IGNORED = both(
    "this test ignores weights, strata, clusters and finite population", "가중치·층·집락·유한모집단을 무시한 검정"
)


def choose(method: Method, table: CellTable) -> tuple[Method, tuple[Text, ...]]:
    """The test to run, and why."""
    if method != "auto":
        ignored = method in ("pearson", "exact") and not table.simple
        return method, (IGNORED,) if ignored else ()
    if not table.simple:
        return "rao_scott", (
            both("Rao-Scott because the sample is not simple random", "단순임의표본이 아니므로 라오-스콧 검정"),
        )
    if contingency.thin(table.counts):
        return "exact", (
            both(
                "exact because more than 20% of expected counts are below 5, or one is below 1",
                "기대도수 5 미만 칸이 20%를 넘거나 1 미만 칸이 있어 정확검정",
            ),
        )
    return "pearson", (both("Pearson because expected counts are large enough", "기대도수가 충분하여 피어슨 검정"),)


def constant(table: CellTable) -> Test:
    """Everybody gave the same answer: there is one possible table."""
    name = both("no test: everybody gave the same answer", "검정 없음: 모두 같은 응답")
    return Test(name, statistic=0.0, p=1.0, df=0.0, n=table.n)


def _pearson(table: CellTable, seed: int) -> Test:
    x2, df, p = contingency.pearson_test(table.counts)
    name = both("Pearson chi-square test (no continuity correction)", "피어슨 카이제곱 검정(연속성 수정 없음)")
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    return Test(name, x2, p, df=df, effect=effect, effect_name=EFFECT, n=table.n)


def _exact(table: CellTable, seed: int) -> Test:
    found = exact_test(table.counts, seed)
    name = both("Fisher-Freeman-Halton exact test", "피셔-프리먼-핼턴 정확검정")
    extra: dict[str, float] = {}
    if found.draws:
        name = both(
            "Fisher-Freeman-Halton test by Monte Carlo ({k:,} tables, seed {s}, standard error of p {e:.2g})",
            "피셔-프리먼-핼턴 몬테카를로 검정({k:,}회, 시드 {s}, p의 표준오차 {e:.2g})",
            k=found.draws,
            s=seed,
            e=found.se,
        )
        extra = {"draws": found.draws, "seed": seed, "monte_carlo_se": found.se}
    x2 = contingency.pearson_statistic(table.counts.astype(float))
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    return Test(name, np.nan, found.p, effect=effect, effect_name=EFFECT, n=table.n, extra=extra)


def _rao_scott(table: CellTable, seed: int) -> Test:
    found = contingency.rao_scott(table)
    name = both("Rao-Scott F test (second-order correction)", "라오-스콧 F 검정(2차 보정)")
    test = _corrected(table, found, name)
    return replace(test, statistic=found.statistic, p=found.p, df=found.df, df_denominator=found.df_denominator)


def _rao_scott_chisq(table: CellTable, seed: int) -> Test:
    found = contingency.rao_scott(table)
    name = both(
        "Rao-Scott chi-square test (first-order: p from X2 / {d:.3f}, the mean design effect)",
        "라오-스콧 카이제곱 검정(1차 보정: p는 X2 / 평균 설계효과 {d:.3f})",
        d=found.mean_deff,
    )
    return _corrected(table, found, name)


def _corrected(table: CellTable, found: contingency.RaoScott, name: Text) -> Test:
    """The first-order test, with what both corrections share."""
    effect = contingency.cramers_v(found.x2, table.n, table.counts.shape)
    extra = {"x2": found.x2, "mean_deff": found.mean_deff, "x2_corrected": found.statistic * found.chi_df}
    test = Test(name, found.x2, found.chi_p, df=found.chi_df, effect=effect, effect_name=EFFECT, n=table.n, extra=extra)
    if not np.isnan(found.p):
        return test
    note = both(
        "the design leaves no degrees of freedom, or no variance, for an F test", "F 검정에 쓸 자유도 또는 분산이 없음"
    )
    return replace(test, origin=test.origin.with_notes(note))


TESTS = {"pearson": _pearson, "exact": _exact, "rao_scott": _rao_scott, "rao_scott_chisq": _rao_scott_chisq}
