"""Small samples: how often 95 % intervals hold the truth, and how often a test refuses what is true.

Logits of a yes/no covariate beside a score, with 57 and 214 respondents: Wald, Firth's profile, exact, bootstrap.
Few clusters: ordinary cluster-robust errors, CR2 with Satterthwaite's degrees of freedom, wild bootstrap. Sample number
i of a setting is always the same, whatever else is run.
"""

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm, t

from surveyanalysis.errors import SurveyError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.bootstrap_ends import percentile_ends
from surveyanalysis.estimators.exact_inference import exact_estimate
from surveyanalysis.estimators.exact_logit import conditional
from surveyanalysis.estimators.few_clusters import few_clusters
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.penalized_profile import profile_interval
from surveyanalysis.estimators.separation import separating
from surveyanalysis.estimators.wild import binary_hold, linear_hold, p_of, signs_of

NOWHERE = (np.nan, np.nan)
SLOPES = {"no effect": 0.0, "odds ratio 3.3": 1.2}
CLUSTERS = (4, 8, 15)


# ---- logits of few respondents ------------------------------------------------------------


def answers(n: int, slope: float, seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """A model matrix (intercept, yes/no of 30 %, score 0 to 2) and outcomes, about one in five with the event."""
    rng = np.random.default_rng([seed, n, round(10 * slope), number])
    x = np.column_stack([np.ones(n), rng.random(n) < 0.3, rng.integers(0, 3, n)]).astype(float)
    return x, (rng.random(n) < expit(-2.0 + slope * x[:, 1] + 0.5 * x[:, 2])).astype(float)


def wald(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Maximum likelihood with Wald's interval; none where the answers are separated."""
    if y.min() == y.max() or separating(x, y) is not None:
        return NOWHERE
    fit = binary_fit(x, y, np.ones(len(y)), "logit")
    half = norm.ppf(0.975) * np.sqrt(fit.covariance[1, 1])
    return fit.params[1] - half, fit.params[1] + half


def firth(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The profile of the penalised likelihood."""
    found = profile_interval(x, y, np.ones(len(y)), 1, 0.95)
    return found.low, found.high


def exact(x: np.ndarray, y: np.ndarray, mid_p: bool = False) -> tuple[float, float]:
    """The exact conditional interval."""
    found = exact_estimate(conditional(x[:, 1:], y, [0]), 0.95, mid_p)
    return found.low, found.high


def bootstrap(x: np.ndarray, y: np.ndarray, draws: int = 299) -> tuple[float, float]:
    """Percentiles of refits; none where more than a tenth of them have no estimate, as the verb refuses."""
    cells, count = np.unique(np.column_stack([x, y]), axis=0, return_counts=True)
    drawn = np.random.default_rng(1).multinomial(len(y), count / len(y), size=draws).astype(float)
    values = _refits(cells[:, :-1], cells[:, -1], drawn)
    kept = values[~np.isnan(values)]
    if len(kept) < 0.9 * draws:
        return NOWHERE
    low, high = percentile_ends(kept[:, None], 0.95)
    return low.item(), high.item()


def _refits(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The slope under each set of counts (R, cells), NaN without an estimate: Newton's steps of all at once."""
    params = np.zeros((len(weights), x.shape[1]))
    for _ in range(25):
        p = expit(params @ x.T)
        score = (weights * (y - p)) @ x
        information = np.einsum("rc,cj,ck->rjk", weights * p * (1 - p), x, x) + 1e-12 * np.eye(x.shape[1])
        params += np.clip(np.linalg.solve(information, score[:, :, None])[:, :, 0], -2, 2)
    settled = (np.abs(score).max(axis=1) < 1e-8) & (np.abs(params).max(axis=1) < 12)
    return np.where(settled, params[:, 1], np.nan)


METHODS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[float, float]]] = {
    "Wald": wald,
    "Firth, profile": firth,
    "exact": exact,
    "exact, mid-p": lambda x, y: exact(x, y, mid_p=True),
    "bootstrap, percentile": bootstrap,
}


def logits(samples: int, seed: int, sizes: tuple[int, ...] = (57, 214)) -> pd.DataFrame:
    """Coverage, rejections of no effect, and samples without an interval, by method, size and slope."""
    rows = {}
    for n in sizes:
        for words, slope in SLOPES.items():
            drawn = [answers(n, slope, seed, number) for number in range(samples)]
            for method, interval in METHODS.items():
                ends = np.array([_ends(interval, x, y) for x, y in drawn])
                rows[method, f"n = {n}, {words}"] = judged(ends, slope)
    return pd.DataFrame(rows).T


def _ends(interval: Callable[..., tuple[float, float]], x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    try:
        return interval(x, y)
    except SurveyError:
        return NOWHERE


def judged(ends: np.ndarray, truth: float) -> dict[str, float]:
    """Shares of the samples with an interval, and the share without one."""
    known = ends[~np.isnan(ends).any(axis=1)]
    low, high = known.T
    return {"coverage": ((low <= truth) & (truth <= high)).mean(), "rejects 0": ((low > 0) | (high < 0)).mean(),
            "no interval": 1 - len(known) / len(ends)}  # fmt: skip


# ---- few clusters ------------------------------------------------------------


def clustered(count: int, seed: int, number: int, binary: bool) -> tuple[np.ndarray, ...]:
    """Clusters of 5 to 20, a covariate of theirs and one of respondents; an intraclass correlation of .1."""
    rng = np.random.default_rng([seed, count, number, binary])
    clusters = np.repeat(np.arange(count), rng.integers(5, 21, count))
    own, n = rng.normal(size=count), len(clusters)
    x = np.column_stack([np.ones(n), own[clusters], rng.normal(size=n)])
    effect = rng.normal(size=count)[clusters]
    if binary:
        latent = 0.3 * x[:, 2] + 0.6 * effect + rng.logistic(size=n)
        return x, (latent > 0).astype(float), clusters
    return x, 0.3 * x[:, 2] + np.sqrt(0.1) * effect + np.sqrt(0.9) * rng.normal(size=n), clusters


def refusals(x: np.ndarray, y: np.ndarray, clusters: np.ndarray, binary: bool) -> dict[str, float]:
    """p-values of the cluster's covariate, which has no effect."""
    ones, count = np.ones(len(y)), int(clusters.max()) + 1
    if binary:
        params = binary_fit(x, y, ones, "logit").params
        p = expit(x @ params)
        step = ((p * (1 - p))[:, None] * x, y - p, 1 / (p * (1 - p)), p * (1 - p))
        hold = binary_hold(x, y, ones, clusters, 1, "logit")
    else:
        params = linear_fit(x, y, ones).params
        step = (x, y - x @ params, ones, ones)
        hold = linear_hold(x, y, ones, clusters, 1)
    plain = params[1] / np.sqrt(robust(*step[:3], clusters)[1, 1])
    found = few_clusters(*step, clusters)
    moved = params[1] / np.sqrt(found.covariance[1, 1])
    drawn = signs_of(count, "webb" if count < 12 else "rademacher", 999, 1)
    return {
        "cluster-robust, normal": 2 * norm.sf(abs(plain)),
        "cluster-robust, t(G - 1)": 2 * t.sf(abs(plain), count - 1),
        "CR2, Satterthwaite": 2 * t.sf(abs(moved), found.df(np.eye(3))[1]),
        "wild bootstrap": p_of(hold(0.0), drawn),
    }


def robust(x: np.ndarray, residuals: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """The ordinary cluster-robust covariance with its small-sample factor (CR1)."""
    count, (n, k) = int(clusters.max()) + 1, x.shape
    scores = np.array([((weights * residuals)[:, None] * x)[clusters == g].sum(axis=0) for g in range(count)])
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    return count / (count - 1) * (n - 1) / (n - k) * bread @ scores.T @ scores @ bread


def sizes(samples: int, seed: int, counts: tuple[int, ...] = CLUSTERS) -> pd.DataFrame:
    """Share of samples in which a true null hypothesis is refused at 5 %, by method, kind of model and clusters."""
    columns = {}
    for binary in (False, True):
        for count in counts:
            found = []
            for number in range(samples):
                x, y, clusters = clustered(count, seed, number, binary)
                if binary and separating(x, y) is not None:
                    continue
                found.append(refusals(x, y, clusters, binary))
            columns["logit" if binary else "linear", f"{count} clusters"] = (pd.DataFrame(found) <= 0.05).mean()
    return pd.DataFrame(columns)


# ---- tables ------------------------------------------------------------


def markdown(table: pd.DataFrame) -> str:
    """Shares as a table of a page."""
    heads = [", ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in table.columns]
    lines = ["| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for name, row in table.iterrows():
        words = ", ".join(name) if isinstance(name, tuple) else str(name)
        lines.append(f"| {words} | " + " | ".join(f"{x:.1%}" for x in row) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=200)
    options.add_argument("--seed", type=int, default=57214)
    asked = options.parse_args()
    table = logits(asked.samples, asked.seed)
    columns = list(dict.fromkeys(table.index.get_level_values(1)))
    for measure in ("coverage", "rejects 0", "no interval"):
        part = table[measure].unstack(1).loc[list(METHODS), columns]
        print(f"\n{measure}\n\n{markdown(part)}")
    print(f"\nrefused at 5 % though true\n\n{markdown(sizes(3 * asked.samples, asked.seed))}")
    errors = [f"{(0.95 * 0.05 / count) ** 0.5:.1%}" for count in (asked.samples, 3 * asked.samples)]
    counted = f"{asked.samples:,} samples a column, and {3 * asked.samples:,} of clusters"
    print(f"\n{counted}; simulation error at 5 % or 95 %: {errors[0]}, {errors[1]}.")


if __name__ == "__main__":
    main()
