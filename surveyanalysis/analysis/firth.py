"""Logistic regression with reduced bias: finite estimates where answers are separated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.batched_likelihood import WeightSets
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.penalized import firth_fit
from ..estimators.penalized_profile import penalised_lr, profile_interval
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates
from .bases import Data
from .error_words import VARIANCES, Variance
from .model import Model
from .model_matrix import model_frame
from .outcomes import binary_outcome
from .responses import Binary
from .solving import converged

Bias = Literal["firth", "median"]
KINDS: Mapping[Bias, Text] = {
    "firth": both("Firth's bias reduction (Jeffreys' penalty)", "퍼스 편향축소(제프리스 벌점)"),
    "median": both("median bias reduction", "중앙값 편향축소"),
}
PROFILE = both(
    "intervals and p-values by the profile of the penalised likelihood; the statistic is its signed root",
    "신뢰구간과 p값은 벌점가능도 프로파일 기준이며 통계량은 그 부호 제곱근",
)
SCALED = both(
    "weights scaled to mean 1: the correction weighs as much as one respondent",
    "가중치는 평균 1로 조정: 보정의 크기는 응답자 1명에 해당",
)


def firth(
    data: Data,
    formula: str,
    *,
    bias_reduction: Bias = "firth",
    variance: Variance = "model",
    event: Any = None,
    confidence: float = 0.95,
) -> Model:
    """Logistic regression with reduced bias, for few events and for answers that a term tells apart.

    Parameters
    ----------
    data, formula, event, confidence
        As for `logit`.
    bias_reduction
        "firth": Jeffreys' penalty (Firth 1993). "median": each coefficient as likely too high as too low (Kenne Pagui,
        Salvan and Sartori 2017).
    variance
        "model": intervals and p-values by the profile of the penalised likelihood (Wald ones for "median"), for samples
        with equal weights and no clusters. "design": linearised or replicated errors; t intervals.

    Returns
    -------
    Model
        As of `logit`; `.exponentiate()`, `.effects()`, `.predict()`, `.test()`.

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
    one_of(bias_reduction, tuple(KINDS), "bias_reduction")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    outcome = binary_outcome(frame.used, frame.formula.outcome, event)

    response, weights = Reduced("logit", bias_reduction=bias_reduction), frame.used.row_weights
    notes = (KINDS[bias_reduction], *outcome.notes, *((SCALED,) if np.ptp(weights) > 0 else ()))
    profiled = variance == "model" and bias_reduction == "firth"
    kind = ProfiledModel if profiled else Model
    told = (*notes, PROFILE) if profiled else notes
    fit = converged(response.fit(frame.x, outcome.y, weights), frame)
    return kind(frame, outcome, response, fit, variance, confidence, told, penalised=True)


@dataclass(frozen=True, slots=True)
class Reduced(Binary):
    """A yes/no answer, with bias reduced; the covariance is that of weights of mean 1."""

    bias_reduction: Bias = "firth"

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        fit = firth_fit(x, y, weights, bias_reduction=self.bias_reduction, link=self.link)
        return replace(fit, covariance=None if fit.covariance is None else fit.covariance / weights.mean())

    def fit_many(self, x: Matrix, y: Vector, weights: WeightSets, start: Vector) -> None:
        """Penalised fits are made one by one."""


@dataclass(frozen=True, eq=False, repr=False)
class ProfiledModel(Model):
    """A penalised model whose intervals and p-values come from the profile of its likelihood."""

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed, with profile intervals."""
        wald = super().estimates
        frame = wald.frame
        setting = self.model_frame.x, self.outcome.y, self.model_frame.used.row_weights
        ends = [profile_interval(*setting, j, self.confidence) for j in range(len(frame))]
        ratios = [penalised_lr(*setting, [j]) for j in range(len(frame))]
        frame["ci_low"], frame["ci_high"] = [e.low for e in ends], [e.high for e in ends]
        frame["statistic"] = np.sign(frame["estimate"]) * np.sqrt([max(r.statistic, 0.0) for r in ratios])
        frame["p"] = [r.p for r in ratios]
        words = both("{c:g}% profile interval", "{c:g}% 프로파일 신뢰구간", c=100 * self.confidence)
        return replace(wald, _frame=frame, origin=replace(wald.origin, interval=words))
