"""Replicate weights that came with the data: which columns, of which kind, combined with the weights or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np

from ..errors import ColumnError, DesignError, one_of
from ..estimators.fit import Matrix, Vector
from ..survey import Survey
from .columns import column_of, listed, numbers_of
from .replicated import ReplicateWeights, stacked

Kind = Literal["JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other"]
KINDS = ("JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other")
FAR = 0.5  # from 1: replicate weights whose sum is farther from that of the weights are read wrongly


@dataclass(frozen=True)
class Replicates:
    """Replicate weights as a survey's documentation describes them.

    Parameters
    ----------
    columns
        Names of the columns in order, or a pattern: ``"rw*"``.
    kind
        "JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR" (successive differences, as in the American Community
        Survey) or "other".
    combined
        Whether the columns are whole weights (True), or factors that multiply the weights (False). Asked, since means
        come out the same either way and totals do not; checked against the columns.
    scale, rscales
        V = scale * sum of rscales_r (theta_r - centre)^2. By kind: JK1 (R - 1) / R; BRR 1 / R; Fay
        1 / (R (1 - fay)^2); bootstrap 1 / (R - 1); SDR 4 / R; JK2 and JKn 1, where JKn needs `rscales`, one number or
        one a column. "other" needs `scale`.
    mse
        Whether squares are taken around the estimate under the full weights (True) or around the mean over replicates.
        By default True for SDR, else False, as in R survey.
    fay
        Fay's factor, 0 to 1, for kind "Fay".

    Examples
    --------
    >>> Replicates("rw*", "BRR", combined=True).kind
    'BRR'
    """

    columns: str | Sequence[str]
    kind: Kind
    combined: bool | None = None
    scale: float | None = None
    rscales: float | Sequence[float] | None = None
    mse: bool | None = None
    fay: float | None = None


def read_replicates(survey: Survey, asked: Replicates, weights: Vector) -> ReplicateWeights:
    """The columns as checked sets of weights."""
    one_of(asked.kind, KINDS, "kind")
    names = _names(survey, asked.columns)
    columns = stacked([_column(survey, name) for name in names])
    _check_combined(asked.combined, columns, weights)
    count = columns.shape[1]
    scale, rscales = _scales(asked, count)
    mse = asked.kind == "SDR" if asked.mse is None else asked.mse
    base = np.ones(len(weights)) if asked.combined else weights
    return ReplicateWeights(columns, None, base, scale, rscales, mse, asked.kind)


def _names(survey: Survey, columns: str | Sequence[str]) -> list[str]:
    """Columns by pattern in the frame's order, or as listed."""
    if isinstance(columns, str):
        found = [str(name) for name in survey.frame.columns if fnmatchcase(str(name), columns)]
        if not found:
            raise ColumnError(f"`replicates`: no column matches {columns!r}. Give a pattern such as 'rw*', or a list.")
    else:
        found = [str(survey.column(name, "replicates").name) for name in columns]
    if len(found) < 2:
        raise DesignError(f"`replicates` has {len(found)} column: a variance needs at least two.")
    twice = {name for name in found if found.count(name) > 1}
    if twice:
        raise DesignError(f"`replicates` names {sorted(twice)[0]!r} twice.")
    return found


def _column(survey: Survey, name: str) -> Vector:
    """One replicate's numbers; missing and negative ones are named."""
    column = column_of(survey, name, "replicates")
    values = numbers_of(column, "replicates")
    for what, wrong in (("missing, infinite or no number", ~np.isfinite(values)), ("negative", values < 0)):
        if wrong.any():
            raise DesignError(f"`replicates`: column {name!r} is {what} for {listed(column.index, wrong)}.")
    if not values.any():
        raise DesignError(f"`replicates`: column {name!r} is zero for everybody. Leave it out.")
    return values


def _check_combined(combined: bool | None, columns: Matrix, weights: Vector) -> None:
    """Ask whether the columns hold whole weights, and check the answer where the numbers can tell."""
    whole = float(np.median(columns.sum(axis=0)) / weights.sum())
    factor = float(np.median(weights @ columns) / weights.sum())
    if combined is None:
        raise DesignError(
            "Say whether the replicate columns are whole weights (combined=True) or factors that multiply the weights "
            f"(combined=False): totals depend on it. Read as whole weights they sum to {whole:.3g} times the weights, "
            f"as factors to {factor:.3g} times; the right reading is near 1."
        )
    said, other = (whole, factor) if combined else (factor, whole)
    if abs(said - 1) > FAR:
        cure = "Correct `combined`." if abs(other - 1) <= FAR else "Check `weights` and the columns."
        raise DesignError(
            f"combined={combined} contradicts the replicate columns: read so they sum to {said:.3g} times the weights, "
            f"with combined={not combined} to {other:.3g} times; it should be near 1. {cure}"
        )


def _scales(asked: Replicates, count: int) -> tuple[float, Vector]:
    """Scale and rscales: as given, else those of the kind."""
    if asked.kind == "Fay" and not (asked.fay is not None and 0 <= asked.fay < 1):
        raise DesignError(f"Replicates of kind 'Fay' need fay=, 0 up to below 1; it is {asked.fay!r}.")
    if asked.kind == "JKn" and asked.rscales is None:
        raise DesignError(
            "Replicates of kind 'JKn' need rscales=, (m - 1) / m of the stratum that each one drops from."
        )
    if asked.kind == "other" and asked.scale is None:
        raise DesignError("Replicates of kind 'other' need scale=: V = scale * sum of rscales (theta - centre)^2.")
    usual = {"JK1": (count - 1) / count, "BRR": 1 / count, "bootstrap": 1 / (count - 1), "SDR": 4 / count}
    usual["Fay"] = 1 / (count * (1 - (asked.fay or 0.0)) ** 2)
    scale = usual.get(asked.kind, 1.0) if asked.scale is None else float(asked.scale)
    rscales = np.asarray(1.0 if asked.rscales is None else asked.rscales, float)
    if rscales.ndim > 1 or rscales.size not in (1, count):
        raise DesignError(
            f"`rscales` has {rscales.size} numbers for {count} replicates. Give one a column, in their order."
        )
    if not (np.isfinite(scale) and scale > 0 and np.isfinite(rscales).all() and (rscales >= 0).all() and rscales.any()):
        raise DesignError("`scale` must be positive, `rscales` at least 0 and not all 0.")
    return scale, np.broadcast_to(rscales.ravel(), (count,)).astype(float)
