"""The verdict table: what a publication says, printed against computed."""

from ..language import SYNTHETIC, both, say
from ..tables.table import Cell, Column, Format, Row, Table
from .compare import Compared, Reproduction
from .printed import Printed

CHIPS = {
    "same": "ok", "by construction": "ok", "last digit": "last", "explained": "explained", "waits": "inf",
    "differs": "bad", "not computed": "bad",
}  # fmt: skip
WORDS = {
    "same": both("same", "일치"),
    "by construction": both("by construction", "구성상 일치"),
    "last digit": both("last digit", "끝자리 차이"),
    "explained": both("explained", "설명된 차이"),
    "waits": both("waits", "미구현"),
    "differs": both("differs", "불일치"),
    "not computed": both("not computed", "계산 없음"),
}
INFERRED = both(", base inferred", ", 기준수 추정")
NOT_PRINTED = both(", not printed", ", 인쇄되지 않음")
_HEADS = (
    both("Printed", "인쇄"), both("Computed", "계산"), both("Count", "빈도"), both("95% interval", "95% 구간"),
    both("Verdict", "판정"),
)  # fmt: skip


def verdict_words(row: Compared, lang: str = "en") -> str:
    """The verdict as a reader sees it: "by construction, base inferred"."""
    additions = [said for said, holds in ((INFERRED, row.base_inferred), (NOT_PRINTED, row.not_printed)) if holds]
    return say(WORDS[row.verdict], lang) + "".join(say(said, lang) for said in additions)


def verdict_table(reproduction: Reproduction, lang: str = "en") -> Table:
    """Lay out a reproduction; the columns of counts and intervals only where there are any."""
    rows = reproduction.rows
    shown = (
        True,
        True,
        any(r.computed and r.computed.base is not None for r in rows),
        any(r.computed and r.computed.interval for r in rows),
        True,
    )
    columns = tuple(Column(say(head, lang)) for head, is_shown in zip(_HEADS, shown) if is_shown)
    return Table(
        columns=columns,
        rows=tuple(_row(r, shown, lang) for r in rows),
        title=say(both("Printed against computed", "인쇄된 값과 계산된 값"), lang),
        subtitle=say(reproduction.published.citation, lang),
        stub_head=say(both("What the publication says", "출판물의 내용"), lang),
        notes=_notes(reproduction, lang),
        lang=lang,
    )


def _row(row: Compared, shown: tuple[bool, ...], lang: str) -> Row:
    number, found = row.number, row.computed
    chip = "inf" if row.base_inferred or row.not_printed else CHIPS[row.verdict]
    interval = Format("interval", max(number.read.decimals, 1), percent=number.read.unit == "percent")
    cells = (
        Cell(number.printed),
        Cell(found.value, _format(number.read, found.value)) if found else Cell(),
        Cell(_count(row)),
        Cell(found.interval if found else None, interval),
        Cell(verdict_words(row, lang), chip=chip),
    )
    stub = say(number.says, lang) or number.id
    return Row(stub, tuple(cell for cell, is_shown in zip(cells, shown) if is_shown))


def _format(read: Printed, value: float) -> Format:
    """As many decimals as printed; percentages at least one, whole numbers none."""
    if read.unit == "percent":
        return Format("percent", max(read.decimals, 1))
    if read.relation == "<":
        return Format("p", 3)
    whole = read.decimals == 0 and float(value).is_integer()
    return Format("integer") if whole else Format("number", max(read.decimals, 1))


def _count(row: Compared) -> str:
    found = row.computed
    if found is None or found.base is None:
        return ""
    return f"{found.base:,}" if found.count is None else f"{found.count:,} / {found.base:,}"


def _notes(reproduction: Reproduction, lang: str) -> tuple[str, ...]:
    """One line a different note, after the label of the first number that it belongs to; synthetic last."""
    labels: dict[str, list[str]] = {}
    for row in reproduction.rows:
        note = say(row.note, lang)
        if note:
            labels.setdefault(note, []).append(say(row.number.says, lang) or row.number.id)
    synthetic = [say(SYNTHETIC, lang)] if reproduction.synthetic else []
    return (*(f"{_first_of(named, lang)}: {note}" for note, named in labels.items()), *synthetic)


def _first_of(labels: list[str], lang: str) -> str:
    if len(labels) == 1:
        return labels[0]
    return labels[0] + say(both(" (and {more} more)", " 외 {more}건", more=len(labels) - 1), lang)
