"""R's search for a root, step by step, where a result hangs on the side of a jump at which it stops."""

from collections.abc import Callable

import numpy as np


def uniroot(f: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """The point at which R's ``uniroot`` stops (Brent 1973, as R's zeroin.c); NaN without a change of sign."""
    a, b = low, high
    fa, fb = f(a), f(b)
    if not fa * fb <= 0:
        return np.nan
    c, fc = a, fa
    for _ in range(1001):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        near = 2 * np.finfo(float).eps * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= near or fb == 0:
            break
        if abs(before) >= near and abs(fa) > abs(fb):
            step = _interpolated(a, b, c, fa, fb, fc, before, near, step)
        a, fa = b, fb
        b += step if abs(step) >= near else np.copysign(near, step)
        fb = f(b)
        if (fb > 0) == (fc > 0) and fb != 0 and fc != 0:
            c, fc = a, fa
    return b


def _interpolated(
    a: float, b: float, c: float, fa: float, fb: float, fc: float, before: float, near: float, half: float
) -> float:
    """Step to the root of a line or an inverse parabola, unless halving is safer."""
    whole = c - b
    if a == c:
        p, q = whole * fb / fa, 1 - fb / fa
    else:
        q, t1, t2 = fa / fc, fb / fc, fb / fa
        p = t2 * (whole * q * (q - t1) - (b - a) * (t1 - 1))
        q = (q - 1) * (t1 - 1) * (t2 - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    taken = p < 0.75 * whole * q - abs(near * q) / 2 and p < abs(before * q / 2)
    return p / q if taken else half
