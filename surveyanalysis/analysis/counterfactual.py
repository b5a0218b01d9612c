"""Answers as they are, typical, or set: what effects and predictions are evaluated at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, ColumnError, DataError, LevelError, unknown_column
from ..language import say
from .splines import refuse_beyond
from .terms import Answers

if TYPE_CHECKING:
    from .margins import AnyModel

MOST_ROWS = 5000


def questions_of(model: "AnyModel", terms: Iterable[str] | None, argument: str = "terms") -> Sequence[str]:
    """Questions as asked, all that move what is expected for None; raises where one is not in the model, or idle."""
    known, moving = model.model_frame.formula.questions, model.moving
    acting = known if moving is None else tuple(name for name in known if name in moving)
    listed = acting if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for name in listed:
        if name not in known:
            listed_words = ", ".join(map(repr, known))
            raise ColumnError(f"`{argument}` holds {name!r}, which is not in the model. It has: {listed_words}.")
        if name not in acting:
            raise ChoiceError(
                f"{name!r} has no effect on {say(model.response.expects)} expected here: it stands in the other "
                f"formula alone. Questions that have: {', '.join(acting)}."
            )
    if not listed:
        raise ChoiceError("The model has no covariates, so there are no effects. Use `predict()`.")
    return listed


def typical(model: "AnyModel") -> dict[str, Any]:
    """Weighted mean of each number, most frequent (by weight) level of each category, as values of the basis."""
    frame = model.model_frame
    found: dict[str, Any] = {}
    for name, values in frame.answers.items():
        weights = frame.weights_of(name)
        if frame.basis.category(name) is None:
            found[name] = float(weights @ values / weights.sum())
        else:
            found[name] = int(np.argmax(np.bincount(values, weights)))
    return found


def coded(model: "AnyModel", name: str, values: Any) -> NDArray[Any]:
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


def _numbers(model: "AnyModel", name: str, values: list[Any]) -> NDArray[np.float64]:
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


def grid_rows(grid: "pd.DataFrame | Mapping[str, Any] | None") -> pd.DataFrame:
    """A grid as a frame of what was typed: a mapping crossed, a frame as it is; one row without columns for None."""
    if isinstance(grid, pd.DataFrame):
        shown = grid.reset_index(drop=True)
    elif not grid:
        shown = pd.DataFrame(index=[0])
    else:
        listed = [[v] if isinstance(v, str) or not np.iterable(v) else list(v) for v in grid.values()]
        shown = pd.MultiIndex.from_product(listed, names=list(grid)).to_frame(index=False)
    if not len(shown):
        raise ChoiceError("The grid has no rows: give at least one value a question.")
    if len(shown) > MOST_ROWS:
        raise DataError(f"The grid has {len(shown):,} rows; {MOST_ROWS:,} is the most. Choose fewer values.")
    return shown


def coded_rows(model: "AnyModel", shown: pd.DataFrame) -> Answers:
    """A grid as values of the basis."""
    return {str(name): coded(model, str(name), shown[name].tolist()) for name in shown.columns}
