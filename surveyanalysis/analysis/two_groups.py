"""What the plans for two groups share: their words, their checks, their rows."""

from typing import Literal

import numpy as np
import pandas as pd

from ..intervals import check_confidence
from ..language import Text, both
from ..results import Origin
from .plan import NORMAL, Plan, number_between

Pooling = Literal["pooled", "unpooled"]
POOLINGS = ("pooled", "unpooled")
POOLING_WORDS = {
    "pooled": both("pooled variance under no difference", "차이가 없을 때의 합동분산"),
    "unpooled": both("variance of each group", "집단별 분산"),
}
NONCENTRAL = both("two means with equal variances: t test, noncentral t", "등분산 두 평균: t 검정, 비중심 t 분포")
DIRECTIONS = {
    "higher": both("second group higher", "둘째 집단이 높음"),
    "lower": both("second group lower", "둘째 집단이 낮음"),
    "either": both("either group higher", "어느 쪽이든 높음"),
}
FOUND = both("Difference between two groups that can be found", "발견할 수 있는 두 집단의 차이")
NEEDED = both("Sample size to compare two groups", "두 집단 비교에 필요한 표본 크기")
LARGEST = 1e3  # standard deviations


def power_between(power: float, confidence: float) -> float:
    """A power above the test's level."""
    return number_between(power, "power", 1 - check_confidence(confidence), 1, "0.8")


def tails_of(power: float, confidence: float) -> tuple[float, float]:
    """Upper probability of the critical value, and power."""
    return 0.5 + confidence / 2, power


def thin_group(sizes: tuple[float, ...], shares: list[float], deff: float) -> bool:
    """Whether some group expects fewer than five with, or without, the answer."""
    rare = [min(p, 1 - p) for p in shares if not np.isnan(p)]
    return bool(rare) and min(sizes) * min(rare) / deff < 5


def pooling_words(variance: str) -> Text:
    """Name the variance that the test takes."""
    return {lang: f"{NORMAL[lang]}, {words}" for lang, words in POOLING_WORDS[variance].items()}


def two_group_plan(
    directions: list[str],
    sizes: tuple[float, ...],
    columns: dict[str, object],
    deff: float,
    confidence: float,
    how: Text,
    notes: tuple[Text, ...] = (),
) -> Plan:
    """Rows of a plan for two groups."""
    counted = {"n_1": int(sizes[0]), "n_2": int(sizes[1])}
    frame = pd.DataFrame({"direction": directions, **counted, **columns, "deff": deff})
    design = both("two-sided test at {a:g}%", "유의수준 {a:g}% 양측검정", a=round(100 * (1 - confidence), 10))
    return Plan(frame, "direction", DIRECTIONS, Origin(FOUND, design=design, variance=how, notes=notes))
