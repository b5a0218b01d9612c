"""Data and domains of the cases in survey_cases.json, as their `args` tell them."""

from typing import Any

import numpy as np
import pandas as pd

from tests.references import Case, data


def made(case: Case) -> pd.DataFrame:
    """The case's data set with the columns that `args.make` adds or changes."""
    frame = data(case.data[0]).copy()
    for step in case.args.get("make") or []:
        frame = STEPS[step["op"]](frame, step)
    return frame


def inside(frame: pd.DataFrame, terms: list[dict[str, Any]] | None) -> pd.Series:
    """Which rows lie in the domain: all terms hold, missing answers never."""
    hold = pd.Series(True, index=frame.index)
    for term in terms or []:
        column, value = frame[term["column"]], term["value"]
        if term["op"] == "present":
            hold &= column.notna()
        elif term["op"] == "in":
            hold &= column.isin(value)
        else:
            plain = column.astype("object").where(column.notna())
            hold &= plain.map(lambda x, t=term: pd.notna(x) and COMPARED[t["op"]](x, t["value"])).astype(bool)
    return hold


def weights(case: Case, frame: pd.DataFrame) -> pd.Series:
    """Sampling weights: a column, or population over sample counts of both stages."""
    design = case.args["design"]
    column = design["weights"][0]
    if not column.startswith("implied"):
        return frame[column]
    psu, (first, second) = design["psu"][0], design["fpc"]
    return frame[first] / frame[psu].nunique() * frame[second] / frame.groupby(psu)[psu].transform("size")


def _cut(frame: pd.DataFrame, step: dict[str, Any]) -> pd.DataFrame:
    edges = [-np.inf, *step["breaks"], np.inf]
    return frame.assign(**{step["new"]: pd.cut(frame[step["from"]], edges, labels=step["labels"])})


def _minus(frame: pd.DataFrame, step: dict[str, Any]) -> pd.DataFrame:
    less = frame[step["other"]] if step.get("other") else step["value"]
    return frame.assign(**{step["new"]: frame[step["from"]] - less})


def _above(frame: pd.DataFrame, step: dict[str, Any]) -> pd.DataFrame:
    return frame.assign(**{step["new"]: (frame[step["from"]] > step["value"]).astype(float)})


def _factor(frame: pd.DataFrame, step: dict[str, Any]) -> pd.DataFrame:
    levels = sorted(frame[step["column"]].dropna().unique())
    text = frame[step["column"]].map(lambda x: f"{x:g}", na_action="ignore")
    return frame.assign(**{step["column"]: pd.Categorical(text, [f"{x:g}" for x in levels])})


STEPS = {"cut": _cut, "minus": _minus, "above": _above, "factor": _factor}
COMPARED = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}
