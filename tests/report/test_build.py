"""The page: whole or not there, self-contained, escaped; verdicts that can fail."""

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from surveyanalysis.errors import ChoiceError, OutputError
from surveyanalysis.figures.theme import contrast
from surveyanalysis.files import MARKER
from surveyanalysis.report import build
from surveyanalysis.report.words import held_card, tongued
from surveyanalysis.reproduction.compare import Computed, compare
from surveyanalysis.reproduction.published import Published, printed_number


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return build.report_study("stepi-2011", tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def page(report):
    return report.page.read_text(encoding="utf-8")


def test_the_folder_holds_page_tables_figures_and_manifest(report):
    assert report.reproduction.holds
    names = {path.name for path in report.figures}
    assert {"figure_6.png", "figure_6.svg", "case_flow.png", "outlook.svg"} <= names
    assert "verdicts.csv" in {path.name for path in report.tables}
    manifest = json.loads((report.folder / MARKER).read_text(encoding="utf-8"))
    assert manifest["synthetic"] is True
    assert "raw/responses.csv" in manifest["inputs"]
    assert f"{report.name}.html" in manifest["outputs"]


def test_the_page_needs_no_network_and_no_script(report, page):
    addresses = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    assert addresses
    files = [a for a in addresses if not a.startswith(("data:", "#"))]
    assert all((report.folder / a).is_file() for a in files)
    assert "<script" not in page
    assert "default-src 'none'" in page


class _Balance(HTMLParser):
    """Counts open elements, so that a page with a lost end tag is seen."""

    VOID = ("meta", "link", "img", "br", "hr", "col", "source")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed(page):
    parser = _Balance()
    parser.feed(page)
    assert parser.open == []


def test_the_page_says_synthetic_at_its_head_and_at_every_figure(page):
    assert "Synthetic respondents." in page.split("<h2", 1)[0]
    alternatives = re.findall(r'alt="([^"]*)"', page)
    assert len(alternatives) >= 8
    assert all(text.endswith("Synthetic respondents.") for text in alternatives)


def test_the_page_exists_in_korean(tmp_path):
    page = build.report_study("stepi-2011", tmp_path, lang="ko").page.read_text(encoding="utf-8")
    assert 'lang="ko"' in page
    assert "인쇄된 값과 계산한 값" in page
    assert "가상(합성) 응답자" in page


def test_a_run_that_is_interrupted_half_way_leaves_the_old_report(tmp_path):
    old = build.report_study("copenhagen-housing", tmp_path).page.read_bytes()

    def interrupt(words: str) -> None:
        if words == "writing the page":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.report_study("copenhagen-housing", tmp_path, lang="ko", progress=interrupt)
    assert (tmp_path / "copenhagen-housing" / "copenhagen-housing.html").read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["copenhagen-housing"]


def test_unknown_studies_and_languages_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ChoiceError, match="Nearest: 'stepi-2011'"):
        build.report_study("stepi-2012", tmp_path)
    with pytest.raises(ChoiceError, match="`lang`"):
        build.report_study("stepi-2011", tmp_path, lang="fr")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="file"):
        build.report_study("copenhagen-housing", tmp_path / "file")


def test_alternatives_tell_the_numbers_that_were_printed(page):
    """33.3 and 28.1 percent stand in STEPI (2011), Figure 6."""
    alternatives = re.findall(r'alt="([^"]*)"', page)
    support = next(text for text in alternatives if text.startswith("Support for associations"))
    assert "Sponsorship of society meetings 33.3%; Database of Korean professionals 28.1%" in support
    assert all(len(text) < 900 and ".." not in text for text in alternatives)


def test_the_first_card_counts_the_printed_numbers_that_hold(report, page):
    """Independent: counted from the verdict table's own frame."""
    frame = report.reproduction.frame
    held = (~frame["verdict"].isin(["differs", "not computed"])).sum()
    cards = re.findall(r"<div><b>([^<]*)</b><span>([^<]*)</span>", page)
    assert cards[0] == (f"{held} of {len(frame)}", "printed numbers hold, by construction")


def test_numbers_that_differ_or_were_never_printed_are_not_counted_as_held():
    paper = Published(
        "paper", {"en": "A paper"}, (printed_number("a", "60 percent"), printed_number("b", "70 percent"))
    )
    verdicts = compare(paper, {"a": Computed(0.6), "b": Computed(0.6)}, synthetic=False)
    assert held_card(verdicts, "en") == ("1 of 2", {"en": "printed numbers hold", "ko": "인쇄된 값과 일치"})
    assert held_card(verdicts, "ko")[0] == "2개 중 1개"


def test_headings_are_in_order_and_every_link_within_the_page_has_its_place(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    names = re.findall(r'\bid="([^"]*)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(names)


def test_no_heading_is_said_again_by_the_table_or_figure_under_it(page):
    for heading, rest in re.findall(r"<h2[^>]*>([^<]*)</h2>(.*?)(?=<h2|</main>)", page, flags=re.DOTALL):
        shown = re.search(r'<caption><div class="stay">([^<]*)|alt="([^":.]*)', rest)
        if shown:
            assert heading.casefold() not in {(words or "").strip().casefold() for words in shown.groups()}


def test_korean_words_on_an_english_page_are_marked_as_korean(page):
    assert '<span lang="ko">재미 한인 바이오·제약 과학기술인 설문</span>' in page
    assert tongued("a <b> 한국", "en") == 'a &lt;b&gt; <span lang="ko">한국</span>'
    assert tongued("한국 <b>", "ko") == "한국 &lt;b&gt;"


def test_a_phone_gets_figures_of_its_own(page):
    narrow = re.findall(r'<source media="\(max-width:34rem\)" srcset="data:image/png;base64,[^"]+">', page)
    assert len(narrow) == page.count("<img ")


def test_the_styles_keep_their_contrast():
    """WCAG 2 AA: 4.5 to 1 for text, here by the formula that figures use."""
    style = (Path(build.__file__).parent / "style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", style))
    for name in ("ink", "soft", "accent", "ok", "warn", "bad"):
        assert min(contrast(colours[name], "#ffffff"), contrast(colours[name], colours["tint"])) >= 4.5, name
