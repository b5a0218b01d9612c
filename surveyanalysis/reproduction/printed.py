"""Printed numbers as they stand: "Sixty percent", "35.3%", "−4.80", "1,681", "p < .001"."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..errors import PublishedError

Unit = Literal["percent", "number"]
Relation = Literal["=", "<", ">"]
UNITS = ("percent", "number")

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {w: i for i, w in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, start=2)}
_PERCENT = re.compile(r"\s*(?:%p?|per\s?cent(?:age points?)?|퍼센트(?:포인트)?|프로)$", re.IGNORECASE)
_RELATION = re.compile(r"^(?:p\s*)?(<|>|=|less than |more than )\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_MINUS = str.maketrans({"−": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number.

    Attributes
    ----------
    text
        As it stands in print.
    value
        The number, exact; for a percentage in percent (60, not 0.6).
    decimals
        Decimals printed: the unit of the last place is 10 ** -decimals.
    unit
        "percent" where the print says so, else "number".
    relation
        "=" for a number, "<" or ">" for a bound such as "p < .001".
    """

    text: str
    value: Decimal
    decimals: int
    unit: Unit = "number"
    relation: Relation = "="

    @property
    def step(self) -> Decimal:
        """One unit in the last printed place."""
        return Decimal(1).scaleb(-self.decimals)


def read_printed(text: str) -> Printed:
    """Read a printed number.

    Parameters
    ----------
    text
        Digits with or without a leading zero, thousands commas, a true minus, an exponent, stars of significance;
        number words up to a hundred; "%", "percent", "per cent", "퍼센트"; "<", ">", "less than", "more than", "p <".

    Raises
    ------
    PublishedError
        The text is no number, or could be read in two ways (a decimal comma, brackets).

    Examples
    --------
    >>> read_printed("Sixty percent")
    Printed(text='Sixty percent', value=Decimal('60'), decimals=0, unit='percent', relation='=')
    >>> read_printed("−4.80").value, read_printed("−4.80").decimals, read_printed("p < .001").relation
    (Decimal('-4.80'), 2, '<')
    """
    if not isinstance(text, str):
        raise PublishedError(f"A printed number is {text!r}. Write it as a text in quotes, with every digit printed.")
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS).strip().rstrip("*").rstrip()
    body = _PERCENT.sub("", plain)
    unit: Unit = "percent" if body != plain else "number"
    relation, body = _split_relation(body)
    value = Decimal(body.replace(",", "")) if _NUMBER.fullmatch(body) else _from_words(body)
    if value is None:
        raise PublishedError(
            f"{text!r} cannot be read as a printed number. Readable: '35.3%', 'Sixty percent', '60퍼센트', '-0.496', "
            "'1,681', '.0039', '<.001', 'p < .05'."
        )
    return Printed(text, value, max(0, -int(value.as_tuple().exponent)), unit, relation)


def _split_relation(body: str) -> tuple[Relation, str]:
    """Take "<", ">", "p =" and their words off the front."""
    found = _RELATION.match(body)
    if found is None:
        return "=", body
    sign: dict[str, Relation] = {"<": "<", "less than ": "<", ">": ">", "more than ": ">"}
    return sign.get(found.group(1).lower(), "="), body[found.end() :]


def _from_words(body: str) -> Decimal | None:
    """English number words from zero to one hundred; None for anything else."""
    words = re.split(r"[\s-]+", body.strip().lower())
    if words in (["hundred"], ["one", "hundred"], ["a", "hundred"]):
        return Decimal(100)
    numbers = [_WORDS.get(w, -1) for w in words]
    if min(numbers) < 0:
        return None
    tens_and_ones = len(numbers) == 2 and numbers[0] >= 20 and 1 <= numbers[1] <= 9
    return Decimal(sum(numbers)) if len(numbers) == 1 or tens_and_ones else None
