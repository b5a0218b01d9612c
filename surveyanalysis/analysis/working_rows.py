"""A fitted linear, yes/no or ordered model as a regression on rows in clusters."""

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
        Outcome; 0 or 1 of a yes/no model, the position of the level of an ordered one.
    weights
        Of the respondents.
    clusters
        Codes 0 to count - 1.
    link
        None for a linear model.
    named
        How readers call the clusters.
    levels
        Of an ordered model, 0 of others.
    """

    x: Matrix
    y: Vector
    weights: Vector
    clusters: NDArray[np.intp]
    count: int
    link: LinkName | None
    named: str
    notes: tuple[Text, ...]
    levels: int = 0

    @property
    def step_clusters(self) -> NDArray[np.intp]:
        """Cluster of each row of the last step: of an ordered model every respondent has levels - 1 of them."""
        return np.repeat(self.clusters, max(self.levels - 1, 1))

    def last_step(self, params: Vector) -> tuple[Matrix, Vector, Vector, Vector]:
        """Covariates, residuals, weights and variances of the errors, on the scale of the outcome."""
        if self.levels:
            return self._on_a_scale(params)
        predictor = self.x @ params
        if self.link is None:
            return self.x, self.y - predictor, self.weights, np.ones(len(self.y))
        p = binary_mean(predictor, self.link)
        variance = p * (1 - p)
        slope = binary_slope(predictor, self.link)[:, None]
        return slope * self.x, self.y - p, self.weights / variance, variance

    def _on_a_scale(self, params: Vector) -> tuple[Matrix, Vector, Vector, Vector]:
        """The answers "at most level j", each without what those before it say of it, so that errors are unrelated."""
        assert self.link is not None
        cuts = self.levels - 1
        place = params[:cuts] - (self.x[:, 1:] @ params[cuts:])[:, None]
        below = binary_mean(place.ravel(), self.link).reshape(place.shape)
        slope = binary_slope(place.ravel(), self.link).reshape(place.shape)
        least = np.minimum(np.arange(cuts)[:, None], np.arange(cuts))
        most = np.maximum(np.arange(cuts)[:, None], np.arange(cuts))
        root = np.linalg.cholesky(below[:, least] * (1 - below[:, most]))
        each = np.concatenate([np.broadcast_to(np.eye(cuts), (len(place), cuts, cuts)),
                               np.repeat(-self.x[:, None, 1:], cuts, axis=1)], axis=2)  # fmt: skip
        spread = np.diagonal(root, axis1=1, axis2=2)
        turn = root / spread[:, None, :]
        columns = np.linalg.solve(turn, slope[:, :, None] * each)
        left = np.linalg.solve(turn, ((self.y[:, None] <= np.arange(cuts)) - below)[:, :, None])
        rows, variance = cuts * len(place), np.asarray(spread**2, float).ravel()
        weights = np.repeat(np.asarray(self.weights, float), cuts) / variance
        return np.asarray(columns.reshape(rows, -1), float), np.asarray(left.reshape(rows), float), weights, variance


def working_rows(model: "FittedModel", clusters: Column | None, *, scales: bool = False) -> WorkingRows:
    """Rows of a model, in the design's clusters or those of a column; `scales`: ordered models have rows too.

    Raises
    ------
    ChoiceError
        The model is neither linear nor a maximum likelihood model of a yes/no answer (or of a scale), or no clusters
        are known.
    DataError
        Somebody's cluster is missing, or all are in one.
    """
    y, link, levels = _outcome(model, scales)
    used = model.model_frame.used
    codes, named = _clusters(used, clusters)
    count = int(codes.max()) + 1
    if count < 2:
        raise DataError(f"All {len(codes)} respondents used are in one cluster: nothing tells how clusters differ.")
    return WorkingRows(model.model_frame.x, y, used.row_weights, codes, count, link, named, _left_out(used), levels)


def _outcome(model: "FittedModel", scales: bool) -> tuple[Vector, LinkName | None, int]:
    """The outcome of the respondents used, the link, and the levels of a scale."""
    from .responses import Binary, Cumulative

    if isinstance(model, LinearModel):
        return model.y, None, 0
    response, kinds = getattr(model, "response", None), (Binary, Cumulative) if scales else (Binary,)
    if not isinstance(response, kinds) or cast("Model", model).penalised:
        more = ", and for `ordered` with parallel lines" if scales else ""
        raise ChoiceError(
            "This is there for `linear` and for maximum likelihood models of yes/no answers: `logit`, `probit`, "
            f"`cloglog`{more}. Of other models resample the clusters: `bootstrap`."
        )
    return cast("Model", model).outcome.y, response.link, response.levels


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
