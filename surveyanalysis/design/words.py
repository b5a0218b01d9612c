"""A design in words that a survey person says."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both, say
from .adjusted import replicate_words
from .columns import name_of

if TYPE_CHECKING:
    from .design import Design

SINGLE = {
    "adjust": both("single clusters around the overall mean", "단일 집락은 전체 평균 기준"),
    "average": both("single clusters as the average stratum", "단일 집락은 층 평균 분산"),
    "remove": both("single clusters left out of the variance", "단일 집락은 분산에서 제외"),
    "certainty": both("single clusters taken as certain", "단일 집락은 확실추출로 간주"),
}
PPS = {
    "brewer": both("unequal probabilities (Brewer)", "불균등확률 추출(브루어)"),
    "overton": both("unequal probabilities (Overton)", "불균등확률 추출(오버턴)"),
    "hartley_rao": both("unequal probabilities (Hartley-Rao)", "불균등확률 추출(하틀리-라오)"),
    None: both("unequal probabilities, taken as drawn with replacement", "불균등확률 추출(복원추출로 간주)"),
}
STRATA: Text = {"en": "{n} strata ({name})", "ko": "층 {n}개({name})"}
CLUSTERS: Text = {"en": "{n} clusters ({name})", "ko": "집락 {n}개({name})"}


def describe(design: "Design") -> Text:
    """Methods words: kind of sample, weights, strata, clusters, population, replicates, adjustments."""
    parts = [*_drawn(design), *_replicates(design)]
    if not parts:
        parts = [both("taken as a simple random sample", "단순임의표본으로 간주")]
    if design.asked["weights"] is not None:
        parts.append(both("weights {w}", "가중치 {w}", w=name_of(design.asked["weights"])))
    parts += [step.words for step in design.steps]
    return {lang: ", ".join(say(part, lang) for part in parts) for lang in LANGUAGES}


def _drawn(design: "Design") -> list[Text]:
    """Strata, clusters by stage, populations."""
    asked, stages = design.asked, design.sample.stages
    found: list[Text] = []
    for given, words, count in (
        (asked["strata"], STRATA, lambda stage: len(stage.size)),
        (asked["clusters"], CLUSTERS, lambda stage: len(stage.stratum)),
    ):
        found += _by_stage(given, words, stages, count)
    if design.sample.first.alone.any() and design.sample.single in SINGLE:
        found.append(SINGLE[design.sample.single])
    if asked["inclusion"] is not None:
        found.append(PPS[asked["pps"]])
    shares = [stage.sampled for stage in stages if stage.sampled.any()]
    return [*found, _shares(shares)] if shares else found


def _by_stage(names: Any, words: Text, stages: Any, count: Callable[[Any], int]) -> list[Text]:
    """Words for each stage that names its strata, or its clusters."""
    listed = [] if names is None else list(names) if isinstance(names, list | tuple) else [names]
    found: list[Text] = []
    for level, name in enumerate(listed):
        n = f"{count(stages[level]):,}" if level < len(stages) else "?"
        found.append({lang: say(words, lang).format(n=n, name=name_of(name)) for lang in LANGUAGES})
    return found


def _shares(stages: Sequence[Vector]) -> Text:
    """Sampled shares of a finite population, stage by stage."""
    ends = [(shares.min(), shares.max()) for shares in stages]
    said = [f"{low:.1%}" if low == high else f"{low:.1%} to {high:.1%}" for low, high in ends]
    en, ko = "; then ".join(said), ", ".join(one.replace(" to ", "~") for one in said)
    return both("finite population (sampled share {en})", "유한모집단(추출률 {ko})", en=en, ko=ko)


def _replicates(design: "Design") -> list[Text]:
    """Kind and number of replicates."""
    made = design.replicates
    return [] if made is None else [replicate_words(made.kind, made.count, made.seed)]


def one_line(design: "Design") -> str:
    """The design for a terminal."""
    n = len(design.survey)
    head = f"Design: {n:,} respondents"
    if len(design) < n:
        head += f", domain of {len(design):,} ({say(design.filter) or 'complete answers'})"
    weights = design.asked["weights"]
    if weights is not None:
        head += f", weights {name_of(weights)} (sum {float(np.sum(design.weights)):,.6g})"
    kind = [*_drawn(design)] or [both("simple random sample", "")]
    parts = [*kind, *_replicates(design), *(step.words for step in design.steps)]
    if design.replicates is not None and design.asked["replicates"] is not None:
        parts = parts[1:]
    return f"{head}, {', '.join(say(part) for part in parts)}"
