"""Word documents, read back."""

import sys

import pytest

from surveyanalysis.errors import ChoiceError, OutputError
from surveyanalysis.tables.formats import printed
from surveyanalysis.tables.table import Cell, Column, Format, Row, Table

from . import samples

docx = pytest.importorskip("docx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(table, tmp_path):
    return docx.Document(table.to_word(tmp_path / "table.docx"))


def edges(cell, edge):
    """Thickness of a rule of a cell, in eighths of a point."""
    found = cell._tc.find(f"{W}tcPr/{W}tcBorders/{W}{edge}")
    return 0 if found is None else int(found.get(f"{W}sz"))


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", ["frequencies", "crosstab", "model_comparison", "model_comparison_beside"])
def test_every_cell_comes_back(name, lang, tmp_path):
    table = samples.ALL[name]().table(lang)
    grid = written(table, tmp_path).tables[0]
    heads = 2 if any(column.spanner for column in table.columns) else 1
    assert [cell.text for cell in grid.rows[heads - 1].cells][1:] == [column.head for column in table.columns]
    if heads == 2:
        assert [cell.text for cell in grid.rows[0].cells][1:] == [column.spanner for column in table.columns]
    for row, line in zip(table.rows, grid.rows[heads:], strict=True):
        found = [cell.text for cell in line.cells]
        if row.kind == "group":
            assert set(found) == {row.stub}
        else:
            assert found == [row.stub, *(printed(cell, lang) for cell in row.cells)]


def test_title_and_notes_are_paragraphs(tmp_path):
    table = samples.model_comparison().table("ko")
    document = written(table, tmp_path)
    assert [p.text for p in document.paragraphs if p.text] == [table.title, table.subtitle, *table.notes]
    assert document.core_properties.title == table.title
    assert document.core_properties.author == ""


def test_there_are_three_rules_and_one_under_each_spanner(tmp_path):
    grid = written(samples.model_comparison("interval", "beside").table(), tmp_path).tables[0]
    tops = [{edges(cell, "top") for cell in row.cells} for row in grid.rows]
    bottoms = [{edges(cell, "bottom") for cell in row.cells} for row in grid.rows]
    assert tops == [{12}] + [{0}] * (len(grid.rows) - 1)
    assert bottoms == [{0}, {6}] + [{0}] * (len(grid.rows) - 3) + [{12}]
    under = [p for cell in grid.rows[0].cells for p in cell._tc.iter(f"{W}pBdr")]
    assert len(set(map(id, under))) == 2
    assert not list(grid._tbl.iter(f"{W}insideV", f"{W}left", f"{W}right"))


def test_hangul_has_a_font_of_its_own(tmp_path):
    style = written(samples.frequencies().table("ko"), tmp_path).styles["Normal"]
    fonts = style.element.rPr.rFonts
    assert (fonts.get(f"{W}ascii"), fonts.get(f"{W}eastAsia")) == ("Arial", "Malgun Gothic")


def test_parts_of_paragraphs_and_cells_stand_in_the_order_of_the_schema(tmp_path):
    """ECMA-376 CT_PPr and CT_TcPr are sequences: Word refuses files that break them."""
    paragraph = ["keepNext", "pBdr", "spacing", "ind", "jc"]
    cell = ["tcW", "gridSpan", "tcBorders", "vAlign"]
    body = written(samples.crosstab().table(), tmp_path).element.body
    for tag, order in (("pPr", paragraph), ("tcPr", cell)):
        for part in body.iter(f"{W}{tag}"):
            names = [child.tag.removeprefix(W) for child in part]
            assert names == sorted(names, key=order.index)


def test_heads_are_repeated_and_rows_are_not_torn(tmp_path):
    grid = written(samples.model_comparison().table(), tmp_path).tables[0]
    assert [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in grid.rows][:2] == [True, False]
    assert all(row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in grid.rows)
    estimate, error = grid.rows[1].cells[1].paragraphs[0], grid.rows[2].cells[1].paragraphs[0]
    assert estimate.paragraph_format.keep_with_next
    assert not error.paragraph_format.keep_with_next


def test_a_wide_table_stands_on_a_landscape_page(tmp_path):
    row = Row("Term", tuple(Cell(-12345.678, Format("number", 3)) for _ in range(12)))
    narrow, wide = (
        written(Table(tuple(Column(f"({i})") for i in range(count)), (row,)), tmp_path) for count in (4, 12)
    )
    for document, upright in ((narrow, True), (wide, False)):
        page = document.sections[0]
        assert (page.page_width < page.page_height) == upright
        room = page.page_width - page.left_margin - page.right_margin
        assert sum(column.width for column in document.tables[0].columns) <= room


def test_texts_that_xml_forbids_are_replaced(tmp_path):
    table = Table((Column("a\x0b"),), (Row("b\x00", (Cell("\ud800 <b>&"),)),), title="t\x1f", notes=("n\ufffe",))
    grid = written(table, tmp_path).tables[0]
    assert [cell.text for cell in grid.rows[1].cells] == ["b\ufffd", "\ufffd <b>&"]


def test_without_the_package_the_error_names_the_extra_and_nothing_is_written(tmp_path, monkeypatch):
    target = tmp_path / "table.docx"
    target.write_bytes(b"old")
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(OutputError, match=r'pip install "surveyanalysis\[paper\]"'):
        samples.frequencies().table().to_word(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ChoiceError, match=r"must be \.docx"):
        samples.frequencies().table().to_word(tmp_path / "table.doc")
    assert not list(tmp_path.iterdir())
