"""The same logit on every imputation, on arrays: filled answers are written into the columns of one model."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.model import Model
from ..analysis.regression import logit
from ..analysis.variables import categories
from ..estimators.contributions import Contributions
from ..estimators.fit import Matrix, Vector
from ..estimators.posterior import Array, squared
from ..threads import on_one_thread
from .pool import combined
from .pooled import Pooled

if TYPE_CHECKING:
    from .imputed import Equation, Imputed

PLAIN = ("typed", "categories", "log", "power")
"""Uses of a question whose columns follow from its answer alone."""
STEPS, CHORDS, STILL = 25, 2, 1e-10
"""Rounds, those of the first that share one curvature, and the step (of the largest parameter) that ends them."""
FLAT = 700.0  # exponents above are as good as infinite, and do not overflow


def pooled_logit(imputed: "Imputed", formula: str, event: Any, confidence: float) -> Pooled:
    """Pool a logit over the imputations; by the verb itself where its columns cannot be taken over."""
    first = logit(imputed.imputation(0), formula, event=event, confidence=confidence)
    found = taken_over(imputed, first)
    if found is None:
        return imputed.fit(
            lambda design: logit(design, formula, event=event, confidence=confidence), confidence=confidence
        )
    result = combined([first.estimates], *found, None, confidence)
    return replace(result, origin=result.origin.with_notes(*imputed.notes))


@on_one_thread
def taken_over(imputed: "Imputed", first: Model) -> tuple[Matrix, Array] | None:
    """Parameters (m, k) and covariances (m, k, k) from the model of the first imputation.

    None where the verb has to be asked each time.
    """
    frame = first.model_frame
    outcome, questions = frame.formula.outcome, frame.formula.questions
    derived = any(frame.design.survey.question(name).derived for name in (outcome, *questions))
    if derived or frame.design.replicates is not None or any(f.use not in PLAIN for f in frame.formula.factors):
        return None
    filled = [
        _filled(imputed, j, first) for j, one in enumerate(imputed.equations) if one.name in (outcome, *questions)
    ]
    params, covariances = [first.params], [first.estimates.covariance]
    for i in range(1, imputed.m):
        y, answers = first.outcome.y, dict(frame.answers)
        for one in filled:
            if one is None:
                return None
            if one.name == outcome:
                y = one.into(y, i)
            else:
                answers[one.name] = one.into(answers[one.name], i)
        solved = _solved(frame.basis.matrix(answers), y, first)
        if solved is None:
            return None
        params.append(solved[0])
        covariances.append(frame.used.covariance(solved[1]))
    return np.array(params), np.array(covariances)


@dataclass(frozen=True, eq=False)
class _Filled:
    """Filled answers of one question as the model holds them: `values` (m, r) belong into its rows `at`."""

    name: str
    at: NDArray[np.intp]
    values: NDArray[Any]

    def into(self, column: NDArray[Any], i: int) -> NDArray[Any]:
        """The column with the answers of one imputation."""
        out = column.copy()
        out[self.at] = self.values[i]
        return out


def _filled(imputed: "Imputed", j: int, first: Model) -> _Filled | None:
    """Filled answers of equation `j`; None where a level has no place in the first model."""
    one, rows = imputed.equations[j], first.model_frame.used.rows
    at = imputed.design.rows[one.spec.missing]
    inside = np.flatnonzero(np.isin(at, rows))
    values = imputed.chains.values[j][:, inside]
    place = _outcome_of(one, first) if one.name == first.model_frame.formula.outcome else _column_of(one, first)
    if place is None:
        return None
    return _Filled(one.name, np.searchsorted(rows, at[inside]), place[values.astype(np.intp)] if len(place) else values)


def _outcome_of(one: "Equation", first: Model) -> NDArray[Any] | None:
    """What the outcome is for each level that was filled in; None where it is no set of answers."""
    read = categories(first.model_frame.design.survey, one.name)
    codes = read.codes[first.model_frame.used.rows]
    told = {read.levels[code]: first.outcome.y[codes == code][0] for code in np.unique(codes)}
    levels = one.answers.levels
    return np.array([told[level] for level in levels]) if levels and all(level in told for level in levels) else None


def _column_of(one: "Equation", first: Model) -> NDArray[Any] | None:
    """Code of each level that was filled in, none for a number; None where a level has no column in the first model."""
    part, levels = first.model_frame.basis.category(one.name), one.answers.levels
    if (part is None) != (not levels):
        return None
    if part is None:
        return np.empty(0)
    code = np.array([part.variable.levels.index(level) for level in levels])
    return code if {*code.tolist()} <= {part.reference, *part.shown} else None


def _solved(x: Matrix, y: Vector, first: Model) -> tuple[Vector, Contributions] | None:
    """Parameters and contributions; None where the iteration does not end at a maximum."""
    weights, b, columns = first.model_frame.used.row_weights, first.params, x.T
    inverse: Matrix | None = None
    for i in range(STEPS):
        p = np.minimum(-(b @ columns), FLAT)
        p = 1 / (1 + np.exp(p, out=p))
        left = weights * (y - p)
        if inverse is None or i > CHORDS:
            half = columns * np.sqrt(weights * p * (1 - p))
            try:
                inverse = np.linalg.inv(squared(half[None])[0])
            except np.linalg.LinAlgError:
                return None
        step = inverse @ (columns @ left)
        if i > CHORDS and np.abs(step).max() <= STILL * max(1.0, float(np.abs(b).max())):
            return b, Contributions(x, left, inverse)
        b = b + step
    return None
