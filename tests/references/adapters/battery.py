"""Estimates that cases name by their keys: mean_x, total_by_g, ratio, domain_mean, quantile_beta, glm_y_x, ..."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

import surveyanalysis as sa

from ..reader import Case
from .averages import VERBS
from .formulas import fitted_by_name, fitted_gaussian
from .layout import est_se, estimates, keyed, plain, row
from .moments import pairwise
from .quantiles import INTERVALS, table
from .samples import ONES, listed, numeric, within

# Columns that the values of some cases rest on, and no words of theirs name: numerator and denominator; quantiles.
RATIOS = (("api.stu", "enroll"),)
QUANTILES_OF = ("api99",)


class Battery(Mapping[str, Any]):
    """Estimates of one design by the keys of a case's values, each computed when it is asked for.

    Parameters
    ----------
    domain
        The domain that keys beginning with "domain_" are of, in R.
    """

    def __init__(self, case: Case, design: sa.Design, domain: str = "") -> None:
        self.case, self.design, self.domain = case, design, domain
        self.total = case.args.get("total")

    def __iter__(self) -> Iterator[str]:
        return iter(self.case.values)

    def __len__(self) -> int:
        return len(self.case.values)

    def __getitem__(self, key: str) -> Any:
        want = self.case.values[key]
        if key.startswith("domain_"):
            return self.inside._found(key.removeprefix("domain_"), want)
        return self._found(key, want)

    @cached_property
    def inside(self) -> "Battery":
        """The same of the domain."""
        found = Battery(self.case, within(self.design, self.domain))
        found.total = None
        return found

    @cached_property
    def y(self) -> str:
        """The question that most keys are of: of the arguments, or of a key mean_<question>."""
        args, frame = self.case.args, self.design.survey.frame
        named = [*listed(args.get("vars")), *listed(args.get("var"))]
        keys = [key.removeprefix("mean_") for key in self.case.values if key.startswith("mean_")]
        labels = [label for key in ("mean", "total") for label in _labels(self.case.values.get(key))]
        return next(name for name in (*named, *keys, *labels) if name in frame and numeric(frame, name))

    @cached_property
    def pair(self) -> tuple[str, str]:
        """Numerator and denominator of the ratio: of arguments or words, two questions estimated together, unsaid."""
        frame = self.design.survey.frame
        if other := self.case.args.get("x") or self.case.args.get("den"):
            return self.y, other
        told = re.search(r"\bratio ([\w.]+)/([\w.]*\w)", self.case.spec)
        if told and set(told.groups()) <= set(frame):
            return told[1], told[2]
        together = {key: _labels(self.case.values.get(key)) for key in ("mean_two", "total", "mean")}
        for key, labels in together.items():
            if len(labels) == 2:
                return (labels[1], labels[0]) if key == "mean" else (labels[0], labels[1])
        return next(pair for pair in RATIOS if set(pair) <= set(frame))

    def _found(self, key: str, want: Any) -> Any:
        """The estimate of one key, in the form that is wanted."""
        if key in WHOLE:
            found = WHOLE[key](self.design)
            return as_ranked(found, want) if key in UNORDERED else found
        if key in ("ratio", "se_ratio"):
            found = est_se(sa.ratio(self.design, *self.pair))
            return found if isinstance(want, dict) else found["se" if key == "se_ratio" else "est"]
        if key == "se" or key.startswith("se_"):
            return self._errors(key.removeprefix("se").lstrip("_") or "mean", want)
        if key.startswith("quantile"):
            return self._quantiles(key.removeprefix("quantile").lstrip("_") or "mean", want)
        if key == "glm" or key.startswith("glm_"):
            return self._regression(key, list(want["coef"]))
        if key == "var":
            return self._variance()
        if key == "deff_mean_wr":
            return row(sa.design_effect(self.design, self.y, of="mean", replacement=True))["estimate"]
        return shaped(self._estimated(key, want), want)

    def _errors(self, key: str, want: Any) -> Any:
        """Standard errors of a mean or total, alone or by label."""
        if isinstance(want, dict):
            return self._averages(key, list(want))["se"]
        return self._estimated(key, want)["se"].iloc[0]

    def _estimated(self, key: str, want: Any) -> dict[str, Any]:
        """Means or totals: of questions that label the values, of the question named, or by group."""
        if grouped := re.fullmatch(r"(total_|mean_)?by_(.+)", key):
            verb = VERBS["total" if grouped[1] == "total_" else "mean"]
            result = verb(self.design, self.y, by=grouped[2])
            return estimates(result, keyed(result.frame, [grouped[2]]))
        kind, _, name = key.partition("_")
        if kind not in VERBS:
            raise LookupError(f"no estimate is called {key!r}")
        frame = self.design.survey.frame
        if name in frame and not numeric(frame, name):
            return self._shares(kind, name)
        labels = [label for label in _labels(want) if label in frame]
        total = listed(self.total) if key == "total" else []
        return self._averages(kind, [name] if name in frame else labels or total or [self.y])

    def _averages(self, kind: str, names: list[str]) -> dict[str, Any]:
        result = VERBS[kind](self.design, names)
        return estimates(result, names)

    def _shares(self, kind: str, name: str) -> dict[str, Any]:
        """Proportions, or counts by level."""
        if kind == "mean":
            result = sa.proportion(self.design, name, interval="t")
            return estimates(result, [f"{name}{plain(level)}" for level in result.frame["level"]])
        result = sa.total(self.design, ONES, by=name)
        return estimates(result, [f"{name}{key}" for key in keyed(result.frame, [name])])

    def _variance(self) -> dict[str, pd.DataFrame]:
        names = list(self.pair)
        frame = sa.variance(self.design, names).frame
        return {"cov": pairwise(frame, "estimate", names), "se": pairwise(frame, "se", names)}

    def _quantiles(self, how: str, want: Any) -> pd.DataFrame:
        """Quantiles at the probabilities that label the rows, under the names of the columns."""
        unsaid = [] if "x" in self.case.args or how == "mean" else QUANTILES_OF
        name = next((n for n in unsaid if n in self.design.survey.frame), self.y)
        probabilities = [float(label.removeprefix("p")) for label in listed(want["rows"])]
        asked = "quantile" if how == "by_replicates" else INTERVALS[how]
        return table(self.design, name, probabilities, interval=asked).set_axis(want["cols"], axis=1)

    def _regression(self, key: str, labels: list[str]) -> dict[str, Any]:
        """A linear regression: of args.glm, named by the key, or of the question on the other one and the groups."""
        if key != "glm":
            return fitted_by_name(self.design, key, labels)
        unsaid = {"y": self.y, "x": [self.pair[1], *listed(self.case.args.get("by"))]}
        told = self.case.args.get("glm") or unsaid
        return fitted_gaussian(self.design, told["y"], listed(told["x"]), labels)


def _replicates(design: sa.Design) -> Any:
    """The replicates of a design that has some."""
    if design.replicates is None:
        raise LookupError("the design has no replicates")
    return design.replicates


def _replicate_weights(design: sa.Design) -> np.ndarray:
    """Weights of all rows, one column a replicate."""
    made, rows = _replicates(design), np.arange(len(design.weights))
    return np.column_stack([made.weights(replicate, rows) for replicate in range(made.count)])


WHOLE: dict[str, Callable[[sa.Design], Any]] = {
    "degf": lambda design: design.df,
    "weights": lambda design: design.weights,
    "sum": lambda design: design.weights.sum(),
    "sum_weights": lambda design: design.weights.sum(),
    "sum_weights_squared": lambda design: design.weights @ design.weights,
    "scale": lambda design: _replicates(design).scale,
    "rscales": lambda design: _replicates(design).rscales,
    "replicates": lambda design: _replicates(design).count,
    "replicate_weights": lambda design: _replicate_weights(design),
    "replicate_weight_sums": lambda design: _replicate_weights(design).sum(axis=0),
    "replicate_weight_sums_squared": lambda design: (_replicate_weights(design) ** 2).sum(axis=0),
}
"""Numbers of the design itself."""
UNORDERED = ("rscales", "replicate_weight_sums", "replicate_weight_sums_squared")


def as_ranked(found: Any, want: list[float]) -> np.ndarray:
    """Numbers whose order has no meaning (one a replicate), in the order of those wanted."""
    values = np.sort(np.asarray(found, float))
    return values[np.argsort(np.argsort(want))] if len(values) == len(want) else values


def shaped(found: dict[str, Any], want: Any) -> Any:
    """Estimates in the form that is wanted: one number, {est, se}, {label: number}, or {estimate: {...}, se: {...}}."""
    numbers = {**found, "est": found["estimate"]}
    if not isinstance(want, dict):
        return found["estimate"].iloc[0]
    if not set(want) & set(numbers):
        return found["estimate"]
    return {key: _part(numbers, key, want[key]) for key in want if key in numbers}


def _part(numbers: dict[str, Any], key: str, want: Any) -> Any:
    part = numbers[key]
    return part.iloc[0] if isinstance(part, pd.Series) and not isinstance(want, dict) else part


def _labels(want: Any) -> list[str]:
    """Labels of a value's numbers."""
    inner = want.get("estimate", want.get("est", want)) if isinstance(want, dict) else None
    return list(inner) if isinstance(inner, dict) else []
