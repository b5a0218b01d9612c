"""How good probabilities of an event are, judged by what happened."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .binary import binary_fit
from .concordance import concordance
from .fit import Vector

MEASURES = ("auc", "brier", "calibration_intercept", "calibration_slope", "correct")
NEAREST = 1e-12  # to 0 or 1 that a probability counts, so that its log-odds exist


def performance(probability: Vector, event: NDArray[np.bool_], weights: Vector, cut: float = 0.5) -> Vector:
    """Measures in the order of `MEASURES`, each weighted.

    Parameters
    ----------
    probability, event, weights
        Shape (n,); rows of weight 0 count as absent.
    cut
        Probability from which on the event is predicted.

    Returns
    -------
    Vector
        Area under the ROC curve; mean squared error; intercept and slope of the logit of the event on the log-odds
        predicted (0 and 1 where these are right; Cox 1958); share predicted rightly. NaN where there is none.

    Examples
    --------
    >>> event = np.array([False, True, False, True, True])
    >>> performance(np.array([0.2, 0.4, 0.5, 0.6, 0.7]), event, np.ones(5)).round(3)
    array([0.833, 0.18 , 0.763, 2.334, 0.6  ])
    """
    there = weights > 0
    p, y, w = probability[there], event[there], weights[there]
    share = w / w.sum()
    try:
        area = float(concordance(p, y, w).params[0])
        intercept, slope = _recalibrated(p, y, w)
    except DataError:  # one answer only, or one probability
        area = intercept = slope = float("nan")
    return np.array([area, share @ (p - y) ** 2, intercept, slope, share @ ((p >= cut) == y)])


def _recalibrated(p: Vector, y: NDArray[np.bool_], w: Vector) -> Vector:
    """Intercept and slope of the event on the log-odds predicted; NaN where these tell the answers apart."""
    inside = np.clip(p, NEAREST, 1 - NEAREST)
    found = binary_fit(np.column_stack([np.ones(len(p)), np.log(inside / (1 - inside))]), y.astype(float), w, "logit")
    return found.params if found.converged else np.full(2, np.nan)
