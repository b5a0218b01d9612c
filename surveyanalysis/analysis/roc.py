"""How well a model's probabilities tell those with the event from the others: ROC curve and the area under it."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError, one_of
from ..estimators.concordance import concordance, delong_variance
from ..estimators.fit import Vector
from ..intervals import check_confidence, proportion_interval
from ..language import both
from ..results import Estimates, Labels, estimates_frame
from .diagnostic import design_origin
from .origins import interval_words
from .risk_groups import steady

if TYPE_CHECKING:
    from .model import Model

AreaInterval = Literal["logit", "t"]
INTERVALS = ("logit", "t")
WHAT = both("ROC curve", "ROC 곡선")
TAKEN = both(
    "errors take the model's probabilities as given; in the sample that fitted them the area is too large",
    "표준오차는 모형의 예측 확률을 고정으로 간주; 모형을 추정한 표본에서는 면적이 과대 추정됨",
)
DELONG = both("variance of DeLong, DeLong and Clarke-Pearson", "드롱·드롱·클라크피어슨 분산")


def roc(model: "Model", interval: AreaInterval = "logit", confidence: float = 0.95) -> Estimates:
    """ROC curve of a binary model; see `Model.roc`."""
    one_of(interval, INTERVALS, "interval")
    check_confidence(confidence)
    used, event = model.model_frame.used, binary_event(model, "roc")
    probability = event_probability(model)
    fit = concordance(probability, event, used.row_weights)
    covaried = used.covaried(
        fit.params,
        lambda weights: concordance(probability, event, weights).params,
        lambda: np.array([[delong_variance(fit, event)]]) if used.simple else used.covariance(fit.scores),
    )
    se, n = np.sqrt(np.diag(covaried.matrix)), len(event)
    low, high = proportion_interval(fit.params, se, np.array([float(n)]), used.df, interval, confidence, used.simple)
    columns = {
        "outcome": model.outcome.name, "level": list(model.outcome.levels), "component": "auc",
        "estimate": fit.params, "se": se, "df": float(used.df), "ci_low": low, "ci_high": high,
        "count": int(event.sum()), "n": n, "n_weighted": float(used.row_weights.sum()),
    }  # fmt: skip
    curve = roc_curve(probability, event, used.row_weights)
    notes = (*((DELONG,) if used.simple else ()), TAKEN)
    origin = design_origin(model, WHAT, interval_words(interval, confidence), *notes, failed=covaried.failed)
    return Estimates(
        estimates_frame(columns), covaried.matrix, "roc", "proportion", (), event_labels(model), origin, _youden(curve),
        {"curve": curve},
    )  # fmt: skip


def event_labels(model: "Model") -> Labels:
    """Labels of the model's questions and of the event."""
    label, level = model.outcome.labels[0], model.outcome.levels[0]
    return Labels(model.estimates.labels.columns, {(model.outcome.name, level): label})


def binary_event(model: "Model", method: str) -> "np.ndarray":
    """Who has the event, shape (m,); ordered models have none."""
    if model.response.levels:
        raise ChoiceError(
            f"`{method}` needs a yes/no outcome; {model.outcome.name!r} has {model.response.levels} levels."
        )
    return model.outcome.y == 1


def event_probability(model: "Model") -> Vector:
    """Probability of the event for each respondent used, rounding taken out, shape (m,)."""
    return steady(model.expected[:, 0])


def roc_curve(probability: Vector, event: "np.ndarray", weights: Vector) -> pd.DataFrame:
    """Weighted sensitivity and specificity at every cut: the event is predicted from this probability on.

    Examples
    --------
    >>> event = np.array([False, False, True, True])
    >>> roc_curve(np.array([0.1, 0.4, 0.4, 0.8]), event, np.ones(4))
       cut  sensitivity  specificity
    0  inf          0.0          1.0
    1  0.8          0.5          1.0
    2  0.4          1.0          0.5
    3  0.1          1.0          0.0
    """
    values, place = np.unique(-probability, return_inverse=True)
    with_event, without = (np.bincount(place, np.where(who, weights, 0.0), len(values)) for who in (event, ~event))
    caught, wrong = np.cumsum(with_event) / with_event.sum(), np.cumsum(without) / without.sum()
    return pd.DataFrame(
        {
            "cut": np.concatenate([[np.inf], -values]),
            "sensitivity": np.concatenate([[0.0], caught]),
            "specificity": np.concatenate([[1.0], 1 - wrong]),
        }
    )


def _youden(curve: pd.DataFrame) -> dict[str, float]:
    """Youden's index, and the cut where it is reached."""
    index = (curve["sensitivity"] + curve["specificity"] - 1).to_numpy()
    best = int(index.argmax())
    return {"youden": float(index[best]), "youden_cut": float(curve["cut"].iloc[best])}
