"""The schools of the R cases p.*: scores in bands, meals, awards, size, and who came late."""

import numpy as np
import pandas as pd

import surveyanalysis as sa
from tests import references

BREAKS = {"now": ("api00", [550, 650, 750]), "before": ("api99", [550, 650, 750]), "poor": ("meals", [25, 50, 75])}


def api_frame(name: str) -> pd.DataFrame:
    """The data as scripts/checks.R changes them."""
    frame = references.data(name).rename(columns=lambda column: column.replace(".", "_"))
    for new, (source, breaks) in BREAKS.items():
        cut = pd.cut(frame[source], [-np.inf, *breaks, np.inf], labels=[1, 2, 3, 4])
        frame[new] = cut.astype(pd.CategoricalDtype([1, 2, 3, 4], ordered=True))
    frame["met"] = frame["awards"].astype("str").eq("Yes")
    frame["big"] = (frame["enroll"] > 600).astype("boolean").mask(frame["enroll"].isna())
    frame["later"] = (frame["snum"] > frame["snum"].median()).astype(float)
    return frame


def api_design(case: references.Case) -> sa.Design:
    """The design of a case."""
    asked = {key: value for key, value in case.args.items() if key in ("weights", "strata", "clusters", "population")}
    return sa.Design(api_frame(case.args["data"]), **asked)
