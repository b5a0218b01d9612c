"""Numbers of respondents in order, and how sure the shares at or below a value are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..estimators.distribution import Codes, Distribution, Order, cumulated, in_order, shares_at_or_below
from ..estimators.fit import Matrix, Vector
from ..estimators.quantile import Rule, quantiles


@dataclass(frozen=True, eq=False)
class Ranked:
    """Numbers of the respondents used, sorted once by group; arrays have one entry a row of the design's domain.

    Attributes
    ----------
    values, groups
        Shape (m,); codes from 0.
    order, found
        The order of the values, and the groups' distribution functions under the weights.
    df, n, complete
        Degrees of freedom and respondents of each group, and whether all its population was sampled, shape (G, 1).
    """

    used: Design
    values: Vector
    groups: Codes
    order: Order
    found: Distribution
    df: Matrix
    n: NDArray[np.int64]
    complete: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of groups G."""
        return len(self.df)

    def quantiles(self, probabilities: Matrix, rule: Rule) -> Matrix:
        """Quantiles of every group, shape (G, P)."""
        return quantiles(self.found, probabilities, rule)


def ranked(used: Design, values: Vector, groups: Codes, count: int) -> Ranked:
    """Sort the numbers (n,) of the domain `used` by the groups (n,) of the survey's rows."""
    y, group = values[used.rows], groups[used.rows]
    order = in_order(y, group, count)
    found = cumulated(order, used.row_weights)
    return Ranked(
        used,
        y,
        group,
        order,
        found,
        used.group_df(group, count)[:, None].astype(float),
        np.diff(order.edges)[:, None].astype(np.int64),
        used.group_complete(group, count)[:, None],
    )


def share_covariance(of: Ranked, points: Matrix) -> tuple[Matrix, int]:
    """Covariance (G * P, G * P) of the shares at or below each group's points (G, P); replicates without a result.

    Notes
    -----
    A respondent contributes w (1(y <= point) - share) / T to the share of its group.
    """
    share = shares_at_or_below(of.found, points)

    def linearised() -> Matrix:
        weights = of.used.row_weights
        total = np.bincount(of.groups, weights, minlength=of.count)
        scores = (of.values[:, None] <= points[of.groups]) - share[of.groups]
        scores *= (weights / total[of.groups])[:, None]
        return of.used.covariance(scores, of.groups, of.count)

    def again(weights: Vector) -> Vector:
        return shares_at_or_below(cumulated(of.order, weights), points).ravel()

    covaried = of.used.covaried(share.ravel(), again, linearised)
    return covaried.matrix, covaried.failed


def share_errors(of: Ranked, points: Matrix) -> Matrix:
    """Standard errors (G, P) of the shares at or below the points."""
    return np.sqrt(np.diag(share_covariance(of, points)[0])).reshape(points.shape)
