"""The results that the file of a printed table asks for: verbs on its data, methods of results, printed counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..design.design import Design
from ..errors import PublishedError
from ..reproduction.published import Known
from .table_file import DesignShape, ResultShape, TableShape


@dataclass(frozen=True)
class PrintedCounts:
    """Counts of respondents by answer that stand in a file, and where they are known from."""

    frame: pd.DataFrame
    known: Known


def printed_counts(asked: ResultShape) -> PrintedCounts:
    """Shares of the counts in their base, a row an answer."""
    base = float(asked.base or 0)
    rows = [(level, count / base, count, asked.base) for level, count in asked.counts.items()]
    return PrintedCounts(pd.DataFrame(rows, columns=["level", "estimate", "count", "n"]), asked.known)


def called(asked: ResultShape, frame: pd.DataFrame, table: TableShape) -> Any:
    """A verb on the data; with `by`, answer -> the verb on the domain of those who gave it."""
    import surveyanalysis

    design = _design(table.designs[asked.design] if isinstance(asked.design, str) else asked.design, frame)
    design = design if asked.where is None else design.where(asked.where)
    verb = getattr(surveyanalysis, str(asked.verb))
    given = [*([asked.formula] if asked.formula is not None else []), *asked.asked]
    if asked.by is None:
        return _with_options(verb, [design, *given], asked.options)
    groups = {level: design.where(**{asked.by: level}) for level in table.answers[asked.by]}
    return {level: _with_options(verb, [group, *given], asked.options) for level, group in groups.items()}


def method_of(result: Any, asked: ResultShape) -> Any:
    """A method of another result; of each where there is one for each answer."""
    if isinstance(result, Mapping):
        return {level: method_of(one, asked) for level, one in result.items()}
    method = getattr(result, str(asked.then), None)
    if method is None:
        raise PublishedError(f"this kind of result has no {asked.then!r}.")
    return _with_options(method, asked.asked, asked.options)


def _design(asked: DesignShape, frame: pd.DataFrame) -> Design:
    """The design as drawn, its weights adjusted."""
    design = Design(frame, **asked.drawn)
    for name, given in asked.adjusted.items():
        design = _with_options(getattr(design, name), [], given)
    return design


def _with_options(call: Any, given: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Call with options; what the call does not know is named."""
    try:
        return call(*given, **options)
    except TypeError as error:
        raise PublishedError(str(error)) from error
