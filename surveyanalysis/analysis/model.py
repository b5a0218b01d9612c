"""A fitted model: a value that holds its coefficients and answers questions about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..design.replicated import Covaried
from ..errors import ChoiceError
from ..estimators.fit import Fit, Matrix, Vector
from ..language import Text
from ..results import Estimates, Origin, Test
from . import coefficients
from .diagnosed import Diagnosed
from .error_words import Variance
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Response
from .term_tests import TermMethod, term_test

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.table import Table

At = Literal["sample", "means"] | Mapping[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Model(Diagnosed):
    """A fitted binary or ordered model.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    outcome, response
        What is modelled, and how probabilities follow from parameters.
    fit
        Parameters in the estimator's order (for ordered models thresholds, then slopes), with their contributions.
    refit
        Other weights of the rows used -> the fit under them; raises where there is none.
    notes
        What a reader must know besides what the model frame says.
    """

    model_frame: ModelFrame
    outcome: Outcome
    response: Response
    fit: Fit
    variance: Variance
    confidence: float
    refit: Callable[[Vector], Fit]
    notes: tuple[Text, ...] = ()

    @property
    def covariance(self) -> Matrix:
        """Covariance of the coefficients, in the row order of `frame`."""
        return self.estimates.covariance

    @cached_property
    def params_covariance(self) -> Matrix:
        """Covariance of `fit.params`, shape (p, p): from the design, or the inverse information at mean weight 1."""
        if self.variance == "design" or self.fit.covariance is None:
            return self._covaried.matrix
        return self.fit.covariance * self.model_frame.used.row_weights.mean()

    @cached_property
    def _covaried(self) -> Covaried:
        """Design-based covariance of `fit.params`."""
        used = self.model_frame.used
        return used.covaried(
            self.params, lambda weights: self.refit(weights).params, lambda: used.covariance(self.fit.scores)
        )

    @property
    def failed(self) -> int:
        """Replicates under which the model has no solution."""
        return self._covaried.failed if self.variance == "design" else 0

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F: clusters - strata + 1 - coefficients; infinite for model-based errors."""
        return np.inf if self.variance == "model" else self.model_frame.used.df + 1 - len(self.fit.params)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed: the intercept first for binary models, thresholds last for ordered ones."""
        return coefficients.estimates_of(self)

    @property
    def frame(self) -> pd.DataFrame:
        """Coefficients, one row each: outcome, component, term, estimate, se, statistic, df, p, ci_low, ci_high, n."""
        return self.estimates.frame

    @property
    def origin(self) -> Origin:
        """Where the numbers come from, with every note."""
        return self.estimates.origin

    @property
    def extra(self) -> Mapping[str, float]:
        """Fit as a whole: n, n_weighted, loglik, loglik_null, deviance, aic, bic, mcfadden."""
        return self.estimates.extra

    @property
    def params(self) -> Vector:
        """Parameters in the estimator's order, shape (p,)."""
        return self.fit.params

    def table(self, lang: str = "en") -> "Table":
        """Coefficients as a printed table."""
        return self.estimates.table(lang)

    def plot(self, ax: "Axes | None" = None, lang: str = "en", width: float | None = None) -> "Axes":
        """Draw the coefficients with their intervals."""
        return self.estimates.plot(ax, lang, width)

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

    def __repr__(self) -> str:
        return repr(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()
