"""One model under many sets of weights at once: replicates, and samples drawn again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..threads import on_one_thread
from .batched_likelihood import Batched, BinaryBatch, Cube, OrderedBatch, WeightSets
from .binary import binary_fit
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .links import LinkName, link_named
from .newton import SOLVED, STEPS, STILL, unsolved
from .ordered import ordered_fit
from .turned import Turned, turned, turned_slopes

SINGULAR = 1e-13  # part of the largest curvature below which there is none
NEAR = 1e-6  # scores this small may be solved by one step more,
LEFT = 1e-12  # where that step, if it leaves as much of them as the last one did, leaves less than this
STRAY = 30.0  # a step of so many in coordinates of size one leads nowhere
FAST = 0.01  # what a step must leave of the scores at most, or curvature is taken anew


@dataclass(frozen=True, slots=True)
class Fits:
    """What was found under each of R sets of weights.

    Attributes
    ----------
    params
        Shape (R, p); NaN where there is no solution.
    failures
        Set -> why there is none, in words.
    """

    params: Matrix
    failures: Mapping[int, str]

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Whether the score equations hold under each set, shape (R,)."""
        return np.asarray(~np.isnan(self.params).any(axis=1))


def binary_fit_many(x: Matrix, y: Vector, weights: WeightSets, link: LinkName, start: Vector) -> Fits:
    """`binary_fit` under many sets of weights.

    Parameters
    ----------
    x, y, link
        As for `binary_fit`.
    weights
        Shape (n, R), not negative; rows of weight 0 count as absent. An array, or what gives its rows by slices.
    start
        Parameters near those sought, shape (k,): of all rows under the full weights.

    Notes
    -----
    Newton's method on all sets together: gradients are one product of x' with (n, R) numbers, all curvatures one of the
    pairwise products of columns. Curvature is taken at the first two places; then, as long as a step leaves less than a
    hundredth of the scores, it serves again.
    Judged set by set as `maximise` judges; a set that is lost on the way is fitted alone.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> sets = np.array([[1.0, 1.0], [1.0, 1.0], [3.0, 3.0], [1.0, 0.0]])
    >>> found = binary_fit_many(x, np.array([0.0, 1.0, 1.0, 0.0]), sets, "logit", np.zeros(2))
    >>> found.params.round(4)[0], found.converged
    (array([0.    , 1.0986]), array([ True, False]))
    """
    # products of so many columns gain from a second processor, unlike those of one fit
    place, yes = turned(x), np.asarray(y, float)
    batch = BinaryBatch(place.rows, yes, link_named(link))
    kinds = np.column_stack([yes, 1 - yes])
    return _fits(batch, place, weights, kinds, start, lambda w: binary_fit(x, y, w, link))


@on_one_thread
def ordered_fit_many(x: Matrix, y: Codes, weights: WeightSets, levels: int, link: LinkName, start: Vector) -> Fits:
    """`ordered_fit` under many sets of weights; parameters as there, notes as for `binary_fit_many`.

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> found = ordered_fit_many(x, y, np.array([[1.0, 1.0]] * 3 + [[1.0, 0.0]]), 3, "logit", np.array([-1.0, 1.0]))
    >>> found.params.round(4)
    array([[-1.0986,  1.0986],
           [    nan,     nan]])
    >>> found.failures[1][:23]
    'Nobody chose level [2] '
    """
    place = turned_slopes(x, levels - 1)
    batch = OrderedBatch(place.rows, np.asarray(y, np.intp), link_named(link), levels)
    kinds = (np.asarray(y)[:, None] == np.arange(levels)).astype(float)
    return _fits(batch, place, weights, kinds, start, lambda w: ordered_fit(x, y, w, levels, link))


def _fits(
    batch: Batched, place: Turned, weights: WeightSets, kinds: Matrix, start: Vector, alone: Callable[[Vector], Fit]
) -> Fits:
    """Solve all sets together, then those one by one that lack a kind of answer or were lost on the way.

    `kinds`, shape (n, kinds): how much of each kind of answer a row is.
    """
    held = sum((kinds[rows].T @ weights[rows] for rows in _pieces(len(kinds))), np.zeros((1, weights.shape[1])))
    inside = np.linalg.solve(place.back, start)
    state = _State(batch, place, weights, np.tile(inside[:, None], weights.shape[1]), held)
    with np.errstate(all="ignore"):
        state.solve()
    params = (place.back @ state.q).T
    failures = {int(r): unsolved(state.error[r], quiet=False) for r in np.flatnonzero(state.apart)}
    for r in np.flatnonzero(state.lost | state.open):
        try:
            found = alone(np.concatenate([weights[rows][:, r] for rows in _pieces(weights.shape[0])]))
        except DataError as refused:
            failures[int(r)] = str(refused)
        else:
            params[r] = found.params
            if not found.converged:
                failures[int(r)] = found.message
    params[sorted(failures)] = np.nan
    return Fits(params, dict(sorted(failures.items())))


def _pieces(size: int) -> list[slice]:
    """Some slices that together hold all rows."""
    return [slice(first, first + 100_000) for first in range(0, size, 100_000)]


class _State:
    """Where the iteration stands: parameters q (p, R), and for each set its error and whether it is open or lost."""

    def __init__(self, batch: Batched, place: Turned, weights: WeightSets, q: Matrix, held: Matrix) -> None:
        self.batch, self.place, self.weights, self.q = batch, place, weights, q
        count, whole, self.size = q.shape[1], np.asarray((held > 0).all(axis=0)), held.sum(axis=0)
        self.error = np.full(count, np.inf)
        self.open, self.lost, self.apart = whole.copy(), ~whole, np.zeros(count, bool)
        self.step, self.inverse = np.zeros_like(q), np.zeros((count, len(q), len(q)))

    def solve(self) -> None:
        """Steps for all open sets together, until none is open or the steps are spent."""
        bent = np.ones(len(self.open), bool)
        for steps in range(STEPS):
            sets = np.flatnonzero(self.open)
            if not len(sets):
                return
            score, renewed = self._look(sets, steps < 2 or bool(bent[sets].any()), shared=not steps)
            error = np.abs(score).max(axis=0) / self.size[sets]
            worse = ~(error <= 2 * self.error[sets])
            self._back(sets[worse])
            kept = ~worse
            bent[sets] = worse | (error > FAST * self.error[sets])
            self._forward(sets[kept], score[:, kept], error[kept], None if renewed is None else renewed[kept])

    def _look(self, sets: NDArray[np.intp], bent: bool, shared: bool) -> tuple[Matrix, Cube | None]:
        """Scores of these sets, and where asked their curvature; at the start all stand at one place."""
        inner = self.place.inner
        raw = inner @ (self.q[:, :1] if shared else self.q[:, sets])
        if not bent:
            return inner.T @ self.batch.scores(raw, self.weights, sets), None
        score, curvature = self.batch.bent(raw, self.weights, sets)
        return inner.T @ score, inner.T @ curvature @ inner

    def _back(self, sets: NDArray[np.intp]) -> None:
        """Halve the steps that made scores larger; where nothing is left of them, the set is lost."""
        self.step[:, sets] /= 2
        self.q[:, sets] -= self.step[:, sets]
        gone = np.abs(self.step[:, sets]).max(axis=0, initial=0.0) <= 1e-9
        self._lose(sets[gone | ~np.isfinite(self.q[:, sets]).all(axis=0)])

    def _forward(self, sets: NDArray[np.intp], score: Matrix, error: Vector, curvature: Cube | None) -> None:
        """Step, and close the sets whose scores are solved and whose step is negligible; their step is taken still."""
        if curvature is not None:
            self.inverse[sets], sound = _inverses(curvature)
            self._lose(sets[~sound & (error > SOLVED)])
            self._part(sets[~sound & (error <= SOLVED)])
            sets, score, error = sets[sound], score[:, sound], error[sound]
        step = (self.inverse[sets] @ score.T[:, :, None])[:, :, 0].T
        near = np.abs(step).max(axis=0, initial=0.0) < STRAY
        self._lose(sets[~near])
        sets, score, error, step = sets[near], score[:, near], error[near], step[:, near]
        previous = self.error[sets]
        left = error * np.where(np.isfinite(previous), error / previous, 1)
        still = np.abs(step).max(axis=0, initial=0.0) <= STILL * (1 + np.abs(self.q[:, sets]).max(axis=0, initial=0.0))
        self.error[sets], self.step[:, sets] = error, step
        self.q[:, sets] += step
        exact = (error < NEAR) & (left < LEFT) | (error < SOLVED) & (error > previous / 2)
        self.open[sets[still & exact]] = False

    def _lose(self, sets: NDArray[np.intp]) -> None:
        self.open[sets], self.lost[sets] = False, True

    def _part(self, sets: NDArray[np.intp]) -> None:
        """Scores have vanished, and curvature with them."""
        self.open[sets], self.apart[sets] = False, True


def _inverses(matrices: Cube) -> tuple[Cube, NDArray[np.bool_]]:
    """Inverses, and which of the matrices are finite and positive definite."""
    try:
        np.linalg.cholesky(matrices)
        found = np.linalg.inv(matrices)
    except np.linalg.LinAlgError:
        return _sound_inverses(matrices)
    # the largest curvature by the smallest is less than the product of the two sums
    sums = np.trace(matrices, axis1=1, axis2=2) * np.trace(found, axis1=1, axis2=2)
    if not (sums < 1 / SINGULAR).all():
        return _sound_inverses(matrices)
    return np.asarray(found, float), np.ones(len(found), dtype=bool)


def _sound_inverses(matrices: Cube) -> tuple[Cube, NDArray[np.bool_]]:
    """The same where some of the matrices are not."""
    k = matrices.shape[1]
    sound = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    safe = np.where(sound[:, None, None], matrices, np.eye(k))
    curvature = np.linalg.eigvalsh(safe)
    lowest = curvature.min(axis=1, initial=np.inf) / curvature.max(axis=1, initial=1e-300)
    sound &= lowest > SINGULAR
    safe = np.where(sound[:, None, None], safe, np.eye(k))
    return np.linalg.inv(safe), sound
