"""How much the other terms inflate the variance of a term: generalised variance inflation factors."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..language import both
from .diagnostic import Diagnostic
from .wald import SINGULAR

if TYPE_CHECKING:
    from .model import Model

WHAT = both("Generalised variance inflation", "일반화 분산팽창계수")
BY_DESIGN = both("from the design-based covariance of the coefficients", "계수의 설계 기반 공분산 기준")
SINGLE = both(
    "the covariance of the coefficients is singular: too few clusters for so many terms",
    "계수의 공분산이 특이함: 변수 수에 비해 집락이 부족",
)


def variance_inflation(model: "Model") -> Diagnostic:
    """Variance inflation of every term of a model; see `Model.variance_inflation`."""
    terms = model.model_frame.terms[1:]
    names = list(dict.fromkeys(term.term for term in terms))
    if len(names) < 2:
        raise ChoiceError(
            f"Variance inflation needs at least two terms; {model.model_frame.formula.source!r} has fewer."
        )
    at = [row for column in range(1, len(terms) + 1) for row in model.positions(column)]
    slopes = model.params_covariance[np.ix_(at, at)]
    se = np.sqrt(np.diag(slopes))
    correlation = slopes / np.outer(se, se) if (se > 0).all() else np.full(slopes.shape, np.nan)
    members = [np.array([term.term == name for term in terms]) for name in names]
    factor = np.array([_inflation(correlation, inside) for inside in members])
    df = np.array([int(inside.sum()) for inside in members])
    frame = pd.DataFrame({"term": names, "gvif": factor, "df": df, "gvif_scaled": factor ** (1 / (2 * df))})
    notes = ([BY_DESIGN] if model.variance == "design" else []) + ([SINGLE] if np.isnan(factor).any() else [])
    origin = replace(model.origin, what=WHAT, interval={}).with_notes(*notes)
    return Diagnostic(frame, "inflation", model.estimates.labels, origin)


def _inflation(correlation: Matrix, inside: "np.ndarray") -> float:
    """det R_11 det R_22 / det R; NaN where R is singular."""
    if not np.isfinite(correlation).all():
        return np.nan
    values = np.linalg.eigvalsh(correlation)
    if values[0] <= SINGULAR * values[-1]:
        return np.nan
    own, rest, whole = (
        np.linalg.slogdet(part)[1]
        for part in (correlation[np.ix_(inside, inside)], correlation[np.ix_(~inside, ~inside)], correlation)
    )
    return float(np.exp(own + rest - whole))
