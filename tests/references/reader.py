"""Folders of reference values: area files with cases, and the data sets they rest on. README.md tells the schema."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
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
    area
        Name of the file it stands in, such as "a_descriptives".
    id, topic, spec, r_call, note
        What was computed, in words and in R.
    data
        Names of data sets for `Library.data`.
    args
        Design, formula, link and the like, machine readable; empty where words say it all.
    values
        Results: number, list, {label: number} or {rows, cols, matrix}; "Inf" is infinite, None not available.
    rtol
        Relative tolerance that the case bears.
    """

    area: str
    id: str
    topic: str
    data: tuple[str, ...]
    spec: str
    args: dict[str, Any]
    r_call: str
    values: dict[str, Any]
    rtol: float
    note: str

    @property
    def kind(self) -> str:
        """Letter of the area and topic, such as "a.mean"."""
        return f"{self.area[0]}.{self.topic}"

    @property
    def words(self) -> str:
        """All that is said of it: the specification, the call in R, the note."""
        return "\n".join((self.spec, self.r_call, self.note))

    def frame(self, key: str) -> pd.DataFrame:
        """A value of the form {rows, cols, matrix} as a labelled frame."""
        value = self.values[key]
        return pd.DataFrame(value["matrix"], index=value["rows"], columns=value["cols"], dtype=float)

    def series(self, key: str) -> pd.Series:
        """A value of the form {label: number} as a labelled series."""
        return pd.Series({label: number(x) for label, x in self.values[key].items()}, dtype=float)


@dataclass(frozen=True)
class Library:
    """The cases and data sets of one folder."""

    folder: Path

    @cached_property
    def areas(self) -> tuple[dict[str, Any], ...]:
        """The area files, in the order of their names; other JSON files in the folder are none."""
        found = (json.loads(path.read_text("utf-8")) for path in sorted(self.folder.glob("*.json")))
        return tuple(area for area in found if isinstance(area, dict) and {"area", "cases"} <= set(area))

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Every case by its id."""
        return {c["id"]: _case(area["area"], c) for area in self.areas for c in area["cases"]}

    def case(self, name: str) -> Case:
        """The case with this id; KeyError names the ids nearby."""
        if name not in self.cases:
            nearby = [i for i in self.cases if i.split(".")[:2] == name.split(".")[:2]]
            raise KeyError(f"no reference case {name!r}; nearby: {nearby}")
        return self.cases[name]

    @cached_property
    def datasets(self) -> dict[str, dict[str, Any]]:
        """Description of every data set by its name."""
        found: dict[str, dict[str, Any]] = {}
        for area in self.areas:
            for name, described in dict(area.get("datasets") or {}).items():
                levels = {**found.get(name, {}).get("factor_levels", {}), **(described.get("factor_levels") or {})}
                found[name] = {**described, "factor_levels": levels}
        return found

    def data(self, name: str) -> pd.DataFrame:
        """A data set; factors are categoricals with R's level order, empty fields are missing."""
        described = self.datasets.get(name, {})
        path = self.folder / (described.get("file") or f"data/{name}.csv")
        if not path.is_file():
            raise LookupError(f"no data set {name!r} in {self.folder}")
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""], index_col=False)
        for column, levels in described.get("factor_levels", {}).items():
            if column in frame.columns:
                text = frame[column].astype("str")
                frame[column] = pd.Categorical(text.where(frame[column].notna()), categories=_listed(levels))
        return frame


@cache
def library(folder: str | Path = FOLDER) -> Library:
    """The folder's cases, read once."""
    return Library(Path(folder))


def number(value: Any) -> float:
    """A stored number: "Inf" and None as floats."""
    return np.nan if value is None or value in ("NaN", "NA") else float(str(value).replace("Inf", "inf"))


def _case(area: str, stored: dict[str, Any]) -> Case:
    """A case as stored; R writes an empty list of arguments as an array."""
    words = {name: stored.get(name) or "" for name in ("spec", "r_call", "note")}
    return Case(
        area=area,
        id=stored["id"],
        topic=stored["topic"],
        data=tuple(_listed(stored["data"])),
        args=stored.get("args") or {},
        values=stored["values"],
        rtol=stored["rtol"],
        **words,
    )


def _listed(value: Any) -> list[Any]:
    """A list; jsonlite writes one element as a bare value."""
    return list(value) if isinstance(value, list | tuple) else [value]
