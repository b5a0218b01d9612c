"""Direct standardisation: every group's weights set to the composition of one population."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import DesignError
from ..estimators.fit import Vector
from ..language import both
from .margin_columns import Questions, Totals, known_margin
from .stages import Codes
from .steps import Cells

if TYPE_CHECKING:
    from .design import Design


def standardisation(
    design: "Design", over: Questions, population: Totals, by: Questions | None, answered: Questions | None
) -> Cells:
    """Weights of every group of `by` with the composition of the population, its sum of weights kept.

    Notes
    -----
    Respondents outside the domain, without an answer to `answered` or without a group have weight zero. Within group g
    the cells of `over` have the totals F_c W_g (R survey ``svystandardize``, with its arguments `by` and `over` the
    other way round).
    """
    survey = design.survey
    group, groups = _groups(design, _listed(by))
    kept = design.inside & (group >= 0) & (design.weights != 0)
    for name in _listed(answered):
        kept &= survey.column(name, "answered").notna().to_numpy()
    weights = np.where(kept, design.weights, 0.0)
    if not kept.any():
        raise DesignError("Nobody has an answer and a group: there is nothing to standardise.")
    margin = known_margin(survey, over, population, weights)
    shares = margin.totals / margin.totals.sum()
    size = np.bincount(np.maximum(group, 0), weights, len(groups))
    wanted = np.outer(size, shares).ravel()
    cell = np.where(kept, group * len(shares) + margin.codes, 0)
    names = tuple(f"{name} / {level}" if name else level for name in groups for level in margin.levels)

    def totals(w: Vector) -> Vector:
        return np.bincount(cell, np.where(kept, w, 0.0), len(wanted)).astype(float)

    def reweigh(w: Vector) -> Vector:
        return _scaled(w, kept, cell, wanted, totals(w), names)

    said = " x ".join(_listed(by))
    words = both("standardised to {q}{en}", "{q} 표준화{ko}", q=margin.name, en=f" within {said}" if said else "",
                 ko=f"({said}별)" if said else "")  # fmt: skip
    return Cells(words, reweigh, weights, reweigh(weights), names, wanted, totals, cell=cell, count=len(wanted))


def _listed(questions: Questions | None) -> list[str]:
    return [] if questions is None else [questions] if isinstance(questions, str) else list(questions)


def _groups(design: "Design", by: Sequence[str]) -> tuple[Codes, list[str]]:
    """Group of each row, -1 where it has none, and the groups' names."""
    if not by:
        return np.zeros(len(design.survey), np.intp), [""]
    columns = [design.survey.column(name, "by") for name in by]
    known = np.all([column.notna().to_numpy() for column in columns], axis=0)
    texts = [column.astype(str) for column in columns]
    keys = texts[0] if len(texts) == 1 else texts[0].str.cat(texts[1:], sep=" / ")
    codes, names = pd.factorize(keys.where(known))
    return codes.astype(np.intp), [str(name) for name in names]


def _scaled(
    w: Vector, kept: NDArray[np.bool_], cell: Codes, wanted: Vector, found: Vector, names: Sequence[str]
) -> Vector:
    """Weights scaled to the totals of their cells, zero for those who are not kept."""
    empty = (found <= 0) & (wanted > 0)
    if empty.any():
        named = ", ".join(names[i] for i in np.flatnonzero(empty)[:4])
        raise DesignError(
            f"Nobody (with a weight) is in {int(empty.sum())} cell(s) of the standard population: {named}. Merge "
            "levels, or choose a domain without them."
        )
    return np.where(kept, w * (wanted / np.where(found > 0, found, 1.0))[cell], 0.0)
