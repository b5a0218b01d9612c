"""One comparison for every case: what a case holds against what the package returned, number by number.

What counts as equal, with y the stored number and `rtol` the case's own tolerance (`tolerance` has the exceptions):

- a number of its own, a named number, an element of a list:  |x - y| <= rtol |y|;
- one that is next to nothing beside the largest of its group, or a standard error beside its estimate (below 1e-6 of
  it, such as the standard error of a calibrated total):  |x - y| <= rtol * the larger;
- one that a package's own iteration left where it stopped (keys that end in `_as_returned`):
  |x - y| <= 1e-3 * largest of the group;
- an element of a covariance (a square matrix with equal labels, or square lists in a list): as a named number, but
  |x - y| <= rtol * sqrt(V_ii V_jj) where this is more, and next to nothing is below 1e-6 of the largest element;
- an end of an interval (columns low and high):  |x - y| <= rtol * the farther of the two ends from zero;
- an element of another table: as a named number, its column being the group.

Infinity equals infinity of the same sign. `null` and words are no numbers and are skipped.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from surveyanalysis.errors import SurveyError

from .reader import Case, number

NOTHING = 1e-6  # share of the largest of its group below which a number is next to nothing
RAW, AS_RETURNED = "_as_returned", 1e-3  # raw output of an iteration that stopped early
LOOSE = {  # what notes and specifications say of single keys
    ("a.proportion_ci", "likelihood"): 1e-4,  # R's uniroot
    ("a.crosstab", "saddlepoint"): 1e-6,  # R finds its root to 1e-8 only
    ("a.crosstab", "lincom"): 1e-6,
    ("c.binary", "ci95_profile"): 2e-4,  # confint joins points of the profile by a spline; c.profile holds the root
    # svyglm's covariance rests on the weights of its last but one iteration; one more gives ours to 15 digits
    **{("b.svyglm", key): 5e-8 for key in ("vcov", "se", "t", "p", "ci95")},
    ("c.mixed", "se"): 1e-3,  # lme4's finite differences
    **{("m.ordered", key): 1e-6 for key in ("effect", "effect_se", "effect_model_se")},  # differences of probabilities
    **{("m.ordered", key): 1e-6 for key in ("predicted", "predicted_se", "low", "high")},
}
UNKNOWN = (SurveyError, AttributeError, TypeError, NotImplementedError, LookupError)
"""Errors that mean: the package does not offer this (yet), or refuses it. Any other error is a crash."""


@dataclass(frozen=True)
class Finding:
    """What became of one stored number, or of a group that was not produced.

    Attributes
    ----------
    path
        Keys that lead to it: ("vcov", "api00", "api99").
    off
        Difference from the stored number, as a share of what it is held against; NaN where nothing was produced.
    bound
        The tolerance.
    why
        Why nothing was produced, or what is wrong beside the number.
    """

    path: tuple[str, ...]
    off: float = math.nan
    bound: float = math.nan
    why: str = ""
    produced: bool = True

    @property
    def wrong(self) -> bool:
        """Whether a produced number lies outside its bound."""
        return self.produced and not self.off <= self.bound

    def __str__(self) -> str:
        key = " ".join(self.path)
        if not self.produced:
            return f"{key}: {self.why}" if self.why else key
        return f"{key} off by {self.off:.2g} (rtol {self.bound:g})" + (f", {self.why}" if self.why else "")


def compared(case: Case, produced: Any) -> list[Finding]:
    """Every number of a case against what was produced for it.

    Parameters
    ----------
    produced
        In the layout of `case.values`. Any part may be a function without arguments, called when it is needed: a verb
        that does not exist yet leaves its own part unproduced, and no other.
    """
    values = case.values
    return [
        finding
        for key, expected in values.items()
        if not _nothing(expected)
        for finding in _walked(expected, _Part(produced, key), (key,), tolerance(case, key), _anchor(key, values))
    ]


def tolerance(case: Case, key: str) -> float:
    """Relative tolerance of one key of a case."""
    if key.endswith(RAW):
        return AS_RETURNED
    return LOOSE.get((case.kind, key), case.rtol)


@dataclass(frozen=True)
class _Part:
    """A part of what was produced, computed when it is needed, and once."""

    whole: Any
    key: Any

    @cached_property
    def value(self) -> Any:
        whole = self.whole.value if isinstance(self.whole, _Part) else self.whole
        return done(done(whole)[self.key])


def done(value: Any) -> Any:
    """A value, computed if it is a function that still waits."""
    return value() if callable(value) else value


def _walked(
    expected: Any, part: "_Part", path: tuple[str, ...], rtol: float, anchor: Any = None, largest: float = 0.0
) -> Iterator[Finding]:
    """Findings of one value of any form.

    Parameters
    ----------
    anchor
        The estimates that these are standard errors of, in the same form; None for others.
    largest
        The largest number beside it.
    """
    if isinstance(expected, dict) and "matrix" not in expected:
        beside = _largest([y for y in expected.values() if not _nested(y)])
        for label, inner in expected.items():
            if not _nothing(inner):
                own = _anchor(label, expected) or (anchor.get(label) if isinstance(anchor, dict) else None)
                yield from _walked(inner, _Part(part, label), (*path, label), rtol, own, beside)
        return
    if anchor is not None and not _nested(anchor):
        largest = max(largest, abs(number(anchor)))
    try:
        yield from _formed(expected, part.value, path, rtol, largest)
    except UNKNOWN as wrong:
        yield Finding(path, why=said(wrong), produced=False)
    except Exception as wrong:
        yield Finding(path, math.inf, rtol, f"crashed with {said(wrong)}")


def _formed(expected: Any, found: Any, path: tuple[str, ...], rtol: float, largest: float) -> Iterator[Finding]:
    """Findings of a matrix, a list or a number."""
    if isinstance(expected, dict):
        yield from _matrix(expected, found, path, rtol)
    elif isinstance(expected, list):
        yield from _list(expected, list(found), path, rtol)
    else:
        yield _held(found, expected, path, rtol, largest)


def _list(expected: list[Any], found: list[Any], path: tuple[str, ...], rtol: float) -> Iterator[Finding]:
    """Findings of a list, or of lists in a list, which are a covariance where they are square."""
    if len(found) != len(expected):
        yield Finding(path, math.inf, rtol, f"{len(found)} numbers, not {len(expected)}")
        return
    rows = [row for row in expected if isinstance(row, list)]
    if rows and all(len(row) == len(expected) and not any(map(_nested, row)) for row in rows):
        labels = [str(i + 1) for i in range(len(expected))]
        yield from _matrix({"rows": labels, "cols": labels, "matrix": expected}, np.array(found), path, rtol)
        return
    largest = _largest([y for y in expected if not _nested(y)])
    for i, y in enumerate(expected):
        if isinstance(y, list):
            yield from _list(y, list(found[i]), (*path, str(i + 1)), rtol)
        elif not _nothing(y):
            yield _held(found[i], y, (*path, str(i + 1)), rtol, largest)


def _matrix(expected: Mapping[str, Any], found: Any, path: tuple[str, ...], rtol: float) -> Iterator[Finding]:
    """Findings of {rows, cols, matrix} against a frame with these labels."""
    rows, columns = _listed(expected["rows"]), _listed(expected["cols"])
    stored = [[number(y) for y in _listed(row)] for row in expected["matrix"]]
    y = np.array(stored, float).reshape(len(rows), len(columns))
    frame = found if isinstance(found, pd.DataFrame) else pd.DataFrame(found, rows, columns)
    x = frame.loc[rows, columns].to_numpy(float)
    scale = _scale(y, rows, columns)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            if not math.isnan(y[i, j]):
                yield Finding((*path, str(row), str(column)), _off(x[i, j], y[i, j], scale[i, j]), rtol)


def _scale(y: np.ndarray, rows: list[Any], columns: list[Any]) -> np.ndarray:
    """What each element of a matrix is held against."""
    size = np.abs(np.where(np.isfinite(y), y, 0))
    if rows == columns:
        spread = np.sqrt(np.diag(size))
        own = np.maximum(size, np.outer(spread, spread))
        return np.where(own < NOTHING * size.max(), size.max(), own)
    if columns == ["low", "high"]:
        return np.broadcast_to(size.max(axis=1, keepdims=True), y.shape)
    largest = np.broadcast_to(size.max(axis=0, keepdims=True), y.shape)
    return np.where(size < NOTHING * largest, largest, size)


def _held(x: Any, y: Any, path: tuple[str, ...], rtol: float, largest: float = 0.0) -> Finding:
    """One number against another; against the largest of its group where it is next to nothing, or the group is raw."""
    stored = number(y)
    size = abs(stored)
    whole = size < NOTHING * largest or path[0].endswith(RAW)
    return Finding(path, _off(float(x), stored, max(size, largest) if whole else size), rtol)


def _off(x: float, y: float, scale: float) -> float:
    """Difference as a share of the scale; infinite where either is infinite alone, or the number is missing."""
    if x == y:
        return 0.0
    if not (math.isfinite(x) and math.isfinite(y)):
        return math.inf
    return abs(x - y) / scale if scale > 0 else math.inf


def _largest(values: Any) -> float:
    sizes = [abs(number(y)) for y in values if not _nothing(y)]
    return max((size for size in sizes if math.isfinite(size)), default=0.0)


def _anchor(key: str, beside: dict[str, Any]) -> Any:
    """The estimates that standard errors are of: those beside `se`, or beside `se_...`."""
    if key == "se":
        return beside.get("estimate", beside.get("est"))
    return beside.get(key.removeprefix("se_")) if key.startswith("se_") else None


def _nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _nothing(value: Any) -> bool:
    """Whether a value holds no number: null, words, or a list of such."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return value not in ("Inf", "-Inf")
    if isinstance(value, dict) and "matrix" in value:
        return False
    return isinstance(value, dict | list) and all(map(_nothing, value.values() if isinstance(value, dict) else value))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def said(wrong: BaseException) -> str:
    """An error in one line."""
    words = " ".join(str(wrong).split())
    return f"{type(wrong).__name__}: {words[:160]}"
