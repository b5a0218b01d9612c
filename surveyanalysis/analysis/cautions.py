"""What a reader must be warned of: small bases, thin cells, intervals that say nothing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..language import LANGUAGES, Text, both
from ..results import Labels

SMALL_BASE = 30
SMALL_CELL = 5


def cautions(frame: pd.DataFrame, by: Sequence[str], labels: Labels, interval: str = "t") -> tuple[Text, ...]:
    """Notes on bases below 30, cells below 5, empty groups, single clusters, and t intervals at 0 % or 100 %."""
    notes = [
        _bases(frame, by, labels, frame["n"] == 0, both("nobody answered in", "응답자 없음")),
        _bases(
            frame,
            by,
            labels,
            (frame["n"] > 0) & (frame["n"] < SMALL_BASE),
            both("base below {k}", "사례 수 {k} 미만", k=SMALL_BASE),
        ),
        _cells(frame),
        _flat(frame, interval),
    ]
    if ((frame["df"] <= 0) & (frame["n"] > 0)).any():
        notes.append(
            both("no interval where a base lies in a single cluster", "단일 집락에 속한 기준집단은 신뢰구간 없음")
        )
    return tuple(note for note in notes if note)


def _bases(frame: pd.DataFrame, by: Sequence[str], labels: Labels, wrong: pd.Series, words: Text) -> Text:
    """One note that names the bases where `wrong` holds, with their size."""
    keys = list(by) if by else ["outcome"]
    bases = frame.loc[wrong, ["outcome", *by, "n"]].drop_duplicates([*keys, "n"])
    if bases.empty:
        return {}
    more = f", ... ({len(bases)})" if len(bases) > 6 else ""
    named = {
        lang: ", ".join(f"{_name(row, by, labels, lang)} ({row['n']})" for _, row in bases.head(6).iterrows()) + more
        for lang in LANGUAGES
    }
    return {lang: f"{words[lang]}: {named[lang]}" for lang in LANGUAGES}


def _name(row: pd.Series, by: Sequence[str], labels: Labels, lang: str) -> str:
    """A base as a reader calls it: its groups, or its question."""
    if not by:
        return labels.column(row["outcome"], lang)
    return " / ".join(labels.level(name, row[name], lang) for name in by)


def _cells(frame: pd.DataFrame) -> Text:
    """One note on cells with few or no respondents."""
    if "count" not in frame:
        return {}
    count = frame.loc[frame["n"] > 0, "count"]
    none, few = int((count == 0).sum()), int(((count > 0) & (count < SMALL_CELL)).sum())
    parts = [
        both("cells with nobody: {k}", "0명인 칸: {k}개", k=none),
        both("cells with 1 to {most} respondents: {k}", "1~{most}명인 칸: {k}개", most=SMALL_CELL - 1, k=few),
    ]
    told = [part for part, number in zip(parts, (none, few)) if number]
    return {lang: "; ".join(part[lang] for part in told) for lang in LANGUAGES} if told else {}


def _flat(frame: pd.DataFrame, interval: str) -> Text:
    """One note where a t interval has no width because everybody, or nobody, gave the answer."""
    if "count" not in frame or interval != "t" or not np.isin(frame["estimate"], (0, 1)).any():
        return {}
    return both(
        "t intervals at 0% and 100% have no width; use interval='wilson' or 'exact'",
        "0%와 100%의 t 신뢰구간은 폭이 없음; interval='wilson' 또는 'exact' 사용",
    )
