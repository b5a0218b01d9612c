"""Values that R computed, and the data they rest on. README.md says how they were made."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One reference case.

    Attributes
    ----------
    id, topic, spec, r_call, note
        What was computed, in words and in R.
    data
        Names of data sets for `data`.
    args
        Design, formula, link and the like, machine readable.
    values
        Results: number, list, {label: number} or {rows, cols, matrix}; "Inf" is infinite, None not available.
    rtol
        Relative tolerance that the case bears.
    """

    id: str
    topic: str
    data: tuple[str, ...]
    spec: str
    args: Any
    r_call: str
    values: dict[str, Any]
    rtol: float
    note: str

    def frame(self, key: str) -> pd.DataFrame:
        """A value of the form {rows, cols, matrix} as a labelled frame."""
        value = self.values[key]
        return pd.DataFrame(value["matrix"], index=value["rows"], columns=value["cols"], dtype=float)

    def series(self, key: str) -> pd.Series:
        """A value of the form {label: number} as a labelled series."""
        return pd.Series({label: number(x) for label, x in self.values[key].items()}, dtype=float)


def case(name: str) -> Case:
    """The case with this id, such as "c.ord.wine.logit"; KeyError names the ids nearby."""
    every = _cases()
    if name not in every:
        nearby = [i for i in every if i.split(".")[:2] == name.split(".")[:2]]
        raise KeyError(f"no reference case {name!r}; nearby: {nearby}")
    return every[name]


def cases(prefix: str) -> tuple[str, ...]:
    """Ids of the cases that begin with `prefix`, for parametrised tests."""
    return tuple(name for name in _cases() if name.startswith(prefix))


def data(name: str) -> pd.DataFrame:
    """A data set; factors are categoricals with R's level order, empty fields are missing."""
    path = FOLDER / "data" / f"{name}.csv"
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""], index_col=False)
    for column, levels in _levels().get(name, {}).items():
        if column in frame.columns:
            text = frame[column].astype("str")
            frame[column] = pd.Categorical(text.where(frame[column].notna()), categories=levels)
    return frame


def number(value: Any) -> float:
    """A stored number: "Inf" and None as floats."""
    return np.nan if value is None or value == "NaN" else float(str(value).replace("Inf", "inf"))


@cache
def _areas() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json")))


@cache
def _cases() -> dict[str, Case]:
    fields = ("id", "topic", "spec", "args", "r_call", "values", "rtol")
    return {
        c["id"]: Case(data=tuple(c["data"]), note=c.get("note") or "", **{f: c[f] for f in fields})
        for area in _areas()
        for c in area["cases"]
    }


@cache
def _levels() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for area in _areas():
        for name, described in area["datasets"].items():
            found.setdefault(name, {}).update(described.get("factor_levels") or {})
    return found
