"""Values that R computed, and the data they rest on. README.md says how they were made."""

import pandas as pd

from .reader import FOLDER, Case, library, number

__all__ = ["FOLDER", "Case", "case", "cases", "data", "number"]


def case(name: str) -> Case:
    """The case with this id, such as "c.ord.wine.logit"; KeyError names the ids nearby."""
    return library().case(name)


def cases(prefix: str) -> tuple[str, ...]:
    """Ids of the cases that begin with `prefix`, for parametrised tests."""
    return tuple(name for name in library().cases if name.startswith(prefix))


def data(name: str) -> pd.DataFrame:
    """A data set; factors are categoricals with R's level order, empty fields are missing."""
    return library().data(name)
