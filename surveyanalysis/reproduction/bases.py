"""Which respondents a printed percentage can come from: every count and base that prints it, alone or jointly.

The idea is that of the GRIM test (Brown and Heathers 2017, Social Psychological and Personality Science 8:363-369) for
percentages: a share of n people is a fraction with denominator n, and few fractions round to what was printed.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError, PublishedError, one_of
from .count_ranges import Whole, apportioned, count_range, percentage
from .feasible import Feasible, JointBases
from .printed import Printed
from .rounding import FAIR, MODES, Mode

Answers = Literal["several", "one", "complete"]


def feasible_counts(
    printed: str,
    base_max: int | None = None,
    *,
    base: int | None = None,
    base_min: int = 1,
    rounding: Sequence[Mode] = FAIR,
) -> Feasible:
    """List every count and base that can print a percentage.

    Parameters
    ----------
    printed
        As printed: "35.3%", "35.3", "Sixty percent".
    base_max, base_min
        Bases to try.
    base
        The one base to try, instead of `base_max`.
    rounding
        Modes to allow: "half_up", "half_even", "truncate", "ceil".

    Returns
    -------
    Feasible
        Solutions, each with the modes under which it prints the percentage.

    Raises
    ------
    PublishedError
        `printed` is no percentage.
    ChoiceError
        No base to try, or an unknown mode.

    Notes
    -----
    Whole-number arithmetic: a tie is a tie. Bases may be responses rather than persons: whether they can be is not
    decided here.

    Examples
    --------
    >>> feasible_counts("35.3%", base_max=57)
    6/17, 12/34, 18/51
    >>> feasible_counts("35.3%", base=57).words["en"]
    '35.3% cannot be printed from 57 people: 20 are 35.1%, 21 are 36.8%.'
    """
    bases = _bases(base_max, base, base_min)
    modes = _modes(rounding)
    read = percentage(printed, int(bases[-1]))
    low, high = _ranges((read,), bases, modes)
    counts, at = _expanded(low[:, :, 0].min(axis=0), high[:, :, 0].max(axis=0))
    works = ((low[:, at, 0] <= counts) & (counts <= high[:, at, 0])).T
    kept = works.any(axis=1)
    return Feasible(read, counts[kept], bases[at[kept]], works[kept], modes, (int(bases[0]), int(bases[-1])))


def feasible_bases(
    printed: Sequence[str],
    base_max: int | None = None,
    *,
    base: int | None = None,
    base_min: int = 1,
    rounding: Sequence[Mode] = FAIR,
    answers: Answers = "several",
    forced_to: int | None = None,
) -> JointBases:
    """List every base from which several percentages can all have been printed.

    Parameters
    ----------
    printed
        Percentages of the same respondents.
    base_max, base_min, base, rounding
        As in `feasible_counts`.
    answers
        "several": nothing ties the counts (several questions, or several answers a person); "one": answers to one
        question, one a person, so that the counts sum to no more than the base; "complete": all answers to it.
    forced_to
        100 where the prints may have been adjusted to sum to 100 by largest remainders (then `answers` is "complete").

    Returns
    -------
    JointBases
        With the counts of each percentage, the modes that print all together, and whether a reading mixes modes.

    Raises
    ------
    PublishedError
        A text is no percentage; with `forced_to`, they do not sum to it or have different decimals.

    Examples
    --------
    >>> feasible_bases(["35.3", "55"], base_max=57)
    base 51: 35.3 = 18, 55 = 28
    >>> feasible_bases(["58.6", "31.0", "10.4"], base_max=59, base_min=30, forced_to=100)
    base 58: 58.6 = 34, 31.0 = 18, 10.4 = 6; adjusted to their sum
    """
    one_of(answers, ("several", "one", "complete"), "answers")
    bases = _bases(base_max, base, base_min)
    modes = _modes(rounding)
    reads = tuple(percentage(text, int(bases[-1])) for text in _several(printed))
    low, high = _ranges(reads, bases, modes)
    kind: Answers = "complete" if forced_to is not None else answers
    each = low <= high
    together = _fits(low, high, bases, kind)
    low, high = _narrowed(low.min(axis=0), high.max(axis=0), bases, kind)
    fits = _fits(low[None], high[None], bases, kind)[0]
    forced = np.zeros(len(bases), bool)
    if forced_to is not None:
        _check_sum(reads, forced_to)
        counts, adjusted = apportioned(reads, bases)
        forced = adjusted & ~fits
        low, high = (np.where(forced[:, None], counts, ends) for ends in (low, high))
    kept = fits | forced
    return JointBases(
        reads, bases[kept], low[kept], high[kept], together.T[kept], each.transpose(1, 0, 2)[kept], forced[kept], modes
    )


def _bases(base_max: int | None, base: int | None, base_min: int) -> Whole:
    """Bases to try, in order."""
    if (base is None) == (base_max is None):
        raise ChoiceError("Give either `base_max` (every base up to it) or `base` (that one), such as base_max=57.")
    first, last = (base, base) if base is not None else (base_min, base_max)
    if not all(isinstance(end, int | np.integer) for end in (first, last)):
        raise ChoiceError(f"Bases are whole numbers of people, not {first!r} and {last!r}.")
    if first is None or last is None or not 1 <= first <= last:
        raise ChoiceError(f"There is no base from {first} to {last}. Bases are at least 1.")
    return np.arange(first, last + 1, dtype=np.int64)


def _modes(rounding: Sequence[Mode]) -> tuple[Mode, ...]:
    words = (rounding,) if isinstance(rounding, str) else tuple(rounding)
    if not words:
        raise ChoiceError(f"`rounding` is empty. Choose among: {', '.join(MODES)}.")
    return tuple(one_of(mode, MODES, "rounding") for mode in words)


def _several(printed: Sequence[str]) -> list[str]:
    listed = [printed] if isinstance(printed, str) else list(printed)
    if not listed:
        raise ChoiceError("`printed` is empty. Give the percentages that share a base.")
    return listed


def _ranges(reads: tuple[Printed, ...], bases: Whole, modes: tuple[Mode, ...]) -> tuple[Whole, Whole]:
    """Low and high counts, shape (modes, b, k); where there is none, low is n + 1 and high is -1."""
    ends = np.array([[count_range(read, bases, mode) for read in reads] for mode in modes])
    low, high = ends[:, :, 0].swapaxes(1, 2), ends[:, :, 1].swapaxes(1, 2)
    none = low > high
    return np.where(none, bases[:, None] + 1, low), np.where(none, -1, high)


def _expanded(low: Whole, high: Whole) -> tuple[Whole, NDArray[np.intp]]:
    """Every count from low to high, and the position of its base."""
    size = np.maximum(high - low + 1, 0)
    at = np.repeat(np.arange(len(size)), size)
    start = np.repeat(np.cumsum(size) - size, size)
    return low[at] + np.arange(len(at)) - start, at


def _fits(low: Whole, high: Whole, bases: Whole, answers: Answers) -> NDArray[np.bool_]:
    """Whether counts within the ranges exist that sum as `answers` says, shape (modes, b)."""
    fits: NDArray[np.bool_] = np.all(low <= high, axis=2)
    if answers != "several":
        fits &= low.sum(axis=2) <= bases
    if answers == "complete":
        fits &= high.sum(axis=2) >= bases
    return fits


def _narrowed(low: Whole, high: Whole, bases: Whole, answers: Answers) -> tuple[Whole, Whole]:
    """Ranges cut to what the sum leaves to each count."""
    others_low = low.sum(axis=1, keepdims=True) - low
    others_high = high.sum(axis=1, keepdims=True) - high
    n = bases[:, None]
    top = high if answers == "several" else np.minimum(high, n - others_low)
    return (np.maximum(low, n - others_high) if answers == "complete" else low), top


def _check_sum(reads: tuple[Printed, ...], forced_to: int) -> None:
    total = sum(read.value for read in reads)
    if forced_to != 100 or total != 100 or len({read.decimals for read in reads}) > 1:
        listed = ", ".join(read.text for read in reads)
        raise PublishedError(
            f"{listed} sum to {total}: percentages that were adjusted to a sum have the same decimals and sum to 100."
        )
