"""Hangul is set in a font that has it; global settings and the font package's import stay out of it."""

import subprocess
import sys

import matplotlib
import pytest
from matplotlib.font_manager import findfont, get_font

from surveyanalysis.figures.fonts import FALLBACK, carried, families, font, measure, wrap

WORDS = "학회·협회에 가장 필요한 지원은? 김이박 똠방각하 33.3% (19) $5 −0.5"


def glyphs_of(properties):
    """Independent: the character maps of the font files themselves."""
    return set().union(*(get_font(findfont(name)).get_charmap() for name in one_by_one(properties)))


def one_by_one(properties):
    for family in properties.get_family():
        single = properties.copy()
        single.set_family(family)
        yield single


@pytest.mark.parametrize("bold", [False, True])
def test_every_character_of_a_korean_figure_has_a_glyph(bold):
    assert {ord(c) for c in WORDS} <= glyphs_of(font(9, bold))


def test_all_modern_syllables_have_a_glyph():
    """Unicode: 11,172 Hangul syllables from U+AC00 to U+D7A3."""
    assert set(range(0xAC00, 0xD7A4)) <= glyphs_of(font(9))


def test_what_the_korean_font_lacks_comes_from_the_fallback():
    assert families()[-1] == FALLBACK
    assert ord("−") in get_font(findfont(FALLBACK)).get_charmap()


def test_regular_is_not_light_and_bold_is_not_regular():
    """The trap: with a Light file registered, matplotlib picks Light."""
    regular, bold = (findfont(next(one_by_one(font(9, b)))) for b in (False, True))
    assert "light" not in regular.lower()
    assert regular != bold


def test_the_font_package_is_found_but_never_imported():
    """Its import changes rcParams, and fails from Python 3.12 for want of distutils."""
    code = (
        "import sys; from surveyanalysis.figures.fonts import families; families();"
        "print('koreanize_matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False False"


def test_importing_the_figures_loads_no_matplotlib():
    code = (
        "import sys; import surveyanalysis.figures.figure, surveyanalysis.figures.flow, surveyanalysis.figures.likert;"
        "print('matplotlib' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_looking_for_fonts_changes_no_setting():
    before = dict(matplotlib.rcParams)
    families.cache_clear()
    families()
    assert dict(matplotlib.rcParams) == before
    assert all(file.name in ("NanumGothic.ttf", "NanumGothicBold.ttf") for file in carried())


def test_width_grows_with_the_size_and_counts_the_widest_line():
    assert measure("한국어", 18) == pytest.approx(2 * measure("한국어", 9), rel=0.02)
    assert measure("a\nlonger line", 9) == measure("longer line", 9)


def test_wrapped_lines_fit_and_hold_every_character():
    words = "거주국에 견주어 크게 낮은 급여와 복리후생 " + "가" * 60
    lines = wrap(words, 100, 9)
    assert max(measure(line, 9) for line in lines) <= 100
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
