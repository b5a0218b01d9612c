"""Fits that hold: separation is named, and an unsolved fit is never returned."""

from collections.abc import Callable

from ..errors import ConvergenceError
from ..estimators.fit import Fit, Matrix
from ..estimators.separation import Separation
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .responses import Response
from .separated import refuse_separation

DOUBT = 1e-5  # probabilities nearer to 0 or 1 leave in doubt whether answers overlap
MANY = 20_000  # rows above which the fit itself certifies that the outcomes overlap


def solved(response: Response, frame: ModelFrame, outcome: Outcome, separation: Callable[[], Separation | None]) -> Fit:
    """The fit, if the score equations hold; separation is named before anything else is said.

    It is looked for where the fit does not tell that the answers overlap: a concave likelihood whose scores are zero
    with a negligible next step, far from certainty in every row, has its maximum there. For very many rows such scores
    alone are taken as proof.
    """
    many = len(frame.x) > MANY
    found = response.fit(frame.x, outcome.y, frame.used.row_weights) if many or response.concave else None
    told = found is not None and found.converged and (many or _open(response.expected(found.params, frame.x)))
    if not told:
        refuse_separation(separation(), frame, outcome)
    return converged(found or response.fit(frame.x, outcome.y, frame.used.row_weights), frame)


def _open(probabilities: Matrix) -> bool:
    """Whether no answer is all but certain at anybody's covariates."""
    return bool(probabilities.min() > DOUBT and (probabilities.shape[1] > 1 or probabilities.max() < 1 - DOUBT))


def converged(found: Fit, frame: ModelFrame) -> Fit:
    """The fit, or the error where its score equations do not hold."""
    if found.converged:
        return found
    raise ConvergenceError(
        f"The model {frame.formula.source!r} has no solution for its score equations: {found.message}. Leave out "
        "terms or merge rare levels."
    )
