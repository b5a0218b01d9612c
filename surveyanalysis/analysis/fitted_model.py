"""What every fitted regression offers: coefficients, their covariance under the design, tests, tables."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ..design.replicated import Covaried
from ..estimators.batched_likelihood import WeightSets
from ..estimators.fit import Fit, Matrix, Vector
from ..results import Estimates, Origin, Test
from .error_words import ROBUST, Variance
from .model_matrix import ModelFrame
from .responses import Place
from .sandwich import robust_covariance
from .term_tests import tested, wald

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.table import Table


class FittedModel:
    """A regression: subclasses hold the fit and say how it is printed.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    fit
        Parameters in the estimator's order, with their contributions.
    variance
        What standard errors rest on; see `logit`.
    confidence
        Level of the intervals.
    """

    model_frame: ModelFrame
    fit: Fit
    variance: Variance
    confidence: float

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What each parameter stands for."""
        raise NotImplementedError

    def positions(self, column: int) -> list[int]:
        """Parameters that a column of the model matrix stands for."""
        return [i for i, place in enumerate(self.places) if place.column == column]

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        raise NotImplementedError

    def refit_many(self, weights: WeightSets) -> Matrix | None:
        """Parameters under many sets of weights at once, shape (R, p); None where they are fitted one by one."""
        return None

    @property
    def n(self) -> int:
        """Respondents used."""
        raise NotImplementedError

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F."""
        raise NotImplementedError

    @property
    def estimates(self) -> Estimates:
        """Coefficients as printed."""
        raise NotImplementedError

    @property
    def params(self) -> Vector:
        """Parameters in the estimator's order, shape (p,)."""
        return self.fit.params

    @cached_property
    def params_covariance(self) -> Matrix:
        """Covariance of `params`, shape (p, p), of the kind asked for; weights scaled to mean 1 if model-based."""
        if self.variance in ROBUST:
            return robust_covariance(self.fit.scores, self.variance)
        if self.variance == "design" or self.fit.covariance is None:
            return self._covaried.matrix
        return self.fit.covariance * self.model_frame.used.row_weights.mean()

    @cached_property
    def _covaried(self) -> Covaried:
        """Design-based covariance of `params`."""
        used = self.model_frame.used
        return used.covaried(
            self.params,
            lambda weights: self.refit(weights).params,
            lambda: used.covariance(self.fit.contributions),
            self.refit_many,
        )

    @property
    def failed(self) -> int:
        """Replicates under which the model has no solution."""
        return self._covaried.failed if self.variance == "design" else 0

    @property
    def covariance(self) -> Matrix:
        """Covariance of the coefficients, in the row order of `frame`."""
        return self.estimates.covariance

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
        """Fit as a whole: n, n_weighted, and what the kind of model has besides."""
        return self.estimates.extra

    def table(self, lang: str = "en") -> "Table":
        """Coefficients as a printed table."""
        return self.estimates.table(lang)

    def plot(self, ax: "Axes | None" = None, lang: str = "en", width: float | None = None) -> "Axes":
        """Draw the coefficients with their intervals."""
        return self.estimates.plot(ax, lang, width)

    def test(self, *names: str) -> Test:
        """Wald test that all coefficients of these questions or terms are zero.

        Parameters
        ----------
        *names
            Questions (everything they take part in, powers and interactions included), terms of the formula
            ("age^2", "employer:age") or single rows of the frame ("employer[university]").

        Returns
        -------
        Test
            F = W / q with q and the model's df; the chi-square W / 1 where df is infinite. `extra` holds both.

        Notes
        -----
        W = b' V^-1 b (Korn and Graubard 1990), as R survey ``regTermTest(method="Wald")`` (references b.termtest.*).

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> logit(people, "y ~ age").test("age").df
        1.0
        """
        return wald(self, tested(self, names), ", ".join(names))

    def __repr__(self) -> str:
        return repr(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()
