"""Power, sample size or smallest change of one yes/no answer given twice; power to compare two groups."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import ChoiceError, one_of
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Origin
from .plan import DEFF_EXAMPLE, NORMAL, THIN, Plan, normal_quantile, number_between, people, share_between
from .power import mean_power, spreads
from .slope_power import fisher_power, normal_power, pairs_power, size_for
from .two_groups import LARGEST, NONCENTRAL, POOLINGS, Pooling, pooling_words, power_between, thin_group, two_group_plan

EXACT_MOST = 2000  # pairs, or respondents of both groups, up to which exact power is summed
PAIRED = both("Test of a change between two answers", "두 응답 간 변화 검정")
POWER = both("Power to find a difference between two groups", "두 집단 차이에 대한 검정력")
CHANGES: dict[str, Text] = {
    "exact": both("McNemar's exact test", "맥니머 정확검정"),
    "normal": both("McNemar's test", "맥니머 검정"),
}


def plan_pairs(
    *,
    n: int | None = None,
    power: float | None = None,
    only_first: float,
    only_second: float,
    exact: bool = True,
    confidence: float = 0.95,
) -> Plan:
    """Power or sample size for a change between two yes/no answers of the same respondents (McNemar's test).

    Parameters
    ----------
    n, power
        One of the two; the other is computed.
    only_first, only_second
        Shares of respondents who say yes to the first only, and to the second only.
    exact
        Whether the exact test is meant, its power summed over all outcomes; else the normal approximation.
    confidence
        1 - the test's level.

    Returns
    -------
    Plan
        One row: n, only_first, only_second, difference, power.

    Raises
    ------
    ChoiceError
        Not exactly one of `n` and `power` is given; the shares are out of their range or equal.

    Notes
    -----
    Exact power has teeth: with one respondent more it may fall. The size given is the smallest from which a doubling
    and halving search reaches the power. Normal: F((|d| sqrt(n) - z sqrt(s)) / sqrt(s - d^2)), s their sum, d their
    difference.

    References
    ----------
    Connor (1987), Biometrics 43, 207; R, binomial sums by hand (f.power.pairs.*).

    Examples
    --------
    >>> plan_pairs(n=57, only_first=0.3, only_second=0.1).frame["power"].round(3).item()
    0.609
    """
    check_confidence(confidence)
    first, second = share_between(only_first, "only_first"), share_between(only_second, "only_second")
    if first + second > 1:
        raise ChoiceError(f"`only_first` and `only_second` sum to {first + second:g}; shares sum to 1 at most.")
    if (n is None) == (power is None):
        raise ChoiceError("Give one of `n` and `power`; the other is computed.")
    if not isinstance(exact, bool):
        raise ChoiceError(f"`exact` is {exact!r}; it must be True or False.")

    def at(size: float) -> float:
        return pairs_power(size, first, second, exact and size <= EXACT_MOST, 1 - confidence)

    if power is not None:
        if first == second:
            raise ChoiceError("`only_first` equals `only_second`: no sample is large enough to find no change.")
        size, reached = size_for(at, power_between(power, confidence)), power
    else:
        size = int(people(n, "n")[0])
        reached = at(size)
    kind = "exact" if exact and size <= EXACT_MOST else "normal"
    frame = pd.DataFrame([{"test": kind, "n": size, "only_first": first, "only_second": second,
                           "difference": second - first, "power": reached}])  # fmt: skip
    design = both("two-sided test at {a:g}%", "유의수준 {a:g}% 양측검정", a=round(100 * (1 - confidence), 10))
    return Plan(frame, "test", CHANGES, Origin(PAIRED, design=design, variance={} if kind == "exact" else NORMAL))


def power_to_compare(
    n1: int,
    n2: int,
    difference: float,
    share: float = 0.5,
    *,
    of: str = "share",
    test: str = "z",
    confidence: float = 0.95,
    deff: float = 1.0,
    variance: Pooling = "pooled",
) -> Plan:
    """Power of a two-sided test to find a difference between two groups.

    Parameters
    ----------
    n1, n2
        Respondents in each group.
    difference, share, of, confidence, deff, variance
        As for `sample_size_to_compare`.
    test
        "z", or for shares "fisher": the exact test, its power summed over all pairs of counts (without a design
        effect).

    Returns
    -------
    Plan
        One row: n_1, n_2, share_1, share_2 (of shares), difference, power, deff.

    Raises
    ------
    ChoiceError
        A number is out of its range, or a word is none of the choices.

    Notes
    -----
    The equations of `smallest_difference`, solved for the power.

    References
    ----------
    R ``power.prop.test``, ``power.t.test``; ``fisher.test`` on every pair of counts (f.power.*).

    Examples
    --------
    >>> power_to_compare(57, 157, 0.2).frame["power"].round(3).item()
    0.767
    """
    one_of(of, ("share", "mean"), "of")
    one_of(test, ("z", "fisher"), "test")
    one_of(variance, POOLINGS, "variance")
    sizes = float(people(n1, "n1")[0]), float(people(n2, "n2")[0])
    deff, level = number_between(deff, "deff", 0, np.inf, DEFF_EXAMPLE), 1 - check_confidence(confidence)
    if of == "mean":
        _refuse_fisher(test)
        d = number_between(difference, "difference", -LARGEST, LARGEST, "0.5 (standard deviations)")
        power = mean_power(abs(d), *sizes, 1 - level / 2, deff)
        plan = two_group_plan([_way(d)], sizes, {"difference": [d], "power": power}, deff, confidence, NONCENTRAL)
        return _of_power(plan)
    d = number_between(difference, "difference", -1, 1, "0.15 (15 percentage points)")
    first, second = share_between(share), share_between(share_between(share) + d, "share + difference")
    if test == "fisher":
        power, how = _fisher(sizes, (first, second), deff, level), both("Fisher's exact test", "피셔 정확검정")
    else:
        power, how = _shares_power(first, second, sizes, deff, variance, level), pooling_words(variance)
    notes = (THIN,) if test == "z" and thin_group(sizes, [first, second], deff) else ()
    columns = {"share_1": first, "share_2": second, "difference": [d], "power": power}
    return _of_power(two_group_plan([_way(d)], sizes, columns, deff, confidence, how, notes))


def _way(difference: float) -> str:
    return "higher" if difference > 0 else "lower"


def _of_power(plan: Plan) -> Plan:
    """The plan under the words of a power."""
    return replace(plan, origin=replace(plan.origin, what=POWER))


def _shares_power(
    first: float, second: float, sizes: tuple[float, float], deff: float, variance: str, level: float
) -> float:
    """Power of the z test of two shares; the tail on the wrong side is left out, as in R."""
    tested, true = spreads(first, second, *sizes, deff, variance)
    return normal_power((abs(second - first) - normal_quantile(1 - level / 2) * tested) / true)


def _fisher(sizes: tuple[float, float], shares: tuple[float, float], deff: float, level: float) -> float:
    """Exact power of Fisher's test."""
    if deff != 1:
        raise ChoiceError("`test` is 'fisher', which is for independent respondents: it takes no design effect.")
    if sum(sizes) > EXACT_MOST:
        raise ChoiceError(f"`test` is 'fisher', whose power is summed for up to {EXACT_MOST:,} respondents. Use 'z'.")
    return fisher_power(int(sizes[0]), int(sizes[1]), *shares, level)


def _refuse_fisher(test: str) -> None:
    if test == "fisher":
        raise ChoiceError("`test` is 'fisher', which is for shares. Means are compared by 'z' (a t test).")
