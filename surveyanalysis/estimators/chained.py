"""Multiple imputation by chained equations, on arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector
from .matching import matched
from .posterior import Array, Generators, augmented
from .posterior_levels import nominal_levels, ordered_levels

Rows = NDArray[np.intp]
Kind = Literal["number", "nominal", "ordered"]
LARGE = 200_000  # cells of the matrices of all chains that are computed at once: they stay near the processor
HELD = 5_000_000  # cells of all equations' columns that are kept from round to round


@dataclass(frozen=True, eq=False)
class Incomplete:
    """One answer that is missing for some, and its equation.

    Attributes
    ----------
    kind
        "number": predictive mean matching; "nominal": multinomial logit, with two levels the binary one; "ordered":
        proportional odds.
    answered, missing
        Rows with an answer, shape (n_j,), and rows to fill, shape (r,); others were not asked.
    y
        Answers of `answered`: numbers, or codes of levels from 0, shape (n_j,).
    own
        Columns of the matrix that show this answer, shape (q,).
    shown
        What they hold for each level, shape (L, q); for a number how it is scaled: ((centre, spread),).
    predictors
        Columns of its equation, the intercept first, shape (k,).
    score
        What the trace takes the mean of, for each level, shape (L,); empty for numbers.
    """

    kind: Kind
    answered: Rows
    missing: Rows
    y: Vector
    own: Rows
    shown: Matrix
    predictors: Rows
    score: Vector

    @property
    def levels(self) -> int:
        """Number of levels."""
        return len(self.shown)

    @property
    def parameters(self) -> int:
        """Parameters of the equation."""
        k = len(self.predictors)
        return {"number": k, "nominal": (self.levels - 1) * k, "ordered": self.levels - 1 + k - 1}[self.kind]

    @property
    def target(self) -> Matrix:
        """Weights of the levels in every answer, with the prior's part, shape (L, n_j); no levels for a number."""
        if self.kind == "number":
            return np.empty((0, len(self.y)))
        prior = len(self.predictors) if self.kind == "nominal" else self.parameters
        return augmented(self.y.astype(np.intp), self.levels, prior)


@dataclass(frozen=True)
class Chains:
    """What chains came to.

    Attributes
    ----------
    values
        For each incomplete answer its filled rows, shape (c, r): numbers, or codes of levels.
    trace
        Mean and standard deviation of the filled values after each round, shape (c, iterations, answers, 2).
    """

    values: tuple[Array, ...]
    trace: Array


def at_once(rows: int, columns: int) -> int:
    """How many chains are computed together, whoever computes them: few where the matrix is large."""
    return max(1, LARGE // max(rows * columns, 1))


def chained(matrix: Matrix, incomplete: Sequence[Incomplete], seeds: Sequence[Any], iterations: int,
            donors: int) -> Chains:  # fmt: skip
    """Fill what is missing, a chain for each seed.

    Parameters
    ----------
    matrix
        Columns that predict, shape (n, K), the intercept first; what stands in the rows to fill does not matter.
    seeds
        Of each chain's own generator.
    iterations
        Rounds over all incomplete answers, in the order given.
    donors
        See `matched`.

    Notes
    -----
    van Buuren and Groothuis-Oudshoorn (2011). Chains start from answers drawn at random from those given.
    """
    generators = [np.random.default_rng(seed) for seed in seeds]
    x = np.empty((matrix.shape[1], len(generators), len(matrix)))
    x[:] = np.ascontiguousarray(matrix.T)[:, None]
    values = [_first(one, generators) for one in incomplete]
    for one, filled in zip(incomplete, values):
        _show(x, one, filled)
    parts_of = _Parts(x, incomplete)
    targets = [one.target for one in incomplete]
    modes = [np.zeros((len(generators), one.parameters)) for one in incomplete]
    trace = np.empty((len(generators), iterations, len(incomplete), 2))
    for round_ in range(iterations):
        for j, one in enumerate(incomplete):
            known, wanted = parts_of(j)
            if one.kind == "number":
                values[j] = scored = one.y[matched(known, one.y, wanted, generators, donors)]
            else:
                levels = nominal_levels if one.kind == "nominal" else ordered_levels
                codes, modes[j] = levels(known, targets[j], wanted, generators, modes[j])
                values[j], scored = codes.astype(float), one.score[codes]
            _show(x, one, values[j])
            trace[:, round_, j, 0], trace[:, round_, j, 1] = scored.mean(axis=1), scored.std(axis=1)
    return Chains(tuple(values), trace)


def _first(one: Incomplete, generators: Generators) -> Array:
    """Answers drawn at random from those given, shape (c, r)."""
    return np.stack([one.y[g.integers(0, len(one.y), len(one.missing))] for g in generators])


def _show(x: Array, one: Incomplete, values: Array) -> None:
    """Write filled values into the columns that show them."""
    if one.kind == "number":
        centre, spread = one.shown[0]
        x[one.own[0]][:, one.missing] = (values - centre) / spread
        return
    codes = values.astype(np.intp)
    for column, shown in zip(one.own, one.shown.T):
        x[column][:, one.missing] = shown[codes]


class _Parts:
    """Columns of each equation for those who answered (c, k, n_j) and those who did not (c, k, r).

    Only columns that are filled in change between rounds: where memory allows, the others are copied once.
    """

    def __init__(self, x: Array, incomplete: Sequence[Incomplete]) -> None:
        self.x, self.incomplete = x, incomplete
        self.filled = {int(column) for one in incomplete for column in one.own}
        cells = sum(len(one.predictors) * (len(one.answered) + len(one.missing)) for one in incomplete)
        self.keeps, self.kept = cells * x.shape[1] <= HELD, dict[int, list[Array]]()

    def __call__(self, j: int) -> list[Array]:
        one, parts = self.incomplete[j], self.kept.get(j)
        columns = list(enumerate(one.predictors.tolist()))
        if parts is None:
            parts = [np.empty((len(columns), self.x.shape[1], len(rows))) for rows in (one.answered, one.missing)]
            if self.keeps:
                self.kept[j] = parts
        else:
            columns = [(i, column) for i, column in columns if column in self.filled]
        for part, rows in zip(parts, (one.answered, one.missing)):
            for i, column in columns:
                np.take(self.x[column], rows, axis=1, out=part[i], mode="clip")
        return [part.transpose(1, 0, 2) for part in parts]
