"""Changes of the weights after the sample was drawn, and what each does to the variance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import DesignError, SurveyError
from ..estimators.fit import Matrix, Vector
from ..language import Text
from .linearized import sums
from .replicated import ReplicateWeights, stacked
from .stages import Codes
from .weights import Diagnosis, diagnosis

Reweigh = Callable[[Vector], Vector]
CYCLES = 10  # over the margins of a raked table, as R survey


@dataclass(frozen=True, eq=False)
class Step:
    """One adjustment of the weights.

    Attributes
    ----------
    words
        What was done, for the methods sentence.
    names, wanted, totals
        Names of the margins, their totals asked for, shape (p,), and how they are counted: weights (n,) -> (p,).
    reweigh
        Weights of all rows (n,) -> adjusted weights (n,); used again on every set of replicate weights.
    before, after
        Weights of all rows around the step, shape (n,).
    """

    words: Text
    reweigh: Reweigh
    before: Vector
    after: Vector
    names: tuple[str, ...]
    wanted: Vector
    totals: Callable[[Vector], Vector]

    def diagnosis(self) -> Diagnosis:
        """Margins and spread of the weights before and after."""
        return diagnosis(self.wanted, (self.totals(self.before), self.totals(self.after)), (self.before, self.after))

    def residuals(self, scores: Matrix) -> Matrix:
        """Contributions of all rows (n, k) with what the step fixes taken out; the weights as constants here."""
        return scores

    def _by_answer(self, scores: Matrix) -> Matrix:
        """Contributions divided by the weights they hold, zero where there is no weight."""
        return scores / np.where(self.after != 0, self.after, np.inf)[:, None]


@dataclass(frozen=True, eq=False)
class Regression(Step):
    """Calibration to totals of the columns of `x`, shape (n, p).

    Notes
    -----
    Contributions w z become w (z - x b), b from the regression of z on x under the weights before the step (Deville and
    Sarndal 1992; R survey ``calibrate``).
    """

    x: Matrix

    def residuals(self, scores: Matrix) -> Matrix:
        """See Step."""
        root = np.sqrt(self.before)[:, None]
        z = self._by_answer(scores) * root
        fitted = self._basis @ (self._basis.T @ z)
        return np.where(root > 0, (z - fitted) / np.where(root > 0, root, 1), 0.0) * self.after[:, None]

    @cached_property
    def _basis(self) -> Matrix:
        """Orthonormal columns that span sqrt(w) x."""
        from scipy.linalg import qr

        scaled = self.x * np.sqrt(self.before)[:, None]
        size = np.linalg.norm(scaled, axis=0)
        q, r, _ = qr(scaled / np.where(size > 0, size, 1), mode="economic", pivoting=True)
        return q[:, np.abs(np.diag(r)) > 1e-10]


@dataclass(frozen=True, eq=False)
class Cells(Step):
    """Post-stratification: `cell` of each row, shape (n,), of `count`.

    Notes
    -----
    w z becomes w (z - mean of z in the cell under the weights before the step) (R survey ``postStratify``).
    """

    cell: Codes
    count: int

    def residuals(self, scores: Matrix) -> Matrix:
        """See Step."""
        z = self._by_answer(scores)
        size = np.bincount(self.cell, self.before, minlength=self.count)
        means = sums(z * self.before[:, None], self.cell, self.count) / np.where(size > 0, size, 1)[:, None]
        return scores - means[self.cell] * self.after[:, None]


@dataclass(frozen=True, eq=False)
class Raked(Step):
    """Raking to several margins: `cells` of each row, one array a margin, with their `counts`.

    Notes
    -----
    Ten cycles over the margins in which w z becomes w (z - plain mean of z in the category), as R survey ``rake``.
    Under weights that differ within a category this is only near the regression that `Regression` does; the same
    margins by ``calibrated(method="raking")`` give the same weights with the latter.
    """

    cells: tuple[Codes, ...]
    counts: tuple[int, ...]

    def residuals(self, scores: Matrix) -> Matrix:
        """See Step."""
        joint, owners = self._joint
        held = (self.after != 0).astype(float)
        size = np.bincount(joint, held)
        left = sums(self._by_answer(scores) * held[:, None], joint, len(size))
        taken = np.zeros_like(left)
        for _ in range(CYCLES):
            for cell, count in zip(owners, self.counts):
                people = np.bincount(cell, size, minlength=count)
                means = sums(left, cell, count) / np.where(people > 0, people, 1)[:, None]
                left = left - size[:, None] * means[cell]
                taken += means[cell]
        return scores - self.after[:, None] * taken[joint]

    @cached_property
    def _joint(self) -> tuple[Codes, list[Codes]]:
        """Cell of each row in the table of all margins crossed, and the category of each cell in every margin."""
        key, span = np.zeros(len(self.after), np.intp), 1
        for cell, count in zip(self.cells, self.counts):
            if span > 2**62 // count:
                key = np.unique(key, return_inverse=True)[1]
                span = int(key.max()) + 1
            key, span = key * count + cell, span * count
        _, first, joint = np.unique(key, return_index=True, return_inverse=True)
        return joint, [cell[first] for cell in self.cells]


@dataclass(frozen=True, eq=False)
class Responded(Step):
    """Non-response adjustment: respondents carry the weights of their class, `cell` of each row, of `count`.

    Notes
    -----
    The class totals are estimated from all who were drawn: w z of a respondent becomes w (z - m), and everybody drawn
    adds the weight before the step times m, the respondents' mean of z in the class (Oh and Scheuren 1983).
    """

    cell: Codes
    count: int
    responded: Vector

    def residuals(self, scores: Matrix) -> Matrix:
        """See Step."""
        z, held = self._by_answer(scores), self.before * self.responded
        size = np.bincount(self.cell, held, minlength=self.count)
        means = sums(z * held[:, None], self.cell, self.count) / np.where(size > 0, size, 1)[:, None]
        return scores + means[self.cell] * (self.before - self.after * self.responded)[:, None]


def reweighed(replicates: ReplicateWeights, reweigh: Reweigh) -> ReplicateWeights:
    """Replicates whose weights were adjusted one by one.

    Raises
    ------
    DesignError
        A replicate cannot be adjusted; it is named.
    """
    rows = np.arange(len(replicates.base))

    def adjusted(replicate: int) -> Vector:
        try:
            return reweigh(replicates.weights(replicate, rows))
        except SurveyError as error:
            raise DesignError(f"Replicate {replicate + 1} of {replicates.count}: {error}") from error

    columns = [adjusted(r) for r in range(replicates.count)]
    ones = np.ones(len(rows))
    return ReplicateWeights(
        stacked(columns), None, ones, replicates.scale, replicates.rscales, replicates.mse, replicates.kind,
        replicates.seed,
    )  # fmt: skip


def residual_scores(scores: Matrix, steps: Sequence[Step]) -> Matrix:
    """Contributions of all rows (n, k) after every step, the oldest first."""
    for step in steps:
        scores = step.residuals(scores)
    return scores
