"""Numbers and dates as people type them: 12,800; 1억 1900만원; １２５００; 74년생; 2011년 2월 17일; 오후 3:22."""

import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal

from ..codebook.questions import Question

MONEY = {"원": 1, "KRW": 1, "천원": 1_000, "만원": 10_000, "백만원": 1_000_000, "억원": 100_000_000}
"""Units of money in won."""

_SUFFIXES = {"years": ("years", "year", "yrs", "년"), "persons": ("persons", "명"), "세": ("세", "살")}
_BUT_LETTERS = re.compile("[^\u3131-\u318e]+")
_PLAIN = {0xFF01 + i: 0x21 + i for i in range(94)}
_DIGITS = r"\d+(?:\.\d+)?"
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_SECTION = re.compile(rf"(?:({_DIGITS})?천)?(?:({_DIGITS})?백)?(?:({_DIGITS})?십)?({_DIGITS})?")
_AMOUNT = re.compile(r"(?:([\d.천백십]*)조)?(?:([\d.천백십]*)억)?(?:([\d.천백십]*)만)?([\d.천백십]+)?(원)?")
_FILLING = re.compile(r"[\s₩]|(?<=\d),(?=\d{3}(?!\d))")
_BLANKS = re.compile(r"[^\S\n]+")
_ODD_BLANKS = re.compile(r"[^\S\n ]|  ")
_YEAR = re.compile(r"'?(\d{2}|\d{4})(?:년생|년도|년|생)?")
_DAY = r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?", re.ASCII)
_HALF = r"(오전|오후|[ap]\.?m\.?)?"
_STAMP = re.compile(
    rf"{_DAY}(?:[T\s]\s*{_HALF}\s*(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:\.\d+)?)?\s*{_HALF})?\s*(?:Z|GMT.*|[+-]\d{{2}}:?\d{{2}})?",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """Text in one Unicode form (NFKC), without spaces around it, runs of blanks as one; line breaks stay.

    Examples
    --------
    >>> tidy(" １２５００\\u3000만원 ")
    '12500 만원'
    """
    if not text.isascii():
        text = one_form(text).replace("\u200b", "").replace("\ufeff", "")
    return one_space(text).strip()


def one_form(text: str) -> str:
    """Text in Unicode's form NFKC; single Hangul letters (ㅋㅋ, ㅠㅠ) stay, which NFKC would make unreadable.

    Examples
    --------
    >>> one_form("ＫＡＩＳＴ ㅋㅋ ①")
    'KAIST ㅋㅋ 1'
    """
    return _BUT_LETTERS.sub(lambda part: unicodedata.normalize("NFKC", part.group()), text)


def as_typed(text: str) -> str:
    """Words in one form that changes no meaning: composed Hangul, plain instead of full-width letters and digits.

    Examples
    --------
    >>> as_typed("ＫＡＩＳＴ 10² ㅋㅋ ①")
    'KAIST 10² ㅋㅋ ①'
    """
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def one_space(text: str) -> str:
    """Text with runs of blanks as one space; line breaks stay."""
    return _BLANKS.sub(" ", text) if _ODD_BLANKS.search(text) else text


def plain(value: Decimal | float) -> str:
    """The one way in which a number is written in a cleaned text frame: no exponent, no trailing zeros.

    Examples
    --------
    >>> plain(Decimal("1.28E+8")), plain(3.50)
    ('128000000', '3.5')
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    written = format(exact.normalize(), "f")
    return "0" if written == "-0" else written


def number(text: str) -> Decimal | None:
    """Read a plain number; commas only where they part thousands. None where it is something else.

    Examples
    --------
    >>> number("12,800"), number("1,5") is None
    (Decimal('12800'), True)
    """
    compact = tidy(text).replace(" ", "")
    return Decimal(compact.replace(",", "")) if _NUMBER.fullmatch(compact) else None


def korean_amount(text: str) -> tuple[Decimal, bool] | None:
    """Read an amount with 조, 억, 만, 천, 백 or 원; "약" (about) before it changes nothing.

    Returns
    -------
    tuple or None
        The amount, and whether it names its own size (만, 억, 조 or 원), so that the unit in the question's wording
        does not apply. None where it cannot be read: "1억 2000" says neither 원 nor 만원.

    Examples
    --------
    >>> korean_amount("1억 1900만원"), korean_amount("5천")
    ((Decimal('119000000'), True), (Decimal('5000'), False))
    >>> korean_amount("1억 2000") is None
    True
    """
    compact = _FILLING.sub("", tidy(text)).removeprefix("약")
    found = _AMOUNT.fullmatch(compact)
    if not found or not re.search(r"[\d천백십조억만]", compact):
        return None
    *sections, won = found.groups()
    values = [_section(part) for part in sections]
    if any(value is None for value in values):
        return None
    large, small = any(part is not None for part in sections[:2]), sections[2] is None and sections[3]
    if large and small and not won:
        return None
    sizes = (Decimal(10**12), Decimal(10**8), Decimal(10**4), Decimal(1))
    total = sum((v * size for v, size in zip(values, sizes, strict=True) if v is not None), Decimal(0))
    return total, bool(won) or any(part is not None for part in sections[:3])


def _section(written: str | None) -> Decimal | None:
    """A number with 천, 백, 십; 0 where the section is absent, None where only its unit stands ("만원")."""
    if written is None:
        return Decimal(0)
    found = _SECTION.fullmatch(written)
    if found is None or not written:
        return None
    units = [u for u in "천백십" if u in written]
    groups = dict(zip("천백십", found.groups()[:3], strict=True))
    sizes = {"천": 1000, "백": 100, "십": 10}
    return sum((Decimal(groups[u] or 1) * sizes[u] for u in units), Decimal(found.group(4) or 0))


def read_number(text: str, question: Question) -> str | None:
    """Read the answer to a number question, in the unit of its wording, as plain text.

    Returns
    -------
    str or None
        None where it is no number, or no whole number where one was asked.

    Examples
    --------
    >>> salary = Question("salary", "number", unit="만원", to="KRW")
    >>> [read_number(t, salary) for t in ("12,800", "1억 1900만원", "６천만원", "70000000원")]
    ['12800', '11900', '6000', '7000']
    >>> read_number("74년생", Question("born", "number", integer=True, two_digit_year=1900))
    '1974'
    """
    value = _year(text, question.two_digit_year)
    if value is None:
        value = number(_without_unit(text, question.unit))
    if value is None and (amount := korean_amount(text)) is not None:
        value, absolute = amount
        value = value / MONEY[question.unit] if absolute and question.unit in MONEY else value
    if value is None or (question.integer and value != value.to_integral_value()):
        return None
    return plain(float(value))


def _year(text: str, century: int | None) -> Decimal | None:
    """A year; with two digits only where the codebook names the century."""
    found = _YEAR.fullmatch(tidy(text).replace(" ", "")) if century is not None else None
    if not found or century is None:
        return None
    year = int(found.group(1))
    return Decimal(year if len(found.group(1)) == 4 else century + year)


def _without_unit(text: str, unit: str) -> str:
    """The text without the question's unit at its end; money is read by `korean_amount`."""
    cleaned = tidy(text)
    if not unit or unit in MONEY:
        return cleaned
    ends = next((s for s in _SUFFIXES.get(unit, (unit,)) if cleaned.lower().endswith(s.lower())), "")
    return cleaned[: len(cleaned) - len(ends)] if ends else cleaned


def read_date(text: str, formats: tuple[str, ...] = ()) -> str | None:
    """Read a date, with or without a time of day, as ISO text.

    Dates that begin with a four-digit year are always read (2011-02-17, 2011. 2. 17, 2011년 2월 17일, with 오전 and
    오후, or am and pm, before or after the time). Anything else needs a format: nobody can tell 03/04/2024.

    Parameters
    ----------
    formats
        Formats of `datetime.strptime`, "korean" (always read), or "excel_serial" (40727 is 2011-07-03).

    Examples
    --------
    >>> read_date("2010. 7. 14 오후 3:22:10"), read_date("02/17/2011", ("%m/%d/%Y",)), read_date("02/17/2011")
    ('2010-07-14 15:22:10', '2011-02-17', None)
    >>> read_date("40727", ("excel_serial",))
    '2011-07-03'
    """
    if _ISO.fullmatch(text):
        return _as_it_is(text)
    cleaned = tidy(text)
    try:
        moment = _stamp(cleaned) or _by_format(cleaned, formats)
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    midnight = moment.hour == moment.minute == moment.second == 0
    return moment.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")


def _as_it_is(text: str) -> str | None:
    """A date that is written as cleaned frames write it, with its midnight left away; None where there is none."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text.removesuffix(" 00:00:00")


def _stamp(text: str) -> datetime | None:
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, before, hour, minute, second, after = found.groups()
    return datetime(int(year), int(month), int(day), _hour(hour, before or after), int(minute or 0), int(second or 0))


def _hour(hour: str | None, half: str | None) -> int:
    """Hour of the day; 12 am is midnight, 오후 12 is noon."""
    if hour is None or half is None:
        return int(hour or 0)
    return int(hour) % 12 + (12 if half == "오후" or half.lower().startswith("p") else 0)


def _by_format(text: str, formats: tuple[str, ...]) -> datetime | None:
    for form in formats:
        if form == "excel_serial" and (serial := number(text)) is not None and 1 <= serial < 2_958_466:
            return datetime(1899, 12, 30) + timedelta(seconds=round(float(serial) * 86400))
        if "%" in form:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
    return None
