"""What a reader must be warned of: small bases, thin cells, intervals that say nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..language import LANGUAGES, Text, both
from ..results import Labels

SMALL_BASE = 30
SMALL_CELL = 5


def cautions(frame: pd.DataFrame, by: Sequence[str], labels: Labels, interval: str = "t") -> tuple[Text, ...]:
    """Notes on bases below 30, cells below 5, empty groups, single clusters, and t intervals at 0 % or 100 %."""
    n = frame["n"].to_numpy()
    notes = [
        _bases(frame, by, labels, n == 0, both("nobody answered in", "응답자 없음")),
        _bases(frame, by, labels, (n > 0) & (n < SMALL_BASE), both("base below {k}", "사례 수 {k} 미만", k=SMALL_BASE)),
    ]
    if "count" in frame:
        notes.append(_cells(frame["count"].to_numpy()[n > 0]))
        notes.append(_flat(frame["estimate"].to_numpy(), interval))
    if ((frame["df"].to_numpy() <= 0) & (n > 0)).any():
        notes.append(
            both("no interval where a base lies in a single cluster", "단일 집락에 속한 기준집단은 신뢰구간 없음")
        )
    return tuple(note for note in notes if note)


def _bases(frame: pd.DataFrame, by: Sequence[str], labels: Labels, wrong: NDArray[np.bool_], words: Text) -> Text:
    """One note that names the bases where `wrong` holds, with their size."""
    if not wrong.any():
        return {}
    names = list(by) if by else ["outcome"]
    bases = list(dict.fromkeys(zip(*(frame[name].to_numpy(object)[wrong].tolist() for name in (*names, "n")))))
    more = f", ... ({len(bases)})" if len(bases) > 6 else ""
    said = {}
    for lang in LANGUAGES:
        named = ", ".join(f"{_name(base, by, labels, lang)} ({base[-1]})" for base in bases[:6])
        said[lang] = f"{words[lang]}: {named}{more}"
    return said


def _name(base: Sequence[Any], by: Sequence[str], labels: Labels, lang: str) -> str:
    """A base as a reader calls it: its groups, or its question."""
    if not by:
        return labels.column(base[0], lang)
    return " / ".join(labels.level(name, code, lang) for name, code in zip(by, base))


def _cells(count: NDArray[np.int64]) -> Text:
    """One note on cells with few or no respondents; `count` of the cells of groups that have respondents."""
    none, few = int((count == 0).sum()), int(((count > 0) & (count < SMALL_CELL)).sum())
    if not none + few:
        return {}
    parts = [
        both("cells with nobody: {k}", "0명인 칸: {k}개", k=none),
        both("cells with 1 to {most} respondents: {k}", "1~{most}명인 칸: {k}개", most=SMALL_CELL - 1, k=few),
    ]
    told = [part for part, number in zip(parts, (none, few)) if number]
    return {lang: "; ".join(part[lang] for part in told) for lang in LANGUAGES}


def _flat(estimate: NDArray[np.float64], interval: str) -> Text:
    """One note where a t interval has no width because everybody, or nobody, gave the answer."""
    if interval != "t" or not ((estimate == 0) | (estimate == 1)).any():
        return {}
    return both(
        "t intervals at 0% and 100% have no width; use interval='wilson' or 'exact'",
        "0%와 100%의 t 신뢰구간은 폭이 없음; interval='wilson' 또는 'exact' 사용",
    )
