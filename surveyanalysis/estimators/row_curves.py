"""Functions of the linear predictor that corrections for bias are made of."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .fit import Vector
from .link import Link

Correction = Literal["mean", "jeffreys", "median"]


@dataclass(frozen=True, slots=True)
class RowCurves:
    """Values at every row, shape (n,).

    Attributes
    ----------
    log_p, first, second
        Log-likelihood of the outcome and its first two derivatives.
    omega, shift, skew
        Expected information, what the leverage is multiplied by, and the skewness that parts the median from the mean:
        each with its derivative.
    """

    log_p: Vector
    first: Vector
    second: Vector
    omega: tuple[Vector, Vector]
    shift: tuple[Vector, Vector]
    skew: tuple[Vector, Vector]


def row_curves(link: Link, e: Vector, y: Vector, correction: Correction) -> RowCurves:
    """Evaluate them at linear predictors `e` and outcomes `y`, shape (n,) each.

    Notes
    -----
    With d = dp/de, r = (log d)' and v = d (1 - 2p) / (p (1 - p)): omega = d^2 / (p (1 - p)), omega' = omega (2r - v);
    shift = omega r / 2, or omega' / 2 for "jeffreys"; skew = omega (v / 6 - r / 2).

    Examples
    --------
    >>> from .links import link_named
    >>> row_curves(link_named("probit"), np.array([1.0]), np.array([1.0]), "mean").shift[0].round(4)
    array([-0.2193])
    """
    log_p, first, second = link.outcome(e, y)
    (_, yes, yes_slope), (_, no, no_slope) = link.outcome(e, np.ones(len(e))), link.outcome(e, np.zeros(len(e)))
    omega, (tilt, tilt_slope) = link.expected(e), link.tilt(e)
    uneven, uneven_slope = yes + no, yes_slope + no_slope
    omega_slope = omega * (2 * tilt - uneven)
    if correction == "jeffreys":
        bend = omega_slope * (2 * tilt - uneven) + omega * (2 * tilt_slope - uneven_slope)
        shift = omega_slope / 2, bend / 2
    else:
        shift = omega * tilt / 2, (omega_slope * tilt + omega * tilt_slope) / 2
    third = uneven / 6 - tilt / 2
    skew = omega * third, omega_slope * third + omega * (uneven_slope / 6 - tilt_slope / 2)
    return RowCurves(log_p, first, second, (omega, omega_slope), shift, skew)
