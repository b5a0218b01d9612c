"""Every estimator as a function of its sample, for tests that no estimator may skip.

A new estimator adds one `Entry`; test_properties.py fails as long as a public estimator is missing here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.concordance import concordance
from surveyanalysis.estimators.fit import Fit
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.moments import mean, ratio, total
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.spread import alpha_fit, correlation_fit, covariance_fit
from surveyanalysis.estimators.standardised import standardised_fit

CDF = {"logit": stats.logistic.cdf, "probit": stats.norm.cdf, "cloglog": lambda e: -np.expm1(-np.exp(e))}


@dataclass(frozen=True)
class Sample:
    """Synthetic answers: covariates x (n, k), outcome y (n,), weights (n,) of which some are 0."""

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray

    def rows(self, chosen) -> "Sample":
        """The sample's rows in another order or number."""
        return Sample(self.x[chosen], self.y[chosen], self.weights[chosen])

    def weighted(self, weights) -> "Sample":
        """The same answers under other weights."""
        return replace(self, weights=weights)


@dataclass(frozen=True)
class Entry:
    """One estimator.

    Attributes
    ----------
    name
        For the test's id.
    function
        The public function that is tested.
    fit
        Sample -> Fit.
    sample
        Answers with unequal and zero weights.
    grows
        Power of the weights' scale that the parameters follow: 1 for totals, else 0.
    log_likelihood
        (params, sample) -> value, written down anew from its definition; None where there is none.
    slope
        Position in the parameters of the slope of x's last column; None where there are no slopes.
    """

    name: str
    function: Callable
    fit: Callable[[Sample], Fit]
    sample: Sample
    grows: int = 0
    log_likelihood: Callable[[np.ndarray, Sample], float] | None = None
    slope: int | None = None


def covariates(seed: int, n: int = 60) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """Generator, covariates (a dummy and two numbers) and unequal weights with two zeros."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.arange(n) % 2, rng.normal(size=n), rng.exponential(size=n)])
    weights = rng.uniform(0.3, 6, n)
    weights[[3, 20]] = 0
    return rng, x, weights


def numbers() -> Sample:
    """Numbers with an indicator."""
    rng, x, weights = covariates(1)
    return Sample(x, rng.integers(0, 2, len(x)).astype(float), weights)


def binary_sample() -> Sample:
    """A yes/no outcome; x begins with the intercept."""
    rng, x, weights = covariates(2)
    y = rng.random(len(x)) < stats.logistic.cdf(0.3 + x @ [0.8, -0.6, 0.2])
    return Sample(np.column_stack([np.ones(len(x)), x]), y.astype(float), weights)


def linear_sample() -> Sample:
    """A number with a linear mean; x begins with the intercept."""
    rng, x, weights = covariates(4)
    y = 2 + x @ [0.8, -0.6, 0.2] + rng.normal(size=len(x))
    return Sample(np.column_stack([np.ones(len(x)), x]), y, weights)


def ordered_sample() -> Sample:
    """An outcome of four levels."""
    rng, x, weights = covariates(3)
    latent = x @ [0.9, -0.7, 0.3] + rng.logistic(size=len(x))
    return Sample(x, np.digitize(latent, [-1.2, 0.1, 1.4]), weights)


def binary_log_likelihood(link: str) -> Callable[[np.ndarray, Sample], float]:
    """Sum w [y log F + (1 - y) log(1 - F)]."""

    def value(params, sample):
        p = CDF[link](sample.x @ params)
        return float(sample.weights @ (sample.y * np.log(p) + (1 - sample.y) * np.log1p(-p)))

    return value


def ordered_log_likelihood(link: str, levels: int) -> Callable[[np.ndarray, Sample], float]:
    """Sum w log[F(upper threshold - x b) - F(lower threshold - x b)]."""

    def value(params, sample):
        along = sample.x @ params[levels - 1 :]
        edge = np.zeros(len(along))
        below = np.column_stack([edge, *(CDF[link](cut - along) for cut in params[: levels - 1]), edge + 1])
        rows = np.arange(len(along))
        return float(sample.weights @ np.log(below[rows, sample.y + 1] - below[rows, sample.y]))

    return value


def binary_entry(link: str) -> Entry:
    return Entry(
        f"binary_{link}",
        binary_fit,
        lambda s: binary_fit(s.x, s.y, s.weights, link),
        binary_sample(),
        log_likelihood=binary_log_likelihood(link),
        slope=-1,
    )


def ordered_entry(link: str) -> Entry:
    return Entry(
        f"ordered_{link}",
        ordered_fit,
        lambda s: ordered_fit(s.x, s.y, s.weights, 4, link),
        ordered_sample(),
        log_likelihood=ordered_log_likelihood(link, 4),
        slope=-1,
    )


ENTRIES = (
    Entry("mean", mean, lambda s: mean(s.x, s.weights), numbers()),
    Entry("total", total, lambda s: total(s.x, s.weights), numbers(), grows=1),
    Entry("ratio", ratio, lambda s: ratio(s.x[:, :2] * s.y[:, None], s.x[:, 1:] + 3, s.weights), numbers()),
    Entry("covariance", covariance_fit, lambda s: covariance_fit(s.x + 100, s.weights, 60), numbers()),
    Entry("correlation", correlation_fit, lambda s: correlation_fit(s.x, s.weights), numbers()),
    Entry("concordance", concordance, lambda s: concordance(s.x[:, 1].round(1), s.y == 1, s.weights), numbers()),
    Entry("alpha", alpha_fit, lambda s: alpha_fit(s.x + s.y[:, None], s.weights), numbers()),
    Entry(
        "standardised",
        standardised_fit,
        lambda s: standardised_fit(s.x, s.y.astype(int), np.array([0.3, 0.7]), s.weights),
        numbers(),
    ),
    Entry("linear", linear_fit, lambda s: linear_fit(s.x, s.y, s.weights), linear_sample(), slope=-1),
    *(binary_entry(link) for link in CDF),
    *(ordered_entry(link) for link in CDF),
)
