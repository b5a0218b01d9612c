"""Multiple imputation by chained equations, on arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector
from .matching import matched
from .posterior import Array, Generators
from .posterior_levels import nominal_levels, ordered_levels

Rows = NDArray[np.intp]
Kind = Literal["number", "nominal", "ordered"]
LARGE = 200_000  # cells of the matrices of all chains that are computed at once: they stay near the processor


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
    x = np.repeat(matrix[None], len(generators), axis=0)
    values = [_first(one, generators) for one in incomplete]
    for one, filled in zip(incomplete, values):
        _show(x, one, filled)
    modes = [np.zeros((len(generators), one.parameters)) for one in incomplete]
    trace = np.empty((len(generators), iterations, len(incomplete), 2))
    for round_ in range(iterations):
        for j, one in enumerate(incomplete):
            values[j], modes[j] = _filled(x, one, generators, modes[j], donors)
            _show(x, one, values[j])
            scored = values[j] if one.kind == "number" else one.score[values[j].astype(np.intp)]
            trace[:, round_, j, 0], trace[:, round_, j, 1] = scored.mean(axis=1), scored.std(axis=1)
    return Chains(tuple(values), trace)


def _first(one: Incomplete, generators: Generators) -> Array:
    """Answers drawn at random from those given, shape (c, r)."""
    return np.stack([one.y[g.integers(0, len(one.y), len(one.missing))] for g in generators])


def _show(x: Array, one: Incomplete, values: Array) -> None:
    """Write filled values into the columns that show them."""
    if one.kind == "number":
        centre, spread = one.shown[0]
        x[:, one.missing, one.own[0]] = (values - centre) / spread
    else:
        x[:, one.missing[:, None], one.own[None, :]] = one.shown[values.astype(np.intp)]


def _filled(x: Array, one: Incomplete, generators: Generators, mode: Array, donors: int) -> tuple[Array, Array]:
    """New values of one answer's missing rows, and the mode of its equation."""
    known, wanted = _part(x, one.answered, one.predictors), _part(x, one.missing, one.predictors)
    if one.kind == "number":
        return one.y[matched(known, one.y, wanted, generators, donors)], mode
    levels = nominal_levels if one.kind == "nominal" else ordered_levels
    codes, mode = levels(known, one.y.astype(np.intp), one.levels, wanted, generators, mode)
    return codes.astype(float), mode


def _part(x: Array, rows: Rows, columns: Rows) -> Array:
    """Some rows and columns of every chain's matrix."""
    return np.asarray(x[:, rows][:, :, columns])
