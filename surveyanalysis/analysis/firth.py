"""Regression of a yes/no answer with reduced bias: finite estimates where answers are separated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.batched_likelihood import WeightSets
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.penalized import BiasReduction, firth_fit, penalised_log_likelihood
from ..estimators.penalized_profile import penalised_lr, profile_interval
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates
from .bases import Data
from .error_words import VARIANCES, Variance
from .model import Model
from .model_matrix import model_frame
from .outcomes import binary_outcome
from .profiled import profiled
from .responses import Binary
from .solving import converged

FirthLink = Literal["logit", "probit", "cloglog"]
LINKS = ("logit", "probit", "cloglog")
KINDS: Mapping[BiasReduction, Text] = {
    "firth": both("Firth's bias reduction", "퍼스 편향축소"),
    "jeffreys": both("likelihood with Jeffreys' penalty", "제프리스 벌점가능도"),
    "median": both("median bias reduction", "중앙값 편향축소"),
}
JEFFREYS = both("Firth's bias reduction (Jeffreys' penalty)", "퍼스 편향축소(제프리스 벌점)")
PROFILE = both(
    "intervals and p-values by the profile of the penalised likelihood; the statistic is its signed root",
    "신뢰구간과 p값은 벌점가능도 프로파일 기준이며 통계량은 그 부호 제곱근",
)
WALD = both(
    "this bias reduction maximises no likelihood to be profiled: Wald intervals, which are poor under separation",
    "프로파일할 벌점가능도가 없는 편향축소이므로 왈드 신뢰구간 사용(분리 상황에서는 부정확)",
)
SCALED = both(
    "weights scaled to mean 1: the correction weighs as much as one respondent",
    "가중치는 평균 1로 조정: 보정의 크기는 응답자 1명에 해당",
)


def firth(
    data: Data,
    formula: str,
    *,
    link: FirthLink = "logit",
    bias_reduction: BiasReduction = "firth",
    variance: Variance = "model",
    event: Any = None,
    confidence: float = 0.95,
) -> Model:
    """Regression of a yes/no answer with reduced bias, for few events and for answers that a term tells apart.

    Parameters
    ----------
    data, formula, event, confidence
        As for `logit`.
    link
        "logit", "probit" or "cloglog".
    bias_reduction
        "firth": the first-order bias is removed (Firth 1993). "jeffreys": the likelihood times Jeffreys' prior is
        maximised; for the logit the same. "median": each coefficient as likely too high as too low (Kenne Pagui, Salvan
        and Sartori 2017).
    variance
        "model": intervals and p-values by the profile of the penalised likelihood where there is one ("jeffreys", and
        "firth" of the logit), else Wald's; for samples with equal weights and no clusters. "design": linearised or
        replicated errors; t intervals.

    Returns
    -------
    Model
        As of `logit`; `.exponentiate()`, `.effects()`, `.predict()`, `.test()`. `extra` holds loglik (without penalty)
        and, where there is one, loglik_penalised.

    Raises
    ------
    FormulaError, ColumnError, ChoiceError, DataError, ConvergenceError
        As for `logit`; separation is no obstacle.

    Notes
    -----
    Estimates depend on the scale of weights: they are brought to mean 1.

    References
    ----------
    Heinze and Schemper (2002); R ``logistf``, ``brglm2`` (c.firth.*).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"y": [0, 0, 0, 1, 1, 1], "x": [0, 0, 0, 1, 1, 1]})
    >>> firth(people, "y ~ x").frame["estimate"].round(3).tolist()
    [-1.946, 3.892]
    """
    one_of(link, LINKS, "link")
    one_of(bias_reduction, tuple(KINDS), "bias_reduction")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    outcome = binary_outcome(frame.used, frame.formula.outcome, event)

    response, weights = Reduced(link, bias_reduction=bias_reduction), frame.used.row_weights
    what = JEFFREYS if response.penalised and bias_reduction == "firth" else KINDS[bias_reduction]
    errors = (PROFILE if response.penalised else WALD,) if variance == "model" else ()
    kind = ProfiledModel if response.penalised and variance == "model" else ReducedModel
    notes = (what, *outcome.notes, *((SCALED,) if np.ptp(weights) > 0 else ()), *errors)
    fit = converged(response.fit(frame.x, outcome.y, weights), frame)
    return kind(frame, outcome, response, fit, variance, confidence, notes, penalised=True)


@dataclass(frozen=True, slots=True)
class Reduced(Binary):
    """A yes/no answer, with bias reduced; the covariance is that of weights of mean 1."""

    bias_reduction: BiasReduction = "firth"

    @property
    def penalised(self) -> bool:
        """Whether the estimate maximises a penalised likelihood."""
        return self.bias_reduction == "jeffreys" or (self.bias_reduction == "firth" and self.link == "logit")

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters with the correction."""
        fit = firth_fit(x, y, weights, bias_reduction=self.bias_reduction, link=self.link)
        return replace(fit, covariance=None if fit.covariance is None else fit.covariance / weights.mean())

    def fit_many(self, x: Matrix, y: Vector, weights: WeightSets, start: Vector) -> None:
        """Penalised fits are made one by one."""


@dataclass(frozen=True, eq=False, repr=False)
class ReducedModel(Model):
    """A model with reduced bias."""

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed; `extra` holds the penalised log-likelihood where there is one."""
        found, response = super().estimates, self.response
        if not (isinstance(response, Reduced) and response.penalised):
            return found
        setting = self.model_frame.x, self.outcome.y, self.model_frame.used.row_weights
        value = penalised_log_likelihood(self.params, *setting, link=response.link)
        return replace(found, extra={**found.extra, "loglik_penalised": value})


@dataclass(frozen=True, eq=False, repr=False)
class ProfiledModel(ReducedModel):
    """A penalised model whose intervals and p-values come from the profile of its likelihood."""

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed, with profile intervals."""
        wald, link = super().estimates, self.response.link
        setting = self.model_frame.x, self.outcome.y, self.model_frame.used.row_weights
        ends = [profile_interval(*setting, j, self.confidence, link=link) for j in range(len(wald))]
        ratios = [penalised_lr(*setting, [j], link=link) for j in range(len(wald))]
        return profiled(wald, ends, ratios, self.confidence)
