"""A fitted model: a value that holds its coefficients and answers questions about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ..errors import ChoiceError
from ..estimators.batched_likelihood import WeightSets
from ..estimators.fit import Fit, Matrix, Vector
from ..language import Text
from ..results import Estimates
from . import coefficients
from .diagnosed import Diagnosed
from .error_words import Variance
from .fitted_model import FittedModel
from .margins import Margins
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Place, Response
from .solving import converged

At = Literal["sample", "means"] | Mapping[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Model(Margins, Diagnosed, FittedModel):
    """A fitted model of answers: what the verbs of yes/no, ordered and nominal answers return.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    outcome, response
        What is modelled, and how its expected answers follow from parameters.
    fit
        Parameters in the estimator's order (see `places`), with their contributions.
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
    notes: tuple[Text, ...] = ()
    penalised: bool = False

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        return converged(self.response.fit(self.model_frame.x, self.outcome.y, weights), self.model_frame)

    def refit_many(self, weights: WeightSets) -> Matrix | None:
        """Parameters under many sets of weights of those used, shape (R, p); NaN where there is no solution."""
        found = self.response.fit_many(self.model_frame.x, self.outcome.y, weights, self.params)
        return None if found is None else found.params

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What each parameter stands for, in the estimator's order."""
        return self.response.places(self.model_frame.x.shape[1])

    @cached_property
    def expected(self) -> Matrix:
        """Probabilities of the respondents used, shape (m, shown)."""
        return self.response.expected(self.params, self.model_frame.x)

    @property
    def n(self) -> int:
        """Respondents used."""
        return len(self.outcome.y)

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F: clusters - strata + 1 - coefficients; infinite without the design."""
        return np.inf if self.variance != "design" else self.model_frame.used.df + 1 - len(self.fit.params)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed: slopes, the intercept first, then other components, thresholds last."""
        return coefficients.estimates_of(self)

    def exponentiate(self) -> Estimates:
        """Odds ratios: estimates and interval ends are exponentiated, standard errors follow by the delta method.

        Statistic and p stay those of the log-odds. Thresholds of ordered models are left out.

        Raises
        ------
        ChoiceError
            Exponentiated coefficients of this kind of model are no odds ratios.
        """
        return coefficients.odds_ratios(self)

    def profile_intervals(self, confidence: float | None = None) -> Estimates:
        """Coefficients with intervals and p-values by the profile of the likelihood.

        Parameters
        ----------
        confidence
            Level of the intervals; that of the model if not given.

        Returns
        -------
        Estimates
            As `estimates`, thresholds left out: interval, p of the likelihood ratio, and its signed root as statistic.

        Raises
        ------
        ChoiceError
            The errors are not those of the model: a profile knows no design. Or the model is not binary, not ordered
            with parallel lines, or penalised.
        ConvergenceError
            A maximum is not found.

        Notes
        -----
        The values at which twice the log-likelihood, the other coefficients maximised over, has fallen by the
        chi-square quantile on 1 degree of freedom: better than estimate and error where respondents are few. Checked
        against R ``confint`` of ``glm`` (c.binary.*) and of ``clm`` (n.ord.*).

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> found = logit(people, "y ~ age", variance="model").profile_intervals().frame
        >>> found[["ci_low", "ci_high"]].round(2).values.tolist()
        [[-4.12, 16.06], [-0.4, 0.1]]
        """
        from .profiled import profile_intervals

        return profile_intervals(self, confidence)

    def to_statsmodels(self) -> Any:
        """Fit the statsmodels twin on the same complete cases, for its own tests and plots.

        Returns
        -------
        statsmodels results
            ``Logit``, ``Probit``, ``GLM`` (cloglog), ``OrderedModel`` or ``MNLogit``; columns carry this model's terms.

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
