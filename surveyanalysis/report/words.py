"""Words of the page itself, in English and Korean."""

import re
from html import escape

from ..language import SYNTHETIC, Text, both, say
from ..reproduction.compare import FAILING, Reproduction
from ..tables.formats import missing, printed
from ..tables.table import Cell, Column, Row, Table

_WORDS: dict[str, Text] = {
    "contents": both("Contents", "차례"),
    "verdicts": both("Printed against computed", "인쇄된 값과 계산한 값"),
    "methods": both("Methods", "방법"),
    "limits": both("Limits", "한계"),
    "ledger": both("Ledger of changes", "변경 이력"),
    "made": both("How it was made", "작성 정보"),
    "behind": both("The numbers behind it", "그림의 숫자"),
    "files": both("Files", "파일"),
    "skip": both("To the content", "본문으로"),
}
_HELD = both("{{held:,}} of {{n:,}}", "{{n:,}}개 중 {{held:,}}개")
_HELD_WORDS = both("printed numbers hold", "인쇄된 값과 일치")
_BUILT_WORDS = both("printed numbers hold, by construction", "인쇄된 값과 일치(구성상)")
_LARGEST = both("(largest: {{name}} {{share}}%)", "(가장 큰 값: {{name}} {{share}}%)")
MOST_SHARES = 2
MOST_TOLD = 9
"""Rows of a table that the alternative of its figure tells."""


def page_words(lang: str) -> dict[str, str]:
    """Return the page's own words in a language.

    Examples
    --------
    >>> page_words("en")["limits"]
    'Limits'
    """
    return {key: say(value, lang) for key, value in _WORDS.items()}


def held_card(verdicts: Reproduction, lang: str) -> tuple[str, Text]:
    """Count the printed numbers that hold, of all that are printed: the first card of a page."""
    rows = [row for row in verdicts.rows if not row.not_printed]
    held = sum(row.verdict not in FAILING for row in rows)
    return say(_HELD, lang).format(held=held, n=len(rows)), _BUILT_WORDS if verdicts.synthetic else _HELD_WORDS


def alternative(table: Table) -> str:
    """Tell what a figure shows to those who do not see it: its title, its first rows, whether it is synthetic.

    Parameters
    ----------
    table
        The table behind the figure. Of many shares in a row the largest is told.

    Examples
    --------
    >>> from surveyanalysis.tables.table import Cell, Column, Format
    >>> alternative(Table((Column("%"),), (Row("Yes", (Cell(0.25, Format("percent")),)),), "Interested"))
    'Interested. Yes 25.0%.'
    """
    told, group = [], ""
    for row in table.rows:
        if row.kind == "group":
            group = f"{row.stub}: "
        elif row.kind == "data":
            told.append((f"{group}{row.stub} {_leading(row, table)}".strip(), bool(_shares(row, table))))
    drawn = [words for words, shared in told if shared or not any(has for _, has in told)]
    listed = "; ".join([*drawn[:MOST_TOLD], *["…"] * (len(drawn) > MOST_TOLD)])
    synthetic = say(SYNTHETIC, table.lang) if say(SYNTHETIC, table.lang) in table.notes else ""
    head = ": ".join(words for words in (table.title, table.subtitle) if words)
    sentences = [words if words.endswith((".", "?")) else f"{words}." for words in (head, listed, synthetic) if words]
    return " ".join(sentences)


def _shares(row: Row, table: Table) -> list[tuple[Cell, Column]]:
    return [
        pair
        for pair in zip(row.cells, table.columns)
        if pair[0].format.kind == "percent" and not missing(pair[0].value)
    ]


def _leading(row: Row, table: Table) -> str:
    """The number of a row that its figure draws: its share, its largest share, else its first number."""
    pairs = [pair for pair in zip(row.cells, table.columns) if not missing(pair[0].value)]
    shares = _shares(row, table)
    if len(shares) > MOST_SHARES:
        cell, column = max(shares, key=lambda pair: float(pair[0].value))
        name = column.head if column.head != "%" else column.spanner
        return say(_LARGEST, table.lang).format(name=name, share=printed(cell, table.lang))
    signed = [pair for pair in pairs if pair[0].format.kind == "signed"]
    for (cell, _), unit in [*((pair, "") for pair in signed), *((pair, "%") for pair in shares)]:
        return printed(cell, table.lang) + unit
    return printed(pairs[0][0], table.lang) if pairs else ""


def capital(words: str) -> str:
    """Begin with a capital letter."""
    return words[:1].upper() + words[1:]


def tongued(words: str, lang: str) -> str:
    """Escape a text for the page; Korean words on an English page are marked as such for screen readers.

    Examples
    --------
    >>> tongued("STEPI · 설문", "en")
    'STEPI · <span lang="ko">설문</span>'
    """
    escaped = escape(words)
    return (
        escaped if lang == "ko" else re.sub(r"[가-힣](?:[가-힣·\s]*[가-힣])?", r'<span lang="ko">\g<0></span>', escaped)
    )
