"""Average marginal effects: what a covariate does to probabilities, with errors that count the averaging too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..language import Text, both, say
from ..results import Estimates, Labels, Origin, estimates_frame
from .averaging import COUNTED, averages, outcome_keys, outcome_labels
from .coefficients import inferred, interval_text
from .contrasts import Contrast, Covariates, Setting, Steps, contrasts, setting_of, steps_of
from .counterfactual import questions_of
from .splines import beyond_notes

if TYPE_CHECKING:
    from .margins import AnyModel
    from .model import At


def effects(
    model: "AnyModel",
    terms: Sequence[str] | None = None,
    at: "At" = "sample",
    covariates: Covariates | None = None,
    steps: Steps | None = None,
) -> Estimates:
    """Average marginal effects on the probability of the event, or of every level; of linear models on the mean.

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
        "sampled": errors count that the respondents averaged over are a sample, as Stata's ``vce(unconditional)``.
        "added": likewise, the two parts added as if they were uncorrelated, as R survey ``svypredmeans``. "fixed":
        coefficients alone are uncertain, as Stata's ``margins`` by default. None: sampled for design-based models,
        fixed for model-based ones.
    steps
        Numbers whose effect is a difference, not a derivative: {"age": 10} compares everybody ten years older with
        everybody as they are.

    Returns
    -------
    Estimates
        Kind "effects"; rows by question, level of the question, level of the outcome. Effects on the levels of an
        answer sum to 0.

    Raises
    ------
    ColumnError, ChoiceError, DataError
        The question is not in the model, a step is none, or sampled covariates are asked of a model-based covariance.

    Notes
    -----
    Numbers: derivative of the probability by the question itself, wherever it stands in the formula (powers,
    logarithms, interactions), by differences of fourth order. Numbers that are only 0 and 1: the difference between
    them.
    Categories: the difference from the reference. With d_i the effect at row i, A = sum w d / sum w has contributions
    w_i (d_i - A) / sum w + scores_i (dA/d params)'; the first part is left out where covariates are fixed. The parts
    are uncorrelated where the model is true and everybody is drawn alone, not in general.
    Checked against b.ame.* (R, delta method with design-based covariance, covariates fixed), c.binary.* and c.ord.*,
    h.* (other kinds of models).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> effects(logit(people, "y ~ age")).frame["estimate"].round(4).tolist()
    [-0.0248]
    >>> effects(logit(people, "y ~ age"), steps={"age": 10}).frame["estimate"].round(4).tolist()
    [-0.2316]
    """
    setting = setting_of(model, at, covariates)
    size = steps_of(model, steps, setting)
    found = [c for name in questions_of(model, terms) for c in contrasts(model, setting, name, size.get(name))]
    estimate, covariance = averages(model, setting, found)
    words = both("Marginal effects on {en}", "{ko}에 대한 한계효과", **model.response.expects)
    return effect_estimates(model, found, estimate, covariance, origin_with(model, words, setting))


def effect_estimates(
    model: "AnyModel", found: Sequence[Contrast], estimate: Vector, covariance: Matrix, origin: Origin
) -> Estimates:
    """Rows by contrast, then by level of the outcome, with tests of zero."""
    columns = {
        **outcome_keys(model, len(found)),
        "term": [c.term for c in found for _ in range(model.response.shown)],
        **inferred(estimate, np.sqrt(np.diag(covariance)), model.df, model.confidence),
        "n": len(model.outcome.y),
    }
    source = model.estimates.labels
    return Estimates(
        estimates_frame(columns),
        covariance,
        "effects",
        "effect" if model.response.expected_scale == "probability" else model.response.expected_scale,
        labels=Labels({**source.columns, **{c.term: c.label for c in found}}, outcome_labels(model)),
        origin=origin,
    )


def origin_with(model: "AnyModel", what: Text, setting: Setting, *notes: Text) -> Origin:
    """The model's origin, with what is averaged, over whom, and whether errors count that."""
    where = setting.words
    said = {"en": f"{say(what)}, {say(where)}", "ko": f"{say(what, 'ko')}, {say(where, 'ko')}"}
    interval = interval_text(model.df, model.confidence)
    beyond = beyond_notes(model.model_frame.basis, setting.answers)
    counted = (COUNTED[setting.covariates], *model.expected_notes)
    return replace(model.origin, what=said, interval=interval).with_notes(*counted, *notes, *beyond)
