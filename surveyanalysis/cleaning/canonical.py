"""Between text and types: a cleaned cell has one way to be written, and one typed value."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from ..codebook.questions import Codebook, Question
from ..errors import LevelError
from .parsing import MONEY, number, plain, read_date


def columns_of(codebook: Codebook, derived: bool = True) -> dict[str, Question]:
    """Columns of the clean frame in the codebook's order -> their question; `in_file: false` has none."""
    held = [q for q in codebook if (derived if q.derived else q.binding.in_file)]
    return {column: question for question in held for column in question.columns}


def typed(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Turn canonical text into the types of the clean frame.

    Parameters
    ----------
    frame
        Text, missing where there is no answer; columns of the codebook.

    Returns
    -------
    pandas.DataFrame
        Same index. Single choice: unordered categories; likert and grid: ordered; multi: nullable boolean; rank: Int64;
        number: float64, or Int64 where whole; date: datetime64; text: str.

    Raises
    ------
    LevelError
        A cell is not canonical: `map_values` and `parse` must come first.
    """
    known = columns_of(codebook)
    return pd.DataFrame({c: typed_column(frame[c], q) for c, q in known.items() if c in frame}, index=frame.index)


def typed_column(text: pd.Series, question: Question) -> pd.Series:
    """Type one column; see `typed`."""
    if question.type == "text":
        return text.astype("str")
    places, uniques = distinct(text)
    read = _READ.get(question.type, _code_reader(question))
    values = [read(value, question) for value in uniques]
    wrong = [str(u) for u, v in zip(uniques, values, strict=True) if v is None]
    if wrong:
        raise LevelError(
            f"{text.name!r} holds {', '.join(map(repr, wrong[:8]))}, which is no clean answer to a {question.type} "
            "question. Let the steps map_values and parse come first."
        )
    return pd.Series(_array(values, places, question), index=text.index, name=text.name)


def _array(values: list[Any], places: Any, question: Question) -> Any:
    """Take the typed values of the different answers to their rows; -1 is missing."""
    if question.type in ("single", "likert", "grid"):
        order = {code: i for i, code in enumerate(question.codes)}
        positions = np.array([*(order[v] for v in values), -1], dtype=np.intp)
        dtype = pd.CategoricalDtype(list(question.codes), ordered=question.type != "single")
        return pd.Categorical.from_codes(positions[places], dtype=dtype)
    return pd.array(values, dtype=_dtype(question)).take(places, allow_fill=True)


def _dtype(question: Question) -> str:
    if question.type == "number":
        return "Int64" if question.integer else "float64"
    return {"multi": "boolean", "rank": "Int64", "date": "datetime64[us]"}.get(question.type, "str")


def distinct(text: pd.Series) -> tuple[Any, list[str]]:
    """Place of each cell among the different texts, -1 where missing, shape (n,); and these texts."""
    places, uniques = pd.factorize(text)
    return places, uniques.to_numpy(dtype=object).tolist()


def untyped(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Write a clean frame as canonical text: the inverse of `typed`."""
    known = columns_of(codebook)
    return pd.DataFrame({c: untyped_column(frame[c], known[c]) for c in frame.columns}, index=frame.index)


def untyped_column(values: pd.Series, question: Question) -> pd.Series:
    """Write one typed column as canonical text."""
    places, uniques = pd.factorize(values)
    written = [_written(value, question) for value in uniques]
    return pd.Series(pd.array(written, dtype="str").take(places, allow_fill=True), index=values.index, name=values.name)


def _written(value: Any, question: Question) -> str:
    if question.type == "multi":
        return {True: "1", False: "0"}.get(value, str(value))
    if question.type == "number" and isinstance(value, int | float | np.number):
        return plain(Decimal(repr(float(value))) / factor(question))
    if question.type == "date":
        return read_date(str(value)) or str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def factor(question: Question) -> Decimal:
    """What an answer is multiplied by: 10,000 where 만원 was asked and the frame holds KRW."""
    return (
        Decimal(MONEY[question.unit]) / MONEY[question.to]
        if question.to in MONEY and question.unit in MONEY
        else Decimal(1)
    )


def _code_reader(question: Question) -> Callable[[str, Question], Any]:
    codes = {str(code): code for code in question.codes}
    return lambda text, _: codes.get(text)


def _number(text: str, question: Question) -> float | int | None:
    value = number(text)
    if value is None:
        return None
    scaled = value * factor(question)
    if not question.integer:
        return float(scaled)
    return int(scaled) if scaled == scaled.to_integral_value() else None


def _date(text: str, question: Question) -> pd.Timestamp | None:
    return pd.Timestamp(text) if read_date(text) == text else None


def _rank(text: str, question: Question) -> int | None:
    return int(text) if text.isdecimal() else None


_READ: dict[str, Callable[[str, Question], Any]] = {
    "multi": lambda text, _: {"1": True, "0": False}.get(text),
    "rank": _rank,
    "number": _number,
    "date": _date,
}
