"""Models for answers that are one of several without an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.separation_multinomial import separating_multinomial
from ..intervals import check_confidence
from ..language import both
from .bases import Data
from .error_words import VARIANCES, Variance
from .firth import JEFFREYS, SCALED
from .groups import one_column
from .model import Model
from .model_cautions import decisive, few_events, thin_cells
from .model_matrix import ModelFrame, model_frame
from .nominal import Nominal, ReducedNominal
from .outcomes import Outcome, nominal_outcome
from .solving import converged, solved

if TYPE_CHECKING:
    from .alternatives import AlternativesMethod
    from .diagnostic import Diagnostic

WALD = both(
    "Wald intervals and tests, which are poor where a term tells answers apart",
    "왈드 신뢰구간과 검정(분리 상황에서는 부정확)",
)


def multinomial(
    data: Data,
    formula: str,
    *,
    reference: Any = None,
    bias_reduced: bool = False,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "MultinomialModel":
    """Multinomial logit: which of several answers, each against a reference.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`; the outcome is a question with answer categories.
    reference
        The answer that the others are compared with; by default the codebook's first.
    bias_reduced
        Whether the first-order bias is removed (Firth 1993): for rare answers, and finite where a term tells answers
        apart. Estimates then depend on the scale of weights, which are brought to mean 1.

    Returns
    -------
    MultinomialModel
        Coefficients by level: log-odds of the level against the reference. `.exponentiate()` gives their ratios,
        `.effects()` and `.predict()` the probabilities of every level, `.test()` all coefficients of a question,
        `.alternatives()` whether odds depend on the other answers.

    Raises
    ------
    LevelError
        The reference is no answer; the nearest is named.
    FormulaError, ColumnError, ChoiceError, DataError, SeparationError, ConvergenceError
        As for `logit`; with `bias_reduced` separation is no obstacle.

    Notes
    -----
    P(y = j) = exp(x b_j) / sum of exp(x b_l), b of the reference 0. Answers that nobody used gave are left out and a
    note says so. Odds of two answers do not depend on the others (independence of irrelevant alternatives).

    References
    ----------
    R ``nnet::multinom`` polished to the optimum (c.mnl.*), ``brglm2::brmultinom`` (c.firth.mnl.*); design-based
    b.mlogit.*.

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
    if bias_reduced:
        return _reduced(frame, outcome, base, variance, confidence)
    response = Nominal(len(outcome.levels), base)
    y = outcome.y.astype(np.intp)
    fit = solved(response, frame, outcome, lambda: separating_multinomial(frame.x, y, response.levels, base))
    where = both("with the rarest answer", "(가장 적은 응답)")
    notes = (
        *outcome.notes,
        *few_events(min(outcome.counts), frame.x.shape[1] - 1, where),
        *thin_cells(frame, outcome),
        *decisive(frame),
    )
    return MultinomialModel(frame, outcome, response, fit, variance, confidence, notes)


def _reduced(
    frame: ModelFrame, outcome: Outcome, base: int, variance: Variance, confidence: float
) -> "MultinomialModel":
    """The model with reduced bias, which exists under separation."""
    response, weights = ReducedNominal(len(outcome.levels), base), frame.used.row_weights
    fit = converged(response.fit(frame.x, outcome.y, weights), frame)
    notes = (JEFFREYS, *outcome.notes, *((SCALED,) if np.ptp(weights) > 0 else ()), WALD)
    return MultinomialModel(frame, outcome, response, fit, variance, confidence, notes, penalised=True)


@dataclass(frozen=True, eq=False, repr=False)
class MultinomialModel(Model):
    """A fitted multinomial logit."""

    def alternatives(
        self, method: "AlternativesMethod" = "hausman", *, leave_out: Sequence[Any] | None = None, seed: int = 1
    ) -> "Diagnostic":
        """Test whether the odds of two answers are the same when a third is left out.

        Parameters
        ----------
        method
            "hausman": coefficients with and without the answer (Hausman and McFadden 1984, for model-based errors; else
            with the joint covariance of both under the design or of respondents, which is never negative).
            "small_hsiao": likelihoods of a random half (Small and Hsiao 1985), without the design.
        leave_out
            Answers to leave out, one at a time; all but the reference unless some are named.
        seed
            Of the split.

        Returns
        -------
        Diagnostic
            Kind "alternatives": a row an answer left out: level, statistic, df, df_denominator, p. A small p speaks
            against the independence of irrelevant alternatives.

        Raises
        ------
        LevelError, ChoiceError, DataError
            The answer is none or is the reference, there are only two answers, or the smaller model has no solution.

        Notes
        -----
        These tests are weak, and a note says so.

        Examples
        --------
        >>> import pandas as pd
        >>> people = pd.DataFrame({"job": list("aabbccabcb") * 3, "age": [30, 41, 38, 44, 47, 29, 33, 35, 52, 40] * 3})
        >>> model = multinomial(people.astype({"job": "category"}), "job ~ age", variance="model")
        >>> model.alternatives(leave_out="c").frame["p"].round(3).tolist()
        [0.349]
        """
        from .alternatives import alternatives

        return alternatives(self, method, leave_out, seed)
