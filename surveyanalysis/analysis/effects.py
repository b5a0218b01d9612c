"""Average marginal effects: what a covariate does to probabilities, with errors that count the averaging too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import ChoiceError, ColumnError, one_of
from ..estimators.fit import Matrix, Vector
from ..language import Text, both, say
from ..results import Estimates, Labels, Origin, estimates_frame
from .coefficients import inferred
from .contrasts import Contrast, Setting, contrasts, setting_of
from .splines import beyond_notes

if TYPE_CHECKING:
    from .model import At, Model


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
    logarithms, interactions), by differences of fourth order. Numbers that are only 0 and 1: the difference between
    them.
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
    setting = setting_of(model, at)
    sampled = _sampled(model, setting, covariates)
    found = [c for name in _questions(model, terms) for c in contrasts(model, setting, name)]
    if not found:
        raise ChoiceError("The model has no covariates, so there are no effects. Use `predict()`.")
    parts = [_average(model, setting, contrast) for contrast in found]
    jacobian = np.vstack([j for _, j, _ in parts])
    estimate = np.concatenate([a for a, _, _ in parts])
    if sampled:
        used = model.model_frame.used
        covariance = used.covaried(
            estimate,
            lambda weights: _under(model, setting, found, weights),
            lambda: used.covariance(model.fit.scores @ jacobian.T + np.hstack([s for _, _, s in parts])),
        ).matrix
    else:
        covariance = jacobian @ model.params_covariance @ jacobian.T
    return _estimates(model, found, estimate, covariance, _origin(model, setting, sampled))


def _under(model: "Model", setting: Setting, found: Sequence[Contrast], weights: Vector) -> Vector:
    """Effects of the model fitted under other weights, averaged by them."""
    again, by = replace(model, fit=model.refit(weights)), replace(setting, weights=weights)
    return np.concatenate([_average(again, by, contrast)[0] for contrast in found])


def _questions(model: "Model", terms: Sequence[str] | None) -> Sequence[str]:
    known = model.model_frame.formula.questions
    listed = known if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for name in listed:
        if name not in known:
            listed_words = ", ".join(map(repr, known))
            raise ColumnError(f"`terms` holds {name!r}, which is not in the model. It has: {listed_words}.")
    return listed


def _sampled(model: "Model", setting: Setting, covariates: str | None) -> bool:
    if covariates is not None:
        one_of(covariates, ("sampled", "fixed"), "covariates")
    if covariates == "sampled" and model.variance != "design":
        raise ChoiceError('`covariates` is "sampled", which needs the design: fit the model with variance="design".')
    return setting.sampled and model.variance == "design" and covariates != "fixed"


def _average(model: "Model", setting: Setting, contrast: Contrast) -> tuple[Vector, Matrix, Matrix]:
    """Effect on each level (L,), its derivative by the parameters (L, p), and its direct contributions (m, L)."""
    basis, response = model.model_frame.basis, model.response
    share = setting.weights / setting.weights.sum()
    each, jacobian = np.zeros(()), np.zeros(())
    for values, taken in contrast.settings:
        x = basis.matrix({**setting.answers, contrast.question: values})
        each = each + taken[:, None] * response.expected(model.params, x)
        jacobian = jacobian + response.summed_jacobian(model.params, x, share * taken)
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
    beyond = beyond_notes(model.model_frame.basis, setting.answers)
    return replace(model.origin, what=what).with_notes(counted if sampled else held, *beyond)
