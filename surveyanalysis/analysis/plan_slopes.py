"""Power, sample size, or smallest slope of a regression of a yes/no or an ordered answer."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError, one_of
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Origin
from . import simulated_power
from .draws import check_draws, check_seed
from .plan import NORMAL, Plan, number_between, people, share_between
from .slope_power import check_shares, effect_for, logit_power, ordered_power, size_for
from .two_groups import power_between

LARGEST = np.log(1e4)  # log-odds beyond which no effect is looked for
SLOPES: dict[str, Text] = {
    "number": both("slope of a number, odds ratio per standard deviation", "수치 변수의 기울기(표준편차당 오즈비)"),
    "yes_no": both("slope of a yes/no answer, odds ratio", "예/아니요 변수의 기울기(오즈비)"),
}
BINARY = both("Test of a slope in a logit model", "로짓 모형 기울기 검정")
ORDERED = both("Test of a slope in an ordered logit model", "순서형 로짓 모형 기울기 검정")
Simulated = Literal["wald", "likelihood_ratio", "firth"]


def plan_slope(
    *,
    n: int | None = None,
    odds_ratio: float | None = None,
    power: float | None = None,
    share: float,
    group: float | None = None,
    r2: float = 0.0,
    confidence: float = 0.95,
) -> Plan:
    """Power, sample size or smallest odds ratio of a slope in a logit model: leave out the one that is asked for.

    Parameters
    ----------
    n, odds_ratio, power
        Two of the three. The odds ratio is that of one standard deviation of a number, or of having an answer.
    share
        Share with the event at the mean of the number, or among those without the answer.
    group
        Share of respondents with the answer, where the covariate is yes/no; None for a number.
    r2
        Squared multiple correlation of the covariate with the other covariates: n is divided by 1 - r2.
    confidence
        1 - the test's level.

    Returns
    -------
    Plan
        One row: n, odds_ratio, share, power (and group, r2); an odds ratio is missing where even 10,000 is not found.

    Raises
    ------
    ChoiceError
        Not exactly one of the three is left out, or a number is out of its range.

    Notes
    -----
    Two-sided Wald test. Number: power = F(|log OR| sqrt(n P (1 - P)) - z). Yes/no: the formula for two shares. Both
    are for large samples: check n below 100 by `simulate_slope`.

    References
    ----------
    Hsieh, Bloch and Larsen (1998), Stat. Med. 17, 1623.

    Examples
    --------
    >>> plan_slope(odds_ratio=1.5, power=0.95, share=0.5).frame["n"].item()
    317
    >>> plan_slope(n=57, power=0.8, share=0.4).frame["odds_ratio"].round(2).item()
    2.13
    """
    place, asked = share_between(share), _Asked(n, odds_ratio, power, confidence)
    others = _others(group, r2)

    def at(size: float, log_odds: float) -> float:
        return logit_power(size, log_odds, place, *others, 1 - confidence)

    return _plan(asked, at, {"share": place}, others, BINARY)


def plan_ordered_slope(
    *,
    n: int | None = None,
    odds_ratio: float | None = None,
    power: float | None = None,
    shares: Sequence[float],
    group: float | None = None,
    r2: float = 0.0,
    confidence: float = 0.95,
) -> Plan:
    """Power, sample size or smallest odds ratio of a slope in an ordered logit: leave out the one that is asked for.

    Parameters
    ----------
    n, odds_ratio, power, group, r2, confidence
        As for `plan_slope`.
    shares
        Shares of the answers, from lowest to highest, at the mean of the number or among those without the answer.

    Returns
    -------
    Plan
        As of `plan_slope`.

    Raises
    ------
    ChoiceError
        As for `plan_slope`; the shares do not sum to 1.

    Notes
    -----
    var(b) = 3 / (n v (1 - sum of p^3)), v the variance of the covariate, p the shares over all. Proportional odds.

    References
    ----------
    Whitehead (1993), Stat. Med. 12, 2257. R ``Hmisc::posamsize`` (f.size.ordered.*).

    Examples
    --------
    >>> plan_ordered_slope(odds_ratio=2, power=0.8, shares=[0.2, 0.5, 0.3], group=0.5).frame["n"].item()
    234
    """
    place, asked = check_shares(shares), _Asked(n, odds_ratio, power, confidence)
    others = _others(group, r2)

    def at(size: float, log_odds: float) -> float:
        return ordered_power(size, log_odds, place, *others, 1 - confidence)

    return _plan(asked, at, {}, others, ORDERED)


def simulate_slope(
    n: int,
    odds_ratio: float,
    *,
    share: float | None = None,
    shares: Sequence[float] | None = None,
    group: float | None = None,
    test: Simulated = "wald",
    draws: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> Plan:
    """Power of the test of a slope, by drawing answers and fitting the model again and again.

    Parameters
    ----------
    n, odds_ratio, group, confidence
        As for `plan_slope`; an odds ratio of 1 gives the size of the test.
    share, shares
        Share with the event (logit), or shares of ordered answers: one of the two, as for `plan_slope` and
        `plan_ordered_slope`.
    test
        "wald", "likelihood_ratio", or "firth" (penalised likelihood ratio; logit only).
    draws, seed
        Number of samples, and where they start; the same seed gives the same power.

    Returns
    -------
    Plan
        One row: n, odds_ratio, power with its simulation interval, and the share of samples whose model had no estimate
        (separation), which count as not found.

    Raises
    ------
    ChoiceError
        A number is out of its range, or a word is none of the choices.

    Examples
    --------
    >>> simulate_slope(57, 3.0, share=0.4, draws=50).frame["n"].item()
    57
    """
    size = int(people(n, "n")[0])
    ratio = number_between(odds_ratio, "odds_ratio", 0, np.inf, "2")
    one_of(test, ("wald", "likelihood_ratio", "firth"), "test")
    check_confidence(confidence)
    if (share is None) == (shares is None):
        raise ChoiceError("Give either `share` (yes/no answers) or `shares` (ordered answers).")
    if shares is not None and test == "firth":
        raise ChoiceError("`test` is 'firth', which is for yes/no answers. Use 'wald' or 'likelihood_ratio'.")
    place = np.array([1 - share_between(share), share]) if shares is None else check_shares(shares)
    of_group, _ = _others(group, 0.0)
    found = simulated_power.found(
        size, float(np.log(ratio)), place, of_group, test, check_draws(draws), check_seed(seed), 1 - confidence
    )
    return _simulated(found, size, ratio, test, seed, confidence, shares is not None, of_group)


class _Asked:
    """Which of n, odds ratio and power is asked for."""

    def __init__(self, n: Any, odds_ratio: Any, power: Any, confidence: float) -> None:
        check_confidence(confidence)
        missing = [name for name, v in (("n", n), ("odds_ratio", odds_ratio), ("power", power)) if v is None]
        if len(missing) != 1:
            raise ChoiceError(
                f"Give two of `n`, `odds_ratio` and `power`, and leave out the one that is asked for; {len(missing)} "
                "are left out."
            )
        self.missing, self.confidence = missing[0], confidence
        self.n = None if n is None else int(people(n, "n")[0])
        self.power = None if power is None else power_between(power, confidence)
        self.odds_ratio = None if odds_ratio is None else number_between(odds_ratio, "odds_ratio", 0, 1e6, "2")
        if self.odds_ratio == 1 and n is None:
            raise ChoiceError("`odds_ratio` is 1: no sample is large enough to find it.")


def _others(group: Any, r2: Any) -> tuple[float | None, float]:
    """Share with the answer, and the correlation with the other covariates."""
    correlated = 0.0 if r2 == 0 and r2 is not False else number_between(r2, "r2", 0, 1, "0.2")
    return (None if group is None else share_between(group, "group")), correlated


def _plan(
    asked: _Asked, at: Callable[[float, float], float], columns: dict[str, float],
    others: tuple[float | None, float], what: Text,
) -> Plan:  # fmt: skip
    """The row with the number that was left out."""
    n, ratio, power = asked.n, asked.odds_ratio, asked.power
    if asked.missing == "n":
        n = size_for(lambda size: at(size, float(np.log(ratio or 1))), float(power or 0))
    elif asked.missing == "odds_ratio":
        ratio = float(np.exp(effect_for(lambda effect: at(float(n or 0), effect), float(power or 0), LARGEST)))
    else:
        power = at(float(n or 0), float(np.log(ratio or 1)))
    group, r2 = others
    more = ({} if group is None else {"group": group}) | ({} if r2 == 0 else {"r2": r2})
    kind = "number" if group is None else "yes_no"
    frame = pd.DataFrame([{"slope": kind, "n": n, "odds_ratio": ratio, **columns, **more, "power": power}])
    return Plan(frame, "slope", SLOPES, Origin(what, design=_level(asked.confidence), variance=NORMAL))


def _level(confidence: float) -> Text:
    return both("two-sided test at {a:g}%", "유의수준 {a:g}% 양측검정", a=round(100 * (1 - confidence), 10))


def _simulated(
    found: simulated_power.Found, n: int, ratio: float, test: str, seed: int, confidence: float, ordered: bool,
    group: float | None,
) -> Plan:  # fmt: skip
    """The row of a simulation."""
    kind = "number" if group is None else "yes_no"
    names = {"wald": both("Wald test", "왈드 검정"), "likelihood_ratio": both("likelihood ratio test", "가능도비 검정"),
             "firth": both("penalised likelihood ratio test", "벌점가능도비 검정")}  # fmt: skip
    low, high = found.interval()
    frame = pd.DataFrame(
        [{"slope": kind, "n": n, "odds_ratio": ratio, "power": found.power, "ci_low": low, "ci_high": high}]
    )
    notes = [both("{k:,} samples drawn, seed {s}", "표본 {k:,}회 추출, 시드 {s}", k=found.draws, s=seed)]
    if found.failed:
        notes.append(
            both("{k:,} samples had no estimate (separation) and count as not found",
                 "표본 {k:,}회는 추정 불가(분리)로 미발견 처리", k=found.failed)
        )  # fmt: skip
    origin = Origin(ORDERED if ordered else BINARY, design=_level(confidence), variance=names[test],
                    interval=both("95% simulation interval", "95% 모의실험 신뢰구간"), notes=tuple(notes))  # fmt: skip
    return Plan(frame, "slope", SLOPES, origin)
