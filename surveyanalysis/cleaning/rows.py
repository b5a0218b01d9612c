"""Steps on rows: test rows, resubmissions, people who broke off."""

from typing import Any

import numpy as np
import pandas as pd

from ..errors import RecipeError, one_of
from .canonical import distinct
from .reasons import answered, asked, unfinished
from .spelling import key
from .work import Rows, Work

DATED = ("external_id", "start", "end")


def drop_status(work: Work, *, keep: list[Any] | None = None) -> Work:
    """Drop rows by their status (previews, test rows, spam).

    Parameters
    ----------
    keep
        Statuses to keep; those of the codebook's ``source.status`` where not given.
    """
    kept = {key(str(k)) for k in (keep if keep is not None else work.codebook.source.status_keep)}
    if not kept:
        raise RecipeError("Say which statuses to keep: `keep: [...]`, or `source.status.keep` in the codebook.")
    status = work.fact("status")
    places, uniques = distinct(status)
    stays = np.array([*(key(text) in kept for text in uniques), False])[places]
    if len(stays) and not stays.any():
        listed = ", ".join(map(repr, uniques[:8])) or "none at all"
        raise RecipeError(
            f"No row has a status to keep ({', '.join(map(repr, sorted(kept)))}). The file has: {listed}."
        )
    return work.keep(stays, {row: f"status {text}" for row, text in status[~stays].fillna("(none)").items()})


def drop_duplicates(work: Work, *, on: str | list[Any], keep: str = "first", then: str = "latest") -> Work:
    """Drop further rows of the same person.

    Parameters
    ----------
    on
        ``all_answers``: rows with the same answers *and* the same id or time; the same answers alone do not make the
        same person. Or a list of questions, columns and facts (``external_id``, ``id``, ...). Upper and lower case and
        spaces do not count; rows where one of these is blank are nobody's duplicate.
    keep
        "first", "last" (in the file), or "most_complete" (answers given; a finished response before one that is not).
    then
        Among equally complete rows: "latest" or "first" by `end`, else by their order in the file.
    """
    one_of(keep, ("first", "last", "most_complete"), "keep")
    one_of(then, ("latest", "first"), "then")
    if not on:
        raise RecipeError("`on` is empty. Name what makes a person: `on: [external_id]`, or `on: all_answers`.")
    groups = (
        _same_answers(work) if on == "all_answers" else _same_values(work, [on] if isinstance(on, str) else list(on))
    )
    order = _preference(work, keep, then)
    ranked = pd.DataFrame({"group": groups, "order": order, "row": work.frame.index.to_numpy()})
    ranked = ranked[ranked["group"] >= 0].sort_values("order", kind="stable")
    best = ranked.drop_duplicates("group").set_index("group")["row"]
    losers = ranked[ranked["row"].to_numpy() != best.reindex(ranked["group"]).to_numpy()]
    kept_row = best.reindex(losers["group"]).to_numpy()
    because = {int(row): f"duplicate of row {kept}" for row, kept in zip(losers["row"], kept_row, strict=True)}
    return work.keep(~work.frame.index.isin(list(because)), because)


def _same_answers(work: Work) -> Any:
    """Groups of rows with the same answers and the same id or time, shape (n,)."""
    facts = [work.about[f] for f in ("id", *DATED) if f in work.about]
    if not facts:
        raise RecipeError(
            "The file has no id and no time of answering (see the codebook's `source`), so rows with the same answers "
            "may be different people. Name the columns that make a person: `on: [email, ...]`."
        )
    known = pd.concat(facts, axis=1).notna().any(axis=1).to_numpy()
    parts = [pd.factorize(s.str.strip())[0] for s in (*facts, *(work.frame[c] for c in work.frame))]
    return np.where(known, _groups(parts), -1)


def _same_values(work: Work, names: list[str]) -> Any:
    parts = []
    for name in names:
        columns = [work.about[name]] if name in work.about else [work.frame[c] for c in _columns(work, name)]
        for series in columns:
            places, uniques = distinct(series)
            spelled = pd.factorize(np.array([key(text) for text in uniques], dtype=object))[0]
            parts.append(np.array([*spelled, -1])[places])
    blank = np.any([part < 0 for part in parts], axis=0)
    return np.where(blank, -1, _groups(parts))


def _columns(work: Work, name: str) -> list[str]:
    if name in work.frame:
        return [name]
    source = work.codebook.source
    named = {getattr(source, fact): fact for fact in ("id", *DATED, "status")}
    if name in named and named[name] in work.about:
        raise RecipeError(f"Column {name!r} is the codebook's {named[name]!r}; write `on: [{named[name]}]`.")
    return [c for c in work.question(name).columns if c in work.frame]


def _groups(parts: list[Any]) -> Any:
    """Number of each row's combination of codes, shape (n,)."""
    combined = parts[0]
    for part in parts[1:]:
        combined = pd.factorize(combined.astype(np.int64) * (int(part.max(initial=0)) + 2) + part + 1)[0]
    return combined


def _preference(work: Work, keep: str, then: str) -> Any:
    """Rank of each row among its duplicates; the lowest is kept."""
    position = np.arange(len(work.frame))
    if keep == "first":
        return position
    if keep == "last":
        return -position
    complete = answered(work).sum(axis=1)
    ends = work.about["end"].fillna("") if "end" in work.about else pd.Series("", index=work.frame.index)
    by_end = np.unique(ends.to_numpy(dtype=object).astype(str), return_inverse=True)[1]
    sign = -1 if then == "latest" else 1
    order = np.lexsort((sign * position, sign * by_end, unfinished(work), -complete))
    return np.argsort(order)


def drop_unfinished(work: Work, *, answered_until: str | None = None, answered_share: float | None = None) -> Work:
    """Drop people who broke off before they had answered enough; who finished is kept.

    Parameters
    ----------
    answered_until
        Keep who answered this question or a later one.
    answered_share
        Keep who answered at least this share (0 to 1) of the questions that they were asked.
    """
    enough = _enough(work, answered_until, answered_share)
    lost = unfinished(work) & ~enough
    return work.keep(~lost, dict.fromkeys(work.frame.index[lost].tolist(), "broke off"))


def drop_partials(work: Work, *, answered_until: str | None = None, answered_share: float | None = None) -> Work:
    """Drop people who answered too little, whether they reached the end or not; see `drop_unfinished`."""
    lost = ~_enough(work, answered_until, answered_share)
    return work.keep(~lost, dict.fromkeys(work.frame.index[lost].tolist(), "too few answers"))


def _enough(work: Work, until: str | None, share: float | None) -> Rows:
    given = answered(work)
    if until is not None:
        place = work.asked.index(_asked_question(work, until))
        return np.asarray(given[:, place:].any(axis=1))
    if share is None:
        return np.zeros(len(work.frame), dtype=bool)
    return np.asarray(share_of_asked(work) >= checked_share(share, "answered_share"))


def share_of_asked(work: Work) -> Any:
    """Share of the questions asked of each person that were answered, shape (n,); "other" texts do not count."""
    companions = {c.other for q in work.codebook for c in q.choices}
    counts = np.array([q.id not in companions for q in work.asked])
    given, were_asked = answered(work), asked(work)
    return (given & were_asked & counts).sum(axis=1) / np.maximum((were_asked & counts).sum(axis=1), 1)


def checked_share(share: Any, name: str) -> float:
    """A number from 0 to 1, or an error."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise RecipeError(f"`{name}` is {share!r}; it must be a number from 0 to 1.")
    return float(share)


def _asked_question(work: Work, name: str) -> Any:
    question = work.question(name)
    if question not in work.asked:
        raise RecipeError(f"`answered_until` is {name!r}, whose answers are not in the file.")
    return question
