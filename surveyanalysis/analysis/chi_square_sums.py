"""Upper tails of weighted sums of chi-squares, over another chi-square or alone: what Rao-Scott statistics follow."""

from collections.abc import Callable

import numpy as np

from ..estimators.fit import Vector
from .cumulants import difference

NEAR_MEAN = 1e-4  # of the saddlepoint: below it two moments are matched instead (as R)
EXACT = 1e-13  # relative step between two halvings at which an integral is done


def satterthwaite(x: float, weights: Vector, df: float = np.inf) -> float:
    """P(sum of weights_i chi2_1 > x chi2_df / df), the sum matched by its first two moments.

    Examples
    --------
    >>> round(satterthwaite(5.99, np.array([1.0, 1.0])), 3)
    0.05
    """
    from scipy.special import chdtrc, fdtrc

    mean, d = weights.sum(), weights.sum() ** 2 / (weights**2).sum()
    return float(chdtrc(d, d * x / mean) if np.isinf(df) else fdtrc(d, df, x / mean))


def saddlepoint(x: float, weights: Vector, df: float = np.inf) -> float:
    """P(sum of weights_i chi2_1 > x chi2_m / df) by the saddlepoint approximation.

    Parameters
    ----------
    x
        Statistic, not negative.
    weights
        Positive, shape (k,).
    df
        Degrees of freedom of the chi-square below; infinite for none.

    Returns
    -------
    float
        Right far in the tail too, where the error relative to it stays bounded.

    Notes
    -----
    m is the whole part of df, as in R (which may lose one of a df that is whole but for rounding). Lugannani and Rice's
    formula in Barndorff-Nielsen's form: 1 - Phi(w + log(v / w) / w) at the root z of K'(z) = 0, K the cumulant
    generating function of the difference of both sides, w = sign(z) sqrt(-2 K(z)) and v = z sqrt(K''(z)) (Kuonen 1999;
    R survey ``pFsum``, ``pchisqsum``). Near z = 0 the formula divides nothing by nothing, and `satterthwaite` stands
    in, as in R. z is found to 1e-8 from R's ends, so that the digits are R's; farther in the tail than R goes, to the
    last digit.

    Examples
    --------
    >>> round(saddlepoint(5.99, np.array([1.0, 1.0])), 3)
    0.051
    """
    from scipy.special import ndtr

    if x <= 0:
        return 1.0
    gap = difference(x, weights, df)
    z = gap.root()
    if abs(z) < NEAR_MEAN:
        return satterthwaite(x, weights, df)
    w = np.sign(z) * np.sqrt(-2 * gap.log_mgf(z).real)
    return float(ndtr(-(w + np.log(z * np.sqrt(gap.curvature(z)) / w) / w)))


def tail(x: float, weights: Vector, df: float = np.inf) -> float:
    """P(sum of weights_i chi2_1 > x chi2_m / df), exact but for the last digits, however far in the tail.

    Parameters
    ----------
    x, weights, df
        As for `saddlepoint`.

    Notes
    -----
    The inversion of exp(K(s)) / s along a path that crosses the real axis where that function has its least value, so
    that no digit is lost in the tail (Rice 1980), by the trapezoidal rule, halved until nothing moves. Imhof (1961) and
    Davies (1980; R ``CompQuadForm::davies``, behind ``svychisq(statistic = "lincom")``) invert along the imaginary axis
    and are good to about 1e-7 absolutely.

    Examples
    --------
    >>> exponentials = np.array([1.0, 1.0, 0.5, 0.5])
    >>> round(float(tail(30.0, exponentials) / (2 * np.exp(-15.0) - np.exp(-30.0))), 10)
    1.0
    """
    if x <= 0:
        return 1.0
    gap = difference(x, weights, df)
    start = gap.minimum(1.0)
    width = (gap.curvature(start) + start**-2) ** -0.5
    bend = 0.25 / max(width, 0.5 - start)  # to where exp(K) dies away, wide around its singularity at 1/2
    height = gap.log_mgf(start).real - np.log(start)

    def along(v: Vector) -> Vector:
        u = width * np.sinh(v)
        path, turn = start + bend * u**2 + 1j * u, 2 * bend * u + 1j
        with np.errstate(over="ignore", under="ignore"):
            inside = np.exp(gap.log_mgf(path) - np.log(path) - height) * turn
        return inside.imag * width * np.cosh(v)

    return float(min(1.0, np.exp(height) / np.pi * _trapezoid(along)))


def _trapezoid(of: Callable[[Vector], Vector]) -> float:
    """Integral from 0 of an even function that dies away; the step is halved until nothing moves."""
    reach = np.arange(1, 401) / 4
    size = np.abs(of(reach))
    end = float(reach[np.flatnonzero(size > 1e-3 * EXACT * size.max())[-1]]) + 0.25
    step = end / 64
    total = of(np.zeros(1))[0] / 2 + of(step * np.arange(1.0, 65)).sum()
    for _ in range(10):
        before, step = total * step, step / 2
        total += of(step * np.arange(1.0, 2 * round(end / step / 2), 2)).sum()
        if abs(total * step - before) <= EXACT * abs(before):
            break
    return float(total * step)
