"""Which platform wrote a file: each is asked whether it knows the header; one row of names is left."""

from collections import Counter

from ..errors import ReadError, one_of
from .grid import Grid, Layout
from .qualtrics import qualtrics_layout

PLATFORMS = {"qualtrics": qualtrics_layout}
FORMATS = (*PLATFORMS, "csv", "excel")


def layout_of(grid: Grid, name: str, format: str | None = None) -> Layout:
    """Find the header of a file.

    Parameters
    ----------
    grid, name
        The file's cells, and its name for messages.
    format
        One of `FORMATS`; None asks every platform. "csv" and "excel" take the first row as the names.

    Raises
    ------
    ReadError
        The file has not the named format's header, a name occurs twice, or there is no row below the header.
    """
    if format is not None:
        one_of(format, FORMATS, "format")
    layout = _recognised(grid, name, format)
    _refuse_twice(layout, grid, name)
    if len(grid.rows) <= layout.header_rows:
        raise ReadError(f"{name} has a header of {len(layout.columns)} columns, but no answers below it.")
    return layout


def _recognised(grid: Grid, name: str, format: str | None) -> Layout:
    asked = [format] if format in PLATFORMS else [] if format else list(PLATFORMS)
    for platform in asked:
        layout = PLATFORMS[platform](grid)
        if layout is not None:
            return layout
    if asked == [format]:
        raise ReadError(f"{name} has not the header of a {format} export. Leave `format` away to have it found.")
    if format is not None and format != grid.kind:
        raise ReadError(f"{name} is a file of kind {grid.kind!r}, not {format!r}.")
    return Layout(grid.kind, 1, grid.rows[0])


def _refuse_twice(layout: Layout, grid: Grid, name: str) -> None:
    """Two columns of one name could not be told apart."""
    often = Counter(layout.columns)
    twice = [column for column, times in often.items() if times > 1]
    if not twice:
        return
    places = [str(i + 1) for i, column in enumerate(layout.columns) if column == twice[0]]
    what = f"the name {twice[0]!r}" if twice[0].strip() else "an empty name"
    where = f"row {grid.numbers[0]}" if grid.kind == "excel" else f"line {grid.numbers[0]}"
    titles = " Rows above the names (a title, a unit) must go." if not twice[0].strip() else ""
    others = f" Also twice: {', '.join(map(repr, twice[1:4]))}." if len(twice) > 1 else ""
    raise ReadError(
        f"{name}, {where}: columns {', '.join(places[:8])} have {what}. Name each column once.{titles}{others}"
    )
