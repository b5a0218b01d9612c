"""What figures say: titles, labels and numbers, in English, Korean, or both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..language import Text, say
from ..results import Estimates, Origin

if TYPE_CHECKING:
    from ..tables.grid import Record
    from ..tables.table import FormatKind

BOTH = "both"


def spoken(value: "str | Text", lang: str) -> str:
    """Words in a language; for "both" Korean over English, once where they are the same."""
    if lang != BOTH:
        return say(value, lang)
    return _over(say(value, "ko"), say(value, "en"))


def _over(korean: str, english: str) -> str:
    return korean if korean == english else f"{korean}\n{english}"


def one_line(words: str) -> str:
    """Two languages on one line."""
    return words.replace("\n", " · ")


def first(lang: str) -> str:
    """Language of titles: Korean where both are shown."""
    return "ko" if lang == BOTH else lang


def second(lang: str) -> str:
    """Language of everything small: English where both are shown."""
    return "en" if lang == BOTH else lang


def label(result: Estimates, key: str, record: "Record", lang: str) -> str:
    """Label of one key of a row of the frame."""
    from ..tables.words import key_label

    if lang != BOTH:
        return key_label(result, key, record, lang)
    return _over(key_label(result, key, record, "ko"), key_label(result, key, record, "en"))


def word(key: str, lang: str, **values: Any) -> str:
    """Return a word of tables and figures."""
    from ..tables.words import word as said

    return said(key, second(lang), **values)


def title(result: Estimates, lang: str) -> str:
    """Title in words a reader would use: the questions' short labels."""
    from ..tables.words import title as said

    return said(result, first(lang))


def subtitle(result: Estimates, lang: str, intervals: bool = True, what: str = "") -> str:
    """One line: what is shown, of whom, with which interval; `what` in other words than the origin's."""
    said = what or say(result.origin.what, second(lang)).rstrip(".")
    parts = [
        "" if said == title(result, lang) else said,
        of_whom(result, lang),
        interval(result, lang) if intervals else "",
    ]
    return " · ".join(part for part in parts if part)


def of_whom(result: Estimates, lang: str) -> str:
    """The domain, and its number of respondents where all rows rest on the same: "Employer: Company, n = 57"."""
    frame = result.frame
    same = "n" in frame and frame["n"].nunique() == 1
    n = f"n = {int(frame['n'].iloc[0]):,}" if same else ""
    return ", ".join(part for part in (say(result.origin.filter, second(lang)), n) if part)


def interval(result: Estimates, lang: str) -> str:
    """Name of the interval that the lines show; nothing where there are none."""
    frame = result.frame
    if "ci_low" not in frame or frame["ci_low"].isna().all():
        return ""
    return say(result.origin.interval, second(lang)) or word("interval", lang, c="95%")


def notes(origin: Origin, lang: str, *more: str) -> tuple[str, ...]:
    """Foot notes: base, design, what is left out, "synthetic"; the interval stands in the subtitle."""
    from ..tables.words import foot

    return (*[m for m in more if m], *foot(replace(origin, interval={}), second(lang)))


def number(value: float | tuple[float, float], kind: "FormatKind" = "number", decimals: int = 1, **options: Any) -> str:
    """Digits as tables print them."""
    from ..tables.formats import printed
    from ..tables.table import Cell, Format

    return printed(Cell(value, Format(kind, decimals, **options)))


def percent(share: float, decimals: int = 1) -> str:
    """A share in percent: "33.3%"."""
    shown = number(share, "percent", decimals)
    return f"{shown}%" if shown else ""


def weighted(result: Estimates) -> bool:
    """Whether the shares are weighted, so that the counts beside them are not their numerators."""
    from ..tables.words import is_weighted

    return is_weighted(result.frame)


def share_and_count(record: "Record") -> str:
    """Share with its unweighted count in brackets: "33.3% (19)"."""
    count = record.get("count")
    shown = percent(record["estimate"])
    return shown if count is None or count != count else f"{shown} ({int(count):,})"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one head; the head is empty where there is a single block."""

    head: str
    rows: "tuple[tuple[str, Record], ...]"


def blocks(result: Estimates, keys: Sequence[str], lang: str) -> list[Block]:
    """Group the rows of a frame: the last key that varies labels the rows, those before it head the blocks."""
    from ..tables.grid import records, varying

    told = varying(result.frame, keys)
    return list(_blocks(result, told[:-1], told[-1], records(result.frame), lang))


def _blocks(
    result: Estimates, outer: Sequence[str], inner: str, rows: "Sequence[Record]", lang: str
) -> Iterator[Block]:
    for _, group in groupby(rows, key=lambda record: [str(record[key]) for key in outer]):
        members = list(group)
        head = " · ".join(one_line(label(result, key, members[0], lang)) for key in outer)
        yield Block(head, tuple((label(result, inner, record, lang), record) for record in members))
