"""Which difference between two groups a survey can show."""

from typing import Literal

import numpy as np

from ..errors import ChoiceError, one_of
from ..language import Text, both
from .plan import DEFF_EXAMPLE, THIN, Plan, number_between, people, share_between
from .power import mean_gap, share_gap
from .two_groups import (
    NONCENTRAL,
    POOLINGS,
    Pooling,
    pooling_words,
    power_between,
    tails_of,
    thin_group,
    two_group_plan,
)


def smallest_difference(
    n1: int,
    n2: int,
    share: float = 0.5,
    *,
    of: Literal["share", "mean"] = "share",
    power: float = 0.8,
    confidence: float = 0.95,
    deff: float = 1.0,
    variance: Pooling = "pooled",
) -> Plan:
    """Smallest difference of two groups that a two-sided test finds with this power.

    Parameters
    ----------
    n1, n2
        Respondents in each group.
    share
        Share in the first group, 0 to 1; means need none.
    of
        "share", or "mean": then the difference is in standard deviations.
    power
        Probability that the test finds the difference.
    confidence
        1 - the test's level.
    deff
        Design effect: by how much weights and clusters multiply the variance.
    variance
        "pooled": the test takes the variance of no difference (chi-square test, R ``power.prop.test``); "unpooled":
        that of each group (Wald test, interval of the difference).

    Returns
    -------
    Plan
        For shares two rows, "higher" and "lower": n_1, n_2, share_1, share_2, difference, power, deff; share_2 and
        difference are missing where even 100 % (or nobody) in the second group would not be found. For means one row:
        difference in standard deviations.

    Raises
    ------
    ChoiceError
        A number is out of its range, or a word is none of the choices.

    Notes
    -----
    Shares: |d| = z_(1 - a/2) S0 + z_power S1 with S1^2 = deff (p1 q1 / n1 + p2 q2 / n2), and S0 = S1 (unpooled) or
    S0^2 = deff p q (1 / n1 + 1 / n2), p = (n1 p1 + n2 p2) / (n1 + n2) (pooled; Fleiss, Levin and Paik 2003, ch. 4);
    both sides depend on p2, so the equation is solved. Means: the noncentral t of n1 + n2 - 2 degrees of freedom with
    ncp = d / sqrt(deff (1 / n1 + 1 / n2)). The tail on the wrong side is left out, as in R.

    References
    ----------
    R ``power.prop.test``, ``power.t.test``.

    Examples
    --------
    >>> smallest_difference(57, 157).frame[["share_1", "share_2", "difference"]].round(3)
       share_1  share_2  difference
    0      0.5    0.708       0.208
    1      0.5    0.292      -0.208
    """
    one_of(of, ("share", "mean"), "of")
    one_of(variance, POOLINGS, "variance")
    sizes = float(people(n1, "n1")[0]), float(people(n2, "n2")[0])
    deff, power = number_between(deff, "deff", 0, np.inf, DEFF_EXAMPLE), power_between(power, confidence)
    if of == "mean":
        if sum(sizes) < 3:
            raise ChoiceError("`n1` and `n2` leave no degrees of freedom; means need three respondents at least.")
        d = mean_gap(*sizes, tails_of(power, confidence), deff)
        columns = {"difference": [d], "power": power}
        return two_group_plan(["either"], sizes, columns, deff, confidence, NONCENTRAL)
    first = share_between(share)
    found = [share_gap(first, sign, *sizes, tails_of(power, confidence), deff, variance) for sign in (1, -1)]
    columns = {"share_1": first, "share_2": [first + d for d in found], "difference": found, "power": power}
    notes = _beyond(found)
    if thin_group(sizes, [first, *(first + d for d in found)], deff):
        notes = (*notes, THIN)
    return two_group_plan(["higher", "lower"], sizes, columns, deff, confidence, pooling_words(variance), notes)


def _beyond(found: list[float]) -> tuple[Text, ...]:
    if not np.isnan(found).any():
        return ()
    return (
        both(
            "missing: no difference in this direction is found with this power",
            "공란: 이 방향의 차이는 이 검정력으로 발견할 수 없음",
        ),
    )
