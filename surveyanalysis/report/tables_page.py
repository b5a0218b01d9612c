"""One page of printed tables: every cell's verdict, and for each that differs the reason."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .._version import __version__
from ..files import MARKER, whole_folder, write_text
from ..language import LANGUAGES, Text, both, say
from ..reproduction.compare import FAILING, Reproduction
from ..reproduction.verdict_table import WORDS
from ..studies.table import PrintedTable
from ..tables.table import Cell, Column, Format, Row, Table
from .page_fonts import font_faces
from .words import page_words

if TYPE_CHECKING:
    from markupsafe import Markup

NAME = "gallery"
_FONTS = "/* fonts */"
TITLE = both("Printed tables, computed again", "인쇄된 표의 재현")
LEAD = both(
    "Each table is described by one file: source, data, call, and which result stands in which cell.",
    "각 표는 하나의 파일로 기술됨: 출처, 자료, 호출, 각 칸의 결과.",
)
SUMMARY = both("All tables", "전체 표")
CELLS, HELD, NEEDS = both("Cells", "칸"), both("Hold", "일치"), both("not yet: {{n}}", "미구현: {{n}}")
ABOUT = {
    "how_read": both("How it was read", "확인 방법"),
    "data": both("Data", "자료"),
    "model": both("Model", "모형"),
    "notes": both("Notes", "비고"),
}
HEADS = ("same", "last digit", "explained", "waits", "differs")
COUNT = Format("integer")


@dataclass(frozen=True)
class TablesReport:
    """What was written, and the verdicts of each table; None where it waits for a method."""

    tables: tuple[PrintedTable, ...]
    verdicts: tuple[Reproduction | None, ...]
    page: Path

    @property
    def holds(self) -> bool:
        """Whether nothing differs without a reason."""
        return all(one is None or one.holds for one in self.verdicts)

    def table(self, lang: str = "en") -> Table:
        """A row a table: cells, and how many of each verdict."""
        return _summary(self.tables, self.verdicts, lang)


def report_tables(
    tables: Sequence[PrintedTable],
    out: str | Path,
    *,
    lang: str = "en",
    progress: Callable[[str], None] = lambda _: None,
) -> TablesReport:
    """Compute tables again and write ``out/gallery/``: the page, and the verdicts of each table as CSV.

    Raises
    ------
    PublishedError
        A file does not say how a cell is computed, or a call fails.
    OutputError
        The folder cannot be written, or holds files of somebody else.
    """
    from ..errors import one_of

    one_of(lang, LANGUAGES, "lang")
    found: list[Reproduction | None] = []
    for table in tables:
        progress(table.shape.id)
        found.append(None if table.needs else table.reproduce())
    with whole_folder(Path(out) / NAME) as work:
        for verdicts in found:
            if verdicts is not None:
                verdicts.table(lang).to_csv(work / f"{verdicts.published.id}.csv")
        write_text(work / f"{NAME}.html", _page(tables, found, lang))
        write_text(work / MARKER, json.dumps({"tables": [t.shape.id for t in tables], "surveyanalysis": __version__}))
    return TablesReport(tuple(tables), tuple(found), Path(out) / NAME / f"{NAME}.html")


def _summary(tables: Sequence[PrintedTable], verdicts: Sequence[Reproduction | None], lang: str) -> Table:
    columns = (CELLS, HELD, *(WORDS[name] for name in HEADS))
    return Table(
        columns=tuple(Column(say(head, lang)) for head in columns),
        rows=tuple(_row(table, found, lang) for table, found in zip(tables, verdicts)),
        title=say(SUMMARY, lang),
        stub_head=say(both("Table", "표"), lang),
        notes=tuple(
            f"{table.shape.id}: {say(NEEDS, lang).format(n=missing)}"
            for table, found in zip(tables, verdicts)
            if (missing := table.needs or _missing(table, found, lang))
        ),
        lang=lang,
    )


def _missing(table: PrintedTable, found: Reproduction | None, lang: str) -> str:
    """Methods that cells of a table wait for, each once with the number of its cells."""
    waiting = [table.asked[row.number.id].needs for row in found.rows if row.verdict == "waits"] if found else []
    return "; ".join(
        say(both("{k} cells: {needs}", "{k}칸: {needs}", k=waiting.count(needs), needs=needs), lang)
        for needs in dict.fromkeys(waiting)
    )


def _row(table: PrintedTable, found: Reproduction | None, lang: str) -> Row:
    size = Cell(len(table.shape.cells), COUNT)
    if found is None:
        return Row(table.shape.id, (size, *(Cell() for _ in HEADS), Cell()))
    held = sum(row.verdict not in (*FAILING, "waits") and not row.not_printed for row in found.rows)
    counts = (Cell(found.counts[name], COUNT) for name in HEADS)  # type: ignore[index]
    return Row(table.shape.id, (size, Cell(held, COUNT), *counts))


def _page(tables: Sequence[PrintedTable], verdicts: Sequence[Reproduction | None], lang: str) -> str:
    """Fill the template; every text is escaped, finished tables excepted."""
    from jinja2 import Environment, PackageLoader

    package = Environment(loader=PackageLoader("surveyanalysis", "report"), autoescape=True)
    page = package.get_template("tables.html").render(
        lang=lang,
        words=page_words(lang),
        style=_safe((Path(__file__).parent / "style.css").read_text(encoding="utf-8")),
        title=say(TITLE, lang),
        lead=say(LEAD, lang),
        summary=_safe(replace(_summary(tables, verdicts, lang), title="").to_html()),
        sections=[_section(table, found, lang) for table, found in zip(tables, verdicts)],
    )
    return page.replace(_FONTS, font_faces(page), 1)


def _section(table: PrintedTable, found: Reproduction | None, lang: str) -> dict[str, object]:
    """One table: where it was printed, and its verdicts or what it waits for."""
    about: list[tuple[str, str]] = [
        (say(ABOUT[name], lang), said) for name, said in table.shape.about.items() if name in ABOUT
    ]
    waits: Text = NEEDS if table.needs else {}
    return {
        "id": table.shape.id,
        "citation": say(table.citation, lang),
        "about": about,
        "waits": say(waits, lang).format(n=table.needs) if waits else "",
        "table": "" if found is None else _safe(replace(found.table(lang), title="", subtitle="").to_html()),
    }


def _safe(html: str) -> "Markup":
    from markupsafe import Markup

    return Markup(html)
