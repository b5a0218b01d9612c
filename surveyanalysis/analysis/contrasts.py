"""What effects compare: two settings of a question, for the respondents that are averaged over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..language import Text, both, say
from .counterfactual import coded, spread_over, typical
from .terms import Answers

if TYPE_CHECKING:
    from .model import At, Model

STEP = 5e-4  # of a standard deviation: balances rounding against curvature in differences of fourth order
FOURTH_ORDER = ((2, -1 / 12), (1, 8 / 12), (-1, -8 / 12), (-2, 1 / 12))  # f' = sum of c f(x + k h) / h


@dataclass(frozen=True)
class Contrast:
    """Settings of one question for the same respondents, and how much of each probability the effect takes.

    Attributes
    ----------
    settings
        Values of the question, shape (m,), each with its coefficients, shape (m,).
    """

    term: str
    label: Text
    question: str
    settings: tuple[tuple[Any, Vector], ...]


@dataclass(frozen=True)
class Setting:
    """Whom effects are averaged over.

    Attributes
    ----------
    answers, weights
        Answers of the rows, with the values that were asked for, and their weights.
    sampled
        Whether the rows are the sample, so that the average has sampling error of its own.
    """

    answers: Answers
    weights: Vector
    sampled: bool
    words: Text


def setting_of(model: "Model", at: "At") -> Setting:
    """Answers and weights of the rows that are averaged over."""
    frame = model.model_frame
    if isinstance(at, str):
        one_of(at, ("sample", "means"), "at")
        if at == "means":
            words = both("for a typical respondent (means, most frequent levels; taken as fixed)",
                         "전형적 응답자(평균, 최빈 수준; 고정) 기준")  # fmt: skip
            return Setting(spread_over(typical(model), 1), np.ones(1), False, words)
        words = both("averaged over the respondents used", "분석 응답자 평균")
        return Setting(frame.answers, frame.used.row_weights, True, words)
    fixed = {name: coded(model, name, value) for name, value in at.items()}
    several = [name for name, value in fixed.items() if len(value) != 1]
    if several:
        raise ChoiceError(f"`at`: {several[0]!r} has several values; give one, or use `predict()` for a grid.")
    m = len(frame.used.rows)
    answers = {**frame.answers, **spread_over({name: value[0] for name, value in fixed.items()}, m)}
    said = ", ".join(f"{name} = {value}" for name, value in at.items())
    words = both("averaged over the respondents used with {s}", "{s}로 둔 분석 응답자 평균", s=said)
    return Setting(answers, frame.used.row_weights, True, words)


def contrasts(model: "Model", setting: Setting, name: str) -> Iterator[Contrast]:
    """Settings of a question to compare: each level with the reference, 1 with 0, or a small step."""
    basis, values = model.model_frame.basis, setting.answers[name]
    part, one = basis.category(name), np.ones(len(values))
    if part is not None and part.reference is not None:
        low = np.full(len(values), part.reference)
        for (term, label), position in zip(part.names(), part.shown):
            yield Contrast(term, label, name, ((np.full(len(values), position), one), (low, -one)))
        return
    label = basis.variables[name].label
    observed = model.model_frame.answers[name]
    if ((observed == 0) | (observed == 1)).all():
        against = {lang: f"{say(label, lang)} ({words})" for lang, words in both("1 against 0", "1 대 0").items()}
        yield Contrast(name, against, name, ((one, one), (0 * one, -one)))
        return
    step = STEP * (np.abs(values) if basis.logged(name) else observed.std() * one)
    yield Contrast(name, label, name, tuple((values + k * step, share / step) for k, share in FOURTH_ORDER))
