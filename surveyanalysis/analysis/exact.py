"""Exact test of an r x c table: all tables with the same margins, or a seeded sample of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Vector

Counts = NDArray[np.int64]
STATES = 1_000_000
DRAWS = 100_000
TIE = 1e-7
"""Tables whose probability exceeds the observed one by less than this share count as equally likely (as in R)."""


@dataclass(frozen=True)
class Exact:
    """Fisher-Freeman-Halton p-value; `draws` is 0 and `se` 0 where all tables were counted."""

    p: float
    se: float = 0.0
    draws: int = 0


def exact_test(counts: Counts, seed: int = 1, states: int = STATES) -> Exact:
    """Probability, given the margins, of tables no more likely than the observed one.

    Parameters
    ----------
    counts
        Respondents, shape (r, c), without empty rows and columns.
    seed
        Seed of the Monte Carlo sample, where it is needed.
    states
        Most partial tables held at once; beyond it `DRAWS` tables are drawn instead.

    Returns
    -------
    Exact

    Notes
    -----
    Tables are built column by column. Partial tables with the same remaining row totals (in any order) and the same
    probability go on as one, as in the network algorithm of Mehta and Patel (1983). Monte Carlo tables come cell by
    cell from hypergeometric distributions; p = (1 + as unlikely) / (1 + draws).

    References
    ----------
    R ``fisher.test``.

    Examples
    --------
    >>> round(exact_test(np.array([[3, 1], [1, 3]])).p, 6)
    0.485714
    """
    tables = [table[:, np.argsort(table.sum(axis=0), kind="stable")] for table in (counts, counts.T)]
    for table in sorted(tables, key=lambda table: table.shape):
        found = _count_all(table, states)
        if found is not None:
            return Exact(found)
    return _draw(counts, seed)


def _log_probability_parts(table: Counts) -> tuple[float, float]:
    """Constant of the margins, and the observed table's sum of log factorials."""
    from scipy.special import gammaln

    margins = [*table.sum(axis=0), *table.sum(axis=1)]
    constant = float(gammaln(np.array(margins) + 1.0).sum() - gammaln(table.sum() + 1.0))
    return constant, float(gammaln(table + 1.0).sum())


def _count_all(table: Counts, states: int) -> float | None:
    """Exact p-value, or None where more partial tables than `states` would be held."""
    from scipy.special import gammaln

    constant, observed = _log_probability_parts(table)
    left, value, ways = table.sum(axis=1)[None, :], np.zeros(1), np.ones(1)
    columns = [int(size) for size in table.sum(axis=0)]
    for column in columns[:-2]:
        grown = _fill(left, value, ways, column, states)
        if grown is None:
            return None
        left, value, ways = _merge(*grown)
    nodes, node = np.unique(left, axis=0, return_inverse=True)
    last = _fill(nodes, np.zeros(len(nodes)), np.arange(len(nodes), dtype=np.float64), columns[-2], states)
    if last is None:
        return None
    rest, more, at = last
    more = more + gammaln(rest + 1.0).sum(axis=1)
    tail, low = _tails(at.astype(np.intp), more, node.ravel(), observed - TIE - value)
    return min(1.0, float((ways * np.exp(constant - value - low) * tail).sum()))


def _tails(nodes: Counts, values: Vector, node: Counts, least: Vector) -> tuple[Vector, Vector]:
    """For each pair of `node` and `least`: the sum of exp(low - values) over that node's values of at least `least`.

    `low` is the node's lowest value, so that nothing overflows; it is returned beside the sums.
    """
    top = float(values.max()) + 1
    step = max(1e-9, top * (int(nodes.max()) + 1) / 2**62)  # node and value share one whole number of 64 bits
    span = int(top / step) + 1
    keys = nodes * span + np.rint(values / step).astype(np.int64)
    order = np.argsort(keys)
    ends = np.searchsorted(nodes[order], node, side="right")
    steps = np.clip(np.ceil(least / step), 0, span - 1).astype(np.int64)
    starts = np.minimum(np.searchsorted(keys[order], node * span + steps), ends)
    low = values[order][np.searchsorted(nodes[order], np.arange(nodes.max() + 1))]
    terms = np.append(np.exp(low[nodes[order]] - values[order]), 0.0)
    by_node = np.argsort(node, kind="stable")  # neighbours then have near ends, so that no sum between them is long
    found = np.empty(len(node))
    found[by_node] = np.add.reduceat(terms, np.column_stack([starts, ends])[by_node].ravel())[::2]
    return np.where(starts < ends, found, 0.0), low[node]


def _fill(left: Counts, value: Vector, ways: Vector, column: int, states: int) -> tuple[Counts, Vector, Vector] | None:
    """All ways to spread one column over the rows of each partial table."""
    from scipy.special import gammaln

    left, todo = left.copy(), np.full(len(left), column)
    for row in range(left.shape[1]):
        room = left[:, row + 1 :].sum(axis=1)
        least, most = np.maximum(todo - room, 0), np.minimum(todo, left[:, row])
        size = most - least + 1
        if size.sum() > states:
            return None
        at = np.repeat(np.arange(len(left)), size)
        put = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size) + least[at]
        left, todo, ways = left[at], todo[at] - put, ways[at]
        left[:, row] -= put
        value = value[at] + gammaln(put + 1.0)
    return left, value, ways


def _merge(left: Counts, value: Vector, ways: Vector) -> tuple[Counts, Vector, Vector]:
    """Join partial tables that have the same remaining row totals, in any order, and the same probability."""
    left = np.sort(left, axis=1)
    keys = np.column_stack([left, np.rint(value * 1e9).astype(np.int64)])
    order = np.lexsort(keys.T)
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(keys[order], axis=0) != 0).any(axis=1)
    first = order[new]
    return left[first], value[first], np.add.reduceat(ways[order], np.flatnonzero(new))


def _draw(table: Counts, seed: int) -> Exact:
    """Monte Carlo p-value with its standard error."""
    from scipy.special import gammaln

    _, observed = _log_probability_parts(table)
    rng = np.random.default_rng(seed)
    left = np.repeat(table.sum(axis=1)[None, :], DRAWS, axis=0)
    value = np.zeros(DRAWS)
    for column in table.sum(axis=0)[:-1]:
        todo = np.full(DRAWS, column)
        for row in range(left.shape[1]):
            put = rng.hypergeometric(left[:, row], left[:, row + 1 :].sum(axis=1), todo)
            left[:, row] -= put
            todo -= put
            value += gammaln(put + 1.0)
    value += gammaln(left + 1.0).sum(axis=1)
    p = (1 + int((value >= observed - TIE).sum())) / (1 + DRAWS)
    return Exact(p, float(np.sqrt(p * (1 - p) / DRAWS)), DRAWS)
