"""Terminal tables: width, Hangul, panels, rules."""

import unicodedata

import pytest

from surveyanalysis.tables.table import Cell, Column, Format, Row, Table
from surveyanalysis.tables.text import render, text_width, wrapped

from . import samples


def columns_of(line):
    """Independent: every character looked up in Unicode's East Asian Width."""
    return sum(2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in line)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", samples.ALL)
@pytest.mark.parametrize("width", [100, 60])
def test_no_line_is_wider_than_the_terminal(name, lang, width):
    lines = samples.ALL[name]().table(lang).to_text(width).split("\n")
    assert max(columns_of(line) for line in lines) <= width


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_columns_stand_under_each_other_whatever_the_script(lang):
    lines = samples.frequencies().table(lang).to_text().split("\n")
    rules = [i for i, line in enumerate(lines) if line.startswith("─")]
    assert len(rules) == 3
    ends = {columns_of(line) for line in lines[rules[1] + 1 : rules[1] + 6]}
    assert ends == {columns_of(lines[rules[0]])}


def test_hangul_counts_two_and_combining_marks_none():
    assert text_width("한글 ab") == 7
    assert text_width("e\u0301") == 1


def test_long_stubs_wrap_and_lose_no_word():
    words = "Working hours and the hierarchy within research groups"
    assert " ".join(wrapped(words, 20)) == words
    assert max(map(len, wrapped(words, 20))) <= 20


def test_a_word_without_spaces_is_cut():
    assert wrapped("가나다라마", 4) == ["가나", "다라", "마"]


def test_a_wide_table_stands_in_panels_that_repeat_the_stub():
    columns = tuple(Column(f"column{i}") for i in range(30))
    table = Table(columns, (Row("stub", tuple(Cell(i, Format("integer")) for i in range(30))),), stub_head="head")
    text = render(table, 80)
    assert text.count("stub") == text.count("head") > 1
    assert all(f"column{i}" in text for i in range(30))
    assert max(map(len, text.split("\n"))) <= 80


def test_a_spanner_stands_over_its_columns():
    lines = samples.crosstab().table().to_text().split("\n")
    spanners = next(line for line in lines if "University" in line)
    heads = next(line for line in lines if line.startswith("Answer"))
    end = spanners.index("University") + len("University")
    assert heads[end - 1] == "n"


def test_notes_wrap_within_the_width():
    table = Table((), (), notes=("word " * 60,))
    assert max(map(len, table.to_text(50).split("\n"))) <= 50


def test_an_empty_table_prints():
    assert Table((), (), title="Nothing").to_text().startswith("Nothing")
