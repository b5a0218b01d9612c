"""What readers are told of quantiles: their names, their intervals, and what to beware of."""

import numpy as np
import pandas as pd

from ..estimators.distribution import shares_at_or_below
from ..estimators.fit import Matrix
from ..estimators.quantile import Rule
from ..language import LANGUAGES, Text, both
from .ranked import Ranked
from .woodruff import QuantileInterval

INTERVALS: dict[str, Text] = {
    "mean": both("Woodruff interval", "우드러프 신뢰구간"),
    "logit": both("Woodruff interval (logit)", "우드러프 신뢰구간(로짓)"),
    "beta": both("Woodruff interval (exact)", "우드러프 신뢰구간(정확)"),
    "arcsine": both("Woodruff interval (arcsine)", "우드러프 신뢰구간(역사인)"),
    "score": both("score interval", "점수검정 신뢰구간"),
    "score_r": both("score interval as in R survey 4.1", "점수검정 신뢰구간(R survey 4.1 방식)"),
    "quantile": both("t interval of replicate quantiles", "반복표본 분위수의 t 신뢰구간"),
}
MEDIAN = both("Median", "중앙값")
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def interval_text(interval: QuantileInterval, confidence: float) -> Text:
    """Name an interval with its confidence: "95% Woodruff interval"."""
    return {lang: f"{100 * confidence:g}% {INTERVALS[interval][lang]}" for lang in LANGUAGES}


def quantile_label(probability: float) -> Text:
    """Name of a quantile.

    Examples
    --------
    >>> quantile_label(0.5)["ko"], quantile_label(0.92)["en"], quantile_label(0.025)["en"]
    ('중앙값', '92nd percentile', '2.5% quantile')
    """
    percent = f"{100 * probability:.10g}"
    if percent == "50":
        return MEDIAN
    if not percent.isdigit():
        return both("{p}% quantile", "{p}% 분위수", p=percent)
    number = int(percent)
    ending = "th" if number // 10 == 1 else ENDINGS.get(number % 10, "th")
    return both("{n}{th} percentile", "{n}백분위수", n=number, th=ending)


def point_label(value: float) -> Text:
    """Name of a point of a distribution: "up to 1,000"."""
    return both("up to {x}", "{x} 이하", x=f"{value:,.10g}")


def quantile_cautions(
    of: Ranked, at: Matrix, frame: pd.DataFrame, rule: Rule, interval: QuantileInterval
) -> tuple[Text, ...]:
    """Notes on missing and flat intervals, on jackknife errors, and on weights that the rule follows."""
    some = (frame["n"] > 0) & (frame["df"] > 0)
    open_ended = int((some & frame[["ci_low", "ci_high"]].isna().any(axis=1)).sum())
    flat = int((some & (frame["se"] == 0) & ~np.repeat(of.complete.ravel(), at.shape[1])).sum())
    beyond = bool((shares_at_or_below(of.found, at)[of.n.ravel() > 0] >= 1).any())
    kind = of.used.replicates.kind if of.used.replicates is not None else ""
    mean_weight = float(of.used.row_weights.mean())
    told = [
        (open_ended, _open(open_ended, interval)),
        (flat, _flat(flat, beyond)),
        (interval == "quantile" and kind.startswith("JK"), JACKKNIFE),
        (interval == "quantile" and kind == "other", OTHER),
        (rule == "shahvaish" and abs(mean_weight - 1) > 1e-6, _scale(mean_weight)),
        (interval == "score_r", AS_R),
    ]
    return tuple(note for said, note in told if said)


JACKKNIFE = both(
    "jackknife errors of quantiles are not consistent; use interval='mean', or bootstrap or BRR replicates",
    "분위수의 잭나이프 표준오차는 일치성이 없음; interval='mean' 또는 부트스트랩·BRR 반복표본 사용",
)
OTHER = both(
    "not all replicate weights give valid errors of quantiles; interval='mean' does",
    "반복가중치에 따라 분위수의 표준오차가 타당하지 않을 수 있음; interval='mean' 사용 가능",
)
AS_R = both(
    "ends as R survey 4.1 gives them, through unweighted shares; interval='score' is the test's own",
    "신뢰구간 끝은 R survey 4.1과 같이 비가중 비율로 계산; interval='score'가 검정 자체의 구간",
)


def _open(count: int, interval: QuantileInterval) -> Text:
    """Note on ends that lie beyond all answers."""
    cure = "" if interval == "beta" else "; interval='beta' stays within the answers"
    cure_ko = "" if interval == "beta" else "; interval='beta'는 응답 범위 안에 머묾"
    return both(
        "intervals without an end, since it lies beyond all answers: {k}" + cure,
        "끝이 응답 범위를 벗어나 없는 신뢰구간: {k}개" + cure_ko,
        k=count,
    )


def _flat(count: int, beyond: bool) -> Text:
    """Note on intervals without width: ties, or quantiles at the largest answer."""
    where = both(", or the quantile is the largest", " 또는 분위수가 최댓값") if beyond else both("", "")
    return {
        "en": f"intervals without width: {count}; many gave the same answer{where['en']}, which is no certainty",
        "ko": f"폭이 없는 신뢰구간: {count}개; 같은 응답이 많음{where['ko']}, 확실하다는 뜻은 아님",
    }


def _scale(mean_weight: float) -> Text:
    """Note that the rule follows the scale of the weights."""
    return both(
        "rule 'shahvaish' follows the scale of the weights, as in R survey; their mean is {m}, not 1",
        "'shahvaish' 규칙은 R survey처럼 가중치의 크기에 따라 달라짐; 가중치 평균 {m}(1이 아님)",
        m=f"{mean_weight:.4g}",
    )
