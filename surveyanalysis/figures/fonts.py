"""Fonts that hold Hangul, found without touching global settings; how wide text is, and where it breaks."""

from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

HANGUL = ("Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic", "Noto Sans KR", "Noto Sans CJK KR")
"""Families that systems have, in the order in which they are looked for."""
FALLBACK = "DejaVu Sans"
"""Comes with matplotlib; holds what Korean families lack, such as U+2212."""
_FINE = 8


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Families to set text in: one with Hangul, then the fallback.

    Notes
    -----
    The system's own families come first; else the Regular and Bold files that the koreanize-matplotlib package
    carries are made known to matplotlib's list of fonts. That package is found, never imported: its import changes
    global settings.
    A family whose regular weight would come out Light is passed over.
    """
    from matplotlib.font_manager import fontManager

    known = {entry.name for entry in fontManager.ttflist}
    system = next((name for name in HANGUL if name in known and _regular(name)), None)
    if system is None:
        system = _register(carried())
    return (system, FALLBACK) if system else (FALLBACK,)


def _register(files: tuple[Path, ...]) -> str | None:
    """Make Regular and Bold known to matplotlib's list of fonts; return the name of their family.

    The Bold file says 600 of itself, at which matplotlib logs a warning for every bold text: it is entered as 700.
    """
    from matplotlib.font_manager import fontManager, get_font, ttfFontProperty

    if len(files) < 2:
        return None
    regular, bold = files
    entry = replace(ttfFontProperty(get_font(bold)), weight=700)
    fontManager.ttflist.append(entry)
    fontManager.addfont(regular)
    return entry.name


def _regular(family: str) -> bool:
    """Whether a family's regular weight is known and is what matplotlib picks."""
    from matplotlib.font_manager import FontProperties, findfont

    file = findfont(FontProperties(family=family, weight="normal"), fallback_to_default=False)
    return "light" not in Path(file).stem.lower()


def carried() -> tuple[Path, ...]:
    """Regular and Bold font files within the koreanize-matplotlib package, where it is installed."""
    spec = find_spec("koreanize_matplotlib")
    folders = [Path(folder) / "fonts" for folder in (spec.submodule_search_locations or [])] if spec else []
    files = [folder / name for folder in folders for name in ("NanumGothic.ttf", "NanumGothicBold.ttf")]
    return tuple(file for file in files if file.is_file())


@lru_cache(maxsize=64)
def font(size: float, bold: bool = False) -> "FontProperties":
    """Font of a text artist; given explicitly, so that it stays when a figure is saved later."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=1)
def _renderer() -> "RendererAgg":
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(8, 8, 72 * _FINE)


@lru_cache(maxsize=4096)
def measure(words: str, size: float, bold: bool = False) -> float:
    """Width of a text in points; the widest of its lines."""
    lines = words.split("\n")
    return max(_renderer().get_text_width_height_descent(line, font(size, bold), False)[0] / _FINE for line in lines)


def wrap(words: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break a text into lines of at most `width` points: at spaces, else within a word.

    Examples
    --------
    >>> wrap("Share of respondents", 1000, 9)
    ['Share of respondents']
    """
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in (piece for w in paragraph.split(" ") for piece in _cut(w, width, size, bold)):
            joined = f"{line} {word}" if line else word
            if line and measure(joined, size, bold) > width:
                lines.append(line)
                line = word
            else:
                line = joined
        lines.append(line)
    return lines


def _cut(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Cut a word that is wider than a line."""
    pieces, piece = [], ""
    for character in word:
        if piece and measure(piece + character, size, bold) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]
