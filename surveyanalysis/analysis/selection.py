"""Outcomes of those who take part: Heckman's selection model under any design."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..design.stages import taken
from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Vector
from ..estimators.separation import separating
from ..intervals import check_confidence
from ..language import LANGUAGES, Text, both, say
from .bases import Data
from .error_words import BINARY_VARIANCES, MODEL_BASED, Variance
from .groups import one_column
from .model_matrix import ModelFrame, read
from .outcomes import binary_outcome
from .selected_answers import Selected, SelectedOutcome, SelectionMethod
from .selection_model import SelectionModel
from .separated import refuse_separation
from .several_formulas import Equation, equations
from .solving import converged
from .variables import lost_by_reason, numbers

NO_EXCLUSION = both(
    "no covariate is of selection alone: nothing but the normal distribution tells selection from outcome, and "
    "estimates are fragile",
    "선택식에만 있는 공변량이 없음: 정규분포 가정만으로 선택과 결과를 구분하므로 추정이 불안정",
)
BY_ANSWER = both(
    "selected: those whose outcome is known; a refused answer counts as not selected",
    "선택: 결과를 응답한 사람(무응답은 비선택으로 간주)",
)
CORRECTED = both(
    "model-based errors are Heckman's, which count the first step (Greene 1981); sigma and rho have none",
    "모형 기반 표준오차는 1단계 추정을 반영한 헤크먼의 것이며(Greene 1981), 시그마와 로에는 없음",
)
HIGHER = re.compile(r"correlation of (\S+) has .* higher by (\S+) than .* estimate, (\S+), which")
"""What `heckman_fit` says where another maximum is higher."""
BEYOND = both(
    "rho lies outside -1 and 1, where two steps do not hold it: the model hardly fits",
    "로가 -1과 1 밖에 있음: 2단계 추정은 이를 제한하지 않으며, 모형이 자료에 맞지 않음",
)

NEGATIVE = both(
    "Heckman's variance of a slope would be negative, so that model-based errors do not exist: take those by the "
    'design or variance="robust"',
    '헤크먼 분산이 음수가 되어 모형 기반 표준오차가 없음: 설계 기반 또는 variance="robust" 사용',
)


def heckman(
    data: Data,
    formula: str,
    selection: str,
    *,
    method: SelectionMethod = "ml",
    event: Any = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "SelectionModel":
    """Regression of an outcome that is known of those selected only, such as pay of those employed.

    Parameters
    ----------
    data, confidence
        As for `logit`.
    formula
        Of the outcome: "pay ~ age + degree".
    selection
        Of selection: "employed ~ age + degree + children"; without an outcome ("age + degree + children") those are
        selected whose outcome is known. At least one covariate should be of selection alone.
    method
        "ml": maximum likelihood. "two_step": a probit, then least squares with the inverse Mills ratio.
    event
        The answer that selects, as `event` of `logit`.

    variance
        As for `logit`. Of the two steps, "model" gives Heckman's errors with Greene's correction and the expected
        information of the probit, "observed" the same with its observed information, as Stata prints; the others take
        the exact contributions to both steps.

    Returns
    -------
    SelectionModel
        Slopes of the outcome, those of selection (component "selection"), log(sigma) and atanh(rho); of the two steps
        also lambda = rho sigma. `extra` holds sigma, rho and lambda with their errors and, of equal weights, the
        likelihood ratio of rho = 0. `.independence()` tests it by Wald's. `.effects()` and their like are of the
        outcome of everybody; `.of("selected")`, `.of("observed")` and `.of("probability")` of other views.

    Raises
    ------
    DataError
        Everybody or nobody is selected; an outcome is known of somebody not selected; nobody not selected has answered
        all covariates.
    ConvergenceError
        The correlation runs to 1 or -1.
    ChoiceError, FormulaError, ColumnError, SeparationError
        As for `logit`.

    Notes
    -----
    y = x b + sigma u, seen where z g + v > 0. All respondents need answers to the covariates of `selection`; to those
    of `formula` alone only those selected, so that a question may stand there that the others were not asked: a note
    counts them by reason, and effects on the outcome are then averaged over those with all answers. Checked against R
    by hand (c.heckman.*, l.heckman.*) and the printed Stata output of Mroz's data.

    References
    ----------
    Heckman 1979, Econometrica 47: 153-161; Greene 1981, Econometrica 49: 795-798.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"pay": [None, 1, None, 3, 2, None, 4, 2], "child": [3, 3, 2, 2, 1, 1, 0, 0]})
    >>> heckman(people, "pay ~ 1", "child", method="two_step").frame["term"].tolist()
    ['(intercept)', '(intercept)', 'child', 'lambda', 'log(sigma)', 'rho']
    """
    one_of(method, ("ml", "two_step"), "method")
    one_of(variance, BINARY_VARIANCES, "variance")
    check_confidence(confidence)
    design = as_design(data)
    name = one_column(design.survey, read(design.survey, formula).outcome, "formula")
    chosen = (
        one_column(design.survey, read(design.survey, selection).outcome, "selection") if "~" in selection else name
    )
    if chosen == name and "~" in selection:
        raise ChoiceError(
            f"{name!r} is the outcome and what selects. Give the right-hand side of `selection` alone, where those are "
            "selected whose outcome is known; or name what selects."
        )
    y = numbers(design.survey, name)
    seen = np.isfinite(y) if chosen == name else _selected(design, name, y, chosen, event)
    known = design.within(~np.isnan(seen) & ((seen == 0) | np.isfinite(y)))
    frame, (one, two) = equations(known, formula, selection, answered=(), spared=seen == 0)
    if {name, chosen} & set(frame.formula.questions):
        raise ChoiceError(
            f"{name!r} or {chosen!r} stands on both sides: what is explained is no covariate. Leave it out."
        )
    rows = frame.used.rows
    _refuse_unasked(design, seen, frame, two)
    outcome = _outcome(name, chosen, taken(seen.astype(float), rows), taken(y, rows))
    _refuse_separated(frame, two, outcome)
    information: Literal["expected", "observed"] = "observed" if variance == "observed" else "expected"
    response = Selected(outcome.seen, one.columns, two.columns, method, information=information)
    fit = converged(response.fit(frame.x, outcome.y, frame.used.row_weights), frame)
    cautions = (
        (NO_EXCLUSION, set(two.columns) <= set(one.columns)),
        (CORRECTED, method == "two_step" and variance in MODEL_BASED),
        (_elsewhere(fit.message), bool(fit.message)),
        (BEYOND, method == "two_step" and abs(fit.params[-1]) > 1),
        (
            NEGATIVE,
            method == "two_step"
            and variance in MODEL_BASED
            and bool(np.isnan(np.asarray(fit.covariance, float)[0, 0])),
        ),
    )
    notes = (*outcome.notes, *_unasked(frame), *(text for text, holds in cautions if holds))
    return SelectionModel(replace(frame, design=design), outcome, response, fit, variance, confidence, notes)


def _elsewhere(message: str) -> Text:
    """What the estimator says of a maximum elsewhere, in both languages."""
    found = HIGHER.search(message)
    if not found:
        return {"en": message, "ko": message}
    korean = (
        "2단계 추정 가까이의 최댓값(상관 {z})을 제시하나, 상관 {x}에서 로그우도가 {y} 더 높음: 오차가 정규분포가 "
        "아니거나 선택식에만 있는 공변량이 없거나 약함: 결과의 로그를 쓰거나 2단계 추정을 제시"
    )
    return {"en": message, "ko": korean.format(x=found[1], y=found[2], z=found[3])}


def _selected(design: Design, name: str, y: Vector, chosen: str, event: Any) -> Vector:
    """1 where somebody is selected, else 0, of all rows; NaN where it is not known or outside the domain."""
    answered = design.within(design.survey.column(chosen).notna().to_numpy(bool))
    seen = np.full(len(y), np.nan)
    seen[answered.rows] = binary_outcome(answered, chosen, event).y
    wrong = (seen == 0) & np.isfinite(y)
    if wrong.any():
        labels = ", ".join(map(str, design.survey.frame.index[wrong][:5]))
        raise DataError(
            f"{name!r} is known of {int(wrong.sum())} who are not selected by {chosen!r} (first: {labels}). "
            "The model is for outcomes of those selected only. Set it to missing there, name the right event, or fit "
            "`linear`."
        )
    return seen


def _unasked(frame: ModelFrame) -> tuple[Text, ...]:
    """Those not selected who have no answer to what only the selected must answer, by question and reason."""
    survey, found = frame.design.survey, []
    for name, rows in frame.unasked.items():
        where = np.zeros(len(survey), bool)
        where[frame.used.rows[rows]] = True
        found += lost_by_reason(survey, where, (name,))
    listed = {lang: ", ".join(f"{say(words, lang)} {count:,}" for words, count in found) for lang in LANGUAGES}
    if not found:
        return ()
    return (
        both(
            "without an answer, but not selected, so that it is not needed: {en}",
            "비선택자의 무응답은 분석에서 제외하지 않음: {ko}",
            **listed,
        ),
    )


def _refuse_unasked(design: Design, seen: Vector, frame: ModelFrame, selection: Equation) -> None:
    """Name a covariate of selection that nobody not selected has answered."""
    others = design.inside & (seen == 0)
    for name in dict.fromkeys(q for j in selection.columns for q in frame.terms[j].questions):
        if others.any() and not design.survey.column(name).notna().to_numpy(bool)[others].any():
            raise DataError(
                f"{name!r} stands in `selection`, and none of the {int(others.sum())} who are not selected has an "
                "answer to it: it was asked of those selected only. Leave it in the formula of the outcome alone."
            )


def _outcome(name: str, chosen: str, seen: Vector, y: Vector) -> SelectedOutcome:
    """The outcome of the respondents used; refuse a selection without variation."""
    if seen.min() == seen.max():
        who, cure = ("selected", "Fit `linear`") if seen[0] else ("not selected", "Widen the domain")
        raise DataError(
            f"Each of the {len(y)} respondents with answers to all covariates is {who}: there is no selection. "
            f"{cure}, or leave out covariates that only those selected were asked."
        )
    told = both("{k} of {n} respondents are selected", "응답자 {n}명 중 {k}명이 선택됨", k=int(seen.sum()), n=len(y))
    notes = (told, BY_ANSWER) if chosen == name else (told,)
    selection = f"{name} known" if chosen == name else chosen
    return SelectedOutcome(name, np.where(seen == 1, y, 0.0), (), (), notes, seen=seen, selection=selection)


def _refuse_separated(frame: ModelFrame, selection: Equation, outcome: SelectedOutcome) -> None:
    """Name what separates those selected from the others."""
    apart = separating(frame.x[:, selection.columns], outcome.seen)
    if apart is None:
        return
    asked = replace(outcome, name=outcome.selection, y=outcome.seen, labels=({"": "selected"},))
    refuse_separation(replace(apart, columns=_columns(selection, apart.columns)), frame, asked)


def _columns(selection: Equation, found: Sequence[int]) -> tuple[int, ...]:
    """Columns of the model matrix, from those of selection."""
    return tuple(selection.columns[j] for j in found)
