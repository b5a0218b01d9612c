"""Profiles of a likelihood, penalised or not: what is left when some coefficients are held."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError, ConvergenceError
from .adjusted import Adjusted
from .fit import Vector
from .newton import Solution, maximise
from .penalty import penalised_likelihood

Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ProfileInterval:
    """Ends of an interval for one coefficient."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Twice a difference of log-likelihoods, its degrees of freedom, and its p value by the chi-square distribution."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A likelihood, penalised or not, in whitened coordinates.

    Attributes
    ----------
    evaluate
        Parameters (p,) -> score equations, corrected where there is a penalty.
    start, scale
        First parameters (p,), and what the scores are measured against.
    """

    evaluate: Callable[[Vector], Adjusted]
    start: Vector
    scale: float


def profile_ends(problem: Problem, index: int, confidence: float) -> tuple[float, float]:
    """Values of one coordinate at which twice the profile has fallen by the chi-square quantile.

    Raises
    ------
    ConvergenceError
        If a maximum is not found.

    Examples
    --------
    >>> def parabola(q):
    ...     return Adjusted(float(-q @ q) / 2, 0.0, -q, np.eye(1), np.eye(1))
    >>> [round(end, 4) for end in profile_ends(Problem(parabola, np.zeros(1), 1.0), 0, 0.95)]
    [-1.96, 1.96]
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    if not 0 < confidence < 1:
        raise ChoiceError(f"`confidence` is {confidence!r}; it must lie between 0 and 1, as 0.95.")
    best = _found(maximise(penalised_likelihood(problem.evaluate), problem.start, problem.scale))
    width = float(ndtri((1 + confidence) / 2))
    error = float(np.sqrt(np.linalg.inv(best.information)[index, index]))

    def excess(value: float) -> float:
        fallen = best.value - held_at(problem, best, np.array([index]), np.array([value])).value
        return float(np.sqrt(2 * max(fallen, 0.0))) - width

    at = float(best.params[index])
    low, high = (
        float(brentq(excess, at, _far(excess, at, side * width * error), xtol=1e-10 * error)) for side in (-1, 1)
    )
    return low, high


def held_at(problem: Problem, best: Solution, held: Positions, values: Vector) -> Solution:
    """Maximum over the other coordinates while some are held at given values.

    Parameters
    ----------
    problem, best
        The likelihood, and its maximum.
    held, values
        Numbers of coordinates, and where they are held, (f,) each.

    Returns
    -------
    Solution
        `params` has the other coordinates only.

    Raises
    ------
    ConvergenceError
        If the maximum is not found.

    Examples
    --------
    >>> def bowl(q):
    ...     return Adjusted(float(-q @ q) / 2, 0.0, -q, np.eye(2), np.eye(2))
    >>> best = Solution(np.zeros(2), 0.0, np.eye(2), True)
    >>> held_at(Problem(bowl, np.zeros(2), 1.0), best, np.array([1]), np.array([2.0])).value
    -2.0
    """
    free = np.setdiff1d(np.arange(len(best.params)), held)
    whole = best.params.copy()
    whole[held] = values
    square = np.ix_(free, free)

    def evaluate(part: Vector) -> Adjusted:
        at = whole.copy()
        at[free] = part
        found = problem.evaluate(at)
        pieces = found.score[free], found.jacobian[square], found.information[square]
        return replace(found, score=pieces[0], jacobian=pieces[1], information=pieces[2])

    moved = best.information[np.ix_(free, held)] @ (values - best.params[held])
    guess = best.params[free] - np.linalg.solve(best.information[square], moved)
    with np.errstate(all="ignore"):
        found = maximise(penalised_likelihood(evaluate), guess, problem.scale)
        if not found.converged:
            found = maximise(penalised_likelihood(evaluate), best.params[free], problem.scale)
    return _found(found)


def likelihood_ratio(problem: Problem, held: Positions) -> LikelihoodRatio:
    """Test that some coordinates are zero.

    Raises
    ------
    ConvergenceError
        If a maximum is not found.

    Examples
    --------
    >>> def parabola(q):
    ...     return Adjusted(float(-(q - 2) @ (q - 2)) / 2, 0.0, 2 - q, np.eye(1), np.eye(1))
    >>> likelihood_ratio(Problem(parabola, np.zeros(1), 1.0), np.array([0])).statistic
    4.0
    """
    from scipy.special import chdtrc

    best = _found(maximise(penalised_likelihood(problem.evaluate), problem.start, problem.scale))
    statistic = max(2 * (best.value - held_at(problem, best, held, np.zeros(len(held))).value), 0.0)
    return LikelihoodRatio(statistic, len(held), float(chdtrc(len(held), statistic)))


def _far(excess: Callable[[float], float], at: float, step: float) -> float:
    """A value beyond the end, by doubling the step."""
    for _ in range(60):
        if excess(at + step) > 0:
            return at + step
        step *= 2
    raise ConvergenceError("The likelihood does not fall far enough for an end of the interval.")


def _found(solution: Solution) -> Solution:
    """A solution that has converged."""
    if not solution.converged:
        raise ConvergenceError(f"The likelihood has no maximum that could be found: {solution.message}.")
    return solution
