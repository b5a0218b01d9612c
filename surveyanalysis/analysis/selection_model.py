"""A fitted selection model: its spread and correlation in words, its views, the test of independence."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import ChoiceError, one_of
from ..estimators.binary import binary_fit
from ..estimators.fit import Fit, Vector
from ..estimators.linear import linear_fit
from ..intervals import t_interval
from ..language import Text, both
from ..results import Test
from .placed_model import PlacedModel
from .selected_answers import VIEWS, Selected, SelectedOutcome, SelectionView
from .solving import converged
from .term_tests import wald_of

INDEPENDENT = both("rho = 0", "로 = 0")


@dataclass(frozen=True, eq=False, repr=False)
class SelectionModel(PlacedModel):
    """A fitted selection model.

    Attributes
    ----------
    outcome
        What is known of those selected.
    response
        How expected outcomes follow from parameters; its `view` says which.
    """

    outcome: SelectedOutcome
    response: Selected

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        return converged(self.response.fit(self.model_frame.x, self.outcome.y, weights), self.model_frame)

    def of(self, view: SelectionView) -> "SelectionModel":
        """Return the same model, with effects and predictions of another view.

        Parameters
        ----------
        view
            "latent": the outcome of everybody, seen or not. "selected": given that it is seen. "observed": it counts as
            0 where it is not seen, as spending does. "probability": of being selected.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.selection import heckman
        >>> people = pd.DataFrame({"pay": [None, 1, None, 3, 2, None, 4, 2], "child": [3, 3, 2, 2, 1, 1, 0, 0]})
        >>> model = heckman(people, "pay ~ 1", "child", method="two_step")
        >>> model.of("probability").predict({"child": [0, 2]}).frame["estimate"].round(3).tolist()
        [0.848, 0.559]
        """
        one_of(view, tuple(VIEWS), "view")
        return replace(self, response=replace(self.response, view=view))

    def independence(self) -> Test:
        """Wald test that selection and outcome are independent: atanh(rho) = 0, or lambda = 0 of the two steps.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.selection import heckman
        >>> people = pd.DataFrame({"pay": [None, 1, None, 3, 2, None, 4, 2], "child": [3, 3, 2, 2, 1, 1, 0, 0]})
        >>> heckman(people, "pay ~ 1", "child", method="two_step").independence().df
        1.0
        """
        at = [i for i, place in enumerate(self.places) if place.component in ("lambda", "error_correlation")]
        if not (np.diag(self.params_covariance)[at] > 0).all():
            raise ChoiceError('The error of the selection term is not known: take variance="design" or "robust".')
        origin = replace(self.origin, interval={})
        return wald_of(self.params[at], self.params_covariance[np.ix_(at, at)], self.df, INDEPENDENT, origin, self.n)

    @property
    def accounted(self) -> tuple[str, ...]:
        """As of others; what all must answer comes first, since nobody is left out for what only the selected must."""
        frame, asked = self.model_frame, self.outcome
        of_all = [q for j in self.response.selection for q in frame.terms[j].questions]
        return tuple(dict.fromkeys((asked.selection, *of_all, asked.name, *frame.formula.questions)))

    @property
    def acting(self) -> tuple[int, ...]:
        """Columns of the model matrix that move what the view is of."""
        one, two = self.response.columns, self.response.selection
        return {"latent": one, "probability": two}.get(self.response.view, (*one, *two))

    @property
    def expected_notes(self) -> tuple[Text, ...]:
        """What a reader of effects and predictions must know: which outcome they are of."""
        return (VIEWS[self.response.view],)

    @property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """Respondents, and the log-likelihood (weights scaled to mean 1) where there is one."""
        weights, k = self.model_frame.used.row_weights, len(self.params)
        found = {"n": self.n, "n_weighted": float(weights.sum()), "selected": int(self.outcome.seen.sum())}
        if np.isnan(self.fit.loglik):
            return found
        loglik = float(self.fit.loglik / weights.mean())
        return {**found, "loglik": loglik, "aic": -2 * loglik + 2 * k, "bic": -2 * loglik + k * float(np.log(self.n))}

    @property
    def _of_parameters(self) -> dict[str, float]:
        """Spread, correlation and their product, with errors by the delta method; the test of a correlation of 0."""
        return self._of_two_steps() if self.response.method == "two_step" else self._of_likelihood()

    def _of_likelihood(self) -> dict[str, float]:
        last, covariance = self.params[-2:], self.params_covariance[-2:, -2:]
        sigma, rho = float(np.exp(last[0])), float(np.tanh(last[1]))
        slopes = np.array([[sigma, 0.0], [0.0, 1 - rho**2], [rho * sigma, sigma * (1 - rho**2)]])
        se = np.sqrt(np.diag(slopes @ covariance @ slopes.T))
        low, high = t_interval(last[1:], np.sqrt(covariance[1:, 1]), self.df, self.confidence)
        return {
            "sigma": sigma, "sigma_se": float(se[0]), "rho": rho, "rho_se": float(se[1]),
            "rho_low": float(np.tanh(low[0])), "rho_high": float(np.tanh(high[0])),
            "lambda": rho * sigma, "lambda_se": float(se[2]), **self._ratio(),
        }  # fmt: skip

    def _of_two_steps(self) -> dict[str, float]:
        at = {place.component: i for i, place in enumerate(self.places) if place.column is None}
        se = np.sqrt(np.diag(self.params_covariance))
        sigma = float(np.exp(self.params[at["spread"]]))
        found = {"sigma": sigma, "sigma_se": sigma * float(se[at["spread"]]), "rho": float(self.params[at["rho"]]),
                 "rho_se": float(se[at["rho"]]), "lambda": float(self.params[at["lambda"]]),
                 "lambda_se": float(se[at["lambda"]])}  # fmt: skip
        return {name: value for name, value in found.items() if not np.isnan(value)}

    def _ratio(self) -> dict[str, float]:
        """Likelihood ratio of a correlation of 0, of equal weights: against a probit and a linear regression."""
        from scipy.special import chdtrc

        weights = self.model_frame.used.row_weights
        if np.ptp(weights) > 0:
            return {}
        x, seen = self.model_frame.x, self.outcome.seen == 1
        one, response = np.ones(self.n), self.response
        probit = binary_fit(x[:, response.selection], self.outcome.seen, one, "probit")
        inside, y = x[seen][:, response.columns], self.outcome.y[seen]
        errors = y - inside @ linear_fit(inside, y, one[seen]).params
        apart = probit.loglik - len(y) / 2 * (np.log(2 * np.pi * (errors**2).mean()) + 1)
        gain = max(2 * float(self.fit.loglik / weights.mean() - apart), 0.0)
        found: Any = {"rho_lr": gain, "rho_lr_p": float(chdtrc(1, gain))}
        return found
