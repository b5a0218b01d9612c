"""Shares of every count as observed and as a model of counts expects them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ChoiceError
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates, Labels
from .classification import spread_rows
from .diagnostic import design_origin
from .measured import averages, measured_frame
from .origins import interval_words

if TYPE_CHECKING:
    from .count_model import CountRegression

MOST = 30
WHAT = both("Observed and expected counts", "관측 횟수와 기대 횟수")
GIVEN = both(
    "intervals are those of the observed shares; the model is taken as given",
    "신뢰구간은 관측 비율의 구간이며, 모형은 고정으로 간주",
)


def rootogram(model: "CountRegression", top: int | None = None, confidence: float = 0.95) -> Estimates:
    """Observed and expected shares of every count; see `CountRegression.rootogram`."""
    check_confidence(confidence)
    shown: Any = model  # of counts, not of answers
    y, used = model.outcome.y, model.model_frame.used
    first, last = _range(model, top)
    counts = np.arange(first, last + 1)
    rest = bool(y.max() > last)
    own = y[:, None] == counts
    columns = np.column_stack([own, y > last]) if rest else own
    observed = averages(used, spread_rows(shown, columns.astype(float)), np.zeros(len(used.survey), np.intp), 1)
    levels = [*counts.tolist(), *([last + 1] if rest else [])]
    keys: dict[str, Any] = {"outcome": [model.outcome.name] * len(levels), "level": levels}
    frame = measured_frame(observed, keys, interval="wilson", confidence=confidence, simple=used.simple)
    chances = model.response.probabilities(model.params, model.model_frame.x, counts.astype(float))
    expected = used.row_weights @ chances / used.row_weights.sum()
    predicted = np.append(expected, 1 - expected.sum()) if rest else expected
    said: dict[int, Text] = {int(k): {"": str(k)} for k in counts}
    if rest:
        said[last + 1] = {"": f"{last + 1}+"}
    labels = Labels(model.estimates.labels.columns, {(model.outcome.name, k): text for k, text in said.items()})
    origin = design_origin(shown, WHAT, interval_words("wilson", confidence), GIVEN, failed=observed.failed)
    return Estimates(frame, observed.covariance, "rootogram", "proportion", (), labels, origin,
                     detail={"predicted": predicted})  # fmt: skip


def _range(model: "CountRegression", top: int | None) -> tuple[int, int]:
    """First and last count of their own."""
    first = 1 if model.response.model.zeros == "truncated" else 0
    if top is None:
        return first, int(min(model.outcome.y.max(), MOST))
    if isinstance(top, bool) or not isinstance(top, int | np.integer) or top <= first:
        raise ChoiceError(f"`top` is {top!r}; it must be a whole number above {first}: the largest count of its own.")
    return first, int(min(top, model.outcome.y.max()))
