"""Models for yes/no and ordered answers, under any design."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import ConvergenceError, one_of
from ..estimators.binary import binary_fit
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.ordered import ordered_fit
from ..estimators.separation import Separation, separating, separating_ordered
from ..intervals import check_confidence
from ..language import Text, both
from ..survey import Survey
from .error_words import VARIANCES, Variance
from .model import Model
from .model_matrix import ModelFrame, model_frame
from .outcomes import Outcome, binary_outcome, ordered_outcome
from .responses import Response
from .separated import refuse_separation

MANY = 20_000  # rows above which the fit itself certifies that the outcomes overlap
CERTAIN = 1e-8  # probabilities this near to 0 or 1 are told
FEW = 10  # events per slope below which a note warns (Peduzzi et al. 1996)


def logit(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    *,
    variance: Variance = "design",
    event: Any = None,
    confidence: float = 0.95,
) -> Model:
    """Logistic regression of a yes/no answer.

    Parameters
    ----------
    data
        A design; a survey or frame is taken as a simple random sample.
    formula
        ``interested ~ age + employer``, in codebook names; see `read_formula` for what may stand in it. The question's
        type decides: categories are compared with the codebook's first level, numbers are slopes.
    variance
        "design": linearised, from the design. "model": inverse information, weights scaled to mean 1.
    event
        The answer, or answers, whose probability is modelled. Not needed for 0/1, yes/no, an ordered pair, or where the
        codebook names the event.
    confidence
        Level of the intervals.

    Returns
    -------
    Model
        Coefficients on the log-odds scale; `.exponentiate()`, `.effects()`, `.predict()`, `.test()`.

    Raises
    ------
    FormulaError, ColumnError, ChoiceError, DataError
        The formula or the outcome cannot be used as it is; the message says why and what to do.
    SeparationError
        A term tells the outcomes apart, so that no finite estimate exists; it is named.
    ConvergenceError
        The score equations do not hold at the end.

    Notes
    -----
    Maximises sum w log p(y | x) over respondents with complete answers; the others stay in the design as a domain does.
    Design-based: covariance of the linearised contributions, t with clusters - strata + 1 - coefficients degrees of
    freedom, as R survey ``svyglm`` (references b.glm.logit.*). Model-based: z, as R ``glm`` (c.binary.*).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"moved": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> model = logit(people, "moved ~ age", variance="model")
    >>> model.frame["estimate"].round(3).tolist()
    [4.491, -0.113]
    """
    return _binary(data, formula, "logit", variance, event, confidence)


def ordered(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    *,
    link: Literal["logit", "probit"] = "logit",
    variance: Variance = "design",
    confidence: float = 0.95,
) -> Model:
    """Cumulative regression of an ordered answer: proportional odds, or ordered probit.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    link
        "logit" or "probit".

    Returns
    -------
    Model
        Slopes, then thresholds: P(y <= j) = F(threshold_j - x b), so that a positive slope moves towards higher levels.

    Raises
    ------
    ChoiceError
        The outcome's levels have no order: the alphabet never decides.
    FormulaError, ColumnError, DataError, SeparationError, ConvergenceError
        As for `logit`.

    Notes
    -----
    Levels in the codebook's order; those that nobody used chose are left out and a note says so. Degrees of freedom as
    for `logit`, thresholds counted among the coefficients. Checked against R ``ordinal::clm`` (c.ord.*) and survey
    ``svyolr`` (b.olr.*).

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.Categorical(list("lmhlmhmmlh"), categories=["l", "m", "h"], ordered=True)
    >>> people = pd.DataFrame({"willing": answers, "age": [50, 41, 38, 44, 47, 29, 33, 35, 36, 40]})
    >>> ordered(people, "willing ~ age").frame["term"].tolist()
    ['age', 'l|m', 'm|h']
    """
    return _ordered(data, formula, one_of(link, ("logit", "probit"), "link"), variance, confidence)


def _binary(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    link: LinkName,
    variance: Variance,
    event: Any,
    confidence: float,
) -> Model:
    """Any binary model; the information is the expected one, as in R ``glm`` and ``svyglm``."""
    _check(variance, confidence)
    frame = model_frame(as_design(data), formula)
    outcome = binary_outcome(frame.used, frame.formula.outcome, event)
    x, y, weights = frame.x, outcome.y, frame.used.row_weights

    def refit(other: Vector) -> Fit:
        return _converged(binary_fit(x, y, other, link, information="expected"), frame)

    fit = _solved(
        lambda: binary_fit(x, y, weights, link, information="expected"), lambda: separating(x, y), frame, outcome
    )
    few = _few(min(outcome.counts), frame, both("in the smaller outcome", "(적은 쪽 결과)"))
    response = Response(link)
    notes = (*outcome.notes, *few, *_certain(response.probabilities(fit.params, x)))
    return Model(frame, outcome, response, fit, variance, confidence, refit, notes)


def _ordered(
    data: Design | Survey | pd.DataFrame, formula: str, link: LinkName, variance: Variance, confidence: float
) -> Model:
    """Any cumulative model."""
    _check(variance, confidence)
    frame = model_frame(as_design(data), formula)
    outcome = ordered_outcome(frame.used, frame.formula.outcome)
    x, y, levels = frame.x[:, 1:], outcome.y.astype(np.intp), len(outcome.levels)

    def found() -> Separation | None:
        apart = separating_ordered(x, y, levels)
        return apart and replace(apart, columns=tuple(j + 1 for j in apart.columns))

    def refit(other: Vector) -> Fit:
        return _converged(ordered_fit(x, y, other, levels, link), frame)

    fit = _solved(lambda: ordered_fit(x, y, frame.used.row_weights, levels, link), found, frame, outcome)
    few = _few(len(y) - max(outcome.counts), frame, both("outside the most frequent level", "(최빈 수준 밖)"))
    return Model(frame, outcome, Response(link, levels), fit, variance, confidence, refit, (*outcome.notes, *few))


def _check(variance: str, confidence: float) -> None:
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)


def _solved(
    fit: Callable[[], Fit], separation: Callable[[], Separation | None], frame: ModelFrame, outcome: Outcome
) -> Fit:
    """The fit, if the score equations hold; separation is looked for first, and named.

    For very many rows it is looked for only where the iteration finds no solution: scores of zero with a
    negligible next step prove that the maximum exists.
    """
    many = len(frame.x) > MANY
    if not many:
        refuse_separation(separation(), frame, outcome)
    found = fit()
    if many and not found.converged:
        refuse_separation(separation(), frame, outcome)
    return _converged(found, frame)


def _converged(found: Fit, frame: ModelFrame) -> Fit:
    """The fit, or the error where its score equations do not hold."""
    if found.converged:
        return found
    raise ConvergenceError(
        f"The model {frame.formula.source!r} has no solution for its score equations: {found.message}. Leave out "
        "terms or merge rare levels."
    )


def _certain(probabilities: Matrix) -> tuple[Text, ...]:
    """Note where the outcome is all but separated, as R's glm warns."""
    certain = int(((probabilities < CERTAIN) | (probabilities > 1 - CERTAIN)).sum())
    if not certain:
        return ()
    return (
        both(
            "{k} respondents have a fitted probability of 0 or 1 to eight digits: the answers are nearly separated, "
            "and estimates and errors rest on very few",
            "예측 확률이 소수점 여덟째 자리까지 0 또는 1인 응답자 {k}명: 거의 분리된 자료로, 추정값과 오차가 극소수 "
            "응답에 의존",
            k=certain,
        ),
    )


def _few(events: int, frame: ModelFrame, where: Text) -> tuple[Text, ...]:
    """Note where the outcome is rare for so many slopes."""
    slopes = frame.x.shape[1] - 1
    if not slopes or events / slopes >= FEW:
        return ()
    ratio, plural = f"{events / slopes:.1f}", "s" if slopes > 1 else ""
    return (
        {
            "en": f"{events} {where['en']}, {slopes} slope{plural}: {ratio} events per slope, fewer than {FEW}",
            "ko": f"사건 {events}명 {where['ko']}, 회귀계수 {slopes}개: 계수당 사건 {ratio}건으로 {FEW}건보다 적음",
        },
    )
