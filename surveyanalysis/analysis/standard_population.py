"""The population that groups are standardised to: its shares, and who is missing in the sample."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, DataError, unknown_level
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both
from ..results import Labels
from .groups import Groups


def population_shares(population: Any, cells: Groups, present: NDArray[np.intp]) -> Vector:
    """Share of every cell in the standard population, shape (cells,)."""
    if not isinstance(population, Mapping | pd.Series):
        raise ChoiceError(
            "`population` is no mapping; give {level: number of people}, with tuples for several questions."
        )
    given, levels = dict(population), cells.keys
    what = " x ".join(cells.names)
    stranger = next((key for key in given if key not in levels), None)
    if stranger is not None:
        raise unknown_level(stranger, what, levels)
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 < value < np.inf:
            raise DataError(f"`population` holds {value!r} for {name!r}; give a positive number of people, or a share.")
    absent = next((name for name, n in zip(levels, present) if n and name not in given), None)
    if absent is not None:
        n = present[levels.index(absent)]
        raise DataError(
            f"`population` has nothing for {absent!r} of {what!r}, which has {n} respondent(s). Add it, or choose a "
            "domain without it."
        )
    counts = np.array([float(given.get(name, 0.0)) for name in levels])
    return counts / counts.sum()


def refuse_empty(groups: Groups, cells: Groups, pair: NDArray[np.intp], shares: Vector) -> None:
    """Name the groups that have nobody in a cell of the population."""
    held = np.bincount(pair, minlength=groups.count * cells.count).reshape(groups.count, cells.count)
    empty = (held == 0) & (shares > 0) & held.any(axis=1, keepdims=True)
    if not empty.any():
        return
    of_cells, of_groups = cells.keys, groups.keys if groups.names else [""]
    found = [f"{of_cells[c]!r}{f' in {of_groups[g]!r}' if groups.names else ''}" for g, c in zip(*np.nonzero(empty))]
    more = f", ... ({len(found)} in all)" if len(found) > 4 else ""
    raise DataError(
        f"Nobody answered in {'; '.join(found[:4])}{more}: what the standard population has there cannot be estimated. "
        f"Merge levels of {' x '.join(cells.names)!r}, or choose a domain without them."
    )


def standard_note(shares: Vector, cells: Groups, labels: Labels) -> Text:
    """The standard population in one note."""
    names = list(cells.levels)
    said = {
        lang: ", ".join(
            f"{' / '.join(labels.level(name, cells.levels[name][c], lang) for name in names)} {100 * share:.1f}%"
            for c, share in enumerate(shares)
            if share > 0
        )
        for lang in LANGUAGES
    }
    over = {lang: " x ".join(labels.column(name, lang) for name in names) for lang in LANGUAGES}
    words = both("standardised to {en}: ", "표준화 기준({ko}): ", **over)
    return {lang: words[lang] + said[lang] for lang in LANGUAGES}
