"""Columns that a case makes or changes before anything is estimated: `args.make`, one operation after the other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

Told = Mapping[str, Any]


def made(frame: pd.DataFrame, operations: Sequence[Told]) -> pd.DataFrame:
    """The frame after these operations."""
    for told in operations:
        frame = frame.assign(**{told.get("new") or told["column"]: MAKERS[told["op"]](frame, told)})
    return frame


def _cut(frame: pd.DataFrame, told: Told) -> pd.Series:
    return pd.cut(frame[told["from"]], [-np.inf, *_listed(told["breaks"]), np.inf], labels=told["labels"], ordered=True)


def _above(frame: pd.DataFrame, told: Told) -> pd.Series:
    column = frame[told["from"]]
    return (column > told["value"]).astype(float).mask(column.isna())


def _equals(frame: pd.DataFrame, told: Told) -> pd.Series:
    column = frame[told["from"]]
    return (column == told["value"]).astype(float).mask(column.isna())


def _minus(frame: pd.DataFrame, told: Told) -> pd.Series:
    return frame[told["from"]] - (frame[told["other"]] if told.get("other") else told["value"])


def _levels(frame: pd.DataFrame, told: Told) -> pd.Categorical:
    text = frame[told["column"]].astype("str").where(frame[told["column"]].notna())
    return pd.Categorical(text, categories=told["levels"], ordered=told["op"] == "ordered")


def _factor(frame: pd.DataFrame, told: Told) -> pd.Categorical:
    column = frame[told["column"]]
    return pd.Categorical(column, categories=sorted(column.dropna().unique()))


def _every(frame: pd.DataFrame, told: Told) -> pd.Series:
    column = frame[told["column"]]
    changed = column.astype("float64") if told["op"] == "zero" else column.copy()
    changed.iloc[told["first"] - 1 :: told["every"]] = 0 if told["op"] == "zero" else None
    return changed


def _certain(frame: pd.DataFrame, told: Told) -> pd.Series:
    return frame[told["column"]].where(frame[told["where"]] != told["is"], told["value"])


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


MAKERS = {
    "above": _above,
    "certain": _certain,
    "cut": _cut,
    "equals": _equals,
    "every": lambda frame, told: np.arange(len(frame)) % told["every"],
    "factor": _factor,
    "levels": _levels,
    "lose": _every,
    "minus": _minus,
    "ordered": _levels,
    "scale": lambda frame, told: frame[told["column"]] * told["by"],
    "zero": _every,
}
