"""Coverage of 95 % intervals under stratified cluster sampling: mean, total, ratio, quantile, proportion.

A population is made once; samples are drawn from it again and again, two to six clusters a stratum, with weights, a
finite population and unequal clusters. The table says how often the intervals hold the population's value.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

import surveyanalysis as sa

STRATA, CLUSTERS = 12, 60
SETTINGS = {"2 clusters a stratum": 2, "4 clusters a stratum": 4, "6 clusters a stratum": 6}


def population(seed: int) -> pd.DataFrame:
    """Synthetic firms: 12 strata of 60 clusters of 5 to 35; answers are alike within clusters."""
    rng = np.random.default_rng(seed)
    size = rng.integers(5, 36, (STRATA, CLUSTERS))
    stratum = np.repeat(np.arange(STRATA), size.sum(axis=1))
    cluster = np.repeat(np.arange(STRATA * CLUSTERS), size.ravel())
    effect = rng.normal(0, 0.5, STRATA * CLUSTERS)[cluster] + 0.3 * rng.normal(size=STRATA)[stratum]
    staff = np.exp(3 + 0.5 * effect + rng.normal(0, 0.6, len(cluster)))
    sales = staff * np.exp(0.3 * effect + rng.normal(0, 0.4, len(cluster)))
    rare = rng.random(len(cluster)) < 1 / (1 + np.exp(3.2 - 0.8 * effect))
    common = rng.random(len(cluster)) < 1 / (1 + np.exp(0.3 - 0.8 * effect))
    return pd.DataFrame({"stratum": stratum, "cluster": cluster, "staff": staff, "sales": sales,
                         "rare": rare.astype(int), "common": common.astype(int)})  # fmt: skip


def truths(people: pd.DataFrame) -> dict[str, float]:
    """The population's values."""
    return {
        "mean": people.sales.mean(),
        "total": people.sales.sum(),
        "ratio": people.sales.sum() / people.staff.sum(),
        "median": float(np.quantile(people.sales, 0.5, method="inverted_cdf")),
        "upper decile": float(np.quantile(people.sales, 0.9, method="inverted_cdf")),
        "share, about 45 %": people.common.mean(),
        "share, about 5 %": people.rare.mean(),
    }


def samples(people: pd.DataFrame, drawn: int, count: int, seed: int) -> Iterator[sa.Design]:
    """Designs of `count` samples of `drawn` clusters a stratum."""
    rows = people.groupby("cluster").indices
    for number in range(count):
        rng = np.random.default_rng([seed, drawn, number])
        chosen = [s * CLUSTERS + rng.permutation(CLUSTERS)[:drawn] for s in range(STRATA)]
        frame = people.iloc[np.concatenate([rows[c] for c in np.concatenate(chosen)])].reset_index(drop=True)
        yield sa.Design(frame, strata="stratum", clusters="cluster", population=CLUSTERS)


def intervals(design: sa.Design) -> dict[str, pd.Series]:
    """One row of estimates for each truth."""
    quantiles = sa.quantile(design, "sales", [0.5, 0.9]).frame
    return {
        "mean": sa.mean(design, "sales").frame.iloc[0],
        "total": sa.total(design, "sales").frame.iloc[0],
        "ratio": sa.ratio(design, "sales", "staff").frame.iloc[0],
        "median": quantiles.iloc[0],
        "upper decile": quantiles.iloc[1],
        "share, about 45 %": sa.proportion(design, "common", level=1).frame.iloc[0],
        "share, about 5 %": sa.proportion(design, "rare", level=1).frame.iloc[0],
    }


def coverage(count: int, seed: int) -> pd.DataFrame:
    """Share of intervals that hold the truth, and mean standard error / standard deviation of the estimates."""
    people = population(seed)
    known = truths(people)
    table = {}
    for setting, drawn in SETTINGS.items():
        found = [intervals(design) for design in samples(people, drawn, count, seed)]
        for name, truth in known.items():
            rows = pd.DataFrame([each[name] for each in found])
            held = (rows["ci_low"] <= truth) & (truth <= rows["ci_high"])
            table[name, setting, "coverage"] = held.mean()
            table[name, setting, "se / sd"] = rows["se"].mean() / rows["estimate"].std()
    return pd.Series(table).unstack([1, 2]).loc[list(known)]


def markdown(table: pd.DataFrame, count: int) -> str:
    """The table as it stands in the docs."""
    heads = [f"{setting}: {what}" for setting, what in table.columns]
    lines = ["| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for name, row in table.iterrows():
        shown = [f"{x:.1%}" if what == "coverage" else f"{x:.2f}" for (_, what), x in row.items()]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    error = (0.95 * 0.05 / count) ** 0.5
    return "\n".join([*lines, "", f"{count:,} samples each; simulation error of a coverage of 95 %: {error:.1%}."])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=2000)
    options.add_argument("--seed", type=int, default=20111)
    asked = options.parse_args()
    print(markdown(coverage(asked.samples, asked.seed), asked.samples))
