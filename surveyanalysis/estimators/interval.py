"""Outcomes known between limits: normal regression for bands with open ends, limits, and exact values, mixed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import DataError, one_of
from .curves import Curves, chosen, log_of, variables
from .fit import Fit, Matrix, Vector
from .joint import Joint, joint_likelihood
from .likelihood import check_rows, present, spread
from .location_scale import least_squares, reported, standardised, start_from, told_of_spread
from .newton import maximise
from .normal_curves import HALF_LOG_TWO_PI, log_below, log_between, log_density, standing
from .turned import products

Distribution = Literal["normal", "lognormal"]
Evaluation = tuple[float, Vector, Matrix]


def interval_fit(
    x: Matrix, lower: Vector, upper: Vector, weights: Vector, *, distribution: Distribution = "normal"
) -> Fit:
    """Normal regression of an outcome known to lie in an interval.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    lower, upper
        Ends of each row's interval, shape (m,): -inf or inf where it is open, equal where the value is known.
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    distribution
        "normal", or "lognormal": the logarithm of the outcome is normal; ends must not be negative then, and a lower
        end of 0 is open.

    Returns
    -------
    Fit
        `params` = [k slopes, log sigma], with observed information; `loglik` is of the outcome itself, not of its
        logarithm.

    Raises
    ------
    DataError
        An interval is upside down or all of the line, the intervals have one end in all (sigma does not exist), a
        column depends on others, or values are missing.

    Notes
    -----
    y* = x b + sigma e with e standard normal. Maximises the weighted sum of log phi((y - x b) / sigma) - log sigma
    where y is known, and of log[Phi((upper - x b) / sigma) - Phi((lower - x b) / sigma)] elsewhere. In b / sigma and 1
    / sigma it is concave (Olsen 1978; Burridge 1981), so that Newton's method finds the one maximum. Checked against R
    ``survival::survreg(Surv(lower, upper, type = "interval2"))`` (l.interval.*).

    References
    ----------
    Olsen 1978, Econometrica 46: 1211-1215; Burridge 1981, Journal of the Royal Statistical Society B 43: 41-45; Stewart
    1983, Review of Economic Studies 50: 737-753 (earnings in bands).

    Examples
    --------
    >>> ends = np.array([-np.inf, 20.0, 20.0, 30.0]), np.array([20.0, 30.0, 30.0, np.inf])
    >>> interval_fit(np.ones((4, 1)), *ends, np.ones(4)).params.round(4)
    array([25.    ,  2.0032])
    """
    one_of(distribution, ("normal", "lognormal"), "distribution")
    used = _checked(x, lower, upper, weights)
    low, high, w = lower[used], upper[used], weights[used]
    shift = 0.0
    if distribution == "lognormal":
        low, high = _logarithms(low, high)
        exact = low == high
        shift = -float(w[exact] @ low[exact])
    return spread(censored_normal(x[used], low, high, w, shift), used, len(x))


def censored_normal(x: Matrix, low: Vector, high: Vector, w: Vector, shift: float = 0.0) -> Fit:
    """The fit of `interval_fit` for rows that all count and are in order; `shift` is added to the log-likelihood.

    Examples
    --------
    >>> y = np.array([0.0, 2.0])
    >>> censored_normal(np.ones((2, 1)), y, y, np.ones(2)).params
    array([1., 0.])
    """
    typical, exact = _typical(low, high), low == high
    place = standardised(x, typical)
    curves = between_rows(place.inside(low), place.inside(high))
    joint = Joint((place.z, np.ones((len(x), 1))), w, curves)
    slopes, sigma = least_squares(place.z, place.inside(typical), w)
    seen, rest = Seen.of(place.z[exact], place.inside(low[exact]), w[exact]), np.flatnonzero(~exact)
    ends = place.inside(low[rest]), place.inside(high[rest])
    hidden = Joint((place.z[rest], np.ones((len(rest), 1))), w[rest], between_rows(*ends))

    def evaluate(params: Vector) -> tuple[float, Vector, Matrix]:
        return added(seen.likelihood(params), joint_likelihood(hidden, params))

    solution = maximise(evaluate, start_from(slopes, sigma), scale=w.sum())
    solution = told_of_spread(solution, float(solution.params[-1]), place)
    shift -= float(w[exact].sum()) * np.log(place.unit)
    return reported(joint, solution, *place.outside(solution.params), shift)


@dataclass(frozen=True, slots=True)
class Seen:
    """Outcomes known exactly, by the sums that their likelihood rests on: z'Wz (k, k), z'Wy (k,), y'Wy, sum of W."""

    zz: Matrix
    zy: Vector
    yy: float
    size: float

    @classmethod
    def of(cls, z: Matrix, y: Vector, w: Vector) -> "Seen":
        """Sums of these rows."""
        return cls(products(z, w), (w * y) @ z, float((w * y) @ y), float(w.sum()))

    def likelihood(self, params: Vector) -> tuple[float, Vector, Matrix]:
        """Log-likelihood, gradient and observed information at (slopes / sigma, 1 / sigma).

        Examples
        --------
        >>> value, score, _ = Seen.of(np.ones((2, 1)), np.array([0.0, 2.0]), np.ones(2)).likelihood(np.ones(2))
        >>> round(value, 4), score
        (-2.8379, array([0., 0.]))
        """
        b, theta = params[:-1], params[-1]
        slope, cross = theta * self.zy - self.zz @ b, float(self.zy @ b)
        squares = theta * theta * self.yy - theta * cross - float(slope @ b)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.size * (np.log(theta) - HALF_LOG_TWO_PI) - squares / 2
        information = np.block([[self.zz, -self.zy[:, None]], [-self.zy, self.size / theta**2 + self.yy]])
        return float(value), np.append(slope, self.size / theta - theta * self.yy + cross), information


def added(one: Evaluation, other: Evaluation) -> Evaluation:
    """Sum of two log-likelihoods of the same parameters.

    Examples
    --------
    >>> added((1.0, np.ones(1), np.eye(1)), (2.0, np.ones(1), np.eye(1)))
    (3.0, array([2.]), array([[2.]]))
    """
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def between_rows(low: Vector, high: Vector) -> Callable[[Matrix, slice], Curves]:
    """Log-likelihood of rows known between limits, as a function of x b / sigma and 1 / sigma.

    Examples
    --------
    >>> curves = between_rows(np.array([0.0, 0.0]), np.array([0.0, np.inf]))
    >>> curves(np.array([[0.0, 0.0], [1.0, 1.0]]), slice(None)).value.round(4)
    array([-0.9189, -0.6931])
    """
    exact = low == high
    value, below = np.where(exact, low, 0.0), np.where(exact, low - 1, low)
    single = np.isinf(low) != np.isinf(high)
    end, turn = np.where(np.isinf(low), high, low), np.where(np.isinf(low), 1.0, -1.0)

    def curves(values: Matrix, rows: slice) -> Curves:
        e, theta = variables(values)
        known = exact[rows]
        at = log_of(theta) + log_density(theta * value[rows] - e) if known.any() else e
        if known.all():
            return at
        if (known | single[rows]).all():
            between = log_below((theta * end[rows] - e) * turn[rows])
        else:
            between = log_between(standing(theta, e, below[rows]), standing(theta, e, high[rows]))
        return chosen(known, at, between) if known.any() else between

    return curves


def _checked(x: Matrix, lower: Vector, upper: Vector, weights: Vector) -> "np.ndarray | slice":
    """Rows that count; refuse intervals that are none, and those from which no spread follows."""
    check_rows(x, np.zeros(len(lower)), weights)
    if len(upper) != len(lower) or np.isnan(lower).any() or np.isnan(upper).any():
        raise DataError("An end of an interval is missing. Leave those rows out, or set an open end to infinity.")
    wrong, used = np.flatnonzero(~(lower <= upper)), present(weights)
    if len(wrong):
        i = wrong[0]
        raise DataError(f"Row {i} (from 0) runs from {lower[i]:g} to {upper[i]:g}: {len(wrong)} rows are upside down.")
    low, high = lower[used], upper[used]
    unknown = int((np.isinf(low) & np.isinf(high)).sum())
    if unknown:
        raise DataError(f"{unknown} rows know neither end, or only infinity: they say nothing. Leave them out.")
    ends = np.unique(np.concatenate([low[np.isfinite(low)], high[np.isfinite(high)]]))
    if len(ends) < 2 and not (low == high).any():
        raise DataError(f"{ends[0]:g} is the only limit in the data, so sigma does not exist. Fit a probit instead.")
    return used


def _logarithms(low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """Ends on the log scale; refuse what has no logarithm."""
    if (low < 0).any() or (high <= 0).any():
        worst = min(low.min(), high.min())
        raise DataError(f"An end is {worst:g}: a log-normal outcome is positive. Use the normal distribution.")
    with np.errstate(divide="ignore"):
        return np.log(low), np.log(high)


def _typical(low: Vector, high: Vector) -> Vector:
    """A finite value of every interval: its middle, or the end that it has."""
    a, b = np.where(np.isinf(low), high, low), np.where(np.isinf(high), low, high)
    return a + (b - a) / 2
