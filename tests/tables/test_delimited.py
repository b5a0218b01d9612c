"""CSV for machines: read back, it holds the same numbers."""

import csv
import io

import pandas as pd
import pytest

from surveyanalysis.tables.table import Cell, Column, Row, Table

from . import samples


def test_counts_and_shares_come_back():
    """Independent: pandas reads the file."""
    result = samples.frequencies()
    back = pd.read_csv(io.StringIO(result.table().to_csv())).iloc[:5]
    assert list(back["n"]) == list(result.frame["count"])
    assert (back["%"] / 100).to_list() == pytest.approx(result.frame["estimate"].to_list(), rel=1e-15)
    assert (back["95% CI high"] / 100).to_list() == pytest.approx(result.frame["ci_high"].to_list(), rel=1e-15)


def test_no_digit_is_lost_by_writing_percent():
    """Independent: the digits of the share with the point moved by two."""
    rows = list(csv.reader(io.StringIO(samples.frequencies().table().to_csv())))
    for row, share in zip(rows[1:6], samples.frequencies().frame["estimate"]):
        digits = row[2].replace(".", "").strip("0")
        assert digits == repr(float(share)).removeprefix("0.").strip("0")


def test_every_row_is_as_wide_as_the_head():
    for make in samples.ALL.values():
        rows = list(csv.reader(io.StringIO(make().table("ko").to_csv())))
        assert {len(row) for row in rows} == {len(rows[0])}


def test_groups_are_a_column():
    back = pd.read_csv(io.StringIO(samples.effects(5).table().to_csv()))
    assert back["group"].nunique() == 6
    assert (back.groupby("group").size() == 5).all()


def test_p_values_are_not_rounded_to_a_sign():
    back = pd.read_csv(io.StringIO(samples.coefficients().table().to_csv()))
    assert back["p"].min() == 0.0001


def test_texts_stay_raw_for_machines(tmp_path):
    """The file for programs changes no text; a prefix against formulas belongs in files for spreadsheets."""
    answer = "=cmd|'/c calc'!A1, \"quoted\"\nsecond line"
    table = Table((Column("said"),), (Row("1", (Cell(answer),)),), stub_head="id")
    table.to_csv(tmp_path / "a.csv")
    back = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_bytes().decode("utf-8"))))
    assert back == [["id", "said"], ["1", answer]]
