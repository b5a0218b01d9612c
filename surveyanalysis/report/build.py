"""From a study to a folder: one page, its tables as CSV, its figures as PNG and SVG, and a manifest."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import MARKER, whole_folder, write_text
from ..language import LANGUAGES, Text, say
from ..reproduction.compare import Reproduction, compare
from ..reproduction.published import read_published
from ..studies import find_study, study_folder
from ..studies.page_file import PageWords, read_page
from ..studies.study import Exhibit, Shown, exhibits_of
from ..survey import Survey
from .manifest import manifest, manifest_rows
from .page_fonts import font_faces
from .words import page_words

if TYPE_CHECKING:
    from markupsafe import Markup

_FONTS = "/* fonts */"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What was written: the verdicts, and the paths."""

    name: str
    reproduction: Reproduction
    folder: Path
    page: Path
    tables: tuple[Path, ...]
    figures: tuple[Path, ...]


def report_study(
    name: str, out: str | Path, *, lang: str = "en", survey: Survey | None = None, progress: Progress = lambda _: None
) -> Report:
    """Write a study's page, tables and figures to ``out/<name>/``, all or nothing.

    Parameters
    ----------
    name
        A study; see `surveyanalysis.studies`.
    out
        Folder that receives the study's own folder. An older report there stays until the new one is complete.
    lang
        Language of the page: "en" or "ko".
    survey
        Cleaned answers to use in place of the study's own.
    progress
        Called with a line of words before each part of the work.

    Raises
    ------
    ChoiceError
        There is no such study or language.
    OutputError
        The folder cannot be written, or holds files of somebody else.
    """
    from ..errors import one_of

    one_of(lang, LANGUAGES, "lang")
    study, data = find_study(name), study_folder(name)
    with whole_folder(Path(out) / name) as work:
        progress("reading and cleaning")
        people = study.load(data) if survey is None else survey
        published = read_published(data / "published.yaml")
        progress("computing the printed numbers")
        verdicts = compare(published, study.computed(people, published), synthetic=people.synthetic)
        words = read_page(data / "page.yaml")
        exhibits = exhibits_of(study, people, published, words)
        sections = [_section(exhibit, work, lang, progress) for exhibit in exhibits]
        progress("writing the page")
        verdicts.table(lang).to_csv(work / "tables" / "verdicts.csv")
        write_text(work / f"{name}.html", _page(words, study.cards(people), people, verdicts, exhibits, sections, lang))
        write_text(work / MARKER, manifest(name, data, people, work))
    return _report(name, verdicts, Path(out) / name)


def _report(name: str, verdicts: Reproduction, folder: Path) -> Report:
    tables, figures = (tuple(sorted((folder / part).iterdir())) for part in ("tables", "figures"))
    return Report(name, verdicts, folder, folder / f"{name}.html", tables, figures)


def _section(exhibit: Exhibit, work: Path, lang: str, progress: Progress) -> dict[str, Any]:
    """Draw and tabulate one exhibit; write its files; return what the page shows."""
    progress(say(exhibit.title, lang))
    return {
        "id": exhibit.id,
        "title": say(exhibit.title, lang),
        "lead": say(exhibit.lead, lang),
        "parts": [_part(shown, work, lang) for shown in exhibit.shown],
        "notes": [say(note, lang) for note in exhibit.notes],
    }


def _part(shown: Shown, work: Path, lang: str) -> dict[str, Any]:
    table = shown.result.table(lang)
    table.to_csv(work / "tables" / f"{shown.name}.csv")
    part: dict[str, Any] = {"table": _safe(table.to_html()), "image": "", "files": f"tables/{shown.name}.csv"}
    if shown.drawn:
        png = _draw(shown, work / "figures", lang)
        part["image"] = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
        part["alt"] = " ".join(filter(None, (table.title, table.subtitle, *table.notes)))
        part["files"] += f", figures/{shown.name}.png, figures/{shown.name}.svg"
    return part


def _draw(shown: Shown, folder: Path, lang: str) -> bytes:
    """Save one figure as PNG and SVG; return the PNG."""
    from ..figures.figure import close, save

    axes = shown.result.plot(lang=lang)
    try:
        save(axes, folder / f"{shown.name}.svg")
        return save(axes, folder / f"{shown.name}.png").read_bytes()
    finally:
        close(axes)


def _page(
    said: PageWords,
    cards: Sequence[tuple[str, Text]],
    survey: Survey,
    verdicts: Reproduction,
    exhibits: Sequence[Exhibit],
    sections: Sequence[Mapping[str, Any]],
    lang: str,
) -> str:
    """Fill the template; every text is escaped, finished tables excepted."""
    from jinja2 import Environment, PackageLoader

    package = Environment(loader=PackageLoader("surveyanalysis", "report"), autoescape=True)
    style = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    page = package.get_template("page.html").render(
        lang=lang,
        words=page_words(lang),
        style=_safe(style),
        title=say(said.title, lang),
        subtitle=say(said.subtitle, lang),
        cards=[(number, say(label, lang)) for number, label in cards],
        warning=say(said.warning, lang),
        verdicts=_safe(verdicts.table(lang).to_html()),
        sections=sections,
        methods=_methods(exhibits, lang),
        limits=[say(limit, lang) for limit in said.limits],
        ledger=_ledger(survey, lang),
        made=manifest_rows(survey, lang),
    )
    return page.replace(_FONTS, font_faces(page), 1)


def _methods(exhibits: Sequence[Exhibit], lang: str) -> list[str]:
    """What was computed and how, each once; bases and notes stand under the tables."""
    origins = [getattr(shown.result, "origin", None) for exhibit in exhibits for shown in exhibit.shown]
    return list(dict.fromkeys(origin.method(lang) for origin in origins if origin is not None))


def _ledger(survey: Survey, lang: str) -> dict[str, Any] | None:
    if survey.ledger is None:
        return None
    return {"sentence": survey.ledger.sentence(lang), "table": _safe(survey.ledger.table(lang).to_html())}


def _safe(html: str) -> "Markup":
    from markupsafe import Markup

    return Markup(html)
