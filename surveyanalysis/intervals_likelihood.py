"""Intervals of shares by the likelihood: every share that the answers do not speak against."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ends = tuple[Numbers, Numbers]


def likelihood_ends(p: Numbers, distance: Numbers) -> Ends:
    """Both shares q at this distance p log(p / q) + (1 - p) log((1 - p) / (1 - q)) from the estimate.

    Parameters
    ----------
    p
        Estimates, shape (k,).
    distance
        Half of what the deviance of one observation rises by, shape (k,). Under a design t^2 se^2 / (2 p (1 - p)) times
        n / (n - 1): the working likelihood, scaled so that its curvature shows the design's variance (Rao and Scott
        1984; R survey ``svyciprop(method = "likelihood")``, which interpolates its ends and is good to 1e-4). Of n
        respondents where that variance shows nothing: z^2 / (2 n). At 0 and 1 the other end is 1 - exp(-distance) away.

    Examples
    --------
    >>> low, high = likelihood_ends(np.array([0.0, 0.5]), np.array([3.84 / 114, 3.84 / 114]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.372], [0.033, 0.628])
    """
    return _likelihood_low(p, distance), 1 - _likelihood_low(1 - p, distance)


def _likelihood_low(p: Numbers, distance: Numbers) -> Numbers:
    """The lower end by Newton's steps on the log-odds, along which the distance is convex."""
    inner = (p > 0) & (p < 1) & np.isfinite(distance)
    safe, wanted = np.where(inner, p, 0.5), np.where(inner, distance, 0.0)
    top = np.log(safe) - np.log1p(-safe)
    odds = top - np.sqrt(2 * wanted / (safe * (1 - safe)))
    for _ in range(60):
        q = np.exp(-np.logaddexp(0, -odds))
        step = (_divergence(safe, q, odds) - wanted) / np.where(q < safe, q - safe, -np.inf)
        odds = np.minimum(odds - step, top)
        if (np.abs(step) <= 1e-15 * np.maximum(np.abs(odds), 1)).all():
            break
    edge = np.where(p == 0, np.where(np.isnan(distance), np.nan, 0.0), np.exp(-distance))
    return np.where(inner, np.minimum(np.exp(-np.logaddexp(0, -odds)), p), edge)


def _divergence(p: Numbers, q: Numbers, odds: Numbers) -> Numbers:
    """Kullback and Leibler's distance of shares q, whose log-odds are given too, from shares p; right near and far."""
    near = np.abs(q - p) < 0.5 * np.minimum(p, 1 - p)
    gap = np.where(near, q - p, 0.0)
    close = -p * np.log1p(gap / p) - (1 - p) * np.log1p(-gap / (1 - p))
    far = p * (np.log(p) + np.logaddexp(0, -odds)) + (1 - p) * (np.log1p(-p) + np.logaddexp(0, odds))
    return np.where(near, close, far)
