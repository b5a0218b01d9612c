"""A linear regression as journals of management print it: B, standard error, beta, t, p, tolerance, VIF."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Matrix, Vector
from ..language import both
from .diagnostic import Diagnostic
from .wald import SINGULAR

if TYPE_CHECKING:
    from .linear import LinearModel

WHAT = both("Linear regression: B, beta and collinearity", "선형회귀: B, β, 공선성")
BETA = both(
    "standardised β: B times the standard deviation of the column over that of the outcome (by weight)",
    "표준화 계수 β: B × 변수의 표준편차 ÷ 종속변수의 표준편차(가중)",
)
DURBIN = both("Durbin-Watson in the order of the rows", "더빈-왓슨은 자료의 행 순서 기준")


def regression_table(model: "LinearModel") -> Diagnostic:
    """Coefficients beside standardised ones and collinearity; see `LinearModel.regression_table`."""
    frame, weights = model.model_frame, model.model_frame.used.row_weights
    if frame.x.shape[1] < 2:
        raise ChoiceError("The model has no terms besides the intercept: there is nothing to standardise.")
    source = model.frame
    spreads = _spreads(frame.x[:, 1:], weights)
    beta = source["estimate"].to_numpy()[1:] * spreads / _spreads(model.y[:, None], weights)
    tolerance = _tolerance(frame.x[:, 1:], weights)
    blank = [np.nan]
    found = pd.DataFrame(
        {
            "term": source["term"],
            "estimate": source["estimate"],
            "se": source["se"],
            "beta": [*blank, *beta],
            "statistic": source["statistic"],
            "df": source["df"],
            "p": source["p"],
            "tolerance": [*blank, *tolerance],
            "vif": [*blank, *(1 / tolerance)],
        }
    )
    origin = replace(model.origin, what=WHAT).with_notes(BETA, DURBIN)
    return Diagnostic(found, "regression_table", model.estimates.labels, origin, extra=_whole(model))


def _spreads(columns: Matrix, weights: Vector) -> Vector:
    """Weighted standard deviations, shape (k,)."""
    share = weights / weights.sum()
    away = columns - share @ columns
    return np.sqrt(share @ away**2)


def _tolerance(columns: Matrix, weights: Vector) -> Vector:
    """1 - R2 of each column on the others, shape (k,); NaN where columns all but determine one another."""
    share = weights / weights.sum()
    away = columns - share @ columns
    gram = (share[:, None] * away).T @ away
    scale = np.sqrt(np.diag(gram))
    correlation = gram / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] <= SINGULAR:
        return np.full(len(scale), np.nan)
    return 1 / np.diag(np.linalg.inv(correlation))


def _whole(model: "LinearModel") -> dict[str, float]:
    """Numbers of the regression as a whole; F by the model's own errors."""
    extra, k = model.extra, len(model.params)
    test = model.test(*model.model_frame.formula.questions)
    errors = model.y - model.model_frame.x @ model.params
    return {
        "n": extra["n"],
        "r2": extra["r2"],
        "adjusted_r2": 1 - (1 - extra["r2"]) * (model.n - 1) / (model.n - k),
        "sigma": extra["sigma"],
        "f": float(test.statistic),
        "f_df": float(test.df or 0),
        "f_df_denominator": float(model.df),
        "f_p": float(test.p),
        "durbin_watson": float((np.diff(errors) ** 2).sum() / (errors**2).sum()),
    }
