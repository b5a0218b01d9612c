"""Power by simulation: samples with a known slope, and how often a test finds it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError, DataError
from ..estimators.binary import binary_fit
from ..estimators.fit import Matrix, Vector
from ..estimators.ordered import ordered_fit
from ..estimators.penalized_profile import penalised_lr
from ..intervals import wilson

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """How many samples of `draws` found the slope, and how many had no estimate."""

    found: int
    failed: int
    draws: int

    @property
    def power(self) -> float:
        """Share of samples that found it."""
        return self.found / self.draws

    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the power."""
        low, high = wilson(np.array([self.power]), np.array([float(self.draws)]))
        return float(low[0]), float(high[0])


def found(
    n: int, log_odds: float, shares: Vector, group: float | None, test: str, draws: int, seed: int, level: float
) -> Found:
    """Draw samples of n respondents and test the slope in each.

    Parameters
    ----------
    shares
        Of the answers where the covariate is 0, from lowest to highest; two for a yes/no answer.
    group
        Share with a covariate of 1; None for a standard normal one.
    """
    cuts = np.log(np.cumsum(shares)[:-1] / (1 - np.cumsum(shares)[:-1]))
    hits = failed = 0
    for number in range(draws):
        rng = np.random.default_rng([seed, number])
        x = rng.normal(size=n) if group is None else (rng.random(n) < group).astype(float)
        latent = log_odds * x + rng.logistic(size=n)
        p = _p_value(np.column_stack([np.ones(n), x]), np.searchsorted(cuts, latent), test)
        hits, failed = hits + (p <= level), failed + bool(np.isnan(p))
    return Found(int(hits), failed, draws)


def _p_value(x: Matrix, y: Codes, test: str) -> float:
    """Two-sided p-value of the slope, NaN where there is no estimate."""
    weights = np.ones(len(y))
    try:
        if test == "firth":
            return penalised_lr(x, y.astype(float), weights, [1]).p
        levels, codes = np.unique(y, return_inverse=True)
        if len(levels) < 2 or np.ptp(x[:, 1]) == 0:
            return float("nan")
        return _likelihood_p(x, codes, len(levels), weights, test)
    except (DataError, ConvergenceError):
        return float("nan")


def _likelihood_p(x: Matrix, y: Codes, levels: int, weights: Vector, test: str) -> float:
    """Wald's test or the likelihood ratio."""
    from scipy.special import chdtrc

    ordered = levels > 2
    fit = (
        ordered_fit(x[:, 1:], y, weights, levels, "logit")
        if ordered
        else binary_fit(x, y.astype(float), weights, "logit")
    )
    if not fit.converged or fit.covariance is None:
        return float("nan")
    if test == "wald":
        return float(chdtrc(1, fit.params[-1] ** 2 / fit.covariance[-1, -1]))
    share = np.bincount(y) / len(y)
    null = len(y) * float(share @ np.log(share))
    return float(chdtrc(1, max(2 * (fit.loglik - null), 0.0)))
