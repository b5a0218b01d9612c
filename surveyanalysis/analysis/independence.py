"""Tests of independence by name: which to run, why, and what each says."""

from typing import Literal

import numpy as np

from ..language import Text, both
from ..results import Test
from . import contingency, corrected
from .contingency import CellTable
from .corrected import EFFECT
from .exact import exact_test

Method = Literal[
    "auto", "rao_scott", "rao_scott_chisq", "likelihood_ratio", "saddlepoint", "lincom", "wald", "adjusted_wald",
    "pearson", "exact",
]  # fmt: skip
METHODS = (
    "auto", "rao_scott", "rao_scott_chisq", "likelihood_ratio", "saddlepoint", "lincom", "wald", "adjusted_wald",
    "pearson", "exact",
)  # fmt: skip
CLASSICAL = ("pearson", "exact")
IGNORED = both(
    "this test ignores weights, strata, clusters and finite population", "가중치·층·집락·유한모집단을 무시한 검정"
)

THIN = both(
    "small expected counts: merge answers or groups and see whether the result holds; the exact test would ignore the "
    "design",
    "기대도수가 작음: 응답이나 집단을 합쳐 결과가 유지되는지 확인할 것; 정확검정은 표본설계를 무시함",
)

THIN_SIMPLE = both(
    "small expected counts: method='exact' needs no approximation", "기대도수가 작음: method='exact'는 근사가 필요 없음"
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
    ignored = (IGNORED,) if method in CLASSICAL and not table.simple else ()
    if method == "exact" or not contingency.thin(table.counts):
        return ignored
    return (*ignored, THIN_SIMPLE if table.simple else THIN)


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


TESTS = {
    "pearson": _pearson,
    "exact": _exact,
    "rao_scott": corrected.rao_scott,
    "rao_scott_chisq": corrected.rao_scott_chisq,
    "likelihood_ratio": corrected.likelihood_ratio,
    "saddlepoint": corrected.saddlepoint,
    "lincom": corrected.lincom,
    "wald": corrected.wald_f,
    "adjusted_wald": corrected.adjusted_wald,
}
