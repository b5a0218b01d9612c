"""What is told where a share of zeros, or a coefficient of it, has no bound."""

from dataclasses import replace

import numpy as np

from .dispersion import ENDLESS, NONE
from .fit import Matrix, Vector
from .newton import Solution

NOTHING = 1e-6  # a share below it in every row is none
VANISHING = 0.01  # a share below it that has not come to rest is on its way to 0
FAR = 12.0  # a logit beyond it that has not come to rest has no bound
LONG = 6.0  # coefficients that move the logit by so much, per standard deviation, are named
GONE = (
    "the share of those whose count is always 0 runs to 0: there are no more zeros than the counts above 0 let expect. "
    "Report the model without inflation"
)


def inflation_told(solution: Solution, z: Matrix, part: slice, back: Matrix) -> Solution:
    """The solution, with what runs to a bound told in words.

    Parameters
    ----------
    solution
        In whitened coordinates.
    z, part, back
        Whitened covariates of the inflation (m, q), where its slopes stand, and the way back (q, q).

    Examples
    --------
    >>> found = Solution(np.array([0.3, -25.0]), -9.0, np.eye(2), True)
    >>> inflation_told(found, np.ones((4, 1)), slice(1, 2), np.eye(1)).message[:60]
    'the share of those whose count is always 0 runs to 0: there '
    """
    logit = z @ solution.params[part]
    share = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    if solution.message in (NONE, ENDLESS):
        return solution
    if share.max() < (NOTHING if solution.converged else VANISHING):
        return replace(solution, converged=False, message=GONE)
    if solution.converged or np.abs(logit).max() < FAR:
        return solution
    columns = _named(solution.params[part], z, back)
    return replace(
        solution,
        message=(
            "the share of those whose count is always 0 runs to 0 or 1 for some of the respondents: coefficients of "
            f"the inflation's columns {columns} (counted from 0) grow without bound. Leave out those columns"
        ),
    )


def _named(slopes: Vector, z: Matrix, back: Matrix) -> list[int]:
    """Columns whose coefficients are long for the spread that they have."""
    raw = z @ np.linalg.inv(back)
    size = np.abs(back @ slopes) * raw.std(axis=0)
    found = np.flatnonzero(size > min(LONG, size.max()) * (1 - 1e-9))
    return [int(j) for j in found]
