"""Counts with more zeros than their distribution has: zero-inflated Poisson and negative binomial regression."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..errors import DataError, one_of
from .count_density import DISTRIBUTIONS, Distribution
from .counts import Counts, counts_of, fitted, highest, joint_of, nowhere
from .dispersion import dispersed, with_dispersions
from .fit import Fit, Matrix, Vector
from .inflation_ends import inflation_told
from .inflation_starts import from_hurdle, rounds
from .joint import Joint, joint_likelihood
from .likelihood import check_rows
from .newton import Solution
from .whitening import coordinates


@dataclass(frozen=True, slots=True)
class Inflated:
    """Counts and whitened covariates of their inflation (m, q), with the way back (q, q)."""

    counts: Counts
    z: Matrix
    back: Matrix

    def joint(self, distribution: Distribution) -> Joint:
        """The likelihood."""
        return joint_of(self.counts, distribution, "inflated", self.z)


def zero_inflated_fit(
    x: Matrix,
    y: Vector,
    weights: Vector,
    z: Matrix | None = None,
    distribution: Distribution = "poisson",
    *,
    offset: Vector | None = None,
) -> Fit:
    """Regression of counts of which a share is always 0.

    Parameters
    ----------
    x, y, weights, offset
        As for `poisson_fit`, for the counts of those who are not always 0; the offset enters that part only.
    z
        Covariates of the share with the intercept's column, shape (n, q); those of the counts by default.
    distribution
        "poisson", "nb2" or "nb1".

    Returns
    -------
    Fit
        `params` = [k slopes of log mu, q slopes of the logit of the share that is always 0] and, but for "poisson",
        log alpha, with observed information. Not converged, and told in words, where the share runs to 0 for all or
        some, or the dispersion is 0.

    Raises
    ------
    DataError, ChoiceError
        As for `poisson_fit`, if no count is 0, and if there is no such distribution.

    Notes
    -----
    P(0) = pi + (1 - pi) f(0) and P(y) = (1 - pi) f(y) (Lambert 1992; Greene 1994). The likelihood has several maxima at
    times: Newton's method starts from a few rounds of expectation and maximisation, and from the hurdle model, whose
    slopes are consistent here too; where these lead to different ends others are tried, and the highest is taken. In
    small samples the likelihood may be a little higher where the share jumps from 0 to 1 between respondents, with
    coefficients without bound: a proper maximum goes before that (`highest`).
    Checked against R ``pscl::zeroinfl`` polished to the optimum (c.count.bio.zipois, c.count.bio.zinb, n.*).

    Examples
    --------
    >>> y = np.array([0, 0, 0, 0, 1, 2, 2, 3.0])
    >>> fit = zero_inflated_fit(np.ones((8, 1)), y, np.ones(8))
    >>> mu, share = np.exp(fit.params[0]), 1 / (1 + np.exp(-fit.params[1]))
    >>> round(float((1 - share) * mu), 6), round(float(share + (1 - share) * np.exp(-mu)), 6)
    (1.0, 0.5)
    """
    one_of(distribution, DISTRIBUTIONS, "distribution")
    z = x if z is None else z
    counts = counts_of(x, y, weights, offset)
    check_rows(z, y, weights)
    if counts.y.all():
        raise DataError("No count is 0: there is nothing to inflate. Use an ordinary or a truncated model of counts.")
    sample = Inflated(counts, *coordinates(z[counts.used]))
    narrow = _poisson(sample)
    if distribution == "poisson":
        return _finished(sample, "poisson", narrow)
    solution = _dispersed(sample, distribution, narrow)
    if solution.params[-1] == -np.inf:
        simple = _finished(sample, "poisson", narrow)
        return nowhere(simple, np.append(simple.params, -np.inf), solution.message)
    return _finished(sample, distribution, solution)


def _finished(sample: Inflated, distribution: Distribution, solution: Solution) -> Fit:
    """The fit, with what runs to a bound told in words."""
    first = sample.counts.x.shape[1]
    told = inflation_told(solution, sample.z, slice(first, first + sample.z.shape[1]), sample.back)
    return fitted(sample.joint(distribution), told, sample.counts, sample.back)


def _poisson(sample: Inflated) -> Solution:
    """The zero-inflated Poisson regression in whitened coordinates."""
    joint = sample.joint("poisson")
    starts = _starts(sample, "poisson")
    return highest(lambda p: joint_likelihood(joint, p), starts, sample.counts.scale(), agree=2)


def _dispersed(sample: Inflated, distribution: Distribution, narrow: Solution) -> Solution:
    """The zero-inflated regression with a dispersion; also from the one without."""
    joint = sample.joint(distribution)

    def starts() -> Iterator[Vector]:
        first, *others = with_dispersions(narrow.params)
        yield first
        yield from _starts(sample, distribution)
        yield from others

    if narrow.converged:
        return dispersed(joint, narrow, starts(), sample.counts.scale(1.0), agree=2)
    return highest(lambda p: joint_likelihood(joint, p), starts(), sample.counts.scale(1.0), agree=2)


def _starts(sample: Inflated, distribution: Distribution) -> Iterator[Vector]:
    """From the hurdle model, from the count model by expectation and maximisation, and from shares given."""
    hurdle = from_hurdle(sample.counts, sample.z, distribution)
    if hurdle is not None:
        yield hurdle
    slopes, inflation = rounds(sample.counts, sample.z)
    tail = np.zeros(0 if distribution == "poisson" else 1)
    yield np.concatenate([slopes, inflation, tail])
    level = sample.z.sum(axis=0) / len(sample.z)
    for share in (0.1, 0.5):
        yield np.concatenate([slopes, np.log(share / (1 - share)) * level, tail])
