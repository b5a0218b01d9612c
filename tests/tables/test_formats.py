"""Numbers become strings in one place: rounding, signs, p-values, intervals."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest

from surveyanalysis.language import both
from surveyanalysis.tables.formats import half_up, missing, printed
from surveyanalysis.tables.table import Cell, Format


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (34 / 57, Format("percent"), "59.6"),
        (1, Format("percent", 0), "100"),
        (0.125, Format("percent", 0), "13"),
        (0.005, Format("percent", 0), "1"),
        (12.5, Format("number", 0), "13"),
        (-12.5, Format("number", 0), "−13"),
        (1234567.891, Format("number", 2), "1,234,567.89"),
        (1681, Format("integer"), "1,681"),
        (np.int64(57), Format("integer"), "57"),
        (-0.04, Format("number", 1), "0.0"),
        (0.25, Format("signed", 1), "+0.3"),
        (-0.25, Format("signed", 1), "−0.3"),
        (0.0, Format("signed", 1), "0.0"),
        (0.138, Format("signed", 1, percent=True), "+13.8"),
        (float("inf"), Format("number"), "∞"),
        ("as printed", Format("number"), "as printed"),
    ],
)
def test_a_number_prints_as_a_reader_expects(value, form, expected):
    assert printed(Cell(value, form)) == expected


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0004, "<.001"),
        (0.00099999, "<.001"),
        (0.001, ".001"),
        (0.0499, ".050"),
        (0.0501, ".050"),
        (0.5, ".500"),
        (0.9996, ">.999"),
        (1.0, "1.000"),
        (0.0, "<.001"),
    ],
)
def test_p_values_follow_apa(p, expected):
    """Publication Manual of the APA, 7th edition, 6.36: no leading zero, three decimals, p < .001."""
    assert printed(Cell(p, Format("p"))) == expected


def test_an_interval_prints_both_ends_and_a_minus_is_never_mistaken_for_a_dash():
    assert printed(Cell((0.4669, 0.7139), Format("interval", percent=True))) == "46.7–71.4"
    assert printed(Cell((-1.2, 3.4), Format("interval"))) == "−1.2, 3.4"
    assert printed(Cell((1.2, 3.4), Format("interval", between=" to "))) == "1.2 to 3.4"


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, (None, 1.0), (0.1, float("nan"))])
def test_what_is_missing_prints_as_the_blank(value):
    assert missing(value)
    assert printed(Cell(value, Format("interval"), blank="–")) == "–"


def test_a_text_in_several_languages_prints_in_the_one_asked_for():
    cell = Cell(both("same", "일치"))
    assert (printed(cell, "en"), printed(cell, "ko")) == ("same", "일치")


def test_rounding_is_half_up_for_every_count_of_every_base():
    """Independent: integer arithmetic. floor((2000 c + n) / 2n) tenths of a percent is half-up, exactly."""
    for n in range(1, 120):
        for count in range(n + 1):
            tenths = (2000 * count + n) // (2 * n)
            assert printed(Cell(count / n, Format("percent"))) == f"{tenths // 10}.{tenths % 10}"


def test_rounding_reads_the_decimal_that_was_typed():
    """Independent: the decimal module on the typed string; Python's round() gives 2.67 and 0.14."""
    for typed in ("2.675", "0.145", "1.005", "-2.675", "0.285"):
        assert half_up(float(typed), 2) == Decimal(typed).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert half_up(0.14499999999999999, 2) == Decimal("0.15")


def test_very_large_and_very_small_numbers_print():
    assert printed(Cell(1e30, Format("number", 2))).startswith("1,000,000")
    assert printed(Cell(1e-300, Format("percent"))) == "0.0"
