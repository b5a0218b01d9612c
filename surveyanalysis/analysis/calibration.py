"""Predicted probabilities against what happened, group by group."""

from typing import TYPE_CHECKING

import numpy as np

from ..estimators.fit import Vector
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates, Labels
from .averaging import outcome_labels
from .classification import spread_rows
from .diagnostic import design_origin
from .measured import averages, measured_frame
from .model_goodness import spread_out
from .origins import interval_words
from .refitted import predictor
from .risk_groups import risk_groups

if TYPE_CHECKING:
    from .model import Model

WHAT = both("Observed and predicted shares", "관측 비율과 예측 확률")
GROUP = both("Predicted probability", "예측 확률")
RANK = both("Group by linear predictor", "선형예측값 순위 집단")
GIVEN = both(
    "intervals are those of the observed shares; the groups are taken as given",
    "신뢰구간은 관측 비율의 구간이며, 집단 구분은 고정으로 간주",
)


def calibration(model: "Model", groups: int = 10, confidence: float = 0.95) -> Estimates:
    """Observed shares beside predicted ones; see `Model.calibration`."""
    check_confidence(confidence)
    used, levels = model.model_frame.used, model.outcome.levels
    found = risk_groups(predictor(model), used.row_weights, groups)
    probabilities = model.expected
    answers = model.outcome.y[:, None] == (np.arange(len(levels)) if model.response.levels else 1)
    observed = averages(
        used, spread_rows(model, answers.astype(float)), spread_out(model, found.group, -1), found.count
    )
    keys = {
        "outcome": [model.outcome.name] * len(levels) * found.count,
        "level": [level for level in levels for _ in range(found.count)],
        "group": list(range(1, found.count + 1)) * len(levels),
    }
    simple = used.simple
    frame = measured_frame(observed, keys, ("group",), interval="wilson", confidence=confidence, simple=simple)
    predicted = _means(probabilities, found.group, used.row_weights, found.count)
    labels = Labels(
        {**model.estimates.labels.columns, "group": RANK if model.response.levels else GROUP},
        {
            **outcome_labels(model),
            **_group_labels(probabilities, found.group, found.count, bool(model.response.levels)),
        },
    )
    interval = interval_words("wilson", confidence)
    origin = design_origin(model, WHAT, interval, GIVEN, failed=observed.failed, grouped=True)
    return Estimates(frame, observed.covariance, "calibration", "proportion", ("group",), labels, origin,
                     detail={"predicted": predicted})  # fmt: skip


def _means(probabilities: "np.ndarray", group: "np.ndarray", weights: Vector, count: int) -> Vector:
    """Weighted mean probability by level, then by group, shape (L * count,)."""
    base = np.bincount(group, weights, count)
    return np.concatenate([np.bincount(group, weights * column, count) / base for column in probabilities.T])


def _group_labels(
    probabilities: "np.ndarray", group: "np.ndarray", count: int, ordinal: bool
) -> dict[tuple[str, int], Text]:
    """Groups by their range of predicted percent; of ordered outcomes by their number."""
    if ordinal:
        return {("group", g + 1): {"": str(g + 1)} for g in range(count)}
    ends = [(100 * probabilities[group == g].min(), 100 * probabilities[group == g].max()) for g in range(count)]
    return {("group", g + 1): {"": f"{low:.1f}–{high:.1f}%"} for g, (low, high) in enumerate(ends)}
