"""What imputations are judged by: whether chains have mixed, and whether filled answers look like those given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..estimators.posterior import Array
from ..language import Text, both
from ..results import Labels, Origin, _Shown
from .words import ratios

if TYPE_CHECKING:
    from .imputed import Equation, Imputed

PARTS = (0.2, 0.4, 0.6, 0.8)
"""Quantiles of the answers given between which filled numbers are counted."""


@dataclass(frozen=True, eq=False, repr=False)
class Convergence(_Shown):
    """Trace of the chains.

    Attributes
    ----------
    ratios
        Question -> spread of the second half of all chains over that within chains, 1 where they have mixed (Gelman
        and Rubin 1992); NaN under four rounds.
    measured
        Question -> what the mean is of: "mean", "score", or the level whose share it is.
    """

    _frame: pd.DataFrame
    ratios: Mapping[str, float]
    measured: Mapping[str, Text]
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    kind: str = "convergence"

    @property
    def frame(self) -> pd.DataFrame:
        """One row a question, chain and round: question, chain, iteration, mean, sd."""
        return self._frame.copy()


@dataclass(frozen=True, eq=False, repr=False)
class Plausibility(_Shown):
    """Filled answers beside those given: shares of answers; of numbers shares between quantiles of those given."""

    _frame: pd.DataFrame
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    kind: str = "plausibility"

    @property
    def frame(self) -> pd.DataFrame:
        """One row an answer, or part of numbers: question, level, observed, imputed, low, high, the two n.

        `imputed` is the mean over imputations, `low` and `high` the least and largest of them; unweighted.
        """
        return self._frame.copy()


def convergence(imputed: "Imputed") -> Convergence:
    """Trace of the chains by question."""
    trace = imputed.chains.trace
    chains, rounds = np.meshgrid(np.arange(1, imputed.m + 1), np.arange(1, imputed.iterations + 1), indexing="ij")
    parts, measured = [], {}
    for j, one in enumerate(imputed.equations):
        means, sds = trace[:, :, j, 0], trace[:, :, j, 1]
        parts.append(
            pd.DataFrame({"question": one.name, "chain": chains.ravel(), "iteration": rounds.ravel(),
                          "mean": means.ravel(), "sd": sds.ravel()})
        )  # fmt: skip
        measured[one.name] = _measured(one)
    what = both("Trace of filled answers", "대체값의 추이")
    return Convergence(
        pd.concat(parts, ignore_index=True), ratios(imputed), measured, imputed.labels, _told(imputed, what)
    )


def _measured(one: "Equation") -> Text:
    """What the trace of a question is the mean of."""
    if one.spec.kind == "number":
        return both("mean", "평균")
    if one.spec.kind == "ordered":
        return both("mean step of the scale", "척도 단계 평균")
    level = one.answers.levels[int(one.spec.score.argmax())]
    yes_no = isinstance(level, bool | np.bool_)
    label = YES_NO[bool(level)] if yes_no else one.answers.question.level_label(level)
    return {lang: f"{words}: {label.get(lang) or label.get('') or level}" for lang, words in SHARE.items()}


SHARE = both("share", "비율")
YES_NO = {True: both("yes", "예"), False: both("no", "아니요")}


def plausibility(imputed: "Imputed") -> Plausibility:
    """Filled answers beside those given."""
    rows = imputed.design.rows
    parts, levels = [], dict(imputed.labels.levels)
    for j, one in enumerate(imputed.equations):
        seen = one.answers.values[rows]
        frame, words = _beside(one, seen[~np.isnan(seen)], imputed.chains.values[j])
        parts.append(frame)
        levels |= {(one.name, level): text for level, text in words.items()}
    what = both("Filled answers beside those given (unweighted)", "대체값과 실제 응답(가중하지 않음)")
    labels = Labels(imputed.labels.columns, levels)
    return Plausibility(pd.concat(parts, ignore_index=True), labels, _told(imputed, what))


def _beside(one: "Equation", seen: Array, filled: Array) -> tuple[pd.DataFrame, dict[Any, Text]]:
    """Shares of the levels, of a number those of its parts between quantiles of the answers given; and their names."""
    levels: list[Any] = list(one.answers.levels)
    words: dict[Any, Text] = {}
    if levels and all(isinstance(level, bool | np.bool_) for level in levels):
        words = {level: YES_NO[bool(level)] for level in levels}
    if not levels:
        edges = np.unique(np.quantile(seen, PARTS, method="inverted_cdf"))
        words = part_words(edges)
        levels = list(words)
        seen, filled = np.searchsorted(edges, seen).astype(float), np.searchsorted(edges, filled).astype(float)
    each = np.stack([_shares(row, len(levels)) for row in filled])
    frame = pd.DataFrame(
        {"question": one.name, "level": pd.Series(levels, dtype=object), "observed": _shares(seen, len(levels)),
         "imputed": each.mean(axis=0), "low": each.min(axis=0), "high": each.max(axis=0), "observed_n": len(seen),
         "imputed_n": filled.shape[1]}
    )  # fmt: skip
    return frame, words


def _shares(codes: Array, count: int) -> Array:
    return np.asarray(np.bincount(codes.astype(np.intp), minlength=count) / len(codes), float)


def part_words(edges: Array) -> dict[str, Text]:
    """Names of the parts that edges make of numbers.

    Examples
    --------
    >>> [words["en"] for words in part_words(np.array([1.0, 2.5])).values()]
    ['up to 1', 'above 1, up to 2.5', 'above 2.5']
    """
    shown = [f"{float(f'{edge:.4g}'):,.10g}".replace("-", "\u2212") for edge in edges]
    out = {f"<= {shown[0]}": both("up to {x}", "{x} 이하", x=shown[0])}
    for low, high in pairwise(shown):
        out[f"{low} < <= {high}"] = both("above {low}, up to {high}", "{low} 초과 {high} 이하", low=low, high=high)
    return out | {f"> {shown[-1]}": both("above {x}", "{x} 초과", x=shown[-1])}


def _told(imputed: "Imputed", what: Text) -> Origin:
    """Origin without the warnings, which rest on this."""
    survey = imputed.design.survey
    plain = Origin(what, flow=((both("respondents", "응답자"), len(survey)),), notes=(imputed._made,))
    return replace(plain, synthetic=survey.synthetic, source=survey.sha256)
