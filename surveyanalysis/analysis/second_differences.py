"""Interactions on the scale of probabilities: how much the effect of one question differs by another."""

from itertools import product
from typing import TYPE_CHECKING

from ..errors import ChoiceError
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates
from .averaging import averages
from .contrasts import WIDER, Contrast, Covariates, Setting, Steps, contrasts, setting_of, steps_of
from .counterfactual import questions_of
from .effects import effect_estimates, origin_with

if TYPE_CHECKING:
    from .margins import AnyModel
    from .model import At

READING = both(
    "second differences: how much the effect of the first question on the probability differs by the second; the "
    "coefficient of a product is on another scale and does not show this, not even its sign",
    "2차 차분: 첫 변수의 확률 효과가 둘째 변수에 따라 달라지는 정도; 상호작용항 계수는 척도가 달라 "
    "부호조차 이를 나타내지 않음",
)
NO_PRODUCT = both(
    "the formula holds no product of the two: the difference comes from the curve of the link alone",
    "모형에 두 변수의 상호작용항이 없어 차이는 연결함수의 곡률에서만 생김",
)


def interaction(
    model: "AnyModel",
    first: str,
    second: str,
    at: "At" = "sample",
    covariates: Covariates | None = None,
    steps: Steps | None = None,
) -> Estimates:
    """Second differences in probability: the effect of one question at a level of another minus that at its reference.

    Parameters
    ----------
    first, second
        Two questions of the model, whether or not it holds their product. Categories: each level against the
        reference; numbers that are only 0 and 1: 1 against 0; other numbers: the derivative, or a step.
    at, covariates, steps
        As for `effects`. {"age": 10} takes a difference of ten years in the place of the derivative by age.

    Returns
    -------
    Estimates
        Kind "effects"; `term` names both, "employer[university] x abroad[yes]"; rows by pair of levels, then by level
        of the outcome. Over the levels of an answer they sum to 0.

    Raises
    ------
    ColumnError
        A question is not in the model.
    ChoiceError
        Both are the same question.

    Notes
    -----
    Average over respondents of [p(1, 1) - p(0, 1)] - [p(1, 0) - p(0, 0)], its derivative for numbers, with errors as
    those of `effects`: Ai and Norton (2003), who show that the coefficient of a product is no such thing; Mize (2019).
    The first differences are ``effects([first], at={second: level})``. In linear models it is the coefficient of the
    product. Checked against R with ``numDeriv`` (h.sd.*).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35],
    ...                        "abroad": [0, 1, 1, 0, 0, 1, 0, 1]})
    >>> model = logit(people, "y ~ age + abroad")
    >>> interaction(model, "age", "abroad", steps={"age": 10}).frame[["term", "estimate"]].round(4).values.tolist()
    [['age x abroad', -0.0121]]
    """
    questions_of(model, (first, second), "first, second")
    if first == second:
        raise ChoiceError(f"Both questions are {first!r}: name two different ones. Powers act through `effects()`.")
    setting = setting_of(model, at, covariates)
    size = steps_of(model, steps, setting)
    found = crossed(model, setting, (first, second), size)
    estimate, covariance = averages(model, setting, found)
    held = any({first, second} <= set(column.questions) for column in model.model_frame.terms)
    linear = model.response.expected_scale == "value"
    notes = () if linear else (READING, *(() if held else (NO_PRODUCT,)))
    words = both("Interaction as second differences in {en}", "{ko}의 2차 차분(상호작용)", **model.response.expects)
    return effect_estimates(model, found, estimate, covariance, origin_with(model, words, setting, *notes))


def crossed(model: "AnyModel", setting: Setting, names: tuple[str, str], steps: Steps) -> list[Contrast]:
    """Differences of differences: every contrast of one question with every one of the other."""
    one, other = ([*contrasts(model, setting, name, steps.get(name), WIDER)] for name in names)
    return [_times(a, b) for a, b in product(one, other)]


def _times(one: Contrast, other: Contrast) -> Contrast:
    """Contrast of contrasts: settings of both at once, coefficients multiplied."""
    settings = tuple(
        ({**left, **right}, taken * share) for (left, taken), (right, share) in product(one.settings, other.settings)
    )
    label: Text = {lang: f"{say(one.label, lang)} × {say(other.label, lang)}" for lang in LANGUAGES}
    return Contrast(f"{one.term} x {other.term}", label, settings)
