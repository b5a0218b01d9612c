"""How often those with an event have the higher score: the area under the ROC curve."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Fit, Vector


def concordance(score: Vector, event: NDArray[np.bool_], weights: Vector) -> Fit:
    """Weighted share of pairs with and without the event in which the one with it has the higher score.

    Parameters
    ----------
    score
        Shape (m,); equal scores count half.
    event
        Shape (m,).
    weights
        Shape (m,), not negative; both with and without the event some are positive.

    Returns
    -------
    Fit
        `params` of shape (1,).

    Raises
    ------
    DataError
        Nobody has, or everybody has, the event.

    Notes
    -----
    A = sum_i sum_j w_i w_j k(s_i - s_j) / (W1 W0), i with, j without the event, k = 1, 1/2 or 0: a ratio of
    U-statistics of the weights. Linearised: w_i (P0_i - A) / W1 for those with the event, P0_i the share of the others
    with a lower score, and w_j (P1_j - A) / W0, P1_j the share of those with the event and a higher score (placement
    values of DeLong, DeLong and Clarke-Pearson 1988). Equal weights: Mann and Whitney's U / (n1 n0). Checked against R
    ``pROC``.

    Examples
    --------
    >>> concordance(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]), np.ones(4)).params
    array([0.875])
    """
    inside, outside = np.where(event, weights, 0.0), np.where(event, 0.0, weights)
    with_event, without = inside.sum(), outside.sum()
    if not (with_event > 0 and without > 0):
        raise DataError("Everybody (with a positive weight) has the event, or nobody: there are no pairs to compare.")
    values, place = np.unique(score, return_inverse=True)
    events, others = (np.bincount(place, w, len(values)) for w in (inside, outside))
    lower = (np.cumsum(others) - others / 2)[place] / without
    higher = (with_event - np.cumsum(events) + events / 2)[place] / with_event
    area = float(inside @ lower / with_event)
    scores = np.where(event, inside * (lower - area) / with_event, outside * (higher - area) / without)
    return Fit(np.array([area]), scores[:, None])


def delong_variance(fit: Fit, event: NDArray[np.bool_]) -> float:
    """Variance of `concordance` in two simple random samples, with and without the event; NaN for a sample of one.

    Notes
    -----
    S10 / n1 + S01 / n0, the variances of the placement values (DeLong, DeLong and Clarke-Pearson 1988).

    Examples
    --------
    >>> event = np.array([False, False, True, True])
    >>> round(delong_variance(concordance(np.array([0.1, 0.4, 0.4, 0.8]), event, np.ones(4)), event), 6)
    0.03125
    """
    total = 0.0
    for sample in (fit.scores[event, 0], fit.scores[~event, 0]):
        n = len(sample)
        total += n / (n - 1) * float(sample @ sample) if n > 1 else np.nan
    return total
