"""Predicted probabilities over a grid of answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, one_of
from ..estimators.fit import Matrix, Vector
from ..intervals import Ends, proportion_interval, t_interval
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, Scale, estimates_frame
from .averaging import outcome_keys, outcome_labels
from .coefficients import interval_text
from .counterfactual import coded_rows, grid_rows, spread_over, typical
from .origins import interval_words
from .responses import ExpectedInterval
from .splines import beyond_notes

if TYPE_CHECKING:
    from .margins import AnyModel

PredictionScale = Literal["probability", "link"]
LINK = both("Linear predictor", "선형예측값")
LOG = both("intervals on the logarithm", "신뢰구간은 로그 척도")


def predict(
    model: "AnyModel",
    grid: "pd.DataFrame | Mapping[str, Any] | None" = None,
    scale: PredictionScale = "probability",
) -> Estimates:
    """Probability of the event, or of every level, at chosen answers; of linear models the mean.

    Parameters
    ----------
    grid
        A mapping such as {"age": [30, 40, 50], "employer": ["company", "university"]}, crossed; or a frame, row by row;
        or None for one typical respondent. Questions that are not named are typical: numbers at their mean, categories
        at the most frequent level (both by weight); the origin says so.
    scale
        "probability"; or "link", the linear predictor x b of models that have one: log-odds of a logit. Of ordered
        models it is the place of the latent answer, without thresholds.

    Returns
    -------
    Estimates
        Kind "predictions": rows by row of the grid, then by level. Intervals of probabilities on their log-odds, so
        that they lie between 0 and 1.

    Raises
    ------
    ColumnError, LevelError
        A question is not in the model, or nobody used chose the level.
    ChoiceError
        The model has several linear predictors.
    DataError
        The grid is larger than 5,000 rows, or a number has no value in the model.

    Notes
    -----
    Errors by the delta method from the covariance of the coefficients. Checked against R ``predict(svyglm)``
    (b.predict.logit.strat), both scales.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> predict(logit(people, "y ~ age"), {"age": [30, 50]}).frame["estimate"].round(3).tolist()
    [0.748, 0.236]
    >>> predict(logit(people, "y ~ age"), {"age": [30, 50]}, scale="link").frame["estimate"].round(3).tolist()
    [1.091, -1.176]
    """
    one_of(scale, ("probability", "link"), "scale")
    shown = grid_rows(grid)
    answers = {**spread_over(typical(model), len(shown)), **coded_rows(model, shown)}
    x = model.model_frame.basis.matrix(answers) if answers else np.ones((len(shown), 1))
    found, slope = _predictor(model, x) if scale == "link" else _expected(model, x)
    estimate, jacobian = found.ravel(), slope.reshape(found.size, -1)
    covariance = jacobian @ model.params_covariance @ jacobian.T
    held = (*_held(model, tuple(map(str, shown.columns))), *beyond_notes(model.model_frame.basis, answers))
    if scale == "link":
        return predicted(model, shown, estimate, covariance, LINK, *held, scale=model.response.scale, on="t")
    what = both("Predicted {en}", "예측 {ko}", **model.response.expects)
    scaled, on = model.response.expected_scale, model.response.expected_interval
    return predicted(model, shown, estimate, covariance, what, *held, scale=scaled, on=on)


def _expected(model: "AnyModel", x: Matrix) -> tuple[Matrix, NDArray[np.float64]]:
    """Expected answers at rows of a model matrix, with their derivatives."""
    return model.response.expected(model.params, x), model.response.jacobian(model.params, x)


def _predictor(model: "AnyModel", x: Matrix) -> tuple[Vector, NDArray[np.float64]]:
    """Linear predictor at rows of a model matrix, with its derivative."""
    found = model.response.predictor(model.params, x)
    if found is None:
        raise ChoiceError(
            f'`scale` is "link", but this kind of model ({say(model.response.words)}) has no single linear predictor. '
            "Leave `scale` out."
        )
    return found


def predicted(
    model: "AnyModel", shown: pd.DataFrame, estimate: Vector, covariance: Matrix, what: Text, *notes: Text,
    scale: Scale, on: ExpectedInterval,
) -> Estimates:  # fmt: skip
    """Predictions as estimates: by row of the grid, then by level of the outcome; intervals on the scale `on`."""
    n, by = len(model.model_frame.used.rows), tuple(map(str, shown.columns))
    se = np.sqrt(np.maximum(np.diag(covariance), 0))
    low, high = _ends(estimate, se, n, model.df, on, model.confidence)
    each = len(estimate) // len(shown)
    keys = outcome_keys(model, len(shown))
    columns = {
        **(keys if each == model.response.shown else {"outcome": model.outcome.name}),
        **{name: shown[name].repeat(each).tolist() for name in by},
        "estimate": estimate, "se": se, "df": model.df, "ci_low": low, "ci_high": high, "n": n,
    }  # fmt: skip
    words = interval_words("logit", model.confidence) if on == "logit" else interval_text(model.df, model.confidence)
    more = (*model.expected_notes, *((LOG,) if on == "log" else ()))
    origin = replace(model.origin, what=what, interval=words).with_notes(*notes, *more)
    labels = Labels(model.estimates.labels.columns, {**_as_typed(shown), **outcome_labels(model)})
    return Estimates(estimates_frame(columns, by=by), covariance, "predictions", scale, by, labels, origin)


def _ends(estimate: Vector, se: Vector, n: int, df: float, on: ExpectedInterval, confidence: float) -> Ends:
    """Interval ends: symmetric on the log-odds of probabilities, on the logarithm of counts, else around the number."""
    if on == "logit":
        return proportion_interval(estimate, se, np.full(len(estimate), float(n)), df, "logit", confidence)
    if on == "log":
        low, high = t_interval(np.log(estimate), se / estimate, df, confidence)
        return np.exp(low), np.exp(high)
    return t_interval(estimate, se, df, confidence)


def _as_typed(shown: pd.DataFrame) -> dict[tuple[str, Any], Text]:
    """Labels of what was typed; true and false are read as yes and no."""
    cells = {(str(name), value): {"": str(value)} for name in shown.columns for value in pd.unique(shown[name])}
    return {key: words for key, words in cells.items() if not isinstance(key[1], bool | np.bool_)}


def _held(model: "AnyModel", given: tuple[str, ...]) -> tuple[Text, ...]:
    """Note on the questions that are held at typical values."""
    values, variables = typical(model), model.model_frame.basis.variables
    moving = values if model.moving is None else model.moving
    held = [name for name in values if name not in given and name in moving]
    if not held:
        return ()

    def shown(name: str, lang: str) -> str:
        category = model.model_frame.basis.category(name) is not None
        return say(variables[name].level_label(values[name]), lang) if category else f"{values[name]:.4g}"

    listed = {lang: ", ".join(f"{name} = {shown(name, lang)}" for name in held) for lang in LANGUAGES}
    return ({"en": f"Held at typical values: {listed['en']}", "ko": f"전형적 값으로 고정: {listed['ko']}"},)
