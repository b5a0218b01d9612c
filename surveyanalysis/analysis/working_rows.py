"""A fitted linear or yes/no model as a regression on rows in clusters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ..design.columns import Column, column_of
from ..design.design import Design
from ..errors import ChoiceError, DataError, DesignError
from ..estimators.binary import binary_mean, binary_slope
from ..estimators.fit import Matrix, Vector
from ..estimators.links import LinkName
from ..language import Text, both
from .linear import LinearModel

if TYPE_CHECKING:
    from .fitted_model import FittedModel
    from .model import Model

STRATA = both(
    "strata are left out, so that errors are rather too large than too small", "층은 반영하지 않아 오차가 보수적임"
)
FINITE = both("the finite population is left out", "유한모집단 수정은 반영하지 않음")
ADJUSTED = both("the adjustment of the weights is taken as given", "가중치 보정은 주어진 것으로 간주")


@dataclass(frozen=True)
class WorkingRows:
    """The last step of a fit, as least squares; every array has one entry a respondent used.

    Attributes
    ----------
    x
        Model matrix, shape (m, k).
    y
        Outcome; 0 or 1 of a yes/no model.
    weights
        Of the respondents.
    clusters
        Codes 0 to count - 1.
    link
        None for a linear model.
    named
        How readers call the clusters.
    """

    x: Matrix
    y: Vector
    weights: Vector
    clusters: NDArray[np.intp]
    count: int
    link: LinkName | None
    named: str
    notes: tuple[Text, ...]

    def last_step(self, params: Vector) -> tuple[Matrix, Vector, Vector, Vector]:
        """Covariates, residuals, weights and variances of the errors, on the scale of the outcome."""
        predictor = self.x @ params
        if self.link is None:
            return self.x, self.y - predictor, self.weights, np.ones(len(self.y))
        p = binary_mean(predictor, self.link)
        variance = p * (1 - p)
        slope = binary_slope(predictor, self.link)[:, None]
        return slope * self.x, self.y - p, self.weights / variance, variance


def working_rows(model: "FittedModel", clusters: Column | None) -> WorkingRows:
    """Rows of a model, in the design's clusters or those of a column.

    Raises
    ------
    ChoiceError
        The model is neither linear nor a maximum likelihood model of a yes/no answer, or no clusters are known.
    DataError
        Somebody's cluster is missing, or all are in one.
    """
    y, link = _outcome(model)
    used = model.model_frame.used
    codes, named = _clusters(used, clusters)
    count = int(codes.max()) + 1
    if count < 2:
        raise DataError(f"All {len(codes)} respondents used are in one cluster: nothing tells how clusters differ.")
    return WorkingRows(model.model_frame.x, y, used.row_weights, codes, count, link, named, _left_out(used))


def _outcome(model: "FittedModel") -> tuple[Vector, LinkName | None]:
    """The outcome of the respondents used, and the link."""
    from .responses import Binary

    if isinstance(model, LinearModel):
        return model.y, None
    response = getattr(model, "response", None)
    if not isinstance(response, Binary) or cast("Model", model).penalised:
        raise ChoiceError(
            "This is there for `linear` and for maximum likelihood models of yes/no answers: `logit`, `probit`, "
            "`cloglog`."
        )
    return cast("Model", model).outcome.y, response.link


def _clusters(used: Design, column: Column | None) -> tuple[NDArray[np.intp], str]:
    """Codes of the clusters of the respondents used, and their name."""
    if column is None:
        if used.sample.first.cluster is None:
            raise ChoiceError("The design has no clusters. Name the column that holds them: clusters='town'.")
        asked = used.asked["clusters"]
        first = asked if isinstance(asked, str) or not isinstance(asked, list | tuple) else asked[0]
        return _coded(used.sample.first.owners(used.rows)), str(getattr(first, "name", first))
    values = column_of(used.survey, column, "clusters").iloc[used.rows]
    if values.isna().any():
        labels = [str(label) for label in values.index[values.isna()]]
        raise DataError(
            f"`clusters` is {values.name!r}, which is missing for {len(labels)} respondent(s): {', '.join(labels[:5])}"
            ". Fill it in, or leave them out by `where`."
        )
    return _coded(values.to_numpy(object)), str(values.name)


def _coded(values: NDArray) -> NDArray[np.intp]:
    """Codes from 0 in the order in which values occur."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values.tolist()], np.intp)


def _left_out(used: Design) -> tuple[Text, ...]:
    """What of the design is not counted."""
    if used.replicates is not None:
        raise DesignError("Replicate weights bring their own errors: few clusters cannot be made up for beside them.")
    found = ((STRATA, len(used.sample.first.size) > 1), (FINITE, used.sample.finite), (ADJUSTED, bool(used.steps)))
    return tuple(note for note, holds in found if holds)
