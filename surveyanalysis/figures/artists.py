"""Texts placed in points, and axes without box and ticks."""

from typing import TYPE_CHECKING, Any

from .fonts import font
from .theme import LINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform


def corner(ax: "Axes", fraction: tuple[float, float], offset: tuple[float, float]) -> "Transform":
    """Transformation of the point (0, 0) to a place `offset` points from a corner of the axes."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    inches = ScaledTranslation(offset[0] / 72, offset[1] / 72, ax.figure.dpi_scale_trans)
    return Affine2D().translate(*fraction) + ax.transAxes + inches


def say_at(
    ax: "Axes",
    fraction: tuple[float, float],
    offset: tuple[float, float],
    words: str,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    part: str = "",
    **more: Any,
) -> Any:
    """Write at a distance in points from a corner of the axes; `part` names the artist (its gid)."""
    return ax.text(
        0,
        0,
        words,
        transform=corner(ax, fraction, offset),
        fontproperties=font(size, bold),
        color=colour,
        gid=part,
        parse_math=False,
        clip_on=False,
        **more,
    )


def say_beside(
    ax: "Axes", x: float, y: float, words: str, size: float, colour: str, *, part: str = "", dx: float = 0, **more: Any
) -> Any:
    """Write at a point of the data, moved by `dx` points."""
    return ax.annotate(
        words,
        (x, y),
        xytext=(dx, 0),
        textcoords="offset points",
        fontproperties=font(size),
        color=colour,
        gid=part,
        parse_math=False,
        annotation_clip=False,
        **more,
    )


def clean_axes(ax: "Axes", measured: str = "x") -> None:
    """No box, no ticks; a light grid along the measured axis only."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(which="both", length=0, pad=4)
    ax.set_axisbelow(True)
    ax.grid(False)
    ax.grid(True, axis="x" if measured == "x" else "y", color=LINE, linewidth=0.8, linestyle="-")
