"""A design in words that a survey person says."""

from typing import TYPE_CHECKING

import numpy as np

from ..language import Text, say

if TYPE_CHECKING:
    from .design import Design


def describe(design: "Design") -> Text:
    """Methods words: kind of sample, weights, strata, clusters, population."""
    asked, sample = design.asked, design.sample
    en, ko = [], []
    if asked["strata"]:
        n = len(sample.sampled)
        en.append(f"{n} strata ({asked['strata']})")
        ko.append(f"층 {n}개({asked['strata']})")
    if asked["clusters"]:
        n = len(sample.stratum)
        en.append(f"{n} clusters ({asked['clusters']})")
        ko.append(f"집락 {n}개({asked['clusters']})")
    if not en:
        en.append("taken as a simple random sample")
        ko.append("단순임의표본으로 간주")
    if asked["weights"]:
        en.append(f"weights {asked['weights']}")
        ko.append(f"가중치 {asked['weights']}")
    if sample.sampled.any():
        shares = sample.sampled
        low, high = shares.min(), shares.max()
        words = f"{low:.1%}" if low == high else f"{low:.1%} to {high:.1%}"
        en.append(f"finite population (sampled share {words})")
        ko.append(f"유한모집단(추출률 {words.replace(' to ', '~')})")
    return {"en": ", ".join(en), "ko": ", ".join(ko)}


def one_line(design: "Design") -> str:
    """The design for a terminal."""
    n = len(design.survey)
    head = f"Design: {n:,} respondents"
    if len(design) < n:
        head += f", domain of {len(design):,} ({say(design.filter) or 'complete answers'})"
    if design.asked["weights"]:
        head += f", weights {design.asked['weights']} (sum {float(np.sum(design.weights)):,.6g})"
    said = say(describe(design)).replace("taken as a ", "").split(", weights")[0]
    return f"{head}, {said}"
