"""The same jobs by the Python package `svy`; runs under an interpreter that has it. Prints one line of JSON.

Columns are integers, which svy reads fastest.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import svy
from clock import arguments, report

from data import ANSWERS, GROUPS, Columns, read

TOLERANCE = 1e-12
"""Largest relative misfit of a raked margin; at svy's own 1e-4 its weights would be another answer."""
Totals = Mapping[str, Mapping[int, float]]
Job = tuple[Callable[[], Any], Callable[[Any], list[Any]]]


def sample_of(columns: Columns) -> svy.Sample:
    return svy.Sample(pl.DataFrame(columns), svy.Design(stratum="stratum", psu="psu", wgt="w"))


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


JOBS = {"J1": describe, "J2": crossed, "J6": medians, "J7": raked}


def main() -> None:
    asked = arguments()
    columns, totals = read(asked.data)
    job, numbers_of = JOBS[asked.job](sample_of(columns), totals)
    report(job, numbers_of, asked.numbers, f"svy {svy.__version__}, polars {pl.__version__}")


if __name__ == "__main__":
    main()
