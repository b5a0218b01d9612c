"""The same kind of model on another model matrix, and the parts of its likelihood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ConvergenceError
from ..estimators.binary import binary_fit
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.ordered import ordered_fit
from ..estimators.row_likelihood import RowLikelihood, binary_rows, ordered_rows

if TYPE_CHECKING:
    from .model import Model


def fit_on(model: "Model", x: Matrix, weights: Vector | None = None) -> Fit:
    """The model's outcome on another model matrix (m, k), the intercept's column first; raises without a solution."""
    y, response = model.outcome.y, model.response
    w = model.model_frame.used.row_weights if weights is None else weights
    if response.levels:
        found = ordered_fit(x[:, 1:], y.astype(np.intp), w, response.levels, response.link)
    else:
        found = binary_fit(x, y, w, response.link, information="expected")
    if not found.converged:
        raise ConvergenceError(
            f"Beside {model.model_frame.formula.source!r}, a model with other columns has no solution: {found.message}."
            " Test fewer terms, or take fewer groups."
        )
    return found


def model_on(model: "Model", x: Matrix) -> "Model":
    """The same kind of model on another model matrix; the rest, its words too, stays that of `model`."""
    frame = replace(model.model_frame, x=x)
    return replace(model, model_frame=frame, fit=fit_on(model, x), again=lambda weights: fit_on(model, x, weights))


def fit_without(model: "Model", rows: Sequence[int], weights: Vector | None = None) -> Fit:
    """The model with the slopes at these positions of its parameters left out."""
    shift = model.response.first_slope - 1
    return fit_on(model, np.delete(model.model_frame.x, [row - shift for row in rows], axis=1), weights)


def rows_at(model: "Model", params: Vector, weights: Vector | None = None) -> RowLikelihood:
    """Parts of the model's likelihood at other parameters: expected information if binary, observed if ordered."""
    x, y, response = model.model_frame.x, model.outcome.y, model.response
    w = model.model_frame.used.row_weights if weights is None else weights
    if response.levels:
        return ordered_rows(params, x[:, 1:], y.astype(np.intp), w, response.levels, response.link)
    return binary_rows(params, x, y, w, response.link)


def predictor(model: "Model") -> Vector:
    """Linear predictor x b of the respondents used, without thresholds, shape (m,)."""
    x, first = model.model_frame.x, model.response.first_slope
    return x[:, 1:] @ model.params[first:] if model.response.levels else x @ model.params
