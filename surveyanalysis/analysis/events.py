"""How many respondents a binary model needs for its slopes."""

from typing import Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..language import Text, both
from ..results import Origin
from .plan import Plan, normal_quantile, number_between, people, share_between, whole_people

CRITERIA: dict[str, Text] = {
    "events_per_slope": both("Events per slope (Peduzzi 1996)", "계수당 사건 수(Peduzzi 1996)"),
    "overall_share": both("Overall share within 5 points", "전체 비율 오차 5%p 이내"),
    "mean_error": both("Mean absolute error of a probability", "예측확률의 평균절대오차"),
    "shrinkage": both("Shrinkage of the slopes", "계수 축소"),
    "optimism": both("Optimism of Nagelkerke's R² at most 0.05", "나겔커크 R² 낙관 0.05 이하"),
    "prediction": both("All four for predictions (Riley 2020)", "예측 기준 넷 모두(Riley 2020)"),
}
WITHIN = 0.05  # Riley's bounds on the overall share and on Nagelkerke's R2
TYPICAL = 0.15  # of the largest Cox-Snell R2, where nothing is known (Riley et al. 2020)


def events_needed(
    slopes: int,
    per_slope: float = 10.0,
    *,
    share: float | None = None,
    r2: float | None = None,
    shrinkage: float = 0.9,
    error: float = 0.05,
) -> Plan:
    """Events, and respondents, that a binary model with so many slopes needs.

    Parameters
    ----------
    slopes
        Coefficients without the intercept: a factor of four levels has three.
    per_slope
        Events per slope; 10 is the rule of Peduzzi et al. (1996).
    share
        Share of respondents with the event. With it, the respondents are computed, and Riley's criteria for models that
        shall predict.
    r2
        Cox-Snell R2 that the model will have; without it 15 % of the largest possible one.
    shrinkage
        Factor by which the slopes may have to be shrunk at worst.
    error
        Mean absolute error of the predicted probabilities.

    Returns
    -------
    Plan
        Rows: the criteria, then the four for predictions together; columns criterion, slopes, events (the smaller
        outcome), and with a share n and share. Without a share the first criterion alone.

    Raises
    ------
    ChoiceError
        A number is out of its range; `r2` is more than a binary outcome of this share allows, or `r2` without `share`.

    Notes
    -----
    P slopes, share f, R2 Cox-Snell's. Events per slope: n = P per_slope / min(f, 1 - f). Overall share:
    n = (z / 0.05)^2 f (1 - f). Mean absolute error: ln n = (-0.508 + 0.259 ln f + 0.504 ln P - ln error) / 0.544 (van
    Smeden et al. 2019, for at most 30 slopes; f the smaller share). Shrinkage S: n = P / ((S - 1) ln(1 - R2 / S)).
    Optimism: the same with S = R2 / (R2 + 0.05 max R2), max R2 = 1 - (f^f (1 - f)^(1 - f))^2.

    References
    ----------
    Peduzzi et al. (1996), J. Clin. Epidemiol. 49; Riley et al. (2019), Stat. Med. 38, 1276; Riley et al. (2020), BMJ
    368, m441, whose examples the tests hold (R ``pmsampsize``).

    Examples
    --------
    >>> events_needed(4, share=23 / 57).frame[["criterion", "events", "n"]].head(1)
              criterion  events    n
    0  events_per_slope      40  100
    """
    p = int(people(slopes, "slopes")[0])
    per_slope = number_between(per_slope, "per_slope", 0, np.inf, "10")
    number_between(shrinkage, "shrinkage", 0, 1, "0.9")
    number_between(error, "error", 0, 1, "0.05")
    events = int(whole_people(p * per_slope))
    if share is None:
        if r2 is not None:
            raise ChoiceError("`r2` is given without `share`: say which share of respondents has the event.")
        return _plan([("events_per_slope", events, {})], p, None, ())
    f = share_between(share)
    rare, most = min(f, 1 - f), 1 - (f**f * (1 - f) ** (1 - f)) ** 2
    fit = TYPICAL * most if r2 is None else number_between(r2, "r2", 0, min(most, shrinkage), f"{TYPICAL * most:.3f}")
    sizes = {
        "events_per_slope": events / rare,
        "overall_share": (normal_quantile(0.975) / WITHIN) ** 2 * f * (1 - f),
        "mean_error": np.exp((-0.508 + 0.259 * np.log(rare) + 0.504 * np.log(p) - np.log(error)) / 0.544),
        "shrinkage": _shrunk(p, fit, shrinkage),
        "optimism": _shrunk(p, fit, fit / (fit + WITHIN * most)),
    }
    whole = {name: int(whole_people(n)) for name, n in sizes.items()}
    whole["prediction"] = max(n for name, n in whole.items() if name != "events_per_slope")
    rows = [(name, int(whole_people(n * rare)), {"n": n}) for name, n in whole.items()]
    rows[0] = ("events_per_slope", events, {"n": whole["events_per_slope"]})
    return _plan(rows, p, f, _notes(p, fit, r2 is None, shrinkage, error))


def _shrunk(slopes: int, r2: float, shrinkage: float) -> float:
    """Respondents with which the slopes shrink by this factor (Riley et al. 2019, eq. 11)."""
    return slopes / ((shrinkage - 1) * np.log(1 - r2 / shrinkage))


def _notes(slopes: int, r2: float, guessed: bool, shrinkage: float, error: float) -> tuple[Text, ...]:
    """What the criteria are for, and what they take for granted."""
    notes = [
        both(
            "the first criterion is for the test of a coefficient, the others for models that shall predict",
            "첫째 기준은 계수 검정용, 나머지는 예측모형용",
        ),
        both(
            "shrinkage at least {s:g}; mean absolute error at most {e:g}",
            "축소계수 {s:g} 이상; 평균절대오차 {e:g} 이하",
            s=shrinkage,
            e=error,
        ),
    ]
    said = (
        both(
            "Cox-Snell R² taken as {r:.3f}, 15% of the largest possible",
            "콕스-스넬 R²은 최댓값의 15%인 {r:.3f}로 가정",
            r=r2,
        )
        if guessed
        else both("Cox-Snell R² {r:.3f}", "콕스-스넬 R² {r:.3f}", r=r2)
    )
    notes.append(said)
    if slopes > 30:
        notes.append(
            both("the mean absolute error was studied for at most 30 slopes", "평균절대오차 식은 계수 30개까지 연구됨")
        )
    return tuple(notes)


def _plan(
    rows: list[tuple[str, int, dict[str, Any]]], slopes: int, share: float | None, notes: tuple[Text, ...]
) -> Plan:
    """Rows of a plan, one a criterion."""
    columns = {"slopes": slopes} if share is None else {"slopes": slopes, "share": share}
    frame = pd.DataFrame([{"criterion": name, **columns, "events": events, **more} for name, events, more in rows])
    what = both("Respondents that a binary model needs", "이항모형에 필요한 응답자 수")
    return Plan(frame, "criterion", CRITERIA, Origin(what, notes=notes))
