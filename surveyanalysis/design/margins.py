"""A margin: a question whose levels have known totals in the population."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from .linearized import Codes
from .weights import in_replicate

SAME_SUM = 1e-6  # relative: totals that were rounded for print


@dataclass(frozen=True, slots=True)
class Margin:
    """A question and the totals of its levels.

    Attributes
    ----------
    name, levels
        Words for messages.
    codes
        Level of each row, shape (n,), from 0; any valid code where the weight is zero.
    totals
        Wanted totals, shape (number of levels,).
    """

    name: str
    levels: Sequence[str]
    codes: Codes
    totals: Vector

    def refuse_empty(self, found: Matrix) -> None:
        """Raise where respondents have no total or a total has no respondents, given weighted sums (levels, R)."""
        wanted, held = self.totals > 0, found > 0
        if (held.any(axis=1) & ~wanted).any():
            level = int(np.flatnonzero(held.any(axis=1) & ~wanted)[0])
            raise DesignError(
                f"{np.count_nonzero(self.codes == level)} respondent(s) have {self.levels[level]!r} in {self.name!r}, "
                "whose total is 0. Give its total, merge it with another level, or leave these respondents out."
            )
        empty = wanted[:, None] & ~held
        if empty.any():
            level, replicate = (int(i) for i in np.argwhere(empty)[0])
            raise DesignError(
                f"Nobody{in_replicate(replicate, found.shape[1])} has {self.levels[level]!r} in {self.name!r}, whose "
                f"total is {self.totals[level]:,.10g}. Merge it with a similar level, in the answers and the totals."
            )


def checked_margin(codes: Codes, totals: Vector, name: str, levels: Sequence[str], weights: Matrix) -> Margin:
    """Build a margin from what was given, for weights of shape (n, R)."""
    return Margin(name, levels, checked_codes(codes, name, len(levels), weights), _totals(totals, name, levels))


def checked_codes(codes: Codes, name: str, count: int, weights: Matrix) -> Codes:
    """Codes of rows, shape (n,); missing (negative) ones are refused where the weight is positive, else become 0."""
    codes = np.asarray(codes)
    if codes.shape != (len(weights),) or codes.dtype.kind not in "iu":
        raise DesignError(
            f"{name!r} needs one whole number for each of {len(weights)} rows, the position of its level; it has shape "
            f"{codes.shape} of {codes.dtype}."
        )
    if codes.max() >= count:
        raise DesignError(f"{name!r} has code {codes.max()}, but only {count} levels (codes from 0).")
    missing = codes < 0 if codes.min() < 0 else None
    if missing is None:
        return codes
    asked = np.flatnonzero(missing & (weights > 0).any(axis=1))
    if len(asked):
        raise DesignError(
            f"{name!r} is missing for {len(asked)} respondent(s) who have a weight, the first at position {asked[0]} "
            "(counted from 0). Fill it in, or give them weight zero."
        )
    return np.where(missing, 0, codes)


def _totals(totals: Vector, name: str, levels: Sequence[str]) -> Vector:
    """Totals of the levels, finite and not negative."""
    values = np.asarray(totals, float)
    if values.shape != (len(levels),):
        raise DesignError(f"{name!r} has {len(levels)} levels but totals of shape {values.shape}; give one a level.")
    for what, wrong in (("missing or no number", ~np.isfinite(values)), ("negative", values < 0)):
        if wrong.any():
            level = int(np.flatnonzero(wrong)[0])
            raise DesignError(
                f"The total of {levels[level]!r} in {name!r} is {what} ({values[level]:g}). Give the number of people "
                "(or units) of every level in the population."
            )
    if not values.any():
        raise DesignError(f"The totals of {name!r} are all zero. Give the population's numbers.")
    return values


def one_sum(margins: Sequence[Margin]) -> list[Vector]:
    """Totals of every margin brought to the sum of the first; sums that differ by more than rounding are refused."""
    size = margins[0].totals.sum()
    for margin in margins[1:]:
        if abs(margin.totals.sum() - size) > SAME_SUM * size:
            raise DesignError(
                f"The totals of {margins[0].name!r} sum to {size:,.10g}, those of {margin.name!r} to "
                f"{margin.totals.sum():,.10g}. They must be totals of one population: look for a level left out, other "
                "years or age limits; shares must be multiplied by the population first."
            )
    return [margin.totals * (size / margin.totals.sum()) for margin in margins]
