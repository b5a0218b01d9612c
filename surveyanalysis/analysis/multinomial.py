"""Models for answers that are one of several without an order."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.multinomial import (
    multinomial_fit,
    multinomial_jacobian,
    multinomial_probabilities,
    multinomial_summed_jacobian,
)
from ..estimators.separation_multinomial import separating_multinomial
from ..intervals import check_confidence
from ..language import Text, both, say
from ..results import Estimates, Labels, estimates_frame
from .bases import Data
from .coefficients import fit_statistics, inferred, interval_text
from .error_words import VARIANCES, Variance
from .groups import one_column
from .model import Model
from .model_matrix import model_frame
from .origins import origin_of
from .outcomes import Outcome, nominal_outcome
from .regression import converged, solved
from .variables import column_words, labels_for

FEW = 10


def multinomial(
    data: Data, formula: str, *, reference: Any = None, variance: Variance = "design", confidence: float = 0.95
) -> Model:
    """Multinomial logit: which of several answers, each against a reference.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`; the outcome is a question with answer categories.
    reference
        The answer that the others are compared with; by default the codebook's first.

    Returns
    -------
    Model
        Coefficients by level: log-odds of the level against the reference. `.exponentiate()` gives their ratios,
        `.effects()` and `.predict()` the probabilities of every level, `.test()` all coefficients of a question.

    Raises
    ------
    LevelError
        The reference is no answer; the nearest is named.
    FormulaError, ColumnError, ChoiceError, DataError, SeparationError, ConvergenceError
        As for `logit`.

    Notes
    -----
    P(y = j) = exp(x b_j) / sum of exp(x b_l), b of the reference 0. Answers that nobody used gave are left out and a
    note says so. Odds of two answers do not depend on the others (independence of irrelevant alternatives).

    References
    ----------
    R ``nnet::multinom`` polished to the optimum (c.mnl.*); design-based b.mlogit.*.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"job": list("aabbccabcb"), "age": [30, 41, 38, 44, 47, 29, 33, 35, 52, 40]})
    >>> multinomial(people.astype({"job": "category"}), "job ~ age").frame[["level", "term"]].values.tolist()
    [['b', '(intercept)'], ['b', 'age'], ['c', '(intercept)'], ['c', 'age']]
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    outcome, base = nominal_outcome(frame.used, one_column(frame.design.survey, frame.formula.outcome), reference)
    x, y, levels = frame.x, outcome.y.astype(np.intp), len(outcome.levels)

    def again(weights: Vector) -> Fit:
        return converged(multinomial_fit(x, y, weights, levels, base), frame)

    fit = solved(
        lambda: multinomial_fit(x, y, frame.used.row_weights, levels, base),
        lambda: separating_multinomial(x, y, levels, base), frame, outcome,
    )  # fmt: skip
    response = Nominal(levels, base)
    notes = (*outcome.notes, *_few(outcome, x.shape[1] - 1))
    return MultinomialModel(frame, outcome, response, fit, variance, confidence, again, notes)  # type: ignore[arg-type]


def _few(outcome: Outcome, slopes: int) -> tuple[Text, ...]:
    """Note where the rarest answer has few respondents for so many slopes."""
    fewest = min(outcome.counts)
    if not slopes or fewest / slopes >= FEW:
        return ()
    words = "rarest answer: {n} respondents for {k} slopes each, fewer than {m} per slope"
    return (both(words, "가장 적은 응답: 회귀계수 {k}개에 응답자 {n}명(계수당 {m}명 미만)", n=fewest, k=slopes, m=FEW),)


@dataclass(frozen=True, slots=True)
class Nominal:
    """How the probabilities of several answers follow from parameters; `base` is the reference's position."""

    levels: int
    base: int
    link: str = "logit"

    @property
    def shown(self) -> int:
        """Number of probabilities at each row."""
        return self.levels

    @property
    def first_slope(self) -> int:
        """Position of the first slope among the parameters."""
        return 1

    def probabilities(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, levels)."""
        return multinomial_probabilities(params, x, self.levels, self.base)

    def jacobian(self, params: Vector, x: Matrix) -> Any:
        """Derivative of `probabilities` by the parameters, shape (m, levels, p)."""
        return multinomial_jacobian(params, x, self.levels, self.base)

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (levels, p)."""
        return multinomial_summed_jacobian(params, x, weights, self.levels, self.base)


@dataclass(frozen=True, eq=False, repr=False)
class MultinomialModel(Model):
    """A fitted multinomial logit: the coefficients of each level but the reference, one level after the other."""

    def positions(self, column: int) -> list[int]:
        """Parameters of a column of the model matrix, one a level."""
        k = self.model_frame.x.shape[1]
        return [column + k * row for row in range(len(self.outcome.levels) - 1)]

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed, levels in the codebook's order."""
        frame, outcome = self.model_frame, self.outcome
        base = self.response.base  # type: ignore[attr-defined]
        shown = [level for position, level in enumerate(outcome.levels) if position != base]
        terms = frame.terms
        columns = {
            "outcome": outcome.name,
            "level": [level for level in shown for _ in terms],
            "component": "slope",
            "term": [term.name for _ in shown for term in terms],
            **inferred(self.params, np.sqrt(np.diag(self.params_covariance)), self.df, self.confidence),
            "n": len(outcome.y),
        }
        said = labels_for(frame.design.survey, outcome.name, *frame.formula.questions)
        own = {(outcome.name, level): label for level, label in zip(outcome.levels, outcome.labels)}
        labels = Labels({**said.columns, **{t.name: t.label for t in terms}}, {**said.levels, **own})
        label, against = column_words(frame.design.survey, outcome.name), outcome.labels[base]
        what = {
            "en": f"Multinomial logit model: {say(label)}, each answer against {say(against)}",
            "ko": f"다항 로짓 모형: {say(label, 'ko')}, 기준 {say(against, 'ko')}",
        }
        origin = origin_of(
            what, frame.design, frame.used, outcome.name, *frame.formula.questions, variance=self.variance,
            interval=interval_text(self.df, self.confidence), df=self.df, notes=(*frame.notes, *self.notes),
            failed=self.failed,
        )  # fmt: skip
        extra = fit_statistics(frame.used.row_weights, outcome, self.fit)
        return Estimates(
            estimates_frame(columns), self.params_covariance, "coefficients", "log_odds", labels=labels, origin=origin,
            extra=extra,
        )  # fmt: skip
