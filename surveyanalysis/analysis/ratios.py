"""Ratios of totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..design.design import Design, as_design
from ..errors import DataError
from ..estimators import moments
from ..estimators.fit import Vector
from ..language import Text, both
from ..results import Estimates, Labels
from .bases import Data, answered
from .cautions import cautions
from .fitted import fitted
from .groups import By, Groups, groups_of, labels_with
from .measured import Measured, measured_frame
from .origins import interval_words, origin_of
from .variables import columns_of, numbers

RATIO = both("Ratio of totals", "총계의 비")


@dataclass(frozen=True)
class Ratios:
    """Ratios of every numerator to every denominator in every group, and what they rest on."""

    design: Design
    used: Design
    numerators: list[str]
    denominators: list[str]
    groups: Groups
    measured: Measured

    @property
    def labels(self) -> Labels:
        """What readers see for the questions and groups."""
        names = dict.fromkeys([*self.numerators, *self.denominators], ())
        return labels_with(self.design.survey, {**names, **self.groups.levels})

    @property
    def keys(self) -> dict[str, Any]:
        """Numerator, denominator and group of every estimate."""
        g, bottoms = self.groups.count, len(self.denominators)
        pairs = [(top, bottom) for top in self.numerators for bottom in self.denominators]
        keys: dict[str, Any] = {
            "outcome": [top for top, _ in pairs for _ in range(g)],
            "term": [bottom for _, bottom in pairs for _ in range(g)],
        }
        return keys | {name: own * len(self.numerators) * bottoms for name, own in self.groups.levels.items()}


def ratio(
    data: Data,
    numerator: str | Sequence[str],
    denominator: str | Sequence[str],
    *,
    by: By = None,
    confidence: float = 0.95,
) -> Estimates:
    """Estimate ratios of two totals: staff per firm, tested per enrolled.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    numerator, denominator
        Number questions; several numerators are each taken over each denominator.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "ratio"; `outcome` is the numerator, `term` the denominator. Questions first, then groups in the codebook's
        order. t intervals with the df of each group; joint covariance over all rows.

    Raises
    ------
    ChoiceError
        A question holds answer categories, not numbers.
    ColumnError, DataError
        A question does not exist; nobody answered; a denominator's total is zero.

    Notes
    -----
    Base: respondents of the domain with an answer to all of the questions (and a group); the others are counted in the
    origin. r = sum w y / sum w x; linearised contributions w (y - r x) / sum w x.

    References
    ----------
    R survey ``svyratio(..., covmat = TRUE)``, ``svyby(..., svyratio)``.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"exports": [2.0, 6.0], "sales": [10.0, 30.0]})
    >>> ratio(firms, "exports", "sales").frame["estimate"].item()
    0.2
    """
    found = ratios_of(data, numerator, denominator, by)
    return ratio_estimates("ratio", found, found.measured, RATIO, confidence)


def ratios_of(data: Data, numerator: str | Sequence[str], denominator: str | Sequence[str], by: By) -> Ratios:
    """Ratios of every pair in every group."""
    design = as_design(data)
    survey = design.survey
    tops, bottoms = columns_of(survey, numerator), columns_of(survey, denominator)
    y, x = (np.stack([numbers(survey, name) for name in names], axis=1) for names in (tops, bottoms))
    groups = groups_of(survey, by)
    known = ~np.isnan(y).any(axis=1) & ~np.isnan(x).any(axis=1) & groups.known
    used = answered(design, known, *dict.fromkeys([*tops, *bottoms]))
    top = np.repeat(y[used.rows], len(bottoms), axis=1)
    bottom = np.tile(x[used.rows], len(tops))
    group = groups.codes[used.rows]
    _refuse_zero(bottom[:, : len(bottoms)], bottoms, group, groups, used.row_weights)
    measured = fitted(
        used, groups.codes, groups.count, top.shape[1], lambda own, w: moments.ratio(top[own], bottom[own], w)
    )
    return Ratios(design, used, tops, bottoms, groups, measured)


def _refuse_zero(bottom: Any, names: Sequence[str], group: Any, groups: Groups, weights: Vector) -> None:
    """Name the denominator, and the group, whose total is zero."""
    for name, column in zip(names, bottom.T):
        present = np.bincount(group, minlength=groups.count) > 0
        zero = present & (np.bincount(group, weights * column, minlength=groups.count) == 0)
        if zero.any():
            where = f" in the group {_group_name(groups, int(np.argmax(zero)))}" if groups.names else ""
            raise DataError(f"The total of {name!r} is zero{where}: there is no ratio to it. Narrow the domain.")


def _group_name(groups: Groups, g: int) -> str:
    return " / ".join(repr(levels[g]) for levels in groups.levels.values())


def ratio_estimates(kind: str, found: Ratios, measured: Measured, what: Text, confidence: float) -> Estimates:
    """Ratios, or totals made of them, as estimates."""
    names, groups = [*found.numerators, *found.denominators], found.groups
    frame = measured_frame(measured, found.keys, groups.names, confidence=confidence, counted=False)
    origin = origin_of(
        what, found.design, found.used, *names, *groups.names, interval=interval_words("t", confidence),
        notes=cautions(frame, groups.names, found.labels), failed=measured.failed,
    )  # fmt: skip
    scale: Any = "value" if kind == "ratio" else "total"
    return Estimates(frame, measured.covariance, kind, scale, groups.names, found.labels, origin)
