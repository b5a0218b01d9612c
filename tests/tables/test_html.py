"""HTML tables: escaped, structured for screen readers, styled only in notebooks."""

import xml.etree.ElementTree as ET

import pytest

from surveyanalysis.errors import ChoiceError
from surveyanalysis.language import both
from surveyanalysis.results import Estimates, Labels
from surveyanalysis.tables.html import render
from surveyanalysis.tables.table import Cell, Column, Row, Table

from . import samples

EVIL = "<script>alert(\"1\")</script> & 'x'"


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", samples.ALL)
def test_every_row_fills_the_grid(name, lang, styled):
    """Independent: a standard parser reads it, and the columns of every row add up."""
    table = samples.ALL[name]().table(lang)
    root = ET.fromstring(render(table, styled).replace("<br>", "<br/>"))
    spans = {sum(int(cell.get("colspan", 1)) for cell in row) for row in root.iter("tr")}
    assert spans == {len(table.columns) + 1}
    assert root.get("lang") == lang


def test_every_text_is_escaped():
    table = Table(
        (Column(EVIL, spanner=EVIL),),
        (Row(EVIL, kind="group"), Row(EVIL, (Cell(EVIL, chip=EVIL),))),
        title=EVIL,
        subtitle=EVIL,
        stub_head=EVIL,
        notes=(EVIL,),
    )
    for styled in (False, True):
        html = render(table, styled)
        assert "<script" not in html
        assert html.count("&lt;script&gt;") == 9
    with pytest.raises(ChoiceError, match="Choose one of: 'en', 'ko'"):
        Table((), (), lang=EVIL)


def test_labels_of_a_result_are_escaped():
    """The trap: statsmodels 0.15 summary().as_html() leaves names as they are."""
    result = samples.frequencies()
    labels = Labels({"support": both(EVIL, EVIL)}, {("support", code): both(EVIL, EVIL) for code in samples.SUPPORT})
    evil = Estimates(result.frame, result.covariance, "proportion", "proportion", labels=labels, origin=result.origin)
    assert "<script" not in evil._repr_html_()


def test_heads_say_what_they_head():
    html = samples.crosstab().table().to_html()
    root = ET.fromstring(html.replace("<br>", "<br/>"))
    scopes = [cell.get("scope") for cell in root.iter("th")]
    assert scopes.count("colgroup") == 4
    assert scopes.count("row") == 6
    assert scopes.count("col") == 9


def test_each_group_of_rows_is_a_body_of_its_own():
    root = ET.fromstring(samples.effects(5).table().to_html().replace("<br>", "<br/>"))
    bodies = root.findall("tbody")
    assert [body[0].get("class") for body in bodies] == ["group"] * 6
    assert all(len(body) == 6 for body in bodies)


def test_a_verdict_is_a_chip_with_its_words():
    table = Table((Column("Verdict"),), (Row("a", (Cell("differs", chip="bad"),)),))
    assert '<span class="chip bad">differs</span>' in table.to_html()


def test_only_notebooks_get_styles_and_nobody_gets_a_style_sheet():
    table = samples.frequencies().table()
    assert "style=" not in table.to_html()
    assert "style=" in table._repr_html_()
    assert "<style" not in table._repr_html_()
    assert samples.frequencies()._repr_html_() == table._repr_html_()


def test_short_heads_do_not_break_and_long_ones_may():
    table = Table((Column("Log-odds"), Column("Every count and base that prints it")), ())
    assert 'class="num short">Log-odds' in table.to_html()
    assert 'class="num">Every count' in table.to_html()


def test_korean_words_in_an_english_table_are_marked_as_korean():
    rows = (Row("여성", (Cell("남성"), Cell("male"))),)
    html = Table((Column("a"), Column("b")), rows).to_html()
    assert html.count('lang="ko"') == 2
    assert Table((Column("a"), Column("b")), rows, lang="ko").to_html().count('lang="ko"') == 1


def test_a_file_is_a_page_of_its_own_in_utf8(tmp_path):
    table = Table((Column("n"),), (Row("한국 <b>", (Cell(3),)),), title="의향", lang="ko")
    assert table.to_html(tmp_path / "t.html") == table.to_html()
    written = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert 'charset="utf-8"' in written and "한국 &lt;b&gt;" in written
    table.to_markdown(tmp_path / "t.md")
    assert (tmp_path / "t.md").read_text(encoding="utf-8") == table.to_markdown()
