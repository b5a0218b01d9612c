"""Models of outcomes with limits, bands, zeros and shares: coefficients, and effects on what is seen of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..language import Text, both
from ..results import Scale
from ..threads import on_one_thread
from .coefficients import PSEUDO
from .error_words import Variance
from .limited_laws import Law
from .model_matrix import ModelFrame
from .nonparallel import kept
from .outcomes import Outcome
from .placed_model import PlacedModel
from .responses import Component, ExpectedInterval, Place, Response
from .solving import converged

Part = tuple[Component, tuple[int, ...]]
"""A linear predictor: what its parameters are called, and its columns of the model matrix."""
SIGMA: Part = ("spread", (0,))
LOGARITHM = both("slopes are of the logarithm of the outcome", "계수는 응답의 로그에 대한 것")
MEAN = both("mean", "평균")
QUASI = both(
    "quasi-likelihood: only the mean is modelled, so there is no log-likelihood, AIC or BIC",
    "준우도 추정: 평균만 모형화하므로 로그우도, AIC, BIC 없음",
)


@dataclass(frozen=True, slots=True)
class Limited(Response):
    """A law of an outcome, its predictors, and the view of it that is expected of respondents."""

    law: Law
    parts: tuple[Part, ...]
    view: str
    link: LinkName = "probit"
    levels: int = 0

    @property
    def scale(self) -> Scale:
        """Coefficients are those of the predictors."""
        return "value"

    @property
    def has_odds_ratios(self) -> bool:
        """Slopes are no logarithms of odds ratios."""
        return False

    @property
    def expects(self) -> Text:
        """What is expected of respondents, in the plural."""
        return self.law.views[self.view].words

    @property
    def expected_scale(self) -> Scale:
        """What expected answers are measured in."""
        return "probability" if self.law.views[self.view].kind == "share" else "value"

    @property
    def expected_interval(self) -> ExpectedInterval:
        """On which scale intervals of expected answers are symmetric."""
        on: dict[str, ExpectedInterval] = {"share": "logit", "positive": "log", "value": "t"}
        return on[self.law.views[self.view].kind]

    @property
    def words(self) -> Text:
        """The kind of model."""
        return self.law.words

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        return tuple(
            Place(name) if name == "spread" else Place(name, column) for name, own in self.parts for column in own
        )

    @on_one_thread
    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters."""
        return self.law.fit([x[:, own] for name, own in self.parts if name != "spread"], y, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """The view at rows of the model matrix, shape (m, 1)."""
        return self.law.curves(self._predictors(params, x), self.view).value[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 1, p)."""
        first = self.law.curves(self._predictors(params, x), self.view).first
        parts = [slope[:, None] * x[:, own] for slope, (_, own) in zip(first, self.parts)]
        return np.hstack(parts)[:, None, :]

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix] | None:
        """Linear predictor at rows of the model matrix (m,), its derivative (m, p); of the slopes of the outcome."""
        slopes = np.hstack([x[:, own] if name == "slope" else np.zeros((len(x), len(own))) for name, own in self.parts])
        return slopes @ params, slopes

    def without(self, columns: Sequence[int]) -> "Limited":
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, parts=tuple((name, kept(own, columns)) for name, own in self.parts))

    def _predictors(self, params: Vector, x: Matrix) -> Matrix:
        """Values of the predictors, shape (r, m)."""
        at = np.cumsum([0, *(len(own) for _, own in self.parts)])
        return np.stack([x[:, own] @ params[a:b] for (_, own), a, b in zip(self.parts, at, at[1:])])


@dataclass(frozen=True, eq=False, repr=False)
class LimitedModel(PlacedModel):
    """A fitted model of an outcome with limits, bands, zeros, or of a share.

    Attributes
    ----------
    response
        How what is seen of the outcome follows from parameters.
    counts
        How many respondents are at each limit, for `extra`.
    """

    response: Limited
    counts: Mapping[str, float] = field(default_factory=dict)

    def of(self, view: str) -> "LimitedModel":
        """Return the same model, with effects and predictions of another view of the outcome.

        Parameters
        ----------
        view
            One of those that the verb names, such as "latent" or "probability" of a tobit.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.limits import tobit
        >>> firms = pd.DataFrame({"sales": [0.0, 0.0, 1.0, 2.0, 3.0]})
        >>> model = tobit(firms, "sales ~ 1")
        >>> [round(float(model.of(v).predict().frame["estimate"][0]), 3) for v in ("latent", "observed", "probability")]
        [0.72, 1.133, 0.656]
        """
        one_of(view, tuple(self.response.law.views), "view")
        return replace(self, response=replace(self.response, view=view))

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        return converged(self.response.fit(self.model_frame.x, self.outcome.y, weights), self.model_frame)

    @property
    def asked(self) -> tuple[str, ...]:
        """Questions that the outcome is made of: both ends of a band."""
        return tuple(self.outcome.name.split(" .. "))

    @property
    def _notes(self) -> tuple[Text, ...]:
        """What a reader must know."""
        said = super()._notes
        return (QUASI, *(note for note in said if note is not PSEUDO)) if self.response.law.quasi else said

    @cached_property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """Log-likelihood (weights scaled to mean 1) and what follows from it; of a quasi-likelihood R2."""
        weights, n, k = self.model_frame.used.row_weights, self.n, len(self.params)
        found: dict[str, float] = {"n": n, "n_weighted": float(weights.sum()), **self.counts}
        if self.response.law.quasi:
            y, mean = self.outcome.y, np.average(self.outcome.y, weights=weights)
            left = y - self.response.expected(self.params, self.model_frame.x)[:, 0]
            return {**found, "r2": float(1 - weights @ left**2 / (weights @ (y - mean) ** 2))}
        loglik = float(self.fit.loglik / weights.mean())
        null = float(self._constants_alone / weights.mean())
        found |= {
            "loglik": loglik,
            "loglik_null": null,
            "aic": -2 * loglik + 2 * k,
            "bic": -2 * loglik + k * float(np.log(n)),
            "mcfadden": 1 - loglik / null,
        }
        return {**found, "sigma": float(np.exp(self.params[-1]))} if SIGMA in self.response.parts else found

    @property
    def _constants_alone(self) -> float:
        """Log-likelihood of the model of the constants; not a number where it has none."""
        x, y, weights = self.model_frame.x, self.outcome.y, self.model_frame.used.row_weights
        try:
            fit = self.response.without(range(1, x.shape[1])).fit(x[:, :1], y, weights)
        except DataError:
            return float("nan")
        return fit.loglik if fit.converged else float("nan")


def slopes_of(frame: ModelFrame) -> Part:
    """Slopes of all columns."""
    return "slope", tuple(range(frame.x.shape[1]))


def fitted_limited(
    frame: ModelFrame, y: Vector | Matrix, law: Law, parts: tuple[Part, ...], variance: Variance, confidence: float,
    notes: list[Text], counts: Mapping[str, float], name: str | None = None,
) -> LimitedModel:  # fmt: skip
    """The fitted model; errors of the data name the outcome."""
    name = frame.formula.outcome if name is None else name
    response = Limited(law, parts, next(iter(law.views)))
    outcome = Outcome(name, y, ("mean",), (MEAN,))
    try:
        found = response.fit(frame.x, y, frame.used.row_weights)
    except DataError as error:
        raise DataError(f"Outcome {name!r}: {error}") from None
    return LimitedModel(frame, outcome, response, converged(found, frame), variance, confidence, tuple(notes), counts)
