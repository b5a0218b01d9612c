"""A fitted model of counts: coefficients, rate ratios, effects on expected counts, predictions."""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import ConvergenceError
from ..estimators.count_density import log_peak
from ..estimators.count_tests import dispersion_ratio
from ..estimators.fit import Fit, Vector
from ..intervals import t_interval
from ..language import Text, both
from ..results import Estimates
from .coefficients import spread_of_residuals
from .count_answers import Counted
from .counts_diagnosed import CountsDiagnosed
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .placed_model import PlacedModel

RATES = both(
    "Rate ratios: interval ends exponentiated, standard errors by the delta method; p-values test log rate ratios of "
    "zero",
    "발생률비: 신뢰구간은 로그 발생률비 구간을 지수변환, 표준오차는 델타법, p값은 로그 발생률비 0 검정",
)
ODDS = both("the zero part's are odds ratios", "영(0) 부분은 오즈비")
ONE = both("expected counts are those of an exposure of 1", "기대 횟수는 노출량 1 기준")
POINTED = re.compile(r"columns \[([\d, ]*)\] \(counted from 0\)")


@dataclass(frozen=True, eq=False, repr=False)
class CountRegression(CountsDiagnosed, PlacedModel):
    """A fitted model of counts.

    Attributes
    ----------
    response
        How expected counts follow from parameters.
    """

    response: Counted

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used; raises where there is no solution."""
        return counted_fit(self.response, self.model_frame, self.outcome, weights)

    @property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """Log-likelihood (weights scaled to mean 1) and what follows from it; null: the constants alone."""
        weights, n, k = self.model_frame.used.row_weights, self.n, len(self.params)
        loglik = float(self.fit.loglik / weights.mean())
        null = self._other(self.response.without(range(1, self.model_frame.x.shape[1])), 1) / weights.mean()
        return {
            "n": n,
            "n_weighted": float(weights.sum()),
            "zeros": int((self.outcome.y == 0).sum()),
            "loglik": loglik,
            "loglik_null": float(null),
            "aic": -2 * loglik + 2 * k,
            "bic": -2 * loglik + k * float(np.log(n)),
            "mcfadden": float(1 - loglik / null),
            **self._against_saturated(loglik, float(null)),
        }

    def _against_saturated(self, loglik: float, null: float) -> dict[str, float]:
        """Deviances of a Poisson regression and the variance of its Pearson residuals: near 1 as counts go."""
        model, used = self.response.model, self.model_frame.used
        if (model.distribution, model.zeros) != ("poisson", "plain"):
            return {}
        offset = 0.0 if self.response.offset is None else self.response.offset
        mu = np.exp(self.model_frame.x[:, self.response.columns] @ self.params + offset)
        most = float(used.row_weights @ log_peak(self.outcome.y) / used.row_weights.mean())
        residuals = (self.outcome.y - mu) / np.sqrt(mu)
        return {
            "deviance": 2 * (most - loglik),
            "deviance_null": 2 * (most - null),
            "pearson_chi2": float(used.row_weights @ residuals**2 / used.row_weights.mean()),
            "dispersion": spread_of_residuals(residuals, used.row_weights),
        }

    def _other(self, response: Any, columns: int) -> float:
        """Log-likelihood of another model of the same counts on the first columns of the model matrix."""
        x, y, weights = self.model_frame.x[:, :columns], self.outcome.y, self.model_frame.used.row_weights
        if columns == 1 and response.offset is None:  # of the constants alone each count is one row
            y, at = np.unique(y, return_inverse=True)
            x, weights = np.ones((len(y), 1)), np.asarray(np.bincount(at, weights), float)
        fit = response.fit(x, y, weights)
        known = fit.converged or (response.model.distribution != "poisson" and np.isneginf(fit.params[-1]))
        return float(fit.loglik) if known else float("nan")

    @property
    def _of_parameters(self) -> dict[str, float]:
        """The dispersion with its interval and, where weights are equal, the likelihood ratio of its being 0."""
        if self.response.model.distribution == "poisson":
            return {}
        log_alpha, se = self.params[-1:], np.sqrt(self.params_covariance[-1:, -1])
        low, high = t_interval(log_alpha, se, self.df, self.confidence)
        alpha = float(np.exp(log_alpha[0]))
        found = {
            "overdispersion": alpha,
            "overdispersion_se": alpha * float(se[0]),
            "overdispersion_low": float(np.exp(low[0])),
            "overdispersion_high": float(np.exp(high[0])),
        }
        if np.ptp(self.model_frame.used.row_weights) == 0:
            response = replace(self.response, model=replace(self.response.model, distribution="poisson"))
            one = np.ones(self.n)
            narrow = response.fit(self.model_frame.x, self.outcome.y, one)
            if narrow.converged:
                wide = replace(self.fit, loglik=self.fit.loglik / self.model_frame.used.row_weights.mean())
                ratio = dispersion_ratio(wide, narrow)
                found |= {"overdispersion_lr": ratio.statistic, "overdispersion_lr_p": ratio.p}
        return found

    def exponentiate(self) -> Estimates:
        """Rate ratios (IRR), and odds ratios of a logit zero part; the dispersion is left out.

        Statistic and p stay those of the coefficients; standard errors follow by the delta method.
        """
        source = self.estimates
        shown = ("slope", "zero") if self.response.link == "logit" else ("slope",)
        rows = source.frame["component"].isin(shown).to_numpy()
        kept = source.frame[rows].reset_index(drop=True)
        ratio = np.exp(kept["estimate"].to_numpy())
        kept["se"] = kept["se"] * ratio
        for name in ("estimate", "ci_low", "ci_high"):
            kept[name] = np.exp(kept[name])
        notes = (RATES, ODDS) if (kept["component"] == "zero").any() else (RATES,)
        return Estimates(
            kept, source.covariance[np.ix_(rows, rows)] * np.outer(ratio, ratio), source.kind, "rate_ratio",
            labels=source.labels, origin=source.origin.with_notes(*notes), extra=source.extra,
        )  # fmt: skip

    @property
    def expected_notes(self) -> tuple[Text, ...]:
        """What a reader of effects and predictions must know: the exposure."""
        return (ONE,) if self.response.offset is not None else ()


def counted_fit(response: Counted, frame: ModelFrame, outcome: Outcome, weights: Vector) -> Fit:
    """The fit, or the error where it has no solution, with the terms named that have none."""
    found = response.fit(frame.x, outcome.y, weights)
    if found.converged:
        return found

    def named(match: re.Match[str]) -> str:
        part = response.zero if "inflation's " + match[0] in found.message else response.columns
        pointed = [part[int(j)] for j in match[1].split(",") if j.strip()]
        listed = [frame.terms[j].name for j in pointed if j or len(pointed) == 1]
        return "the terms " + ", ".join(map(repr, listed))

    message = POINTED.sub(named, found.message)
    raise ConvergenceError(f"The model {frame.formula.source!r} has no solution for its score equations: {message}.")
