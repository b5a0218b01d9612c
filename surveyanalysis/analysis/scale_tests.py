"""Does the spread of an ordered answer depend on a term? The likelihood ratio of location-scale models."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ChoiceError, DataError
from ..language import both
from .diagnostic import Diagnostic
from .nonparallel import Nonparallel
from .responses import Cumulative
from .wider import Wider, groups_of, likelihood_ratios

if TYPE_CHECKING:
    from .model import Model

NAME = both("Equal spread: likelihood-ratio test", "등산포 검정: 가능도비 검정")
BY_DESIGN = both("p as Rao and Scott (saddlepoint)", "p값은 라오-스콧 보정(안장점 근사)")
READ = both(
    "a small p says that the spread differs; see `scale` of `ordered`",
    "p값이 작으면 산포가 다름; `ordered`의 `scale` 참고",
)


def scale_test(model: "Model") -> Diagnostic:
    """Test one spread; see `OrderedModel.scale_test`."""
    if not isinstance(model.response, Cumulative):
        raise ChoiceError("Test the spread on the model without `nonparallel` and `scale`.")
    if model.response.levels < 3:
        raise DataError("With two levels spread and slope cannot be told apart: nothing can be tested.")
    groups = groups_of(model)
    if len(groups) == 1:
        raise ChoiceError("The model has no terms whose spread could differ.")
    rows, notes = likelihood_ratios(model, groups, lambda columns: _widened(model, columns))
    frame = pd.DataFrame([{"term": name, **row} for name, row in zip(groups, rows)])
    said = (*((BY_DESIGN,) if model.variance == "design" else ()), *notes, READ)
    origin = replace(model.origin, what=NAME, interval={}).with_notes(*said)
    return Diagnostic(frame, "scale_test", model.estimates.labels, origin, detail={"statistic": "chi2"})


def _widened(model: "Model", columns: Sequence[int]) -> Wider:
    """The model whose spread depends on these columns."""
    size, kind = model.model_frame.x.shape[1], model.response
    response = Nonparallel(kind.link, kind.levels, tuple(range(1, size)), (), tuple(columns))
    places = response.places(size)
    at = [i for i, place in enumerate(places) if place.component == "scale"]
    return Wider(response, np.eye(len(places))[at])
