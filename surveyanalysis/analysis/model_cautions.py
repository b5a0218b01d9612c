"""What a reader of a model must be warned of: few events, thin cells, single respondents that decide."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..estimators.whitening import blocks
from ..language import LANGUAGES, Text, both, say
from ..threads import on_one_thread
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .solving import MANY

FEW = 10  # events per slope below which a note warns (Peduzzi et al. 1996)
THIN = 5  # respondents in a cell below which it is told
DECISIVE = 0.5  # leverage above which one respondent has more say in a fitted value than all others together
NAMED = 5
BINARY = both("consider `firth`, or leave out terms", "`firth` 사용 또는 변수 축소 권장")
OTHER = both("leave out terms or merge levels", "변수 축소 또는 수준 통합 권장")


def few_events(events: int, slopes: int, where: Text, remedy: Text = OTHER) -> tuple[Text, ...]:
    """Note where the outcome is rare for so many slopes, with what to do."""
    if not slopes or events / slopes >= FEW:
        return ()
    ratio, plural = f"{events / slopes:.1f}", "s" if slopes > 1 else ""
    return (
        {
            "en": f"{events} {where['en']}, {slopes} slope{plural}: {ratio} events per slope, fewer than {FEW}; "
            f"{remedy['en']}",
            "ko": f"사건 {events}명 {where['ko']}, 회귀계수 {slopes}개: 계수당 사건 {ratio}건으로 {FEW}건보다 적음; "
            f"{remedy['ko']}",
        },
    )


def thin_cells(frame: ModelFrame, outcome: Outcome) -> tuple[Text, ...]:
    """Note on the levels of each question that few or none of one answer chose."""
    thin: list[Text] = []
    for name in frame.formula.questions:
        part = frame.basis.category(name)
        if part is None or part.reference is None:
            continue
        levels = sorted((part.reference, *part.shown))
        least = _least(frame.answers[name], outcome.y, (len(part.variable.levels), max(2, len(outcome.levels))), levels)
        thin += [
            {lang: f"{name} = {say(part.variable.level_label(levels[i]), lang)} ({least[i]})" for lang in LANGUAGES}
            for i in np.flatnonzero(least < THIN)
        ]
    if not thin:
        return ()
    more = f", ... ({len(thin)})" if len(thin) > NAMED else ""
    listed = {lang: ", ".join(words[lang] for words in thin[:NAMED]) + more for lang in LANGUAGES}
    return (
        both(
            "levels at which fewer than {k} respondents gave one of the answers: {en}; their coefficients rest on few",
            "어느 한 응답이 {k}명 미만인 수준: {ko}; 해당 계수는 소수 응답에 의존",
            k=THIN,
            **listed,
        ),
    )


def _least(codes: NDArray[np.intp], y: NDArray[np.float64], shape: tuple[int, int], levels: list[int]) -> NDArray[Any]:
    """At each of these levels, the fewest respondents of any answer; the rows are read until all have enough."""
    table = np.zeros(shape, np.intp)
    for rows in blocks(len(y)):
        cell = codes[rows] * shape[1] + y[rows].astype(np.intp)
        table += np.bincount(cell, minlength=table.size).reshape(shape)
        if (table[levels] >= THIN).all():
            break
    return table[levels].min(axis=1)


def decisive(frame: ModelFrame) -> tuple[Text, ...]:
    """Note on respondents that have more say in their own fitted value than everybody else together."""
    if len(frame.x) > MANY:
        return ()
    share = leverage(frame)
    found = np.flatnonzero(share > DECISIVE)
    if not len(found):
        return ()
    ranked = found[np.argsort(-share[found], kind="stable")]
    labels = frame.used.survey.frame.index[frame.used.rows[ranked[:NAMED]]]
    more = f", ... ({len(found)})" if len(found) > NAMED else ""
    said = ", ".join(f"{label} ({share[i]:.2f})" for label, i in zip(labels, ranked)) + more
    return (
        both(
            "single respondents decide a coefficient (leverage above {k:g}): {s}; see `influence()`",
            "단일 응답자가 계수를 좌우함(지렛값 {k:g} 초과): {s}; `influence()` 확인",
            k=DECISIVE,
            s=said,
        ),
    )


@on_one_thread
def leverage(frame: ModelFrame) -> NDArray[np.float64]:
    """Leverage of each respondent in the weighted model matrix, shape (m,); they sum to its columns."""
    root = np.sqrt(frame.used.row_weights)[:, None]
    basis = np.linalg.qr(root * frame.x)[0]
    return np.asarray((basis**2).sum(axis=1), float)
