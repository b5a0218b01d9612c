"""What every model of counts does before and after the iteration."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .count_density import Distribution
from .count_zeros import DENSITIES, Zeros
from .curves import Curves
from .fit import Fit, Matrix, Vector
from .joint import Joint, joint_slopes
from .likelihood import check_rows, linear_map, present, spread
from .newton import Evaluate, Solution, maximise
from .whitening import coordinates

SAME = 1e-9  # log-likelihoods closer than this, relative to their size, are one maximum
ALIKE = 1e-6  # and ends without a maximum one end
LOST = 3  # so many starts that lead to one end are enough


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts with covariates of their mean, rows of weight 0 left out.

    Attributes
    ----------
    x, back
        Whitened covariates (m, k), and from their slopes to the user's (k, k).
    y, weights, offset
        Shape (m,) each.
    used, rows
        Which of how many rows these are.
    """

    x: Matrix
    back: Matrix
    y: Vector
    weights: Vector
    offset: Vector
    used: NDArray[np.bool_] | slice
    rows: int

    @property
    def constant(self) -> Vector:
        """Slopes that come nearest to 1 in every row, shape (k,)."""
        return np.asarray(self.x.sum(axis=0) / len(self.x))

    def scale(self, spread: float = 0.0) -> float:
        """What scores are measured against: the information about an intercept, and the weights at least."""
        mean = float(self.weights @ self.y / self.weights.sum())
        return float(self.weights.sum()) * max(1.0, mean / (1 + spread * mean))


def counts_of(x: Matrix, y: Vector, weights: Vector, offset: Vector | None = None) -> Counts:
    """Check counts and whiten their covariates.

    Raises
    ------
    DataError
        If counts are negative, fractional or all 0, an offset is not finite, a column depends on others, or values are
        missing.

    Examples
    --------
    >>> counts_of(np.ones((2, 1)), np.array([1.0, -2.0]), np.ones(2))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: 1 of 2 counts are negative (the smallest is -2): ...
    """
    check_rows(x, y, weights)
    moved = np.zeros(len(y)) if offset is None else np.asarray(offset, float)
    if moved.shape != y.shape or not np.isfinite(moved).all():
        raise DataError(
            "The offset must be one finite number for each row: the logarithm of an exposure above 0. Leave out rows "
            "without exposure."
        )
    used = present(weights)
    answers = np.asarray(y[used], float)
    check_counts(answers)
    z, back = coordinates(x[used])
    return Counts(z, back, answers, weights[used], moved[used], used, len(y))


def check_counts(y: Vector) -> None:
    """Refuse what is no count.

    Examples
    --------
    >>> check_counts(np.array([0.5, 1.0]))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: 1 of 2 counts are no whole number (the first is 0.5): ...
    """
    negative = int((y < 0).sum())
    if negative:
        raise DataError(
            f"{negative} of {len(y)} counts are negative (the smallest is {y.min():g}): a count is 0 or more. Recode "
            "codes for missing answers, such as -9, as missing."
        )
    broken = y != np.floor(y)
    if broken.any():
        raise DataError(
            f"{int(broken.sum())} of {len(y)} counts are no whole number (the first is {y[broken][0]:g}): rates and "
            "amounts are no counts. Use the count, with its exposure."
        )
    if not y.any():
        raise DataError(f"The count is 0 in all {len(y)} rows: there is nothing to explain. Widen the domain.")


def joint_of(counts: Counts, distribution: Distribution, zeros: Zeros = "plain", z: Matrix | None = None) -> Joint:
    """The likelihood of a model of counts: slopes of the mean, slopes of the inflation on `z`, log dispersion.

    Examples
    --------
    >>> counts = counts_of(np.ones((3, 1)), np.array([0.0, 1.0, 2.0]), np.ones(3))
    >>> len(joint_of(counts, "nb2").columns), len(joint_of(counts, "nb2", "inflated", counts.x).columns)
    (2, 3)
    """
    inflation = () if z is None else (z,)
    dispersion = () if distribution == "poisson" else (np.ones((len(counts.y), 1)),)
    density = DENSITIES[zeros]

    def curves(predictors: Matrix, rows: slice) -> Curves:
        predictors[0] += counts.offset[rows]
        return density(distribution, counts.y[rows], predictors)

    return Joint((counts.x, *inflation, *dispersion), counts.weights, curves)


def highest(evaluate: Evaluate, starts: Iterable[Vector], scale: float, *, agree: int = 1) -> Solution:
    """The highest maximum of a log-likelihood that need not be concave.

    Parameters
    ----------
    evaluate, scale
        As for `maximise`.
    starts
        Where to begin; those left are not tried once `agree` of them have led to the same, highest, maximum, or
        `LOST` of them to none.
    agree
        How many.

    Returns
    -------
    Solution
        The highest maximum; where no start led to one, the highest point, not converged.

    Notes
    -----
    Mixtures can have ends as well as maxima: directions in which a parameter grows without bound and the likelihood
    rises a little above the maximum, for the sake of a few rows. As for other mixtures a maximum goes before them.

    Examples
    --------
    >>> def two_hills(p):
    ...     near, far = np.exp(-(p + 1) ** 2), 2 * np.exp(-(p - 3) ** 2)
    ...     score = -2 * (p + 1) * near - 2 * (p - 3) * far
    ...     bend = (2 - 4 * (p + 1) ** 2) * near + (2 - 4 * (p - 3) ** 2) * far
    ...     return float((near + far)[0]), score, bend[:, None]
    >>> highest(two_hills, [np.array([-1.2]), np.array([2.6])], 1.0, agree=2).params.round(6)
    array([3.])
    """
    found: list[Solution] = []
    for start in starts:
        with np.errstate(all="ignore"):
            solution = maximise(evaluate, start, scale, concave=False)
        found.append(replace(solution, value=solution.value if np.isfinite(solution.value) else -np.inf))
        maxima = [solution for solution in found if solution.converged]
        if _as_high_as_any(maxima, SAME) >= agree or (not maxima and _as_high_as_any(found, ALIKE) >= LOST):
            break
    return max(maxima or found, key=lambda solution: solution.value)


def fitted(joint: Joint, solution: Solution, counts: Counts, *backs: Matrix) -> Fit:
    """Bring a solution to the user's coordinates.

    Parameters
    ----------
    backs
        From whitened to the user's parameters, for each predictor after the first.

    Examples
    --------
    >>> counts = counts_of(np.ones((2, 1)), np.array([1.0, 1.0]), np.ones(2))
    >>> fitted(joint_of(counts, "poisson"), Solution(np.zeros(1), -2.0, 2 * np.eye(1), True), counts).params
    array([0.])
    """
    back = np.eye(len(solution.params))
    for part, piece in zip(joint.places(), (counts.back, *backs), strict=False):
        back[part, part] = piece
    with np.errstate(all="ignore"):
        slopes = joint_slopes(joint, solution.params)
    return spread(linear_map(solution.params, slopes, solution.information, back, solution), counts.used, counts.rows)


def nowhere(fit: Fit, params: Vector, message: str) -> Fit:
    """A fit without numbers but for its parameters and log-likelihood: those of a simpler model that it runs to.

    Examples
    --------
    >>> nowhere(Fit(np.zeros(1), np.zeros((3, 1)), loglik=-2.0), np.array([0.0, -np.inf]), "at its bound").scores.shape
    (3, 2)
    """
    size = len(params)
    empty = np.full((size, size), np.nan)
    scores = np.full((len(fit.scores), size), np.nan)
    return Fit(params, scores, empty, empty, fit.loglik, False, message)


def _as_high_as_any(found: list[Solution], within: float) -> int:
    """How many solutions have the highest log-likelihood."""
    best = max((solution.value for solution in found), default=0.0)
    return sum(solution.value >= best - within * (1 + abs(best)) for solution in found)
