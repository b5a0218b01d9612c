"""Scores and curvature of a likelihood under many sets of weights at once: matrix products over the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .cumulative import Codes
from .fit import Matrix, Vector
from .link import FAR, Link
from .whitening import blocks

Cube = NDArray[np.float64]
HELD = 50_000  # numbers of a block of rows by sets of weights, so that it stays in the cache


class WeightSets(Protocol):
    """Weights of rows in R sets: an array (n, R), or what gives its rows by slices."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and sets."""

    def __getitem__(self, rows: slice, /) -> Matrix: ...


class Batched(Protocol):
    """A likelihood under many sets of weights."""

    def scores(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> Matrix:
        """Gradients at `params` (p, A), one column a set of weights (or (p, 1), the same for all), shape (p, A)."""

    def bent(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> tuple[Matrix, Cube]:
        """Gradients (p, A) and negative Hessians (A, p, p)."""


def weighted_blocks(size: int, weights: WeightSets, sets: NDArray[np.intp]) -> Iterator[tuple[slice, Matrix]]:
    """Blocks of rows with their weights in the chosen sets, shape (m, A)."""
    every = len(sets) == weights.shape[1]
    for rows in blocks(size, max(256, HELD // max(len(sets), 1))):
        yield rows, weights[rows] if every else weights[rows][:, sets]


@dataclass(frozen=True, slots=True)
class BinaryBatch:
    """A binary outcome: covariates (n, k), 0/1 (n,), link."""

    x: Matrix
    y: Vector
    link: Link

    def scores(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> Matrix:
        """Gradients, shape (k, A)."""
        score = np.zeros((self.x.shape[1], len(sets)))
        for rows, w in weighted_blocks(len(self.x), weights, sets):
            part = self.x[rows]
            score += part.T @ (w * self.link.rise(part @ params, self.y[rows, None]))
        return score

    def bent(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> tuple[Matrix, Cube]:
        """Gradients (k, A) and negative Hessians (A, k, k)."""
        k = self.x.shape[1]
        score, packed = np.zeros((k, len(sets))), np.zeros((k * (k + 1) // 2, len(sets)))
        for rows, w in weighted_blocks(len(self.x), weights, sets):
            part = self.x[rows]
            first, second = self.link.rises(part @ params, self.y[rows, None])
            score += part.T @ (w * first)
            packed -= pairs(part).T @ (w * second)
        return score, unpacked(packed, k)


@dataclass(frozen=True, slots=True)
class OrderedBatch:
    """An ordered outcome: covariates (n, k), levels (n,) from 0, link, number of levels."""

    x: Matrix
    y: Codes
    link: Link
    levels: int

    def scores(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> Matrix:
        """Gradients, shape (p, A)."""
        score = np.zeros((len(params), len(sets)))
        for rows, w in weighted_blocks(len(self.x), weights, sets):
            part, own = self.x[rows], self._own(rows)
            up, down, *_ = self.link.interval_rises(*self._ends(part, rows, params))
            score += self._gradient(part, own, w * up, w * down)
        return score

    def bent(self, params: Matrix, weights: WeightSets, sets: NDArray[np.intp]) -> tuple[Matrix, Cube]:
        """Gradients (p, A) and negative Hessians (A, p, p)."""
        score, hessian = np.zeros((len(params), len(sets))), np.zeros((len(sets), len(params), len(params)))
        for rows, w in weighted_blocks(len(self.x), weights, sets):
            part, own = self.x[rows], self._own(rows)
            bends = self.link.interval_rises(*self._ends(part, rows, params))
            up, down, up_up, down_down, both = (w * bend for bend in bends)
            score += self._gradient(part, own, up, down)
            hessian += self._hessian(part, own, up_up, down_down, both)
        return score, -hessian

    def _own(self, rows: slice) -> Matrix:
        """Which level each row chose, shape (m, levels)."""
        return (self.y[rows, None] == np.arange(self.levels)).astype(float)

    def _ends(self, part: Matrix, rows: slice, params: Matrix) -> tuple[Matrix, Matrix]:
        """Thresholds below and above each row's level minus its predictor, shape (m, A); NaN where they do not rise."""
        crossed = (np.diff(params[: self.levels - 1], axis=0) <= 0).any(axis=0)
        far = np.full((1, params.shape[1]), FAR)
        cuts = np.vstack([-far, params[: self.levels - 1], far])
        predictor = np.where(crossed, np.nan, part @ params[self.levels - 1 :])
        return cuts[self.y[rows]] - predictor, cuts[self.y[rows] + 1] - predictor

    def _gradient(self, part: Matrix, own: Matrix, up: Matrix, down: Matrix) -> Matrix:
        return np.vstack([(own.T @ up)[:-1] + (own.T @ down)[1:], -(part.T @ (up + down))])

    def _hessian(self, part: Matrix, own: Matrix, up_up: Matrix, down_down: Matrix, both: Matrix) -> Cube:
        """Second derivatives: tridiagonal among thresholds; crossed with slopes; among slopes."""
        last, k, count = self.levels - 1, part.shape[1], up_up.shape[1]
        cuts = np.arange(last)
        result = np.zeros((count, last + k, last + k))
        result[:, cuts, cuts] = ((own.T @ up_up)[:-1] + (own.T @ down_down)[1:]).T
        result[:, cuts[:-1], cuts[1:]] = result[:, cuts[1:], cuts[:-1]] = (own.T @ both)[1:-1].T
        by_level = (own[:, :, None] * part[:, None, :]).reshape(len(part), -1)
        upper = (by_level.T @ (up_up + both)).reshape(self.levels, k, count)
        lower = (by_level.T @ (down_down + both)).reshape(self.levels, k, count)
        cross = -(upper[:-1] + lower[1:])
        result[:, :last, last:], result[:, last:, :last] = cross.transpose(2, 0, 1), cross.transpose(2, 1, 0)
        result[:, last:, last:] = unpacked(pairs(part).T @ (up_up + 2 * both + down_down), k)
        return result


def pairs(columns: Matrix) -> Matrix:
    """Products of all pairs of columns, the upper triangle row by row, shape (m, k (k + 1) / 2).

    Examples
    --------
    >>> pairs(np.array([[2.0, 3.0]]))
    array([[4., 6., 9.]])
    """
    k = columns.shape[1]
    result, at = np.empty((len(columns), k * (k + 1) // 2), order="F"), 0
    for j in range(k):
        np.multiply(columns[:, j:], columns[:, j, None], out=result[:, at : at + k - j])
        at += k - j
    return result


def unpacked(packed: Matrix, k: int) -> Cube:
    """Symmetric matrices (A, k, k) from their upper triangles, row by row, shape (k (k + 1) / 2, A).

    Examples
    --------
    >>> unpacked(np.array([[1.0], [2.0], [3.0]]), 2)
    array([[[1., 2.],
            [2., 3.]]])
    """
    left, right = np.triu_indices(k)
    result = np.empty((packed.shape[1], k, k))
    result[:, left, right] = result[:, right, left] = packed.T
    return result
