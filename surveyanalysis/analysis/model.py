"""A fitted model: a value that holds its coefficients and answers questions about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Fit, Vector
from ..language import Text
from ..results import Estimates
from . import coefficients
from .diagnosed import Diagnosed
from .error_words import Variance
from .fitted_model import FittedModel
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Response

At = Literal["sample", "means"] | Mapping[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Model(Diagnosed, FittedModel):
    """A fitted binary or ordered model.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    outcome, response
        What is modelled, and how probabilities follow from parameters.
    fit
        Parameters in the estimator's order (for ordered models thresholds, then slopes), with their contributions.
    again
        Other weights of the rows used -> the fit under them; raises where there is none.
    notes
        What a reader must know besides what the model frame says.
    penalised
        Whether the fit maximises something else than the likelihood.
    """

    model_frame: ModelFrame
    outcome: Outcome
    response: Response
    fit: Fit
    variance: Variance
    confidence: float
    again: Callable[[Vector], Fit]
    notes: tuple[Text, ...] = ()
    penalised: bool = False

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        return self.again(weights)

    @property
    def first_slope(self) -> int:
        """Position of the first slope among the parameters."""
        return self.response.first_slope

    @property
    def n(self) -> int:
        """Respondents used."""
        return len(self.outcome.y)

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F: clusters - strata + 1 - coefficients; infinite for model-based errors."""
        return np.inf if self.variance == "model" else self.model_frame.used.df + 1 - len(self.fit.params)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed: the intercept first for binary models, thresholds last for ordered ones."""
        return coefficients.estimates_of(self)

    def exponentiate(self) -> Estimates:
        """Odds ratios: estimates and interval ends are exponentiated, standard errors follow by the delta method.

        Statistic and p stay those of the log-odds. Thresholds of ordered models are left out.

        Raises
        ------
        ChoiceError
            The link is not the logit: exponentiated coefficients are no odds ratios then.
        """
        return coefficients.odds_ratios(self)

    def effects(
        self,
        terms: Sequence[str] | None = None,
        *,
        at: At = "sample",
        covariates: Literal["sampled", "fixed"] | None = None,
    ) -> Estimates:
        """Average marginal effects on probabilities; see `effects.effects`."""
        from .effects import effects

        return effects(self, terms, at, covariates)

    def predict(self, grid: pd.DataFrame | Mapping[str, Any] | None = None) -> Estimates:
        """Predicted probabilities over a grid of answers; see `predictions.predict`."""
        from .predictions import predict

        return predict(self, grid)

    def to_statsmodels(self) -> Any:
        """Fit the statsmodels twin on the same complete cases, for its own tests and plots.

        Returns
        -------
        statsmodels results
            ``Logit``, ``Probit``, ``GLM`` (cloglog) or ``OrderedModel``; columns carry this model's terms.

        Raises
        ------
        ChoiceError
            The design has unequal weights, which statsmodels ignores or misreads as counts of respondents.

        Notes
        -----
        Its standard errors are model-based: they agree with ``variance="model"``.
        """
        if np.ptp(self.model_frame.used.row_weights) > 0:
            raise ChoiceError(
                "`to_statsmodels` needs equal weights: OrderedModel ignores weights without a word, and Logit and GLM "
                "take them as counts of respondents, so that errors would be far too small."
            )
        from .twins import statsmodels_twin

        return statsmodels_twin(self)
