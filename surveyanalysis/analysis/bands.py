"""Regression of numbers that are known in bands."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from ..design.design import as_design
from ..errors import ChoiceError, DataError, LevelError, one_of
from ..estimators.fit import Matrix
from ..estimators.interval import Distribution
from ..intervals import check_confidence
from ..language import both
from .bases import Data
from .error_words import VARIANCES, Variance
from .limited import LOGARITHM, SIGMA, LimitedModel, fitted_limited, slopes_of
from .limited_laws import Banded
from .model_matrix import ModelFrame, frame_of, read
from .variables import categories, numbers

INFINITE = float("inf")
Bands = Mapping[Any, tuple[float | None, float | None]]


def interval_regression(
    data: Data,
    formula: str,
    *,
    upper: str | None = None,
    bands: Bands | None = None,
    distribution: Distribution = "normal",
    variance: Variance = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Regression of a number that is known in bands, such as salaries or sales asked by class.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`. The outcome is the question answered in bands, or the lower ends.
    upper
        Question that holds the upper ends; then a missing end is open, and equal ends are a number known exactly.
    bands
        Answer -> its (lower, upper) end, None where open: ``{1: (None, 30), 2: (30, 50), 3: (50, None)}``.
    distribution
        "normal"; or "lognormal", where the logarithm of the outcome is normal.

    Returns
    -------
    LimitedModel
        Slopes of the outcome (of its logarithm, if log-normal), then log(sigma). `.effects()` and `.predict()` are in
        units of the outcome: on its mean, of a log-normal one also ``.of("median")``.

    Raises
    ------
    ChoiceError
        Neither `upper` nor `bands` is given, or both.
    LevelError
        An answer has no band.
    DataError
        A band is upside down, bands overlap, or one limit is all that is known.
    ConvergenceError, FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    Checked against R ``survival::survreg(Surv(type = "interval2"))`` (l.interval.*).

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [1, 2, 2, 3]})
    >>> model = interval_regression(staff, "pay ~ 1", bands={1: (None, 20), 2: (20, 30), 3: (30, None)})
    >>> model.frame["estimate"].round(4).tolist()
    [25.0, 2.0032]
    """
    one_of(distribution, ("normal", "lognormal"), "distribution")
    if (upper is None) == (bands is None):
        raise ChoiceError(
            "Say how the bands are known: `upper`, the question with their upper ends, or `bands`, the two ends of "
            "each answer. One of the two."
        )
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    design = as_design(data)
    parsed = read(design.survey, formula)
    name = parsed.outcome
    if bands is not None:
        frame, ends = _by_answer(frame_of(design, parsed, (name,), [parsed.terms]), bands)
        if distribution == "lognormal":
            ends = np.where(ends == -INFINITE, 0.0, ends)
    else:
        assert upper is not None
        low, high = numbers(design.survey, name), numbers(design.survey, upper)
        some = design.within(~(np.isnan(low) & np.isnan(high)))
        found = frame_of(some, parsed, (), [parsed.terms])
        rows = found.used.rows
        open_low, open_high = np.isnan(low[rows]), np.isnan(high[rows])
        least = 0.0 if distribution == "lognormal" else -INFINITE
        ends = np.stack([np.where(open_low, least, low[rows]), np.where(open_high, INFINITE, high[rows])], axis=1)
        frame, name = replace(found, design=design), f"{name} .. {upper}"  # of all, so that missing answers are told
    _refuse_upside_down(frame, ends, name)
    known = int((ends[:, 0] == ends[:, 1]).sum())
    open_ends = int(np.isinf(ends).any(axis=1).sum())
    told = both("{k} of {n} outcomes are known in bands, {o} of them open to one side",
                "응답 {n}건 중 {k}건은 구간, 그중 {o}건은 한쪽이 열림", k=len(ends) - known, n=len(ends),
                o=open_ends)  # fmt: skip
    notes = [told, *([LOGARITHM] if distribution == "lognormal" else [])]
    return fitted_limited(
        frame, ends, Banded(distribution), (slopes_of(frame), SIGMA), variance, confidence, notes, {}, name
    )


def _by_answer(frame: ModelFrame, bands: Bands) -> tuple[ModelFrame, Matrix]:
    """Ends of the bands that were answered, shape (m, 2)."""
    name = frame.formula.outcome
    found = categories(frame.design.survey, name)
    codes = found.codes[frame.used.rows]
    given = [found.levels[i] for i in np.unique(codes)]
    lacking = [level for level in given if level not in bands]
    if lacking:
        raise LevelError(
            f"`bands` has no ends for the answer(s) {', '.join(map(repr, lacking))} of {name!r}. Give each answer its "
            "(lower, upper), None where open."
        )
    ends = {level: tuple(_end(end, side) for end, side in zip(bands[level], (-1, 1))) for level in given}
    ordered = sorted(ends.items(), key=lambda item: item[1])
    for (one, (_, top)), (other, (bottom, _)) in pairwise(ordered):
        if bottom < top:
            raise DataError(f"`bands` of {name!r}: {one!r} ends at {top:g} and {other!r} begins at {bottom:g}: "
                            "they overlap.")  # fmt: skip
    table = np.array([ends.get(level, (np.nan, np.nan)) for level in found.levels], float)
    return frame, table[codes]


def _end(end: float | None, side: int) -> float:
    """An end as a number; open ones are infinite."""
    return side * INFINITE if end is None else float(end)


def _refuse_upside_down(frame: ModelFrame, ends: Matrix, name: str) -> None:
    """Name the respondents whose band is upside down."""
    wrong = np.flatnonzero(~(ends[:, 0] <= ends[:, 1]))
    if len(wrong):
        label = frame.used.survey.frame.index[frame.used.rows[wrong[0]]]
        low, high = ends[wrong[0]]
        raise DataError(
            f"{name!r}: the band of {len(wrong)} respondent(s) is upside down; that of {label} runs from {low:g} to "
            f"{high:g}. Correct them."
        )
