"""Respondents by what a model predicts for them: groups of about equal weight."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError, DataError
from ..estimators.distribution import cumulated, in_order
from ..estimators.fit import Vector
from ..estimators.quantile import quantiles

SAME = 1e-12  # predictions nearer than this, relative to the largest, differ by rounding only
FEWEST = 3


@dataclass(frozen=True)
class RiskGroups:
    """Groups of respondents by their prediction.

    Attributes
    ----------
    group
        Group of each respondent used, from 0 (lowest), shape (m,).
    low, high
        Least and largest prediction of each group, shape (count,).
    """

    group: NDArray[np.intp]
    low: Vector
    high: Vector

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.low)


def risk_groups(predicted: Vector, weights: Vector, groups: int) -> RiskGroups:
    """Groups between quantiles of the prediction; those with the same prediction stay together.

    Parameters
    ----------
    predicted, weights
        Shape (m,).
    groups
        How many; fewer where quantiles coincide.

    Raises
    ------
    ChoiceError, DataError
        `groups` is no number from 3, or fewer than 3 groups can be told apart.

    Notes
    -----
    Cut at quantiles of type 7 (weighted: R survey ``qrule_hf7``), intervals closed above, the lowest below too: R
    ``cut(p, quantile(p, 0:g / g), include.lowest = TRUE)``.

    Examples
    --------
    >>> risk_groups(np.array([0.1, 0.2, 0.2, 0.4, 0.7, 0.9]), np.ones(6), 3).group
    array([0, 0, 0, 1, 2, 2])
    """
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < FEWEST:
        raise ChoiceError(f"`groups` is {groups!r}; it must be a whole number from {FEWEST}, such as 10.")
    values = steady(predicted)
    found = cumulated(in_order(values, np.zeros(len(values), np.intp), 1), weights)
    cuts = np.unique(quantiles(found, np.arange(1, groups) / groups, "hf7")[0])
    inner = cuts[cuts > values.min()]
    _, group = np.unique(np.searchsorted(inner, values, side="left"), return_inverse=True)
    count = int(group.max()) + 1
    if count < FEWEST:
        raise DataError(
            f"The model tells the respondents into {count} group(s) only, since many have the same prediction; a test "
            f"by groups needs {FEWEST}. Use `link_test()`, or add terms."
        )
    ends = [(values[group == g].min(), values[group == g].max()) for g in range(count)]
    low, high = np.array(ends).T
    return RiskGroups(group, low, high)


def steady(values: Vector) -> Vector:
    """The values, those that differ by rounding only made equal.

    Examples
    --------
    >>> len(set(steady(np.array([0.1 + 0.2, 0.3, 0.5])).tolist()))
    2
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    new = np.concatenate([[True], np.diff(ranked) > SAME * np.abs(ranked).max(initial=0)])
    result = np.empty(len(values))
    result[order] = ranked[new][np.cumsum(new) - 1]
    return result
