"""Our side of the comparison: the public verbs on a design that stands.

The answers are categorical, as in every survey that was cleaned by a codebook. Prints one line of JSON.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from clock import arguments, report

import surveyanalysis as sa
from data import SHARES, Columns, read

ANSWERS = ("dom", "item", "item4", *SHARES)
Totals = Mapping[str, Mapping[int, float]]
Job = tuple[Callable[[], Any], Callable[[Any], list[Any]]]
"""The call that is timed, and what takes the numbers out of its result."""


def design_of(columns: Columns) -> sa.Design:
    frame = pd.DataFrame(columns)
    for name in ANSWERS:
        frame[name] = pd.Categorical(frame[name])
    return sa.Design(sa.Survey.from_frame(frame), weights="w", strata="stratum", clusters="psu")


def describe(design: sa.Design, totals: Totals) -> Job:
    """J1: means of a number and shares of five answers in 20 groups."""
    return (
        lambda: [sa.mean(design, "inc", by="dom"), sa.proportion(design, "item", by="dom")],
        lambda found: [part.frame[name] for part in found for name in ("estimate", "se")],
    )


def crossed(design: sa.Design, totals: Totals) -> Job:
    """J2: five answers by four groups, and whether they are independent (Rao-Scott F)."""
    return (
        lambda: sa.crosstab(design, "item", by="item4").test("rao_scott"),
        lambda test: [test.statistic, test.df, test.df_denominator, test.p],
    )


def medians(design: sa.Design, totals: Totals) -> Job:
    """J6: medians in 20 groups with Woodruff's intervals."""
    return (
        lambda: sa.quantile(design, "inc", by="dom", interval="mean", rule="math"),
        lambda found: [found.frame[name] for name in ("estimate", "ci_low", "ci_high")],
    )


def raked(design: sa.Design, totals: Totals) -> Job:
    """J7: weights raked to four margins."""
    return lambda: design.raked(totals), lambda found: [found.weights]


JOBS = {"J1": describe, "J2": crossed, "J6": medians, "J7": raked}


def main() -> None:
    asked = arguments()
    columns, totals = read(asked.data)
    job, numbers_of = JOBS[asked.job](design_of(columns), totals)
    report(job, numbers_of, asked.numbers, f"surveyanalysis {sa.__version__}, numpy {np.__version__}")


if __name__ == "__main__":
    main()
