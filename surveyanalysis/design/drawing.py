"""Columns of strata, clusters and populations into the stages of a sample, checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..estimators.fit import Vector
from ..survey import Survey
from .columns import checked_numbers, codes_of, name_of
from .populations import sampled_shares
from .single_units import refuse_single
from .stages import Codes, Sample, SingleUnit, Stage
from .unequal import joint_checks


@dataclass(frozen=True)
class Drawn:
    """What the design columns say, before weights.

    Attributes
    ----------
    sample
        The stages.
    weights
        Inverse inclusion probabilities that follow from the populations, shape (n,); ones without any.
    """

    sample: Sample
    weights: Vector


def draw(
    survey: Survey,
    *,
    strata: Any,
    clusters: Any,
    population: Any,
    nested: bool | None,
    single_unit: SingleUnit,
    single_in_domain: bool,
    inclusion: Any,
    pps: str | None,
) -> Drawn:
    """Factorise the design columns once, stage by stage."""
    units, layers, sizes = (_listed(given) for given in (clusters, strata, population))
    depth = max(len(units), 1)
    for argument, given in (("strata", layers), ("population", sizes)):
        if len(given) > depth:
            raise DesignError(
                f"`{argument}` has {len(given)} stages, `clusters` has {depth}. Name the clusters of every stage, the "
                "respondents' own ids for the last."
            )
    if inclusion is not None:
        return _unequal(survey, layers, units, nested, (single_unit, single_in_domain), inclusion, pps)
    stages: list[Stage] = []
    weights = np.ones(len(survey))
    for level in range(depth):
        stage = _stage(survey, level, units, layers, sizes, nested, stages)
        share = stage.sampled[stage.stratum[stage.owners(np.arange(len(survey)))]]
        weights /= np.where(share > 0, share, 1)
        stages.append(stage)
    kept = tuple(stage for stage in stages if stage.carried.any())
    sample = Sample(kept, single_unit, single_in_domain)
    refuse_single(survey, sample, layers, units)
    return Drawn(sample, weights)


def _listed(given: Any) -> list[Any]:
    """One entry a stage."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _stage(
    survey: Survey,
    level: int,
    units: Sequence[Any],
    layers: Sequence[Any],
    sizes: Sequence[Any],
    nested: bool | None,
    before: Sequence[Stage],
) -> Stage:
    """One stage, its strata within the units of the stage before."""
    n = len(survey)
    parent = before[-1].owners(np.arange(n)) if before else np.zeros(n, np.intp)
    above = units[level - 1] if before else None
    stratum, names, of_stratum = _strata(survey, layers[level] if level < len(layers) else None, parent, above)
    name = units[level] if units else None
    cluster, of_cluster = _clusters(survey, name, stratum, nested if not before else True)
    size = np.bincount(of_cluster, minlength=len(names)).astype(float)
    given = sizes[level] if level < len(sizes) else None
    sampled = sampled_shares(survey, given, stratum, names, size, layers[0] if layers and not before else None)
    carried = np.ones(len(names))
    if before:
        last = before[-1]
        carried = (last.carried * last.sampled)[last.stratum[of_stratum]]
    return Stage(cluster, of_cluster, size, sampled, carried, of_stratum)


def _strata(survey: Survey, column: Any, parent: Codes, above: Any) -> tuple[Codes, list[Any], Codes]:
    """Stratum of each row, the strata's names, and the unit of the stage before (`above`) that each lies in."""
    if column is None and above is None:
        return parent, [None], np.zeros(1, np.intp)
    if column is None:
        codes, names = codes_of(survey, above, "clusters")
        owners, first = np.unique(parent, return_index=True)
        return parent, [names[codes[row]] for row in first], owners
    codes, names = codes_of(survey, column, "strata")
    if above is None:
        return codes, names, np.zeros(len(names), np.intp)
    both, pairs = pd.factorize(pd.MultiIndex.from_arrays([codes, parent]))
    return both.astype(np.intp), [names[c] for c, _ in pairs], np.array([p for _, p in pairs], np.intp)


def _clusters(survey: Survey, column: Any, stratum: Codes, nested: bool | None) -> tuple[Codes | None, Codes]:
    """Cluster of each row (None: each row its own), and the stratum of each cluster."""
    if column is None:
        return None, stratum
    codes, names = codes_of(survey, column, "clusters")
    joint, of_cluster = _crossed(codes, len(names), stratum)
    if len(of_cluster) > len(names) and not nested:
        _refuse_reused(name_of(column), names, codes, stratum, nested)
    if len(of_cluster) == len(survey):
        return None, stratum
    return joint, of_cluster


def _crossed(codes: Codes, count: int, stratum: Codes) -> tuple[Codes, Codes]:
    """Codes of pairs of cluster name and stratum, and the stratum of each pair."""
    strata = int(stratum.max(initial=0)) + 1
    if strata == 1:
        return codes, np.zeros(count, np.intp)
    key = codes * strata + stratum
    if count * strata <= 4 * len(key) + 1000:
        held = np.flatnonzero(np.bincount(key, minlength=count * strata))
        position = np.zeros(count * strata, np.intp)
        position[held] = np.arange(len(held))
        return position[key], held % strata
    joint, found = pd.factorize(key)
    return joint.astype(np.intp), (found % strata).astype(np.intp)


def _refuse_reused(column: str, names: list[Any], codes: Codes, stratum: Codes, nested: bool | None) -> None:
    if nested is None:
        raise DesignError(
            f"`clusters`: some names in {column!r} occur in several strata. Say nested=True if they are different "
            "clusters (names start anew in each stratum), or correct the column if they are the same."
        )
    pairs = pd.DataFrame({"c": codes, "s": stratum}).drop_duplicates()["c"]
    twice = int(pairs[pairs.duplicated()].iloc[0])
    raise DesignError(
        f"`clusters`: {names[twice]!r} in {column!r} lies in several strata, which `nested=False` rules out."
    )


def _unequal(
    survey: Survey,
    layers: Sequence[Any],
    units: Sequence[Any],
    nested: bool | None,
    single: tuple[SingleUnit, bool],
    inclusion: Any,
    pps: str | None,
) -> Drawn:
    """One stage drawn with unequal probabilities."""
    if len(units) > 1:
        raise DesignError("`pps` works with one stage of clusters. Name the first stage only.")
    p = checked_numbers(survey, inclusion, "inclusion", positive=True)
    if (p > 1).any():
        raise DesignError(
            f"`inclusion`: column {name_of(inclusion)!r} holds {p[p > 1][0]:g}; probabilities are at most 1."
        )
    stage = _stage(survey, 0, units, layers, (), nested, ())
    of_unit = np.zeros(len(stage.stratum))
    of_unit[stage.owners(np.arange(len(survey)))] = p
    if not np.array_equal(of_unit[stage.owners(np.arange(len(survey)))], p):
        raise DesignError(
            f"`inclusion`: column {name_of(inclusion)!r} changes within a cluster; it must be constant there."
        )
    joint = None
    if pps == "brewer":
        stage = Stage(stage.cluster, stage.stratum, stage.size, stage.sampled, stage.carried, stage.parent, of_unit)
    elif pps is not None:
        joint = joint_checks(of_unit, stage.stratum, stage.size, pps)
    sample = Sample((stage,), *single, joint)
    if joint is None:
        refuse_single(survey, sample, layers, units)
    return Drawn(sample, 1 / p)
