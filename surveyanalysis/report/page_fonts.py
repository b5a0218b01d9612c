"""The letters that a page needs, within the page: Hangul reads right also where no Korean font is installed."""

import base64
from io import BytesIO
from pathlib import Path

from ..figures.fonts import carried

WEIGHTS = (400, 700)


def font_faces(html: str) -> str:
    """CSS that carries the glyphs of a page's characters, regular and bold, as data.

    Parameters
    ----------
    html
        The page.

    Returns
    -------
    str
        Two ``@font-face`` rules of the family "Page"; nothing where the package that carries the font is missing.
    """
    letters = "".join(sorted({character for character in html if character.isprintable()}))
    return "\n".join(_face(file, weight, letters) for file, weight in zip(carried(), WEIGHTS))


def _face(file: Path, weight: int, letters: str) -> str:
    data = base64.b64encode(_subset(file, letters)).decode("ascii")
    return (
        f'@font-face{{font-family:"Page";font-weight:{weight};font-display:swap;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _subset(file: Path, letters: str) -> bytes:
    """Keep these letters of a font; the same letters give the same bytes."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=[], hinting=False, notdef_outline=True, flavor="woff")
    options.drop_tables += [f"TSI{part}" for part in "01235"]  # sources of a font editor; they draw nothing
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    whole = BytesIO()
    with TTFont(file, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(whole)
    return whole.getvalue()
