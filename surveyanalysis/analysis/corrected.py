"""Tests of independence that know the design: Rao and Scott's by several distributions, and Wald's."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..estimators.fit import Vector
from ..language import Text, both
from ..results import Test
from . import chi_square_sums, contingency
from .contingency import CellTable
from .wald import wald

EFFECT = "Cramér's V"
NO_VARIANCE = both(
    "the design leaves no degrees of freedom, or no variance, for an F test", "F 검정에 쓸 자유도 또는 분산이 없음"
)
SINGULAR = both(
    "no Wald test: its covariance is singular, or larger than the degrees of freedom of the design; use "
    "method='rao_scott'",
    "왈드 검정 불가: 공분산이 특이하거나 설계 자유도보다 큼; method='rao_scott' 사용",
)


def rao_scott(table: CellTable, seed: int) -> Test:
    """Pearson's statistic over the sum of the design effects, as F."""
    return _second_order(
        table,
        contingency.rao_scott(table),
        both("Rao-Scott F test (second-order correction)", "라오-스콧 F 검정(2차 보정)"),
    )


def likelihood_ratio(table: CellTable, seed: int) -> Test:
    """The likelihood ratio over the sum of the design effects, as F."""
    found = contingency.rao_scott(table, contingency.likelihood_statistic)
    name = both("Rao-Scott likelihood-ratio F test (second-order correction)", "라오-스콧 가능도비 F 검정(2차 보정)")
    test = _second_order(table, found, name)
    return replace(test, extra={"g2": found.x2, "mean_deff": found.mean_deff})


def _second_order(table: CellTable, found: contingency.RaoScott, name: Text) -> Test:
    test = _corrected(table, found, name)
    return replace(test, statistic=found.statistic, p=found.p, df=found.df, df_denominator=found.df_denominator)


def rao_scott_chisq(table: CellTable, seed: int) -> Test:
    """Pearson's statistic over the mean design effect, as chi-square."""
    found = contingency.rao_scott(table)
    name = both(
        "Rao-Scott chi-square test (first-order: p from X2 / {d:.3f}, the mean design effect)",
        "라오-스콧 카이제곱 검정(1차 보정: p는 X2 / 평균 설계효과 {d:.3f})",
        d=found.mean_deff,
    )
    return _corrected(table, found, name)


def saddlepoint(table: CellTable, seed: int) -> Test:
    """Pearson's statistic against the sum of chi-squares that it follows, approximated."""
    name = both("Rao-Scott test by saddlepoint approximation", "라오-스콧 검정(안장점 근사)")
    return _by_distribution(table, name, chi_square_sums.saddlepoint)


def lincom(table: CellTable, seed: int) -> Test:
    """Pearson's statistic against the sum of chi-squares that it follows."""
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


def wald_f(table: CellTable, seed: int) -> Test:
    """Wald's F."""
    return _by_wald(table, both("Wald F test of independence", "독립성 왈드 F 검정"), adjusted=False)


def adjusted_wald(table: CellTable, seed: int) -> Test:
    """Wald's F, lowered for few clusters."""
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
