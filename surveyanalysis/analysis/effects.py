"""Average marginal effects: what a covariate does to probabilities, with errors that count the averaging too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import ChoiceError, one_of, unknown_column
from ..estimators.fit import Matrix, Vector
from ..language import Text, both, say
from ..results import Estimates, Labels, Origin, estimates_frame
from .coefficients import inferred
from .counterfactual import coded, spread_over, typical
from .terms import Answers

if TYPE_CHECKING:
    from .model import At, Model

STEP = 3e-5  # of a standard deviation: balances rounding against curvature in central differences


@dataclass(frozen=True)
class Contrast:
    """Two settings of one question for the same respondents, and the distance between them.

    Attributes
    ----------
    high, low
        Values of the question, shape (m,).
    width
        What the difference in probability is divided by, shape (m,).
    """

    term: str
    label: Text
    question: str
    high: Any
    low: Any
    width: Vector


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


def effects(
    model: "Model",
    terms: Sequence[str] | None = None,
    at: "At" = "sample",
    covariates: Literal["sampled", "fixed"] | None = None,
) -> Estimates:
    """Average marginal effects on the probability of the event, or of every level.

    Parameters
    ----------
    terms
        Questions; None for all of the model. Interactions and powers have no effect of their own: they act through
        their questions.
    at
        "sample": averaged, by weight, over the respondents used. "means": for one typical respondent (numbers at their
        mean, categories at the most frequent level). A mapping such as {"age": 40}: averaged over the respondents, each
        with this answer.
    covariates
        "sampled": errors count that the respondents averaged over are a sample, as R survey ``svypredmeans``. "fixed":
        coefficients alone are uncertain, as Stata's ``margins`` by default. None: sampled for design-based models,
        fixed for model-based ones.

    Returns
    -------
    Estimates
        Kind "effects"; rows by question, level of the question, level of the outcome. Effects of an ordered model sum
        to 0 over its levels.

    Raises
    ------
    ColumnError, ChoiceError
        The question is not in the model, or sampled covariates are asked of a model-based covariance.

    Notes
    -----
    Numbers: derivative of the probability by the question itself, wherever it stands in the formula (powers,
    logarithms, interactions), by central differences. Numbers that are only 0 and 1: the difference between them.
    Categories: the difference from the reference. With d_i the effect at row i, A = sum w d / sum w has contributions
    w_i (d_i - A) / sum w + scores_i (dA/d params)'; the first part is left out where covariates are fixed.
    Checked against b.ame.* (R, delta method with design-based covariance, covariates fixed) and c.binary.*, c.ord.*.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> effects(logit(people, "y ~ age")).frame["estimate"].round(4).tolist()
    [-0.0248]
    """
    setting = _setting(model, at)
    sampled = _sampled(model, setting, covariates)
    found = [c for name in _questions(model, terms) for c in _contrasts(model, setting, name)]
    if not found:
        raise ChoiceError("The model has no covariates, so there are no effects. Use `predict()`.")
    parts = [_average(model, setting, contrast) for contrast in found]
    jacobian = np.vstack([j for _, j, _ in parts])
    estimate = np.concatenate([a for a, _, _ in parts])
    if sampled:
        covariance = model.model_frame.used.covariance(
            model.fit.scores @ jacobian.T + np.hstack([s for _, _, s in parts])
        )
    else:
        covariance = jacobian @ model.covariance @ jacobian.T
    return _estimates(model, found, estimate, covariance, _origin(model, setting, sampled))


def _questions(model: "Model", terms: Sequence[str] | None) -> Sequence[str]:
    known = model.model_frame.formula.questions
    listed = known if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for name in listed:
        if name not in known:
            raise unknown_column(name, known, "terms")
    return listed


def _setting(model: "Model", at: "At") -> Setting:
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


def _sampled(model: "Model", setting: Setting, covariates: str | None) -> bool:
    if covariates is not None:
        one_of(covariates, ("sampled", "fixed"), "covariates")
    if covariates == "sampled" and model.variance == "model":
        raise ChoiceError('`covariates` is "sampled", which needs the design: fit the model with variance="design".')
    return setting.sampled and model.variance == "design" and covariates != "fixed"


def _contrasts(model: "Model", setting: Setting, name: str) -> Iterator[Contrast]:
    """Settings of a question to compare: each level with the reference, 1 with 0, or a small step."""
    basis, values = model.model_frame.basis, setting.answers[name]
    part, one = basis.category(name), np.ones(len(values))
    if part is not None and part.reference is not None:
        low = np.full(len(values), part.reference)
        for (term, label), position in zip(part.names(), part.shown):
            yield Contrast(term, label, name, np.full(len(values), position), low, one)
        return
    label = basis.variables[name].label
    observed = model.model_frame.answers[name]
    if ((observed == 0) | (observed == 1)).all():
        against = {lang: f"{say(label, lang)} ({words})" for lang, words in both("1 against 0", "1 대 0").items()}
        yield Contrast(name, against, name, one, 0 * one, one)
        return
    step = STEP * (np.abs(values) if basis.logged(name) else observed.std() * one)
    high, low = values + step, values - step
    yield Contrast(name, label, name, high, low, high - low)


def _average(model: "Model", setting: Setting, contrast: Contrast) -> tuple[Vector, Matrix, Matrix]:
    """Effect on each level (L,), its derivative by the parameters (L, p), and its direct contributions (m, L)."""
    basis, response = model.model_frame.basis, model.response
    share = setting.weights / setting.weights.sum()
    each, jacobian = np.zeros(()), np.zeros(())
    for values, sign in ((contrast.high, 1.0), (contrast.low, -1.0)):
        x = basis.matrix({**setting.answers, contrast.question: values})
        each = each + (sign / contrast.width)[:, None] * response.probabilities(model.params, x)
        jacobian = jacobian + response.summed_jacobian(model.params, x, sign * share / contrast.width)
    average = share @ each
    return average, jacobian, share[:, None] * (each - average)


def _estimates(
    model: "Model", found: Sequence[Contrast], estimate: Vector, covariance: Matrix, origin: Origin
) -> Estimates:
    """Rows by contrast, then by level of the outcome."""
    levels = model.outcome.levels
    columns = {
        "outcome": model.outcome.name,
        "level": list(levels) * len(found),
        "term": [c.term for c in found for _ in levels],
        **inferred(estimate, np.sqrt(np.diag(covariance)), model.df, model.confidence),
        "n": len(model.outcome.y),
    }
    source = model.estimates.labels
    return Estimates(
        estimates_frame(columns),
        covariance,
        "effects",
        "effect",
        labels=Labels({**source.columns, **{c.term: c.label for c in found}}, outcome_labels(model)),
        origin=origin,
    )


def outcome_labels(model: "Model") -> dict[tuple[str, Any], Text]:
    """Labels of levels, those of the outcome as the model reads them."""
    name = model.outcome.name
    own = {(name, level): label for level, label in zip(model.outcome.levels, model.outcome.labels)}
    return {**model.estimates.labels.levels, **own}


def _origin(model: "Model", setting: Setting, sampled: bool) -> Origin:
    """The model's origin, with what the effects are."""
    where = setting.words
    what = {
        "en": f"Marginal effects on probabilities, {say(where)}",
        "ko": f"확률에 대한 한계효과, {say(where, 'ko')}",
    }
    counted = both("errors count the averaging over the sample", "표준오차에 표본 평균의 불확실성 포함")
    held = both("errors take the covariates as fixed", "표준오차는 공변량을 고정으로 간주")
    return replace(model.origin, what=what).with_notes(counted if sampled else held)
