"""Adjusted risk ratios: how many times as probable an answer is, at one level against another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ChoiceError, DataError
from ..estimators.fit import Matrix, Vector
from ..intervals import t_interval, t_p_value
from ..language import both, say
from ..results import Estimates, Labels, estimates_frame
from .averaging import averages, outcome_keys, outcome_labels
from .contrasts import Contrast, Covariates, Setting, Steps, contrasts, setting_of, steps_of
from .counterfactual import questions_of
from .effects import origin_with

if TYPE_CHECKING:
    from .margins import AnyModel
    from .model import At

LOGARITHM = both(
    "ratios of averaged probabilities; intervals and p-values on the logarithm, standard errors by the delta method",
    "평균 확률의 비; 신뢰구간과 p값은 로그 척도, 표준오차는 델타법",
)


def risk_ratios(
    model: "AnyModel",
    terms: Sequence[str] | None = None,
    at: "At" = "sample",
    covariates: Covariates | None = None,
    steps: Steps | None = None,
) -> Estimates:
    """Ratios of average predicted probabilities: each level against the reference, a number with one more.

    Parameters
    ----------
    terms, at, covariates
        As for `effects`.
    steps
        How much more of a number: {"age": 10}; 1 where it is not named.

    Returns
    -------
    Estimates
        Kind "effects" in the scale "risk_ratio"; rows as those of `effects`. statistic and p are of log ratio = 0.

    Raises
    ------
    ColumnError, ChoiceError
        As for `effects`; the model is of a number.
    DataError
        A probability is not above zero, so that it has no ratio.

    Notes
    -----
    A_1 / A_0 with A the marginal means of `marginal_means` (standardised over the respondents), var log ratio =
    g V g' with g = (1 / A_1, -1 / A_0): Localio, Margolis and Berlin (2007); Flanders and Rhodes (1987). Of a number
    everybody with so much more against everybody as they are. An odds ratio is further from 1 than the risk ratio
    wherever the event is not rare. Checked against R survey ``svypredmeans`` with ``svycontrast`` (h.rr.*).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> risk_ratios(logit(people, "y ~ age"), steps={"age": -10}).frame["estimate"].round(3).tolist()
    [1.463]
    """
    if model.response.expected_scale != "probability":
        raise ChoiceError(
            f"Risk ratios compare probabilities, and this model is of a number ({say(model.response.words)}). Compute "
            'ratios of its `marginal_means()` with `sa.contrast(means, {"ratio": "a / b"})`.'
        )
    setting = setting_of(model, at, covariates)
    asked = questions_of(model, terms)
    size = steps_of(model, {**{name: 1 for name in asked if _counts(model, name)}, **(steps or {})}, setting)
    found = [c for name in asked for c in contrasts(model, setting, name, size.get(name))]
    sides = [Contrast("", {}, ((answers, np.abs(taken)),)) for c in found for answers, taken in c.settings]
    average, covariance = averages(model, setting, sides)
    _refuse_nothing(model, found, average)
    log, jacobian = _log_ratios(average, model.response.shown)
    return _estimates(model, found, log, jacobian @ covariance @ jacobian.T, setting)


def _counts(model: "AnyModel", name: str) -> bool:
    """Whether a question is a number with other values than 0 and 1."""
    values = model.model_frame.answers[name]
    return model.model_frame.basis.category(name) is None and not ((values == 0) | (values == 1)).all()


def _log_ratios(average: Vector, levels: int) -> tuple[Vector, Matrix]:
    """Log ratios by contrast and level, and their derivative by the averages, which stand by contrast, side, level."""
    place = np.arange(len(average)).reshape(-1, 2, levels)
    high, low = place[:, 0].ravel(), place[:, 1].ravel()
    row = np.arange(len(high))
    jacobian = np.zeros((len(high), len(average)))
    jacobian[row, high], jacobian[row, low] = 1 / average[high], -1 / average[low]
    return np.log(average[high] / average[low]), jacobian


def _refuse_nothing(model: "AnyModel", found: Sequence[Contrast], average: Vector) -> None:
    """Raise where a probability is not above zero."""
    wrong = np.argwhere(~(average.reshape(len(found), -1, model.response.shown) > 0))
    if len(wrong):
        contrast, _, level = wrong[0]
        raise DataError(
            f"The average probability of {model.outcome.levels[level]!r} is not above zero on one side of "
            f"{found[contrast].term!r}, so that it has no ratio. Use `effects()`."
        )


def _estimates(
    model: "AnyModel", found: Sequence[Contrast], log: Vector, covariance: Matrix, setting: Setting
) -> Estimates:
    """Ratios with intervals carried back from the logarithm."""
    error, ratio = np.sqrt(np.diag(covariance)), np.exp(log)
    low, high = t_interval(log, error, model.df, model.confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = log / error
    columns = {
        **outcome_keys(model, len(found)),
        "term": [c.term for c in found for _ in range(model.response.shown)],
        "estimate": ratio, "se": error * ratio, "statistic": statistic, "df": float(model.df),
        "p": t_p_value(statistic, model.df), "ci_low": np.exp(low), "ci_high": np.exp(high),
        "n": len(model.outcome.y),
    }  # fmt: skip
    labels = Labels({**model.estimates.labels.columns, **{c.term: c.label for c in found}}, outcome_labels(model))
    origin = origin_with(model, both("Risk ratios", "위험비"), setting, LOGARITHM)
    scaled = covariance * np.outer(ratio, ratio)
    return Estimates(estimates_frame(columns), scaled, "effects", "risk_ratio", labels=labels, origin=origin)
