"""What can be asked of a model beyond its coefficients, in the units of its answers; each method opens its module."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pandas as pd

if TYPE_CHECKING:
    from ..language import Text
    from ..results import Estimates
    from .contrasts import Covariates, Steps
    from .linear import LinearModel
    from .marginal_means import Asked
    from .model import At, Model
    from .placed_model import PlacedModel
    from .predictions import PredictionScale

    AnyModel: TypeAlias = Model | LinearModel | PlacedModel


class Margins:
    """Effects, predictions and their comparisons, as methods of a model."""

    @property
    def expected_notes(self) -> "tuple[Text, ...]":
        """What a reader of effects and predictions must know besides what the model's origin says."""
        return ()

    @property
    def moving(self) -> frozenset[str] | None:
        """Questions that move what is expected of respondents; None for all of the model."""
        return None

    def effects(
        self,
        terms: Sequence[str] | None = None,
        *,
        at: "At" = "sample",
        covariates: "Covariates | None" = None,
        steps: "Steps | None" = None,
    ) -> "Estimates":
        """Average marginal effects: derivatives of numbers, differences of categories; see `effects.effects`."""
        from .effects import effects

        return effects(cast("AnyModel", self), terms, at, covariates, steps)

    def predict(
        self, grid: pd.DataFrame | Mapping[str, Any] | None = None, *, scale: "PredictionScale" = "probability"
    ) -> "Estimates":
        """Predictions over a grid of answers, the other questions typical; see `predictions.predict`."""
        from .predictions import predict

        return predict(cast("AnyModel", self), grid, scale)

    def marginal_means(self, asked: "Asked" = None, *, covariates: "Covariates | None" = None) -> "Estimates":
        """Average predictions with everybody set to a level; see `marginal_means.marginal_means`."""
        from .marginal_means import marginal_means

        return marginal_means(cast("AnyModel", self), asked, covariates)

    def risk_ratios(
        self,
        terms: Sequence[str] | None = None,
        *,
        at: "At" = "sample",
        covariates: "Covariates | None" = None,
        steps: "Steps | None" = None,
    ) -> "Estimates":
        """Ratios of average predicted probabilities; see `risk_ratios.risk_ratios`."""
        from .risk_ratios import risk_ratios

        return risk_ratios(cast("AnyModel", self), terms, at, covariates, steps)

    def interaction(
        self,
        first: str,
        second: str,
        *,
        at: "At" = "sample",
        covariates: "Covariates | None" = None,
        steps: "Steps | None" = None,
    ) -> "Estimates":
        """Second differences: how much the effect of one question differs by another; see `second_differences`."""
        from .second_differences import interaction

        return interaction(cast("AnyModel", self), first, second, at, covariates, steps)
