"""The dispersion of counts: found, or told to be at a bound."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from .counts import SAME, highest
from .fit import Matrix, Vector
from .joint import Joint, joint_likelihood
from .newton import Evaluate, Solution

LEAST, MOST = -23.0, 23.0  # logarithms of dispersions that count as 0 and as infinite
NEAR = -15.0  # where the slope at 0 is taken
STARTS = (-1.0, 1.0, -3.0, 3.0)
NONE = (
    "the dispersion is at its bound 0: given the covariates the counts vary no more than Poisson counts do, and the "
    "likelihood rises until the model is the one without dispersion. Report that one; its log-likelihood is given"
)
ENDLESS = (
    "the dispersion grows without bound while the mean vanishes (the counts above 0 are as those of a logarithmic "
    "series): the two cannot be told apart. Report the model without dispersion, or fewer covariates"
)


def dispersed(joint: Joint, narrow: Solution, starts: Iterable[Vector], scale: float, *, agree: int = 1) -> Solution:
    """The maximum with a dispersion, which is the last parameter.

    Parameters
    ----------
    joint
        The likelihood.
    narrow
        The solution of the same model without dispersion, converged: where the likelihood is as the dispersion is 0.
    starts, scale, agree
        As for `highest`.

    Returns
    -------
    Solution
        With `NONE` as message and -inf as the last of `params`, after those of `narrow`, where the dispersion is 0.

    Notes
    -----
    0 is taken for the maximum where none that is higher was found and the likelihood does not rise as the dispersion
    leaves 0, or no maximum was found at all. For equal means it rises there if and only if the variance exceeds the
    mean, and then there is one maximum (Levin and Reeds 1977).

    Examples
    --------
    >>> from .counts import counts_of, joint_of
    >>> from .poisson import poisson_solution
    >>> counts = counts_of(np.ones((2, 1)), np.array([1.0, 1.0]), np.ones(2))
    >>> narrow = poisson_solution(counts)
    >>> found = dispersed(joint_of(counts, "nb2"), narrow, [np.append(narrow.params, 0.0)], 2.0)
    >>> found.converged, float(found.params[-1]), found.message == NONE
    (False, -inf, True)
    """
    evaluate = _within(joint)
    solution = highest(evaluate, starts, scale, agree=agree)
    slack = SAME * (1 + abs(narrow.value))
    if solution.value > narrow.value + slack:
        endless = not solution.converged and solution.params[-1] > MOST / 2
        return replace(solution, message=ENDLESS) if endless else solution
    with np.errstate(all="ignore"):
        rises = joint_likelihood(joint, np.append(narrow.params, NEAR))[1][-1] > 0
    if solution.converged and rises:
        return solution
    size = len(solution.params)
    return Solution(np.append(narrow.params, -np.inf), narrow.value, np.full((size, size), np.nan), False, NONE)


def with_dispersions(params: Vector, first: Sequence[float] = STARTS) -> list[Vector]:
    """Starts from a model without dispersion.

    Examples
    --------
    >>> with_dispersions(np.array([0.5]), [1.0])
    [array([0.5, 1. ])]
    """
    return [np.append(params, tau) for tau in first]


def _within(joint: Joint) -> Evaluate:
    """The likelihood, not a number where the dispersion is out of its bounds."""

    def evaluate(params: Vector) -> tuple[float, Vector, Matrix]:
        found = joint_likelihood(joint, params)
        return found if LEAST < params[-1] < MOST else (np.nan, found[1], found[2])

    return evaluate
