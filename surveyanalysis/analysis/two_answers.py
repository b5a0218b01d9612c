"""Two yes/no answers of one respondent, such as the intention at first and the intention now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.bivariate_probit import bivariate_probit_fit
from ..estimators.bivariate_response import bivariate_jacobian, bivariate_probabilities
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.separation import separating
from ..intervals import check_confidence
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates
from .bases import Data
from .error_words import VARIANCES, Variance
from .model import Model
from .model_cautions import decisive, few_events
from .model_matrix import ModelFrame
from .nonparallel import kept
from .outcomes import Outcome, binary_outcome
from .pair_views import OneOfPair, PairView, SecondGivenFirst, event_of
from .responses import Place, Response
from .separated import refuse_separation
from .several_formulas import Equation, equations
from .solving import converged

JOINT = both(
    "levels: both answers, the first named first; y_j = 1 where x_j b_j + e_j > 0, the errors correlated by rho",
    "수준은 두 응답의 조합(첫 응답 먼저); x_j b_j + e_j > 0이면 y_j = 1, 오차 상관 rho",
)


def bivariate_probit(
    data: Data,
    first: str,
    second: str,
    *,
    events: Sequence[Any] = (None, None),
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "PairModel":
    """Two probits of yes/no answers whose errors are correlated.

    Parameters
    ----------
    data, variance, confidence
        As for `logit`.
    first, second
        Formula of each answer: "willing_at_arrival ~ age", "willing_now ~ age + years_abroad".
    events
        The answer of each outcome whose probability is modelled, as `event` of `logit`.

    Returns
    -------
    PairModel
        Slopes of both outcomes (column outcome), then atanh of the correlation. `extra` holds rho with its standard
        error and interval; p of the last row tests rho = 0. `.effects()`, `.predict()` and their like give the
        probabilities of the four combinations; `.of("first")`, `.of("second")` and `.of("conditional")` those of one
        answer, alone or given that the first is yes.

    Raises
    ------
    ChoiceError, FormulaError, ColumnError, DataError, SeparationError
        As for `logit`; the two outcomes must differ.
    ConvergenceError
        The correlation runs to 1 or -1: beyond the covariates one answer all but follows from the other.

    Notes
    -----
    Respondents who answered both and all covariates. Maximises sum w log Phi2(q1 x1 b1, q2 x2 b2, q1 q2 rho) with
    q = 2y - 1 (Greene 2012, section 17.5). Interval of rho: ends of that of atanh(rho), turned back. Checked against R
    with ``pbivnorm`` polished by Newton and VGAM ``binom2.rho`` (o.bip.*).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"then": [0, 0, 0, 0, 1, 1, 1, 1, 1, 0], "now": [0, 0, 0, 1, 1, 1, 1, 0, 0, 1]})
    >>> round(bivariate_probit(people, "then ~ 1", "now ~ 1").extra["rho"], 3)
    0.309
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame, (one, two), pair = several_answers(as_design(data), (first, second), events)
    outcome = joint(*pair)
    response = Pair(one.columns, two.columns)
    fit = converged(response.fit(frame.x, outcome.y, frame.used.row_weights), frame)
    where = both("in the rarest of both outcomes", "(두 결과 중 적은 쪽)")
    few = few_events(min(min(o.counts) for o in pair), max(len(one.slopes), len(two.slopes)), where)
    notes = (JOINT, *(event_said(o) for o in pair), *few, *decisive(frame))
    return PairModel(frame, outcome, response, fit, variance, confidence, notes)


def several_answers(
    design: Design, formulas: Sequence[str], events: Sequence[Any]
) -> tuple[ModelFrame, tuple[Equation, ...], list[Outcome]]:
    """Read the formulas of several yes/no answers, none of which is separated by its covariates.

    Raises
    ------
    ChoiceError, SeparationError
        Two are of the same outcome, an outcome is a covariate, or covariates tell an answer apart.
    """
    if isinstance(events, str) or len(events) != len(formulas):
        raise ChoiceError(
            f"`events` is {events!r}; it holds an answer for each of the {len(formulas)} formulas, None where the "
            "answers tell by themselves."
        )
    frame, parts = equations(design, *formulas)
    names = [part.outcome for part in parts]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise ChoiceError(f"Two formulas are of {name!r}. Name different outcomes, or fit one `probit`.")
        if name in frame.formula.questions:
            raise ChoiceError(
                f"{name!r} is an outcome of one formula and a covariate of another: this model correlates errors, "
                "no effect of one answer on the other. Leave it out on the right."
            )
    outcomes = [binary_outcome(frame.used, name, event) for name, event in zip(names, events, strict=True)]
    for part, outcome in zip(parts, outcomes):
        apart = separating(frame.x[:, part.columns], outcome.y)
        columns = apart and replace(apart, columns=tuple(part.columns[j] for j in apart.columns))
        refuse_separation(columns, frame, outcome)
    return frame, parts, outcomes


@dataclass(frozen=True)
class JointOutcome(Outcome):
    """Several yes/no answers as one of their combinations."""

    pair: tuple[Outcome, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(outcome.name for outcome in self.pair)


def joint(*outcomes: Outcome) -> JointOutcome:
    """The answers together: y = 2 y1 + y2 of two, a level for each combination."""
    cells = tuple(product((0, 1), repeat=len(outcomes)))
    name = " & ".join(outcome.name for outcome in outcomes)
    labels = tuple(_all_said(outcomes, cell) for cell in cells)
    levels = tuple(" & ".join(map(str, cell)) for cell in cells)
    y = np.zeros(len(outcomes[0].y))
    for outcome in outcomes:
        y = 2 * y + outcome.y
    return JointOutcome(name, y, levels, labels, pair=outcomes)


def event_said(outcome: Outcome) -> Text:
    """The event of one of the answers, with its name."""
    return {lang: f"{outcome.name}: {say(outcome.notes[0], lang)}" for lang in LANGUAGES}


def _all_said(outcomes: Sequence[Outcome], cell: tuple[int, ...]) -> Text:
    """A combination in words: "yes & not yes"."""
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        parts = [say(outcome.labels[0], lang) for outcome in outcomes]
        without = "not {s}" if lang == "en" else "{s} 아님"
        said[lang] = " & ".join(part if y else without.format(s=part) for part, y in zip(parts, cell))
    return said


@dataclass(frozen=True, slots=True)
class Pair(Response):
    """Two probits with correlated errors; `first` and `second` are their columns of the model matrix."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    link: LinkName = "probit"
    levels: int = 4

    @property
    def words(self) -> Text:
        """The kind of model."""
        return both("Bivariate probit model", "이변량 프로빗 모형")

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        one, two = (
            [Place("slope", j, outcome=which) for j in own] for which, own in enumerate((self.first, self.second))
        )
        return (*one, *two, Place("error_correlation"))

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        return bivariate_probit_fit(x[:, self.first], y // 2, x[:, self.second], y % 2, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        return bivariate_probabilities(params, x[:, self.first], x[:, self.second])

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        return bivariate_jacobian(params, x[:, self.first], x[:, self.second])

    def seen(self, view: PairView) -> Response:
        """One answer of the two: alone, or the second given the first."""
        first = OneOfPair(self, self.first, 0)
        if view == "conditional":
            return SecondGivenFirst(self, first)
        return first if view == "first" else OneOfPair(self, self.second, len(self.first))

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        return replace(self, first=kept(self.first, columns), second=kept(self.second, columns))


@dataclass(frozen=True, eq=False, repr=False)
class PairModel(Model):
    """A fitted bivariate probit.

    Attributes
    ----------
    whole
        The model of both answers, of which this shows one.
    """

    whole: "PairModel | None" = None

    def of(self, view: PairView) -> "PairModel":
        """Return the same model, with effects and predictions of one answer.

        Parameters
        ----------
        view
            "joint": the four combinations; "first", "second": P(y1 = 1), P(y2 = 1); "conditional":
            P(y2 = 1 | y1 = 1).

        Examples
        --------
        >>> import pandas as pd
        >>> people = pd.DataFrame({"then": [0, 0, 0, 0, 1, 1, 1, 1, 1, 0], "now": [0, 0, 0, 1, 1, 1, 1, 0, 0, 1]})
        >>> model = bivariate_probit(people, "then ~ 1", "now ~ 1")
        >>> model.of("conditional").predict().frame["estimate"].round(3).tolist()
        [0.6]
        """
        one_of(view, ("joint", "first", "second", "conditional"), "view")
        whole = self.whole or self
        if view == "joint":
            return whole
        outcome = cast(JointOutcome, whole.outcome)
        one, note = event_of(outcome.pair[0], outcome.pair[1], view)
        seen = replace(outcome, name=one.name, levels=one.levels, labels=one.labels)
        response = cast(Pair, whole.response).seen(view)
        return replace(whole, outcome=seen, response=response, notes=(*whole.notes, note), whole=whole)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed; the correlation in `extra`."""
        found = super().estimates
        row = found.frame.iloc[-1]
        rho = float(np.tanh(row["estimate"]))
        extra = {
            "rho": rho,
            "rho_se": float(row["se"]) * (1 - rho**2),
            "rho_low": float(np.tanh(row["ci_low"])),
            "rho_high": float(np.tanh(row["ci_high"])),
        }
        return replace(found, extra={**found.extra, **extra})
