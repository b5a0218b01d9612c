"""Exact logistic regression: the distribution of a sufficient statistic given all others, counted table by table."""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Matrix, Vector

Whole = NDArray[np.int64]
STATES = 1_000_000  # partial sums held at once
DECIMALS = 6
KEYS = 2**62


@dataclass(frozen=True, slots=True)
class Conditional:
    """How often each value of the statistics occurs among the outcomes that agree in all others.

    Attributes
    ----------
    values
        Values of the statistics, in steps, shape (s, q).
    counts
        Number of outcomes with each, up to a common factor, shape (s,).
    observed
        Position of the observed value.
    unit
        How large a step of each statistic is, shape (q,).
    """

    values: Whole
    counts: Vector
    observed: int
    unit: Vector

    @property
    def certain(self) -> bool:
        """Whether the other statistics leave a single value, so that nothing can be learned."""
        return len(self.counts) == 1


@dataclass(frozen=True, slots=True)
class _Partial:
    """Partial sums after some rows: count within the matched set, then the statistics."""

    sums: Whole
    ways: Vector


def conditional(
    x: Matrix, y: Vector, tested: list[int], sets: NDArray[np.intp] | None = None, states: int = STATES
) -> Conditional:
    """Distribution of the sufficient statistics of some columns, given those of the others and the number of events.

    Parameters
    ----------
    x
        Covariates without the intercept, shape (n, k).
    y
        0 or 1, shape (n,).
    tested
        Columns whose statistics sum y x are wanted; those of the others are held at what was observed.
    sets
        Matched set of each row, shape (n,), whose number of events is held; None for one set.
    states
        Partial sums that may be held at once.

    Returns
    -------
    Conditional

    Raises
    ------
    DataError
        A column has more than six decimals, or more partial sums than `states` would have to be held; it says where.

    Notes
    -----
    Rows with equal covariates and set go together, m at a time with binomial counts; after each such group partial
    sums that are equal go on as one, and those that can no longer reach the observed statistics are dropped (Hirji,
    Mehta and Patel 1987). Columns are moved to begin at 0 and divided by their common step, which changes nothing, as
    the number of events is held.

    Examples
    --------
    >>> x = np.array([[0.0], [0], [1], [1], [1]])
    >>> found = conditional(x, np.array([0.0, 1, 1, 1, 0]), [0])
    >>> found.values.ravel().tolist(), (found.counts / found.counts.min()).tolist()
    ([1, 2, 3], [3.0, 6.0, 1.0])
    """
    order = [*tested, *(j for j in range(x.shape[1]) if j not in tested)]
    steps = [_steps(x[:, j]) for j in order]
    whole = np.stack([step for step, _ in steps], axis=1) if steps else np.zeros((len(x), 0), np.int64)
    codes = np.zeros(len(x), np.int64) if sets is None else np.asarray(sets, np.int64)
    rows, place = np.unique(np.column_stack([codes, whole]), axis=0, return_inverse=True)
    trials, events = np.bincount(place.ravel()), np.bincount(place.ravel(), y).astype(float)
    found = _count(rows, trials.astype(np.int64), events, len(tested), states)
    kept = slice(1, 1 + len(tested))
    at = (events @ rows[:, kept]).astype(np.int64)
    observed = int(np.flatnonzero((found.sums[:, kept] == at).all(axis=1))[0])
    return Conditional(found.sums[:, kept], found.ways, observed, np.array([unit for _, unit in steps[: len(tested)]]))


def _steps(column: Vector) -> tuple[Whole, float]:
    """A column as whole numbers of steps from its lowest value, and the size of a step."""
    for decimals in range(DECIMALS + 1):
        scaled = column * 10**decimals
        if np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-6):
            moved = np.rint(scaled - scaled.min()).astype(np.int64)
            step = gcd(*moved.tolist()) or 1
            return moved // step, step / 10**decimals
    raise DataError(
        f"A covariate has more than {DECIMALS} decimals (such as {column[0]!r}): every outcome would have a sum of its "
        "own. Round it, or group it."
    )


def _count(rows: Whole, trials: Whole, events: Vector, tested: int, states: int) -> _Partial:
    """Partial sums over all groups of equal rows."""
    from scipy.special import comb

    held = slice(1 + tested, None)
    goal = (events @ rows[:, 1:]).astype(np.int64)[tested:]
    partial = _Partial(np.zeros((1, rows.shape[1]), np.int64), np.ones(1))
    ends = _Ends(rows, trials, events)
    for at, (row, m) in enumerate(zip(rows, trials)):
        y = np.arange(m + 1)
        if len(partial.ways) * len(y) > 3 * states:
            raise _too_large(at, len(rows), states)
        added = y[:, None] * np.concatenate([[1], row[1:]])
        sums = (partial.sums[:, None, :] + added).reshape(-1, rows.shape[1])
        ways = (partial.ways[:, None] * comb(m, y)).ravel()
        kept = ends.reachable(at, sums[:, 0], goal - sums[:, held])
        partial = _merged(sums[kept], ways[kept], closed=ends.closes(at))
        if len(partial.ways) > states:
            raise _too_large(at, len(rows), states)
    return partial


class _Ends:
    """What the groups of rows still to come can add."""

    def __init__(self, rows: Whole, trials: Whole, events: Vector) -> None:
        self.rows, self.trials = rows, trials
        self.last = np.append(rows[1:, 0] != rows[:-1, 0], True)
        self.in_set = np.bincount(rows[:, 0], events).astype(np.int64)[rows[:, 0]]
        cumulated = np.cumsum(events).astype(np.int64)
        self.after_set = cumulated[-1] - np.array([cumulated[np.flatnonzero(rows[:, 0] == s)[-1]] for s in rows[:, 0]])
        self.left_in_set = np.array(
            [trials[at + 1 :][rows[at + 1 :, 0] == rows[at, 0]].sum() for at in range(len(rows))], np.int64
        )

    def closes(self, at: int) -> bool:
        """Whether a matched set ends with this group."""
        return bool(self.last[at])

    def reachable(self, at: int, count: Whole, missing: Whole) -> NDArray[np.bool_]:
        """Whether partial sums can still reach what is observed: the events of the set, and each held statistic."""
        events = self.in_set[at] - count
        fine = (events >= 0) & (events <= self.left_in_set[at])
        wanted = np.clip(events, 0, None) + self.after_set[at]
        held = self.rows.shape[1] - missing.shape[1]
        values = np.repeat(self.rows[at + 1 :, held:], self.trials[at + 1 :], axis=0)
        wanted = np.minimum(wanted, len(values))
        for j in range(missing.shape[1]):
            rising = np.concatenate([[0], np.cumsum(np.sort(values[:, j]))])
            falling = np.concatenate([[0], np.cumsum(np.sort(values[:, j])[::-1])])
            fine &= (missing[:, j] >= rising[wanted]) & (missing[:, j] <= falling[wanted])
        return fine


def _merged(sums: Whole, ways: Vector, closed: bool) -> _Partial:
    """Equal partial sums as one; at the end of a matched set its count starts anew."""
    if closed:
        sums = sums.copy()
        sums[:, 0] = 0
    span = sums.max(axis=0) + 1
    if float(np.prod(span.astype(float))) < KEYS:
        radix = np.concatenate([np.cumprod(span[::-1])[::-1][1:], [1]])
        _, first, place = np.unique(sums @ radix, return_index=True, return_inverse=True)
    else:
        _, first, place = np.unique(sums, axis=0, return_index=True, return_inverse=True)
    total = np.bincount(place.ravel(), ways)
    return _Partial(sums[first], total / total.max())


def _too_large(at: int, of: int, states: int) -> DataError:
    """Say how far the counting came."""
    return DataError(
        f"After {at} of {of} different rows of covariates there are more than {states:,} different partial sums: too "
        "many to count. Group numbers into few values, leave out terms, or use `firth` with its profile intervals."
    )
