"""Sampling with probability proportional to size: approximations of joint inclusion probabilities."""

from typing import Literal

import numpy as np

from ..errors import DesignError, one_of
from ..estimators.fit import Matrix, Vector
from .stages import Codes

Pps = Literal["brewer", "overton", "hartley_rao"]
PPS = ("brewer", "overton", "hartley_rao")
MOST = 10_000  # units whose pairs are held in memory


def joint_checks(p: Vector, stratum: Codes, size: Vector, method: str) -> Matrix:
    """(p_ij - p_i p_j) / p_ij of every pair of units, shape (u, u).

    Parameters
    ----------
    p
        Inclusion probability of each unit, shape (u,).
    stratum
        Stratum of each unit, shape (u,).
    size
        Units in each stratum, shape (strata,).
    method
        "overton" or "hartley_rao".

    Notes
    -----
    With n units in the stratum and f = (p_i + p_j) / 2: 1 - (n - f) / (n - 1) (Overton 1985); 1 - (n - p_i - p_j + mean
    p) / (n - 1) (Hartley and Rao 1962, the population's sum of p^2 / n estimated by the mean of p). 0 between strata,
    1 - p_i on the diagonal. The same as R survey ``svydesign(pps = "overton")`` and ``pps = HR()``.

    Examples
    --------
    >>> joint_checks(np.array([0.5, 0.5]), np.zeros(2, int), np.array([2.0]), "overton")
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    one_of(method, PPS, "pps")
    if len(p) > MOST:
        raise DesignError(
            f"`pps` is {method!r}, which holds all pairs of {len(p):,} units in memory. Use 'brewer', which needs none."
        )
    n = size[stratum][:, None]
    pairs = p[:, None] + p[None, :]
    mean = (np.bincount(stratum, p) / size)[stratum][:, None]
    numerator = n - pairs / 2 if method == "overton" else n - pairs + mean
    with np.errstate(divide="ignore", invalid="ignore"):
        checks = 1 - numerator / (n - 1)
    checks[(stratum[:, None] != stratum[None, :]) | (pairs == 2)] = 0.0
    np.fill_diagonal(checks, 1 - p)
    return checks
