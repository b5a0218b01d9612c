"""Known parameters found again by models of counts, limits, shares, selection, instruments, quantiles, several answers.

Every sample follows its model exactly. All chance is normal: answers are quantiles, at the probabilities of normal
numbers, of the distribution that the model states. In clusters these numbers (and the covariates) have a part in
common, so that every single answer still follows the model, with the same parameters, dispersion and correlation, and
independence alone is lost. Sample number i of a size is always the same, whatever else is run.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv, expit, ndtr, ndtri
from scipy.stats import nbinom, norm, poisson

import surveyanalysis as sa
from surveyanalysis.errors import SurveyError

SIZES = (200, 1000)
CLUSTERS, ALIKE, ALIKE_COVARIATES = 40, 0.2, 0.5
RHO, ALPHA, PRECISION = 0.5, 0.5, 5.0
BOUNDS = (0.925, 0.97)
BANDS = {0: (None, 0.0), 1: (0.0, 1.0), 2: (1.0, 2.0), 3: (2.0, None)}
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Chance:
    """Standard normal numbers of n respondents: two covariates, errors (4, n), and their clusters."""

    x: np.ndarray
    z: np.ndarray
    errors: np.ndarray
    cluster: np.ndarray

    @property
    def uniform(self) -> np.ndarray:
        """The errors as probabilities, shape (4, n)."""
        return ndtr(self.errors)

    def correlated(self, rho: float, count: int) -> np.ndarray:
        """Errors with the same correlation between any two of them, shape (count, n)."""
        return np.sqrt(rho) * self.errors[0] + np.sqrt(1 - rho) * self.errors[1 : count + 1]


def chance(n: int, seed: int, number: int, clusters: int = 0) -> Chance:
    """Independent respondents, or clusters of the same size."""
    rng = np.random.default_rng([seed, n, number])
    own = rng.normal(size=(6, n))
    cluster = np.arange(n) % (clusters or n)
    if clusters:
        alike = np.array([ALIKE_COVARIATES] * 2 + [ALIKE] * 4)[:, None]
        own = np.sqrt(1 - alike) * own + np.sqrt(alike) * rng.normal(size=(6, clusters))[:, cluster]
    return Chance(own[0], own[1], own[2:], cluster)


# ---- answers ------------------------------------------------------------


def rates(c: Chance) -> np.ndarray:
    """Expected counts, of about 2."""
    return np.exp(0.5 + 0.5 * c.x)


def counts(c: Chance, u: np.ndarray, form: str) -> np.ndarray:
    """Quantiles of Poisson or negative binomial counts."""
    mu = rates(c)
    if form == "poisson":
        return poisson.ppf(u, mu)
    size = 1 / ALPHA if form == "nb2" else mu / ALPHA
    return nbinom.ppf(u, size, size / (size + mu))


def above_zero(c: Chance, u: np.ndarray, form: str) -> np.ndarray:
    """Quantiles of counts given that they are above 0."""
    mu = rates(c)
    none = np.exp(-mu) if form == "poisson" else (1 + ALPHA * mu) ** (-1 / ALPHA)
    return np.maximum(counts(c, none + u * (1 - none), form), 1)


def latent(c: Chance) -> np.ndarray:
    """A normal number with a standard deviation of 1."""
    return 1 + 0.5 * c.x + c.errors[0]


def above_limit(mean: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Quantiles, from the top, of normal numbers of a standard deviation of 1 given that they are above 0."""
    return mean - ndtri(u * ndtr(mean))


def share(c: Chance, u: np.ndarray) -> np.ndarray:
    """Quantiles of beta shares, kept off the ends that rounding would reach."""
    mean = mean_share(c)
    return np.clip(betaincinv(PRECISION * mean, PRECISION * (1 - mean), u), 1e-12, 1 - 1e-12)


def mean_share(c: Chance) -> np.ndarray:
    """Expected shares."""
    return expit(0.3 + 0.5 * c.x)


def part_shares(c: Chance) -> np.ndarray:
    """Shares of which three in ten are 0 or 1, all with the same mean as if they were between."""
    u = c.uniform
    return np.where(u[1] < 0.3, u[2] < mean_share(c), share(c, u[0]))


def heaped(c: Chance) -> np.ndarray:
    """Shares with heaps at 0 and at 1, whose odds against the rest go with z."""
    zero, one = np.exp(-1.5 + 0.5 * c.z), np.exp(-1.5 - 0.3 * c.z)
    u, whole = c.uniform, 1 + zero + one
    return np.select([u[1] < zero / whole, u[1] > 1 - one / whole], [0.0, 1.0], share(c, u[0]))


def selected(c: Chance, alone: float) -> np.ndarray:
    """An outcome seen where selection, with the coefficient `alone` of a covariate of its own, is above 0."""
    u, v = c.errors[0], RHO * c.errors[0] + np.sqrt(1 - RHO**2) * c.errors[1]
    return np.where(0.3 + 0.5 * c.x + alone * c.z + v > 0, 1 + 0.5 * c.x + u, np.nan)


def instrumented(c: Chance, strength: float) -> Columns:
    """An endogenous covariate w, moved by the instrument z."""
    u, v = c.errors[0], 0.6 * c.errors[0] + 0.8 * c.errors[1]
    w = 0.5 * c.x + strength * c.z + v
    return {"w": w, "y": 1 + 0.5 * c.x + 0.7 * w + u}


def wider(c: Chance) -> Columns:
    """An exponential covariate with which the spread grows."""
    x = -np.log(ndtr(c.x))
    return {"x": x, "y": 1 + 0.5 * x + 0.5 * (1 + x) * c.errors[0]}


def answers(c: Chance, count: int) -> Columns:
    """Yes/no answers y1, y2, ... whose errors are correlated."""
    latent = 0.2 + 0.5 * c.x + c.correlated(RHO, count)
    return {f"y{j + 1}": (one > 0).astype(int) for j, one in enumerate(latent)}


# ---- models ------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """Answers, the call that models them, and the true values: words -> (row of the result, value)."""

    draw: Callable[[Chance], np.ndarray | Columns]
    fit: Callable[..., sa.Model]
    truths: dict[str, tuple[str, float]]
    variance: str = "model"
    slow: bool = False

    def frame(self, c: Chance) -> pd.DataFrame:
        """Answers and covariates."""
        drawn = self.draw(c)
        own = drawn if isinstance(drawn, dict) else {"y": drawn}
        return pd.DataFrame({"x": c.x, "z": c.z, "cluster": c.cluster, **own})


SLOPE = {"slope": ("slope x", 0.5)}
DISPERSION = {"log(alpha)": ("dispersion log(alpha)", float(np.log(ALPHA)))}
SPREAD = {"log(sigma)": ("spread log(sigma)", 0.0)}
CORRELATION = {"atanh(rho)": ("error_correlation atanh(rho)", float(np.arctanh(RHO)))}
HECKMAN = {**SLOPE, "atanh(rho)": CORRELATION["atanh(rho)"]}
TWO_STEPS = {**SLOPE, "lambda": ("lambda lambda", RHO)}


def zero(value: float, word: str = "zero z") -> dict[str, tuple[str, float]]:
    """The slope of the part for zeros."""
    return {"slope, zeros": (word, value)}


def truncated(form: str) -> Setting:
    """Counts above 0."""
    return Setting(
        lambda c: above_zero(c, c.uniform[0], form),
        lambda d, v: sa.truncated_count(d, "y ~ x", distribution=form, variance=v),
        SLOPE | (DISPERSION if form != "poisson" else {}),
    )


def hurdle(form: str) -> Setting:
    """Counts, of which logit P(above 0) is 0.5 + 0.8 z."""
    return Setting(
        lambda c: np.where(c.uniform[1] < expit(0.5 + 0.8 * c.z), above_zero(c, c.uniform[0], form), 0),
        lambda d, v: sa.hurdle(d, "y ~ x", "z", distribution=form, variance=v),
        SLOPE | zero(0.8) | (DISPERSION if form != "poisson" else {}),
    )


def inflated(form: str) -> Setting:
    """Counts, of which the logit of being always 0 is -0.8 + 0.8 z."""
    return Setting(
        lambda c: np.where(c.uniform[1] < expit(-0.8 + 0.8 * c.z), 0, counts(c, c.uniform[0], form)),
        lambda d, v: sa.zero_inflated(d, "y ~ x", "z", distribution=form, variance=v),
        SLOPE | zero(0.8) | (DISPERSION if form != "poisson" else {}),
    )


def negative(form: str) -> Setting:
    """Negative binomial counts."""
    return Setting(
        lambda c: counts(c, c.uniform[0], form),
        lambda d, v: sa.negative_binomial(d, "y ~ x", form=form, variance=v),
        SLOPE | DISPERSION,
    )


def two_part(positive: str) -> Setting:
    """Amounts, any with the probit 0.3 + 0.6 z."""

    def draw(c: Chance) -> np.ndarray:
        amount = above_limit(2 + 0.5 * c.x, c.uniform[0]) if positive == "truncated" else np.exp(latent(c))
        return np.where(0.3 + 0.6 * c.z + c.errors[1] > 0, amount, 0)

    return Setting(
        draw, lambda d, v: sa.two_part(d, "y ~ x", "z", positive=positive, variance=v), SLOPE | zero(0.6) | SPREAD
    )


def heckman(method: str, exclusion: bool) -> Setting:
    """Selection with and without a covariate of its own."""
    return Setting(
        lambda c: selected(c, 0.8 * exclusion),
        lambda d, v: sa.heckman(d, "y ~ x", "x + z" if exclusion else "x", method=method, variance=v),
        HECKMAN if method == "ml" else TWO_STEPS,
    )


def instrument(strength: float) -> Setting:
    """Two stages, one instrument."""
    return Setting(
        lambda c: instrumented(c, strength),
        lambda d, v: sa.two_stage(d, "y ~ x + w", "x + z", variance=v),
        {"slope, endogenous": ("slope w", 0.7)},
    )


def quantile(q: float) -> Setting:
    """A quantile of an outcome whose spread grows with x."""
    return Setting(
        wider,
        lambda d, v: sa.quantile_regression(d, "y ~ x", q, variance=v),
        {"slope": ("slope x", 0.5 + 0.5 * float(norm.ppf(q)))},
    )


def least_squares(draw: Callable[[Chance], np.ndarray | Columns], variance: str = "model") -> Setting:
    """Linear regression."""
    return Setting(draw, lambda d, v: sa.linear(d, "y ~ x", variance=v), SLOPE, variance)


MODELS: dict[str, dict[str, Setting]] = {
    "counts": {
        "`poisson`": Setting(
            lambda c: counts(c, c.uniform[0], "poisson"), lambda d, v: sa.poisson(d, "y ~ x", variance=v), SLOPE
        ),
        "`negative_binomial`, NB2": negative("nb2"),
        "`negative_binomial`, NB1": negative("nb1"),
        "`truncated_count`": truncated("poisson"),
        "`truncated_count`, NB2": truncated("nb2"),
        "`hurdle`": hurdle("poisson"),
        "`hurdle`, NB2": hurdle("nb2"),
        "`zero_inflated`": inflated("poisson"),
        "`zero_inflated`, NB2": inflated("nb2"),
    },
    "limits": {
        "`tobit`, one limit": Setting(latent, lambda d, v: sa.tobit(d, "y ~ x", variance=v), SLOPE | SPREAD),
        "`tobit`, two limits": Setting(latent, lambda d, v: sa.tobit(d, "y ~ x", upper=2, variance=v), SLOPE | SPREAD),
        "`truncated_regression`": Setting(
            lambda c: above_limit(1 + 0.5 * c.x, c.uniform[0]),
            lambda d, v: sa.truncated_regression(d, "y ~ x", variance=v),
            SLOPE | SPREAD,
        ),
        "`interval_regression`, four bands": Setting(
            lambda c: np.digitize(latent(c), [0, 1, 2]),
            lambda d, v: sa.interval_regression(d, "y ~ x", bands=BANDS, variance=v),
            SLOPE | SPREAD,
        ),
        "`two_part`": two_part("truncated"),
        "`two_part`, log-normal": two_part("lognormal"),
        "`fractional`": Setting(part_shares, lambda d, v: sa.fractional(d, "y ~ x", variance=v), SLOPE, "robust"),
        "`beta`": Setting(
            lambda c: share(c, c.uniform[0]),
            lambda d, v: sa.beta(d, "y ~ x", variance=v),
            SLOPE | {"log precision": ("precision (intercept)", float(np.log(PRECISION)))},
        ),
        "`beta`, heaps at 0 and 1": Setting(
            heaped,
            lambda d, v: sa.beta(d, "y ~ x", inflation="z", variance=v),
            SLOPE | zero(0.5) | {"log precision": ("precision (intercept)", float(np.log(PRECISION)))},
        ),
    },
    "selection": {
        "`heckman`": heckman("ml", True),
        "`heckman`, no covariate of selection alone": heckman("ml", False),
        "`heckman`, two steps": heckman("two_step", True),
        "`heckman`, two steps, no covariate of selection alone": heckman("two_step", False),
        "`two_stage`, strong instrument": instrument(0.6),
        "`two_stage`, weak instrument": instrument(0.1),
        "`quantile_regression`, median": quantile(0.5),
        "`quantile_regression`, upper decile": quantile(0.9),
        "`bivariate_probit`": Setting(
            lambda c: answers(c, 2),
            lambda d, v: sa.bivariate_probit(d, "y1 ~ x", "y2 ~ x", variance=v),
            SLOPE | CORRELATION,
        ),
        "`multivariate_probit`": Setting(
            lambda c: answers(c, 3),
            lambda d, v: sa.multivariate_probit(d, ["y1 ~ x", "y2 ~ x", "y3 ~ x"], variance=v),
            SLOPE | {"atanh(rho), first two": ("error_correlation atanh(rho_12)", float(np.arctanh(RHO)))},
            slow=True,
        ),
    },
    "linear": {
        '`linear`, `variance="model"`': least_squares(latent),
        "the same, spread grows with x": least_squares(wider),
        'such spread, `variance="hc1"`': least_squares(wider, "hc1"),
        'such spread, `variance="hc3"`': least_squares(wider, "hc3"),
    },
}
CLUSTERED = (
    "`poisson`", "`negative_binomial`, NB2", "`tobit`, one limit", "`fractional`", "`heckman`",
    "`quantile_regression`, median", "`linear`, `variance=\"model\"`",
)  # fmt: skip


# ---- simulation ------------------------------------------------------------


def estimates(setting: Setting, data: pd.DataFrame | sa.Design, variance: str) -> dict[str, pd.Series] | None:
    """The rows asked for; None where the call refuses, or has no error."""
    try:
        frame = setting.fit(data, variance).frame
    except SurveyError:
        return None
    rows = frame.assign(row=frame["component"] + " " + frame["term"]).drop_duplicates("row").set_index("row")
    found = {words: rows.loc[row] for words, (row, _) in setting.truths.items()}
    return found if all(np.isfinite(one["se"]) for one in found.values()) else None


def judged(found: list[dict[str, pd.Series] | None], setting: Setting) -> pd.DataFrame:
    """A row a parameter: truth, mean, its distance from the truth in simulation errors, se / sd, coverage, failures."""
    rows = {}
    for words, (_, truth) in setting.truths.items():
        table = pd.DataFrame([one[words] for one in found if one is not None])
        values = table["estimate"].astype(float)
        held = (table["ci_low"] <= truth) & (truth <= table["ci_high"])
        error = values.std() / len(values) ** 0.5
        rows[words] = {"truth": truth, "mean": values.mean(), "off": (values.mean() - truth) / error,
                       "se / sd": table["se"].mean() / values.std(), "coverage": held.mean(),
                       "failures": sum(one is None for one in found)}  # fmt: skip
    return pd.DataFrame(rows).T


def recovered(setting: Setting, n: int, samples: int, seed: int) -> pd.DataFrame:
    """Independent respondents."""
    drawn = (setting.frame(chance(n, seed, number)) for number in range(samples))
    return judged([estimates(setting, frame, setting.variance) for frame in drawn], setting)


def in_clusters(setting: Setting, n: int, samples: int, seed: int) -> dict[str, pd.DataFrame]:
    """Errors as of independent respondents, and by the design."""
    both: dict[str, list] = {setting.variance: [], "design": []}
    for number in range(samples):
        frame = setting.frame(chance(n, seed, number, CLUSTERS))
        both[setting.variance].append(estimates(setting, frame, setting.variance))
        both["design"].append(estimates(setting, sa.Design(frame, clusters="cluster"), "design"))
    return {variance: judged(found, setting) for variance, found in both.items()}


# ---- tables ------------------------------------------------------------


def cells(row: pd.Series) -> str:
    """Mean (simulation errors from the truth), se / sd, coverage, failures."""
    coverage = f"{row['coverage']:.1%}"
    shown = coverage if BOUNDS[0] <= row["coverage"] <= BOUNDS[1] else f"**{coverage}**"
    return f"{row['mean']:.3f} ({row['off']:+.1f}) | {row['se / sd']:.2f} | {shown} | {row['failures']:.0f}"


def independent(models: dict[str, Setting], samples: int, slow: int, seed: int) -> str:
    """Table of simple random samples."""
    heads = [f"{n:,}: mean (off) | SE / SD | coverage | failed" for n in SIZES]
    lines = ["| model | parameter | truth | " + " | ".join(heads) + " |", "|---|" + "---|" * (2 + 4 * len(SIZES))]
    for name, setting in models.items():
        count = slow if setting.slow else samples
        tables = [recovered(setting, n, count, seed) for n in SIZES]
        for words in setting.truths:
            parts = " | ".join(cells(table.loc[words]) for table in tables)
            lines.append(f"| {name} | {words} | {setting.truths[words][1]:.3g} | {parts} |")
    return "\n".join(lines)


def clustered(models: dict[str, Setting], samples: int, seed: int) -> str:
    """Table of coverage in clusters."""
    heads = [f"{n:,}: independent | by the design" for n in SIZES]
    lines = ["| model | parameter | " + " | ".join(heads) + " |", "|---|---|" + "---|" * 2 * len(SIZES)]
    for name, setting in models.items():
        tables = [table for n in SIZES for table in in_clusters(setting, n, samples, seed).values()]
        for words in setting.truths:
            shown = " | ".join(f"{table.loc[words, 'coverage']:.1%}" for table in tables)
            lines.append(f"| {name.split(', `variance')[0]} | {words} | {shown} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables of each page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=1000)
    options.add_argument("--slow-samples", type=int, default=200)
    options.add_argument("--seed", type=int, default=20113)
    options.add_argument("--only", choices=list(MODELS), action="append")
    asked = options.parse_args()
    for page in asked.only or MODELS:
        models = MODELS[page]
        print(f"\n{page}\n\n{independent(models, asked.samples, asked.slow_samples, asked.seed)}")
        chosen = {name: models[name] for name in CLUSTERED if name in models}
        print(f"\n{clustered(chosen, asked.samples, asked.seed)}", flush=True)
    errors = [f"{count:,} samples: {(0.95 * 0.05 / count) ** 0.5:.1%}" for count in (asked.samples, asked.slow_samples)]
    print(f"\nSimulation error of a coverage of 95 %, {'; '.join(errors)}.")


if __name__ == "__main__":
    main()
