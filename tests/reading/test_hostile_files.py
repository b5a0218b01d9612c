"""Files that want to be misread: each is read whole, or refused with its name, the place and a cure.

Oracles: what was written; the count of physical rows.
"""

import io
import random
import zipfile

import openpyxl
import pytest

from surveyanalysis.errors import ReadError
from surveyanalysis.reading.export import read_export

KOREAN = "성별,연봉,의견\n남,1200,좋다 아주 좋다\n여,3400,나쁘다\n"


def read(tmp_path, content, name="answers.csv", **options):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_export(file, **options)


def sheet(tmp_path, fill, **options):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    fill(book.active)
    book.save(tmp_path / "answers.xlsx")
    return read_export(tmp_path / "answers.xlsx", **options)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n", [["1", "2"]]),
        (b'a,b\n1,2\n\xef\xbb\xbf"3,5",4\n', [["1", "2"], ["3,5", "4"]]),
        ("a,b\r1,2\r\n3,4\n5,6\r", [["1", "2"], ["3", "4"], ["5", "6"]]),
        ("a;b;c\n1,5;2;3\n3,25;4;5\n", [["1,5", "2", "3"], ["3,25", "4", "5"]]),
        ("a,b\nx\ty,2\n", [["x\ty", "2"]]),
        ("a,b,\n1,2,\n", [["1", "2", ""]]),
        ("a,b\n1,'2\n", [["1", "'2"]]),
        ("가나다라,마바사아\n자차카타,파하거너\n".encode("utf-16-le"), [["자차카타", "파하거너"]]),
        ("가나다라,마바사아\n자차카타,파하거너\n".encode("utf-16-be"), [["자차카타", "파하거너"]]),
        ("성별,점수\n똠방각하,펲시\n".encode("cp949"), [["똠방각하", "펲시"]]),
    ],
)
def test_odd_files_are_read_as_meant(tmp_path, content, rows):
    assert read(tmp_path, content).frame.to_numpy().tolist() == rows


@pytest.mark.parametrize(
    ("content", "left_out"), [("a,b\n1,2\n,\n3,4\n,\n", 2), ("a,b\n1,2\n   \n3,4\n", 1), ("a,b\n1,2\n\n\n3,4\n\n", 2)]
)
def test_empty_rows_are_left_out_and_counted(tmp_path, content, left_out):
    export = read(tmp_path, content)
    assert export.frame.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert export.notes[0]["en"] == f"Blank lines left out: {left_out}."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2,\n3,4,\n", "line 2: 3 fields, but the header has 2"),
        ('a,b\n1,"2\n' + "3,4\n" * 50_000, "line 2: field larger"),
        (KOREAN.encode()[:-2], "line 3): the file is cut off within a letter"),
        (KOREAN.encode("utf-16")[:-1], "cut off within a letter"),
        ("a,b\n大韓民國,漢字\n".encode("cp949"), "encoding='cp949' for Korean"),
    ],
)
def test_no_file_is_guessed_at(tmp_path, content, said):
    with pytest.raises(ReadError) as caught:
        read(tmp_path, content)
    assert said in str(caught.value) and "answers.csv" in str(caught.value)


@pytest.mark.parametrize("members", [{}, {"in.zip": b"PK\x03\x04"}])
def test_a_zip_file_without_a_text_file_says_what_it_holds(tmp_path, members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(ReadError, match=f"none among {next(map(repr, members), 'no files')}"):
        read(tmp_path, held.getvalue(), "answers.zip")


def damaged(content, chance):
    broken = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(broken))
        kind = chance.random()
        if kind < 0.5:
            broken[place] = chance.randrange(256)
        elif kind < 0.75:
            del broken[place]
        else:
            broken[place:place] = chance.choice([b'"', b",", b"\n", b"\r", b"\xef\xbb\xbf", b"\0", b";"])
    return bytes(broken)


def test_damaged_bytes_are_read_or_refused_but_never_end_in_another_error(tmp_path):
    chance, held = random.Random(1), io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a,b\n" + "1,2\n" * 500)
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    book.save(tmp_path / "whole.xlsx")
    files = [KOREAN.encode(), KOREAN.encode("cp949"), KOREAN.encode("utf-16"), held.getvalue()]
    files.append((tmp_path / "whole.xlsx").read_bytes())
    for i in range(400):
        try:
            read(tmp_path, damaged(files[i % len(files)], chance), "answers.bin")
        except ReadError as refused:
            assert "answers.bin" in str(refused)


def test_percent_is_read_as_it_is_shown(tmp_path):
    def fill(cells):
        cells.append([0.25, 0.125])
        cells["A3"].number_format, cells["B3"].number_format = "0%", "0.0%"

    assert sheet(tmp_path, fill).frame.loc[3].tolist() == ["25%", "12.5%"]


def test_merged_cells_and_errors_are_told(tmp_path):
    def fill(cells):
        cells.append([2, None])
        cells.merge_cells("B2:B3")
        cells["A4"], cells["A4"].data_type = "#N/A", "e"

    notes = [note["en"] for note in sheet(tmp_path, fill).notes]
    assert notes == [
        "Cells that hold an error of Excel (#N/A ...): 1.",
        "Merged cells: 1 (B2:B3); only the first of each holds the value.",
    ]
