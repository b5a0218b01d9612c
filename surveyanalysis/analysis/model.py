"""A fitted model: a value that holds its coefficients and answers questions about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Fit, Vector
from ..language import Text
from ..results import Estimates, Test
from . import coefficients
from .diagnosed import Diagnosed
from .error_words import Variance
from .fitted_model import FittedModel
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Response
from .term_tests import TermMethod, term_test

if TYPE_CHECKING:
    pass

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

    def test(self, *names: str, method: TermMethod = "wald") -> Test:
        """Test that all coefficients of these questions or terms are zero.

        Parameters
        ----------
        *names
            Questions (everything they take part in, powers and interactions included), terms of the formula
            ("age^2", "employer:age") or single rows of the frame ("employer[university]").
        method
            "wald"; "likelihood_ratio" and "working_wald" (Rao-Scott: a statistic of the weighted likelihood, p from its
            distribution under the design); "score" (at the model without the terms).

        Returns
        -------
        Test
            Wald and score: F = W / q with q and the model's df; the chi-square W where df is infinite. The others: the
            working statistic; `extra` holds the mean and the largest design effect of the coefficients tested.

        Notes
        -----
        W = b' V^-1 b (Korn and Graubard 1990). As R survey ``regTermTest`` (methods "Wald", "LRT", "WorkingWald";
        references b.termtest.*); the score test as Rao, Scott and Skinner (1998). With model-based errors all are
        chi-square.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> model = logit(people, "y ~ age", variance="model")
        >>> [round(model.test("age", method=m).statistic, 2) for m in ("wald", "likelihood_ratio", "score")]
        [0.91, 1.03, 0.99]
        """
        return term_test(self, names, method)

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
