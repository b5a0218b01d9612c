"""One statistic under many sets of weights: called again on the design, or its model refitted."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from ..design.design import Design, replace_parts
from ..errors import ChoiceError, ConvergenceError, DataError, DesignError, SeparationError
from ..estimators.fit import Matrix, Vector
from ..results import Estimates, Test, estimates_frame
from .fitted_model import FittedModel
from .model import Model
from .shown_estimates import ShownEstimates

Statistic = Callable[[Design], Any]
TOGETHER = 250  # sets of weights at once, fewer where there are many rows
CELLS = 20_000_000
FAILS = (ConvergenceError, SeparationError, DataError, DesignError, np.linalg.LinAlgError)


@dataclass(frozen=True)
class Measured:
    """What a statistic gives.

    Attributes
    ----------
    values
        Numbers, shape (k,).
    estimates
        The result that holds them; of plain numbers, one made of them.
    model
        The model whose coefficients they are; None for anything else.
    keys
        What tells the rows apart: a list for each key column.
    """

    values: Vector
    estimates: Estimates
    model: FittedModel | None
    keys: list[list[Any]]


def measured(found: Any) -> Measured:
    """Read what a statistic returned: estimates, a model, or numbers.

    Raises
    ------
    ChoiceError
        It is something else.
    """
    if isinstance(found, FittedModel | ShownEstimates):
        return _of_estimates(found.estimates, found if isinstance(found, FittedModel) else None)
    if isinstance(found, Estimates):
        return _of_estimates(found)
    if isinstance(found, Test) or not isinstance(found, Mapping | pd.Series | list | tuple | np.ndarray | int | float):
        raise ChoiceError(
            f"`statistic` returned a {type(found).__name__}. It must return estimates, a model, a number, or several "
            "({name: number}, a list); of a test, name a number of it, such as `.effect`."
        )
    named = dict(found) if isinstance(found, Mapping | pd.Series) else dict(enumerate(np.atleast_1d(found).ravel(), 1))
    try:
        values = np.array(list(named.values()), float)
    except (TypeError, ValueError):
        raise ChoiceError("`statistic` returned something that is no number. Return numbers, or estimates.") from None
    names = list(map(str, named))
    return Measured(values, _made(names, values), None, [names])


def _of_estimates(found: Estimates, model: FittedModel | None = None) -> Measured:
    """Numbers of a result, and the keys of its rows."""
    frame = found.frame
    keys = [frame[n].tolist() for n in ("outcome", "level", *found.by, "component", "term") if n in frame]
    return Measured(frame["estimate"].to_numpy(float), found, model, keys)


def _made(names: list[str], values: Vector) -> Estimates:
    """Plain numbers as estimates."""
    nothing = np.full(len(values), np.nan)
    columns = {"outcome": names, "term": names, "estimate": values, "se": nothing, "statistic": nothing,
               "df": np.full(len(values), np.inf), "p": nothing, "ci_low": nothing, "ci_high": nothing}  # fmt: skip
    return Estimates(estimates_frame(columns), np.full((len(values),) * 2, np.nan), "contrast")


@dataclass(frozen=True)
class Refits:
    """A statistic and its values on the sample itself."""

    design: Design
    statistic: Statistic
    first: Measured

    def under(self, weights: Vector) -> Vector:
        """Its values under other weights of all rows, shape (k,); NaN where there are none."""
        other = replace_parts(self.design, weights=weights, replicates=None, steps=())
        try:
            found = measured(self.statistic(other))
        except FAILS:
            return np.full(len(self.first.values), np.nan)
        if found.keys != self.first.keys:  # a level that nobody drawn chose, so that a row is missing
            return np.full(len(self.first.values), np.nan)
        return found.values

    def shorter(self) -> Callable[[Vector], Vector]:
        """The quickest way to the same numbers: the model refitted, where that agrees under other weights."""
        found = self._refitted
        return self.under if found is None else found

    def together(self) -> Callable[[Matrix], Matrix] | None:
        """Values under many sets of weights (R, n) fitted at once, shape (R, k); None where there is no such way.

        A set without a solution is fitted again by itself, so that the same draws fail, whichever way they go.
        """
        model, single = self.first.model, self._refitted
        if single is None or not isinstance(model, Model):
            return None
        rows, order, alone = model.model_frame.used.rows, _positions(model.params, self.first.values), single

        def at_once(sets: Matrix) -> Matrix:
            found = model.refit_many(np.ascontiguousarray(sets[:, rows].T))
            if found is None:
                return np.array([alone(weights) for weights in sets])
            values = found[:, order]
            for draw in np.flatnonzero(np.isnan(values).any(axis=1)):
                values[draw] = alone(sets[draw])
            return values

        return at_once

    @cached_property
    def _refitted(self) -> Callable[[Vector], Vector] | None:
        """The model refitted under other weights of all rows; None where that is not the statistic."""
        model = self.first.model
        if model is None or len(model.params) != len(self.first.values):
            return None
        rows, order = model.model_frame.used.rows, _positions(model.params, self.first.values)

        def refitted(other: Vector) -> Vector:
            try:
                return np.asarray(model.refit(other[rows]).params[order])
            except FAILS:
                return np.full(len(order), np.nan)

        moved = self.design.weights * (1 + 0.1 * np.cos(np.arange(len(self.design.weights))))
        return refitted if np.allclose(refitted(moved), self.under(moved), rtol=1e-6, atol=1e-9) else None


def _positions(params: Vector, shown: Vector) -> Any:
    """Position among the parameters of each printed coefficient: both hold the same numbers, in another order."""
    rank = np.argsort(np.argsort(shown, kind="stable"), kind="stable")
    return np.argsort(params, kind="stable")[rank]


def evaluated_under(again: Callable[[Vector], Vector], weights: Iterator[Vector], workers: int) -> Iterator[Vector]:
    """Values under each set of weights, in order, whatever the number of threads."""
    if workers == 1:
        yield from map(again, weights)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(again, weights)


def batches(weights: Iterator[Vector], rows: int) -> Iterator[Matrix]:
    """Sets of weights of so many rows, several together, shape (b, n)."""
    size = max(1, min(TOGETHER, CELLS // max(rows, 1)))
    while group := list(islice(weights, size)):
        yield np.array(group)


def stacked(rows: Iterator[Vector]) -> Matrix:
    """Values of all draws, shape (R, k)."""
    return np.array(list(rows), float)
