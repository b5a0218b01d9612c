"""The same respondents under other designs: without weights, as a simple random sample; and a model under each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..comparisons import ModelComparison
from ..design.design import Design, replace_parts
from ..errors import ChoiceError, DesignError, one_of
from ..language import LANGUAGES, Text, both, say
from .compared_models import compare_models
from .fitted_model import FittedModel

DRAWN: dict[str, Any] = dict.fromkeys(("strata", "clusters", "population", "nested", "inclusion", "pps", "replicates"))
NAMES: dict[tuple[bool, bool], Text] = {
    (True, False): both("weighted, as designed", "가중, 표본설계 반영"),
    (True, True): both("weighted, simple random", "가중, 단순임의"),
    (False, False): both("unweighted, as designed", "비가중, 표본설계 반영"),
    (False, True): both("unweighted, simple random", "비가중, 단순임의"),
}
"""(weighted, taken as a simple random sample) -> name of the model."""


def without_weights(design: Design) -> Design:
    """The design with every weight 1; those of weight zero stay absent, and adjustments of the weights are gone.

    Raises
    ------
    DesignError
        The errors rest on replicate weights, which have no unweighted counterpart.
    """
    if design.replicates is not None:
        raise DesignError(
            "Replicate weights do not tell which respondents were drawn together: without weights only a simple random "
            'sample is left. Leave the weights on, or ask for designs=("simple",).'
        )
    ones = np.where(design.weights != 0, 1.0, 0.0)
    return replace_parts(design, weights=ones, steps=(), asked={**design.asked, "weights": None})


def as_simple(design: Design) -> Design:
    """The design as if everybody had been drawn alone from an endless population; weights stay."""
    sample = Design(design.survey).sample
    return replace_parts(design, sample=sample, steps=(), replicates=None, asked={**design.asked, **DRAWN})


def design_variant(design: Design, weighted: bool, simple: bool) -> Design:
    """The design with or without its weights, as drawn or as a simple random sample."""
    drawn = as_simple(design) if simple else design
    return drawn if weighted else without_weights(drawn)


def differs_without(design: Design) -> tuple[bool, bool]:
    """Whether weights, and whether the way of drawing, make any difference."""
    drawn = not design.sample.plain or design.replicates is not None or bool(design.steps)
    return design.weighted, drawn


def sensitivity_to_design(model: FittedModel, *, lang: str = "en", **shown: Any) -> ModelComparison:
    """Put a model beside itself without weights, and as if everybody had been drawn alone.

    Parameters
    ----------
    model
        Of `logit`, `ordered`, `linear` or the like, with design-based errors.
    lang
        Language of the models' names: "en" or "ko".
    **shown
        As of `compare_models`: `scale`, `shown`, `stars`, `fit`.

    Returns
    -------
    ModelComparison
        The model as fitted first, then the variants that differ from it: "weighted, simple random", "unweighted, as
        designed", "unweighted, simple random".

    Raises
    ------
    ChoiceError
        The errors rest on the model, not on the design; or nothing can differ, since the design is a simple random
        sample with equal weights.
    ConvergenceError
        A variant has no solution.

    Notes
    -----
    Each variant is the call on the other design: weights move the estimates, clusters and strata their errors. Where
    weighted and unweighted estimates differ by more than their errors, the model leaves something out that the weights
    rest on (DuMouchel and Duncan 1983).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> staff = pd.DataFrame({"pay": [3.0, 4.0, 6.0, 7.0, 9.0], "years": [1, 2, 3, 5, 6], "w": [1, 1, 2, 2, 4]})
    >>> found = sensitivity_to_design(linear(Design(staff, weights="w"), "pay ~ years"))
    >>> found.frame[["model", "estimate"]].round(3).iloc[1::2].values.tolist()
    [['weighted, as designed', 1.131], ['unweighted, as designed', 1.128]]
    """
    one_of(lang, LANGUAGES, "lang")
    if model.variance != "design":
        raise ChoiceError(
            f'`model` has errors of kind {model.variance!r}, which know no design. Fit it with variance="design".'
        )
    found = {say(NAMES[kind], lang): _under(model, *kind) for kind in _kinds(model.model_frame.design)}
    return compare_models(found, **shown)


def _kinds(design: Design) -> Mapping[tuple[bool, bool], Text]:
    """The variants that differ, the design itself first."""
    weights, drawn = differs_without(design)
    if not (weights or drawn):
        raise ChoiceError(
            "The design is a simple random sample with equal weights: there is no other way to weigh or draw it. Give "
            "`Design(...)` weights, strata or clusters."
        )
    alone = design.replicates is not None
    return {
        (weighted, simple): name
        for (weighted, simple), name in NAMES.items()
        if (weighted or weights) and (drawn or not simple) and not (alone and not weighted and not simple)
    }


def _under(model: FittedModel, weighted: bool, simple: bool) -> FittedModel:
    """The model on the other design: rows and columns stay as they are."""
    if weighted and not simple:
        return model
    frame, changed = model.model_frame, (weighted, simple)
    other = replace(frame, design=design_variant(frame.design, *changed), used=design_variant(frame.used, *changed))
    again: Any = model
    return replace(again, model_frame=other, fit=model.refit(other.used.row_weights))
