"""Solutions of the base search as values that print themselves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import PublishedError
from ..language import Text, both
from .count_ranges import Whole, scale, units
from .printed import Printed
from .rounding import FAIR, Mode

_SHOWN = 100


@dataclass(frozen=True, eq=False)
class Feasible:
    """Every count and base that prints a percentage.

    Attributes
    ----------
    read
        The printed percentage.
    counts, bases
        Solutions, shape (s,), by base and then count.
    works
        Whether each solution prints it under each of `rounding`, shape (s, modes).
    searched
        Smallest and largest base that were tried.
    """

    read: Printed
    counts: Whole
    bases: Whole
    works: NDArray[np.bool_]
    rounding: tuple[Mode, ...]
    searched: tuple[int, int]

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Solutions as (count, base)."""
        return tuple(zip(self.counts.tolist(), self.bases.tolist()))

    @property
    def modes(self) -> tuple[tuple[Mode, ...], ...]:
        """Rounding modes under which each solution prints the percentage."""
        names, pattern = self._patterns()
        return tuple(names[i] for i in pattern.tolist())

    def _patterns(self) -> tuple[list[tuple[Mode, ...]], NDArray[np.intp]]:
        """Every combination of modes, and which of them each solution has."""
        bits = np.arange(2 ** len(self.rounding))[:, None] >> np.arange(len(self.rounding)) & 1
        return [_named(row, self.rounding) for row in bits], self.works @ (1 << np.arange(len(self.rounding)))

    @property
    def frame(self) -> pd.DataFrame:
        """One row a solution: count, base, percent, rounding."""
        names, pattern = self._patterns()
        rounding = pd.array([", ".join(modes) for modes in names], dtype="str").take(pattern)
        percent = 100 * self.counts / self.bases
        return pd.DataFrame({"count": self.counts, "base": self.bases, "percent": percent, "rounding": rounding})

    @property
    def words(self) -> Text:
        """What was found, in a sentence; for one base that cannot print it, with its neighbours."""
        low, high = self.searched
        if len(self):
            return both("{text}: {found}.", "{text}: {found}.", text=self.read.text, found=repr(self))
        if low == high:
            return _impossible(self.read, high)
        return both(
            "{text} cannot be printed from any base from {low} to {high}.",
            "{low}~{high}명 중 어떤 인원에서도 {text}가 나올 수 없습니다.",
            text=self.read.text, low=low, high=high,
        )  # fmt: skip

    def __repr__(self) -> str:
        if not len(self):
            low, high = self.searched
            return f"none of the bases {low} to {high}" if low < high else f"no count of {high}"
        fair = [m for m in self.rounding if m in FAIR]
        few = Feasible(self.read, self.counts[:_SHOWN], self.bases[:_SHOWN], self.works[:_SHOWN], self.rounding, (1, 1))
        head = zip(few.pairs, few.modes)
        listed = [f"{c}/{n}" + ("" if fair and set(fair) <= set(m) else f" ({', '.join(m)})") for (c, n), m in head]
        more = [f"and {len(self) - _SHOWN:,} more"] if len(self) > _SHOWN else []
        return ", ".join(listed + more)


@dataclass(frozen=True, eq=False)
class JointBases:
    """Every base that prints several percentages.

    Attributes
    ----------
    reads
        The printed percentages, k of them.
    bases
        Bases that print all, shape (b,).
    low, high
        Smallest and largest count that each percentage can stand for, shape (b, k).
    together
        Whether one rounding mode of `rounding` prints them all, shape (b, modes); none: the reading mixes modes.
    each
        Whether a mode prints each percentage alone, shape (b, modes, k).
    forced
        Whether the base fits only because the prints were adjusted to their sum, shape (b,).
    """

    reads: tuple[Printed, ...]
    bases: Whole
    low: Whole
    high: Whole
    together: NDArray[np.bool_]
    each: NDArray[np.bool_]
    forced: NDArray[np.bool_]
    rounding: tuple[Mode, ...]

    def __len__(self) -> int:
        return len(self.bases)

    @property
    def mixed(self) -> NDArray[np.bool_]:
        """Whether no single rounding mode prints all percentages, shape (b,)."""
        return ~self.together.any(axis=1) & ~self.forced

    def counts(self, base: int) -> tuple[tuple[int, ...], ...]:
        """Counts that each percentage can stand for on one of `bases`."""
        if base not in self.bases:
            raise PublishedError(f"{base} is not among the bases that print all of them: {self.bases.tolist()}.")
        i = int(np.flatnonzero(self.bases == base)[0])
        return tuple(tuple(range(a, b + 1)) for a, b in zip(self.low[i].tolist(), self.high[i].tolist()))

    @property
    def frame(self) -> pd.DataFrame:
        """One row a base and percentage: base, printed, count_low, count_high, rounding, mixed, forced."""
        k = len(self.reads)
        rounding = [", ".join(self._how(i, j)) for i in range(len(self)) for j in range(k)]
        return pd.DataFrame(
            {
                "base": np.repeat(self.bases, k),
                "printed": pd.array([read.text for read in self.reads] * len(self), dtype="str"),
                "count_low": self.low.ravel(),
                "count_high": self.high.ravel(),
                "rounding": pd.array(rounding, dtype="str"),
                "mixed": np.repeat(self.mixed, k),
                "forced": np.repeat(self.forced, k),
            }
        )

    def _how(self, i: int, j: int) -> tuple[str, ...]:
        """Modes of one percentage on one base: those that print all together, else its own."""
        if self.forced[i]:
            return ("largest remainder",)
        return _named(self.together[i] if self.together[i].any() else self.each[i, :, j], self.rounding)

    def __repr__(self) -> str:
        lines = [self._line(i) for i in range(min(len(self), _SHOWN))]
        more = [f"and {len(self) - _SHOWN:,} more"] if len(self) > _SHOWN else []
        return "\n".join(lines + more) or "no base prints them all"

    def _line(self, i: int) -> str:
        pairs = zip(self.reads, self.low[i].tolist(), self.high[i].tolist(), range(len(self.reads)))
        mixed = bool(self.mixed[i])
        parts = [
            f"{r.text} = {a if a == b else f'{a} to {b}'}" + (f" ({', '.join(self._how(i, j))})" if mixed else "")
            for r, a, b, j in pairs
        ]
        end = "; mixes rounding modes" if mixed else "; adjusted to their sum" if self.forced[i] else ""
        return f"base {self.bases[i]}: {', '.join(parts)}{end}"


def _named(flags: NDArray[np.bool_], rounding: tuple[Mode, ...]) -> tuple[Mode, ...]:
    return tuple(mode for mode, works in zip(rounding, flags) if works)


def _impossible(read: Printed, base: int) -> Text:
    """Say that a base cannot print a percentage, with the counts around it."""
    below = units(read) * base // scale(read)
    shares = {c: f"{100 * c / base:.{max(read.decimals, 1)}f}" for c in (below, below + 1)}
    (a, share_a), (b, share_b) = shares.items()
    printed = f"{read.value}%"
    return both(
        "{printed} cannot be printed from {base} people: {a} are {share_a}%, {b} are {share_b}%.",
        "{base}명에서는 {printed}가 나올 수 없습니다: {a}명은 {share_a}%, {b}명은 {share_b}%입니다.",
        printed=printed, base=base, a=a, b=b, share_a=share_a, share_b=share_b,
    )  # fmt: skip
