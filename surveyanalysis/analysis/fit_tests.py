"""Tests of fit by name: which to run, why, and what each says."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..results import Test
from .contingency import Counts
from .goodness import multinomial_test, pearson_fit, rao_scott_fit
from .independence import IGNORED

FitMethod = Literal["auto", "rao_scott", "rao_scott_chisq", "pearson", "exact"]
FIT_METHODS = ("auto", "rao_scott", "rao_scott_chisq", "pearson", "exact")


@dataclass(frozen=True)
class Observed:
    """Respondents' counts and weighted shares, shape (k,), with the shares' covariance, against known shares."""

    counts: Counts
    share: Vector
    known: Vector
    covariance: Matrix
    df: float

    @property
    def n(self) -> int:
        """Respondents."""
        return int(self.counts.sum())


def choose_fit(method: str, simple: bool, expected: Vector) -> tuple[str, tuple[Text, ...]]:
    """The test to run, and why."""
    if method != "auto":
        return method, (IGNORED,) if method in ("pearson", "exact") and not simple else ()
    if not simple:
        return "rao_scott", (
            both("Rao-Scott because the sample is not simple random", "단순임의표본이 아니므로 라오-스콧 검정"),
        )
    if expected.min() < 5:
        return "exact", (both("exact because an expected count is below 5", "기대도수 5 미만이 있어 정확검정"),)
    return "pearson", (both("Pearson because expected counts are large enough", "기대도수가 충분하여 피어슨 검정"),)


def _pearson(seen: Observed, seed: int) -> Test:
    from scipy.special import chdtrc

    x2, df = pearson_fit(seen.counts.astype(float), seen.n * seen.known), len(seen.counts) - 1
    name = both("Pearson chi-square test of fit", "피어슨 카이제곱 적합도 검정")
    return Test(name, x2, float(chdtrc(df, x2)), df=df, effect=(x2 / seen.n) ** 0.5)


def _exact(seen: Observed, seed: int) -> Test:
    found = multinomial_test(seen.counts, seen.known, seed)
    name, extra = both("exact multinomial test of fit", "정확 다항 적합도 검정"), {}
    if found.draws:
        name = both(
            "multinomial test of fit by Monte Carlo ({k:,} samples, seed {s}, standard error of p {e:.2g})",
            "다항 적합도 몬테카를로 검정({k:,}회, 시드 {s}, p의 표준오차 {e:.2g})",
            k=found.draws,
            s=seed,
            e=found.se,
        )
        extra = {"draws": float(found.draws), "seed": float(seed), "monte_carlo_se": found.se}
    effect = (pearson_fit(seen.counts.astype(float), seen.n * seen.known) / seen.n) ** 0.5
    return Test(name, np.nan, found.p, effect=effect, extra=extra)


def _rao_scott(seen: Observed, seed: int, first_order: bool = False) -> Test:
    fit = rao_scott_fit(seen.share, seen.known, seen.covariance, seen.n, seen.df)
    extra = {"x2": fit.x2, "mean_deff": fit.mean_deff}
    effect = (fit.x2 / seen.n) ** 0.5
    if first_order:
        name = both(
            "Rao-Scott chi-square test of fit (first-order: p from X2 / {d:.3f}, the mean design effect)",
            "라오-스콧 카이제곱 적합도 검정(1차 보정: p는 X2 / 평균 설계효과 {d:.3f})",
            d=fit.mean_deff,
        )
        return Test(name, fit.x2, fit.chi_p, df=fit.chi_df, effect=effect, extra=extra)
    name = both("Rao-Scott F test of fit (second-order correction)", "라오-스콧 F 적합도 검정(2차 보정)")
    test = Test(name, fit.statistic, fit.p, fit.df, fit.df_denominator, effect, extra=extra)
    if not np.isnan(fit.p):
        return test
    note = both("the design leaves no degrees of freedom, or no variance: no test", "자유도 또는 분산이 없어 검정 불가")
    return replace(test, origin=test.origin.with_notes(note))


def _rao_scott_chisq(seen: Observed, seed: int) -> Test:
    return _rao_scott(seen, seed, first_order=True)


FIT_TESTS = {"pearson": _pearson, "exact": _exact, "rao_scott": _rao_scott, "rao_scott_chisq": _rao_scott_chisq}
