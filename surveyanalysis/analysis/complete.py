"""Several number questions among those who answered all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design, as_design
from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..language import Text
from ..results import Estimates, Labels
from .bases import Data, answered
from .cautions import cautions
from .fitted import GroupFit, fitted
from .groups import By, Groups, groups_of, labels_with
from .measured import Measured
from .origins import origin_of
from .variables import columns_of, numbers


@dataclass(frozen=True)
class Complete:
    """Several number questions among those who answered all of them."""

    design: Design
    used: Design
    names: list[str]
    values: Matrix
    groups: Groups

    @property
    def labels(self) -> Labels:
        """What readers see for the questions and groups."""
        return labels_with(self.design.survey, {**dict.fromkeys(self.names, ()), **self.groups.levels})

    def fitted(self, size: int, fit: GroupFit) -> Measured:
        """Estimates of every group."""
        return fitted(self.used, self.groups.codes, self.groups.count, size, fit)

    def keys(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> dict[str, Any]:
        """The two questions and the group of every estimate; pairs first, then groups."""
        count = self.groups.count
        keys: dict[str, Any] = {
            "outcome": [self.names[i] for i in first for _ in range(count)],
            "term": [self.names[i] for i in second for _ in range(count)],
        }
        return keys | {name: own * len(first) for name, own in self.groups.levels.items()}

    def result(
        self, kind: str, what: Text, frame: Any, measured: Measured, words: Text, notes: tuple[Text, ...]
    ) -> Estimates:
        """Estimates with their origin."""
        by = self.groups.names
        notes = (*cautions(frame, by, self.labels), *notes)
        origin = origin_of(
            what, self.design, self.used, *self.names, *by, interval=words, notes=notes, failed=measured.failed
        )
        return Estimates(frame, measured.covariance, kind, "value", by, self.labels, origin)


def complete_of(data: Data, questions: str | Sequence[str], by: By) -> Complete:
    """Numbers of those who answered all of the questions, shape (m, k)."""
    design = as_design(data)
    names = columns_of(design.survey, questions)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice or not names:
        raise ChoiceError(f"`questions` names {twice!r} twice." if twice else "`questions` is empty.")
    values = np.stack([numbers(design.survey, name) for name in names], axis=1)
    groups = groups_of(design.survey, by)
    used = answered(design, ~np.isnan(values).any(axis=1) & groups.known, *names)
    return Complete(design, used, names, values[used.rows], groups)
