"""Replicate weights made from a design: jackknife, balanced half-samples, bootstrap."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError, DesignError, one_of
from ..estimators.fit import Matrix, Vector
from .hadamard import hadamard
from .replicated import ReplicateWeights
from .stages import COMPLETE, Sample, Stage

Resampling = Literal["JK1", "JKn", "BRR", "bootstrap", "subbootstrap", "rao_wu"]
RESAMPLING = ("JK1", "JKn", "BRR", "bootstrap", "subbootstrap", "rao_wu")
MOST = 400_000_000  # numbers held in the factors
AT_ONCE = 1_000_000  # draws counted together


def resampled(
    sample: Sample,
    weights: Vector,
    kind: Resampling,
    replicates: int,
    seed: int,
    fay: float,
    mse: bool,
) -> ReplicateWeights:
    """Replicate weights of the first-stage units.

    Parameters
    ----------
    replicates
        Number of bootstrap replicates; the other kinds give their own.
    fay
        Share of the full weight that BRR leaves to the half-sample left out.

    Notes
    -----
    JK1, JKn: each unit left out in turn, the others of its stratum times m / (m - 1); rscales (1 - f)(m - 1) / m.
    BRR: half-samples of pairs of units by a Hadamard matrix; strata with an even number of units are split in pairs.
    bootstrap: m units drawn with replacement (with a finite population without replacement from the sample repeated
    to its size; Canty and Davison 1999). subbootstrap: m - 1 drawn with replacement, times m / (m - 1) (McCarthy and
    Snowden 1985; Rao and Wu 1988). rao_wu: the same, shrunk by sqrt(1 - f). As R survey ``as.svrepdesign``.
    """
    one_of(kind, RESAMPLING, "kind")
    if sample.joint is not None or sample.first.unequal is not None:
        raise DesignError("Replicates cannot be made from a design with unequal inclusion probabilities (`pps`).")
    stage = sample.first
    if kind in ("JK1", "JKn"):
        factors, rscales, scale = _jackknife(stage, kind, sample.single)
    elif kind == "BRR":
        factors, rscales, scale = _half_samples(stage, fay)
    else:
        factors, rscales, scale = _bootstrap(stage, kind, replicates, _generator(seed))
    drawn = seed if kind in ("bootstrap", "subbootstrap", "rao_wu") else None
    name = "Fay" if kind == "BRR" and fay else kind
    return ReplicateWeights(factors, stage.cluster, weights, scale, rscales, mse, name, drawn)


def _generator(seed: int) -> np.random.Generator:
    """The generator of a seed that is a whole number."""
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise ChoiceError(
            f"`seed` is {seed!r}; it must be a whole number of at least 0, so that numbers can be repeated."
        )
    return np.random.default_rng(int(seed))


def _room(units: int, replicates: int) -> Matrix:
    """Factors of one, or the advice where they would not fit."""
    if units * replicates > MOST:
        raise DesignError(
            f"{replicates:,} replicates of {units:,} units would not fit into memory. Use a bootstrap with fewer "
            "replicates, or stay with linearised errors."
        )
    return np.ones((units, replicates))


def _jackknife(stage: Stage, kind: str, single: str) -> tuple[Matrix, Vector, float]:
    """Each unit left out in turn."""
    strata, units = len(stage.size), len(stage.stratum)
    if kind == "JK1" and strata > 1:
        raise ChoiceError(f"`kind` is 'JK1', but the design has {strata} strata. Use 'JKn'.")
    alone = stage.alone[stage.stratum]
    left = (1 - stage.sampled)[stage.stratum]
    dropped = np.flatnonzero((left >= COMPLETE) & (~alone | (single == "adjust")))
    if not len(dropped):
        raise DesignError("Everybody was sampled in every stratum: there is no variance to replicate.")
    size = stage.size[stage.stratum]
    factors = _room(units, len(dropped))
    for column, unit in enumerate(dropped):
        if alone[unit]:
            factors[:, column] = strata / (strata - 1)
        else:
            own = stage.stratum == stage.stratum[unit]
            factors[own, column] = size[unit] / (size[unit] - 1)
        factors[unit, column] = 0.0
    rscales = np.where(alone, (strata - 1) / max(strata, 1), left * (size - 1) / size)[dropped]
    scale = units / len(dropped) if single == "average" and alone.any() else 1.0
    return (factors, np.ones(len(dropped)), float(rscales[0])) if kind == "JK1" else (factors, rscales, scale)


def _half_samples(stage: Stage, fay: float) -> tuple[Matrix, Vector, float]:
    """Balanced half-samples of pairs of units."""
    if not 0 <= fay < 1:
        raise ChoiceError(f"`fay` is {fay!r}; it must lie from 0 up to below 1.")
    odd = np.flatnonzero(stage.size % 2 == 1)
    if len(odd):
        raise DesignError(
            f"'BRR' needs an even number of clusters in every stratum; {len(odd)} strata have an odd one (one has "
            f"{stage.size[odd[0]]:.0f}). Use 'JKn', or merge strata."
        )
    order = np.argsort(stage.stratum, kind="stable")
    pair, side = np.empty(len(order), np.intp), np.empty(len(order), np.intp)
    pair[order], side[order] = np.arange(len(order)) // 2, np.arange(len(order)) % 2
    matrix = hadamard(len(order) // 2 + 1)
    signs = matrix[1:][pair] * np.where(side == 0, 1, -1)[:, None]
    count = matrix.shape[1]
    _room(len(order), count)
    return np.where(signs > 0, 2 - fay, fay), np.ones(count), 1 / (count * (1 - fay) ** 2)


def _bootstrap(stage: Stage, kind: str, count: int, rng: np.random.Generator) -> tuple[Matrix, Vector, float]:
    """Units drawn again, stratum by stratum."""
    if not isinstance(count, int | np.integer) or count < 2:
        raise ChoiceError(f"`replicates` is {count!r}; a bootstrap needs a whole number of at least 2.")
    factors = _room(len(stage.stratum), int(count))
    for stratum in range(len(stage.size)):
        own = np.flatnonzero(stage.stratum == stratum)
        factors[own] = _redrawn(len(own), float(stage.sampled[stratum]), kind, int(count), rng)
    harmonic = 1 / np.mean(1 / stage.size)
    scale = harmonic / ((harmonic - 1) * (count - 1)) if kind == "bootstrap" and harmonic > 1 else 1 / (count - 1)
    return factors, np.ones(int(count)), float(scale)


def _redrawn(m: int, sampled: float, kind: str, count: int, rng: np.random.Generator) -> Matrix:
    """Factors of one stratum's m units, shape (m, count)."""
    if m == 1 or sampled >= 1 - COMPLETE:
        return np.ones((m, count))
    if kind == "bootstrap" and sampled > 0.01:
        return _without_replacement(m, round(m / sampled), count, rng)
    draws = m if kind == "bootstrap" else m - 1
    times = _times_drawn(m, draws, count, rng)
    if kind != "rao_wu":
        return np.asarray(times * (m / draws), float)
    shrunk = np.sqrt(1 - sampled)
    return np.asarray(1 + shrunk * (times * (m / draws) - 1), float)


def _times_drawn(m: int, draws: int, count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """How often each of m units is drawn with replacement, shape (m, count): counted, much faster than multinomials."""
    out = np.empty((count, m), np.intp)
    for first in range(0, count, step := max(1, AT_ONCE // draws)):
        size = min(step, count - first)
        drawn = rng.integers(0, m, (size, draws)) + m * np.arange(size)[:, None]
        out[first : first + size] = np.bincount(drawn.ravel(), minlength=size * m).reshape(size, m)
    return out.T


def _without_replacement(m: int, population: int, count: int, rng: np.random.Generator) -> Matrix:
    """m units drawn without replacement from the sample repeated, in random order, to the population's size."""
    copies = np.full(m, population // m)
    copies[rng.permutation(m)[: population % m]] += 1
    return rng.multivariate_hypergeometric(copies, m, size=count).T.astype(float)
