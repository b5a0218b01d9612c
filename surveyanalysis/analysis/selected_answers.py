"""Outcomes that are known of those selected only, and what a selection model says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..estimators.curves import Curves
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.heckman import heckman_fit
from ..estimators.heckman_response import heckman_response, two_step_response
from ..estimators.heckman_two_step import heckman_two_step_fit
from ..estimators.links import LinkName
from ..language import Text, both
from ..results import Scale
from .nonparallel import kept
from .outcomes import Outcome
from .responses import ExpectedInterval, Place, Response

SelectionMethod = Literal["ml", "two_step"]
SelectionView = Literal["latent", "selected", "observed", "probability"]
VIEWS: dict[SelectionView, Text] = {
    "latent": both(
        "effects and predictions are of the outcome of everybody, seen or not",
        "효과와 예측은 관측 여부와 무관한 전체의 결과 기준",
    ),
    "selected": both(
        "effects and predictions are of the outcome given that it is seen: a covariate acts by both formulas",
        "효과와 예측은 결과가 관측된 경우의 조건부 기대값 기준(공변량이 두 식 모두로 작용)",
    ),
    "observed": both(
        "effects and predictions are of the outcome that counts as 0 where it is not seen",
        "효과와 예측은 관측되지 않으면 0으로 보는 결과 기준",
    ),
    "probability": both("effects and predictions are of being selected", "효과와 예측은 선택될 확률 기준"),
}


@dataclass(frozen=True)
class SelectedOutcome(Outcome):
    """A number that is known where `seen` is 1, and 0 elsewhere; `selection` is the name of what selects."""

    seen: Vector = field(default_factory=lambda: np.zeros(0))
    selection: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcome and of what selects."""
        return self.name, self.selection


@dataclass(frozen=True, slots=True)
class Selected(Response):
    """An outcome y = x b + sigma u that is seen where z g + v > 0, the errors correlated.

    Attributes
    ----------
    seen
        Whose outcome is known, shape (m,).
    columns, selection
        Columns of the model matrix that have slopes of the outcome, and of selection.
    method
        "ml" or "two_step".
    view
        What is expected of respondents: see `VIEWS`.
    information
        The probit's, in the model-based errors of the two steps.
    """

    seen: Vector
    columns: tuple[int, ...]
    selection: tuple[int, ...]
    method: SelectionMethod
    view: SelectionView = "latent"
    information: Literal["expected", "observed"] = "expected"
    link: LinkName = "probit"
    levels: int = 0

    @property
    def scale(self) -> Scale:
        """What the coefficients are measured in: units of the outcome; those of selection are a probit's."""
        return "value"

    @property
    def has_odds_ratios(self) -> bool:
        """Whether exponentiated slopes are ratios of odds."""
        return False

    @property
    def expects(self) -> Text:
        """What is expected of respondents, in the plural."""
        return both("probabilities", "확률") if self.view == "probability" else both("means", "평균")

    @property
    def expected_scale(self) -> Scale:
        """What expected answers are measured in."""
        return "probability" if self.view == "probability" else "value"

    @property
    def expected_interval(self) -> ExpectedInterval:
        """On which scale intervals of expected answers are symmetric."""
        return "logit" if self.view == "probability" else "t"

    @property
    def words(self) -> Text:
        """The kind of model."""
        if self.method == "two_step":
            return both("Heckman selection model (two-step)", "헤크먼 표본선택 모형(2단계)")
        return both("Heckman selection model (maximum likelihood)", "헤크먼 표본선택 모형(최대가능도)")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        slopes = tuple(Place("slope", j) for j in self.columns)
        chosen = tuple(Place("selection", j, outcome=1) for j in self.selection)
        if self.method == "two_step":
            return (*slopes, Place("lambda"), *chosen, Place("spread"), Place("rho"))
        return (*slopes, *chosen, Place("spread"), Place("error_correlation"))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood, or in two steps."""
        parts = (x[:, self.columns], y, x[:, self.selection], self.seen, weights)
        if self.method == "ml":
            return heckman_fit(*parts)
        return heckman_two_step_fit(*parts, information=self.information)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Expected outcomes, or probabilities of being seen, at rows of the model matrix, shape (m, 1)."""
        return self._curves(params, x)[0].value[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 1, p)."""
        found, starts, designs = self._curves(params, x)
        jacobian = np.zeros((len(x), 1, len(params)))
        for slope, start, design in zip(found.first, starts, designs):
            jacobian[:, 0, start : start + design.shape[1]] = slope[:, None] * design
        return jacobian

    def _curves(self, params: Vector, x: Matrix) -> tuple[Curves, tuple[int, ...], tuple[Matrix, ...]]:
        """What is expected by linear predictors, the first parameter of each, and its columns."""
        k1, k2, one = len(self.columns), len(self.selection), np.ones((len(x), 1))
        outcome, chosen = x[:, self.columns], x[:, self.selection]
        if self.method == "two_step":
            starts: tuple[int, ...] = (0, k1 + 1, k1)
            designs: tuple[Matrix, ...] = (outcome, chosen, one)
        else:
            starts, designs = (0, k1, k1 + k2, k1 + k2 + 1), (outcome, chosen, one, one)
        at = [design @ params[start : start + design.shape[1]] for start, design in zip(starts, designs)]
        said = two_step_response if self.method == "two_step" else heckman_response
        return said(np.stack(at), self.view), starts, designs

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, columns=kept(self.columns, columns), selection=kept(self.selection, columns))
