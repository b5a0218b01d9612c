"""Words of the page itself, in English and Korean."""

from ..language import Text, both, say

_WORDS: dict[str, Text] = {
    "contents": both("Contents", "차례"),
    "verdicts": both("Printed against computed", "인쇄된 값과 계산한 값"),
    "methods": both("Methods", "방법"),
    "limits": both("Limits", "한계"),
    "ledger": both("Ledger of changes", "수정 원장"),
    "made": both("How it was made", "작성 정보"),
    "behind": both("The numbers behind it", "그림의 숫자"),
    "files": both("Files", "파일"),
}


def page_words(lang: str) -> dict[str, str]:
    """Return the page's own words in a language.

    Examples
    --------
    >>> page_words("en")["limits"]
    'Limits'
    """
    return {key: say(value, lang) for key, value in _WORDS.items()}
