"""Exact logistic regression for tables too small for any approximation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.columns import Column, column_of
from ..design.design import Design, as_design
from ..errors import ChoiceError, DataError, one_of
from ..estimators.exact_inference import ExactEstimate, Method, exact_estimate, exact_p
from ..estimators.exact_logit import Conditional, conditional
from ..estimators.fit import Matrix
from ..intervals import check_confidence
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, Origin, Test, estimates_frame
from .bases import Data
from .exponentiated import exponentiated
from .model_matrix import ModelFrame, model_frame
from .origins import origin_of
from .outcomes import Outcome, binary_outcome
from .shown_estimates import ShownEstimates
from .variables import column_words, labels_for

METHODS: dict[str, Text] = {
    "probability": both("exact p-values by probability", "확률 기준 정확 p값"),
    "score": both("exact p-values by score", "스코어 기준 정확 p값"),
    "tail": both("exact p-values, twice the smaller tail", "작은 쪽 꼬리확률의 두 배인 정확 p값"),
}
EACH = both(
    "each coefficient is estimated given the sufficient statistics of all others; z is the exact score over its "
    "standard deviation",
    "각 계수는 나머지 모든 충분통계량을 고정한 조건부 추정이며 z는 정확 스코어를 표준편차로 나눈 값",
)
MID = both("the observed outcome counts half (mid-p)", "관측값은 절반만 산입(mid-p)")
MEDIAN = both("as low or high as it can be; median unbiased estimate", "가능한 극단값: 중앙값 비편향 추정")
FIXED = both("fixed by the others; nothing can be learned", "나머지에 의해 고정되어 추정 불가")
STRATA = both("strata are left out", "층은 반영하지 않음")


def exact_logit(
    data: Data,
    formula: str,
    *,
    method: Method = "probability",
    mid_p: bool = False,
    matched: Column | None = None,
    event: Any = None,
    confidence: float = 0.95,
) -> "ExactLogit":
    """Exact conditional logistic regression of a yes/no answer.

    Parameters
    ----------
    data
        Simple random sample: a frame, a survey, or a design with equal weights and no clusters.
    formula, event, confidence
        As for `logit`.
    method
        Which outcomes are as far from no effect as the observed one: "probability" (no likelier than it, as R
        ``fisher.test``), "score" (statistics as far from their mean), "tail" (twice the smaller tail).
    mid_p
        Whether the observed outcome counts half in p-values and intervals: less cautious, nearer to the nominal level.
    matched
        Column that names matched sets, each with an intercept of its own that is conditioned away.

    Returns
    -------
    ExactLogit
        One row a slope: conditional maximum likelihood estimate, its error, exact p and interval; `.test()`,
        `.exponentiate()`, `.table()`, `.plot()`. Where the statistic is as low or high as it can be, the estimate is
        the median unbiased one and the interval has one end.

    Raises
    ------
    ChoiceError
        Weights differ, or there are clusters or replicate weights: outcomes are not exchangeable then.
    DataError
        There are too many partial sums to count (it says how many), or a number has more than six decimals.
    FormulaError, ColumnError, DataError
        As for `logit`; separation is no obstacle.

    Notes
    -----
    P(sum y x_j = t | all other sums) is proportional to c(t) exp(b t), c counting outcomes. Interval ends: tails of
    (1 - confidence) / 2.

    References
    ----------
    Mehta and Patel (1995), Stat. Med. 14, 2143; Hirji, Mehta and Patel (1987), JASA 82, 1110. R ``fisher.test``,
    ``mantelhaen.test(exact = TRUE)``, ``survival::clogit``, and all outcomes listed (f.exact.*).

    Examples
    --------
    >>> import pandas as pd
    >>> tea = pd.DataFrame({"said": [1, 1, 1, 0, 0, 0, 0, 1], "poured": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> found = exact_logit(tea, "said ~ poured")
    >>> found.exponentiate().frame[["estimate", "ci_low", "ci_high", "p"]].round(3).values.tolist()
    [[6.408, 0.212, 626.244, 0.486]]
    """
    one_of(method, tuple(METHODS), "method")
    check_confidence(confidence)
    design = as_design(data)
    _refuse_unequal(design)
    frame = model_frame(design, formula)
    outcome = binary_outcome(frame.used, frame.formula.outcome, event)
    if frame.x.shape[1] < 2:
        raise ChoiceError(f"{formula!r} has no terms: there is no slope to estimate.")
    sets = None if matched is None else _sets(frame, matched)
    model = _Counted(frame, outcome, sets)
    found = [model.distribution([j]) for j in range(frame.x.shape[1] - 1)]
    estimates = _estimates(model, found, method, mid_p, confidence)
    return ExactLogit(model, tuple(found), estimates, method, mid_p)


@dataclass(frozen=True)
class _Counted:
    """What is counted: the model matrix, the outcome, and matched sets."""

    frame: ModelFrame
    outcome: Outcome
    sets: NDArray[np.intp] | None

    def distribution(self, tested: list[int]) -> Conditional:
        """Distribution of the statistics of these slopes given all others."""
        return conditional(self.frame.x[:, 1:], self.outcome.y, tested, self.sets)


@dataclass(frozen=True, eq=False, repr=False)
class ExactLogit(ShownEstimates):
    """An exact logistic regression.

    Attributes
    ----------
    distributions
        Distribution of the sufficient statistic of each slope, given the others.
    estimates
        Slopes, one row each.
    """

    model: _Counted
    distributions: tuple[Conditional, ...]
    estimates: Estimates
    method: Method
    mid_p: bool

    def exponentiate(self) -> Estimates:
        """Odds ratios."""
        return exponentiated(self.estimates)

    def test(self, *names: str) -> Test:
        """Exact test that all slopes of these questions or terms are zero.

        Parameters
        ----------
        *names
            As for `Model.test`.

        Returns
        -------
        Test
            By the model's method ("tail" is for single slopes: "score" is taken for several); `statistic` is the
            probability of what was observed.

        Examples
        --------
        >>> import pandas as pd
        >>> people = pd.DataFrame({"y": [0, 0, 1, 1, 1, 0, 1, 0, 1], "g": list("aaabbbccc")})
        >>> round(exact_logit(people.astype({"g": "category"}), "y ~ g").test("g").p, 3)
        1.0
        """
        from .exact_terms import exact_term_test

        return exact_term_test(self, names)


def _refuse_unequal(design: Design) -> None:
    """Outcomes must be exchangeable: equal weights, no clusters, no replicates."""
    clustered = design.sample.first.cluster is not None
    if design.weighted or clustered or design.replicates is not None or design.steps:
        what = "weights differ" if design.weighted or design.steps else "respondents come in clusters"
        what = "it has replicate weights" if design.replicates is not None else what
        raise ChoiceError(
            f"An exact test counts equally likely outcomes of independent respondents, but {what} in this design. Use "
            "`firth`, or `logit` with `few_clusters`."
        )


def _sets(frame: ModelFrame, matched: Column) -> NDArray[np.intp]:
    """Codes of the matched sets of the respondents used."""
    values = column_of(frame.design.survey, matched, "matched").iloc[frame.used.rows]
    if values.isna().any():
        labels = [str(label) for label in values.index[values.isna()]]
        raise DataError(
            f"`matched` is {values.name!r}, which is missing for {len(labels)} respondent(s): {', '.join(labels[:5])}."
            " Fill it in, or leave them out by `where`."
        )
    return np.unique(values.astype(str).to_numpy(str), return_inverse=True)[1]


def _estimates(model: _Counted, found: list[Conditional], method: Method, mid_p: bool, confidence: float) -> Estimates:
    """Rows of the slopes."""
    frame, outcome = model.frame, model.outcome
    rows = [exact_estimate(one, confidence, mid_p) for one in found]
    columns = {
        "outcome": outcome.name,
        "component": "slope",
        "term": [term.name for term in frame.terms[1:]],
        "estimate": [row.estimate for row in rows],
        "se": [row.se for row in rows],
        "statistic": [row.score for row in rows],
        "df": np.inf,
        "p": [exact_p(one, method, mid_p) for one in found],
        "ci_low": [row.low for row in rows],
        "ci_high": [row.high for row in rows],
        "n": len(outcome.y),
    }
    said = labels_for(frame.design.survey, outcome.name, *frame.formula.questions)
    labels = Labels({**said.columns, **{term.name: term.label for term in frame.terms[1:]}}, said.levels)
    return Estimates(
        estimates_frame(columns), _alone([row.se for row in rows]), "coefficients", "log_odds", labels=labels,
        origin=_origin(model, rows, found, method, mid_p, confidence), extra={"n": len(outcome.y)},
    )  # fmt: skip


def _alone(se: list[float]) -> Matrix:
    """Squared errors on the diagonal; what estimates have in common is not known."""
    covariance = np.full((len(se), len(se)), np.nan)
    np.fill_diagonal(covariance, np.square(se))
    return covariance


def _origin(
    model: _Counted, rows: list[ExactEstimate], found: list[Conditional], method: str, mid_p: bool, confidence: float
) -> Origin:
    """Origin with every note that a reader needs."""
    frame, outcome = model.frame, model.outcome
    label = column_words(frame.design.survey, outcome.name)
    what = {"en": f"Exact logit model: {say(label)}", "ko": f"정확 로짓 모형: {say(label, 'ko')}"}
    terms = frame.terms[1:]
    median = [t.label for t, row in zip(terms, rows) if row.median]
    certain = [t.label for t, one in zip(terms, found) if one.certain]
    notes = (
        METHODS[method],
        *((MID,) if mid_p else ()),
        EACH,
        *_named(MEDIAN, median),
        *_named(FIXED, certain),
        *((STRATA,) if len(frame.used.sample.first.size) > 1 else ()),
    )
    words = both("{c:g}% exact interval", "{c:g}% 정확 신뢰구간", c=100 * confidence)
    names = (outcome.name, *frame.formula.questions)
    return origin_of(
        what, frame.design, frame.used, *names, variance=None, interval=words, df=np.inf,
        notes=(*frame.notes, *outcome.notes, *notes),
    )  # fmt: skip


def _named(told: Text, labels: list[Text]) -> tuple[Text, ...]:
    """One note that names terms, if there are any."""
    if not labels:
        return ()
    return ({lang: f"{', '.join(say(label, lang) for label in labels)}: {told[lang]}" for lang in LANGUAGES},)
