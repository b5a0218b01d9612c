"""Whether an answer rises or falls along ordered groups."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Vector
from ..intervals import check_confidence, t_interval, t_p_value
from ..language import Text, both
from ..results import Test
from .bases import Data, answered
from .contingency import CellTable
from .counted import crossed
from .error_words import Variance
from .groups import one_column
from .independence import IGNORED
from .origins import interval_words, origin_of
from .pairs import level_scores
from .scores import Slope, replicated_slope, scored, slope_of
from .variables import categories

Method = Literal["auto", "cochran_armitage", "linear_by_linear", "slope"]
METHODS = ("auto", "cochran_armitage", "linear_by_linear", "slope")
NAMES = {
    "cochran_armitage": both("Cochran-Armitage test for trend", "코크런-아미티지 추세검정"),
    "linear_by_linear": both("linear-by-linear association test", "선형 대 선형 연관성 검정"),
    "slope": both("design-based t test of the slope", "설계 기반 기울기 t 검정"),
}
SLOPES = ("change in share per step of the group", "change in mean score per step of the group")


def trend(
    data: Data, question: str, *, by: str, level: Any = None, method: Method = "auto", confidence: float = 0.95
) -> Test:
    """Test whether an answer rises or falls along ordered groups.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Yes/no, ordered, or with at most 20 different numbers; with `level` any answers.
    by
        Question whose answers are ordered groups.
    level
        Answer, or answers counted together: the trend of their share.
    method
        "cochran_armitage" (two answers) and "linear_by_linear" take respondents as a simple random sample; "slope"
        takes the design into account. "auto": "slope" for any design that is not simple random, else the first for two
        answers and the second for more.

    Returns
    -------
    Test
        Effect: the (weighted) regression slope with a design-based t interval. `extra["correlation"]`: of the scores.

    Raises
    ------
    ChoiceError
        Groups or answers without order; a method that does not fit.
    DataError
        Fewer than two groups have answers.
    ColumnError, LevelError
        A question or answer does not exist.

    Notes
    -----
    Scores are the codes where all are numbers, else the positions 1, 2, ...; of two answers 1 for the `event` (else the
    last), 0 for the other. r is their correlation: Cochran-Armitage n r^2, linear-by-linear (n - 1) r^2 (Agresti 2013,
    section 3.4), each chi-square with 1 df. Slope: t = b / se with df of the design - 1. Base: respondents with both.

    References
    ----------
    R ``prop.trend.test``; R survey ``svyglm(score ~ group)``.

    Examples
    --------
    >>> import pandas as pd
    >>> dose = pd.DataFrame({"ill": [True, False] * 3 + [True] * 4 + [False] * 8, "dose": [1] * 6 + [2] * 6 + [3] * 6})
    >>> test = trend(dose, "ill", by="dose")
    >>> round(test.statistic, 3), round(test.p, 3)
    (3.156, 0.076)
    """
    design = as_design(data)
    one_of(method, METHODS, "method")
    check_confidence(confidence)
    group = categories(design.survey, one_column(design.survey, by, "by"))
    if not group.ordered:
        raise ChoiceError(
            f"The groups of {by!r} ({', '.join(map(repr, group.levels[:6]))}) have no order, so there is no trend "
            "along them. Make it an ordered pandas.Categorical, a likert question, or numbers; or use `crosstab`."
        )
    answer, scores, notes = scored(design.survey, question, level)
    steps, words = level_scores(group.levels)
    used = answered(design, answer.answered & group.answered, question, by)
    cells = crossed(used, answer, group)
    if (cells.counts.sum(axis=0) > 0).sum() < 2:
        raise DataError(f"Only one group of {by!r} has answers: there is no trend to test.")
    binary = len(answer.levels) == 2
    chosen = _choose(method, binary, used)
    linearised = slope_of(cells, scores, steps)
    slope, failed = replicated_slope(used, answer, group, scores, steps, linearised)
    test = _test(chosen, cells, scores, steps, slope)
    low, high = t_interval(np.array(slope.value), np.array(slope.se), cells.df - 1, confidence)
    notes = (*notes, *(words if words not in notes else ()), *_told(chosen, used, test))
    variance: Variance | None = "design" if chosen == "slope" else None
    origin = origin_of(
        NAMES[chosen],
        design,
        used,
        question,
        by,
        variance=variance,
        interval=interval_words("t", confidence),
        notes=notes,
        failed=failed,
    )
    return replace(
        test, n=cells.n, origin=origin, effect=slope.value, effect_name=SLOPES[0 if binary else 1],
        effect_ci=(float(low), float(high)), extra={"correlation": slope.correlation},
    )  # fmt: skip


def _choose(method: str, binary: bool, used: Design) -> str:
    """The test to run, checked against the answers."""
    if method == "cochran_armitage" and not binary:
        raise ChoiceError("`method` is 'cochran_armitage', which needs two answers. Say whose share: level=...")
    if method != "auto":
        return method
    return "slope" if not used.simple else "cochran_armitage" if binary else "linear_by_linear"


def _test(method: str, cells: CellTable, scores: Vector, steps: Vector, slope: Slope) -> Test:
    """The test by its name; the classical ones on counts."""
    if method == "slope":
        df = cells.df - 1
        t = slope.value / slope.se if slope.se > 0 else 0.0 if slope.value == 0 else np.nan
        known = slope.se > 0 and df > 0
        return Test(NAMES[method], t, float(t_p_value(np.array(t), df)) if known else np.nan if t else 1.0, df)
    from scipy.special import chdtrc

    counts = replace(cells, weighted=cells.counts.astype(float))
    r = slope_of(counts, scores, steps).correlation
    statistic = (cells.n - (method == "linear_by_linear")) * r**2
    return Test(NAMES[method], statistic, float(chdtrc(1, statistic)), 1.0)


def _told(method: str, used: Design, test: Test) -> tuple[Text, ...]:
    """What the test ignores, and what it cannot tell."""
    notes = [IGNORED] if method != "slope" and not used.simple else []
    if np.isnan(test.p):
        notes.append(
            both(
                "the design leaves no degrees of freedom, or no variance: no test", "자유도 또는 분산이 없어 검정 불가"
            )
        )
    elif test.statistic == 0 and test.p == 1:
        notes.append(both("no trend at all in these answers", "이 응답에는 추세가 전혀 없음"))
    return tuple(notes)
