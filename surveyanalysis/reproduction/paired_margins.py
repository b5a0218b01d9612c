"""What two margins of the same people say about their difference: bounds, where the paired table was not printed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError
from ..language import Text, both

_LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class PairedBounds:
    """Every paired table that two margins allow.

    Attributes
    ----------
    first_count, second_count, base
        Respondents who said yes to the first question, to the second, and to either or none.
    only_first, only_second
        Discordant pairs (c and b) of each table, shape (t,), from the most overlap to the least.
    p
        Exact McNemar p-value of each, shape (t,).
    """

    first_count: int
    second_count: int
    base: int
    only_first: NDArray[np.int64]
    only_second: NDArray[np.int64]
    p: NDArray[np.float64]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a possible table: both_yes, only_first, only_second, neither, p."""
        together = self.first_count - self.only_first
        return pd.DataFrame(
            {
                "both_yes": together,
                "only_first": self.only_first,
                "only_second": self.only_second,
                "neither": self.base - together - self.only_first - self.only_second,
                "p": self.p,
            }
        )

    @property
    def p_range(self) -> tuple[float, float]:
        """Smallest and largest p-value that the margins allow."""
        return float(self.p.min()), float(self.p.max())

    @property
    def settled(self) -> bool:
        """Whether every table that the margins allow is on the same side of p = .05."""
        return bool((self.p < _LEVEL).all() or (self.p >= _LEVEL).all())

    @property
    def most_against(self) -> int | None:
        """Most respondents who can have changed against the difference with p < .05; None where p never is."""
        against = np.minimum(self.only_first, self.only_second)[self.p < _LEVEL]
        return int(against.max()) if len(against) else None

    @property
    def words(self) -> Text:
        """What the margins settle, in a sentence."""
        a, z = ((int(b), int(c)) for b, c in zip(self.only_second[[0, -1]], self.only_first[[0, -1]]))
        span = " to ".join(dict.fromkeys(map(_p, self.p_range)))
        said = self._conclusion()
        return both(
            "{n1} and {n2} of the same {n}: discordant pairs from {a} to {z}, exact McNemar p {span}; {said_en}.",
            "같은 {n}명 중 {n1}명과 {n2}명: 불일치 쌍 {a} ~ {z}, 정확 맥니마 검정 p {span_ko}; {said_ko}.",
            n1=self.first_count, n2=self.second_count, n=self.base, a=a, z=z, span=span,
            span_ko=span.replace(" to ", " ~ "), said_en=said["en"], said_ko=said["ko"],
        )  # fmt: skip

    def _conclusion(self) -> Text:
        """Whether the margins settle the comparison, and what it hangs on."""
        most = self.most_against
        if most is None:
            return both("no table they allow differs at .05", "어떤 경우에도 .05 수준에서 유의하지 않음")
        if self.settled:
            return both("p < .05 whichever table it was", "어떤 경우에도 p < .05")
        return both(
            "the margins do not settle it (p < .05 only if at most {most} changed the other way)",
            "주변합만으로는 판단할 수 없음(반대 방향 변화가 {most}명 이하일 때만 p < .05)",
            most=most,
        )

    def __repr__(self) -> str:
        return self.words["en"]


def paired_bounds(first_count: int, second_count: int, base: int) -> PairedBounds:
    """Bound a paired comparison of which only the two margins are known.

    Parameters
    ----------
    first_count, second_count
        Respondents who said yes to the first and to the second question.
    base
        Respondents who answered both.

    Returns
    -------
    PairedBounds
        Every table with these margins, with its exact McNemar p-value.

    Raises
    ------
    ChoiceError
        A count is not a whole number from 0 to `base`.

    Notes
    -----
    Frechet bounds: max(0, first + second - base) <= both <= min(first, second). With c = first - both and
    b = second - both, p = min(1, 2 P(X <= min(b, c))), X ~ Binomial(b + c, 1/2); p = 1 where nobody is discordant.

    References
    ----------
    Frechet (1960), Revue de l'Institut International de Statistique 28:10-32; McNemar (1947), Psychometrika 12:153-157.

    Examples
    --------
    >>> paired_bounds(34, 43, 57)
    34 and 43 of the same 57: discordant pairs from (9, 0) to (23, 14), exact McNemar p .0039 to .188;
    the margins do not settle it (p < .05 only if at most 4 changed the other way).
    """
    _check(first_count, second_count, base)
    most, least = min(first_count, second_count), max(0, first_count + second_count - base)
    together = np.arange(most, least - 1, -1, dtype=np.int64)
    only_first, only_second = first_count - together, second_count - together
    return PairedBounds(
        first_count, second_count, base, only_first, only_second, exact_mcnemar(only_second, only_first)
    )


def exact_mcnemar(b: NDArray[np.int64], c: NDArray[np.int64]) -> NDArray[np.float64]:
    """Two-sided exact p-value for b against c discordant pairs, element by element.

    Examples
    --------
    >>> exact_mcnemar(np.array([9]), np.array([0])).tolist()
    [0.00390625]
    """
    from scipy.special import bdtr

    pairs = b + c
    return np.where(pairs > 0, np.minimum(1.0, 2 * bdtr(np.minimum(b, c), np.maximum(pairs, 1), 0.5)), 1.0)


def _check(first_count: int, second_count: int, base: int) -> None:
    for name, count in (("first_count", first_count), ("second_count", second_count), ("base", base)):
        low = 1 if name == "base" else 0
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or not low <= count <= base:
            raise ChoiceError(f"`{name}` is {count!r}; it must be a whole number from {low} to the base, {base}.")


def _p(p: float) -> str:
    """Three decimals, or two significant digits of a smaller p-value; no leading zero."""
    if p < 0.0001:
        return "< .0001"
    return (f"{p:.3f}" if p >= 0.01 else f"{p:.2g}").removeprefix("0")
