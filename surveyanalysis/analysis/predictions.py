"""Predicted probabilities over a grid of answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import DataError
from ..intervals import proportion_interval
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, estimates_frame
from .counterfactual import grid_answers, typical
from .effects import outcome_labels
from .origins import interval_words
from .splines import beyond_notes

if TYPE_CHECKING:
    from .model import Model

MOST_ROWS = 5000


def predict(model: "Model", grid: "pd.DataFrame | Mapping[str, Any] | None" = None) -> Estimates:
    """Probability of the event, or of every level, at chosen answers.

    Parameters
    ----------
    grid
        A mapping such as {"age": [30, 40, 50], "employer": ["company", "university"]}, crossed; or a frame, row by row;
        or None for one typical respondent. Questions that are not named are typical: numbers at their mean, categories
        at the most frequent level (both by weight); the origin says so.

    Returns
    -------
    Estimates
        Kind "predictions": rows by row of the grid, then by level. Intervals on the log-odds of the probability, so
        that they lie between 0 and 1.

    Raises
    ------
    ColumnError, LevelError
        A question is not in the model, or nobody used chose the level.
    DataError
        The grid is larger than 5,000 rows, or a number has no value in the model.

    Notes
    -----
    Errors by the delta method from the covariance of the coefficients. Checked against R ``predict(svyglm)``
    (b.predict.logit.strat).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> predict(logit(people, "y ~ age"), {"age": [30, 50]}).frame["estimate"].round(3).tolist()
    [0.748, 0.236]
    """
    shown, answers = grid_answers(model, grid)
    if len(shown) > MOST_ROWS:
        raise DataError(f"The grid has {len(shown):,} rows; {MOST_ROWS:,} is the most. Choose fewer values.")
    frame, response, levels = model.model_frame, model.response, model.outcome.levels
    x = frame.basis.matrix(answers) if answers else np.ones((len(shown), 1))
    estimate = response.expected(model.params, x).ravel()
    jacobian = response.jacobian(model.params, x).reshape(len(estimate), -1)
    covariance = jacobian @ model.params_covariance @ jacobian.T
    se, n = np.sqrt(np.maximum(np.diag(covariance), 0)), np.full(len(estimate), float(len(frame.used.rows)))
    low, high = proportion_interval(estimate, se, n, model.df, "logit", model.confidence)
    by = tuple(map(str, shown.columns))
    columns = {
        "outcome": model.outcome.name,
        "level": list(levels) * len(shown),
        **{name: shown[name].repeat(len(levels)).tolist() for name in by},
        "estimate": estimate, "se": se, "df": model.df, "ci_low": low, "ci_high": high, "n": len(frame.used.rows),
    }  # fmt: skip
    labels = model.estimates.labels
    what = both("Predicted probabilities", "예측 확률")
    origin = replace(model.origin, what=what, interval=interval_words("logit", model.confidence))
    return Estimates(
        estimates_frame(columns, by=by),
        covariance,
        "predictions",
        "probability",
        by,
        Labels(labels.columns, outcome_labels(model)),
        origin.with_notes(*_held(model, by), *beyond_notes(frame.basis, answers)),
    )


def _held(model: "Model", given: tuple[str, ...]) -> tuple[Text, ...]:
    """Note on the questions that are held at typical values."""
    values, variables = typical(model), model.model_frame.basis.variables
    held = [name for name in values if name not in given]
    if not held:
        return ()

    def shown(name: str, lang: str) -> str:
        category = model.model_frame.basis.category(name) is not None
        return say(variables[name].level_label(values[name]), lang) if category else f"{values[name]:.4g}"

    listed = {lang: ", ".join(f"{name} = {shown(name, lang)}" for name in held) for lang in LANGUAGES}
    return ({"en": f"Held at typical values: {listed['en']}", "ko": f"전형적 값으로 고정: {listed['ko']}"},)
