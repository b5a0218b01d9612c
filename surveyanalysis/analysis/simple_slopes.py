"""Interactions unfolded: the slope of one question at values of another, and where it is significant."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Matrix, Vector
from ..intervals import t_quantile
from ..language import both, say
from ..results import Estimates, Labels, estimates_frame
from .coefficients import inferred, interval_text
from .counterfactual import coded, coded_rows, questions_of, spread_over, typical
from .variables import column_words

if TYPE_CHECKING:
    from .margins import AnyModel

SPREAD = both("mean − 1 SD", "평균 − 1 표준편차"), both("mean", "평균"), both("mean + 1 SD", "평균 + 1 표준편차")
LINK = both("slopes of the linear predictor", "선형예측값의 기울기")
NEVER = both("significant for no respondent (Johnson-Neyman)", "유의한 응답자 없음(Johnson-Neyman)")
ALWAYS = both("significant for all respondents (Johnson-Neyman)", "모든 응답자에서 유의함(Johnson-Neyman)")


def simple_slopes(
    model: "AnyModel", question: str, by: str, *, at: Sequence[Any] | None = None, confidence: float | None = None
) -> Estimates:
    """Slopes of one question at values of another: what an interaction means.

    Parameters
    ----------
    model
        Any model with one linear predictor; its formula holds the product of both questions.
    question
        A number, or a yes/no question; its slope is asked.
    by
        The other: a number, at its mean and one standard deviation (by weight) below and above; or answers, at each.
    at
        Other values of `by`.
    confidence
        Level of the intervals; the model's by default.

    Returns
    -------
    Estimates
        Kind "predictions", a row a value of `by`, with t and p. Where `by` is a number, `extra` holds the bounds of
        Johnson and Neyman ("bound_low", "bound_high": where the slope begins or ceases to be significant) and
        "significant": the share of respondents, by weight, where it is.

    Raises
    ------
    ColumnError, ChoiceError, LevelError
        A question is not in the model, or the formula has no product of both; a value is none.

    Notes
    -----
    Slopes are of the linear predictor (log-odds of a logit, log rates of counts), the other questions typical; of a
    linear model they are effects. Johnson and Neyman's bounds solve b(z)^2 = t^2 var b(z).

    References
    ----------
    Aiken and West 1991, Multiple Regression; Johnson and Fay 1950, Psychometrika 15: 349-367.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> firms = pd.DataFrame({"made": [1.0, 2, 3, 4, 2, 5, 9, 12], "rd": [0, 1, 2, 3] * 2, "ally": [0] * 4 + [1] * 4})
    >>> found = simple_slopes(linear(firms, "made ~ rd * ally", variance="model"), "rd", "ally", at=[0, 1])
    >>> found.frame["estimate"].round(6).tolist()
    [1.0, 3.4]
    """
    level = model.confidence if confidence is None else confidence
    _check(model, question, by)
    number = model.model_frame.basis.category(by) is None
    values = _values(model, by, number) if at is None else list(at)
    rows = _slopes(model, question, by, values)
    order = list(range(len(model.params)))
    estimate, se = rows @ model.params, np.sqrt(np.einsum("ij,jk,ik->i", rows, model.params_covariance, rows))
    columns = {
        "outcome": model.outcome.name, by: values, "term": question, **inferred(estimate, se, model.df, level),
        "n": model.n,
    }  # fmt: skip
    survey = model.model_frame.design.survey
    x, z = (column_words(survey, name) for name in (question, by))
    what = {"en": f"Slope of {say(x)} by {say(z)}", "ko": f"{say(z, 'ko')}에 따른 {say(x, 'ko')}의 기울기"}
    extra, notes = _johnson_neyman(model, question, by, level) if number else ({}, ())
    link = () if model.response.expected_scale == "value" and model.response.scale == "value" else (LINK,)
    origin = replace(model.origin, what=what, interval=interval_text(model.df, level)).with_notes(*link, *notes)
    named = {(by, value): words for value, words in zip(values, SPREAD)} if number and at is None else {}
    if len(values) != len(SPREAD):
        named = {}
    told = {key: {lang: f"{key[1]:.4g} ({said})" for lang, said in words.items()} for key, words in named.items()}
    labels = Labels({**model.estimates.labels.columns, question: x, by: z}, {**model.estimates.labels.levels, **told})
    covariance = rows[:, order] @ model.params_covariance @ rows.T
    return Estimates(
        estimates_frame(columns, by=(by,)), covariance, "predictions", "value", (by,), labels, origin, extra=extra
    )


def _check(model: "AnyModel", question: str, by: str) -> None:
    """Both questions are in the model, with their product, and the slope is one number."""
    for name in questions_of(model, [question, by], "question"):
        if name == question and model.model_frame.basis.category(name) is not None:
            raise ChoiceError(f"{question!r} holds answer categories: use `model.interaction({question!r}, {by!r})`.")
    products = [t for t in model.model_frame.terms if {question, by} <= set(t.questions)]
    if not products:
        raise ChoiceError(
            f"The model {model.model_frame.formula.source!r} has no product of {question!r} and {by!r}: its slope is "
            f"the same at every {by!r}. Write {question} * {by}."
        )
    if model.response.predictor(model.params, model.model_frame.x[:1]) is None:
        raise ChoiceError(f"This kind of model ({say(model.response.words)}) has no single linear predictor.")


def _values(model: "AnyModel", by: str, number: bool) -> list[Any]:
    """Mean and one standard deviation around it, or every level used."""
    frame = model.model_frame
    if not number:
        part = frame.basis.category(by)
        assert part is not None
        levels = sorted((part.reference or 0, *part.shown))
        return [part.variable.levels[i] for i in levels]
    answers, weights = frame.answers[by].astype(float), frame.weights_of(by)
    if len(np.unique(answers)) <= 2:
        return sorted(set(answers.tolist()))
    mean = float(np.average(answers, weights=weights))
    spread = float(np.sqrt(np.average((answers - mean) ** 2, weights=weights) * len(answers) / (len(answers) - 1)))
    return [mean - spread, mean, mean + spread]


def _slopes(model: "AnyModel", question: str, by: str, values: Sequence[Any]) -> Matrix:
    """Derivatives of the linear predictor's slope by the parameters, shape (values, p)."""
    frame = model.model_frame
    shown = pd.DataFrame({by: values})
    coded(model, by, list(values))
    answers = {**spread_over(typical(model), len(shown)), **coded_rows(model, shown)}
    middle = np.asarray(answers[question], float)
    step = max(float(np.ptp(frame.answers[question].astype(float))), 1.0) / 2
    ends = []
    for sign in (1, -1):
        x = frame.basis.matrix({**answers, question: middle + sign * step})
        found = model.response.predictor(model.params, x)
        assert found is not None
        ends.append(found[1])
    return np.asarray((ends[0] - ends[1]) / (2 * step), float)


def _johnson_neyman(
    model: "AnyModel", question: str, by: str, confidence: float
) -> tuple[dict[str, float], tuple[Any, ...]]:
    """Bounds of the region of significance, and the share of respondents in it."""
    answers, weights = model.model_frame.answers[by].astype(float), model.model_frame.weights_of(by)
    low, high = float(answers.min()), float(answers.max())
    if len(np.unique(answers)) <= 2:
        return {}, ()
    c = _slopes(model, question, by, [low, high])
    turn = (c[1] - c[0]) / (high - low)
    flat, v, t = c[0] - low * turn, model.params_covariance, t_quantile(model.df, confidence)
    b0, b1 = float(flat @ model.params), float(turn @ model.params)
    bends = [
        b1**2 - t**2 * (turn @ v @ turn),
        2 * (b0 * b1 - t**2 * (flat @ v @ turn)),
        b0**2 - t**2 * (flat @ v @ flat),
    ]
    inside = np.polyval(bends, answers) > 0
    share = float(weights @ inside / weights.sum())
    bounds = _bounds(bends) if 0 < share < 1 else []
    extra = {**dict(zip(("bound_low", "bound_high"), _bounds(bends))), "significant": share}
    if not bounds:
        return extra, (ALWAYS if share > 0 else NEVER,)
    return extra, (_region(model, by, bounds, bends[0] > 0, share),)


def _bounds(bends: Sequence[float]) -> Vector | list[float]:
    """Real roots, the smaller first."""
    root = bends[1] ** 2 - 4 * bends[0] * bends[2]
    if root < 0 or bends[0] == 0:
        return []
    ends = (-bends[1] + np.array([-1, 1]) * np.sqrt(root)) / (2 * bends[0])
    return sorted(ends.tolist())


def _region(model: "AnyModel", by: str, bounds: Any, outside: bool, share: float) -> dict[str, str]:
    """The region in words."""
    z = column_words(model.model_frame.design.survey, by)
    a, b = (f"{end:.3g}" for end in bounds)
    where = f"below {a} or above {b}" if outside else f"between {a} and {b}"
    korean = f"{a} 미만 또는 {b} 초과" if outside else f"{a}~{b}"
    return {
        "en": f"significant for {say(z)} {where} (Johnson-Neyman); {share:.0%} of the respondents",
        "ko": f"{say(z, 'ko')} {korean}에서 유의함(Johnson-Neyman); 응답자의 {share:.0%}",
    }
