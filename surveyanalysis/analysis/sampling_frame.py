"""What a sampling frame knows of everybody: answer -> number or share, checked."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataError, unknown_level
from ..estimators.fit import Vector
from ..language import Text, both

ROUNDING = 0.011  # of shares that are printed with two decimals and do not sum to one


def known_numbers(frame: Any, question: str, rows: pd.DataFrame) -> dict[Any, float]:
    """The frame's numbers by answer, checked against the question and its respondents."""
    if not isinstance(frame, Mapping | pd.Series):
        raise DataError(f"`frame` is a {type(frame).__name__}; give answer -> number: {{'small': 800, 'large': 400}}.")
    given, levels = dict(frame.items()), rows["level"].tolist()
    for level, number in given.items():
        if level not in levels:
            raise unknown_level(level, question, levels)
        numeric = isinstance(number, int | float | np.number) and not isinstance(number, bool)
        if not (numeric and np.isfinite(number) and number >= 0):
            raise DataError(f"`frame` holds {number!r} for {level!r}; give a number of people, or a share.")
    positive = {level: float(number) for level, number in given.items() if number > 0}
    lost = rows[(rows["count"] > 0) & ~rows["level"].isin(list(positive))]
    if len(lost):
        listed = ", ".join(f"{row['level']!r} ({row['count']} respondents)" for _, row in lost.iterrows())
        raise DataError(f"`frame` has nobody for {listed}: respondents cannot come from outside the sampling frame.")
    if len(positive) < 2:
        raise DataError("`frame` has fewer than two answers: there is nothing to compare.")
    _refuse_wrong_shares(positive)
    return positive


def _refuse_wrong_shares(numbers: dict[Any, float]) -> None:
    """Whole numbers are counts; all others are shares, which sum to one or to 100 %."""
    total = sum(numbers.values())
    if all(number.is_integer() for number in numbers.values()) or _is_shares(total):
        return
    raise DataError(
        f"`frame` holds numbers that sum to {total:.6g}: neither whole numbers of people, nor shares that sum to 1 or "
        "100. Give all answers."
    )


def _is_shares(total: float) -> bool:
    return abs(total - 1) <= ROUNDING or abs(total - 100) <= 100 * ROUNDING


def frame_note(numbers: Vector) -> tuple[Text, ...]:
    """What the frame was."""
    total = float(numbers.sum())
    if _is_shares(total):
        whole = all(float(number).is_integer() for number in numbers)
        return () if whole else (both("sampling frame given as shares", "표본추출틀은 비율로 주어짐"),)
    return (both("sampling frame of {k:,.0f}", "표본추출틀 {k:,.0f}", k=total),)
