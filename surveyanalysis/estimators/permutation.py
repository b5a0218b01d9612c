"""Permutations of labels within blocks: all of them, or a seeded sample, and the statistics that they give."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector

Codes = NDArray[np.intp]
EVERY = 100_000  # arrangements up to which all are taken
TIE = 1e-9  # of the largest statistic: values this near count as equal
HELD = 20_000_000  # labels held at once


@dataclass(frozen=True, slots=True)
class Arranged:
    """Labels of units, arranged anew within blocks.

    Attributes
    ----------
    labels
        What comes one after the other: arrays of shape (some, units).
    count
        How many arrangements there are in all.
    every
        Whether these are all that there are, each once.
    """

    labels: Callable[[], Iterator[NDArray[np.int8]]]
    count: int
    every: bool


def arrangements(labels: Codes, blocks: Codes) -> int:
    """Number of different arrangements of the labels within blocks.

    Examples
    --------
    >>> arrangements(np.array([0, 0, 1, 1, 0, 1]), np.array([0, 0, 0, 0, 1, 1]))
    12
    """
    found = 1
    for block in np.unique(blocks):
        left = int((blocks == block).sum())
        for size in np.bincount(labels[blocks == block]):
            found *= comb(left, int(size))
            left -= int(size)
    return found


def arranged(labels: Codes, blocks: Codes, draws: int, seed: int, every: int = EVERY) -> Arranged:
    """All arrangements of labels within blocks where there are at most `every`, else a sample.

    Parameters
    ----------
    labels, blocks
        Label and block of each unit, codes from 0, shape (units,).
    draws, seed
        Of the sample.

    Examples
    --------
    >>> found = arranged(np.array([0, 1, 1]), np.zeros(3, int), 99, 1)
    >>> [part.tolist() for part in found.labels()]
    [[[0, 1, 1], [1, 0, 1], [1, 1, 0]]]
    """
    count = arrangements(labels, blocks)
    if count <= every:
        whole = _all_of(labels, blocks)
        return Arranged(lambda: iter([whole]), count, True)
    return Arranged(lambda: _drawn(labels, blocks, draws, seed), draws, False)


def share_as_far(observed: float, found: Vector, every: bool) -> tuple[float, float]:
    """p-value and its standard error: the share of statistics at least as large in absolute value as the observed one.

    Notes
    -----
    Of a sample (1 + as far) / (1 + draws), since the sample itself is one of the arrangements (Phipson and Smyth 2010).

    Examples
    --------
    >>> share_as_far(2.0, np.array([-2.0, 0.0, 1.0, 2.0]), True)
    (0.5, 0.0)
    """
    size = np.abs(found)
    far = int((size >= abs(observed) - TIE * max(float(size.max(initial=0)), abs(observed))).sum())
    if every:
        return far / len(found), 0.0
    p = (1 + far) / (1 + len(found))
    return p, float(np.sqrt(p * (1 - p) / len(found)))


def group_differences(labels: NDArray[np.int8], sums: Vector, weights: Vector) -> Vector:
    """Difference of the second group's mean from the first's, for each arrangement.

    Parameters
    ----------
    labels
        0 or 1, shape (arrangements, units).
    sums, weights
        Sum of weight times value, and of weights, of each unit, shape (units,).
    """
    means = _means(labels, sums, weights, 2)
    return np.asarray(means[:, 1] - means[:, 0])


def between_groups(labels: NDArray[np.int8], sums: Vector, weights: Vector, count: int) -> Vector:
    """Weighted sum of squares between groups, for each arrangement; parameters as of `group_differences`."""
    means = _means(labels, sums, weights, count)
    sizes = np.stack([(labels == g) @ weights for g in range(count)], axis=1)
    return np.asarray((sizes * (means - sums.sum() / weights.sum()) ** 2).sum(axis=1))


def _means(labels: NDArray[np.int8], sums: Vector, weights: Vector, count: int) -> Matrix:
    """Mean of each group, shape (arrangements, count)."""
    return np.stack([((labels == g) @ sums) / ((labels == g) @ weights) for g in range(count)], axis=1)


def _all_of(labels: Codes, blocks: Codes) -> NDArray[np.int8]:
    """Every arrangement, shape (count, units)."""
    places = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    parts = [_within(np.bincount(labels[place])) for place in places]
    rows = reduce(lambda done, n: done * n, (len(part) for part in parts), 1)
    whole, repeat = np.empty((rows, len(labels)), np.int8), rows
    for place, part in zip(places, parts):
        repeat //= len(part)
        whole[:, place] = np.tile(np.repeat(part, repeat, axis=0), (rows // (repeat * len(part)), 1))
    return whole


def _within(sizes: Codes) -> NDArray[np.int8]:
    """Every arrangement of so many labels of each kind, shape (arrangements, units)."""
    found = np.full((1, int(sizes.sum())), -1, np.int8)
    for label, size in enumerate(sizes):
        grown = []
        for row in found:
            free = np.flatnonzero(row < 0)
            for chosen in combinations(free.tolist(), int(size)):
                new = row.copy()
                new[list(chosen)] = label
                grown.append(new)
        found = np.array(grown)
    return found


def _drawn(labels: Codes, blocks: Codes, draws: int, seed: int) -> Iterator[NDArray[np.int8]]:
    """Random arrangements, a part at a time."""
    rng = np.random.default_rng(seed)
    places = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    step = max(1, HELD // len(labels))
    for first in range(0, draws, step):
        rows = min(step, draws - first)
        part = np.empty((rows, len(labels)), np.int8)
        for place in places:
            part[:, place] = rng.permuted(np.tile(labels[place].astype(np.int8), (rows, 1)), axis=1)
        yield part
