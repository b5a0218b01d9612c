"""Functions of the rows of a result, with errors from their joint covariance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.linearized import carried
from ..errors import ChoiceError, DataError
from ..estimators.fit import Matrix, Vector
from ..intervals import check_confidence, t_interval, t_p_values
from ..language import LANGUAGES, Text, both
from ..results import Estimates, Labels, estimates_frame
from .arithmetic import evaluated
from .coefficients import interval_text
from .row_names import RowNames, row_names

DELTA = both("delta method with the joint covariance", "결합공분산에 의한 델타법")
SMALLEST_DF = both(
    "degrees of freedom differ between the estimates; the smallest of those compared are taken",
    "추정치마다 자유도가 달라 비교되는 것 중 가장 작은 자유도 사용",
)
NO_VARIANCE = both("no variance: no test", "분산이 없어 검정 불가")


@dataclass(frozen=True)
class Derived:
    """Functions of estimates; every array has one entry a function, shape (k,).

    Attributes
    ----------
    covariance
        Shape (k, k).
    df, n
        The smallest of the rows that each rests on.
    unequal
        Whether the rows of one function had different degrees of freedom.
    """

    estimate: Vector
    covariance: Matrix
    df: Vector
    n: Vector
    unequal: bool


def contrast(estimates: Estimates, expressions: Mapping[str, str], *, confidence: float = 0.95) -> Estimates:
    """Compute differences, ratios and other functions of estimates, with their errors and tests of zero.

    Parameters
    ----------
    estimates
        What a verb returned: means, totals, shares, ratios, coefficients ...
    expressions
        Name -> arithmetic on the rows: ``{"growth": "api00 - api99", "relative": "log(api00 / api99)"}`` with
        + - * / ** parentheses and log, exp, sqrt, abs. Rows are called by what tells them apart: ``api00``, the answer
        ``stype[E]`` or ``E``, the mean of a group ``api00|E`` or ``E``, a ratio or covariance ``api00:enroll``, a
        coefficient by its term; names with signs or spaces in `backquotes`. A wrong name is answered with all of them.

    Returns
    -------
    Estimates
        Kind "contrast"; `outcome` is the name, `term` the expression; statistic and p of zero, t intervals, joint
        covariance; `n` is the smallest base.

    Raises
    ------
    FormulaError
        An expression holds something outside the allow-list, or the name of no row.
    DataError
        An expression has no value or no derivative (division by zero, logarithm of a negative number), a row holds no
        number, or no covariance is known between the rows.
    ChoiceError
        `expressions` is no mapping, or empty.

    Notes
    -----
    Linear: A V A'; others by the delta method with exact derivatives (forward differentiation). df are the smallest of
    the rows used.

    References
    ----------
    R survey ``svycontrast``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.describe import mean
    >>> marks = pd.DataFrame({"before": [1.0, 2.0, 3.0], "after": [2.0, 4.0, 3.0]})
    >>> contrast(mean(marks, ["before", "after"]), {"gain": "after - before"}).frame[["estimate", "df"]]
       estimate   df
    0       1.0  2.0
    """
    if not isinstance(expressions, Mapping) or not expressions:
        raise ChoiceError("`expressions` must name what is computed: {'gain': 'after - before'}.")
    names = row_names(estimates)
    values = estimates.frame["estimate"].to_numpy(float)
    found = [evaluated(said, values, names.places, names.listed) for said in expressions.values()]
    jacobian = np.array([one.slope for one in found])
    derived = derive(estimates, names, np.array([one.value for one in found]), jacobian)
    columns = {"outcome": list(expressions), "term": list(expressions.values())}
    texts: dict[str, Text] = {word: {"": word} for word in (*expressions, *expressions.values())}
    what = both("Functions of estimates", "추정치의 함수")
    return derived_estimates("contrast", estimates, derived, columns, Labels(texts), what, confidence)


def derive(estimates: Estimates, names: RowNames, values: Vector, jacobian: Matrix) -> Derived:
    """Covariance and degrees of freedom of functions with these derivatives, shape (functions, rows)."""
    frame, used = estimates.frame, (jacobian != 0).any(axis=0)
    at = np.flatnonzero(used)
    _refuse_unknown(estimates, names, at)
    covariance = carried(jacobian[:, at], estimates.covariance[np.ix_(at, at)])
    every = [np.flatnonzero(row) for row in jacobian]
    df, n = frame["df"].to_numpy(float), frame["n"].to_numpy(float)
    return Derived(
        values,
        covariance,
        np.array([df[rows].min(initial=np.inf) for rows in every]),
        np.array([n[rows].min(initial=n.max()) for rows in every]),
        any(np.ptp(df[rows]) > 0 for rows in every if len(rows) and np.isfinite(df[rows]).all()),
    )


def _refuse_unknown(estimates: Estimates, names: RowNames, at: NDArray[np.intp]) -> None:
    """Name rows whose covariance is not known."""
    unknown = np.argwhere(np.isnan(estimates.covariance[np.ix_(at, at)]))
    if len(unknown):
        first, second = (names.short[at[i]] for i in unknown[0])
        between = f"between {first!r} and {second!r}" if first != second else f"of {first!r}"
        raise DataError(
            f"No covariance is known {between} in this result of kind {estimates.kind!r}: functions of its rows have "
            "no standard error. Compute them from means, shares or totals, or under replicate weights."
        )


def derived_estimates(
    kind: str,
    source: Estimates,
    derived: Derived,
    columns: Mapping[str, Sequence[Any]],
    labels: Labels,
    what: Text,
    confidence: float,
    notes: tuple[Text, ...] = (),
    by: tuple[str, ...] = (),
) -> Estimates:
    """Functions of the rows of `source` as estimates, with tests of zero."""
    check_confidence(confidence)
    frame = estimates_frame({**columns, **tested(derived, confidence), "n": derived.n.astype(np.int64)}, by)
    more = (SMALLEST_DF,) if derived.unequal else ()
    flat = (NO_VARIANCE,) if frame["statistic"].isna().any() else ()
    how = source.origin.variance if kind == "differences" else _with_delta(source.origin.variance)
    origin = replace(
        source.origin,
        what=what,
        variance=how,
        interval=interval_text(float(derived.df.min()), confidence),
        df=float(derived.df.min()),
        notes=(*source.origin.notes, *more, *flat, *notes),
    )
    return Estimates(frame, derived.covariance, kind, "value", by, labels, origin)


def tested(derived: Derived, confidence: float) -> dict[str, Vector]:
    """Columns estimate, se, statistic, df, p and interval; no test where there is no variance."""
    estimate, df = derived.estimate, derived.df
    se = np.sqrt(np.diag(derived.covariance))
    low, high = t_interval(estimate, se, df, confidence)
    t = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
    ends = {"ci_low": low, "ci_high": high}
    return {"estimate": estimate, "se": se, "statistic": t, "df": df, "p": t_p_values(t, df), **ends}


def _with_delta(variance: Text) -> Text:
    """How errors were computed, and that the delta method carried them over."""
    return {lang: "; ".join(part for part in (variance.get(lang, ""), DELTA[lang]) if part) for lang in LANGUAGES}
