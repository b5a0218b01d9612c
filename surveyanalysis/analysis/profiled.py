"""Coefficients with intervals and p-values by the profile of a likelihood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ChoiceError
from ..estimators.maximum_profile import binary_profile, ordered_profile
from ..estimators.profile_likelihood import LikelihoodRatio, ProfileInterval
from ..intervals import check_confidence
from ..language import both
from ..results import Estimates
from .diagnosable import diagnosed

if TYPE_CHECKING:
    from .model import Model

PROFILE = both(
    "intervals and p-values by the profile of the likelihood; the statistic is its signed root",
    "신뢰구간과 p값은 가능도 프로파일 기준이며 통계량은 그 부호 제곱근",
)


def profile_intervals(model: "Model", confidence: float | None = None) -> Estimates:
    """Coefficients with intervals by the profile of the likelihood; see `Model.profile_intervals`."""
    level = model.confidence if confidence is None else confidence
    check_confidence(level)
    diagnosed(model)
    if model.variance not in ("model", "observed"):
        raise ChoiceError(
            f'A profile takes respondents as independent and the model as right; these errors are "{model.variance}". '
            'Fit with variance="model", or keep the intervals of the model.'
        )
    found = [_profile(model, column, level) for column in _columns(model)]
    slopes = _without_thresholds(model.estimates)
    return profiled(slopes, [i for i, _ in found], [r for _, r in found], level)


def _columns(model: "Model") -> range:
    """Columns of the model matrix with a coefficient of their own: the intercept's of yes/no answers too."""
    return range(1 if model.response.levels else 0, model.model_frame.x.shape[1])


def _profile(model: "Model", column: int, confidence: float) -> tuple[ProfileInterval, LikelihoodRatio]:
    """Interval and test of one coefficient, weights scaled to mean 1."""
    frame, y, response = model.model_frame, model.outcome.y, model.response
    weights = frame.used.row_weights / frame.used.row_weights.mean()
    if response.levels:
        codes = y.astype(np.intp)
        return ordered_profile(frame.x, codes, weights, response.levels, column, confidence, link=response.link)
    return binary_profile(frame.x, y, weights, column, confidence, link=response.link)


def _without_thresholds(source: Estimates) -> Estimates:
    """The slopes of coefficients, with the intercept of yes/no answers."""
    frame = source.frame
    rows = (frame["component"] == "slope").to_numpy()
    covariance = source.covariance[np.ix_(rows, rows)]
    origin = source.origin.with_notes(PROFILE)
    return replace(source, _frame=frame[rows].reset_index(drop=True), covariance=covariance, origin=origin)


def profiled(
    wald: Estimates, ends: Sequence[ProfileInterval], ratios: Sequence[LikelihoodRatio], confidence: float
) -> Estimates:
    """Coefficients whose intervals, statistics and p-values are those of profiles, one a row."""
    frame = wald.frame
    frame["ci_low"], frame["ci_high"] = [e.low for e in ends], [e.high for e in ends]
    frame["statistic"] = np.sign(frame["estimate"]) * np.sqrt([max(r.statistic, 0.0) for r in ratios])
    frame["p"] = [r.p for r in ratios]
    words = both("{c:g}% profile interval", "{c:g}% 프로파일 신뢰구간", c=100 * confidence)
    return replace(wald, _frame=frame, origin=replace(wald.origin, interval=words))
