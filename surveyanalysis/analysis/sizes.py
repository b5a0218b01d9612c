"""How many respondents a margin of error, or a difference between two groups, needs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import one_of
from ..intervals import check_confidence
from ..language import Text, both
from .plan import (
    DEFF_EXAMPLE,
    THIN,
    Plan,
    normal_quantile,
    number_between,
    numbers_between,
    planned_origin,
    population_size,
    share_between,
    whole_people,
)
from .power import size_for_means, size_for_shares
from .two_groups import (
    LARGEST,
    NEEDED,
    NONCENTRAL,
    POOLINGS,
    Pooling,
    pooling_words,
    power_between,
    tails_of,
    thin_group,
    two_group_plan,
)


def sample_size(
    margin: float | Sequence[float],
    *,
    share: float = 0.5,
    deff: float = 1.0,
    population: int | None = None,
    response_rate: float = 1.0,
    confidence: float = 0.95,
) -> Plan:
    """Respondents that a margin of error needs, and how many people to invite for them.

    Parameters
    ----------
    margin
        Half the width of the confidence interval, 0 to 1, one or several: 0.05 is five percentage points.
    share
        Expected share; 0.5 is the most cautious.
    deff
        Design effect: by how much weights and clusters multiply the variance.
    population
        Size of the population; None takes it as infinite.
    response_rate
        Share of those invited who will respond.

    Returns
    -------
    Plan
        Rows: every margin. Columns margin, share, deff, population, response_rate, n, invited.

    Raises
    ------
    ChoiceError
        A number is out of its range.

    Notes
    -----
    n0 = z^2 deff p (1 - p) / margin^2, n = n0 N / (n0 + N - 1) (Cochran 1977, section 4.4), rounded up; invited =
    n / response rate, rounded up. Where these are more people than there are, a note says so. A response rate makes the
    sample larger, not better: whether those who do not respond differ is another question (`early_late`).

    References
    ----------
    Checked against Cochran (1977) and `margin_of_error`, which it inverts.

    Examples
    --------
    >>> sample_size(0.05, population=1000, response_rate=0.4).frame[["n", "invited"]]
         n  invited
    0  278      695
    """
    check_confidence(confidence)
    margins = numbers_between(margin, "margin", 0, 1, "0.05 (five percentage points)")
    share, deff = share_between(share), number_between(deff, "deff", 0, np.inf, DEFF_EXAMPLE)
    rate, whole = _response_rate(response_rate), population_size(population)
    first = (normal_quantile(0.5 + confidence / 2) / margins) ** 2 * deff * share * (1 - share)
    n = whole_people(first if np.isinf(whole) else first * whole / (first + whole - 1))
    invited = whole_people(n / rate)
    frame = pd.DataFrame({"margin": margins, "share": share, "deff": deff, "population": whole, "response_rate": rate,
                          "n": n, "invited": invited})  # fmt: skip
    notes = [THIN] if (np.minimum(share, 1 - share) * n / deff < 5).any() else []
    if (invited > whole).any():
        notes.append(_too_many(int(invited.max()), int(whole)))
    what = both("Sample size for a margin of error", "표본오차에 필요한 표본 크기")
    return Plan(frame, "margin", origin=planned_origin(what, confidence, deff, tuple(notes)))


def sample_size_to_compare(
    difference: float,
    share: float = 0.5,
    *,
    of: Literal["share", "mean"] = "share",
    ratio: float = 1.0,
    power: float = 0.8,
    confidence: float = 0.95,
    deff: float = 1.0,
    response_rate: float = 1.0,
    variance: Pooling = "pooled",
) -> Plan:
    """Respondents in each of two groups that a two-sided test needs to find a difference.

    Parameters
    ----------
    difference
        Share in the second group minus that in the first; for means, in standard deviations.
    share
        Share in the first group, 0 to 1; means need none.
    ratio
        Respondents in the second group for each in the first.
    response_rate
        Share of those invited who will respond.
    of, power, confidence, deff, variance
        As `smallest_difference`.

    Returns
    -------
    Plan
        One row: difference, share_1, share_2 (shares only), power, deff, n_1, n_2, n, response_rate, invited.

    Raises
    ------
    ChoiceError
        A number is out of its range, share + difference among them.

    Notes
    -----
    The equations of `smallest_difference`, solved for n1 with n2 = ratio n1; each rounded up.

    References
    ----------
    R ``power.prop.test``, ``power.t.test``.

    Examples
    --------
    >>> sample_size_to_compare(0.15).frame[["n_1", "n_2", "n"]]
       n_1  n_2    n
    0  170  170  340
    """
    one_of(of, ("share", "mean"), "of")
    one_of(variance, POOLINGS, "variance")
    ratio = number_between(ratio, "ratio", 0, np.inf, "1 (groups of equal size)")
    deff, power = number_between(deff, "deff", 0, np.inf, DEFF_EXAMPLE), power_between(power, confidence)
    rate, tails = _response_rate(response_rate), tails_of(power, confidence)
    if of == "mean":
        d = number_between(difference, "difference", -LARGEST, LARGEST, "0.5 (standard deviations)")
        exact, shares, how = size_for_means(abs(d), ratio, tails, deff), {}, NONCENTRAL
    else:
        d = number_between(difference, "difference", -1, 1, "0.15 (15 percentage points)")
        first, second = share_between(share), share_between(share_between(share) + d, "share + difference")
        exact, how = size_for_shares(first, second, ratio, tails, deff, variance), pooling_words(variance)
        shares = {"share_1": first, "share_2": second}
    n1, n2 = (int(whole_people(size)) for size in (exact, ratio * exact))
    invited = sum(int(whole_people(n / rate)) for n in (n1, n2))
    columns = {"difference": [d], **shares, "power": power}
    thin = (THIN,) if thin_group((n1, n2), list(shares.values()), deff) else ()
    plan = two_group_plan(["higher" if d > 0 else "lower"], (n1, n2), columns, deff, confidence, how, thin)
    frame = plan.frame.assign(n=n1 + n2, response_rate=rate, invited=invited)
    return replace(plan, _frame=frame, origin=replace(plan.origin, what=NEEDED))


def _response_rate(value: Any) -> float:
    """Return a response rate above 0 and at most 1."""
    return 1.0 if value == 1 and value is not True else share_between(value, "response_rate")


def _too_many(invited: int, whole: int) -> Text:
    return both(
        "{k:,} people would have to be invited, but the population has {n:,}: this margin cannot be reached",
        "{k:,}명을 초대해야 하나 모집단은 {n:,}명: 이 표본오차에 이를 수 없음",
        k=invited,
        n=whole,
    )
