"""Numbers and dates as people type them. Oracles: arithmetic by hand, `datetime`, truth.csv of tests/exports."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyanalysis.cleaning.parsing import korean_amount, number, plain, read_date, read_number, tidy
from surveyanalysis.codebook.questions import Question
from tests.cleaning.one_survey import EXPORTS, truth

SALARY = Question("salary", "number", unit="만원", to="KRW")


@pytest.mark.parametrize(
    ("typed", "tens_of_thousands"),
    [
        ("12,800", "12800"),
        ("１２５００", "12500"),
        ("1억 1900만원", "11900"),
        ("6천만원", "6000"),
        ("2억 900만원", "20900"),
        ("3.5억", "35000"),
        ("5천", "5000"),
        ("70000000원", "7000"),
        ("12,800만", "12800"),
        ("₩70,000,000원", "7000"),
        ("천만원", "1000"),
        ("약 4700만원", "4700"),
        ("9.2천만원", "9200"),
    ],
)
def test_money_is_read_in_the_unit_of_the_question(typed, tens_of_thousands):
    assert read_number(typed, SALARY) == tens_of_thousands


@pytest.mark.parametrize("typed", ["5000쯤", "만원", "1억 2000", "1,5", "5000 or 6000", "-", "", "12,80", "nan", "inf"])
def test_what_is_no_clear_number_is_not_guessed(typed):
    assert read_number(typed, SALARY) is None


def test_won_without_a_unit_under_a_man_won_header_stays_as_typed_and_falls_out_of_range():
    """Nobody can tell 70,000,000 won from 70,000,000 만원; the range tells that something is odd."""
    assert read_number("70000000", SALARY) == "70000000"


@pytest.mark.parametrize(("typed", "year"), [("74년생", "1974"), ("1974년", "1974"), ("'74", "1974"), ("74", "1974")])
def test_two_digit_years_take_the_century_of_the_codebook(typed, year):
    assert read_number(typed, Question("born", "number", integer=True, two_digit_year=1900)) == year


def test_two_digit_years_are_not_guessed_without_a_century():
    assert read_number("74년생", Question("born", "number", integer=True)) is None
    assert read_number("74", Question("age", "number", integer=True)) == "74"


def test_units_behind_a_number_are_understood():
    years = Question("years", "number", unit="years", integer=True)
    assert [read_number(t, years) for t in ("12 years", "12년", "12")] == ["12"] * 3


def test_a_fraction_is_no_answer_where_a_whole_number_was_asked():
    assert read_number("3.5", Question("n", "number", integer=True)) is None
    assert read_number("1970.0000000000", Question("n", "number", integer=True)) == "1970"


@given(st.integers(0, 10**9))
def test_thousands_commas_and_full_width_digits_change_no_number(n):
    full_width = "".join(chr(ord(d) + 0xFEE0) for d in str(n))
    assert number(f"{n:,}") == number(full_width) == Decimal(n)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_korean_amounts_add_up(eok, man):
    assert korean_amount(f"{eok}억 {man}만원") == (Decimal(eok * 10**8 + man * 10**4), True)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_plain_numbers_read_back_exactly(value):
    assert float(plain(value)) == value


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2010/07/14 3:22:10 오후 GMT+9", "2010-07-14 15:22:10"),
        ("2010. 7. 14 오전 12:11:33", "2010-07-14 00:11:33"),
        ("2010. 7. 14 오후 12:11:33", "2010-07-14 12:11:33"),
        ("2018/02/13 1:03:41 am GMT-5", "2018-02-13 01:03:41"),
        ("2014. 8. 12.", "2014-08-12"),
        ("2011년 2월 17일", "2011-02-17"),
        ("2011.02.17", "2011-02-17"),
        ("2010-07-14T07:48:00Z", "2010-07-14 07:48:00"),
    ],
)
def test_dates_that_begin_with_the_year_are_always_read(typed, moment):
    assert read_date(typed) == moment


def test_a_date_that_could_be_two_needs_a_format():
    """Trap T091: 03/04/2024 was read as 4 March without a warning."""
    assert read_date("03/04/2024") is None
    assert read_date("03/04/2024", ("%m/%d/%Y",)) == "2024-03-04"
    assert read_date("03/04/2024", ("%d/%m/%Y",)) == "2024-04-03"


@pytest.mark.parametrize("typed", ["2011-02-30", "11-02-17", "soon", "", "2011-13-01", "40727"])
def test_what_is_no_date_is_not_guessed(typed):
    assert read_date(typed, ("korean",)) is None


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_excel_serials_are_days_since_the_end_of_1899(day):
    serial = (day - date(1899, 12, 30)).days
    assert read_date(str(serial), ("excel_serial",)) == day.isoformat()


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
def test_korean_times_read_back(moment):
    moment = moment.replace(microsecond=0)
    half = "오전" if moment.hour < 12 else "오후"
    typed = f"{moment.year}. {moment.month}. {moment.day} {half} {(moment.hour - 1) % 12 + 1}:{moment:%M:%S}"
    assert pd.Timestamp(read_date(typed)) == moment


def test_an_excel_serial_with_a_fraction_is_a_time():
    wanted = datetime(2011, 7, 3) + timedelta(hours=12)
    assert read_date("40727.5", ("excel_serial",)) == wanted.strftime("%Y-%m-%d %H:%M:%S")


def test_line_breaks_survive_tidying():
    assert tidy(" a\u00a0\u3000b \n c ") == "a b \n c"


def test_the_institutes_salaries_and_years_are_the_truth():
    """institute_cp949_nasty.csv against truth.csv; won without a unit (every seventh) lies out of range."""
    content = (EXPORTS / "institute_cp949_nasty.csv").read_bytes().decode("cp949")
    rows = pd.read_csv(pd.io.common.StringIO(content), dtype="str", keep_default_na=False)
    rows = rows[rows["번호"].str.fullmatch(r"\d+")]
    wanted = truth().loc[[f"R{int(n):03d}" for n in rows["번호"]]]
    born = Question("born", "number", integer=True, two_digit_year=1900)
    for typed, year in zip(rows["출생년도"], wanted["birth_year"], strict=True):
        assert (read_number(typed, born) if typed.strip() else "") == year
    for typed, won in zip(rows["연봉"], wanted["q8_won"], strict=True):
        if typed.strip() and won:
            value = int(read_number(typed, SALARY))
            assert won in (str(value * 10_000), str(value)), typed
            assert value <= 100_000 or won == str(value)
