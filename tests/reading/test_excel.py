"""Oracle: what a person who typed the cells would read in Excel; dangerous files are built by hand."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from surveyanalysis.errors import ReadError
from surveyanalysis.reading.export import read_export


@pytest.fixture
def workbook(tmp_path):
    def write(*rows, formats=None, **sheets):
        book = openpyxl.Workbook()
        book.active.title = "응답"
        for row in rows:
            book.active.append(row)
        for cell, pattern in (formats or {}).items():
            book.active[cell].number_format = pattern
        for name, cells in sheets.items():
            for row in cells:
                (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
        book.save(tmp_path / "answers.xlsx")
        return tmp_path / "answers.xlsx"

    return write


def with_part(source, target, part, change):
    """Copy a workbook with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return target


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0012", "0012"),
        (12, "12"),
        (12.0, "12"),
        (0.1, "0.1"),
        (-1.5, "-1.5"),
        (1e-07, "0.0000001"),
        (123456789012345, "123456789012345"),
        (True, "TRUE"),
        (date(2011, 2, 17), "2011-02-17"),
        (datetime(2011, 2, 17, 10, 33), "2011-02-17 10:33:00"),
        (time(10, 33), "10:33:00"),
        ("NA", "NA"),
        ("줄\n바꿈", "줄\n바꿈"),
        (None, ""),
    ],
)
def test_a_cell_reads_as_it_was_typed(workbook, value, written):
    assert read_export(workbook(["a", "b"], [value, "x"])).frame.iloc[0].tolist() == [written, "x"]


def test_zeros_that_the_format_shows_are_kept(workbook):
    frame = read_export(workbook(["id"], [12], [7], formats={"A2": "0000", "A3": "0"})).frame
    assert frame["id"].tolist() == ["0012", "7"]


def test_an_excel_file_says_its_sheet_and_numbers_its_rows(workbook):
    export = read_export(workbook(["a", "b"], [1, 2], [], [3, None], 코드북=[["변수명"], ["a"]]))
    assert repr(export) == (
        "excel export, sheet 응답 (one of 2), 2 rows, 2 columns, 1 header row. Empty rows left out: 1."
    )
    assert export.frame.index.tolist() == [2, 4]
    assert export.frame["b"].tolist() == ["2", ""]


def test_a_sheet_can_be_chosen_and_the_nearest_is_named(workbook):
    file = workbook(["a"], [1], 코드북=[["변수명"], ["성별"]])
    assert read_export(file, sheet="코드북").frame["변수명"].tolist() == ["성별"]
    with pytest.raises(ReadError, match=r"no sheet '코드부'\. Nearest: '코드북'"):
        read_export(file, sheet="코드부")


def test_a_qualtrics_header_is_known_in_excel_too(workbook):
    export = read_export(workbook(["Q1"], ["Age?"], ['{"ImportId":"QID1"}'], [44]))
    assert (export.format, export.identifiers) == ("qualtrics", {"Q1": "QID1"})
    assert export.frame.loc[4, "Q1"] == "44"


def test_digits_that_excel_lost_are_told(workbook):
    export = read_export(workbook(["id"], [1234567890123456789]))
    assert export.frame["id"].tolist() == ["1234567890123457000"]
    assert "Excel keeps 15" in export.notes[0]["en"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "is empty"),
        ([["a", "b"]], "no answers below it"),
        ([["a", "a"], [1, 2]], "columns 1, 2 have the name 'a'"),
        ([["표 1"], ["a", "b", "c"], [1, 2, 3]], "Rows above the names"),
        ([["a", "b"], [1, "=A2*2"]], "cell B2: a formula without a value"),
    ],
)
def test_a_sheet_that_would_lose_something_is_refused(workbook, rows, said):
    with pytest.raises(ReadError) as caught:
        read_export(workbook(*rows))
    assert said in str(caught.value)


def test_entities_are_refused_before_they_are_read(workbook, tmp_path):
    file = workbook(["a"], ["x"])
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"):
        bad = with_part(file, tmp_path / "bad.xlsx", part, lambda content: declared + content)
        with pytest.raises(ReadError, match="declares entities"):
            read_export(bad)


def test_entities_in_utf_16_are_refused_too(workbook, tmp_path):
    part = "xl/worksheets/sheet1.xml"
    bad = with_part(workbook(["a"], ["x"]), tmp_path / "bad.xlsx", part, lambda c: c.decode().encode("utf-16"))
    with pytest.raises(ReadError, match="declares entities"):
        read_export(bad)


def test_a_zip_bomb_is_not_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("answers.csv", b"a,b\n" + b"1,2\n" * 10_000_000)
    with pytest.raises(ReadError, match="would grow"):
        read_export(tmp_path / "bomb.zip")


def test_one_cell_far_away_does_not_fill_the_memory(workbook, tmp_path):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (i, i) for i in range(3, 4000))

    def change(content):
        return content.replace(b"</sheetData>", rows + far)

    bad = with_part(workbook(["a"], [1]), tmp_path / "far.xlsx", "xl/worksheets/sheet1.xml", change)
    with pytest.raises(ReadError, match="more than 50,000,000 cells"):
        read_export(bad)


def test_a_damaged_workbook_is_told(workbook, tmp_path):
    part = "xl/worksheets/sheet1.xml"
    bad = with_part(workbook(["a"], [1]), tmp_path / "bad.xlsx", part, lambda content: content[:-40])
    with pytest.raises(ReadError, match="damaged"):
        read_export(bad)
    bad = with_part(workbook(["a"], [1]), tmp_path / "bad.xlsx", "xl/workbook.xml", lambda content: b"<x/>")
    with pytest.raises(ReadError, match=r"bad\.xlsx"):
        read_export(bad)


@pytest.mark.parametrize(
    ("members", "said"),
    [({"a.csv": "a\n1\n", "b.csv": "a\n1\n"}, "holds 2: 'a.csv', 'b.csv'"), ({"a.png": "x"}, "holds 0: none")],
)
def test_a_zip_file_must_hold_one_csv(tmp_path, members, said):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(ReadError) as caught:
        read_export(tmp_path / "x.zip")
    assert said in str(caught.value)


def test_a_file_beside_the_csv_that_a_mac_adds_is_passed_over(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("답.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/._답.csv", "x")
    assert len(read_export(tmp_path / "x.zip")) == 1


def test_a_locked_zip_file_is_told(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    content = bytearray(buffer.getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ReadError, match="password"):
        read_export(tmp_path / "x.zip")
