"""Odds ratios from estimates on the scale of log-odds."""

from dataclasses import replace

import numpy as np

from ..errors import ChoiceError
from ..language import both
from ..results import Estimates

NOTE = both(
    "Odds ratios: estimates and interval ends exponentiated, standard errors by the delta method",
    "오즈비: 추정값과 신뢰구간을 지수변환, 표준오차는 델타법",
)


def exponentiated(source: Estimates) -> Estimates:
    """Exponentiate estimates and interval ends; standard errors follow by the delta method, tests stay."""
    if source.scale != "log_odds":
        raise ChoiceError("Only coefficients of a logit become odds ratios; these are on another scale.")
    frame = source.frame
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = np.exp(frame["estimate"].to_numpy(float))
        frame["se"] = frame["se"] * ratio
        for name in ("estimate", "ci_low", "ci_high"):
            frame[name] = np.exp(frame[name])
        covariance = source.covariance * np.outer(ratio, ratio)
    return replace(
        source, _frame=frame, covariance=covariance, scale="odds_ratio", origin=source.origin.with_notes(NOTE)
    )
