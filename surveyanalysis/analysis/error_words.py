"""Standard errors in words: what they rest on, their degrees of freedom, replicates that gave none."""

from typing import Literal

import numpy as np

from ..design.design import Design
from ..language import Text, both

Variance = Literal["design", "model", "observed", "robust", "hc0", "hc1", "hc2", "hc3"]
VARIANCES = ("design", "model", "robust", "hc0", "hc1")
LINEAR_VARIANCES = (*VARIANCES, "hc2", "hc3")
BINARY_VARIANCES = (*VARIANCES, "observed")
MODEL_BASED = ("model", "observed")
"""Errors that take the model as right, and respondents as independent."""
ROBUST = ("robust", "hc0", "hc1", "hc2", "hc3")
"""Errors that take respondents as independent and the model as wrong."""
VARIANCE_WORDS = {
    "design": both("design-based standard errors (linearised)", "설계 기반 표준오차(선형화)"),
    "replicates": both("standard errors from replicate weights", "반복표본 가중치 표준오차"),
    "model": both("model-based standard errors (inverse observed information)", "모형 기반 표준오차(관측정보의 역)"),
    "observed": both("model-based standard errors (inverse observed information)", "모형 기반 표준오차(관측정보의 역)"),
    "robust": both(
        "robust standard errors (sandwich times n / (n - 1); respondents taken as independent)",
        "강건 표준오차(샌드위치 × n / (n - 1); 응답자 독립 가정)",
    ),
    "hc0": both("robust standard errors (HC0)", "강건 표준오차(HC0)"),
    "hc1": both("robust standard errors (HC1: times n / (n - k))", "강건 표준오차(HC1: × n / (n - k))"),
    "hc2": both(
        "robust standard errors (HC2: squares over 1 - leverage)", "강건 표준오차(HC2: 잔차제곱 ÷ (1 - 지렛값))"
    ),
    "hc3": both("robust standard errors (HC3: residuals over 1 - leverage)", "강건 표준오차(HC3: 잔차 ÷ (1 - 지렛값))"),
}


def variance_words(variance: Variance | None, design: Design) -> Text:
    """How standard errors were computed under this design."""
    if variance == "design" and design.replicates is not None:
        return VARIANCE_WORDS["replicates"]
    return VARIANCE_WORDS[variance] if variance else {}


def df_words(used: Design, df: float | None, grouped: bool) -> Text:
    """What the degrees of freedom are counted from; `df` where coefficients were taken off."""
    number = used.df if df is None else df
    if not np.isfinite(number):
        return {}
    if used.replicates is not None:
        rule = both("rank of the replicate weights minus 1", "반복표본 가중치 행렬의 계수 - 1")
    elif used.sample.first.cluster is None:
        rule = both("respondents minus strata", "응답자 수 - 층 수")
    else:
        rule = both("clusters minus strata", "집락 수 - 층 수")
    if grouped:
        return both("degrees of freedom of each group: its {en}", "집단별 자유도: 해당 집단의 {ko}", **rule)
    taken = both(", plus 1, minus coefficients", ", + 1 - 계수의 수") if df is not None else {"en": "", "ko": ""}
    return both("{k:g} degrees of freedom ({en})", "자유도 {k:g}({ko})", k=number, en=rule["en"] + taken["en"],
                ko=rule["ko"] + taken["ko"])  # fmt: skip


def failed_note(failed: int, design: Design) -> tuple[Text, ...]:
    """One note on replicates that gave no result."""
    if not failed or design.replicates is None:
        return ()
    count = design.replicates.count
    return (
        both(
            "{k} of {n} replicates gave no estimate and were left out",
            "반복표본 {n}개 중 {k}개는 추정 불가로 제외",
            k=failed,
            n=count,
        ),
    )
