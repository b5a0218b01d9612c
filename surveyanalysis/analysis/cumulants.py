"""Cumulants of a weighted sum of chi-squares minus another chi-square, or minus a number."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Vector
from .uniroot import uniroot

WHOLE = 1e-9  # of degrees of freedom: what rounding takes from whole ones
R_ENDS, R_TOLERANCE = 0.99999, 1e-8  # of R's search for a saddlepoint


@dataclass(frozen=True)
class Difference:
    """Sum of weights_i chi2_1 - below chi2_whole - shift, in units of the largest weight."""

    weights: Vector
    below: float
    whole: int
    shift: float

    def log_mgf(self, s: "complex | NDArray[np.complex128]") -> NDArray[np.complex128]:
        """K(s), real s between -1 / (2 below) and 1/2."""
        s = np.asarray(s, complex)
        own = np.log1p(-2 * s[..., None] * self.weights).sum(axis=-1)
        return -own / 2 - self.whole / 2 * np.log1p(2 * self.below * s) - self.shift * s

    def curvature(self, z: float) -> float:
        """K''(z)."""
        own = (self.weights / (1 - 2 * z * self.weights)) ** 2
        return float(2 * own.sum() + 2 * self.whole * (self.below / (1 + 2 * z * self.below)) ** 2)

    def slope(self, u: float) -> float:
        """K'(z) by u = 1 - 2 z, which keeps its digits where z is close to 1/2."""
        own = (self.weights / ((1 - self.weights) + self.weights * u)).sum()
        return float(own - self.whole * self.below / (1 + self.below * (1 - u)) - self.shift)

    def root(self) -> float:
        """Where K' is zero, as R's ``saddle`` finds it; beyond its ends, as `minimum` does."""
        size = len(self.weights)
        far = -0.01 if self.shift > self.weights.sum() else -size / 2 / self.shift if self.shift else 0.0
        low, high = -R_ENDS / 2 / self.below if self.whole else far, R_ENDS / 2
        if not self.slope(1 - 2 * low) < 0 < self.slope(1 - 2 * high):
            return self.minimum(0.0)
        return uniroot(lambda z: self.slope(1 - 2 * z), low, high, R_TOLERANCE)

    def minimum(self, pole: float) -> float:
        """Where K(z) - pole log(z) is least, to the last digit."""
        from scipy.optimize import brentq

        def slope(t: float) -> float:
            return self.slope(np.exp(t)) + (2 * pole / np.expm1(t) if pole else 0.0)

        longest = np.log1p(1 / self.below) if self.whole else np.log1p(len(self.weights) / self.shift)
        found = brentq(slope, -690.0, -1e-15 if pole else longest - 1e-14 * max(longest, 1), xtol=1e-16, rtol=1e-15)
        return float(-np.expm1(found) / 2)


def difference(x: float, weights: Vector, df: float) -> Difference:
    """Sum of weights_i chi2_1 minus x chi2_m / df, or minus x where df is infinite."""
    top = weights.max()
    if np.isinf(df):
        return Difference(weights / top, 0.0, 0, x / top)
    return Difference(weights / top, x / top / df, int(df * (1 + WHOLE)), 0.0)
