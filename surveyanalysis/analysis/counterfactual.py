"""Answers as they are, typical, or set: what effects and predictions are evaluated at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, DataError, LevelError, unknown_column
from .splines import refuse_beyond
from .terms import Answers

if TYPE_CHECKING:
    from .model import Model


def typical(model: "Model") -> dict[str, Any]:
    """Weighted mean of each number, most frequent (by weight) level of each category, as values of the basis."""
    frame = model.model_frame
    weights = frame.used.row_weights
    found: dict[str, Any] = {}
    for name, values in frame.answers.items():
        if frame.basis.category(name) is None:
            found[name] = float(weights @ values / weights.sum())
        else:
            found[name] = int(np.argmax(np.bincount(values, weights)))
    return found


def coded(model: "Model", name: str, values: Any) -> NDArray[Any]:
    """Values that a person typed for a question, as values of the basis: positions of levels, or numbers.

    Raises
    ------
    ColumnError, LevelError, ChoiceError, DataError
        The question is not in the model, nobody used chose the level, or the number is none.
    """
    basis = model.model_frame.basis
    if name not in basis.variables:
        raise unknown_column(name, basis.variables, "question of the model")
    listed = [values] if isinstance(values, str) or not np.iterable(values) else list(values)
    if not listed:
        raise ChoiceError(f"{name!r}: no value is given. Name at least one.")
    part = basis.category(name)
    if part is None:
        return _numbers(model, name, listed)
    positions = [part.variable.position(v) for v in listed]
    known = {part.reference, *part.shown}
    for value, position in zip(listed, positions):
        if position not in known:
            raise LevelError(f"{name!r}: nobody used chose {value!r}, so the model has no estimate for it.")
    return np.array(positions, np.intp)


def _numbers(model: "Model", name: str, values: list[Any]) -> NDArray[np.float64]:
    try:
        found = np.array(values, float)
    except (TypeError, ValueError):
        raise ChoiceError(f"{name!r} enters the model as a number; {values[:3]!r} is none.") from None
    if not np.isfinite(found).all():
        raise DataError(f"{name!r}: a value of the grid is missing or infinite.")
    if model.model_frame.basis.logged(name) and (found <= 0).any():
        raise DataError(f"log({name}): the logarithm of {found.min():g} does not exist. Give values above zero.")
    refuse_beyond(model.model_frame.basis, name, found)
    return found


def spread_over(values: Mapping[str, Any], size: int) -> dict[str, NDArray[Any]]:
    """One value a question, repeated for `size` rows."""
    return {name: np.full(size, value) for name, value in values.items()}


def grid_answers(model: "Model", grid: "pd.DataFrame | Mapping[str, Any] | None") -> tuple[pd.DataFrame, Answers]:
    """A grid as a frame of what was typed, and as answers to all questions; those not named are typical."""
    if grid is None:
        shown = pd.DataFrame(index=[0])
    elif isinstance(grid, pd.DataFrame):
        shown = grid.reset_index(drop=True)
    else:
        listed = [[v] if isinstance(v, str) or not np.iterable(v) else list(v) for v in grid.values()]
        shown = (
            pd.MultiIndex.from_product(listed, names=list(grid)).to_frame(index=False)
            if listed
            else pd.DataFrame(index=[0])
        )
    if not len(shown):
        raise ChoiceError("The grid has no rows: give at least one value a question.")
    answers = spread_over(typical(model), len(shown))
    for name in shown.columns:
        answers[name] = coded(model, str(name), shown[name].tolist())
    return shown, answers
