"""A design at a glance: how many strata and clusters, how uneven the weights, what adjustments did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import Text, both, say
from .weights import kish

if TYPE_CHECKING:
    from ..tables.table import Table
    from .design import Design

Line = tuple[Text, Any, str]
DF = both("Degrees of freedom", "자유도")


@dataclass(frozen=True)
class Description:
    """What a design is made of.

    Attributes
    ----------
    lines
        (words, value, format) from respondents to adjustments; format "integer", "number", "percent" or "text".
    notes
        What to know about the design.
    """

    lines: tuple[Line, ...]
    notes: tuple[Text, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """One row a line: what, value."""
        return pd.DataFrame([(say(words), value) for words, value, _ in self.lines], columns=["what", "value"])

    def table(self, lang: str = "en") -> "Table":
        """The description as a printed table."""
        from ..tables.table import Cell, Column, Format, Row, Table

        forms = {"integer": Format("integer"), "number": Format("number", 2), "percent": Format("percent"),
                 "text": Format()}  # fmt: skip
        rows = [Row(say(words, lang), (Cell(value, forms[form]),)) for words, value, form in self.lines]
        head = say(both("Value", "값"), lang)
        title = say(both("Sampling design", "표본설계"), lang)
        notes = tuple(say(note, lang) for note in self.notes)
        return Table((Column(head),), tuple(rows), title=title, notes=notes, lang=lang)

    def __repr__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def description(design: "Design") -> Description:
    """Describe a design.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.design.design import Design
    >>> design = Design(pd.DataFrame({"w": [1.0, 1.0, 2.0]}), weights="w")
    >>> description(design).frame.set_index("what").loc["Effective sample size (Kish)", "value"].round(3)
    np.float64(2.667)
    """
    lines = [*_respondents(design), *_stages(design), *_replicates(design), (DF, design.df, "integer"),
             *_weights(design), *_steps(design)]  # fmt: skip
    df = both(
        "Degrees of freedom: first-stage clusters minus strata with respondents in the domain.",
        "자유도: 영역 내 응답자가 있는 1차 집락 수에서 층 수를 뺀 값.",
    )
    rank = both(
        "Degrees of freedom: rank of the replicate weights minus one.", "자유도: 반복표본 가중치 행렬의 계수(rank) - 1."
    )
    return Description(tuple(lines), (df if design.replicates is None else rank, *_warnings(design)))


def _respondents(design: "Design") -> list[Line]:
    found: list[Line] = [(both("Respondents", "응답자"), len(design.survey), "integer")]
    if len(design) < len(design.survey):
        label = {"en": f"In the domain: {say(design.filter)}", "ko": f"영역: {say(design.filter, 'ko')}"}
        found.append((label, len(design), "integer"))
    zero = int((design.inside & (design.weights == 0)).sum())
    return [*found, (both("With weight zero", "가중치 0"), zero, "integer")] if zero else found


def _stages(design: "Design") -> list[Line]:
    """Strata, units and sampled shares, stage by stage."""
    if design.replicates is not None and design.asked["replicates"] is not None:
        return []
    found: list[Line] = []
    several = len(design.sample.stages) > 1
    for level, stage in enumerate(design.sample.stages, start=1):
        at = both(", stage {k}", ", {k}단계", k=level) if several else {"en": "", "ko": ""}
        counted = ((STRATA, len(stage.size)), (UNITS, len(stage.stratum)), (ALONE, int(stage.alone.sum())))
        for words, count in counted:
            if count and not (words is STRATA and count == 1):
                found.append((_joined(words, at), count, "integer"))
        if stage.sampled.any():
            low, high = stage.sampled.min(), stage.sampled.max()
            found.append((_joined(LEAST, at), float(low), "percent"))
            if high > low:
                found.append((_joined(MOST, at), float(high), "percent"))
    return found


STRATA = both("Strata", "층")
UNITS = both("Clusters (or respondents)", "집락(또는 응답자)")
ALONE = both("Strata with a single cluster", "집락이 하나인 층")
LEAST = both("Sampled share, lowest (%)", "추출률, 최소(%)")
MOST = both("Sampled share, highest (%)", "추출률, 최대(%)")


def _joined(words: Text, at: Text) -> Text:
    return {lang: words[lang] + at[lang] for lang in words}


def _replicates(design: "Design") -> list[Line]:
    made = design.replicates
    if made is None:
        return []
    return [({"en": f"{made.kind} replicates", "ko": f"{made.kind} 반복표본"}, made.count, "integer")]


def _weights(design: "Design") -> list[Line]:
    """Range of the weights and what they cost."""
    held = design.row_weights
    found: list[Line] = [(both("Sum of weights", "가중치 합"), float(held.sum()), "number")]
    if np.ptp(held) == 0:
        return [*found, (both("Weight of each respondent", "응답자 가중치"), float(held[0]), "number")]
    cost = kish(held)
    return [
        *found,
        (both("Lowest weight", "최소 가중치"), float(held.min()), "number"),
        (both("Highest weight", "최대 가중치"), float(held.max()), "number"),
        (both("Design effect of the weights (Kish)", "가중치 설계효과(키시)"), cost.deff, "number"),
        (both("Effective sample size (Kish)", "유효 표본크기(키시)"), cost.effective, "number"),
    ]


def _steps(design: "Design") -> list[Line]:
    """Each adjustment: the largest relative error of a margin before it, and the range of factors."""
    found: list[Line] = []
    for step in design.steps:
        seen = step.diagnosis()
        off = np.abs((seen.before - seen.wanted) / np.where(seen.wanted != 0, seen.wanted, np.nan))
        found.append((step.words, f"× {seen.lowest:.3g} – {seen.highest:.3g}", "text"))
        if np.isfinite(off).any():
            label = both("Largest error of a margin before (%)", "조정 전 최대 주변합 오차(%)")
            found.append((label, float(np.nanmax(off)), "percent"))
    return found


def _warnings(design: "Design") -> list[Text]:
    """Weights that are negative, or rest on few respondents."""
    held = design.row_weights
    notes = []
    if (held < 0).any():
        notes.append(
            both(
                "{k} weights are negative: use method='raking' or bounds.",
                "음의 가중치 {k}개: method='raking' 또는 bounds 사용 권장.",
                k=int((held < 0).sum()),
            )
        )
    return notes


def adjustments(design: "Design") -> pd.DataFrame:
    """Margins of every adjustment, before and after: step, margin, wanted, before, after, difference."""
    parts = []
    for number, step in enumerate(design.steps, start=1):
        seen = step.diagnosis()
        parts.append(
            pd.DataFrame(
                {"step": number, "margin": step.names, "wanted": seen.wanted, "before": seen.before,
                 "after": seen.after, "difference": seen.difference}
            )
        )  # fmt: skip
    columns = ["step", "margin", "wanted", "before", "after", "difference"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
