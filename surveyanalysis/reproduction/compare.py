"""Printed numbers held against computed ones, one verdict each."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from ..errors import PublishedError, nearest
from ..language import Text, both, say
from .printed import Printed, read_printed
from .published import Explained, PrintedNumber, Published
from .rounding import FAIR, Mode, exact, rounded

if TYPE_CHECKING:
    from ..tables.table import Table

Verdict = Literal["same", "by construction", "last digit", "explained", "waits", "differs", "not computed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
FAILING = ("differs", "not computed")


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed number.

    Attributes
    ----------
    value
        Shares between 0 and 1, also where the print is in percent.
    count, base
        Respondents with the answer, and those it is about (unweighted).
    interval
        Ends of the 95 % interval, on the scale of `value`.
    """

    value: float
    count: int | None = None
    base: int | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed number, what was computed for it, and the verdict.

    Attributes
    ----------
    rounding
        The modes by which the computed number gives the printed string; empty where it does not.
    note
        What a reader must know: the file's note, the reason, what contradicts.
    """

    number: PrintedNumber
    computed: Computed | None
    verdict: Verdict
    rounding: tuple[Mode, ...] = ()
    note: Text = field(default_factory=dict)

    @property
    def base_inferred(self) -> bool:
        """Whether the verdict rests on a base that was not printed."""
        return self.number.base_known == "inferred" and self.verdict in ("same", "by construction")

    @property
    def not_printed(self) -> bool:
        """Whether the agreement is with a value that no print was read for, but that was worked out."""
        return self.number.value_known not in (None, "printed") and self.verdict in ("same", "by construction")


@dataclass(frozen=True, repr=False)
class Reproduction:
    """A publication's numbers, held against computed ones.

    Attributes
    ----------
    rows
        One a printed number, in the order of the publication's file.
    synthetic
        Whether the respondents are generated: then agreement is "by construction".
    """

    published: Published
    rows: tuple[Compared, ...]
    synthetic: bool

    @property
    def frame(self) -> pd.DataFrame:
        """One row a number: id, says, printed, computed, count, base, ci_low, ci_high, verdict, rounding, note, ...

        The last are base_known and value_known: "printed", "inferred", "assumed" or nothing.

        `computed` and its interval are as computed: shares between 0 and 1.
        """
        return pd.DataFrame([_record(row) for row in self.rows], columns=list(_COLUMNS)).astype(_COLUMNS)

    @property
    def holds(self) -> bool:
        """Whether nothing differs and nothing was left uncomputed."""
        return not any(row.verdict in FAILING for row in self.rows)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Verdict -> number of printed numbers, every verdict listed."""
        return {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in VERDICTS}

    def __getitem__(self, name: str) -> Compared:
        return self.rows[self.published.ids.index(self.published[name].id)]

    def table(self, lang: str = "en") -> "Table":
        """Return the verdict table: what is said, printed, computed, count, interval, verdict."""
        from .verdict_table import verdict_table

        return verdict_table(self, lang)

    def __repr__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def compare(
    published: Published,
    computed: Mapping[str, Computed],
    *,
    synthetic: bool,
    waiting: Mapping[str, Text] = MappingProxyType({}),
) -> Reproduction:
    """Hold every printed number against what was computed for it.

    Parameters
    ----------
    published
        What was printed.
    computed
        Id of a printed number -> what was computed. A number that nobody computed fails as "not computed".
    synthetic
        Whether the respondents were generated to hit the printed numbers.
    waiting
        Id of a printed number -> the method that it waits for: it is not held to be computed.

    Returns
    -------
    Reproduction

    Raises
    ------
    PublishedError
        Something was computed for a number that was not printed; the nearest id is named.

    Notes
    -----
    - "same": rounds to the printed string, half up or half to even; a printed bound ("<.001") holds.
    - "by construction": the same, from synthetic respondents.
    - "last digit": off by one unit in the last printed place; never for counts, which are not rounded.
    - "explained": the file states which string is computed instead, and it is.
    - "waits": the method that gives it is not there yet; the note names it.
    - "differs": anything else, and any computed count or base that contradicts the file's.

    Examples
    --------
    >>> from surveyanalysis.reproduction.published import printed_number
    >>> paper = Published("stepi", {"en": "A paper"}, (printed_number("willing", "Sixty percent", count=34, base=57),))
    >>> compare(paper, {"willing": Computed(34 / 57, 34, 57)}, synthetic=True).rows[0].verdict
    'by construction'
    >>> compare(paper, {"willing": Computed(33 / 57, 33, 57)}, synthetic=True).rows[0].verdict
    'differs'
    """
    for name in (*computed, *waiting):
        if name not in published.ids:
            raise PublishedError(
                f"A number was computed for {name!r}, which {published.id!r} does not list."
                f"{nearest(name, published.ids)}"
            )
    rows = tuple(
        Compared(number, None, "waits", note=_joined(waiting[number.id], number.note))
        if number.id in waiting
        else _compared(number, computed.get(number.id), synthetic)
        for number in published.numbers
    )
    return Reproduction(published, rows, synthetic)


def _compared(number: PrintedNumber, computed: Computed | None, synthetic: bool) -> Compared:
    """Judge one number: contradictions first, then the rounding, then the explanation."""
    if computed is None:
        said = both("Nobody computed this number.", "계산된 값이 없습니다.")
        return Compared(number, None, "not computed", note=_joined(said, number.note))
    against = [*_contradictions(number, computed)]
    if against:
        return Compared(number, computed, "differs", note=_joined(*against, number.note))
    modes = _modes(number.read, computed.value)
    if modes is not None:
        stale = both("Explained, yet the same.", "설명이 있으나 값이 일치합니다.") if number.explained else {}
        verdict: Verdict = "by construction" if synthetic else "same"
        return Compared(number, computed, verdict, modes, _joined(stale, number.note))
    if number.explained is not None:
        return _explained(number, number.explained, computed)
    verdict = "last digit" if _last_digit(number.read, computed.value) else "differs"
    return Compared(number, computed, verdict, note=number.note)


def _contradictions(number: PrintedNumber, computed: Computed) -> Iterator[Text]:
    """Count, base or a missing value that cannot be reconciled with the file."""
    if not math.isfinite(computed.value):
        yield both("The computed value is {value}.", "계산값이 {value}입니다.", value=computed.value)
    for (en, ko), stated, found in (
        (("base", "기준수"), number.base, computed.base),
        (("count", "빈도"), number.count, computed.count),
    ):
        if stated is not None and found is not None and stated != found:
            yield both(
                f"The {en} is {stated:,} in the file and {found:,} as computed.",
                f"{ko}: 파일 {stated:,}, 계산 {found:,}.",
            )


def _modes(read: Printed, value: float) -> tuple[Mode, ...] | None:
    """Rounding modes that give the printed string, none needed for a bound that holds; None where nothing does."""
    number = exact(value, read.unit == "percent")
    if read.relation != "=":
        holds = number < read.value if read.relation == "<" else number > read.value
        return () if holds else None
    return tuple(mode for mode in FAIR if rounded(number, read.decimals, mode) == read.value) or None


def _explained(number: PrintedNumber, stated: Explained, computed: Computed) -> Compared:
    """Judge "explained" only where the stated string is what was computed, so that a change still shows."""
    read = read_printed(stated.computed)
    if _modes(Printed(read.text, read.value, read.decimals, number.read.unit), computed.value) is not None:
        return Compared(number, computed, "explained", note=_joined(stated.reason, number.note))
    said = both(
        "The file explains {stated}, but this is not what was computed.",
        "파일은 {stated}(으)로 설명하지만 계산값이 다릅니다.",
        stated=stated.computed,
    )
    return Compared(number, computed, "differs", note=_joined(said, number.note))


def _last_digit(read: Printed, value: float) -> bool:
    """Whether one unit in the last place is all that differs, and rounding could have made it."""
    number = exact(value, read.unit == "percent")
    is_count = read.unit == "number" and read.decimals == 0 and number == number.to_integral_value()
    if read.relation != "=" or is_count:
        return False
    return any(abs(rounded(number, read.decimals, mode) - read.value) <= read.step for mode in FAIR)


def _joined(*texts: Text) -> Text:
    """Several texts as one, language by language; empty ones fall away."""
    told = [t for t in texts if t]
    languages = {lang for t in told for lang in t if lang} or {""}
    return {lang: " ".join(say(t, lang) for t in told) for lang in sorted(languages)} if told else {}


_COLUMNS = {
    "id": "str", "says": "str", "printed": "str", "computed": "float64", "count": "Int64", "base": "Int64",
    "ci_low": "float64", "ci_high": "float64", "verdict": "str", "rounding": "str", "note": "str", "base_known": "str",
    "value_known": "str",
}  # fmt: skip


def _record(row: Compared) -> tuple[object, ...]:
    number, found = row.number, row.computed or Computed(math.nan)
    low, high = found.interval or (math.nan, math.nan)
    return (number.id, say(number.says), number.printed, found.value, found.count, found.base, low, high, row.verdict,
            ", ".join(row.rounding), say(row.note), number.base_known or "", number.value_known or "")  # fmt: skip
