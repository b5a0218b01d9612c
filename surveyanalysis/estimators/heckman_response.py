"""What a selection model says of outcomes: latent, of those selected, of all."""

from typing import Literal

import numpy as np

from ..errors import one_of
from .curves import Curves, exp_of, variables
from .fit import Matrix
from .normal_curves import below, mills

SelectionScale = Literal["latent", "selected", "probability", "observed"]


def heckman_response(predictors: Matrix, what: SelectionScale) -> Curves:
    """Means and probabilities of a selection model.

    Parameters
    ----------
    predictors
        x b, z g, log sigma and atanh rho at every row, shape (4, m): the order of `heckman_fit`'s parameters.
    what
        "latent": E(y) of everybody, x b. "selected": E(y | seen). "probability": of being seen. "observed": the mean of
        y where it counts as 0 unless seen, as spending does.

    Returns
    -------
    Curves
        Value (m,), derivatives (4, m) and second derivatives (4, 4, m) by the predictors. A covariate of both x and z
        acts by both: its effect on E(y | seen) is not its slope.

    Notes
    -----
    E(y | seen) = x b + rho sigma phi(z g) / Phi(z g) (Heckman 1979).

    Examples
    --------
    >>> heckman_response(np.array([[1.0], [0.0], [0.0], [np.arctanh(0.5)]]), "selected").value.round(4)
    array([1.3989])
    """
    one_of(what, ("latent", "selected", "probability", "observed"), "what")
    e, chance, log_sigma, angle = variables(np.asarray(predictors, float))
    rho = np.tanh(angle.value)
    flat = 1 - rho * rho
    return _said(what, e, chance, exp_of(log_sigma) * angle.through(rho, flat, -2 * rho * flat))


def two_step_response(predictors: Matrix, what: SelectionScale) -> Curves:
    """The same of the two-step estimate, whose coefficient of the inverse Mills ratio is a parameter.

    Parameters
    ----------
    predictors
        x b, z g and lambda at every row, shape (3, m).
    what
        As for `heckman_response`.

    Examples
    --------
    >>> two_step_response(np.array([[1.0], [0.0], [0.5]]), "selected").value.round(4)
    array([1.3989])
    """
    one_of(what, ("latent", "selected", "probability", "observed"), "what")
    return _said(what, *variables(np.asarray(predictors, float)))


def _said(what: SelectionScale, e: Curves, chance: Curves, pull: Curves) -> Curves:
    """What is asked for, from x b, z g and the coefficient of the inverse Mills ratio."""
    if what == "latent":
        return e
    if what == "probability":
        return below(chance)
    among = e + pull * mills(chance)
    return among if what == "selected" else below(chance) * among
