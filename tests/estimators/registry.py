"""Every estimator as a function of its sample, for tests that no estimator may skip.

A new estimator adds one `Entry`; test_properties.py fails as long as a public estimator is missing here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special, stats

from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.bivariate_probit import bivariate_probit_fit
from surveyanalysis.estimators.concordance import concordance
from surveyanalysis.estimators.continuation import continuation_fit
from surveyanalysis.estimators.decomposed import Plan, decomposed_fit
from surveyanalysis.estimators.fit import Fit
from surveyanalysis.estimators.hurdle import hurdle_fit
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.matched import Matching, fairlie_fit
from surveyanalysis.estimators.moments import mean, ratio, total
from surveyanalysis.estimators.multinomial import multinomial_fit
from surveyanalysis.estimators.negative_binomial import negative_binomial_fit
from surveyanalysis.estimators.nonparallel import nonparallel_fit
from surveyanalysis.estimators.ordered import ordered_fit
from surveyanalysis.estimators.penalized import firth_fit
from surveyanalysis.estimators.penalized_multinomial import firth_multinomial_fit
from surveyanalysis.estimators.poisson import poisson_fit
from surveyanalysis.estimators.separate_logits import separate_logits_fit
from surveyanalysis.estimators.spread import alpha_fit, correlation_fit, covariance_fit
from surveyanalysis.estimators.standardised import standardised_fit
from surveyanalysis.estimators.truncated_counts import truncated_count_fit
from surveyanalysis.estimators.zero_inflated import zero_inflated_fit

CDF = {
    "logit": stats.logistic.cdf,
    "probit": stats.norm.cdf,
    "cloglog": lambda e: -np.expm1(-np.exp(e)),
    "loglog": lambda e: np.exp(-np.exp(-e)),
    "cauchit": stats.cauchy.cdf,
}


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
        Power of the weights' scale that the parameters follow: 1 for totals, else 0; None where they follow none, as a
        penalty does that takes weights for counts.
    repeats
        Whether a row of weight 2 is two rows; not where weights are scaled to mean 1 first.
    log_likelihood
        (params, sample) -> value, written down anew from its definition; None where there is none.
    slope
        Position in the parameters of the slope of x's last column; None where there are no slopes.
    exposed
        (sample, factor) -> Fit with the exposure times that factor; None where there is no exposure.
    """

    name: str
    function: Callable
    fit: Callable[[Sample], Fit]
    sample: Sample
    grows: int | None = 0
    repeats: bool = True
    log_likelihood: Callable[[np.ndarray, Sample], float] | None = None
    slope: int | None = None
    exposed: Callable[[Sample, float], Fit] | None = None


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


def parted_sample() -> Sample:
    """An outcome of three levels whose bounded covariates cannot make lines cross."""
    rng, x, weights = covariates(4, 80)
    x = np.column_stack([x[:, 0], np.tanh(x[:, 1]), rng.uniform(-1, 1, len(x))])
    latent = x @ [0.5, -0.4, 0.3] + rng.logistic(size=len(x))
    return Sample(x, np.digitize(latent, [-1.0, 1.2]), weights)


def paired_sample() -> Sample:
    """Two yes/no answers with correlated errors, coded 2 y1 + y2; x begins with the intercept."""
    rng, x, weights = covariates(5)
    e = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], len(x))
    y1, y2 = 0.3 + x @ [0.8, -0.6, 0.2] + e[:, 0] > 0, -0.2 + 0.5 * x[:, 0] + e[:, 1] > 0
    return Sample(np.column_stack([np.ones(len(x)), x]), 2 * y1.astype(int) + y2, weights)


def counted_sample(seed: int, inflated: float = 0.0, least: int = 0) -> Sample:
    """Counts that vary more than Poisson's, some of them always 0, none below `least`; x begins with the intercept."""
    rng, x, weights = covariates(seed, 70)
    x = np.column_stack([np.ones(len(x)), x[:, 0], np.tanh(x[:, 1]), rng.uniform(-1, 1, len(x))])
    y = rng.poisson(np.exp(x @ [0.9, 0.5, -0.4, 0.3]) * rng.gamma(1.5, 1 / 1.5, len(x)))
    y[rng.random(len(x)) < inflated] = 0
    return Sample(x, np.maximum(y, least).astype(float), weights)


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


def unordered_sample() -> Sample:
    """An outcome of four levels without an order; x begins with the intercept."""
    rng, x, weights = covariates(4)
    utility = np.column_stack([0 * x[:, 0], x @ [0.5, -0.6, 0.1], x @ [-0.4, 0.2, 0.3], x @ [0.3, 0.5, -0.3]])
    y = (utility + rng.gumbel(size=utility.shape)).argmax(axis=1)
    return Sample(np.column_stack([np.ones(len(x)), x]), y, weights)


def unordered_log_likelihood(levels: int, reference: int) -> Callable[[np.ndarray, Sample], float]:
    """Sum w log[exp(x b_y) / sum exp(x b_l)], b_reference = 0."""

    def value(params, sample):
        table = np.insert(params.reshape(levels - 1, -1), reference, 0, axis=0)
        odds = np.exp(sample.x @ table.T)
        return float(sample.weights @ np.log(odds[np.arange(len(odds)), sample.y] / odds.sum(axis=1)))

    return value


def lines(params, x, cuts: int, free) -> np.ndarray:
    """Threshold minus x times its slopes, written parameter by parameter; the rest of params is left alone."""
    place = np.tile(params[:cuts], (len(x), 1))
    at = cuts
    for k in sorted(range(x.shape[1]), key=lambda k: (k in free, k)):
        if k in free:
            place -= np.outer(x[:, k], params[at : at + cuts])
            at += cuts
        else:
            place -= np.outer(x[:, k], np.full(cuts, params[at]))
            at += 1
    return place


def nonparallel_log_likelihood(link: str, levels: int, free, scaled) -> Callable[[np.ndarray, Sample], float]:
    """As for an ordered outcome, with slopes by threshold and a log spread linear in the columns `scaled` of x."""

    def value(params, sample):
        spread = np.exp(sample.x[:, scaled] @ params[len(params) - len(scaled) :])
        edge = np.zeros((len(sample.x), 1))
        place = CDF[link](lines(params, sample.x, levels - 1, free) / spread[:, None])
        below, rows = np.hstack([edge, place, edge + 1]), np.arange(len(sample.x))
        return float(sample.weights @ np.log(below[rows, sample.y + 1] - below[rows, sample.y]))

    return value


def continuation_log_likelihood(link: str, levels: int, direction: str, free) -> Callable[[np.ndarray, Sample], float]:
    """Sum over respondents of w log P(level), a product of steps."""

    def value(params, sample):
        stop = CDF[link](lines(params, sample.x, levels - 1, free))
        chance = []
        for i, y in enumerate(sample.y):
            if direction == "forward":
                passed, last = range(y), stop[i, y] if y < levels - 1 else 1
                chance.append(last * np.prod([1 - stop[i, j] for j in passed]))
            else:
                passed, last = range(y, levels - 1), 1 - stop[i, y - 1] if y else 1
                chance.append(last * np.prod([stop[i, j] for j in passed]))
        return float(sample.weights @ np.log(chance))

    return value


def paired_log_likelihood(params, sample) -> float:
    """Sum w log of the bivariate normal probability, as one minus those of the margins or Owen's T function."""
    k = sample.x.shape[1]
    q1, q2 = 2 * (sample.y // 2) - 1, 2 * (sample.y % 2) - 1
    h, c, r = q1 * (sample.x @ params[:k]), q2 * (sample.x[:, :2] @ params[k:-1]), q1 * q2 * np.tanh(params[-1])
    root = np.sqrt(1 - r * r)
    owen = special.owens_t(h, (c / h - r) / root) + special.owens_t(c, (h / c - r) / root)
    p = (special.ndtr(h) + special.ndtr(c)) / 2 - owen - np.where(h * c < 0, 0.5, 0)
    return float(sample.weights @ np.log(p))


def exposure_of(sample: Sample) -> np.ndarray:
    """Years at risk, which follow from no column alone."""
    return 1.5 + 0.5 * sample.x[:, 1] * sample.x[:, 2]


def count_log_likelihood(
    distribution: str, zeros: str, link: str = "logit", exposed: bool = False
) -> Callable[[np.ndarray, Sample], float]:
    """Sum w log P(y) from scipy.stats: plain, truncated at zero, inflated in zeros, or with a hurdle before them."""

    def value(params, sample):
        x, y, k = sample.x, sample.y, sample.x.shape[1]
        mu, other, alpha = (
            np.exp(x @ params[:k]) * (exposure_of(sample) if exposed else 1),
            x @ params[k : 2 * k] if len(params) > k + 1 else 0,
            np.exp(params[-1]),
        )
        size = {"poisson": mu, "nb2": 1 / alpha, "nb1": mu / alpha}[distribution]
        law = stats.poisson(mu) if distribution == "poisson" else stats.nbinom(size, size / (size + mu))
        chance, none = law.pmf(y), law.pmf(0)
        if zeros == "truncated":
            chance = chance / (1 - none)
        elif zeros == "inflated":
            share = CDF["logit"](other)
            chance = share * (y == 0) + (1 - share) * chance
        elif zeros == "hurdle":
            chance = np.where(y == 0, 1 - CDF[link](other), CDF[link](other) * chance / (1 - none))
        return float(sample.weights @ np.log(chance))

    return value


def count_fit(zeros: str, law: str, link: str, s: Sample, offset: np.ndarray | None) -> Fit:
    """The estimator of these counts."""
    if zeros == "truncated":
        return truncated_count_fit(s.x, s.y, s.weights, law, offset=offset)
    if zeros == "inflated":
        return zero_inflated_fit(s.x, s.y, s.weights, None, law, offset=offset)
    if zeros == "hurdle":
        return hurdle_fit(s.x, s.y, s.weights, None, law, offset=offset, link=link)
    if law == "poisson":
        return poisson_fit(s.x, s.y, s.weights, offset=offset)
    return negative_binomial_fit(s.x, s.y, s.weights, offset=offset, form=law)


def count_entry(zeros: str, distribution: str, link: str = "logit", *, exposed: bool = False) -> Entry:
    """One model of counts; slopes of the mean come first."""
    function, sample = {
        "plain": (poisson_fit if distribution == "poisson" else negative_binomial_fit, counted_sample(6)),
        "truncated": (truncated_count_fit, counted_sample(7, least=1)),
        "inflated": (zero_inflated_fit, counted_sample(8, inflated=0.4)),
        "hurdle": (hurdle_fit, counted_sample(8, inflated=0.4)),
    }[zeros]

    def fit(s: Sample, factor: float = 1.0) -> Fit:
        return count_fit(zeros, distribution, link, s, np.log(factor * exposure_of(s)) if exposed else None)

    return Entry(
        f"count_{zeros}_{distribution}_{link}{'_exposed' * exposed}",
        function,
        fit,
        sample,
        log_likelihood=count_log_likelihood(distribution, zeros, link, exposed),
        slope=3,
        exposed=fit if exposed else None,
    )


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


def multinomial_entry(reference: int) -> Entry:
    return Entry(
        f"multinomial_{reference}",
        multinomial_fit,
        lambda s: multinomial_fit(s.x, s.y, s.weights, 4, reference),
        unordered_sample(),
        log_likelihood=unordered_log_likelihood(4, reference),
        slope=-1,
    )


def firth_entry(bias_reduction: str, link: str, *, counts: bool = False) -> Entry:
    """Medians depend on where a covariate has its origin: no `slope`."""
    return Entry(
        f"{bias_reduction}_{link}{'_counts' * counts}",
        firth_fit,
        lambda s: firth_fit(s.x, s.y, s.weights, bias_reduction=bias_reduction, link=link, counts=counts),
        binary_sample(),
        grows=None if counts else 0,
        repeats=counts,
        slope=None if bias_reduction == "median" else -1,
    )


def firth_multinomial_entry(*, counts: bool) -> Entry:
    return Entry(
        f"firth_multinomial{'_counts' * counts}",
        firth_multinomial_fit,
        lambda s: firth_multinomial_fit(s.x, s.y, s.weights, 4, 1, counts=counts),
        unordered_sample(),
        grows=None if counts else 0,
        repeats=counts,
        slope=-1,
    )


def nonparallel_entry(link: str, sample: Sample, free=(), scaled=()) -> Entry:
    levels, k = int(sample.y.max()) + 1, sample.x.shape[1]
    names = [f"free{''.join(map(str, free))}"] * bool(free) + ["scale"] * bool(scaled)
    last = levels - 1 + k - len(free) - 1 if k - 1 not in free else -1 - len(scaled)

    def fit(s):
        return nonparallel_fit(s.x, s.y, s.weights, levels, link, free=free, scale=s.x[:, scaled] if scaled else None)

    value = nonparallel_log_likelihood(link, levels, free, list(scaled))
    return Entry(
        f"nonparallel_{link}_{'_'.join(names)}", nonparallel_fit, fit, sample, log_likelihood=value, slope=last
    )


def continuation_entry(link: str, direction: str, free=()) -> Entry:
    sample = ordered_sample()
    return Entry(
        f"continuation_{direction}_{link}" + "_free" * bool(free),
        continuation_fit,
        lambda s: continuation_fit(s.x, s.y, s.weights, 4, link, direction=direction, free=free),
        sample,
        log_likelihood=continuation_log_likelihood(link, 4, direction, free),
        slope=3 + 3 - len(free) - 1,
    )


def paired_fit(s: Sample) -> Fit:
    return bivariate_probit_fit(s.x, s.y // 2, s.x[:, :2], s.y % 2, s.weights)


def decomposition_entry(method: str, reference: str | float, parts: str = "two", deviation: bool = False) -> Entry:
    """The gap between the sample's rows with and without the dummy; the covariates are the intercept and two numbers.

    The groups' numbers are set apart: Yun's weights divide by what all terms explain together.
    With `deviation` the first number is two levels: column and coefficient of the reference beside them.
    """
    sample = linear_sample() if method == "oaxaca" else binary_sample()
    one, terms = np.eye(3), np.eye(3)
    spread, coefficients = one, one
    if deviation:
        terms = np.hstack([one, one[:, [1]]])
        spread = np.hstack([one, [[1.0], [-1.0], [0.0]]])
        coefficients = np.array([[1.0, 0.5, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, -0.5, 0.0]])
    plan = Plan(method != "oaxaca", reference, parts, terms, spread, coefficients)

    def fit(s: Sample) -> Fit:
        first = s.x[:, 1] == 1
        x = s.x[:, [0, 2, 3]] + np.outer(first, [0.0, 1.0, 0.0])
        if method == "fairlie":
            return fairlie_fit(x, s.y, first, s.weights, plan, matched(s, first))
        return decomposed_fit(x, s.y, first, s.weights, plan)

    name = f"{method}_{reference}_{parts}{'_deviation' if deviation else ''}"
    if method == "fairlie":  # pairs are of rows, so that a row of weight 2 is one
        return Entry(name, fairlie_fit, fit, sample, repeats=False)
    return Entry(name, decomposed_fit, fit, sample)


def matched(s: Sample, first: np.ndarray) -> tuple[Matching, ...]:
    """One matching that no order of rows and no weight but zero changes: by the second number."""
    ranked = [np.flatnonzero(who & (s.weights > 0)) for who in (first, ~first)]
    ranked = [rows[np.argsort(s.x[rows, 3])] for rows in ranked]
    size = min(map(len, ranked))
    return (Matching(ranked[0][:size], ranked[1][:size], np.array([1, 0])),)


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
    *(
        decomposition_entry(method, reference)
        for method in ("oaxaca", "yun")
        for reference in ("pooled", "neumark", "first", "second", "cotton", "reimers", 0.3)
    ),
    decomposition_entry("oaxaca", "pooled", "three"),
    decomposition_entry("oaxaca", "second", deviation=True),
    decomposition_entry("yun", "second", deviation=True),
    decomposition_entry("fairlie", "pooled"),
    Entry("linear", linear_fit, lambda s: linear_fit(s.x, s.y, s.weights), linear_sample(), slope=-1),
    *(binary_entry(link) for link in CDF),
    *(ordered_entry(link) for link in CDF),
    *(multinomial_entry(reference) for reference in (0, 2)),
    *(firth_entry("firth", link) for link in ("logit", "probit", "cloglog")),
    *(firth_entry("median", link) for link in ("logit", "probit", "cloglog")),
    firth_entry("jeffreys", "probit"),
    firth_entry("firth", "logit", counts=True),
    firth_entry("median", "logit", counts=True),
    *(firth_multinomial_entry(counts=counts) for counts in (False, True)),
    *(nonparallel_entry(link, parted_sample(), free=(0,)) for link in ("logit", "probit", "cloglog")),
    nonparallel_entry("logit", parted_sample(), free=(0, 1, 2)),
    *(nonparallel_entry(link, ordered_sample(), scaled=(0,)) for link in ("logit", "probit", "cloglog")),
    nonparallel_entry("logit", parted_sample(), free=(2,), scaled=(0, 1)),
    *(continuation_entry(link, way) for link in ("logit", "cloglog") for way in ("forward", "backward")),
    continuation_entry("probit", "forward", free=(1,)),
    continuation_entry("logit", "backward", free=(0,)),
    Entry(
        "bivariate_probit",
        bivariate_probit_fit,
        paired_fit,
        paired_sample(),
        log_likelihood=paired_log_likelihood,
        slope=3,
    ),
    Entry(
        "separate_logits",
        separate_logits_fit,
        lambda s: separate_logits_fit(s.x, s.y, s.weights, 4),
        ordered_sample(),
        slope=-1,
    ),
    *(count_entry("plain", law) for law in ("poisson", "nb2", "nb1")),
    *(count_entry(zeros, law) for zeros in ("truncated", "inflated") for law in ("poisson", "nb2")),
    count_entry("hurdle", "poisson", "cloglog"),
    count_entry("hurdle", "nb1", "probit"),
    *(
        count_entry(zeros, law, exposed=True)
        for zeros in ("plain", "truncated", "inflated", "hurdle")
        for law in ("poisson", "nb2", "nb1")
    ),
)
