"""Coverage of 95 % intervals where answers are missing: complete cases against multiple imputation.

Synthetic respondents are drawn again and again from one population; answers are taken out completely at random (MCAR),
or by age and sex, which everybody tells (MAR). The table says how often the intervals hold the population's value, how
far the estimates are off on average (in standard deviations of the estimate with all answers), and how long the
intervals are, relative to those with all answers.
"""

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd

import surveyanalysis as sa

QUESTIONS = ["pay", "wants", "stage", "job"]
STAGES = [1, 2, 3, 4]
MECHANISMS = ("MCAR", "MAR")
METHODS = ("all answers", "complete cases", "imputed")
Targets = dict[str, pd.Series]


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def respondents(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Everybody's answers: age and sex; pay (skewed), wants (yes/no), stage (a scale of four), job (three kinds)."""
    age = np.round(rng.uniform(24, 64, n))
    z, woman = (age - 44) / 11.5, rng.random(n) < 0.45
    pay = np.round(np.exp(3.4 + 0.35 * z - 0.15 * woman + rng.normal(0, 0.45, n)))
    p = np.log(pay) - 3.4
    wants = rng.random(n) < logistic(-0.3 - 0.9 * p + 0.6 * woman - 0.4 * z)
    stage = 1 + (0.8 * z + 0.9 * p + rng.logistic(0, 1, n)[:, None].T > np.array([[-1.2], [0.2], [1.5]])).sum(axis=0)
    lab, office = logistic(-0.2 + 0.8 * woman + 0.5 * z), logistic(-0.9 - 0.5 * z)
    job = np.where(rng.random(n) < lab, "lab", np.where(rng.random(n) < office, "office", "firm"))
    return coded(pd.DataFrame({"age": age, "woman": woman, "pay": pay, "wants": wants, "stage": stage, "job": job}))


def coded(frame: pd.DataFrame) -> pd.DataFrame:
    """Answers in the types of their questions."""
    return frame.assign(
        woman=frame["woman"].astype("boolean"),
        wants=frame["wants"].astype("boolean"),
        stage=frame["stage"].astype(pd.CategoricalDtype(STAGES, ordered=True)),
        job=frame["job"].astype(pd.CategoricalDtype(["firm", "lab", "office"])),
    )


def thinned(frame: pd.DataFrame, mechanism: str, rng: np.random.Generator) -> pd.DataFrame:
    """About a quarter of the answers to each of the four questions are taken out."""
    n, z = len(frame), (frame["age"].to_numpy() - 44) / 11.5
    out = frame.copy()
    for i, name in enumerate(QUESTIONS):
        sign = 1 if i % 2 == 0 else -1
        chance = 0.25 if mechanism == "MCAR" else logistic(-1.4 + sign * z + 0.5 * frame["woman"].to_numpy(float))
        lost = rng.random(n) < chance
        out[name] = frame[name].mask(lost)
    return out


MODEL = "wants ~ log(pay) + woman + age"
ANALYSES: dict[str, Callable[[sa.Design], sa.Estimates]] = {
    "mean": lambda d: sa.mean(d, "pay"),
    "wants": lambda d: sa.proportion(d, "wants", level=True),
    "stage": lambda d: sa.proportion(d, "stage", level=4),
    "job": lambda d: sa.proportion(d, "job", level="lab"),
    "logit": lambda d: sa.logit(d, MODEL).estimates,
}
TARGETS = {
    "mean of pay": ("mean", 0),
    "share who want": ("wants", 0),
    "share at the top stage": ("stage", 0),
    "share in a lab": ("job", 0),
    "logit of wants: log pay": ("logit", 1),
    "logit of wants: sex": ("logit", 2),
}
"""What is estimated: the analysis, and the row of its result."""


def rows_of(results: dict[str, sa.Estimates]) -> Targets:
    """The row of each target."""
    return {name: results[analysis].frame.iloc[at] for name, (analysis, at) in TARGETS.items()}


def estimated(frame: pd.DataFrame) -> Targets:
    """Targets from the answers as they are."""
    design = sa.Design(frame)
    return rows_of({name: analysis(design) for name, analysis in ANALYSES.items()})


def imputed(frame: pd.DataFrame, m: int, seed: int) -> Targets:
    """Targets pooled over imputations."""
    filled = sa.impute(frame, [*QUESTIONS, "age", "woman"], m=m, iterations=5, seed=seed)
    pooled = {name: filled.fit(analysis) for name, analysis in ANALYSES.items() if name != "logit"}
    return rows_of({**pooled, "logit": filled.logit(MODEL)})


def simulated(
    n: int, count: int, m: int, seed: int, mechanisms: tuple[str, ...] = MECHANISMS, people: int = 200_000
) -> pd.DataFrame:
    """Coverage, bias and relative length by target, mechanism and method."""
    truth = {name: one["estimate"] for name, one in estimated(respondents(people, np.random.default_rng(seed))).items()}
    table = {}
    for which, mechanism in enumerate(mechanisms):
        found: dict[str, list[Targets]] = {method: [] for method in METHODS}
        for number in range(count):
            rng = np.random.default_rng([seed, which, number])
            whole = respondents(n, rng)
            part = thinned(whole, mechanism, rng)
            for method, targets in zip(METHODS, (estimated(whole), estimated(part), imputed(part, m, number))):
                found[method].append(targets)
        for name, value in truth.items():
            rows = {method: pd.DataFrame([each[name] for each in found[method]]) for method in METHODS}
            sd = rows["all answers"]["estimate"].std()
            length = {method: (rows[method]["ci_high"] - rows[method]["ci_low"]).mean() for method in METHODS}
            for method in METHODS:
                held = (rows[method]["ci_low"] <= value) & (value <= rows[method]["ci_high"])
                table[name, mechanism, method, "coverage"] = held.mean()
                table[name, mechanism, method, "bias"] = (rows[method]["estimate"].mean() - value) / sd
                table[name, mechanism, method, "length"] = length[method] / length["all answers"]
    return pd.Series(table).unstack(3).loc[list(truth)]


def markdown(table: pd.DataFrame, n: int, count: int, m: int) -> str:
    """The table as it stands in the docs."""
    lines = ["| | missing | method | coverage | bias | length |", "|---|---|---|---|---|---|"]
    for name, mechanism, method in pd.MultiIndex.from_product([list(TARGETS), MECHANISMS, METHODS]):
        one = table.loc[(name, mechanism, method)]
        lines.append(
            f"| {name} | {mechanism} | {method} | {one['coverage']:.1%} | {one['bias']:+.2f} | {one['length']:.2f} |"
        )
    error = (0.95 * 0.05 / count) ** 0.5
    note = f"{count:,} samples of {n} each, m = {m}; simulation error of a coverage of 95 %: {error:.1%}."
    return "\n".join([*lines, "", note])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=1000)
    options.add_argument("--respondents", type=int, default=214)
    options.add_argument("--m", type=int, default=20)
    options.add_argument("--seed", type=int, default=20112)
    asked = options.parse_args()
    found = simulated(asked.respondents, asked.samples, asked.m, asked.seed)
    print(markdown(found, asked.respondents, asked.samples, asked.m))
