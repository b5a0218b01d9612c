"""Strata with a single unit: refused where nobody said what they add."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DesignError
from ..survey import Survey
from .columns import codes_of, name_of
from .stages import Sample


def refuse_single(survey: Survey, sample: Sample, layers: Sequence[Any], units: Sequence[Any]) -> None:
    """Refuse strata with a single unit where no policy is named, and samples of one unit whatever the policy."""
    first, unit = sample.first, "cluster" if units else "respondent"
    if len(first.stratum) == 1 and first.alone.any():
        raise DesignError(f"The sample has one {unit}: no variance can be estimated from it.")
    if sample.single != "error":
        return
    for level, stage in enumerate(sample.stages):
        alone = np.flatnonzero(stage.alone)
        if not len(alone):
            continue
        if level == 0:
            stratum = codes_of(survey, layers[0], "strata")[1] if layers else ["?"]
            named = [repr(stratum[i]) for i in alone]
            where = f"{_some(named)} in {name_of(layers[0])!r}" if layers else "the sample"
        else:
            above = codes_of(survey, units[level - 1], "clusters")
            rows = np.unique(stage.parent[alone], return_index=True)[0]
            owner = sample.stages[level - 1].owners(np.arange(len(survey)))
            named = [repr(above[1][above[0][np.flatnonzero(owner == i)[0]]]) for i in rows[:6]]
            where, unit = f"{_some(named)} in {name_of(units[level - 1])!r}", "unit of the next stage"
        raise DesignError(
            f"`strata`: {where} has a single {unit}, which shows no variance. Say what it adds: single_unit='adjust' "
            "(cautious), 'average', 'remove' or 'certainty' (it stands for itself alone); or merge it with a similar "
            "stratum in the data."
        )


def _some(named: Sequence[str]) -> str:
    """The first few of a list."""
    return ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
