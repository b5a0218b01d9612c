"""Tests of independence by name: which to run, why, and what each says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from ..estimators.fit import Vector
from ..language import Text, both
from ..results import Test
from . import chi_square_sums, contingency
from .contingency import CellTable
from .exact import exact_test
from .wald import wald

Method = Literal[
    "auto", "rao_scott", "rao_scott_chisq", "likelihood_ratio", "saddlepoint", "lincom", "wald", "adjusted_wald",
    "pearson", "exact",
]  # fmt: skip
METHODS = (
    "auto", "rao_scott", "rao_scott_chisq", "likelihood_ratio", "saddlepoint", "lincom", "wald", "adjusted_wald",
    "pearson", "exact",
)  # fmt: skip
CLASSICAL = ("pearson", "exact")
EFFECT = "Cramér's V"
IGNORED = both(
    "this test ignores weights, strata, clusters and finite population", "가중치·층·집락·유한모집단을 무시한 검정"
)

THIN = both(
    "small expected counts: merge answers or groups and see whether the result holds; the exact test would ignore the "
    "design",
    "기대도수가 작음: 응답이나 집단을 합쳐 결과가 유지되는지 확인할 것; 정확검정은 표본설계를 무시함",
)
NO_VARIANCE = both(
    "the design leaves no degrees of freedom, or no variance, for an F test", "F 검정에 쓸 자유도 또는 분산이 없음"
)
SINGULAR = both(
    "no Wald test: its covariance is singular, or larger than the degrees of freedom of the design; use "
    "method='rao_scott'",
    "왈드 검정 불가: 공분산이 특이하거나 설계 자유도보다 큼; method='rao_scott' 사용",
)


def choose(method: Method, table: CellTable) -> tuple[Method, tuple[Text, ...]]:
    """The test to run, and why."""
    if method != "auto":
        return method, _cautions(method, table)
    if not table.simple:
        why = both("Rao-Scott because the sample is not simple random", "단순임의표본이 아니므로 라오-스콧 검정")
        return "rao_scott", (why, *_cautions("rao_scott", table))
    if contingency.thin(table.counts):
        return "exact", (
            both(
                "exact because more than 20% of expected counts are below 5, or one is below 1",
                "기대도수 5 미만 칸이 20%를 넘거나 1 미만 칸이 있어 정확검정",
            ),
        )
    return "pearson", (both("Pearson because expected counts are large enough", "기대도수가 충분하여 피어슨 검정"),)


def _cautions(method: Method, table: CellTable) -> tuple[Text, ...]:
    """What a test ignores, and where its approximation is thin."""
    if method in CLASSICAL:
        return () if table.simple else (IGNORED,)
    return () if table.simple or not contingency.thin(table.counts) else (THIN,)


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
    return _second_order(
        table,
        contingency.rao_scott(table),
        both("Rao-Scott F test (second-order correction)", "라오-스콧 F 검정(2차 보정)"),
    )


def _likelihood_ratio(table: CellTable, seed: int) -> Test:
    found = contingency.rao_scott(table, contingency.likelihood_statistic)
    name = both("Rao-Scott likelihood-ratio F test (second-order correction)", "라오-스콧 가능도비 F 검정(2차 보정)")
    test = _second_order(table, found, name)
    return replace(test, extra={"g2": found.x2, "mean_deff": found.mean_deff})


def _second_order(table: CellTable, found: contingency.RaoScott, name: Text) -> Test:
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


def _saddlepoint(table: CellTable, seed: int) -> Test:
    name = both("Rao-Scott test by saddlepoint approximation", "라오-스콧 검정(안장점 근사)")
    return _by_distribution(table, name, chi_square_sums.saddlepoint)


def _lincom(table: CellTable, seed: int) -> Test:
    name = both(
        "Rao-Scott test by the exact distribution of the sum of chi-squares",
        "라오-스콧 검정(카이제곱 선형결합의 정확분포)",
    )
    return _by_distribution(table, name, chi_square_sums.tail)


def _by_distribution(table: CellTable, name: Text, p_value: Callable[[float, Vector, float], float]) -> Test:
    """X2 against chi-squares weighted by the design effects: over another for its denominator, but for replicates."""
    found = contingency.rao_scott(table)
    test = _corrected(table, found, name)
    if np.isnan(found.p):
        return replace(test, p=np.nan)
    below = np.inf if table.replicated else found.df_denominator
    deffs = found.deffs[found.deffs > 1e-12 * found.deffs.max()]
    return replace(test, p=p_value(found.x2, deffs, below), df_denominator=None if table.replicated else below)


def _corrected(table: CellTable, found: contingency.RaoScott, name: Text) -> Test:
    """The first-order test, with what all corrections share."""
    x2 = contingency.pearson_statistic(table.weighted / table.weighted.sum()) * table.n
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    extra = {"x2": found.x2, "mean_deff": found.mean_deff, "x2_corrected": found.statistic * found.chi_df}
    test = Test(name, found.x2, found.chi_p, df=found.chi_df, effect=effect, effect_name=EFFECT, n=table.n, extra=extra)
    return test if not np.isnan(found.p) else replace(test, origin=test.origin.with_notes(NO_VARIANCE))


def _wald(table: CellTable, seed: int) -> Test:
    return _by_wald(table, both("Wald F test of independence", "독립성 왈드 F 검정"), adjusted=False)


def _adjusted_wald(table: CellTable, seed: int) -> Test:
    return _by_wald(table, both("adjusted Wald F test of independence", "독립성 수정 왈드 F 검정"), adjusted=True)


def _by_wald(table: CellTable, name: Text, adjusted: bool) -> Test:
    found = wald(table, adjusted)
    x2 = contingency.pearson_statistic(table.weighted / table.weighted.sum()) * table.n
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    test = Test(name, found.statistic, found.p, df=found.df, df_denominator=found.df_denominator, effect=effect,
                effect_name=EFFECT, n=table.n, extra={"chi2": found.chi2, "x2": x2})  # fmt: skip
    empty = int((table.counts == 0).sum())
    notes = (SINGULAR,) if np.isnan(found.p) else ()
    if empty:
        told = both(
            "{k} empty cell(s): Wald's test is unsafe; method='rao_scott' is not troubled by them",
            "빈 칸 {k}개: 왈드 검정은 불안정함; method='rao_scott'은 영향을 덜 받음",
            k=empty,
        )
        notes = (told, *notes)
    return replace(test, origin=test.origin.with_notes(*notes))


TESTS = {
    "pearson": _pearson,
    "exact": _exact,
    "rao_scott": _rao_scott,
    "rao_scott_chisq": _rao_scott_chisq,
    "likelihood_ratio": _likelihood_ratio,
    "saddlepoint": _saddlepoint,
    "lincom": _lincom,
    "wald": _wald,
    "adjusted_wald": _adjusted_wald,
}
