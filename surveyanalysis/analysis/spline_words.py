"""What readers see of a spline: labels of its columns, its knots, and where it ends."""

from ..estimators.spline import Spline
from ..language import LANGUAGES, Text, both, say

KINDS = {True: both("natural spline", "자연 스플라인"), False: both("B-spline", "B-스플라인")}


def column_place(position: int, df: int) -> Text:
    """Which of a spline's columns it is.

    Examples
    --------
    >>> column_place(1, 3)
    {'en': '1 of 3', 'ko': '3개 중 1'}
    """
    return both("{i} of {df}", "{df}개 중 {i}", i=position, df=df)


def spline_label(question: Text, natural: bool, position: int, df: int) -> Text:
    """Label of a column.

    Examples
    --------
    >>> spline_label({"en": "Age", "ko": "연령"}, True, 1, 3)
    {'en': 'Age: natural spline, 1 of 3', 'ko': '연령: 자연 스플라인, 3개 중 1'}
    """
    at = column_place(position, df)
    return {lang: f"{say(question, lang)}: {KINDS[natural][lang]}, {at[lang]}" for lang in LANGUAGES}


def spline_heading(question: Text, spline: Spline) -> Text:
    """Head of a spline's coefficients; those of two models share it only where knots and boundary are the same."""
    knots, (low, high) = _listed(spline), (f"{end:.6g}" for end in spline.boundary)
    words = both("knots {k}; {a} to {b}", "매듭 {k}; {a}~{b}", k=knots or "–", a=low, b=high)
    return {lang: f"{say(question, lang)}, {KINDS[spline.natural][lang]} ({words[lang]})" for lang in LANGUAGES}


def spline_note(term: str, spline: Spline, placed: bool) -> Text:
    """Note on knots and boundary, and how to read the curve."""
    knots, (low, high) = _listed(spline), (f"{end:.6g}" for end in spline.boundary)
    unweighted = both(" (quantiles of the respondents used, without weights)", "(분석 응답자의 분위수, 가중치 미적용)")
    none, at = both("no knots", "매듭 없음"), both("knots at {k}", "매듭 {k}", k=knots)
    where = {lang: at[lang] + ("" if placed else unweighted[lang]) if knots else none[lang] for lang in LANGUAGES}
    ends = both("a line beyond {a} and {b}", "{a}와 {b} 밖에서는 직선", a=low, b=high) if spline.natural else both(
        "from {a} to {b}", "{a}~{b} 범위", a=low, b=high)  # fmt: skip
    whole = both("its coefficients are read together, as a curve", "계수는 따로 해석하지 않고 곡선으로 해석")
    return {
        lang: f"{KINDS[spline.natural][lang]} {term}: {where[lang]}, {ends[lang]}; {whole[lang]}" for lang in LANGUAGES
    }


def _listed(spline: Spline) -> str:
    return ", ".join(f"{knot:.6g}" for knot in spline.knots)
