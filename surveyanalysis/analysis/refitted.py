"""The same kind of model on another model matrix, and the parts of its likelihood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ChoiceError, ConvergenceError
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.row_likelihood import RowLikelihood, binary_rows, ordered_rows

if TYPE_CHECKING:
    from .model import Model
    from .responses import Response


def fit_on(model: "Model", x: Matrix, weights: Vector | None = None, response: "Response | None" = None) -> Fit:
    """The model's outcome on another model matrix (m, k), the intercept's column first; raises without a solution."""
    w = model.model_frame.used.row_weights if weights is None else weights
    found = (response or model.response).fit(x, model.outcome.y, w)
    if not found.converged:
        raise ConvergenceError(
            f"Beside {model.model_frame.formula.source!r}, a model with other columns has no solution: {found.message}."
            " Test fewer terms, or take fewer groups."
        )
    return found


def model_on(model: "Model", x: Matrix) -> "Model":
    """The same kind of model on another model matrix; the rest, its words too, stays that of `model`."""
    frame = replace(model.model_frame, x=x)
    return replace(model, model_frame=frame, fit=fit_on(model, x))


def fit_without(model: "Model", rows: Sequence[int], weights: Vector | None = None) -> Fit:
    """The model with the slopes at these positions of its parameters left out."""
    columns = sorted({model.places[row].column or 0 for row in rows})
    whole = {row for column in columns for row in model.positions(column)}
    if 0 in columns or whole != set(rows):
        raise ChoiceError(
            "This test leaves out whole terms: name questions or terms, whose coefficients are tested at every level "
            "and threshold together, or use the Wald test."
        )
    x = np.delete(model.model_frame.x, columns, axis=1)
    return fit_on(model, x, weights, model.response.without(columns))


def rows_at(model: "Model", params: Vector, weights: Vector | None = None) -> RowLikelihood:
    """Parts of the model's likelihood at other parameters: expected information if binary, observed if ordered."""
    x, y, response = model.model_frame.x, model.outcome.y, model.response
    w = model.model_frame.used.row_weights if weights is None else weights
    if response.levels:
        return ordered_rows(params, x[:, 1:], y.astype(np.intp), w, response.levels, response.link)
    return binary_rows(params, x, y, w, response.link)


def predictor(model: "Model") -> Vector:
    """Linear predictor x b of the respondents used, without thresholds, shape (m,)."""
    x, cuts = model.model_frame.x, max(model.response.levels - 1, 0)
    return x[:, 1:] @ model.params[cuts:] if cuts else x @ model.params
