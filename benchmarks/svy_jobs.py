"""The same jobs by the Python package `svy`; runs under an interpreter that has it. Prints one line of JSON.

Columns are integers, which svy reads fastest.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import svy
from clock import arguments, report

from data import ANSWERS, GROUPS, NUMBERS, REPLICATES, Columns, read, replicate_weights

TOLERANCE = 1e-12
"""Largest relative misfit of a raked margin (at svy's own 1e-4 its weights would be another answer), and of a model."""
Totals = Mapping[str, Mapping[int, float]]
Job = tuple[Callable[[], Any], Callable[[Any], list[Any]]]


def sample_of(columns: Columns) -> svy.Sample:
    return svy.Sample(pl.DataFrame(columns), svy.Design(stratum="stratum", psu="psu", wgt="w"))


def replicated(columns: Columns, folder: Path) -> svy.Sample:
    weights = svy.SdrWgts(prefix="rw", n_reps=REPLICATES)
    frame = pl.DataFrame(columns | replicate_weights(folder, columns))
    return svy.Sample(frame, svy.Design(wgt="w", rep_wgts=weights))


def describe(sample: svy.Sample, totals: Totals) -> Job:
    def numbers(found: list[Any]) -> list[Any]:
        means, shares = found[0].to_polars().sort("dom"), found[1].to_polars()
        tables = []
        for name in ("est", "se"):
            table = np.zeros((GROUPS, ANSWERS))
            table[shares["dom"].cast(int).to_numpy(), shares["item"].cast(int).to_numpy()] = shares[name].to_numpy()
            tables.append(table)
        return [means["est"].to_numpy(), means["se"].to_numpy(), *tables]

    return lambda: [sample.estimation.mean("inc", by="dom"), sample.estimation.prop("item", by="dom")], numbers


def crossed(sample: svy.Sample, totals: Totals) -> Job:
    def numbers(table: Any) -> list[Any]:
        f = table.stats.f
        return [f.value, f.df_num, f.df_den, f.p_value]

    return lambda: sample.categorical.tabulate("item", "item4"), numbers


def medians(sample: svy.Sample, totals: Totals) -> Job:
    def numbers(found: Any) -> list[Any]:
        table = found.to_polars().sort("dom")
        return [table[name].to_numpy() for name in ("est", "lci", "uci")]

    return lambda: sample.estimation.median("inc", by="dom"), numbers


def raked(sample: svy.Sample, totals: Totals) -> Job:
    return (
        lambda: sample.weighting.rake(controls=totals, wgt_name="raked", tol=TOLERANCE),
        lambda found: [found.data["raked"].to_numpy()],
    )


COVARIATES = [*NUMBERS, *(svy.Cat(name, ref=0) for name in ("sex", "educ", "race", "urban", "region"))]


def yes_no(sample: svy.Sample, totals: Totals) -> Job:
    def numbers(model: Any) -> list[Any]:
        table = model.to_polars()
        return [table[name].to_numpy() for name in ("estimate", "std_err")]

    return lambda: sample.glm.fit(y="y", x=COVARIATES, family="binomial", tol=TOLERANCE), numbers


def yes_no_again(sample: svy.Sample, totals: Totals) -> Job:
    """Errors around the mean of the replicates, the only ones that svy gives."""

    def numbers(model: Any) -> list[Any]:
        table = model.to_polars()
        errors = table["std_err"].to_numpy()
        return [table["estimate"].to_numpy(), np.full(len(errors), np.nan), errors]

    return (
        lambda: sample.glm.fit(y="y", x=COVARIATES, family="binomial", tol=TOLERANCE, method="replication"),
        numbers,
    )


JOBS = {"J1": describe, "J2": crossed, "J3": yes_no, "J4": yes_no_again, "J6": medians, "J7": raked}


def main() -> None:
    asked = arguments()
    columns, totals = read(asked.data)
    sample = replicated(columns, asked.data) if asked.job == "J4" else sample_of(columns)
    job, numbers_of = JOBS[asked.job](sample, totals)
    report(job, numbers_of, asked.numbers, f"svy {svy.__version__}, polars {pl.__version__}")


if __name__ == "__main__":
    main()
