"""A decomposition as estimates: errors, labels, notes."""

from typing import Any

import numpy as np

from ..estimators.fit import Fit
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, estimates_frame
from . import decomposition_words as words
from .coefficients import NO_DF, inferred, interval_text
from .decomposition_columns import has_levels
from .decomposition_gap import Gap
from .model_cautions import OTHER, few_events
from .origins import origin_of
from .variables import column_words, labels_for

CANCELLED = 0.2  # of the sum of absolute rows, below which a part is a small difference of large rows


def gap_estimates(gap: Gap, confidence: float) -> Estimates:
    """All numbers with their errors."""
    used, keys = gap.pair.frame.used, gap.keys
    fit = gap.fit(used.row_weights)
    covaried = used.covaried(fit.params, lambda w: gap.fit(w).params, lambda: used.covariance(fit.scores))
    every, own = len(used.rows), gap.pair.first
    weights = (used.row_weights[own].sum(), used.row_weights[~own].sum())
    columns = {
        "outcome": gap.outcome.name,
        "component": [part for part, _ in keys],
        "term": [term for _, term in keys],
        **inferred(fit.params, np.sqrt(np.diag(covaried.matrix)), used.df, confidence),
        "n": [*gap.pair.sizes, *([every] * (len(keys) - 2))],
        "n_weighted": [*weights, *([float(sum(weights))] * (len(keys) - 2))],
    }
    frame = estimates_frame(columns)
    formula = gap.pair.frame.formula
    origin = origin_of(
        _what(gap), gap.pair.frame.design, used, gap.outcome.name, gap.pair.by, *formula.questions,
        interval=interval_text(used.df, confidence), notes=_notes(gap, fit, float(frame["statistic"][2])),
        failed=covaried.failed,
    )  # fmt: skip
    scale: Any = "probability" if gap.outcome.levels else "value"
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = fit.params / fit.params[2]
    return Estimates(
        frame, covaried.matrix, "decomposition", scale, (), _labels(gap), origin, detail={"shares": shares}
    )


def _what(gap: Gap) -> Text:
    label, method = column_words(gap.pair.frame.design.survey, gap.outcome.name), words.METHODS[gap.asked.method]
    return {lang: f"{method[lang]}: {say(label, lang)}" for lang in LANGUAGES}


def _labels(gap: Gap) -> Labels:
    """Labels of components, groups and terms."""
    said = labels_for(gap.pair.frame.design.survey, gap.outcome.name)
    columns: dict[str, Text] = {gap.outcome.name: {"": gap.outcome.name}, **said.columns}
    columns |= dict(zip(gap.summed.names, gap.summed.labels))
    columns |= {f"mean[{level}]": label for level, label in zip(gap.pair.levels, gap.pair.labels)}
    columns |= {words.TOTAL: both("Total", "합계"), "(intercept)": both("Intercept", "절편")}
    return Labels(columns, {("component", name): text for name, text in words.COMPONENTS.items()})


def _notes(gap: Gap, fit: Fit, t: float) -> tuple[Text, ...]:
    """What a reader must know."""
    asked, frame, outcome = gap.asked, gap.pair.frame, gap.outcome
    detailed, deviation = asked.method != "fairlie", asked.contrasts == "deviation"
    slopes = any(part.is_slope for part in frame.basis.parts.values())
    said = (
        (words.PROBABILITY, bool(outcome.levels) and asked.method == "oaxaca"),
        (words.NEUMARK, asked.reference == "neumark" and asked.parts == "two"),
        (words.DEVIATION, deviation),
        (words.LEVELS, detailed and not deviation and has_levels(frame)),
        (words.ZERO, detailed and slopes),
        (words.CANCELLED, asked.method == "yun" and _cancelled(gap, fit)),
        (words.CAUSES, True),
        (words.SMALL_GAP, not abs(t) >= 2),
        (NO_DF, frame.used.df <= 0),
    )
    notes = (
        *frame.notes,
        *outcome.notes,
        words.groups_note(gap.pair),
        words.reference_note(asked.reference, asked.parts),
    )
    if asked.method == "fairlie":
        away = float(fit.params[3] - fit.params[4:-1].sum())
        notes = (*notes, words.fairlie_note(asked.draws, asked.seed, away))
    return (*notes, *_rare(gap), *(text for text, holds in said if holds))


def _cancelled(gap: Gap, fit: Fit) -> bool:
    """Whether the rows of a part are large against their sum."""
    explained = 4 + len(gap.summed.names)
    parts = fit.params[4:explained], fit.params[explained + 1 :]
    return any(abs(part.sum()) < CANCELLED * np.abs(part).sum() for part in parts)


def _rare(gap: Gap) -> tuple[Text, ...]:
    """Notes on groups with few events for the terms of a logit."""
    if gap.asked.method == "oaxaca":
        return ()
    found: list[Text] = []
    for who, label in zip((gap.pair.first, ~gap.pair.first), gap.pair.labels):
        events = int(min(gap.outcome.y[who].sum(), (1 - gap.outcome.y[who]).sum()))
        where = both("in the smaller outcome of {en}", "({ko}의 적은 쪽 결과)", **{k: say(label, k) for k in LANGUAGES})
        found += few_events(events, gap.pair.frame.x.shape[1] - 1, where, OTHER)
    return tuple(found)
