"""Our side of the comparison: the public verbs on a design that stands.

The answers are categorical, as in every survey that was cleaned by a codebook. Prints one line of JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from clock import arguments, report

import surveyanalysis as sa
from data import NUMBERS, SHARES, Columns, read, replicate_weights
from surveyanalysis.design.design import replace_parts

ANSWERS = ("dom", "item", "item4", "urban", *SHARES)
YES_NO = f"y ~ {' + '.join(NUMBERS)} + sex + educ + race + urban + region"
ORDERED = "ord ~ age + x1 + x2 + sex + educ + region"
Totals = Mapping[str, Mapping[int, float]]
Job = tuple[Callable[[], Any], Callable[[Any], list[Any]]]
"""The call that is timed, and what takes the numbers out of its result."""


def design_of(columns: Columns) -> sa.Design:
    return sa.Design(_survey(columns), weights="w", strata="stratum", clusters="psu")


def replicated(columns: Columns, folder: Path) -> sa.Design:
    """The same respondents with replicate weights instead of strata and PSUs."""
    survey = _survey(columns | replicate_weights(folder, columns))
    return sa.Design(survey, weights="w", replicates=sa.Replicates("rw*", "SDR", combined=True))


def _survey(columns: Columns) -> sa.Survey:
    frame = pd.DataFrame(columns)
    for name in ANSWERS:
        frame[name] = pd.Categorical(frame[name])
    frame["ord"] = pd.Categorical(frame["ord"], ordered=True)
    return sa.Survey.from_frame(frame)


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


def yes_no(design: sa.Design, totals: Totals) -> Job:
    """J3: weighted logit, 18 coefficients with linearised errors."""
    return lambda: sa.logit(design, YES_NO).frame, _coefficients


def yes_no_again(design: sa.Design, totals: Totals) -> Job:
    """J4: the same with errors from 80 replicates around the estimate; around their mean besides, not timed."""

    def numbers(frame: pd.DataFrame) -> list[Any]:
        around = replace(design.replicates, mse=False)
        return [*_coefficients(frame), sa.logit(replace_parts(design, replicates=around), YES_NO).frame["se"]]

    return lambda: sa.logit(design, YES_NO).frame, numbers


def in_order(design: sa.Design, totals: Totals) -> Job:
    """J5: weighted ordered logit, 10 slopes and 4 thresholds with linearised errors."""
    return lambda: sa.ordered(design, ORDERED).frame, _coefficients


PERFORMANCE = "age + x1 + x2 + x3 + sex + educ + region"


def negative_binomial(design: sa.Design, totals: Totals) -> Job:
    """J10: negative binomial regression of a count, 11 slopes and the dispersion; coefficients are compared."""
    frame = design.survey
    return (
        lambda: sa.negative_binomial(frame, f"made ~ {PERFORMANCE}", variance="model").frame,
        lambda found: [found["estimate"]],
    )


def zero_inflated(design: sa.Design, totals: Totals) -> Job:
    """J11: the same with a logit of the share that is always 0."""
    frame = design.survey
    return (
        lambda: (
            sa.zero_inflated(frame, f"made ~ {PERFORMANCE}", "x1 + sex", distribution="nb2", variance="model").frame
        ),
        lambda found: [found["estimate"]],
    )


def tobit(design: sa.Design, totals: Totals) -> Job:
    """J12: tobit of sales with a limit at 0, with model-based errors."""
    frame = design.survey
    return lambda: sa.tobit(frame, f"sold ~ {PERFORMANCE}", variance="model").frame, _coefficients


def _coefficients(frame: pd.DataFrame) -> list[Any]:
    return [frame["estimate"], frame["se"]]


JOBS = {
    "J1": describe,
    "J2": crossed,
    "J3": yes_no,
    "J4": yes_no_again,
    "J5": in_order,
    "J6": medians,
    "J7": raked,
    "J10": negative_binomial,
    "J11": zero_inflated,
    "J12": tobit,
}


def main() -> None:
    asked = arguments()
    columns, totals = read(asked.data)
    design = replicated(columns, asked.data) if asked.job == "J4" else design_of(columns)
    job, numbers_of = JOBS[asked.job](design, totals)
    report(job, numbers_of, asked.numbers, f"surveyanalysis {sa.__version__}, numpy {np.__version__}")


if __name__ == "__main__":
    main()
