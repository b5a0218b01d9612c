"""What a link between a linear predictor and probabilities must know."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .fit import Vector

Rise = tuple[Vector, Vector, Vector]
Bend = tuple[Vector, Vector, Vector, Vector, Vector, Vector]
Bends = tuple[Vector, Vector, Vector, Vector, Vector]
FAR = 1e15  # stands in for an infinite threshold: products with it stay finite


@dataclass(frozen=True, slots=True)
class Link:
    """A distribution function F of the linear predictor e.

    Attributes
    ----------
    cdf, tail, pdf, bend
        F, 1 - F, the first and the second derivative of F.
    tilt
        (log F')' and its derivative.
    quantile
        The inverse of F.
    outcome
        (e, y) -> log-likelihood y log F + (1 - y) log(1 - F) and its first two derivatives by e.
    expected
        F'^2 / (F (1 - F)): expected information about e of one answer.
    interval
        (lower, upper) -> log(F(upper) - F(lower)), its derivatives by upper and by lower, and its second derivatives by
        upper twice, lower twice, and both.
    concave
        Whether log-likelihoods are concave in e: those of log-concave densities (Pratt 1981).
    slope
        The first derivative of `outcome` alone, where it costs less.
    slopes
        Both derivatives of `outcome`, where they cost less.
    interval_slopes
        The derivatives of `interval`, where they cost less.
    """

    cdf: Callable[[Vector], Vector]
    tail: Callable[[Vector], Vector]
    pdf: Callable[[Vector], Vector]
    bend: Callable[[Vector], Vector]
    tilt: Callable[[Vector], tuple[Vector, Vector]]
    quantile: Callable[[Vector], Vector]
    outcome: Callable[[Vector, Vector], Rise]
    expected: Callable[[Vector], Vector]
    interval: Callable[[Vector, Vector], Bend]
    concave: bool = True
    slope: Callable[[Vector, Vector], Vector] | None = None
    slopes: Callable[[Vector, Vector], tuple[Vector, Vector]] | None = None
    interval_slopes: Callable[[Vector, Vector], Bends] | None = None

    def rise(self, e: Vector, y: Vector) -> Vector:
        """First derivative of `outcome` alone."""
        return self.outcome(e, y)[1] if self.slope is None else self.slope(e, y)

    def rises(self, e: Vector, y: Vector) -> tuple[Vector, Vector]:
        """Both derivatives of `outcome`."""
        return self.outcome(e, y)[1:] if self.slopes is None else self.slopes(e, y)

    def interval_rises(self, lower: Vector, upper: Vector) -> Bends:
        """The derivatives of `interval`."""
        return self.interval(lower, upper)[1:] if self.interval_slopes is None else self.interval_slopes(lower, upper)


def log_complement(a: Vector) -> Vector:
    """log(1 - exp(-a)) for a > 0, by whichever form keeps its digits (Maechler 2012); NaN for a < 0.

    Examples
    --------
    >>> log_complement(np.array([1e-20, 50.0]))
    array([-4.60517019e+01, -1.92874985e-22])
    """
    return np.where(a < np.log(2), np.log(-np.expm1(-a)), np.log1p(-np.exp(-np.maximum(a, np.log(2)))))
