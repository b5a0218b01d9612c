"""How a sample was drawn, stage by stage, as codes; and the factor that each stratum's spread is worth."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector

Codes = NDArray[np.intp]
SingleUnit = Literal["error", "adjust", "average", "remove", "certainty"]
SINGLE_UNIT = ("error", "adjust", "average", "remove", "certainty")
COMPLETE = 1e-7  # of a stratum left unsampled: below it, nothing is left to chance (as R)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of drawing.

    Attributes
    ----------
    cluster
        Unit of each row, shape (n,), unique over strata; None where every row is its own.
    stratum
        Stratum of each unit, shape (units,). From the second stage on, strata lie within units of the stage before.
    size
        Units sampled in each stratum, shape (strata,).
    sampled
        Share of each stratum's units that is in the sample, shape (strata,); 0 for an infinite population.
    carried
        Product of the sampled shares of the stages before, shape (strata,).
    parent
        Unit of the stage before that each stratum lies in, shape (strata,); zeros at the first stage.
    unequal
        Inclusion probability of each unit, shape (units,), where it differs within strata; else None.
    """

    cluster: Codes | None
    stratum: Codes
    size: Vector
    sampled: Vector
    carried: Vector
    parent: Codes
    unequal: Vector | None = None

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Strata with a single unit that stands for others too, shape (strata,)."""
        left = 1 - self.sampled
        if self.unequal is not None:
            left = np.zeros(len(self.size))
            left[self.stratum] = 1 - self.unequal
        return (self.size == 1) & (left >= COMPLETE)

    def owners(self, rows: Codes) -> Codes:
        """Unit of each of these rows."""
        return rows if self.cluster is None else taken(self.cluster, rows)


@dataclass(frozen=True, slots=True)
class Sample:
    """Who was drawn with whom.

    Attributes
    ----------
    stages
        First to last; stages below a with-replacement stage are left out, since they add nothing to its variance.
    single
        What a stratum with a single unit contributes.
    single_in_domain
        Whether that holds for strata in which the domain has a single unit, too (R ``survey.adjust.domain.lonely``).
    joint
        (p_ij - p_i p_j) / p_ij of the first-stage units, shape (units, units), where joint inclusion probabilities p_ij
        are approximated; else None.
    """

    stages: tuple[Stage, ...]
    single: SingleUnit = "error"
    single_in_domain: bool = False
    joint: Matrix | None = None

    @property
    def first(self) -> Stage:
        """The first stage: it alone gives degrees of freedom."""
        return self.stages[0]

    @property
    def finite(self) -> bool:
        """Whether any stage is a sizeable share of its population."""
        return self.joint is not None or any(s.sampled.any() or s.unequal is not None for s in self.stages)

    @property
    def plain(self) -> bool:
        """Whether it is a simple random sample from an infinite population."""
        return len(self.stages) == 1 and self.first.cluster is None and len(self.first.size) == 1 and not self.finite


@dataclass(frozen=True, slots=True)
class Spread:
    """What each stratum of a stage adds to a variance.

    Attributes
    ----------
    factor
        By which the sum of squares is multiplied, shape (strata,), the earlier stages' shares included.
    centred
        Whether squares are taken around the stratum's mean (else around zero), shape (strata,).
    """

    factor: Vector
    centred: NDArray[np.bool_]


def spread_of(stage: Stage, sample: Sample, rows: Codes) -> Spread:
    """Factor and centre of every stratum for contributions of `rows`, shape (m,).

    Notes
    -----
    (1 - f) m / (m - 1) around the stratum's mean. A stratum with a single unit: "remove" and "certainty" 0; "adjust"
    (1 - f) around zero, the mean of all contributions; "average" the mean of the other strata (within the same unit of
    the stage before). The same as R survey ``onestrat``.
    """
    size = stage.size
    factor = stage.carried * np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    if stage.unequal is None:
        factor = factor * (1 - stage.sampled)
    centred = np.ones(len(size), bool)
    alone = stage.alone
    if not (alone.any() or sample.single_in_domain):
        return Spread(factor, centred)
    present = units_present(stage, rows)
    if sample.single_in_domain:
        alone = alone | ((size > 1) & (present == 1))
    if sample.single == "adjust":
        centred = ~alone
    elif sample.single == "average":
        factor = _averaged(factor, alone, present > 0, stage.parent)
    else:
        factor = np.where(alone & (size == 1), 0.0, factor)
    return Spread(factor, centred)


def _averaged(factor: Vector, alone: NDArray[np.bool_], present: NDArray[np.bool_], parent: Codes) -> Vector:
    """Factors where strata without a variance count as the mean of those with one."""
    count = int(parent.max()) + 1
    every = np.bincount(parent, present, minlength=count)
    known = np.bincount(parent, present & ~alone, minlength=count)
    if ((known == 0) & (every > 0)).any():
        raise DesignError(
            "`single_unit` is 'average', but no stratum has two clusters to average over. Use 'adjust', or merge them."
        )
    ratio = every / np.where(known > 0, known, 1)
    return np.where(alone, 0.0, factor * ratio[parent])


def units_present(stage: Stage, rows: Codes) -> Vector:
    """Units of each stratum that have any of these rows, shape (strata,)."""
    if stage.cluster is None:
        return np.bincount(stage.stratum[rows], minlength=len(stage.size)).astype(float)
    seen = np.zeros(len(stage.stratum), bool)
    seen[stage.owners(rows)] = True
    return np.bincount(stage.stratum, seen, minlength=len(stage.size)).astype(float)


def taken(column: NDArray[Any], rows: Codes) -> NDArray[Any]:
    """The `rows` (each once, in order) of a column of all rows; the column itself where they are all of them."""
    return column if len(rows) == len(column) else column[rows]


def simple_stage(n: int, sampled: float = 0.0) -> Stage:
    """The stage of a simple random sample of n rows."""
    one = np.zeros(1)
    return Stage(None, np.zeros(n, np.intp), one + n, one + sampled, one + 1, np.zeros(1, np.intp))
