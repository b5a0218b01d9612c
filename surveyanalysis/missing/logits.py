"""The same logit on every imputation, on arrays: filled answers are written into the columns of one model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.model import Model
from ..analysis.regression import logit
from ..analysis.variables import categories
from ..estimators.fit import Matrix, Vector
from ..results import Estimates
from .pool import pool
from .pooled import Pooled

if TYPE_CHECKING:
    from .imputed import Equation, Imputed

PLAIN = ("typed", "categories", "log", "power")
"""Uses of a question whose columns follow from its answer alone."""
STEPS, STILL = 25, 1e-10


def pooled_logit(imputed: "Imputed", formula: str, event: Any, confidence: float) -> Pooled:
    """Pool a logit over the imputations; by the verb itself where its columns cannot be taken over."""
    first = logit(imputed.imputation(0), formula, event=event, confidence=confidence)
    found = taken_over(imputed, first)
    if found is None:
        return imputed.fit(
            lambda design: logit(design, formula, event=event, confidence=confidence), confidence=confidence
        )
    result = pool(found, confidence=confidence)
    return replace(result, origin=result.origin.with_notes(*imputed.notes))


def taken_over(imputed: "Imputed", first: Model) -> list[Estimates] | None:
    """Estimates of every imputation from the model of the first; None where the verb has to be asked each time."""
    frame = first.model_frame
    filled = {one.name: (j, one) for j, one in enumerate(imputed.equations)}
    asked = (frame.formula.outcome, *frame.formula.questions)
    derived = any(frame.design.survey.question(name).derived for name in asked)
    if derived or frame.design.replicates is not None or any(f.use not in PLAIN for f in frame.formula.factors):
        return None
    places = {name: _places(imputed, one, frame.used.rows) for name, (_, one) in filled.items() if name in asked}
    out = [first.estimates]
    for i in range(1, imputed.m):
        values = {name: imputed.chains.values[filled[name][0]][i] for name in places}
        y = _outcome(first, places, values, filled)
        answers = _answers(first, places, values, filled)
        solved = None if y is None or answers is None else _solved(frame.basis.matrix(answers), y, first)
        if solved is None:
            return None
        params, scores = solved
        out.append(replace(first.estimates, _frame=first.estimates.frame.assign(estimate=params),
                           covariance=frame.used.covariance(scores)))  # fmt: skip
    return out


Places = Mapping[str, tuple[NDArray[np.intp], NDArray[np.intp]]]


def _places(imputed: "Imputed", one: "Equation", rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where filled answers stand among the rows used: their positions there, and among the filled ones."""
    at = imputed.design.rows[one.spec.missing]
    inside = np.flatnonzero(np.isin(at, rows))
    return np.searchsorted(rows, at[inside]), inside


def _outcome(first: Model, places: Places, values: Mapping[str, Vector], filled: Mapping[str, Any]) -> Vector | None:
    """The outcome with these filled answers; None where it is no set of answers."""
    name, y = first.model_frame.formula.outcome, first.outcome.y
    if name not in places:
        return y
    levels = filled[name][1].answers.levels
    read = categories(first.model_frame.design.survey, name)
    codes = read.codes[first.model_frame.used.rows]
    told = {read.levels[code]: y[codes == code][0] for code in np.unique(codes)}
    if not levels or any(level not in told for level in levels):
        return None
    at, inside = places[name]
    out = y.copy()
    out[at] = np.array([told[level] for level in levels])[values[name][inside].astype(np.intp)]
    return out


def _answers(
    first: Model, places: Places, values: Mapping[str, Vector], filled: Mapping[str, Any]
) -> dict[str, NDArray[Any]] | None:
    """Answers of the rows used with these filled ones; None where a level has no column in the first model."""
    frame = first.model_frame
    out = dict(frame.answers)
    for name in frame.formula.questions:
        if name not in places:
            continue
        (at, inside), levels = places[name], filled[name][1].answers.levels
        part, column = frame.basis.category(name), frame.answers[name].copy()
        if (part is None) != (not levels):
            return None
        if part is None:
            column[at] = values[name][inside]
        else:
            code = np.array([part.variable.levels.index(level) for level in levels])
            if not {*code.tolist()} <= {part.reference, *part.shown}:
                return None
            column[at] = code[values[name][inside].astype(np.intp)]
        out[name] = column
    return out


def _solved(x: Matrix, y: Vector, first: Model) -> tuple[Vector, Matrix] | None:
    """Parameters and contributions; None where the iteration does not end at a maximum."""
    weights, b = first.model_frame.used.row_weights, first.params
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ b, -700, 700)))
        left = weights * (y - p)
        information = x.T @ (x * (weights * p * (1 - p))[:, None])
        try:
            step = np.linalg.solve(information, x.T @ left)
        except np.linalg.LinAlgError:
            return None
        if np.abs(step).max() <= STILL * max(1.0, float(np.abs(b).max())):
            return b, np.asarray(np.linalg.solve(information, (left[:, None] * x).T).T, float)
        b = b + step
    return None
