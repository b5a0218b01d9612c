"""Brent's search for a root with the steps of R's ``uniroot``, for numbers that must agree with R beyond its tolerance."""

from collections.abc import Callable

STEPS = 1000


def root_as_r(of: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Where `of` is zero between two ends at which it has opposite signs, to about `tolerance`.

    Notes
    -----
    Brent (1973): inverse quadratic or linear interpolation, halving where they promise less. SciPy's ``brentq`` takes
    other steps and stops elsewhere within the same tolerance.

    Examples
    --------
    >>> round(root_as_r(lambda x: x * x - 2, 0.0, 2.0, 1e-8), 6)
    1.414214
    """
    a, b, c = low, high, low
    fa, fb, fc = of(low), of(high), of(low)
    for _ in range(STEPS):
        last = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        least = 2 * 2.0**-52 * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= least or fb == 0:
            break
        if abs(last) >= least and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), last, least, step)
        if abs(step) < least:
            step = least if step > 0 else -least
        a, fa = b, fb
        b += step
        fb = of(b)
        if (fb > 0) == (fc > 0) and fb != 0 and fc != 0:
            c, fc = a, fa
    return b


def _interpolated(
    at: tuple[float, float, float], values: tuple[float, float, float], last: float, least: float, half: float
) -> float:
    """The step to where a line or a parabola through the points is zero, or `half` where that is too far."""
    (a, b, c), (fa, fb, fc) = at, values
    width, ratio = c - b, fb / fa
    if a == c:
        p, q = width * ratio, 1 - ratio
    else:
        across, near = fa / fc, fb / fc
        p = ratio * (width * across * (across - near) - (b - a) * (near - 1))
        q = (across - 1) * (near - 1) * (ratio - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    return p / q if p < 0.75 * width * q - abs(least * q) / 2 and p < abs(last * q / 2) else half
