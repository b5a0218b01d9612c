"""From a cell of a printed table to the number of a result that belongs into it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..analysis.arithmetic import evaluated
from ..errors import PublishedError, SurveyError, nearest
from ..reproduction.compare import Computed
from .table_file import NumberOf, TableShape
from .table_results import PrintedCounts

ITSELF = "x"
"""What `compute` calls the number."""


def asked_of(table: TableShape, row: str, column: str) -> NumberOf:
    """What a cell's row and column say together of the number that belongs into it.

    Raises
    ------
    PublishedError
        The row or the column is not described.
    """
    alone = table.rows.get(f"{row} | {column}")
    return alone or _said(table.columns, column, "columns").merged(_said(table.rows, row, "rows"))


def computed_of(asked: NumberOf, results: Mapping[str, Any], where: str) -> Computed:
    """The computed number; with its count and base where it is a share of printed counts.

    Raises
    ------
    PublishedError
        The result or the number is not described; what there is, is listed.
    """
    value, result = _number(asked, results, where), results.get(str(asked.result))
    if not isinstance(result, PrintedCounts) or asked.take != "estimate":
        return Computed(value)
    count, base = (int(_taken(result, asked.merged(NumberOf(take=column)), where)) for column in ("count", "n"))
    return Computed(value, count, base)


def _number(asked: NumberOf, results: Mapping[str, Any], where: str) -> float:
    """A number of a result, or one computed of several."""
    if asked.given:
        parts = {name: _number(part, results, where) for name, part in asked.given.items()}
    elif asked.result is None or asked.result not in results:
        raise PublishedError(f"{where} names the result {asked.result!r}; there are: {', '.join(results)}.")
    else:
        parts = {ITSELF: _taken(_grouped(results[asked.result], asked, where), asked, where)}
    if asked.compute is None:
        return parts[ITSELF]
    names = list(parts)
    values = np.array([parts[name] for name in names])
    try:
        return evaluated(asked.compute, values, {name: i for i, name in enumerate(names)}, names).value
    except SurveyError as error:
        raise PublishedError(f"{where}: {error}") from error


def _said(parts: Mapping[str, NumberOf], label: str, what: str) -> NumberOf:
    """What a label stands for, itself or put together of the keys that it begins with."""
    if label in parts:
        return parts[label]
    for key in sorted(parts, key=len, reverse=True):
        rest = label[len(key) :]
        if key and rest and label.startswith(key):
            try:
                return parts[key].merged(_said(parts, rest.strip(), what))
            except PublishedError:
                continue
    raise PublishedError(f"`{what}` does not say what {label!r} stands for.{nearest(label, list(parts))}")


def _grouped(result: Any, asked: NumberOf, where: str) -> Any:
    """The result of the cell's group, where there is one for each answer."""
    if not isinstance(result, Mapping):
        return result
    found = [one for level, one in result.items() if str(level) == str(asked.group)]
    if not found:
        levels = ", ".join(map(str, result))
        raise PublishedError(f"{where}: `group` is {asked.group!r}; {asked.result!r} has results of: {levels}.")
    return found[0]


def _taken(result: Any, asked: NumberOf, where: str) -> float:
    """The number of one result."""
    if asked.extra is not None:
        return float(_named(result.extra, asked.extra, where))
    if asked.detail is not None:
        listed = result.detail.get(asked.detail, ())
        if isinstance(listed, pd.DataFrame):
            column = _named(listed.to_dict("series"), str(asked.take), f"{where}, {asked.detail}")
            return float(_named(column.to_dict(), str(asked.term), f"{where}, {asked.detail}"))
        numbers = {str(i): value for i, value in enumerate(listed)}
        return float(_named(numbers, str(asked.row), f"{where}, {asked.detail}"))
    if asked.take is None:
        raise PublishedError(f"{where}: neither `take` (a column) nor `extra` (a number of the fit) is said.")
    frame = result.frame
    if asked.take not in frame:
        held = {name: getattr(result, name) for name in _ATTRIBUTES if hasattr(result, name)}
        return float(_named(held, asked.take, where))
    rows = frame if asked.row is None else frame.iloc[[asked.row]]
    for name, value in asked.keys.items():
        if name not in rows:
            raise PublishedError(f"{where}: the result has no column {name!r}; it has: {', '.join(frame.columns)}.")
        rows = rows[_equal(rows[name], value)]
    if len(rows) > 1 and "component" in rows and asked.component is None:
        rows = rows[rows["component"] == "slope"]
    if len(rows) != 1:
        keys = [name for name in ("outcome", "level", "component", "term") if name in frame]
        listed = "; ".join(" ".join(map(str, row)) for row in frame[keys].to_numpy().tolist()[:30])
        raise PublishedError(f"{where}: {dict(asked.keys)} picks {len(rows)} rows of the result, not one of: {listed}.")
    return float(rows[asked.take].iloc[0])


_ATTRIBUTES = ("statistic", "df", "df_denominator", "p", "effect", "n")


def _named(numbers: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in numbers:
        raise PublishedError(f"{where}: the result has no number {name!r}; it has: {', '.join(numbers)}.")
    return numbers[name]


def _equal(column: pd.Series, value: Any) -> pd.Series:
    """Rows that hold a value, compared as words where the types differ."""
    found = column == value
    return found if found.any() else column.astype(str) == str(value)
