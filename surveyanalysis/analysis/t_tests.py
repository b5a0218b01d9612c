"""A mean against a number, or two means against each other: t tests that know the design."""

from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..intervals import check_confidence, t_interval, t_p_value
from ..language import LANGUAGES, Text, both, say
from ..results import Test
from .bases import Data, answered
from .compared import (
    CONSTANT,
    DIFFERENCE,
    NO_DF,
    NO_VARIANCE,
    Compared,
    against_first,
    compared,
    group_means,
    shared_variance,
)
from .groups import one_column
from .measured import averages
from .origins import interval_words, origin_of
from .variables import numbers

Df = Literal["r", "design"]
ONE_LESS = both(
    "one degree of freedom less than the design has, as R's svyttest takes; df='design' for all of them",
    "자유도는 R svyttest처럼 설계 자유도보다 1 작음; df='design'이면 설계 자유도",
)

ONE_SAMPLE = both("design-based one-sample t test", "설계 기반 일표본 t 검정")
PAIRED = both("design-based paired t test", "설계 기반 대응표본 t 검정")
TWO_GROUPS = both("design-based t test of two groups", "설계 기반 두 집단 t 검정")


def t_test(
    data: Data,
    question: str,
    *,
    by: str | None = None,
    paired_with: str | None = None,
    null: float = 0.0,
    df: Df | float = "r",
    confidence: float = 0.95,
) -> Test:
    """Test a mean against a number, or the means of two groups (or of two questions) against each other.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Number question, likert scale with numeric codes, or yes/no.
    by
        Question whose answers are the two groups; the difference is the later answer's mean minus the earlier's.
    paired_with
        Second question of the same respondents: tests the mean of `question` - `paired_with`.
    null
        Mean, or difference, that is tested.
    df
        "r": degrees of freedom of the design minus one. For two groups that is theory, since two means are estimated;
        for one mean it is what R survey does, one fewer than theory has. "design": those of the design. Or a number.

    Returns
    -------
    Test
        t with its df; effect: the mean or the difference, minus `null`, with its t interval. `extra`: Cohen's d by the
        weighted standard deviation (within groups).

    Raises
    ------
    ChoiceError
        More than two groups: use `group_test` or `rank_test`. The question is no number. Both `by` and `paired_with`.
    ColumnError, DataError
        A question does not exist; nobody answered; only one group answered.

    Notes
    -----
    Base: respondents with an answer and a group; the others are counted in the origin. Means are domain means under the
    design with their joint covariance, so that groups within one cluster are not taken as independent. Where nobody's
    answer differs p is 1; where a group is one respondent or one cluster there is no variance, and no test.

    References
    ----------
    R survey 4.1 ``svyttest(y ~ group)``, ``svyttest(y ~ 0)``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 4, 5, 6], "sex": list("mmmfff")})
    >>> test = t_test(staff, "pay", by="sex")
    >>> round(test.statistic, 3), test.df, test.effect
    (1.369, 4.0, 1.0)
    """
    design = as_design(data)
    check_confidence(confidence)
    if by is not None and paired_with is not None:
        raise ChoiceError("Both `by` and `paired_with` are given: a t test compares two groups or two questions.")
    values = numbers(design.survey, one_column(design.survey, question))
    if by is not None:
        groups = _two(compared(design, values, question, by), by)
        return _of_groups(design, groups, (question, by), null, df, confidence)
    if paired_with is None:
        return _of_one(design, values, (question,), null, df, confidence)
    other = numbers(design.survey, one_column(design.survey, paired_with, "paired_with"))
    return _of_one(design, values - other, (question, paired_with), null, df, confidence)


def _of_one(
    design: Design, values: Vector, names: tuple[str, ...], null: float, df: Df | float, confidence: float
) -> Test:
    """The mean of one column."""
    used = answered(design, ~np.isnan(values), *names)
    everybody = np.zeros(len(values), np.intp)
    found = averages(used, values[:, None], everybody, 1)
    spread = shared_variance(values[used.rows], used.row_weights, everybody[used.rows], 1)[0]
    numbers_of, notes = _t(float(found.estimate[0]), float(found.se[0]), null, _degrees(df, used), confidence)
    told = (*notes, ONE_LESS) if df == "r" else notes
    name = PAIRED if len(names) == 2 else ONE_SAMPLE
    effect = "mean difference (first - second)" if len(names) == 2 else "mean" if null == 0 else "mean minus null"
    return _said(name, effect, design, used, names, numbers_of, spread, told, confidence, found.failed)


def _two(groups: Compared, by: str) -> Compared:
    """The two groups; more are refused."""
    if groups.count > 2:
        listed = ", ".join(say(words) for words in groups.names[:6])
        raise ChoiceError(
            f"`by`: {by!r} has {groups.count} groups with answers ({listed}); a t test compares two. Use `group_test` "
            "(are all means equal?) or `rank_test`, or keep two groups with `design.where`."
        )
    return groups


def _of_groups(
    design: Design, groups: Compared, names: tuple[str, ...], null: float, df: Df | float, confidence: float
) -> Test:
    """The later group's mean minus the earlier's."""
    used = groups.used
    means, covariance, failed = group_means(groups)
    difference, variance = against_first(means, covariance)
    se = np.nan if groups.blind else float(np.sqrt(variance[0, 0]))
    numbers_of, notes = _t(float(difference[0]), se, null, _degrees(df, used), confidence)
    spread = shared_variance(groups.values, used.row_weights, groups.group, 2)[0]
    told = (_sides(groups, means), *groups.notes, *(() if groups.blind else notes))
    return _said(TWO_GROUPS, "difference in means", design, used, names, numbers_of, spread, told, confidence, failed)


def _degrees(df: Df | float, used: Design) -> float:
    """Degrees of freedom asked for."""
    if isinstance(df, str):
        one_of(df, ("r", "design"), "df")
        return used.df - 1 if df == "r" else used.df
    if isinstance(df, bool) or not isinstance(df, int | float) or not df > 0:
        raise ChoiceError(f"`df` is {df!r}; it must be 'r', 'design' or a number above 0.")
    return float(df)


def _t(
    estimate: float, se: float, null: float, df: float, confidence: float
) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """The numbers of a t test, and why there are none."""
    effect = estimate - null
    low, high = (float(end) for end in t_interval(np.array(effect), np.array(se), df, confidence))
    found: dict[str, Any] = {"df": df, "effect": effect, "effect_ci": (low, high)}
    told = () if null == 0 else (both("tested against {null:g}", "귀무값 {null:g}", null=null),)
    if se > 0 and df > 0:
        t = effect / se
        return {**found, "statistic": t, "p": float(t_p_value(np.array(t), df))}, told
    if se == 0 and effect == 0:
        return {**found, "statistic": 0.0, "p": 1.0}, (*told, CONSTANT)
    return {**found, "statistic": np.nan, "p": np.nan}, (*told, NO_DF if df <= 0 else NO_VARIANCE)


def _sides(groups: Compared, means: Vector) -> Text:
    """Which mean is taken from which."""
    (a, b), (x, y) = groups.names, means
    return {lang: f"{DIFFERENCE[lang]}: {say(b, lang)} ({y:,.4g}) − {say(a, lang)} ({x:,.4g})" for lang in LANGUAGES}


def _said(
    name: Text, effect: str, design: Design, used: Design, names: tuple[str, ...], found: dict[str, Any],
    spread: float, notes: tuple[Text, ...], confidence: float, failed: int,
) -> Test:  # fmt: skip
    """The test with its origin, and Cohen's d."""
    origin = origin_of(
        name, design, used, *names, interval=interval_words("t", confidence), df=found["df"], notes=notes, failed=failed
    )
    extra = {"cohen_d": found["effect"] / spread**0.5} if spread > 0 else {}
    return Test(name, effect_name=effect, n=len(used.rows), origin=origin, extra=extra, **found)
