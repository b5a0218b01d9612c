"""How the rows of a result are called, so that one can compute with them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..results import Estimates

PLAIN = r"[^\W\d][\w.]*(?:\[[^\]]*\])?(?:[|:][\w.]+)*"


@dataclass(frozen=True)
class RowNames:
    """Names of the rows of a result.

    Attributes
    ----------
    short
        Name of each row by the keys that tell rows apart.
    places
        Every name, short and full, and the position of its row.

    Notes
    -----
    A full name is ``outcome[level]|group|group:component:term``, of what there is; the short one leaves out keys, from
    the left, as long as the others still tell the rows apart: ``api00``, ``stype[E]`` or ``E``, ``api00|E`` or ``E``.
    """

    short: list[str]
    places: dict[str, int]

    @property
    def listed(self) -> list[str]:
        """Short names as an expression takes them, in backquotes where they hold signs or spaces."""
        return [name if _is_plain(name) else f"`{name}`" for name in self.short]


def row_names(result: Estimates) -> RowNames:
    """Name the rows of a result.

    Examples
    --------
    >>> from surveyanalysis.analysis.describe import mean, proportion
    >>> staff = pd.DataFrame({"age": [30, 40, 50], "team": ["a", "b", "b"]})
    >>> row_names(proportion(staff, "team")).places
    {'team[a]': 0, 'team[b]': 1, 'a': 0, 'b': 1}
    >>> list(row_names(mean(staff, "age", by="team")).places)
    ['age|a', 'age|b', 'a', 'b']
    """
    frame = result.frame
    keys = [key for key in ("outcome", "level", *result.by, "component", "term") if key in frame]
    needed = _needed(frame, keys)
    full = _names(frame, keys, result.by)
    short = [whole if _is_number(name) else name for whole, name in zip(full, _names(frame, needed, result.by))]
    return RowNames(short, {**_places(full), **_places(short)})


def _needed(frame: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Keys without which rows could not be told apart; the first where there is a single row."""
    needed = list(keys)
    for key in keys:
        rest = [name for name in needed if name != key]
        if rest and not frame.duplicated(rest).any():
            needed = rest
    return needed if len(frame) > 1 else list(keys[:1])


def _names(frame: pd.DataFrame, keys: Sequence[str], by: Sequence[str]) -> list[str]:
    return [_name(dict(zip(keys, row)), by) for row in frame[list(keys)].itertuples(index=False, name=None)]


def _name(parts: dict[str, Any], by: Sequence[str]) -> str:
    """Outcome, its level in brackets, groups after bars, component and term after colons."""
    name = str(parts.get("outcome", ""))
    if "level" in parts:
        name = f"{name}[{parts['level']}]" if name else str(parts["level"])
    groups = [str(parts[key]) for key in by if key in parts]
    name = "|".join([name, *groups] if name else groups)
    rest = [str(parts[key]) for key in ("component", "term") if key in parts]
    return ":".join([name, *rest] if name else rest)


def _places(names: list[str]) -> dict[str, int]:
    """Positions of the names that one row alone has."""
    seen = Counter(names)
    return {name: i for i, name in enumerate(names) if seen[name] == 1}


def _is_plain(name: str) -> bool:
    return re.fullmatch(PLAIN, name) is not None


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True
