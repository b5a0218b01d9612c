"""Shares of a question's answers by group, as estimates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..errors import one_of, unknown_level
from ..intervals import INTERVALS, Interval
from ..language import both
from ..results import Estimates, Labels
from .bases import Data, answered, missing_by_reason
from .cautions import cautions
from .counted import Counted, counted, shares
from .groups import By, Groups, groups_of, labels_with, one_column
from .measured import Measured, measured_frame
from .origins import interval_words, origin_of
from .variables import Categories, categories

Kind = Literal["proportion", "frequencies", "crosstab"]
SHARE = both("Share of respondents by answer", "응답별 비율")
OR = {"en": " or ", "ko": " 또는 "}


@dataclass(frozen=True, eq=False)
class Asked:
    """A question of a design's respondents, by group: `used` are those with an answer and a group."""

    design: Design
    answer: Categories
    groups: Groups
    used: Design

    @property
    def labels(self) -> Labels:
        """What readers see for question, groups and their levels."""
        return labels_with(self.design.survey, {self.answer.name: self.answer.levels, **self.groups.levels})

    def counted(self) -> Counted:
        """Respondents by group and answer."""
        return counted(self.used, self.answer.codes, len(self.answer.levels), self.groups.codes, self.groups.count)


def asked_of(data: Data, question: str, by: By) -> Asked:
    """Read a question and the groups, and find who has an answer to both."""
    design = as_design(data)
    answer = categories(design.survey, one_column(design.survey, question))
    groups = groups_of(design.survey, by)
    return Asked(design, answer, groups, answered(design, answer.answered & groups.known, question))


def shares_of(
    kind: Kind, data: Data, question: str, level: Any, by: By, interval: Interval, confidence: float
) -> Estimates:
    """Shares of a question's answers by group, as estimates of this kind."""
    one_of(interval, INTERVALS, "interval")
    asked = asked_of(data, question, by)
    return shares_estimates(kind, asked, *_chosen(asked, level), interval, confidence)


def shares_estimates(
    kind: Kind,
    asked: Asked,
    measured: Measured,
    levels: Sequence[Any],
    labels: Labels,
    interval: Interval,
    confidence: float,
) -> Estimates:
    """Shares that were measured, as estimates of this kind."""
    design, question, groups = asked.design, asked.answer.name, asked.groups
    keys = {"outcome": [question] * len(measured.n), "level": list(levels) * groups.count}
    keys |= {name: np.repeat(np.array(own, object), len(levels)).tolist() for name, own in groups.levels.items()}
    frame = measured_frame(measured, keys, groups.names, interval=interval, confidence=confidence, simple=design.simple)
    notes = cautions(frame, groups.names, labels, interval)
    origin = origin_of(
        SHARE, design, asked.used, question, *groups.names, interval=interval_words(interval, confidence), notes=notes,
        failed=measured.failed, grouped=groups.count > 1,
    )  # fmt: skip
    detail = {"missing": missing_by_reason(design, question), "domain_n": len(design)} if kind == "frequencies" else {}
    return Estimates(frame, measured.covariance, kind, "proportion", groups.names, labels, origin, detail=detail)


def _chosen(asked: Asked, level: Any) -> tuple[Measured, tuple[Any, ...], Labels]:
    """Shares of all levels, of one, or of several counted together; the levels that rows show, and their labels."""
    answer, groups, labels = asked.answer, asked.groups, asked.labels
    if level is None:
        return shares(asked.counted()), answer.levels, labels
    at, name, joined = counted_together(answer, level, labels)
    chosen = np.isin(answer.codes, at).astype(np.intp)
    measured = shares(counted(asked.used, chosen, 2, groups.codes, groups.count))
    return measured.take(np.arange(1, 2 * groups.count, 2)), (name,), joined


def counted_together(answer: Categories, level: Any, labels: Labels) -> tuple[list[int], Any, Labels]:
    """Positions of one answer or of several counted together, what they are called, and labels with that name."""
    wanted = list(level) if isinstance(level, list | tuple | set | frozenset) else [level]
    for one in wanted:
        if one not in answer.levels:
            raise unknown_level(one, answer.name, answer.levels)
    if not wanted:
        raise unknown_level([], answer.name, answer.levels)
    at = [i for i, code in enumerate(answer.levels) if code in wanted]
    codes = [answer.levels[i] for i in at]
    name = codes[0] if len(codes) == 1 else ", ".join(map(str, codes))
    words = {lang: glue.join(labels.level(answer.name, code, lang) for code in codes) for lang, glue in OR.items()}
    return at, name, Labels(labels.columns, {**labels.levels, (answer.name, name): words})
