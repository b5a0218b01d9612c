"""Text in several languages, and the words that readers of tables see."""

from collections.abc import Mapping
from typing import Any

Text = Mapping[str, str]
"""The same words in several languages: {"en": "Age", "ko": "연령"}."""

LANGUAGES = ("en", "ko")


def text(value: "str | Text | None") -> Text:
    """Make a plain string into a text that reads the same in every language."""
    if value is None:
        return {}
    return {"": value} if isinstance(value, str) else dict(value)


def say(value: "str | Text | None", lang: str = "en") -> str:
    """Return the words of `value` in `lang`; else English, else whatever there is.

    Examples
    --------
    >>> say({"en": "Age", "ko": "연령"}, "ko")
    '연령'
    >>> say("Age", "ko")
    'Age'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    for key in (lang, "", "en"):
        if key in value:
            return value[key]
    return next(iter(value.values()), "")


def both(en: str, ko: str, /, **values: Any) -> Text:
    """Build a text in English and Korean, with the same values filled in.

    Examples
    --------
    >>> both("{n} respondents", "응답자 {n}명", n=57)["ko"]
    '응답자 57명'
    """
    return {"en": en.format(**values), "ko": ko.format(**values)}


SYNTHETIC = both("Synthetic respondents.", "가상(합성) 응답자.")
"""Stands wherever generated respondents appear."""
