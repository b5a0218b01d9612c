"""The page: whole or not there, self-contained, escaped; verdicts that can fail."""

import json
import re
from html.parser import HTMLParser

import pytest

from surveyanalysis.errors import ChoiceError, OutputError
from surveyanalysis.files import MARKER
from surveyanalysis.report import build


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


def test_the_page_needs_no_network_and_no_script(page):
    addresses = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    assert addresses
    assert all(a.startswith(("data:", "#")) for a in addresses)
    assert "<script" not in page
    assert "default-src 'none'" in page


class _Balance(HTMLParser):
    """Counts open elements, so that a page with a lost end tag is seen."""

    VOID = ("meta", "link", "img", "br", "hr", "col")

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
    assert all("Synthetic" in text or text.startswith("Case flow") for text in alternatives)


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
