"""The origin of a result: what every verb says about base, design, variance and interval."""

from typing import Literal

import numpy as np

from ..design.design import Design
from ..language import Text, both
from ..results import Origin
from .variables import case_flow
from .volunteers import volunteer_note

Variance = Literal["design", "model"]
VARIANCES = ("design", "model")
VARIANCE_WORDS = {
    "design": both("design-based standard errors (linearised)", "설계 기반 표준오차(선형화)"),
    "replicates": both("standard errors from replicate weights", "반복표본 가중치 표준오차"),
    "model": both("model-based standard errors (inverse observed information)", "모형 기반 표준오차(관측정보의 역)"),
}
INTERVAL_WORDS = {
    "t": both("t interval", "t 신뢰구간"),
    "wilson": both("Wilson interval", "윌슨 신뢰구간"),
    "logit": both("logit interval", "로짓 신뢰구간"),
    "arcsine": both("arcsine interval", "아크사인 신뢰구간"),
    "likelihood": both("likelihood interval (Rao-Scott scaled)", "가능도 신뢰구간(라오-스콧 보정)"),
    "exact": both("exact (Clopper-Pearson, effective n) interval", "정확(클로퍼-피어슨) 신뢰구간"),
}


def interval_words(interval: str, confidence: float) -> Text:
    """Name an interval with its confidence: "95% Wilson interval"."""
    percent = f"{100 * confidence:g}%"
    return {lang: f"{percent} {words}" for lang, words in INTERVAL_WORDS[interval].items()}


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


def origin_of(
    what: Text,
    design: Design,
    used: Design,
    *names: str,
    variance: Variance | None = "design",
    interval: Text | None = None,
    df: float | None = None,
    notes: tuple[Text, ...] = (),
    failed: int = 0,
    grouped: bool = False,
) -> Origin:
    """Build the origin of a result that rests on the columns `names` of the respondents in `used`.

    Parameters
    ----------
    what
        The result in words.
    design, used
        The domain asked for, and its part with complete answers.
    variance
        None where no standard error is involved, as in an exact test.
    failed
        Replicates that gave no result.
    grouped
        Whether each group has degrees of freedom of its own.
    """
    survey = design.survey
    flow, missing = case_flow(design, used, *names)
    questions = {n: survey.question(n).wording for n in names if survey.codebook.question_of(n)}
    return Origin(
        what=what,
        questions=questions,
        filter=design.filter,
        flow=flow,
        design=used.in_words(),
        variance=variance_words(variance, design),
        interval=interval or {},
        df=used.df if df is None else df,
        df_rule=df_words(used, df, grouped) if variance == "design" else {},
        notes=(
            *missing,
            *notes,
            *failed_note(failed, design),
            *((volunteer_note(),) if design.asked["volunteer"] else ()),
        ),
        synthetic=survey.synthetic,
        source=survey.sha256,
    )
