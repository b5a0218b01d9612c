"""Numbers to plan a survey by, and the checks of what they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..estimators.fit import Vector
from ..language import Text, both
from ..results import Origin, _Shown

NORMAL = both("normal approximation", "정규근사")
THIN = both(
    "an expected count is below 5: the normal approximation is poor there",
    "기대도수 5 미만: 정규근사가 부정확함",
)


DEFF_EXAMPLE = "1.4"


@dataclass(frozen=True, eq=False, repr=False)
class Plan(_Shown):
    """Numbers to plan a survey by: a row a situation, a column a number.

    Attributes
    ----------
    key
        Column of the frame that tells its rows apart.
    labels
        Value of the key column -> what readers see; a value without a label shows itself.
    """

    _frame: pd.DataFrame
    key: str
    labels: Mapping[Any, Text] = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)
    kind: str = "plan"

    @property
    def frame(self) -> pd.DataFrame:
        """Copy: one row a situation; shares, margins and powers are 0 to 1, sample sizes whole people."""
        return self._frame.copy()

    def __len__(self) -> int:
        return len(self._frame)


def number_between(value: Any, name: str, low: float, high: float, example: str) -> float:
    """Return one number strictly between two bounds, or raise with an example."""
    fits = isinstance(value, int | float | np.number) and not isinstance(value, bool) and low < value < high
    if fits and np.isfinite(value):
        return float(value)
    bounds = f"above {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
    raise ChoiceError(f"`{name}` is {value!r}; it must be a number {bounds}, such as {example}.")


def numbers_between(value: Any, name: str, low: float, high: float, example: str) -> Vector:
    """Return one number, or each of several, as an array."""
    listed = list(value) if isinstance(value, list | tuple | range | np.ndarray | pd.Series) else [value]
    if not listed:
        raise ChoiceError(f"`{name}` is empty; name a number, such as {example}.")
    return np.array([number_between(one, name, low, high, example) for one in listed])


def share_between(value: Any, name: str = "share") -> float:
    """Return a share strictly between 0 and 1."""
    return number_between(value, name, 0, 1, "0.5 (shares are 0 to 1, not percent)")


def people(value: Any, name: str) -> Vector:
    """Return numbers of people, each at least one and whole."""
    found = numbers_between(value, name, 0, np.inf, "214")
    broken = found[(found < 1) | (found != np.floor(found))]
    if broken.size:
        raise ChoiceError(f"`{name}` is {broken[0]:g}; it must be a whole number of people, such as 214.")
    return found


def population_size(value: Any) -> float:
    """Return the size of the population, infinite where none is given."""
    return np.inf if value is None else float(people(value, "population")[0])


def whole_people(value: Any) -> Any:
    """Round up to whole people, but for the last bits of a number that is whole."""
    return np.ceil(np.asarray(value) * (1 - 1e-12)).astype(np.int64)


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(p))


def planned_origin(what: Text, confidence: float, deff: float, notes: tuple[Text, ...]) -> Origin:
    """The origin of a planned number: nobody was asked yet."""
    percent = f"{100 * confidence:g}%"
    design = (
        both("design effect {d:g}", "설계효과 {d:g}", d=deff)
        if deff != 1
        else both("simple random sample", "단순임의표본")
    )
    interval = both("{c} confidence", "신뢰수준 {c}", c=percent)
    return Origin(what, design=design, variance=NORMAL, interval=interval, notes=notes)
