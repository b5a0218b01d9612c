"""What effects compare: settings of questions, for the respondents that are averaged over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both, say
from .counterfactual import coded, questions_of, spread_over, typical
from .splines import refuse_beyond
from .terms import Answers

if TYPE_CHECKING:
    from .margins import AnyModel
    from .model import At

STEP = 5e-4  # of a standard deviation: balances rounding against curvature in differences of fourth order
WIDER = 5e-3  # of two derivatives at once, where rounding is divided by the square of the step
FOURTH_ORDER = ((2, -1 / 12), (1, 8 / 12), (-1, -8 / 12), (-2, 1 / 12))  # f' = sum of c f(x + k h) / h
Steps = Mapping[str, float]
Covariates = Literal["sampled", "added", "fixed"]


@dataclass(frozen=True)
class Contrast:
    """Settings of questions for the same respondents, and how much of each expected answer is taken.

    Attributes
    ----------
    settings
        Answers that are set, each of shape (m,), with their coefficients, shape (m,).
    """

    term: str
    label: Text
    settings: tuple[tuple[Answers, Vector], ...]


@dataclass(frozen=True)
class Setting:
    """Whom effects are averaged over.

    Attributes
    ----------
    answers, weights
        Answers of the rows, with the values that were asked for, and their weights.
    covariates
        What errors count besides the coefficients: see `effects`.
    among
        1 for the rows that are averaged over under whatever weights, else 0, shape (m,).
    """

    answers: Answers
    weights: Vector
    covariates: Covariates
    words: Text
    among: Vector | float = 1.0

    @property
    def shares(self) -> Vector:
        """Share of each row in an average, shape (m,)."""
        return self.weights / self.weights.sum()

    def under(self, weights: Vector) -> "Setting":
        """Return the same rows under other weights of the respondents used."""
        return replace(self, weights=weights * self.among)


def setting_of(model: "AnyModel", at: "At", covariates: Covariates | None = None) -> Setting:
    """Answers and weights of the rows that are averaged over, and what errors count."""
    frame, counted = model.model_frame, _counted(model, covariates)
    if isinstance(at, str):
        one_of(at, ("sample", "means"), "at")
        if at == "means":
            words = both("for a typical respondent (means, most frequent levels; taken as fixed)",
                         "전형적 응답자(평균, 최빈 수준; 고정) 기준")  # fmt: skip
            return Setting(spread_over(typical(model), 1), np.ones(1), "fixed", words)
        words = both("averaged over the respondents used", "분석 응답자 평균")
        return _over_respondents(model, frame.answers, counted, words)
    fixed = {name: coded(model, name, value) for name, value in at.items()}
    several = [name for name, value in fixed.items() if len(value) != 1]
    if several:
        raise ChoiceError(f"`at`: {several[0]!r} has several values; give one, or use `predict()` for a grid.")
    m = len(frame.used.rows)
    answers = {**frame.answers, **spread_over({name: value[0] for name, value in fixed.items()}, m)}
    said = ", ".join(f"{name} = {value}" for name, value in at.items())
    words = both("averaged over the respondents used with {s}", "{s}로 둔 분석 응답자 평균", s=said)
    return _over_respondents(model, answers, counted, words)


def _over_respondents(model: "AnyModel", answers: Answers, counted: Covariates, words: Text) -> Setting:
    """Average over those used whose answers to all that moves what is expected are known."""
    frame = model.model_frame
    if not frame.unasked.keys() & (frame.answers.keys() if model.moving is None else model.moving):
        return Setting(answers, frame.used.row_weights, counted, words)
    weights = frame.weights_of(*(frame.answers if model.moving is None else model.moving))
    told = both("{e}, of those with all answers ({n:,})", "{k} (모두 응답한 {n:,}명)", e=words["en"], k=words["ko"],
                n=int((weights > 0).sum()))  # fmt: skip
    return Setting(answers, weights, counted, told, (weights > 0).astype(float))


def _counted(model: "AnyModel", covariates: Covariates | None) -> Covariates:
    """What errors count, by what was asked and the kind of the model's errors."""
    if covariates is None:
        return "sampled" if model.variance == "design" else "fixed"
    one_of(covariates, ("sampled", "added", "fixed"), "covariates")
    if covariates != "fixed" and model.variance != "design":
        raise ChoiceError(
            f'`covariates` is {covariates!r}, which needs the design: fit the model with variance="design".'
        )
    return covariates


def contrasts(
    model: "AnyModel", setting: Setting, name: str, step: float | None = None, fineness: float = STEP
) -> Iterator[Contrast]:
    """Settings of a question to compare: each level with the reference, 1 with 0, a step, or a very small one.

    Parameters
    ----------
    step
        Of a number: everybody with so much more against everybody as they are; None for the derivative.
    fineness
        Step of the derivative, in standard deviations.
    """
    basis, values = model.model_frame.basis, setting.answers[name]
    part, one = basis.category(name), np.ones(len(values))
    if part is not None and part.reference is not None:
        low = np.full(len(values), part.reference)
        for (term, label), position in zip(part.names(), part.shown):
            yield Contrast(term, label, (({name: np.full(len(values), position)}, one), ({name: low}, -one)))
        return
    label = basis.variables[name].label
    observed = model.model_frame.answers[name]
    if step is None and ((observed == 0) | (observed == 1)).all():
        against = _said_with(label, both("1 against 0", "1 대 0"))
        yield Contrast(name, against, (({name: one}, one), ({name: 0 * one}, -one)))
        return
    if step is not None:
        more = _said_with(label, both("{s:+.6g}", "{s:+.6g}", s=step))
        yield Contrast(name, more, (({name: values + step}, one), ({name: values}, -one)))
        return
    size = fineness * (np.abs(values) if basis.logged(name) else observed.std() * one)
    yield Contrast(name, label, tuple(({name: values + k * size}, share / size) for k, share in FOURTH_ORDER))


def _said_with(label: Text, more: Text) -> Text:
    return {lang: f"{say(label, lang)} ({say(more, lang)})" for lang in LANGUAGES}


def steps_of(model: "AnyModel", steps: Steps | None, setting: Setting) -> Steps:
    """Steps as asked, checked: each of a number of the model, finite, and not zero.

    Raises
    ------
    ColumnError, ChoiceError, DataError
        The question is not in the model, or has categories; the step is none, or leads to where no logarithm is.
    """
    basis = model.model_frame.basis
    for name in questions_of(model, steps, "steps") if steps else ():
        step = (steps or {})[name]
        if basis.category(name) is not None:
            raise ChoiceError(f"`steps`: {name!r} has answer categories, which are compared with their reference.")
        if isinstance(step, bool) or not isinstance(step, int | float | np.number) or not np.isfinite(step) or not step:
            raise ChoiceError(f"`steps`: {name!r} has the step {step!r}; give a number other than 0, such as 10.")
        refuse_beyond(basis, name, setting.answers[name] + step)
        lowest = float((setting.answers[name] + step).min())
        if basis.logged(name) and lowest <= 0:
            raise DataError(f"`steps`: {name!r} {step:+g} leads to {lowest:g}, of which no logarithm exists.")
    return steps or {}
