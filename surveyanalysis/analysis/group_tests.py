"""Are the means of all groups equal? Wald's F test under the design."""

from typing import Any

import numpy as np

from ..design.design import as_design
from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..results import Test
from .bases import Data
from .compared import CONSTANT, NO_DF, NO_VARIANCE, Compared, against_first, compared, group_means, shared_variance
from .groups import one_column
from .origins import origin_of
from .variables import numbers
from .wald import quadratic_form


def group_test(data: Data, question: str, *, by: str) -> Test:
    """Test whether the means of all groups are equal, under the design (a one-way analysis of variance).

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Number question, likert scale with numeric codes, or yes/no.
    by
        Question whose answers are the groups, two or more.

    Returns
    -------
    Test
        Wald F on G - 1 and df - G + 1 degrees of freedom. Effect: eta squared, the weighted share of the variance that
        lies between the groups.

    Raises
    ------
    ChoiceError
        The question is no number.
    ColumnError, DataError
        A question does not exist; nobody answered; only one group answered.

    Notes
    -----
    d' V^-1 d / (G - 1), d the differences of the group means from the first and V their linearised (or replicated)
    covariance: a regression on the groups with a Wald test. For two groups F = t^2 of `t_test`. Bases and missing
    answers as there.

    References
    ----------
    R survey ``regTermTest(svyglm(y ~ factor(group)), ~factor(group))``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 4, 5, 6, 9, 9, 8], "unit": list("aaabbbccc")})
    >>> test = group_test(staff, "pay", by="unit")
    >>> test.df, test.df_denominator, round(test.effect, 3)
    (2.0, 6.0, 0.886)
    """
    design = as_design(data)
    groups = compared(design, numbers(design.survey, one_column(design.survey, question)), question, by)
    means, covariance, failed = group_means(groups)
    found, notes = wald_f(groups, means, covariance)
    share = shared_variance(groups.values, groups.used.row_weights, groups.group, groups.count)[1]
    name = both("design-based Wald F test of equal means", "설계 기반 평균 동일성 왈드 F 검정")
    origin = origin_of(name, design, groups.used, question, by, df=found["df_denominator"], notes=notes, failed=failed)
    return Test(name, effect=share, effect_name="eta squared", n=len(groups.values), origin=origin, **found)


def wald_f(groups: Compared, estimates: Vector, covariance: Matrix) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """Wald's F test that the estimates of all groups are equal, and why there is none."""
    from scipy.special import fdtrc

    differences, variance = against_first(estimates, covariance)
    k = len(differences)
    below = groups.used.df - k
    found: dict[str, Any] = {"df": float(k), "df_denominator": below}
    if (differences == 0).all() and not np.diag(variance).any():
        return {**found, "statistic": 0.0, "p": 1.0}, (*groups.notes, CONSTANT)
    chi2 = np.nan if groups.blind else quadratic_form(differences, variance)
    if np.isnan(chi2) or below <= 0:
        why = () if groups.blind else (NO_DF,) if below <= 0 else (NO_VARIANCE,)
        return {**found, "statistic": np.nan, "p": np.nan}, (*groups.notes, *why)
    extra = {"chi2": chi2}
    return {**found, "statistic": chi2 / k, "p": float(fdtrc(k, below, chi2 / k)), "extra": extra}, groups.notes
