"""Sums over 0 .. y - 1 that the negative binomial distribution is made of, exact also where it is all but Poisson's."""

import numpy as np

from .fit import Vector

LARGE = 20.0  # from here on Stirling's series has all digits
SMALL = 0.1  # below it log(1 + x) - x comes from a series


def rising_sums(spread: Vector | float, y: Vector) -> tuple[Vector, Vector, Vector]:
    """Sums of log(1 + u), u / (1 + u) and u / (1 + u)^2 over u = spread * j, j = 0 .. y - 1.

    Parameters
    ----------
    spread
        Positive, one number or shape (m,).
    y
        Counts, shape (m,).

    Returns
    -------
    tuple
        The three sums, shape (m,) each; the second and third are the first and second derivative of the first by
        log(spread).

    Notes
    -----
    With r = 1 / spread the first is log Gamma(r + y) - log Gamma(r) - y log r, the second y - r (psi(r + y) - psi(r)).
    For r above 20 those differences lose their digits: there the terms of Stirling's series (Abramowitz and Stegun
    1964, 6.1.41) are subtracted one by one, in which the large parts cancel on paper.

    Examples
    --------
    >>> [np.round(s, 4) for s in rising_sums(0.5, np.array([0.0, 3.0]))]
    [array([0.    , 1.0986]), array([0.    , 0.8333]), array([0.    , 0.4722])]
    >>> [np.round(s * 1e12, 4) for s in rising_sums(1e-12, np.array([3.0]))]
    [array([3.]), array([3.]), array([3.])]
    """
    size, y = np.broadcast_arrays(1 / np.asarray(spread, float), np.asarray(y, float))
    result = np.empty((3, *y.shape))
    far = size >= LARGE
    result[:, far] = _by_series(size[far], y[far])
    result[:, ~far] = _by_gamma(size[~far], y[~far])
    return result[0], result[1], result[2]


def log_excess(x: Vector) -> Vector:
    """x - log(1 + x) for x >= 0, with all digits also near 0.

    With s = x / (2 + x): log(1 + x) = 2 (s + s^3 / 3 + ...) and x - 2 s = x s.

    Examples
    --------
    >>> log_excess(np.array([0.0, 1e-9, 1.0])).round(24)
    array([0.00000000e+00, 5.00000000e-19, 3.06852819e-01])
    """
    s = np.where(x < SMALL, x, 0.0)
    s = s / (2 + s)
    q = s * s
    tail = q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q / 15))))))
    return np.where(x < SMALL, s * (x - 2 * tail), x - np.log1p(x))


def log_shortfall(x: Vector) -> Vector:
    """log(1 + x) - x / (1 + x) for x >= 0, with all digits also near 0.

    Examples
    --------
    >>> log_shortfall(np.array([0.0, 1e-9, 1.0])).round(24)
    array([0.00000000e+00, 5.00000000e-19, 1.93147181e-01])
    """
    with np.errstate(invalid="ignore", over="ignore"):
        near = x * x / (1 + x) - log_excess(x)
    return np.where(x < 1, near, np.log1p(x) - 1 + 1 / (1 + x))


def _by_gamma(r: Vector, y: Vector) -> Vector:
    """The three sums from the gamma function and its derivatives, shape (3, m)."""
    from scipy.special import digamma, gammaln, zeta

    first = digamma(r + y) - digamma(r)
    second = zeta(2.0, r) - zeta(2.0, r + y)
    return np.stack([gammaln(r + y) - gammaln(r) - y * np.log(r), y - r * first, r * (first - r * second)])


def _by_series(r: Vector, y: Vector) -> Vector:
    """The three sums from Stirling's series, shape (3, m)."""
    v, grown = y / r, r + y
    excess, inverse = log_excess(v), 1 / (1 + v)
    rest, turn, bend = (near - far for near, far in zip(_stirling(grown), _stirling(r), strict=True))
    return np.stack(
        [
            r * (v * np.log1p(v) - excess) - np.log1p(v) / 2 + rest,
            r * excess - v * inverse / 2 - r * turn,
            r * log_shortfall(v) - v * inverse * inverse / 2 + r * (turn + r * bend),
        ]
    )


def _stirling(r: Vector) -> tuple[Vector, Vector, Vector]:
    """What Stirling's formula leaves of log Gamma, 1 / (12 r) - 1 / (360 r^3) + ..., and its first two derivatives."""
    i = 1 / r
    q = i * i
    value = i * (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q / 1188))))
    first = -q * (1 / 12 - q * (3 / 360 - q * (5 / 1260 - q * (7 / 1680 - q * 9 / 1188))))
    second = i * q * (2 / 12 - q * (12 / 360 - q * (30 / 1260 - q * (56 / 1680 - q * 90 / 1188))))
    return value, first, second
