"""Answers that a model gets right: sensitivity, specificity, predictive values at a cut."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..language import both
from ..results import Estimates
from .diagnostic import design_origin
from .measured import averages, measured_frame
from .model_goodness import spread_out
from .origins import interval_words
from .roc import binary_event, event_labels, event_probability

if TYPE_CHECKING:
    from .model import Model

PARTS = ("sensitivity", "specificity", "predictive_positive", "predictive_negative", "correct")
GIVEN = both(
    "errors take the predictions as given; they are too good for the sample that the model was fitted to",
    "표준오차는 예측을 고정으로 간주; 모형을 추정한 표본에서는 성능이 과대평가됨",
)


def classification(model: "Model", cut: float = 0.5, confidence: float = 0.95) -> Estimates:
    """Right and wrong predictions of a binary model; see `Model.classification`."""
    if isinstance(cut, bool) or not isinstance(cut, int | float | np.number) or not 0 < cut < 1:
        raise ChoiceError(f"`cut` is {cut!r}; it must be a probability strictly between 0 and 1, such as 0.5.")
    event, used = binary_event(model, "classification"), model.model_frame.used
    predicted = event_probability(model) >= cut
    columns = spread_rows(model, _right(event, predicted))
    found = averages(used, columns, np.zeros(len(used.survey), np.intp), 1)
    keys = {"outcome": [model.outcome.name] * len(PARTS), "component": list(PARTS)}
    frame = measured_frame(found, keys, interval="wilson", confidence=confidence, simple=used.simple)
    what = both("Predictions at a probability of {c:g}", "예측 확률 {c:g} 기준 분류", c=cut)
    interval = interval_words("wilson", confidence)
    origin = design_origin(model, what, interval, GIVEN, failed=found.failed, grouped=True)
    detail = {"cells": _cells(event, predicted, used.row_weights)}
    return Estimates(
        frame, found.covariance, "classification", "proportion", (), event_labels(model), origin, {"cut": cut}, detail
    )


def _right(event: "np.ndarray", predicted: "np.ndarray") -> Matrix:
    """Whether the prediction is right, on the base of each part, NaN outside, shape (m, 5)."""
    right = (event == predicted).astype(float)
    bases = (event, ~event, predicted, ~predicted, np.ones(len(event), bool))
    return np.stack([np.where(base, right, np.nan) for base in bases], axis=1)


def spread_rows(model: "Model", columns: Matrix) -> Matrix:
    """Columns of the respondents used in the rows of the whole survey."""
    return np.stack([spread_out(model, column) for column in columns.T], axis=1)


def _cells(event: "np.ndarray", predicted: "np.ndarray", weights: "np.ndarray") -> pd.DataFrame:
    """Respondents and weights by what happened and what was predicted."""
    keys = [(happened, said) for happened in (True, False) for said in (True, False)]
    inside = [(event == happened) & (predicted == said) for happened, said in keys]
    return pd.DataFrame(
        {
            "event": [happened for happened, _ in keys],
            "predicted": [said for _, said in keys],
            "n": [int(cell.sum()) for cell in inside],
            "n_weighted": [float(weights[cell].sum()) for cell in inside],
        }
    )
