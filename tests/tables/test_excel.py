"""Excel sheets, read back."""

import openpyxl
import pytest

from surveyanalysis.errors import ChoiceError
from surveyanalysis.tables.excel import number_format
from surveyanalysis.tables.table import Cell, Column, Format, Row, Table

from . import samples


def written(table, tmp_path):
    return openpyxl.load_workbook(table.to_excel(tmp_path / "table.xlsx")).active


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_numbers_stay_numbers_at_full_precision(tmp_path):
    result = samples.frequencies()
    found = values(written(result.table(), tmp_path))
    at = next(i for i, row in enumerate(found) if row[0] == "Sponsorship")
    assert [row[1] for row in found[at : at + 5]] == list(result.frame["count"])
    assert [row[2] / 100 for row in found[at : at + 5]] == pytest.approx(result.frame["estimate"].to_list(), rel=1e-15)
    assert found[at][3] == "22.5–46.3"


def test_stars_and_brackets_are_part_of_the_format(tmp_path):
    sheet = written(samples.model_comparison().table(), tmp_path)
    first = next(row for row in sheet.iter_rows() if row[0].value == "Years abroad (per 10)")
    assert (first[1].value, first[1].number_format) == (-0.52, '#,##0.00"**";"−"#,##0.00"**";#,##0.00"**"')
    error = sheet.cell(first[1].row + 1, 2)
    assert (error.value, error.number_format) == (0.24, '"("#,##0.00")";"(−"#,##0.00")";"("#,##0.00")"')


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        (Cell(0.05, Format("p")), ".000"),
        (Cell(0.0004, Format("p")), ""),
        (Cell(0.9999, Format("p")), ""),
        (Cell(12.0, Format("signed", 1)), '"+"#,##0.0;"−"#,##0.0;#,##0.0'),
        (Cell(-0.001, Format("number", 2)), "#,##0.00;#,##0.00;#,##0.00"),
        (Cell(3, Format("integer")), '#,##0;"−"#,##0;#,##0'),
        (Cell(float("inf"), Format("number")), ""),
        (Cell((1.0, 2.0), Format("interval")), ""),
        (Cell(None, Format("number")), ""),
        (Cell("text"), ""),
    ],
)
def test_each_number_has_the_format_that_is_printed(cell, form):
    assert number_format(cell) == form


def test_texts_never_become_formulas(tmp_path):
    evil = '=HYPERLINK("http://x","y")'
    columns = (Column(evil, spanner=evil), Column("+1", spanner=evil))
    table = Table(columns, (Row(evil, (Cell(evil), Cell("-1"))),), evil, evil, evil, (evil,))
    path = table.to_excel(tmp_path / "evil.xlsx")
    cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sum(cell.value == evil for cell in cells) == 8
    assert {"+1", "-1"} <= {cell.value for cell in cells}


def test_characters_that_no_sheet_may_hold_are_replaced(tmp_path):
    assert values(written(Table((Column("a\x00"),), (Row("b\x0b", (Cell(1),)),)), tmp_path))[0][1] == "a\ufffd"


def test_spanners_are_merged_over_their_columns(tmp_path):
    sheet = written(samples.crosstab().table(), tmp_path)
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["B3:C3", "D3:E3", "F3:G3", "H3:I3"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ChoiceError, match=r"must be \.xlsx"):
        samples.frequencies().table().to_excel(tmp_path / "table.csv")
