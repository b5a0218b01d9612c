"""What a censored or truncated normal model says of outcomes: means and probabilities, with their derivatives."""

from typing import Literal

import numpy as np

from ..errors import one_of
from .curves import Curves, exp_of, variables
from .fit import Matrix
from .normal_curves import below, finite, log_between, log_density, standing

TobitScale = Literal["latent", "observed", "uncensored", "probability"]
SCALES = ("latent", "observed", "uncensored", "probability")


def tobit_response(predictors: Matrix, what: TobitScale, *, lower: float = 0.0, upper: float = float("inf")) -> Curves:
    """Means and probabilities of a tobit, as functions of x b and log sigma.

    Parameters
    ----------
    predictors
        x b and log sigma at every row, shape (2, m).
    what
        "latent": E(y*) = x b. "observed": E(y), with the limits for those beyond. "uncensored": E(y | between the
        limits), which is also the mean of a truncated normal outcome. "probability": of being between the limits.
    lower, upper
        The limits; -inf or inf for none.

    Returns
    -------
    Curves
        Value (m,), derivatives (2, m) and second derivatives (2, 2, m) by x b and log sigma. The derivative by x b
        times a slope is that covariate's effect; `average_effects` averages it, with the Jacobian for the delta
        method.

    Raises
    ------
    ChoiceError
        `what` is none of these.

    Notes
    -----
    With A = (lower - x b) / sigma, B = (upper - x b) / sigma and P = Phi(B) - Phi(A): E(y | between) = x b + sigma
    (phi(A) - phi(B)) / P and E(y) = lower Phi(A) + upper Phi(-B) + P E(y | between), whose derivative by x b is P. The
    effect on E(y) so falls into P dE(y | between) and (E(y | between) - lower) dP, for one limit (McDonald and Moffitt
    1980, Review of Economics and Statistics 62: 318-321). Checked against c.tobit.* and numerical derivatives.

    Examples
    --------
    >>> at = np.array([[0.0], [0.0]])
    >>> [float(tobit_response(at, w).value[0].round(4)) for w in ("latent", "observed", "uncensored", "probability")]
    [0.0, 0.3989, 0.7979, 0.5]
    """
    one_of(what, SCALES, "what")
    e, log_sigma = variables(np.asarray(predictors, float))
    if what == "latent":
        return e
    sigma, every = exp_of(log_sigma), np.ones(len(e.value))
    narrow = exp_of(-log_sigma)
    low, high = (standing(narrow, e * narrow, end * every) for end in (lower, upper))
    log_p = log_between(low, high)
    if what == "probability":
        return exp_of(log_p)
    pull = exp_of(log_density(low) - log_p) - exp_of(log_density(high) - log_p)
    inside = e + sigma * pull
    if what == "uncensored":
        return inside
    ends, _ = finite(np.array([lower, upper], float))
    return below(low) * float(ends[0]) + below(-high) * float(ends[1]) + exp_of(log_p) * inside
