"""How many units each stratum has in the population: totals or sampled shares, by number, column or mapping."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..estimators.fit import Vector
from ..survey import Survey
from .columns import Column, column_of, listed, name_of, numbers_of
from .stages import Codes

Population = float | Column | Mapping[Any, float]


def sampled_shares(
    survey: Survey,
    population: Population | None,
    stratum: Codes,
    names: list[Any],
    size: Vector,
    strata: Any,
) -> Vector:
    """Share of each stratum's units that is in the sample.

    Parameters
    ----------
    population
        Numbers of units (1 or more), or sampled shares (up to 1); None for an infinite population.
    stratum
        Stratum of each row, shape (n,).
    names
        Name of each stratum, for messages and mappings.
    size
        Units sampled in each stratum, shape (strata,).
    strata
        What the strata were given as; None where there are none.
    """
    if population is None:
        return np.zeros(len(size))
    values = _by_stratum(survey, population, stratum, names, strata)
    if not (values > 0).all():
        raise DesignError(f"`population` holds {values[~(values > 0)][0]}; numbers of units must be positive.")
    shares = (values < 1).any()
    if shares and (values > 1).any():
        raise DesignError(
            f"`population` holds {values[values < 1][0]:g} and {values[values > 1][0]:g}: give either numbers of units "
            "(1 or more) or sampled shares (up to 1) in all strata."
        )
    sampled = values if shares else size / values
    if (sampled > 1).any():
        i = int(np.flatnonzero(sampled > 1)[0])
        where = "" if names[i] is None else f" in stratum {names[i]!r}"
        raise DesignError(f"`population`{where} is {values[i]:g}, fewer than the {size[i]:.0f} units sampled.")
    return sampled


def _by_stratum(survey: Survey, population: Population, stratum: Codes, names: list[Any], strata: Any) -> Vector:
    """The number given for each stratum, shape (strata,)."""
    if isinstance(population, Mapping):
        absent = [n for n in names if n not in population]
        if strata is None or absent:
            where = f"stratum {absent[0]!r}" if strata is not None else "no strata are given, so give one number"
            raise DesignError(f"`population` is a mapping by stratum, but has nothing for it: {where}.")
        return np.array([_one_number(population[n]) for n in names])
    if isinstance(population, str | pd.Series):
        return _constant(column_of(survey, population, "population"), name_of(population), stratum, names)
    return np.full(len(names), _one_number(population))


def _one_number(value: Any) -> float:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value)
    raise DesignError(
        f"`population` holds a {type(value).__name__}; give one number, a column's name, or {{stratum: number}}."
    )


def _constant(column: pd.Series, name: str, stratum: Codes, names: list[Any]) -> Vector:
    """A column that must not change within a stratum."""
    values = numbers_of(column, "population")
    if np.isnan(values).any():
        raise DesignError(f"`population`: column {name!r} is missing for {listed(column.index, np.isnan(values))}.")
    first = np.zeros(len(names))
    first[stratum] = values
    if not np.array_equal(first[stratum], values):
        bad = names[int(stratum[np.flatnonzero(first[stratum] != values)[0]])]
        raise DesignError(f"`population`: column {name!r} changes within stratum {bad!r}; it must be constant there.")
    return first
