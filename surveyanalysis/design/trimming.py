"""Trimming: no weight outside bounds, the sum of the weights kept."""

import numpy as np

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from .weights import as_columns, in_replicate, shaped_like

ROUNDING = 1e-12


def trim(weights: Matrix, lower: float = -np.inf, upper: float = np.inf, strict: bool = False) -> Matrix:
    """Set weights outside the bounds to them, and spread what was cut off evenly over the others.

    Parameters
    ----------
    weights
        Shape (n,), or (n, R) for replicates, each of which is trimmed; may be negative (after linear calibration). Rows
        of weight zero are not in the sample, and stay zero.
    lower, upper
        Bounds.
    strict
        Spreading may push weights over a bound; whether to go on until none is.

    Returns
    -------
    Matrix
        In the shape of `weights`, of the same sum.

    Raises
    ------
    DesignError
        No weights within the bounds have that sum, or nobody is within the bounds to take what is cut off.

    Notes
    -----
    The excess is added in equal parts to all weights within the bounds, as in R survey ``trimWeights``. Its
    ``strict=TRUE`` repeats this; here the limit of the repetition is computed at once: after the first round all
    weights rise (or fall) by one constant, except that none passes its bound.

    Examples
    --------
    >>> trim(np.array([1.0, 2.0, 3.0, 10.0]), upper=5)
    array([2.66666667, 3.66666667, 4.66666667, 5.        ])
    """
    columns = as_columns(weights, negative=True)
    if not lower < upper:
        raise DesignError(f"Weights are to be trimmed to {lower:g} at least and {upper:g} at most: no range is left.")
    trimmed = np.zeros_like(columns)
    for r, w in enumerate(columns.T):
        held = w != 0
        trimmed[held, r] = _trimmed(w[held], lower, upper, strict, in_replicate(r, columns.shape[1]))
    return shaped_like(trimmed, weights)


def _trimmed(w: Vector, lower: float, upper: float, strict: bool, where: str) -> Vector:
    """One set of weights, none of them zero."""
    within = (w >= lower) & (w <= upper)
    if within.all():
        return w
    total, mean = w.sum(), w.mean()
    if not lower - ROUNDING * abs(lower) <= mean <= upper + ROUNDING * abs(upper):
        raise DesignError(
            f"Weights{where} have the mean {mean:.6g}, which bounds of {lower:g} and {upper:g} leave out: their sum "
            f"{total:,.10g} cannot be kept. Choose bounds on both sides of the mean."
        )
    cut = np.clip(w, lower, upper)
    excess = (w - cut).sum()
    if within.any():
        cut[within] += excess / np.count_nonzero(within)
    elif not strict and abs(excess) > ROUNDING * np.abs(w).sum():
        raise DesignError(
            f"Every weight{where} lies outside {lower:g} and {upper:g}: none is left to take what is cut off. Widen "
            "the bounds, or say strict=True to let the trimmed weights share it."
        )
    return _levelled(cut, lower, upper, total) if strict else cut


def _levelled(w: Vector, lower: float, upper: float, total: float) -> Vector:
    """Weights within the bounds, moved by one constant as far as each may go, so that they have this sum."""
    w = np.clip(w, lower, upper)
    missing = total - w.sum()
    room = np.sort(upper - w if missing > 0 else w - lower)
    # the constant if the k of least room are at their bound: what these cannot take falls to the others
    filled = np.concatenate([[0.0], np.cumsum(room)[:-1]])
    constant = (abs(missing) - filled) / np.arange(len(w), 0, -1)
    fits = np.flatnonzero(constant <= room)
    by = constant[fits[0]] if len(fits) else room[-1]
    return np.minimum(w + by, upper) if missing > 0 else np.maximum(w - by, lower)
