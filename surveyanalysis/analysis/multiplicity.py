"""Several tests at once: p-values corrected for their number."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import DataError, one_of
from ..estimators.fit import Vector
from ..language import Text, both

Correction = Literal[
    "holm", "bonferroni", "hochberg", "hommel", "benjamini_hochberg", "benjamini_yekutieli", "sidak", "holm_sidak",
    "none",
]  # fmt: skip
CORRECTION_WORDS: dict[str, Text] = {
    "holm": both("Holm", "홀름"),
    "bonferroni": both("Bonferroni", "본페로니"),
    "hochberg": both("Hochberg", "호흐베르크"),
    "hommel": both("Hommel", "호멜"),
    "benjamini_hochberg": both("Benjamini-Hochberg (false discovery rate)", "벤저미니-호흐베르크(거짓발견율)"),
    "benjamini_yekutieli": both("Benjamini-Yekutieli (false discovery rate)", "벤저미니-예쿠티엘리(거짓발견율)"),
    "sidak": both("Šidák", "시다크"),
    "holm_sidak": both("Holm-Šidák", "홀름-시다크"),
    "none": both("none", "없음"),
}


def adjust_p(p_values: pd.Series | Sequence[float] | Any, method: Correction = "holm") -> Any:
    """Correct p-values for how many there are.

    Parameters
    ----------
    p_values
        P-values 0 to 1: a Series, list or array. Missing ones (NaN, None, NA) stay missing.
    method
        Error rate of the family: "holm" (never worse than "bonferroni"), "bonferroni"; "hochberg", "hommel"
        (independent or positively dependent tests); "sidak", "holm_sidak" (likewise). False discovery rate:
        "benjamini_hochberg" (likewise), "benjamini_yekutieli" (any dependence). "none": as they are.

    Returns
    -------
    Series or array
        A Series with the same index and name for a Series, else an array; order as given.

    Raises
    ------
    ChoiceError
        `method` is no method.
    DataError
        A p-value is no number between 0 and 1; its place is named.

    Notes
    -----
    m, the number of tests, counts those that are not missing. With p(1) <= ... <= p(m): Bonferroni m p; Sidak
    1 - (1 - p)^m; Holm max over j <= i of (m - j + 1) p(j); Holm-Sidak likewise with 1 - (1 - p(j))^(m - j + 1);
    Hochberg min over j >= i of (m - j + 1) p(j); Benjamini-Hochberg min over j >= i of m p(j) / j;
    Benjamini-Yekutieli that times sum 1 / k; all at most 1. Hommel: Wright (1992), appendix.

    References
    ----------
    R ``p.adjust``; for the two of Sidak statsmodels ``multipletests``.

    Examples
    --------
    >>> adjust_p([0.01, None, 0.04, 0.03]).round(3)
    array([0.03,  nan, 0.06, 0.06])
    """
    one_of(method, tuple(CORRECTION_WORDS), "method")
    p = _checked(p_values)
    known = ~np.isnan(p)
    adjusted = np.full(len(p), np.nan)
    if known.any():
        adjusted[known] = np.minimum(_METHODS[method](p[known]), 1.0)
    if isinstance(p_values, pd.Series):
        return pd.Series(adjusted, index=p_values.index, name=p_values.name)
    return adjusted


def correction_note(method: Correction, tests: int) -> Text:
    """Say how many p-values were corrected, and how."""
    if method == "none":
        return both("p-values not corrected for {m} tests", "검정 {m}개에 대한 p값 보정 없음", m=tests)
    words = CORRECTION_WORDS[method]
    return both("p-values corrected for {m} tests: {en}", "검정 {m}개에 대해 p값 보정: {ko}", m=tests, **words)


def _checked(p_values: Any) -> Vector:
    """P-values as floats, NaN where missing; anything else is named."""
    if isinstance(p_values, pd.DataFrame) or np.ndim(p_values) != 1 or isinstance(p_values, dict):
        raise DataError(f"`p_values` is a {type(p_values).__name__}; give one list, array or Series of p-values.")
    column = p_values if isinstance(p_values, pd.Series) else pd.Series(list(p_values), dtype=object)
    absent = column.isna().to_numpy()
    for place, value in column[~absent].items():
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not (number and 0 <= value <= 1):
            raise DataError(f"`p_values` holds {value!r} at {place!r}; a p-value is a number between 0 and 1.")
    return np.array([np.nan if gone else float(value) for value, gone in zip(column, absent)])


def _step(p: Vector, terms: Callable[[Vector, Vector], Vector], down: bool) -> Vector:
    """Step-down (from the smallest, running maximum) or step-up (from the largest, running minimum)."""
    order = np.argsort(p, kind="stable")
    found = terms(p[order], np.arange(1.0, len(p) + 1))
    found = np.maximum.accumulate(found) if down else np.minimum.accumulate(found[::-1])[::-1]
    back = np.empty(len(p))
    back[order] = found
    return back


def _any_of(p: Vector, tests: Vector | float) -> Vector:
    """1 - (1 - p)^tests, exact for small p."""
    with np.errstate(divide="ignore"):
        return -np.expm1(tests * np.log1p(-p))


def _hommel(p: Vector) -> Vector:
    """Hommel (1988) by the algorithm of Wright (1992)."""
    m, order = len(p), np.argsort(p, kind="stable")
    q = p[order]
    best = np.full(m, (m * q / np.arange(1, m + 1)).min())
    found = best.copy()
    for k in range(m - 1, 1, -1):
        low, high = q[: m - k + 1], q[m - k + 1 :]
        least = (k * high / np.arange(2, k + 1)).min()
        found[: m - k + 1] = np.minimum(k * low, least)
        found[m - k + 1 :] = found[m - k]
        best = np.maximum(best, found)
    back = np.empty(m)
    back[order] = np.maximum(best, q)
    return back


_METHODS: dict[str, Callable[[Vector], Vector]] = {
    "none": lambda p: p,
    "bonferroni": lambda p: len(p) * p,
    "sidak": lambda p: _any_of(p, len(p)),
    "holm": lambda p: _step(p, lambda q, i: (len(q) - i + 1) * q, down=True),
    "holm_sidak": lambda p: _step(p, lambda q, i: _any_of(q, len(q) - i + 1), down=True),
    "hochberg": lambda p: _step(p, lambda q, i: (len(q) - i + 1) * q, down=False),
    "hommel": _hommel,
    "benjamini_hochberg": lambda p: _step(p, lambda q, i: len(q) * q / i, down=False),
    "benjamini_yekutieli": lambda p: _step(p, lambda q, i: len(q) * q / i * (1 / i).sum(), down=False),
}
