"""Drawing a result: which figure its kind has, and how a figure is saved."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ChoiceError, one_of
from ..files import write_bytes
from ..results import Estimates, Test

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DRAWERS = {
    "proportion": ("shares", "shares"),
    "frequencies": ("shares", "shares"),
    "multiple_response": ("shares", "ordered_shares"),
    "ranking": ("shares", "ranking"),
    "mean": ("crosstab", "measured"),
    "total": ("crosstab", "measured"),
    "quantile": ("crosstab", "measured"),
    "distribution": ("crosstab", "crosstab"),
    "crosstab": ("crosstab", "crosstab"),
    "ratio": ("estimates", "pairs"),
    "total_by_ratio": ("estimates", "totals"),
    "variance": ("estimates", "pairs"),
    "correlation": ("estimates", "pairs"),
    "design_effect": ("estimates", "estimates"),
    "contrast": ("estimates", "contrasts"),
    "differences": ("estimates", "differences"),
    "standardised": ("estimates", "standardised"),
    "decomposition": ("estimates", "decomposition"),
    "alpha": ("estimates", "estimates"),
    "likert": ("likert", "likert"),
    "coefficients": ("coefficients", "coefficients"),
    "effects": ("coefficients", "effects"),
    "model_comparison": ("comparison", "comparison"),
    "predictions": ("probabilities", "predictions"),
    "roc": ("roc", "roc"),
    "calibration": ("calibration", "calibration"),
    "rootogram": ("rootogram", "rootogram"),
    "classification": ("estimates", "parts"),
    "influence": ("influence", "influence"),
    "missing_map": ("missing", "missing_map"),
    "imputed": ("missing", "imputed"),
    "convergence": ("missing", "convergence"),
    "plausibility": ("missing", "plausibility"),
    "missing_sensitivity": ("missing", "sensitivity"),
    "specification_grid": ("specifications", "specification_curve"),
    "leave_one_out": ("specifications", "without_each"),
}
"""Kind of result -> module and function that draw it."""
VARIANTS = {
    ("predictions", "stacked"): ("stacked", "stacked"),
    ("predictions", "panels"): ("panels", "panels"),
}
"""Kind of result and another kind of figure -> module and function that draw it."""
FORMATS = ("png", "svg")
THEME = {"text.parse_math": False, "text.usetex": False, "axes.unicode_minus": True}


@contextmanager
def themed() -> Iterator[None]:
    """Matplotlib's own defaults while a figure is made, whatever the user has set; all is as it was afterwards."""
    from matplotlib import style

    with style.context(["default", THEME]):
        yield


def draw(
    result: Estimates | Test,
    ax: "Axes | None" = None,
    lang: str = "en",
    width: float | None = None,
    kind: str | None = None,
) -> "Axes":
    """Draw a result.

    Parameters
    ----------
    result
        What a verb returned.
    ax
        Axes to draw in: the words stand around them, so leave room. None makes a figure of its own.
    lang
        "en", "ko", or "both" (Korean labels over English ones).
    width
        Inches: 3.3 for a journal's column, 6.3 for a page (taken for None), 10 for a slide.
    kind
        Another kind of figure than the usual one, where there is one: of predictions along a number "stacked" (areas of
        the levels' probabilities, which fill 100%) or "panels" (one for each level).

    Returns
    -------
    Axes
        On a figure that pyplot does not hold: nothing has to be closed, and a notebook shows it once, where the call is
        the last line of a cell or handed to ``display``. Its artists are named by ``get_gid``.

    Raises
    ------
    ChoiceError
        The language is not known, or this kind of result has no figure.

    Notes
    -----
    Fonts are given to each text, and global settings are as they were. ``$`` is a dollar, never mathematics.
    """
    one_of(lang, ("en", "ko", "both"), "lang")
    if width is not None and not (isinstance(width, int | float) and 2 <= width <= 40):
        raise ChoiceError(f"`width` is {width!r}; it is in inches: 3.3 (column), 6.3 (page), 10 (slide).")
    if ax is not None and not hasattr(ax, "get_figure"):
        raise ChoiceError(f"`ax` is {ax!r}; it must be matplotlib Axes, such as the second of plt.subplots().")
    if result.kind not in DRAWERS:
        listed = ", ".join(DRAWERS)
        raise ChoiceError(
            f"There is no figure for a result of kind {result.kind!r}; use `.table()`. Figures: {listed}."
        )
    with themed():
        axes = _drawer(result.kind, kind)(result, ax, lang, width)
    return axes if ax is not None else shown_once(axes)


def _drawer(shown: str, kind: str | None) -> Callable[..., "Axes"]:
    others = {other: home for (of, other), home in VARIANTS.items() if of == shown}
    if kind is not None and not others:
        raise ChoiceError(f"`kind` is {kind!r}, but a result of kind {shown!r} has one kind of figure: leave it out.")
    module, name = DRAWERS[shown] if kind is None else others[one_of(kind, others, "kind")]
    return getattr(import_module(f".{module}", __package__), name)


def shown_once(ax: "Axes") -> "Axes":
    """Let a notebook show the axes' figure as a picture; pyplot is not involved, so it is shown once."""
    vars(ax)["_repr_png_"] = lambda: (picture(ax), {"width": round(96 * figure_of(ax).get_figwidth())})
    return ax


def figure_of(drawn: "Axes | Figure") -> "Figure":
    """Return the figure of axes, or the figure itself."""
    figure: Any = getattr(drawn, "figure", None) or drawn
    return figure


def picture(drawn: "Axes | Figure", form: str = "png", dpi: int = 200) -> bytes:
    """Render a figure as PNG or SVG; the same figure gives the same bytes.

    Parameters
    ----------
    drawn
        Axes or figure.
    form
        "png" or "svg". SVG holds letters as shapes, so that it looks the same where the font is not installed.
    dpi
        Dots per inch of a PNG: 200, or 300 for print.
    """
    from matplotlib import rc_context

    one_of(form, FORMATS, "form")
    metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
    out = io.BytesIO()
    with rc_context({"svg.hashsalt": "surveyanalysis", "svg.fonttype": "path", "savefig.bbox": None}):
        figure_of(drawn).savefig(out, format=form, dpi=dpi, metadata=metadata, facecolor="white")
    return out.getvalue()


def save(drawn: "Axes | Figure", path: str | Path, dpi: int = 200) -> Path:
    """Write a figure as PNG or SVG, by the file's ending; an older file stays until the new one is complete.

    Raises
    ------
    ChoiceError
        The ending is neither .png nor .svg.
    OutputError
        The file cannot be written.
    """
    form = one_of(Path(path).suffix.lower().lstrip("."), FORMATS, "ending of path")
    return write_bytes(path, picture(drawn, form, dpi))


def close(drawn: "Axes | Figure") -> None:
    """Free a figure's memory; also tell pyplot, should the figure be one of its own."""
    import sys

    figure = figure_of(drawn)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)
    figure.clear()
