"""Printed strings. Oracle: the strings as they stand in the sources, read by eye."""

from decimal import Decimal

import pytest

from surveyanalysis.errors import PublishedError
from surveyanalysis.reproduction.printed import read_printed


@pytest.mark.parametrize(
    ("text", "value", "decimals", "unit", "relation"),
    [
        ("Sixty percent", "60", 0, "percent", "="),
        ("seventy-five per cent", "75", 0, "percent", "="),
        ("One hundred percent", "100", 0, "percent", "="),
        ("Fifty-seven", "57", 0, "number", "="),
        ("75 percent", "75", 0, "percent", "="),
        ("35.3 percent", "35.3", 1, "percent", "="),
        ("60%", "60", 0, "percent", "="),
        ("35.3％", "35.3", 1, "percent", "="),
        ("60퍼센트", "60", 0, "percent", "="),
        ("5.4%p", "5.4", 1, "percent", "="),
        ("33.3", "33.3", 1, "number", "="),
        ("35.0", "35.0", 1, "number", "="),
        ("-0.496", "-0.496", 3, "number", "="),
        ("−4.80", "-4.80", 2, "number", "="),
        (".0039", "0.0039", 4, "number", "="),
        ("-.5526973", "-0.5526973", 7, "number", "="),
        ("1,681", "1681", 0, "number", "="),
        ("0.566***", "0.566", 3, "number", "="),
        ("2.19e-06", "0.00000219", 8, "number", "="),
        ("<.001", "0.001", 3, "number", "<"),
        ("< 2e-16", "2E-16", 16, "number", "<"),
        ("p < .05", "0.05", 2, "number", "<"),
        ("p = .031", "0.031", 3, "number", "="),
        ("more than 500", "500", 0, "number", ">"),
    ],
)
def test_a_printed_string_is_read_as_it_stands(text, value, decimals, unit, relation):
    read = read_printed(text)
    assert (read.text, read.value, read.decimals) == (text, Decimal(value), decimals)
    assert (read.unit, read.relation) == (unit, relation)


def test_the_last_place_is_kept_when_it_is_a_zero():
    assert str(read_printed("-4.80").value) == "-4.80" and read_printed("-4.80").step == Decimal("0.01")


@pytest.mark.parametrize(
    "text", ["", "about sixty", "35,3", "1,68", "(0.12)", "3.5.1", "sixty forty", "%", "-", "n.s.", "e-5"]
)
def test_what_could_be_read_in_two_ways_or_none_is_refused(text):
    with pytest.raises(PublishedError, match="cannot be read as a printed number"):
        read_printed(text)


def test_a_number_without_quotes_is_refused_because_its_zeros_are_lost():
    with pytest.raises(PublishedError, match=r"35\.0.*quotes"):
        read_printed(35.0)
