"""Estimators of outcomes with limits, zeros, selection and shares, for the tests of test_properties.py."""

import numpy as np
from scipy import special, stats

from surveyanalysis.estimators.beta import beta_fit
from surveyanalysis.estimators.fractional import fractional_fit
from surveyanalysis.estimators.heckman import heckman_fit
from surveyanalysis.estimators.heckman_two_step import heckman_two_step_fit
from surveyanalysis.estimators.inflated_beta import inflated_beta_fit
from surveyanalysis.estimators.interval import interval_fit
from surveyanalysis.estimators.tobit import tobit_fit
from surveyanalysis.estimators.trivariate_probit import trivariate_probit_fit
from surveyanalysis.estimators.truncated import truncated_fit
from surveyanalysis.estimators.two_part import two_part_fit
from surveyanalysis.estimators.two_stage import two_stage_fit

from .registry import Entry, Sample, covariates

BANDS = np.array([-np.inf, 0.5, 1.5, 2.5, 4.0, np.inf])


def with_intercept(x: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])


def latent_sample(seed: int = 6, n: int = 80) -> Sample:
    """A normal number, of which limits show a part; x begins with the intercept."""
    rng, x, weights = covariates(seed, n)
    return Sample(with_intercept(x), 1 + x @ [0.8, -0.6, 0.4] + 1.3 * rng.normal(size=n), weights)


def zeros_sample() -> Sample:
    """A number with zeros."""
    sample = latent_sample()
    return Sample(sample.x, np.maximum(sample.y, 0), sample.weights)


def positive_sample() -> Sample:
    """Positive numbers, far less skew than exponential ones."""
    rng, x, weights = covariates(7)
    mean = 2 + x @ [0.5, -0.4, 0.2]
    return Sample(with_intercept(x), np.abs(mean + 0.8 * rng.normal(size=len(x))) + 0.05, weights)


def selected_sample(n: int = 160) -> Sample:
    """A number that is missing for those not selected."""
    rng, x, weights = covariates(8, n)
    u, v = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T
    seen = 0.2 + x @ [0.9, 1.0, -0.3] + v > 0
    y = np.where(seen, 1 + x @ [0.4, 0.0, 0.6] + 1.4 * u, np.nan)
    return Sample(with_intercept(x), y, weights)


def share_sample() -> Sample:
    """Shares strictly between 0 and 1."""
    rng, x, weights = covariates(9)
    mean = special.expit(-0.3 + x @ [0.6, -0.5, 0.2])
    return Sample(with_intercept(x), rng.beta(5 * mean, 5 * (1 - mean)), weights)


def heaped_sample() -> Sample:
    """Shares of which a fifth each are 0 and 1."""
    sample = share_sample()
    heap = np.random.default_rng(1).integers(0, 5, len(sample.y))
    return Sample(sample.x, np.select([heap == 0, heap == 1], [0.0, 1.0], sample.y), sample.weights)


def instrument_sample() -> Sample:
    """Columns: intercept, an exogenous covariate, two excluded instruments, an endogenous covariate."""
    rng, x, weights = covariates(10)
    common = rng.normal(size=len(x))
    endogenous = x @ [0.3, 0.8, 0.6] + common + 0.5 * rng.normal(size=len(x))
    y = 1 + 0.5 * x[:, 0] + 0.7 * endogenous + common + rng.normal(size=len(x))
    return Sample(np.column_stack([with_intercept(x), endogenous]), y, weights)


def triple_sample() -> Sample:
    """Three yes/no answers with correlated errors, coded 4 y1 + 2 y2 + y3."""
    rng, x, weights = covariates(12, 90)
    e = rng.multivariate_normal(np.zeros(3), [[1, 0.5, 0.3], [0.5, 1, -0.2], [0.3, -0.2, 1]], len(x))
    y = np.column_stack([0.2 + 0.4 * x[:, 0], -0.1 + 0.3 * x[:, 0], 0.3 + x @ [0.2, 0, -0.3]]) + e > 0
    return Sample(with_intercept(x), y @ np.array([4, 2, 1]), weights)


def triple_parts(s: Sample) -> tuple[list[np.ndarray], np.ndarray]:
    """Covariates of each answer, and the answers."""
    return [s.x[:, :2], s.x[:, :2], s.x[:, [0, 1, 3]]], np.column_stack([s.y // 4, s.y // 2 % 2, s.y % 2])


def bivariate_by_owen(h, c, r):
    """P(X <= h, Y <= c) by Owen's T function."""
    root = np.sqrt(1 - r * r)
    owen = special.owens_t(h, (c / h - r) / root) + special.owens_t(c, (h / c - r) / root)
    return (special.ndtr(h) + special.ndtr(c)) / 2 - owen - np.where(h * c < 0, 0.5, 0)


def triple_log_likelihood(params, sample) -> float:
    """Sum w log of the integral, over the first error, of its density times the others' conditional probability."""
    x, y = triple_parts(sample)
    q, r = 2 * y - 1, np.tanh(params[7:])
    h = [q[:, j] * (x[j] @ params[a:b]) for j, (a, b) in enumerate([(0, 2), (2, 4), (4, 7)])]
    r12, r13, r23 = r[0] * q[:, 0] * q[:, 1], r[1] * q[:, 0] * q[:, 2], r[2] * q[:, 1] * q[:, 2]
    nodes, parts = np.polynomial.legendre.leggauss(80)
    t = -9 + (h[0][:, None] + 9) * (nodes + 1) / 2
    s2, s3 = np.sqrt(1 - r12**2), np.sqrt(1 - r13**2)
    given = ((r23 - r12 * r13) / (s2 * s3))[:, None]
    a, b = ((h[j][:, None] - r[:, None] * t) / s[:, None] for j, r, s in ((1, r12, s2), (2, r13, s3)))
    p = (stats.norm.pdf(t) * bivariate_by_owen(a, b, given)) @ parts * (h[0] + 9) / 2
    return float(sample.weights @ np.log(p))


def triple_fit(s: Sample):
    x, y = triple_parts(s)
    return trivariate_probit_fit(x, y, s.weights)


def ends_of(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bands with open ends; every fourth number of the middle is known exactly, by its value alone."""
    place = np.digitize(y, BANDS[1:-1])
    known = np.floor(y * 1000) % 4 == 0
    return np.where(known, y, BANDS[place]), np.where(known, y, BANDS[place + 1])


def interval_log_likelihood(params, sample) -> float:
    """Sum w log of density or probability."""
    mean, sigma = sample.x @ params[:-1], np.exp(params[-1])
    low, high = ends_of(sample.y)
    with np.errstate(divide="ignore"):
        p = np.log(stats.norm.cdf(high, mean, sigma) - stats.norm.cdf(low, mean, sigma))
    return float(sample.weights @ np.where(low == high, stats.norm.logpdf(sample.y, mean, sigma), p))


def tobit_log_likelihood(lower, upper):
    """Sum w log of density between, of probability at the limits."""

    def value(params, sample):
        mean, sigma, y = sample.x @ params[:-1], np.exp(params[-1]), sample.y
        inside = stats.norm.logpdf(y, mean, sigma)
        inside = np.where(y <= lower, stats.norm.logcdf(lower, mean, sigma), inside)
        return float(sample.weights @ np.where(y >= upper, stats.norm.logsf(upper, mean, sigma), inside))

    return value


def truncated_log_likelihood(lower, upper):
    """Sum w log of the truncated normal density."""

    def value(params, sample):
        mean, sigma = sample.x @ params[:-1], np.exp(params[-1])
        among = stats.norm.cdf(upper, mean, sigma) - stats.norm.cdf(lower, mean, sigma)
        return float(sample.weights @ (stats.norm.logpdf(sample.y, mean, sigma) - np.log(among)))

    return value


def two_part_log_likelihood(positive, link):
    """Sum w log P(y = 0), or of P(y > 0) times the density of positive outcomes."""
    cdf = {"probit": stats.norm.cdf, "logit": special.expit}[link]

    def value(params, sample):
        chance, y, sigma = cdf(sample.x[:, :3] @ params[:3]), sample.y, np.exp(params[-1])
        mean, some = sample.x @ params[3:-1], sample.y > 0
        if positive == "lognormal":
            amount = stats.lognorm.logpdf(np.where(some, y, 1), sigma, scale=np.exp(mean))
        else:
            amount = stats.truncnorm.logpdf(y, -mean / sigma, np.inf, mean, sigma)
        return float(sample.weights @ np.where(some, np.log(chance) + amount, np.log1p(-chance)))

    return value


def beta_log_likelihood(params, sample) -> float:
    """Sum w log of the beta density; the log precision is linear in the first two columns."""
    mean, phi = special.expit(sample.x @ params[:4]), np.exp(sample.x[:, :2] @ params[4:])
    return float(sample.weights @ stats.beta.logpdf(sample.y, mean * phi, (1 - mean) * phi))


def inflated_log_likelihood(params, sample) -> float:
    """Sum w log of the probability of the end, or of P(between) times the beta density."""
    odds = np.exp(sample.x[:, :3] @ params[:6].reshape(2, 3).T)
    total, y = 1 + odds.sum(axis=1), sample.y
    mean, phi = special.expit(sample.x @ params[6:10]), np.exp(params[10])
    inside = stats.beta.logpdf(np.clip(y, 1e-9, 1 - 1e-9), mean * phi, (1 - mean) * phi)
    part = np.select([y == 0, y == 1], [np.log(odds[:, 0]), np.log(odds[:, 1])], inside)
    return float(sample.weights @ (part - np.log(total)))


def selection_log_likelihood(params, sample) -> float:
    """Sum w log P(not seen), or of the density times P(seen | outcome)."""
    x, z, seen = sample.x[:, [0, 1, 3]], sample.x, np.isfinite(sample.y)
    b, g, sigma, rho = params[:3], params[3:7], np.exp(params[-2]), np.tanh(params[-1])
    y = np.where(seen, sample.y, 0.0)
    given = stats.norm.logcdf((z @ g + rho * (y - x @ b) / sigma) / np.sqrt(1 - rho * rho))
    both = stats.norm.logpdf(y, x @ b, sigma) + given
    return float(sample.weights @ np.where(seen, both, stats.norm.logcdf(-z @ g)))


def selection(fit):
    """The estimator on x's columns 0, 1, 3 and selection on all."""

    def fitted(s: Sample):
        seen = np.isfinite(s.y)
        return fit(s.x[:, [0, 1, 3]], s.y, s.x, seen.astype(float), s.weights)

    return fitted


def tobit_entry(name: str, lower: float, upper: float) -> Entry:
    return Entry(
        f"tobit_{name}",
        tobit_fit,
        lambda s: tobit_fit(s.x, s.y, s.weights, lower=lower, upper=upper),
        latent_sample(),
        log_likelihood=tobit_log_likelihood(lower, upper),
        slope=3,
    )


def truncated_entry(name: str, lower: float, upper: float) -> Entry:
    return Entry(
        f"truncated_{name}",
        truncated_fit,
        lambda s: truncated_fit(s.x, s.y, s.weights, lower=lower, upper=upper),
        positive_sample(),
        log_likelihood=truncated_log_likelihood(lower, upper),
        slope=3,
    )


def two_part_entry(positive: str, link: str) -> Entry:
    return Entry(
        f"two_part_{positive}_{link}",
        two_part_fit,
        lambda s: two_part_fit(s.x[:, :3], s.x, s.y, s.weights, positive=positive, link=link),
        zeros_sample(),
        log_likelihood=two_part_log_likelihood(positive, link),
        slope=6,
    )


def fractional_entry(link: str) -> Entry:
    return Entry(
        f"fractional_{link}",
        fractional_fit,
        lambda s: fractional_fit(s.x, s.y, s.weights, link),
        heaped_sample(),
        slope=3,
    )


ENTRIES = (
    Entry(
        "interval",
        interval_fit,
        lambda s: interval_fit(s.x, *ends_of(s.y), s.weights),
        latent_sample(),
        log_likelihood=interval_log_likelihood,
        slope=3,
    ),
    tobit_entry("lower", 0.0, np.inf),
    tobit_entry("upper", -np.inf, 2.0),
    tobit_entry("both", 0.0, 2.5),
    tobit_entry("none", -np.inf, np.inf),
    truncated_entry("lower", 0.0, np.inf),
    truncated_entry("both", -0.5, 9.0),
    two_part_entry("truncated", "probit"),
    two_part_entry("lognormal", "logit"),
    Entry(
        "heckman",
        heckman_fit,
        selection(heckman_fit),
        selected_sample(),
        log_likelihood=selection_log_likelihood,
        slope=2,
    ),
    *(fractional_entry(link) for link in ("probit", "logit")),
    Entry(
        "beta",
        beta_fit,
        lambda s: beta_fit(s.x, s.y, s.weights, s.x[:, :2]),
        share_sample(),
        log_likelihood=beta_log_likelihood,
        slope=3,
    ),
    Entry(
        "inflated_beta",
        inflated_beta_fit,
        lambda s: inflated_beta_fit(s.x[:, :3], s.x, s.y, s.weights),
        heaped_sample(),
        log_likelihood=inflated_log_likelihood,
        slope=9,
    ),
    Entry(
        "two_stage",
        two_stage_fit,
        lambda s: two_stage_fit(s.x[:, [0, 1, 4]], s.x[:, :4], s.y, s.weights),
        instrument_sample(),
        slope=2,
    ),
    Entry(
        "trivariate_probit",
        trivariate_probit_fit,
        triple_fit,
        triple_sample(),
        log_likelihood=triple_log_likelihood,
        slope=6,
    ),
    Entry("heckman_two_step", heckman_two_step_fit, selection(heckman_two_step_fit), selected_sample(), slope=2),
)
