"""From a study to a folder: one page, its tables as CSV, its figures as PNG and SVG, and a manifest."""

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from .changes import example_table, step_table
from .manifest import manifest, manifest_rows
from .page_fonts import font_faces
from .words import alternative, capital, held_card, page_words, tongued

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
        cards = [held_card(verdicts, lang), *study.cards(people)]
        write_text(work / f"{name}.html", _page(words, cards, people, verdicts, exhibits, sections, lang))
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
    part: dict[str, Any] = {"table": _safe(table.to_html()), "image": "", "files": [f"tables/{shown.name}.csv"]}
    if shown.drawn:
        pictures = _draw(shown, work / "figures", lang)
        part["image"], part["narrow"] = (_as_data(png) for png in pictures)
        part["alt"] = alternative(table)
        part["files"] += [f"figures/{shown.name}.png", f"figures/{shown.name}.svg"]
    return part


def _draw(shown: Shown, folder: Path, lang: str) -> tuple[bytes, bytes]:
    """Save one figure as PNG and SVG; return the PNG, and another as narrow as a phone."""
    from ..figures.figure import close, picture, save
    from ..figures.theme import COLUMN

    axes, narrow = shown.result.plot(lang=lang), shown.result.plot(lang=lang, width=COLUMN)
    try:
        save(axes, folder / f"{shown.name}.svg")
        return save(axes, folder / f"{shown.name}.png").read_bytes(), picture(narrow, dpi=160)
    finally:
        close(axes)
        close(narrow)


def _as_data(png: bytes) -> str:
    """A picture within the page, with 256 colours, which is a third of the bytes; the files keep all."""
    from PIL import Image

    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode("ascii")


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
        contents=_contents(sections, survey, lang),
        style=_safe(style),
        title=say(said.title, lang),
        subtitle=_safe(tongued(say(said.subtitle, lang), lang)),
        cards=[(number, say(label, lang)) for number, label in cards],
        warning=say(said.warning, lang).partition(". "),
        verdicts=_safe(replace(verdicts.table(lang), title="").to_html()),
        sections=sections,
        methods=_methods(exhibits, lang),
        limits=[say(limit, lang) for limit in said.limits],
        ledger=_ledger(survey, lang),
        made=manifest_rows(survey, lang),
    )
    return page.replace(_FONTS, font_faces(page), 1)


def _contents(sections: Sequence[Mapping[str, Any]], survey: Survey, lang: str) -> list[tuple[str, str]]:
    """Anchors of the page and their words, in its order."""
    words = page_words(lang)
    ends = ("methods", "limits", *(["ledger"] if survey.ledger is not None else []), "made")
    found = [(section["id"], section["title"]) for section in sections]
    return [("verdicts", words["verdicts"]), *found, *((end, words[end]) for end in ends)]


def _methods(exhibits: Sequence[Exhibit], lang: str) -> list[tuple[str, list[str]]]:
    """How errors were computed, and of what, each once; bases and notes stand under the tables."""
    origins = [getattr(shown.result, "origin", None) for exhibit in exhibits for shown in exhibit.shown]
    found: dict[str, dict[str, None]] = {}
    for origin in (o for o in origins if o is not None):
        how = capital(
            "; ".join(p for p in (say(t, lang) for t in (origin.design, origin.variance, origin.interval)) if p)
        )
        found.setdefault(how, {})[say(origin.what, lang)] = None
    return [(how, list(what)) for how, what in found.items()]


def _ledger(survey: Survey, lang: str) -> dict[str, Any] | None:
    if survey.ledger is None:
        return None
    tables = (step_table(survey, lang), example_table(survey, lang))
    found = [_safe(table.to_html()) for table in tables if table is not None]
    return {"sentence": survey.ledger.sentence(lang), "tables": found}


def _safe(html: str) -> "Markup":
    from markupsafe import Markup

    return Markup(html)
