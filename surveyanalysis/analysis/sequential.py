"""Ordered answers reached step by step: continuation ratios."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..design.design import as_design
from ..errors import one_of
from ..estimators.continuation import continuation_fit
from ..estimators.continuation_response import (
    continuation_jacobian,
    continuation_probabilities,
    continuation_summed_jacobian,
)
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.separation import Separation
from ..estimators.separation_steps import separating_steps
from ..estimators.steps import Direction
from ..intervals import check_confidence
from ..language import Text, both
from .bases import Data
from .error_words import VARIANCES, Variance
from .model import Model
from .model_cautions import decisive, few_events, thin_cells
from .model_matrix import ModelFrame, model_frame
from .nonparallel import free_columns, kept
from .outcomes import Outcome, ordered_outcome
from .responses import LINK_WORDS, Place, Response
from .solving import solved

READING = {
    "forward": both("each step: to stop at a level, of those who reached it", "각 단계: 도달자 중 멈추는 경우"),
    "backward": both(
        "each step: to lie lower, of those at the level or below", "각 단계: 해당 수준 이하 중 더 낮은 경우"
    ),
}


def continuation_ratio(
    data: Data,
    formula: str,
    *,
    link: Literal["logit", "probit", "cloglog"] = "logit",
    direction: Direction = "forward",
    nonparallel: bool | str | Sequence[str] = (),
    variance: Variance = "design",
    confidence: float = 0.95,
) -> Model:
    """Sequential regression of an ordered answer whose levels are passed one after the other.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    link
        "logit", "probit" or "cloglog".
    direction
        "forward": P(y = j | y >= j), for levels passed from the lowest on (schooling, stages of a plan to return).
        "backward": P(y <= j | y <= j + 1), from the highest down.
    nonparallel
        Questions or terms whose slopes differ by step; True for all of them.

    Returns
    -------
    Model
        Slopes, then thresholds: P(stop at j | reached j) = F(threshold_j - x b), so that a positive slope moves towards
        higher levels. `.effects()` and `.predict()` give the probabilities of the levels, not of the steps.

    Raises
    ------
    ChoiceError
        The outcome's levels have no order.
    FormulaError, ColumnError, DataError, SeparationError, ConvergenceError
        As for `logit`.

    Notes
    -----
    Levels in the codebook's order. A respondent is one row in the variance of the design, however many steps were
    taken. Checked against R ``glm`` and ``svyglm(ids = ~respondent)`` on stacked rows and VGAM ``sratio`` (o.cr.*).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.Categorical(list("lmhlmhmmlh"), categories=["l", "m", "h"], ordered=True)
    >>> people = pd.DataFrame({"stage": answers, "age": [50, 41, 38, 44, 47, 29, 33, 35, 36, 40]})
    >>> continuation_ratio(people, "stage ~ age").frame["term"].tolist()
    ['age', 'l|m', 'm|h']
    """
    one_of(link, ("logit", "probit", "cloglog"), "link")
    one_of(direction, ("forward", "backward"), "direction")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    outcome = ordered_outcome(frame.used, frame.formula.outcome)
    response = Sequential(link, len(outcome.levels), direction, free_columns(frame, nonparallel))
    fit = solved(response, frame, outcome, lambda: _separation(response, frame, outcome))
    where = both("outside the most frequent level", "(최빈 수준 밖)")
    notes = (
        READING[direction],
        *outcome.notes,
        *few_events(len(outcome.y) - max(outcome.counts), len(fit.params) - len(outcome.levels) + 1, where),
        *thin_cells(frame, outcome),
        *decisive(frame),
    )
    return Model(frame, outcome, response, fit, variance, confidence, notes)


def _separation(response: "Sequential", frame: ModelFrame, outcome: Outcome) -> Separation | None:
    """What tells who stops from who goes on, in columns of the model matrix."""
    y, free = outcome.y.astype(np.intp), [j - 1 for j in response.free]
    found = separating_steps(frame.x[:, 1:], y, response.levels, response.direction, free)
    return found and replace(found, columns=tuple(j + 1 for j in found.columns))


@dataclass(frozen=True, slots=True)
class Sequential(Response):
    """An ordered answer, a binary regression at every step; `free` are columns whose slopes differ by step."""

    link: LinkName
    levels: int
    direction: Direction
    free: tuple[int, ...] = ()

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Continuation-ratio {en} model", "연속비 {ko} 모형", **LINK_WORDS[self.link])

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        cuts = range(self.levels - 1)
        return (
            *(Place("threshold", cut=cut) for cut in cuts),
            *(Place("slope", j) for j in range(1, columns) if j not in self.free),
            *(Place("slope", j, cut) for j in self.free for cut in cuts),
        )

    @property
    def _kind(self) -> dict[str, Any]:
        return {"direction": self.direction, "free": [j - 1 for j in self.free]}

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        return continuation_fit(x[:, 1:], y.astype(np.intp), weights, self.levels, self.link, **self._kind)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        return continuation_probabilities(params, x[:, 1:], self.levels, self.link, **self._kind)

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        return continuation_jacobian(params, x[:, 1:], self.levels, self.link, **self._kind)

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        return continuation_summed_jacobian(params, x[:, 1:], weights, self.levels, self.link, **self._kind)

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, free=kept(self.free, columns))
