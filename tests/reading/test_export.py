"""Oracles: the csv module's own writer, pandas.read_csv, and row and column counts taken from the files by eye."""

import csv
import hashlib
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyanalysis.errors import ChoiceError, ReadError
from surveyanalysis.reading.export import read_export

EXPORTS = Path(__file__).parents[1] / "exports"


@pytest.fixture
def read(tmp_path):
    def write_and_read(content, name="answers.csv", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_export(file, **options)

    return write_and_read


@pytest.fixture
def refused(read):
    def write_and_fail(content, name="answers.csv", **options):
        with pytest.raises(ReadError) as caught:
            read(content, name, **options)
        return str(caught.value)

    return write_and_fail


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "qualtrics_ko_choicetext_split.csv",
            "qualtrics export, utf-8 with BOM, comma, 64 rows, 45 columns, 3 header rows",
        ),
        ("qualtrics_ko_choicetext_utf16.tsv", "qualtrics export, utf-16, tab, 64 rows, 45 columns, 3 header rows"),
        (
            "qualtrics_ko_numeric_onecolumn.csv",
            "qualtrics export, utf-8 with BOM, comma, 64 rows, 40 columns, 3 header rows",
        ),
        ("duplicates_partials.csv", "csv export, utf-8, comma, 65 rows, 31 columns, 1 header row"),
        ("google_forms_ko_download_semicolon.csv", "csv export, utf-8, comma, 56 rows, 19 columns, 1 header row"),
        ("google_forms_ko_download.csv.zip", "csv export, utf-8, comma, 56 rows, 19 columns, 1 header row"),
    ],
)
def test_an_export_says_in_one_line_what_it_is(name, line):
    assert repr(read_export(EXPORTS / name)) == line


def test_cells_are_those_that_pandas_reads_as_text():
    name = EXPORTS / "qualtrics_ko_choicetext_split.csv"
    oracle = pd.read_csv(name, dtype=str, keep_default_na=False, index_col=False).iloc[2:]
    frame = read_export(name).frame
    assert list(frame.columns) == list(oracle.columns)
    assert frame.to_numpy().tolist() == oracle.to_numpy().tolist()
    assert (frame.dtypes == "str").all()


def test_the_same_answers_in_utf_8_and_utf_16_are_the_same_frame():
    commas, tabs = (read_export(EXPORTS / f"qualtrics_ko_choicetext_{n}") for n in ("split.csv", "utf16.tsv"))
    pd.testing.assert_frame_equal(commas.frame, tabs.frame)
    assert commas.identifiers == tabs.identifiers
    assert commas.header_texts == tabs.header_texts


def test_the_zipped_file_and_the_plain_one_are_the_same_frame():
    zipped = read_export(EXPORTS / "google_forms_ko_download.csv.zip").frame
    pd.testing.assert_frame_equal(zipped, read_export(EXPORTS / "google_forms_ko_download_semicolon.csv").frame)


def test_a_total_and_a_note_below_the_answers_are_told_and_filled_only_when_asked():
    file = EXPORTS / "institute_cp949_nasty.csv"
    with pytest.raises(ReadError, match=r"line 68: 16 fields, but the header has 17.*short_rows='fill'"):
        read_export(file)
    export = read_export(file, short_rows="fill")
    assert repr(export).startswith("csv export, cp949, comma, 62 rows, 17 columns, 1 header row. Short rows filled")
    assert export.frame["번호"].tolist()[-2:] == [
        "합계",
        "※ 주: 연봉은 만원 단위임. 똠방각하·펲시 등 확장 완성형 글자 포함",
    ]
    assert export.frame.loc[68, "의견"] == ""
    assert "68" in export.notes[0]["ko"]


def test_a_row_is_numbered_by_the_line_on_which_it_begins(read):
    export = read('id,words\n1,"two\nlines"\n\n2,x\r\n3,"a ""b"" c"\n')
    assert export.frame.index.tolist() == [2, 5, 6]
    assert export.frame.index.name == "file_row"
    assert export.frame["words"].tolist() == ["two\nlines", "x", 'a "b" c']
    assert repr(export).endswith("1 header row. Blank lines left out: 1.")


def test_nothing_is_converted_or_taken_for_missing(read):
    cells = ["0012", "1E5", "9007199254740993", "NA", "None", "null", "n/a", " x ", "-99", "1,200", "TRUE", "１２"]
    export = read("\t".join(f"q{i}" for i in range(len(cells))) + "\n" + "\t".join(cells) + "\n")
    assert export.frame.iloc[0].tolist() == cells


def test_the_frame_handed_out_does_not_change_the_export(read):
    export = read("a,b\n1,2\n")
    frame = export.frame
    frame.loc[2, "a"] = "changed"
    assert export.frame.loc[2, "a"] == "1"


def test_the_hash_is_that_of_the_files_bytes(read):
    content = b"\xef\xbb\xbfa,b\n1,2\n"
    assert read(content).sha256 == hashlib.sha256(content).hexdigest()


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949"]
WORDS = st.text(alphabet="가점수①abc019 ,;\t|\"'\n.:-", max_size=12)
FRAMES = st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(WORDS, min_size=k, max_size=k), min_size=2, max_size=6))


@settings(max_examples=25, deadline=None)
@given(rows=FRAMES, encoding=st.sampled_from(ENCODINGS), separator=st.sampled_from(",;\t|"))
def test_what_is_written_in_any_encoding_and_separator_is_read_back(tmp_path_factory, rows, encoding, separator):
    rows = [[f"x{first}", *rest] for first, *rest in rows]
    header = [f"question{i}" for i in range(len(rows[0]))]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    file = tmp_path_factory.mktemp("written") / "answers.csv"
    file.write_bytes(buffer.getvalue().encode(encoding))
    export = read_export(file)
    assert list(export.frame.columns) == header
    assert export.frame.to_numpy().tolist() == rows


def test_commas_within_numbers_do_not_pass_for_separators(read):
    assert read("a;b\n1,5;2\n3,2;4\n").frame.to_numpy().tolist() == [["1,5", "2"], ["3,2", "4"]]


def test_a_file_of_one_column_keeps_its_empty_answers(read):
    assert read("words\nx\n\ny\n").frame["words"].tolist() == ["x", "", "y"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n\n  \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ("a,b\n", "header of 2 columns, but no answers"),
        ("a,b\n1,2\n1,2,3\n", "line 3: 3 fields, but the header has 2 (separated by comma)"),
        ("a,b\n1,2,\n3,4,\n", "line 2: 3 fields, but the header has 2"),
        ('a,b\n"x\ny",2\n3\n4\n', "line 4: 1 fields, but the header has 2 (separated by comma). So do 1 later rows"),
        ("q1,q1\n1,2\n", "line 1: columns 1, 2 have the name 'q1'"),
        ("a,,\n1,2,3\n", "columns 2, 3 have an empty name"),
        ('a,b\n1,"x\n2,y\n', "line 2"),
        ('a,b\n1,"x"y\n', "line 2"),
        ('a,b\n1,"' + "x" * 200_000 + '"\n', "line 2: field larger than field limit"),
        ("a,b\n1,\0\n", "line 2: a NUL character"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "answers.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file"),
        (b"$FL2@(#)", "SPSS file"),
        (b"PK\x03\x04broken", "damaged zip"),
    ],
)
def test_a_file_that_cannot_be_read_without_loss_is_refused(refused, content, said):
    assert said in refused(content)


def test_bytes_that_no_encoding_allows_are_located(refused):
    message = refused(b"a,b\n1,x\n2,\xff\xff\n")
    assert "utf-8 fails at byte 10 (0xff, line 3); cp949 fails at byte 10" in message


@pytest.mark.parametrize("word", ["Ärzte", "Größe", "ÄÖÜ"])
def test_western_text_never_passes_for_korean(refused, read, word):
    content = f"a,b\n{word},2\n".encode("latin-1")
    assert "encoding='cp1252'" in refused(content)
    assert read(content, encoding="latin-1").frame["a"].tolist() == [word]


def test_korean_in_cp949_is_found_and_in_the_wrong_encoding_only_on_demand(read, refused):
    content = "성별,점수\n남,똠\n".encode("cp949")
    assert read(content).frame.columns.tolist() == ["성별", "점수"]
    assert "utf-8 fails at byte 0" in refused(content, encoding="utf-8")
    assert "no encoding 'cp94'. Nearest: 'cp949'" in refused(content, encoding="cp94")


def test_a_missing_file_a_folder_and_a_wrong_word_are_told(tmp_path):
    (tmp_path / "responses.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ReadError, match=r"Nearest: 'responses\.csv'"):
        read_export(tmp_path / "response.csv")
    with pytest.raises(ReadError, match=r"is a folder; name a file in it: responses\.csv"):
        read_export(tmp_path)
    with pytest.raises(ReadError, match="does not exist either"):
        read_export(tmp_path / "nowhere" / "x.csv")
    with pytest.raises(ChoiceError, match="Nearest: 'qualtrics'"):
        read_export(tmp_path / "responses.csv", "qualtrix")
    with pytest.raises(ChoiceError, match="fill"):
        read_export(tmp_path / "responses.csv", short_rows="drop")
    with pytest.raises(ReadError, match="has no sheets"):
        read_export(tmp_path / "responses.csv", sheet="x")
    with pytest.raises(ReadError, match="not the header of a qualtrics export"):
        read_export(tmp_path / "responses.csv", "qualtrics")
    with pytest.raises(ReadError, match="is a file of kind 'csv'"):
        read_export(tmp_path / "responses.csv", "excel")
