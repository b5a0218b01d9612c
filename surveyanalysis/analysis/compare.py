"""Two answers of the same respondents against each other."""

from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..intervals import t_interval, t_p_value
from ..language import Text, both
from ..results import Origin, Test
from .bases import Data, answered
from .error_words import Variance
from .measured import Measured, averages
from .origins import interval_words, origin_of
from .pairs import Pair, read_pair
from .signed_ranks import mcnemar, mcnemar_exact, signed_ranks
from .squares import SQUARE_METHODS, square_test

Method = Literal["auto", "mcnemar_exact", "mcnemar", "wilcoxon", "difference", "bowker", "stuart_maxwell", "wald"]
METHODS = ("auto", "mcnemar_exact", "mcnemar", "wilcoxon", "difference", *SQUARE_METHODS)
SHARES = "difference in shares (first - second)"


def paired(
    data: Data,
    first: str,
    second: str,
    *,
    yes: Any = None,
    method: Method = "auto",
    confidence: float = 0.95,
) -> Test:
    """Test whether the same respondents answer two questions differently.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    first, second
        Two questions with the same answers: yes/no, ordered, or numbers.
    yes
        Answer, or list of answers, that count as yes in both questions; all others count as no.
    method
        "mcnemar_exact", "mcnemar" (chi-square, no continuity correction) for yes/no; "wilcoxon" (signed ranks) for
        ordered answers and numbers; "difference": design-based t test of the share of respondents who are higher on
        the first minus that of those higher on the second. "auto": "difference" unless the sample is simple random;
        then "mcnemar_exact" for yes/no, else "wilcoxon". Answers each for themselves, ordered or not: "bowker" (is the
        square table symmetric), "stuart_maxwell" (are its margins equal), and design-based "wald" (the same, as F).

    Returns
    -------
    Test
        Effects: difference in shares with a design-based t interval, or for Wilcoxon the matched-pairs rank-biserial
        correlation. `extra` counts the pairs: both_yes, only_first, only_second, neither; or first_higher,
        second_higher, equal. Of square tables: the share who answered differently, with its interval.

    Raises
    ------
    LevelError
        The questions have different answers, or `yes` is none of them.
    ChoiceError
        The method does not fit the questions.
    ColumnError, DataError
        A question does not exist; nobody answered both.

    Notes
    -----
    Base: respondents who answered both; the others are counted in the origin. Higher is later in the order of the
    answers; a yes/no question's yes is its `event`, else its last answer.

    References
    ----------
    R ``mcnemar.test(correct = FALSE)``, ``binom.test``, ``wilcox.test(paired = TRUE)``, survey ``svyttest``; for square
    tables `square_tables`.

    Examples
    --------
    >>> import pandas as pd
    >>> views = pd.DataFrame({"now": [True] * 6 + [False] * 4, "later": [False] * 5 + [True, True] + [False] * 3})
    >>> test = paired(views, "now", "later")
    >>> round(test.p, 5), test.extra["only_first"], test.extra["only_second"]
    (0.21875, 5.0, 1.0)
    """
    design = as_design(data)
    one_of(method, METHODS, "method")
    if method in SQUARE_METHODS:
        return square_test(design, first, second, yes, method, confidence)
    pair = read_pair(design.survey, first, second, yes)
    used = answered(design, pair.known, first, second)
    chosen = _choose(method, pair, used)
    x, y = pair.first[used.rows], pair.second[used.rows]
    change = averages(used, np.sign(pair.first - pair.second)[:, None], np.zeros(len(design.survey), np.intp), 1)
    name, numbers_of = _run(chosen, x, y, change)
    if chosen != "wilcoxon":
        low, high = t_interval(change.estimate, change.se, change.df, confidence)
        effect_name = SHARES if pair.binary else "share higher on first - share higher on second"
        numbers_of |= {"effect": float(change.estimate[0]), "effect_name": effect_name}
        numbers_of["effect_ci"] = (float(low[0]), float(high[0]))
    notes = (*pair.notes, *_warnings(chosen, used, x, y, numbers_of["p"]))
    interval = {} if chosen == "wilcoxon" else interval_words("t", confidence)
    variance: Variance | None = "design" if chosen == "difference" else None
    origin: Origin = origin_of(name, design, used, first, second, variance=variance, interval=interval, notes=notes)
    return Test(name, n=len(x), origin=origin, extra=_counts(pair.binary, x, y), **numbers_of)


def _run(method: str, x: Vector, y: Vector, change: Measured) -> tuple[Text, dict[str, Any]]:
    """The test's name, and its numbers."""
    higher, lower = int((x > y).sum()), int((x < y).sum())
    if method == "mcnemar_exact":
        name = both("McNemar's exact test", "맥니마 정확검정")
        return name, {"statistic": float(min(higher, lower)), "p": mcnemar_exact(higher, lower)}
    if method == "mcnemar":
        statistic, p = mcnemar(higher, lower)
        name = both("McNemar's chi-square test (no continuity correction)", "맥니마 카이제곱 검정(연속성 수정 없음)")
        return name, {"statistic": statistic, "df": 1.0, "p": p}
    if method == "wilcoxon":
        return _wilcoxon(x - y)
    estimate, se, df = (float(part[0]) for part in (change.estimate, change.se, change.df))
    t = estimate / se if se > 0 else 0.0 if estimate == 0 else np.nan  # `averages` has set what is rounding to zero
    name = both("design-based t test of the difference", "설계 기반 차이 t 검정")
    return name, {"statistic": t, "df": df, "p": float(t_p_value(np.array(t), df)) if se > 0 else 1.0 + 0 * t}


def _wilcoxon(differences: Vector) -> tuple[Text, dict[str, Any]]:
    """Signed ranks, named by how the p-value came about."""
    found = signed_ranks(differences)
    how = (
        both("exact, ties as mid-ranks", "정확, 동순위는 평균순위")
        if found.exact
        else both("normal approximation, corrected for ties", "정규근사, 동순위 보정")
    )
    test = both("Wilcoxon signed-rank test", "윌콕슨 부호순위 검정")
    name = {lang: f"{test[lang]} ({how[lang]})" for lang in test}
    effect = {"effect": found.effect, "effect_name": "matched-pairs rank-biserial correlation"}
    return name, {"statistic": found.positive, "p": found.p, **effect}


def _choose(method: Method, pair: Pair, used: Design) -> str:
    """The test to run, checked against the questions."""
    if method == "auto":
        return "difference" if not used.simple else "mcnemar_exact" if pair.binary else "wilcoxon"
    if method.startswith("mcnemar") and not pair.binary:
        raise ChoiceError(f"`method` is {method!r}, which compares yes/no answers. Say which count as yes: yes=[...].")
    return method


def _counts(binary: bool, x: Vector, y: Vector) -> dict[str, float]:
    """Pairs by how they differ."""
    higher, lower, equal = (float(part.sum()) for part in (x > y, x < y, x == y))
    if not binary:
        return {"first_higher": higher, "second_higher": lower, "equal": equal}
    agreed = float(((x == 1) & (y == 1)).sum())
    return {"both_yes": agreed, "only_first": higher, "only_second": lower, "neither": equal - agreed}


def _warnings(method: str, used: Design, x: Vector, y: Vector, p: float) -> tuple[Text, ...]:
    """Notes on what the test ignores, and on pairs that say nothing."""
    notes = []
    if method != "difference" and not used.simple:
        notes.append(both("this test ignores weights, strata and clusters", "가중치·층·집락을 무시한 검정"))
    if method == "wilcoxon" and (x == y).any():
        notes.append(both("{k} equal pairs left out", "같은 응답 {k}쌍 제외", k=int((x == y).sum())))
    if not (x != y).any():
        notes.append(both("nobody answered the two differently", "두 문항에 다르게 답한 응답자 없음"))
    elif method == "difference" and np.ptp(x - y) == 0:
        notes.append(both("all differ alike: no variance, no test", "모두 같은 방향으로 다름: 분산이 없어 검정 불가"))
    elif np.isnan(p):
        notes.append(both("the design shows no variance: no test", "설계에서 분산이 나타나지 않아 검정 불가"))
    return tuple(notes)
