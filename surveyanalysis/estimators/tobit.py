"""Outcomes piled up at a limit: the tobit, by weighted maximum likelihood."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Fit, Matrix, Vector
from .interval import censored_normal
from .likelihood import check_rows, present, spread

INFINITE = float("inf")


def tobit_fit(x: Matrix, y: Vector, weights: Vector, *, lower: float = 0.0, upper: float = INFINITE) -> Fit:
    """Regression of an outcome that is seen between limits only.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Outcome, shape (m,); values at or beyond a limit count as being at it.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    lower, upper
        The limits; -inf or inf for none. Without any row at a limit the fit is that of linear regression, with the
        maximum likelihood estimate of sigma.

    Returns
    -------
    Fit
        `params` = [k slopes of the latent outcome, log sigma], with observed information.

    Raises
    ------
    DataError
        Everybody is at a limit, the limits are upside down, a column depends on others, or values are missing.

    Notes
    -----
    y* = x b + sigma e with e standard normal; y = y* between the limits, and the limit beyond. Maximises the weighted
    sum of log phi((y - x b) / sigma) - log sigma between the limits, log Phi((lower - x b) / sigma) at the lower and
    log Phi((x b - upper) / sigma) at the upper one (Tobin 1958), concave in b / sigma and 1 / sigma (Olsen 1978).
    `tobit_response.tobit_response` has the effects on what is seen. Checked against R ``AER::tobit`` (c.tobit.*,
    l.tobit.*) and the printed tables of Fair's data in Kleiber and Zeileis (2008).

    References
    ----------
    Tobin 1958, Econometrica 26: 24-36; Olsen 1978, Econometrica 46: 1211-1215.

    Examples
    --------
    >>> y = np.array([0.0, 0.0, 1.0, 2.0, 3.0])
    >>> tobit_fit(np.ones((5, 1)), y, np.ones(5)).params.round(4)
    array([0.7195, 0.5859])
    """
    check_rows(x, y, weights)
    used = present(weights)
    y_used = np.asarray(y[used], float)
    side = limit_sides(y_used, lower, upper)
    if not (side == 0).any():
        raise DataError(
            f"All {len(y_used)} rows are at a limit ({int((side < 0).sum())} at the lower, {int((side > 0).sum())} at "
            "the upper): nothing is left to measure sigma by. With both limits fit a binary model of which it is, else "
            "correct the limit."
        )
    low = np.where(side < 0, -np.inf, np.minimum(y_used, upper))
    high = np.where(side > 0, np.inf, np.maximum(y_used, lower))
    return spread(censored_normal(x[used], low, high, weights[used]), used, len(x))


def limit_sides(y: Vector, lower: float, upper: float) -> NDArray[np.intp]:
    """-1 for rows at the lower limit or below, 1 for those at the upper or above, 0 between.

    Examples
    --------
    >>> limit_sides(np.array([0.0, 2.0, 9.0]), 0, 4)
    array([-1,  0,  1])
    """
    if not lower < upper:
        raise DataError(f"The lower limit is {lower:g} and the upper {upper:g}: the lower must be the smaller one.")
    return (y >= upper).astype(np.intp) - (y <= lower)
