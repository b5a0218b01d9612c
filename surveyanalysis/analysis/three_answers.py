"""Three yes/no answers of one respondent, such as product, process and organisational innovation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from ..design.design import as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.trivariate_likelihood import probability
from ..estimators.trivariate_probit import trivariate_probit_fit
from ..intervals import check_confidence, t_interval
from ..language import Text, both
from ..results import Estimates, Test
from .bases import Data
from .error_words import VARIANCES, Variance
from .model import Model
from .model_cautions import decisive, few_events
from .nonparallel import kept
from .pair_views import OneOfPair
from .responses import Place, Response
from .solving import converged
from .term_tests import wald_of
from .two_answers import JointOutcome, event_said, joint, several_answers

TripleView = Literal["joint", "first", "second", "third"]
VIEWS: tuple[TripleView, ...] = ("joint", "first", "second", "third")
CELLS = tuple(product((0, 1), repeat=3))
JOINT = both(
    "levels: the three answers in the order of the formulas; y_j = 1 where x_j b_j + e_j > 0, the errors correlated; "
    "their distribution is computed, not simulated",
    "수준은 세 응답의 조합(식의 순서); x_j b_j + e_j > 0이면 y_j = 1, 오차는 상관; 분포는 모의실험이 아니라 수치 계산",
)
APART = both("all correlations of errors are 0", "모든 오차 상관이 0")


def multivariate_probit(
    data: Data,
    formulas: Sequence[str],
    *,
    events: Sequence[Any] = (None, None, None),
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "TripleModel":
    """Three probits of yes/no answers whose errors are correlated.

    Parameters
    ----------
    data, variance, confidence
        As for `logit`.
    formulas
        One an answer: ["product ~ size", "process ~ size + age", "organisation ~ size"].
    events
        The answer of each outcome whose probability is modelled, as `event` of `logit`.

    Returns
    -------
    TripleModel
        Slopes of the outcomes (column outcome), then atanh of the correlations of 1 and 2, 1 and 3, 2 and 3. `extra`
        holds the correlations with standard errors and intervals; `.independence()` tests that all are 0. `.effects()`,
        `.predict()` and their like give the probabilities of the eight combinations; `.of("first")`, `.of("second")`
        and `.of("third")` those of one answer.

    Raises
    ------
    ChoiceError, FormulaError, ColumnError, DataError, SeparationError
        As for `logit`; there must be three formulas of different outcomes.
    ConvergenceError
        The correlations run to the end of those that exist: one answer all but follows from the others.

    Notes
    -----
    Respondents who answered all three and all covariates. Maximises sum w log Phi3 by Newton's method; the distribution
    function is computed, so that no seed and no number of draws stand behind the estimates (Stata ``mvprobit`` and R
    ``mvProbit`` simulate it). Checked against R with ``mvtnorm`` polished by Newton (l.trivariate.wvs).

    References
    ----------
    Ashford and Sowden 1970, Biometrics 26: 535-546; Cappellari and Jenkins 2003, Stata Journal 3: 278-294.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame([[i >> 2, i >> 1 & 1, i & 1] for i in (0, 0, 1, 2, 3, 4, 5, 6, 7, 7)], columns=list("abc"))
    >>> model = multivariate_probit(firms, ["a ~ 1", "b ~ 1", "c ~ 1"])
    >>> [round(model.extra[name], 3) for name in ("rho_12", "rho_13", "rho_23")]
    [0.309, 0.309, 0.309]
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    if isinstance(formulas, str) or len(formulas) != 3:
        given = "one text" if isinstance(formulas, str) else f"{len(formulas)} formulas"
        raise ChoiceError(
            f"`formulas` is {given}; this model is of three answers, a formula each. Two are `bivariate_probit`, one "
            "is `probit`. Of more than three, fit every pair by `bivariate_probit`, whose slopes and correlations are "
            "consistent too, or three at a time."
        )
    frame, parts, outcomes = several_answers(as_design(data), formulas, events)
    outcome = joint(*outcomes)
    response = Triple(tuple(part.columns for part in parts))
    fit = converged(response.fit(frame.x, outcome.y, frame.used.row_weights), frame)
    where = both("in the rarest of the outcomes", "(결과 중 가장 적은 쪽)")
    few = few_events(min(min(o.counts) for o in outcomes), max(len(part.slopes) for part in parts), where)
    notes = (JOINT, *(event_said(o) for o in outcomes), *few, *decisive(frame))
    return TripleModel(frame, outcome, response, fit, variance, confidence, notes)


@dataclass(frozen=True, slots=True)
class Triple(Response):
    """Three probits with correlated errors; `parts` are their columns of the model matrix."""

    parts: tuple[tuple[int, ...], ...]
    link: LinkName = "probit"
    levels: int = 8

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Trivariate probit model", "삼변량 프로빗 모형")

    @property
    def starts(self) -> tuple[int, ...]:
        """Position of each answer's first slope among the parameters; that of the correlations last."""
        sizes = np.cumsum([0, *(len(part) for part in self.parts)])
        return tuple(int(size) for size in sizes)

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        slopes = (Place("slope", j, outcome=which) for which, own in enumerate(self.parts) for j in own)
        return (*slopes, *(Place("error_correlation", cut=pair) for pair in range(3)))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        answers = np.array(CELLS, float)[y.astype(np.intp)]
        return trivariate_probit_fit([x[:, part] for part in self.parts], answers, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, 8)."""
        values = self._predictors(params, x)
        return np.column_stack([probability(values, signs).value for signs in _signs(len(x))])

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 8, p)."""
        values, starts = self._predictors(params, x), self.starts
        jacobian = np.zeros((len(x), 8, len(params)))
        for at, signs in enumerate(_signs(len(x))):
            slopes = probability(values, signs).first
            for which, part in enumerate(self.parts):
                jacobian[:, at, starts[which] : starts[which + 1]] = slopes[which][:, None] * x[:, part]
            jacobian[:, at, starts[-1] :] = slopes[3:].T
        return jacobian

    def _predictors(self, params: Vector, x: Matrix) -> Matrix:
        """Linear predictors and atanh of correlations at every row, shape (6, m)."""
        ends = zip(self.starts, self.starts[1:])
        own = [x[:, part] @ params[start:stop] for part, (start, stop) in zip(self.parts, ends)]
        return np.vstack([*own, np.repeat(params[-3:, None], len(x), axis=1)])

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, parts=tuple(kept(part, columns) for part in self.parts))


def _signs(rows: int) -> list[Matrix]:
    """Signs of the answers of each combination, shape (3, m) each."""
    return [np.repeat(2.0 * np.array(cell, float)[:, None] - 1, rows, axis=1) for cell in CELLS]


@dataclass(frozen=True, eq=False, repr=False)
class TripleModel(Model):
    """A fitted probit of three answers.

    Attributes
    ----------
    whole
        The model of all answers, of which this shows one.
    """

    whole: "TripleModel | None" = None

    def of(self, view: TripleView) -> "TripleModel":
        """Return the same model, with effects and predictions of one answer, whatever the others, or of "joint" all.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = [[i >> 2, i >> 1 & 1, i & 1] for i in (0, 0, 1, 2, 3, 4, 5, 6, 7, 7)]
        >>> model = multivariate_probit(pd.DataFrame(rows, columns=list("abc")), ["a ~ 1", "b ~ 1", "c ~ 1"])
        >>> model.of("second").predict().frame["estimate"].round(6).tolist()
        [0.5]
        """
        one_of(view, VIEWS, "view")
        whole = self.whole or self
        if view == "joint":
            return whole
        which = VIEWS.index(view) - 1
        outcome, response = cast(JointOutcome, whole.outcome), cast(Triple, whole.response)
        one = outcome.pair[which]
        seen = replace(outcome, name=one.name, levels=one.levels, labels=one.labels)
        own = OneOfPair(response, response.parts[which], response.starts[which])
        note = both("probabilities of {n}, whatever the other answers", "다른 응답과 무관한 {n}의 확률", n=one.name)
        return replace(whole, outcome=seen, response=own, notes=(*whole.notes, note), whole=whole)

    def independence(self) -> Test:
        """Wald test that all three correlations are 0, so that the probits could be fitted apart.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = [[i >> 2, i >> 1 & 1, i & 1] for i in (0, 0, 1, 2, 3, 4, 5, 6, 7, 7)]
        >>> model = multivariate_probit(pd.DataFrame(rows, columns=list("abc")), ["a ~ 1", "b ~ 1", "c ~ 1"])
        >>> model.independence().df
        3.0
        """
        origin = replace(self.origin, interval={})
        return wald_of(self.params[-3:], self.params_covariance[-3:, -3:], self.df, APART, origin, self.n)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed; the correlations in `extra`, likelihoods against constants alone."""
        found, extra = super().estimates, dict[str, float]()
        for pair, (one, two) in enumerate(combinations(range(3), 2)):
            at = self.params[len(self.params) - 3 + pair :][:1]
            variance = self.params_covariance[len(self.params) - 3 + pair, len(self.params) - 3 + pair]
            rho, se, name = float(np.tanh(at[0])), float(np.sqrt(variance)), f"rho_{one + 1}{two + 1}"
            low, high = t_interval(at, np.array([se]), self.df, self.confidence)
            extra |= {name: rho, f"{name}_se": se * (1 - rho**2), f"{name}_low": float(np.tanh(low[0])),
                      f"{name}_high": float(np.tanh(high[0]))}  # fmt: skip
        return replace(found, extra={**found.extra, **self._against_constants(found.extra["loglik"]), **extra})

    def _against_constants(self, loglik: float) -> dict[str, float]:
        """Log-likelihood of three constants and their correlations, and what the terms add to it."""
        whole = self.whole or self
        weights, one = self.model_frame.used.row_weights, self.model_frame.x[:, :1]
        fit = Triple(((0,),) * 3).fit(one, whole.outcome.y, weights)
        null = float(fit.loglik / weights.mean()) if fit.converged else float("nan")
        return {"loglik_null": null, "mcfadden": 1 - loglik / null}
