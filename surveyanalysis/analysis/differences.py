"""Differences between groups of any grouped result, with p-values corrected for their number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, cast

import numpy as np
import pandas as pd

from ..errors import ChoiceError, DataError, one_of, unknown_level
from ..language import LANGUAGES, Text, both
from ..results import Estimates, Labels
from .derived import derive, derived_estimates
from .multiplicity import CORRECTION_WORDS, Correction, adjust_p, correction_note
from .row_names import row_names

UNCORRECTED = both("intervals are not corrected", "신뢰구간은 보정하지 않음")


@dataclass(frozen=True, eq=False, repr=False)
class Differences(Estimates):
    """Differences between groups, with p-values corrected for their number."""

    def with_interval(self, *, df: float | None = None, confidence: float = 0.95) -> "Differences":
        """See `Estimates.with_interval`; p-values are corrected anew."""
        made = super().with_interval(df=df, confidence=confidence)
        plain, correction = made.frame["p"], self.detail["correction"]
        detail = {**self.detail, "p": plain.to_numpy(float)}
        frame = made.frame.assign(p=adjust_p(plain, correction))
        return cast(Differences, replace(made, _frame=frame, detail=detail))


@dataclass(frozen=True)
class _Pairs:
    """Rows to compare: `later` minus `earlier`, positions in the frame, and the groups that they are of."""

    later: list[int]
    earlier: list[int]
    groups: list[tuple[Any, Any]]


def differences(
    estimates: Estimates,
    *,
    between: str | None = None,
    reference: Any = None,
    correction: Correction = "holm",
    confidence: float = 0.95,
) -> Differences:
    """Compare the groups of a result with each other, or with one of them.

    Parameters
    ----------
    estimates
        Means, totals, shares, ratios ... by group.
    between
        Group question to compare, within the groups of the others; needed only where there are several and not all
        crossed groups are to be compared.
    reference
        Group that the others are compared with (of crossed groups a tuple); without it every pair is compared.
    correction
        How p-values are corrected for their number over all rows: "holm", "bonferroni", "benjamini_hochberg" ... or
        "none"; see `adjust_p`.

    Returns
    -------
    Differences
        Kind "differences"; `term` names the two groups, "H - E"; estimate is the first minus the second, of
        every pair the later in the codebook's order minus the earlier; statistic, df, corrected p, t intervals (not
        corrected), joint covariance. `detail["p"]`: p-values before correction.

    Raises
    ------
    ChoiceError
        The result has no groups; `between` is none of them; `correction` is no correction.
    LevelError
        `reference` is no group.
    DataError
        Fewer than two groups have estimates, or their covariance is not known.

    Notes
    -----
    t = difference / se with the joint covariance, so that groups that share clusters are compared rightly; df are the
    smaller of the two groups'. Groups in which nobody answered are left out.

    References
    ----------
    R survey ``svycontrast(svyby(..., covmat = TRUE), ...)``, ``p.adjust``.

    Examples
    --------
    >>> from surveyanalysis.analysis.describe import mean
    >>> marks = pd.DataFrame({"y": [1.0, 2.0, 3.0, 3.0, 4.0, 8.0], "class": list("aaabbb")})
    >>> differences(mean(marks, "y", by="class")).frame[["term", "estimate", "df"]]
        term  estimate   df
    0  b - a       3.0  2.0
    """
    one_of(correction, tuple(CORRECTION_WORDS), "correction")
    compared = _compared(estimates, between)
    frame = estimates.frame
    pairs = _pairs(frame, compared, [c for c in estimates.by if c not in compared], reference)
    names = row_names(estimates)
    jacobian = np.zeros((len(pairs.later), len(frame)))
    rows = np.arange(len(pairs.later))
    jacobian[rows, pairs.later], jacobian[rows, pairs.earlier] = 1.0, -1.0
    values = frame["estimate"].to_numpy(float)
    derived = derive(estimates, names, values[pairs.later] - values[pairs.earlier], jacobian)
    within = tuple(c for c in estimates.by if c not in compared)
    columns, labels = _columns(estimates, pairs, compared, within)
    what = _what(estimates)
    made = derived_estimates("differences", estimates, derived, columns, labels, what, confidence, by=within)
    plain = made.frame["p"]
    adjusted = made.frame.assign(p=adjust_p(plain, correction))
    notes = (correction_note(correction, int(plain.notna().sum())), *((UNCORRECTED,) if correction != "none" else ()))
    detail = {"p": plain.to_numpy(float), "correction": correction}
    origin, parts = made.origin.with_notes(*notes), (made.covariance, "differences", estimates.scale, within, labels)
    return Differences(adjusted, *parts, origin, detail=detail)


def _compared(estimates: Estimates, between: str | None) -> tuple[str, ...]:
    """Group columns whose levels are compared."""
    if not estimates.by:
        raise ChoiceError(
            f"This result of kind {estimates.kind!r} has no groups to compare: ask for it with by=, or use `contrast`."
        )
    return estimates.by if between is None else (one_of(between, estimates.by, "between"),)


def _pairs(frame: pd.DataFrame, compared: Sequence[str], within: Sequence[str], reference: Any) -> _Pairs:
    """Pairs of rows that differ in the groups compared only; groups that nobody is in have none."""
    group = [key if len(key) > 1 else key[0] for key in frame[list(compared)].itertuples(index=False, name=None)]
    order = list(dict.fromkeys(group))
    if reference is not None and reference not in order:
        raise unknown_level(reference, " x ".join(compared), order)
    known = np.isfinite(frame["estimate"].to_numpy(float))
    found = _Pairs([], [], [])
    for rows in _cells(frame, within):
        place = {group[row]: row for row in rows if known[row]}
        held = [g for g in order if g in place]
        pairs = combinations(held, 2) if reference is None else [(reference, g) for g in held if g != reference]
        for a, b in pairs:
            if a in place:
                found.later.append(place[b])
                found.earlier.append(place[a])
                found.groups.append((b, a))
    if not found.later:
        raise DataError(f"Only one group of {' x '.join(compared)!r} has an estimate: there is nothing to compare.")
    return found


def _cells(frame: pd.DataFrame, within: Sequence[str]) -> list[list[int]]:
    """Rows that agree in all keys but the groups compared, in order of appearance."""
    keys = [key for key in ("outcome", "level", *within, "component", "term") if key in frame]
    cells: dict[Any, list[int]] = {}
    for row, key in enumerate(frame[keys].itertuples(index=False, name=None)):
        cells.setdefault(key, []).append(row)
    return list(cells.values())


def _columns(
    estimates: Estimates, pairs: _Pairs, compared: Sequence[str], within: Sequence[str]
) -> tuple[dict[str, Any], Labels]:
    """Keys of the differences, and labels with the pairs of groups."""
    frame = estimates.frame.iloc[pairs.later]
    columns: dict[str, Any] = {key: frame[key].tolist() for key in ("outcome", "level", *within) if key in frame}
    rest = [key for key in ("component", "term") if key in frame]
    if rest:
        columns["component"] = [": ".join(map(str, row)) for row in frame[rest].itertuples(index=False, name=None)]
    columns["term"] = [" - ".join(_plain(g) for g in pair) for pair in pairs.groups]
    words = {
        term: {lang: " − ".join(_group_words(estimates, compared, g, lang) for g in pair) for lang in LANGUAGES}
        for term, pair in zip(columns["term"], pairs.groups)
    }
    return columns, Labels({**estimates.labels.columns, **words}, estimates.labels.levels)


def _plain(group: Any) -> str:
    return " / ".join(map(str, group)) if isinstance(group, tuple) else str(group)


def _group_words(estimates: Estimates, compared: Sequence[str], group: Any, lang: str) -> str:
    """A group as a reader calls it."""
    levels = group if len(compared) > 1 else (group,)
    return " / ".join(estimates.labels.level(name, level, lang) for name, level in zip(compared, levels))


def _what(estimates: Estimates) -> Text:
    words = both("Differences between groups: ", "집단 간 차이: ")
    what = estimates.origin.what
    return {lang: words[lang] + what.get(lang, "").lower() for lang in LANGUAGES}
