"""Oracles: Qualtrics' documented header rows, as they stand in the fixture, and the dialects of saved exports."""

from pathlib import Path

import pytest

from surveyanalysis.errors import ReadError
from surveyanalysis.reading.export import read_export

EXPORTS = Path(__file__).parents[1] / "exports"
OLDEST = ",".join(f"V{i}" for i in range(1, 11))


@pytest.fixture
def read(tmp_path):
    def write_and_read(content, **options):
        (tmp_path / "answers.csv").write_text(content, encoding="utf-8")
        return read_export(tmp_path / "answers.csv", **options)

    return write_and_read


def test_the_three_header_rows_give_names_texts_and_identifiers():
    export = read_export(EXPORTS / "qualtrics_ko_choicetext_split.csv")
    assert export.header_rows == 3
    assert export.frame.index[0] == 6
    assert export.header_texts["Q1"] == "향후 10년간 국내 바이오·제약 산업의 전망은?\n(하나만 선택)"
    assert export.identifiers["ResponseId"] == "_recordId"
    assert export.identifiers["SQ3_9_TEXT"] == "QID3_9_TEXT"
    assert export.identifiers["Q5_1"] == "QID8-1"
    assert len(set(export.identifiers.values())) == export.frame.shape[1]


@pytest.mark.parametrize(
    "cell",
    ['"{""ImportId"":""QID1"",""choiceId"":""2""}"', "\"{'ImportId': 'QID1-2'}\"", "\"{'ImportId': u'QID1-2'}\""],
    ids=["now", "early Insights", "early Insights, marked unicode"],
)
def test_identifiers_are_read_in_json_and_in_pythons_quotation_marks(read, cell):
    export = read(f"Q1\nYour age?\n{cell}\n44\n")
    assert (export.format, export.identifiers, len(export)) == ("qualtrics", {"Q1": "QID1-2"}, 1)


def test_the_oldest_dialect_has_two_header_rows(read):
    export = read(f"{OLDEST},Q1\nResponseID,Set,Name,Ref,Mail,IP,Status,Start,End,Finished,Age?\n{',' * 10}44\n")
    assert (export.format, export.header_rows, len(export)) == ("qualtrics", 2, 1)
    assert export.header_texts["Q1"] == "Age?"


def test_tags_that_occur_twice_are_told_apart_by_their_identifier(read):
    header = 'Q1,Q1\nAge?,Sex?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID7""}"\n'
    export = read(f"{header}44,m\n")
    assert list(export.frame.columns) == ["Q1 [QID1]", "Q1 [QID7]"]
    with pytest.raises(ReadError, match="have the name 'Q1"):
        read(f"{header.replace('QID7', 'QID1')}44,m\n")


def test_the_identifier_row_is_data_when_a_plain_file_is_named(read):
    assert len(read('Q1\nAge?\n"{""ImportId"":""QID1""}"\n44\n', format="csv")) == 3


@pytest.mark.parametrize("cell", ["{", '"{""a"":1}"', "\"__import__('os')\"", "44", "{" * 3000])
def test_what_is_no_identifier_makes_a_plain_file(read, cell):
    assert read(f"Q1\nAge?\n{cell}\n44\n").format == "csv"


def test_a_header_without_answers_is_refused(read):
    with pytest.raises(ReadError, match="header of 1 columns, but no answers"):
        read('Q1\nAge?\n"{""ImportId"":""QID1""}"\n')
