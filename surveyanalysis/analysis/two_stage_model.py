"""A fitted two-stage least squares regression, and what it says of its instruments."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.two_stage import conventional_scores
from .error_words import ROBUST
from .instrumented import Instrumented
from .placed_model import PlacedModel
from .sandwich import robust_covariance

if TYPE_CHECKING:
    from ..results import Test
    from .diagnostic import Diagnostic
    from .instrument_tests import OverStatistic


@dataclass(frozen=True, eq=False, repr=False)
class TwoStageModel(PlacedModel):
    """A fitted two-stage least squares regression.

    Attributes
    ----------
    response
        Which columns have slopes, and which are instruments.
    """

    response: Instrumented

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F."""
        if self.variance != "design":
            return float(self.n - len(self.params))
        return self.model_frame.used.df + 1 - len(self.params)

    @property
    def acting(self) -> tuple[int, ...]:
        """Columns of the model matrix that have slopes."""
        return self.response.columns

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used."""
        return self.response.fit(self.model_frame.x, self.outcome.y, weights)

    @cached_property
    def params_covariance(self) -> Matrix:
        """Covariance of `params`, of the kind asked for; robust ones take the first stage as known."""
        if self.variance not in ROBUST:
            return super().params_covariance
        x, response = self.model_frame.x, self.response
        weights = self.model_frame.used.row_weights
        rows = conventional_scores(x[:, response.columns], x[:, response.tools], self.outcome.y, weights)
        return robust_covariance(rows, self.variance)

    def first_stage(self) -> "Diagnostic":
        """Strength of the instruments: F of the excluded ones in the regression of each endogenous term on all.

        Returns
        -------
        Diagnostic
            Kind "first_stage": a row an endogenous term with F, its degrees of freedom, p and partial R2; errors as of
            the model. `extra` holds the statistic of Cragg and Donald and, of one endogenous term, the values of Stock
            and Yogo that it must exceed for a test of nominal size 5% to reject at most 10%, and for a bias of at most
            10% of that of least squares: they hold for independent errors of equal variance.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.two_stage import two_stage
        >>> firms = pd.DataFrame({"y": [1.0, 2, 2, 4, 5, 6], "x": [1.0, 2, 3, 3, 4, 5], "z": [0, 0, 0, 1, 1, 1]})
        >>> two_stage(firms, "y ~ x", "z", variance="model").first_stage().frame["statistic"].round(4).tolist()
        [6.0]
        """
        from .instrument_tests import first_stage

        return first_stage(self)

    def endogeneity(self) -> "Test":
        """Test that the endogenous terms are exogenous, so that `linear` would do (Durbin, Wu, Hausman).

        Returns
        -------
        Test
            F of the first stages' residuals in the regression, with errors as of the model.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.two_stage import two_stage
        >>> firms = pd.DataFrame({"y": [1.0, 2, 2, 4, 5, 6], "x": [1.0, 2, 3, 3, 4, 5], "z": [0, 0, 0, 1, 1, 1]})
        >>> round(two_stage(firms, "y ~ x", "z", variance="model").endogeneity().statistic, 4)
        14.52
        """
        from .instrument_tests import endogeneity

        return endogeneity(self)

    def overidentification(self, statistic: "OverStatistic" = "score") -> "Test":
        """Test that the instruments beyond the needed ones are valid, the others being so.

        Parameters
        ----------
        statistic
            "score": the covariance of residuals and instruments beyond the needed ones, less what the fitted covariates
            give of them (Wooldridge 1995). "hansen": Hansen's J, as of Stata's ``ivreg2, gmm2s`` and ``estat overid``
            after ``ivregress gmm``.

        Returns
        -------
        Test
            ``variance="model"``: Sargan's n R2 of the residuals on all instruments, which J is there. Others: a
            chi-square with the sandwich, F with errors by the design.

        Raises
        ------
        ChoiceError
            There are no more instruments than coefficients: nothing can be tested.
        DataError
            The design has too few degrees of freedom for the covariance of all moments that J takes.

        Notes
        -----
        J = g(b)' S^-1 g(b) with the moments g(b) = z'W (y - x b), their covariance S, by the sandwich ("hc0" is Stata's
        robust one) or by the design, at the two-stage estimate, and b the efficient estimate of the second step under
        S^-1. Both statistics are the same to the first order and need not agree in small samples. The score takes the
        covariance of q sums, J that of all l instruments: under few clusters prefer the score. Checked against R by the
        definition (u.iv.over, u.iv.hansen).

        References
        ----------
        Hansen 1982, Econometrica 50: 1029-1054; Wooldridge 1995, in Advances in Econometrics and Quantitative
        Economics, Blackwell, 66-87.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.two_stage import two_stage
        >>> firms = pd.DataFrame({"y": [1.0, 2, 2, 4, 5, 6], "x": [1.0, 2, 3, 3, 4, 5], "z": [0, 0, 0, 1, 1, 1]})
        >>> model = two_stage(firms.assign(v=[0, 1, 0, 1, 1, 0]), "y ~ x", "z + v", variance="model")
        >>> model.overidentification().df
        1.0
        """
        from .instrument_tests import overidentification

        return overidentification(self, statistic)

    @property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """Respondents, share of the weighted variance explained, and the spread around the line."""
        weights, y = self.model_frame.used.row_weights, self.outcome.y
        errors = y - self.response.expected(self.params, self.model_frame.x)[:, 0]
        mean = np.average(y, weights=weights)
        left, whole = float(weights @ errors**2), float(weights @ (y - mean) ** 2)
        sigma = float(np.sqrt(left / weights.mean() / (self.n - len(self.params))))
        r2 = 1 - left / whole if whole > 0 else float("nan")
        return {"n": self.n, "n_weighted": float(weights.sum()), "r2": r2, "sigma": sigma}
