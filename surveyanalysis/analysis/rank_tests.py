"""Rank tests under the design: do the answers of some groups tend to be higher?"""

from typing import Any, Literal

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.fit import Matrix, Vector
from ..intervals import t_p_value
from ..language import LANGUAGES, Text, both, say
from ..results import Test
from .bases import Data
from .compared import (
    CONSTANT,
    DIFFERENCE,
    NO_DF,
    NO_VARIANCE,
    Compared,
    against_first,
    compared,
    ranked,
    shared_variance,
)
from .group_tests import wald_f
from .origins import origin_of
from .rank_scores import Ties, mean_scores, rank_shares, scored, superiority

RankTest = Literal["auto", "wilcoxon", "kruskal_wallis", "van_der_waerden", "median"]
RANK_TESTS = ("auto", "wilcoxon", "kruskal_wallis", "van_der_waerden", "median")
NAMES = {
    "wilcoxon": both("Wilcoxon rank-sum test", "윌콕슨 순위합 검정"),
    "kruskal_wallis": both("Kruskal-Wallis test", "크러스컬-월리스 검정"),
    "van_der_waerden": both("van der Waerden (normal scores) test", "판데르바르던(정규점수) 검정"),
    "median": both("median test", "중앙값 검정"),
}
BASED = both("design-based {en}", "설계 기반 {ko}", en="{name}", ko="{name}")
CLASSICAL = both(
    "for a simple random sample classical rank tests exist too, exact in small samples (scipy.stats mannwhitneyu, "
    "kruskal; pingouin)",
    "단순임의표본이면 소표본에서 정확한 고전적 순위검정도 있음(scipy.stats mannwhitneyu, kruskal; pingouin)",
)
ROW_ORDER = both(
    "equal answers with unequal weights are ranked in the order of the rows, as in R; ties='midpoint' does not depend "
    "on it",
    "가중치가 다른 동순위 응답은 R과 같이 행 순서에 따라 순위를 매김; ties='midpoint'는 순서와 무관",
)


def rank_test(data: Data, question: str, *, by: str, test: RankTest = "auto", ties: Ties = "r") -> Test:
    """Test whether the answers of some groups tend to be higher than those of others, by their ranks.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Number, or answers with an order.
    by
        Question whose answers are the groups.
    test
        "wilcoxon" (two groups) and "kruskal_wallis" (its name for more): ranks; "van_der_waerden": normal scores;
        "median": above the median or not. "auto": ranks.
    ties
        How equal answers share their ranks. "midpoint": at the middle of their joint weight, whatever the order of the
        rows. "r": the plain mean of the ranks that they have one after the other in the order of the rows, as R survey
        computes it; the same where their weights are equal, and on average over all orders.

    Returns
    -------
    Test
        Two groups: t on df - 1; effect: difference in mean score of the later answer minus the earlier. For Wilcoxon's
        scores with midpoint ties that is P(later > earlier) + P(equal) / 2 - 1/2; `extra` holds the probability.
        More groups: Wald F on G - 1 and df - G + 1; effect: eta squared of the scores.

    Raises
    ------
    ChoiceError
        The answers have no order.
    ColumnError, DataError
        A question does not exist; nobody answered; only one group answered.

    Notes
    -----
    Scores of r / N, r the sum of the weights of lower answers plus half the own, N the sum of all. The groups' mean
    scores are compared under the design (strata, clusters, finite population, replicates), with the scores taken as
    fixed: right where the groups do not differ, so there is a test but no interval. A score at the median counts as not
    above it. Base: respondents with an answer and a group; the others are counted in the origin.

    References
    ----------
    Lumley and Scott (2013), Biometrika 100, 831-842. R survey ``svyranktest``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [1, 2, 3, 4, 5, 6, 7, 8], "sex": list("mmfmmfff")})
    >>> test = rank_test(staff, "pay", by="sex")
    >>> round(test.statistic, 3), test.df, test.effect, test.extra["probability_of_superiority"]
    (2.291, 6.0, 0.375, 0.875)
    """
    design = as_design(data)
    one_of(test, RANK_TESTS, "test")
    one_of(ties, ("r", "midpoint"), "ties")
    groups = compared(design, ranked(design, question), question, by)
    chosen = _choose(test, groups)
    ranks, moved = rank_shares(groups.values, groups.used.row_weights, ties)
    scores = scored(ranks, chosen)
    means, covariance, failed = mean_scores(groups, scores)
    found, notes = (_two if groups.count == 2 else _several)(groups, scores, means, covariance)
    if chosen in ("wilcoxon", "kruskal_wallis") and groups.count == 2:
        found["extra"] = {"probability_of_superiority": superiority(groups)}
    name = {lang: say(BASED, lang).format(name=say(NAMES[chosen], lang)) for lang in LANGUAGES}
    told = (*notes, *((ROW_ORDER,) if moved else ()), *((CLASSICAL,) if groups.used.simple else ()))
    df = found.get("df_denominator", found["df"])
    origin = origin_of(name, design, groups.used, question, by, df=df, notes=told, failed=failed)
    return Test(name, n=len(groups.values), origin=origin, **found)


def _choose(test: RankTest, groups: Compared) -> str:
    """The test to run: Wilcoxon's of more than two groups is that of Kruskal and Wallis."""
    if test == "auto" or (test == "wilcoxon" and groups.count > 2):
        return "wilcoxon" if groups.count == 2 else "kruskal_wallis"
    return test


def _two(
    groups: Compared, scores: Vector, means: Vector, covariance: Matrix
) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """t test of the difference in mean score."""
    difference, variance = against_first(means, covariance)
    se, df = float(np.sqrt(variance[0, 0])), groups.used.df - 1
    found: dict[str, Any] = {"effect": float(difference[0]), "effect_name": "difference in mean rank score", "df": df}
    earlier, later = groups.names
    notes = (
        {lang: f"{DIFFERENCE[lang]}: {say(later, lang)} − {say(earlier, lang)}" for lang in LANGUAGES},
        *groups.notes,
    )
    if np.ptp(scores) == 0:
        return {**found, "effect": 0.0, "statistic": 0.0, "p": 1.0}, (*notes, CONSTANT)
    if groups.blind or not se > 0 or df <= 0:
        why = () if groups.blind else (NO_DF,) if df <= 0 else (NO_VARIANCE,)
        return {**found, "statistic": np.nan, "p": np.nan}, (*notes, *why)
    t = found["effect"] / se
    return {**found, "statistic": t, "p": float(t_p_value(np.array(t), df))}, notes


def _several(
    groups: Compared, scores: Vector, means: Vector, covariance: Matrix
) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """Wald F test of equal mean scores."""
    found, notes = wald_f(groups, means, covariance)
    share = shared_variance(scores, groups.used.row_weights, groups.group, groups.count)[1]
    return {**found, "effect": share, "effect_name": "eta squared of rank scores"}, notes
