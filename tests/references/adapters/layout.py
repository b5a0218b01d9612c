"""Results of the package in the layout of R's values."""

from collections.abc import Callable, Sequence
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

NORMAL = NormalDist().inv_cdf(0.975)


def once(function: Callable[[], Any]) -> Callable[[], Any]:
    """Compute at the first call only."""
    return cache(function)


def estimates(result: sa.Estimates, labels: Sequence[str], degf: float | None = None) -> dict[str, Any]:
    """Estimates, errors, covariance and intervals by R's labels, one label a row of the frame.

    The normal interval (R's confint without df) is arithmetic on estimate and standard error. The t interval is the
    result's own; arithmetic too where R takes `degf` other than those of the rows that the result rests on.
    """
    frame = result.frame.set_axis(list(labels), axis=0)
    half = NORMAL * frame["se"]

    def t_interval() -> pd.DataFrame:
        if degf is None or set(frame["df"]) == {degf}:
            return frame[["ci_low", "ci_high"]].set_axis(["low", "high"], axis=1)
        from scipy.stats import t

        return ends(frame["estimate"], t.ppf(0.975, degf) * frame["se"])

    return {
        "estimate": frame["estimate"],
        "se": frame["se"],
        "vcov": square(result.covariance, labels),
        "ci95_normal": ends(frame["estimate"], half),
        "ci95_t_degf": t_interval,
        "degf": lambda: same(frame["df"]) if degf is None else degf,
    }


def ends(estimate: pd.Series, half: pd.Series) -> pd.DataFrame:
    """An interval of equal arms."""
    return pd.DataFrame({"low": estimate - half, "high": estimate + half})


def square(matrix: Any, labels: Sequence[str]) -> pd.DataFrame:
    """A matrix with equal labels of rows and columns."""
    return pd.DataFrame(np.asarray(matrix), index=list(labels), columns=list(labels))


def keyed(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """R's label of each row: its keys, joined by dots."""
    return [".".join(map(plain, keys)) for keys in frame[list(columns)].itertuples(index=False)]


def plain(key: Any) -> str:
    """A key as R writes it: whole numbers without a point, yes/no in capitals."""
    if isinstance(key, bool | np.bool_):
        return str(key).upper()
    return f"{key:g}" if isinstance(key, float) else str(key)


def same(values: pd.Series) -> float:
    """The one number that all rows share."""
    found = set(values)
    if len(found) != 1:
        raise LookupError(f"rows differ: {sorted(found)}")
    return found.pop()


def row(result: Any) -> pd.Series:
    """The only row of a result."""
    frame = result.frame
    if len(frame) != 1:
        raise LookupError(f"{len(frame)} rows, where one is needed")
    return frame.iloc[0]


def est_se(result: Any, estimate: str = "est") -> dict[str, float]:
    """Estimate and standard error of a result with one row."""
    found = row(result)
    return {estimate: found["estimate"], "se": found["se"]}


def interval(found: pd.Series) -> dict[str, float]:
    """The interval of one row."""
    return {"low": found["ci_low"], "high": found["ci_high"]}


def tested(test: sa.Test, **names: str) -> dict[str, float | None]:
    """Numbers of a test under R's names: tested(test, statistic="F", df="df1", df_denominator="df2", p="p")."""
    return {theirs: getattr(test, ours) for ours, theirs in names.items()}
