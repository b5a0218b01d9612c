"""Fits that hold: separation is looked for first and named, and an unsolved fit is never returned."""

from collections.abc import Callable

from ..errors import ConvergenceError
from ..estimators.fit import Fit
from ..estimators.separation import Separation
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Response
from .separated import refuse_separation

MANY = 20_000  # rows above which the fit itself certifies that the outcomes overlap


def solved(response: Response, frame: ModelFrame, outcome: Outcome, separation: Callable[[], Separation | None]) -> Fit:
    """The fit, if the score equations hold; separation is looked for first, and named.

    For very many rows it is looked for only where the iteration finds no solution: scores of zero with a
    negligible next step prove that the maximum exists.
    """
    many = len(frame.x) > MANY
    if not many:
        refuse_separation(separation(), frame, outcome)
    found = response.fit(frame.x, outcome.y, frame.used.row_weights)
    if many and not found.converged:
        refuse_separation(separation(), frame, outcome)
    return converged(found, frame)


def converged(found: Fit, frame: ModelFrame) -> Fit:
    """The fit, or the error where its score equations do not hold."""
    if found.converged:
        return found
    raise ConvergenceError(
        f"The model {frame.formula.source!r} has no solution for its score equations: {found.message}. Leave out "
        "terms or merge rare levels."
    )
