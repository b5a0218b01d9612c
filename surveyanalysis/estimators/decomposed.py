"""The gap between two groups' means, explained by their answers and unexplained: Oaxaca-Blinder and Yun."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError, DataError
from .binary import binary_fit, binary_mean, binary_slope
from .fit import Fit, Matrix, Vector
from .linear import linear_fit
from .smooth import Smooth, beside, weighted_mean

Method = Literal["oaxaca", "yun", "fairlie"]
Reference = Literal["pooled", "neumark", "first", "second", "cotton", "reimers"]
Parts = Literal["two", "three"]
First = NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """How a gap is taken apart.

    Attributes
    ----------
    curved
        Whether the outcome is 0/1 with a logit; else its mean is linear.
    reference
        Coefficients at which answers are valued: of one group, of both together with ("pooled") or without ("neumark")
        the group as a covariate, or an average of the groups' with the first group's share of the weights ("cotton"),
        one half ("reimers") or a number as the weight of the first.
    parts
        "two": explained and unexplained; "three": endowments, coefficients and interaction, seen from the second group.
    terms
        Which columns, after `spread`, belong to each term, shape (terms, p); the intercept is term 0.
    spread, coefficients
        Columns x @ spread (p of them) with coefficients coefficients @ b stand for x with b: the identity, or with a
        column for each reference level.
    """

    curved: bool
    reference: Reference | float
    parts: Parts
    terms: Matrix
    spread: Matrix
    coefficients: Matrix


def decomposed_fit(x: Matrix, y: Vector, first: First, weights: Vector, plan: Plan) -> Fit:
    """Take the difference between two groups' means apart.

    Parameters
    ----------
    x
        Covariates, the intercept first, shape (n, k); no missing values.
    y
        Outcome, shape (n,); 0 or 1 where the plan is curved.
    first
        Who is in the first group; the others are in the second.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        Mean of the first group, of the second, their difference; the explained total and terms 1, 2, ...; the
        unexplained total and terms 0, 1, ... Of three parts: endowments as the explained part, coefficients as the
        unexplained part, interaction as the explained part.

    Raises
    ------
    DataError
        A group has too few respondents, a constant column, or in a curved plan a constant outcome.
    ConvergenceError
        A logit has no solution.

    Notes
    -----
    With means X, Y and coefficients a, b of the groups and r of the reference: explained (X - Y) r, unexplained
    X (a - r) + Y (r - b) (Oaxaca 1973; Blinder 1973; Jann 2008). Of a logit: explained E F(x r) over the first group
    minus that over the second, the rest is unexplained, each allotted to terms in proportion to their share of the
    linear one (Yun 2004). Scores by the product rule from those of means and coefficients.

    Examples
    --------
    >>> x = np.column_stack([np.ones(6), [0.0, 1.0, 2.0, 0.0, 1.0, 3.0]])
    >>> one = np.eye(2)
    >>> plan = Plan(False, "second", "two", one, one, one)
    >>> found = decomposed_fit(x, np.array([1.0, 2, 3, 0, 2, 6]), np.arange(6) < 3, np.ones(6), plan)
    >>> found.params.round(3)
    array([ 2.   ,  2.667, -0.667, -0.667, -0.667,  0.   ,  1.   , -1.   ])
    """
    inside = np.where(first, weights, 0.0), np.where(first, 0.0, weights)
    if min(w.sum() for w in inside) <= 0:
        raise DataError("One of the two groups has no respondent with a positive weight.")
    a, b = (group_coefficients(x, y, who, weights, plan.curved) for who in (first, ~first))
    means = tuple(weighted_mean(x, w).through(plan.spread.T) for w in inside)
    outcomes = tuple(weighted_mean(y[:, None], w) for w in inside)
    gap = outcomes[0] - outcomes[1]
    if plan.parts == "three":
        parts = _threefold(means, a.through(plan.coefficients), b.through(plan.coefficients), plan)
        return _fit(*outcomes, gap, *parts)
    reference = reference_coefficients(x, y, first, weights, plan, a, b)
    r, own = reference.through(plan.coefficients), (a.through(plan.coefficients), b.through(plan.coefficients))
    explained = (means[0] - means[1]) * r
    unexplained = means[0] * (own[0] - r) + means[1] * (r - own[1])
    if plan.curved:
        total = curve_mean(x, inside[0], reference) - curve_mean(x, inside[1], reference)
        explained, unexplained = _allotted(explained, total), _allotted(unexplained, gap - total)
    return _fit(*outcomes, gap, _summed(explained, plan, 1), _summed(unexplained, plan, 0))


def _fit(*parts: Smooth) -> Fit:
    whole = beside(*parts)
    return Fit(whole.value, whole.scores)


def _threefold(means: tuple[Smooth, ...], a: Smooth, b: Smooth, plan: Plan) -> tuple[Smooth, Smooth, Smooth]:
    """Endowments, coefficients and their interaction."""
    apart, other = means[0] - means[1], a - b
    return _summed(apart * b, plan, 1), _summed(means[1] * other, plan, 0), _summed(apart * other, plan, 1)


def _summed(columns: Smooth, plan: Plan, start: int) -> Smooth:
    """Total, then terms from `start` on; of the explained part the intercept has none."""
    whole = np.vstack([np.ones(plan.terms.shape[1]), plan.terms[start:]])
    return columns.through(whole)


def _allotted(columns: Smooth, total: Smooth) -> Smooth:
    """A total, allotted to columns in proportion to their own share of the linear one; none where all are alike."""
    if not columns.value.any():
        return columns
    whole = columns.through(np.ones((1, len(columns.value))))
    return columns * (total / whole)


def group_coefficients(x: Matrix, y: Vector, who: First, weights: Vector, curved: bool) -> Smooth:
    """Coefficients of the respondents `who` alone, with contributions of everybody (n, k)."""
    rows = np.flatnonzero(who & (weights > 0))
    own = x[rows], y[rows], weights[rows]
    found = binary_fit(*own, "logit") if curved else linear_fit(*own)
    if not found.converged:
        raise ConvergenceError(f"A logit of one group has no solution: {found.message}. Leave out terms.")
    scores = np.zeros((len(x), x.shape[1]))
    scores[rows] = found.scores
    return Smooth(found.params, scores)


def reference_coefficients(
    x: Matrix, y: Vector, first: First, weights: Vector, plan: Plan, a: Smooth, b: Smooth
) -> Smooth:
    """Coefficients of the reference.

    Notes
    -----
    "pooled" holds the group as a covariate, at its mean: whichever group is called first, the intercept is the same.
    """
    everybody = np.ones(len(x), bool)
    if plan.reference == "neumark":
        return group_coefficients(x, y, everybody, weights, plan.curved)
    if plan.reference == "pooled":
        indicator = first[:, None].astype(float)
        wide = group_coefficients(np.hstack([x, indicator]), y, everybody, weights, plan.curved)
        k = x.shape[1]
        shift = wide.through(np.eye(k + 1)[k:]) * weighted_mean(indicator, weights)
        return wide.through(np.eye(k, k + 1)) + shift.through(np.eye(k, 1))
    share = weighted_mean(first[:, None].astype(float), weights)
    named = {"first": 1.0, "second": 0.0, "reimers": 0.5}
    if plan.reference != "cotton":
        share = Smooth(np.array([named.get(str(plan.reference), plan.reference)], float), 0 * share.scores)
    return b + share * (a - b)


def curve_mean(x: Matrix, inside: Vector, b: Smooth) -> Smooth:
    """Mean probability of the respondents with these weights under coefficients `b`."""
    eta = x @ b.value
    direct = weighted_mean(binary_mean(eta, "logit")[:, None], inside)
    slope = (inside * binary_slope(eta, "logit")) @ x / inside.sum()
    return Smooth(direct.value, direct.scores + b.scores @ slope[:, None])
