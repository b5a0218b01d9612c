"""Columns of strata, clusters, weights and populations into codes, checked."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_timedelta64_dtype

from ..errors import DesignError
from ..estimators.fit import Vector
from ..survey import Survey
from .linearized import Codes, Sample


def draw_sample(
    survey: Survey,
    weights: str | None,
    strata: str | None,
    clusters: str | None,
    population: Any,
    nested: bool | None,
) -> tuple[Sample, Vector]:
    """Factorise the design columns once; return the sample and the weights, shape (n,)."""
    n = len(survey)
    stratum, stratum_names = _codes(survey, strata, "strata") if strata else (np.zeros(n, np.intp), [None])
    cluster, of_cluster = _clusters(survey, clusters, stratum, nested)
    size = np.bincount(of_cluster, minlength=len(stratum_names))
    _refuse_single(size, stratum_names, strata, clusters)
    total = _population(survey, population, stratum, stratum_names, strata)
    sampled = np.zeros(len(size)) if total is None else size / total
    _refuse_small_population(sampled, size, total, stratum_names)
    return Sample(cluster, of_cluster, sampled), _weights(survey, weights, sampled, stratum)


def _codes(survey: Survey, name: str, argument: str) -> tuple[Codes, list[Any]]:
    """Codes of a design column; missing values are named, never a level of their own."""
    column = survey.column(name, argument)
    codes, names = pd.factorize(column, sort=False)
    if (codes < 0).any():
        raise DesignError(
            f"`{argument}`: column {name!r} is missing for {_listed(column, codes < 0)}. Fill it in first."
        )
    return codes.astype(np.intp), list(names)


def _clusters(survey: Survey, name: str | None, stratum: Codes, nested: bool | None) -> tuple[Codes | None, Codes]:
    """Cluster of each row (None: each row its own), and the stratum of each cluster."""
    if name is None:
        return None, stratum
    codes, names = _codes(survey, name, "clusters")
    pairs = pd.MultiIndex.from_arrays([codes, stratum])
    both, unique = pd.factorize(pairs)
    if len(unique) > len(names):
        if nested is None:
            raise DesignError(
                f"`clusters`: some names in {name!r} occur in several strata. Say nested=True if they are different "
                "clusters (names start anew in each stratum), or correct the column if they are the same."
            )
        if not nested:
            twice = pd.Series([u[0] for u in unique]).value_counts().index[0]
            raise DesignError(
                f"`clusters`: {names[int(twice)]!r} in {name!r} lies in several strata, which `nested=False` rules out."
            )
    return both.astype(np.intp), np.array([u[1] for u in unique], dtype=np.intp)


def _refuse_single(size: Codes, names: list[Any], strata: str | None, clusters: str | None) -> None:
    if (size > 1).all():
        return
    unit = "cluster" if clusters else "respondent"
    if strata is None:
        raise DesignError(f"The sample has one {unit}: no variance can be estimated from it.")
    alone = [names[i] for i in np.flatnonzero(size == 1)]
    listed = ", ".join(map(repr, alone[:5])) + (f" and {len(alone) - 5} more" if len(alone) > 5 else "")
    raise DesignError(
        f"`strata`: {listed} in {strata!r} has a single {unit}, which shows no "
        "variance. Merge it with a similar stratum in the data, and say so."
    )


def _population(survey: Survey, population: Any, stratum: Codes, names: list[Any], strata: str | None) -> Vector | None:
    """Population of first-stage units by stratum, shape (strata,)."""
    if population is None:
        return None
    if isinstance(population, Mapping):
        absent = [n for n in names if n not in population]
        if strata is None or absent:
            where = f"stratum {absent[0]!r}" if strata else "no strata are given, so give one number"
            raise DesignError(f"`population` is a mapping by stratum, but has nothing for it: {where}.")
        return _positive(np.array([_one_number(population[n]) for n in names]), "population")
    if isinstance(population, str):
        return _constant_by_stratum(survey.column(population, "population"), population, stratum, names)
    return _positive(np.full(len(names), _one_number(population)), "population")


def _one_number(value: Any) -> float:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value)
    raise DesignError(
        f"`population` holds a {type(value).__name__}; give one number, a column's name, or {{stratum: number}}."
    )


def _numbers(column: pd.Series, argument: str) -> Vector:
    """A column as numbers, NaN where it holds none; dates and yes/no are refused."""
    kind = column.dtype
    if any(is_kind(kind) for is_kind in (is_bool_dtype, is_datetime64_any_dtype, is_timedelta64_dtype)):
        raise DesignError(f"`{argument}`: column {column.name!r} holds {kind}, not numbers.")
    return pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)


def _constant_by_stratum(column: pd.Series, name: str, stratum: Codes, names: list[Any]) -> Vector:
    values = _numbers(column, "population")
    if np.isnan(values).any():
        raise DesignError(f"`population`: column {name!r} is missing for {_listed(column, np.isnan(values))}.")
    first = np.zeros(len(names))
    first[stratum] = values
    if not np.array_equal(first[stratum], values):
        bad = names[int(stratum[np.flatnonzero(first[stratum] != values)[0]])]
        raise DesignError(f"`population`: column {name!r} changes within stratum {bad!r}; it must be constant there.")
    return _positive(first, "population")


def _positive(values: Vector, name: str) -> Vector:
    if not (values > 0).all():
        raise DesignError(f"`{name}` holds {values[~(values > 0)][0]}; numbers of units must be positive.")
    return values


def _refuse_small_population(sampled: Vector, size: Codes, total: Vector | None, names: list[Any]) -> None:
    if total is None or (sampled <= 1).all():
        return
    i = int(np.flatnonzero(sampled > 1)[0])
    where = "" if names[i] is None else f" in stratum {names[i]!r}"
    raise DesignError(f"`population`{where} is {total[i]:g}, fewer than the {size[i]} units sampled.")


def _weights(survey: Survey, name: str | None, sampled: Vector, stratum: Codes) -> Vector:
    """Weights of all rows: as given, else N/n, else 1."""
    if name is None:
        safe = np.where(sampled > 0, sampled, 1.0)
        return (1 / safe)[stratum]
    column = survey.column(name, "weights")
    values = _numbers(column, "weights")
    for what, wrong in (("missing or no number", ~np.isfinite(values)), ("negative", values < 0)):
        if wrong.any():
            raise DesignError(f"`weights`: column {name!r} is {what} for {_listed(column, wrong)}.")
    if not (values > 0).any():
        raise DesignError(f"`weights`: column {name!r} is zero for everybody.")
    return values.copy()


def _listed(column: pd.Series, wrong: Any) -> str:
    rows = [str(label) for label in column.index[np.asarray(wrong)]]
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return f"{len(rows)} respondent(s): {', '.join(rows[:5])}{more}"
