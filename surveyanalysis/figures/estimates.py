"""Numbers with their intervals, a row each: ratios, variances, correlations, contrasts, differences, standardised."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..results import Estimates
from . import wording
from .crosstab import grouped
from .dots import Dot, DotRow, Kind, dot, draw_dots
from .page import Surround

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record

SHARES = ("proportion", "probability")
NOTHING = {"contrast": 0.0, "differences": 0.0, "decomposition": 0.0, "correlation": 0.0, "design_effect": 1.0}
"""Where "no effect" is."""


def pairs(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Ratios, variances and correlations, named by their two questions."""
    from ..tables.pairs import paired

    return estimates(paired(result), ax, lang, width)


def totals(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Totals through a ratio: those of the groups where there are several, then of all."""
    from ..tables.pairs import paired

    groups = replace(result.detail["groups"], kind="total_by_ratio", origin=result.origin)
    record = result.frame.iloc[0].to_dict()
    everybody = DotRow(wording.word("all", lang), (_dot(record, "number", _decimals(groups)),))
    return estimates(paired(groups), ax, lang, width, (everybody,) if groups.by else ())


def standardised(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Standardised shares by answer, or means."""
    return (grouped if result.scale == "proportion" else estimates)(result, ax, lang, width)


def contrasts(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Functions of estimates by their names."""
    return estimates(replace(result, _frame=result.frame.drop(columns=["term", "n"])), ax, lang, width)


def differences(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Pairs of groups around zero."""
    return estimates(replace(result, _frame=result.frame.drop(columns="n")), ax, lang, width)


def decomposition(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """The gap and its parts around zero; the groups' means are left to the table."""
    frame = result.frame
    return estimates(replace(result, _frame=frame[~frame["term"].str.startswith("mean[")]), ax, lang, width)


def parts(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Shares of right predictions, a row a part; parts without base are left to the table."""
    rows = [
        DotRow(wording.one_line(label), (dot(record, wording.percent(record["estimate"])),))
        for block in wording.blocks(result, ("component",), lang)
        for label, record in block.rows
        if record["estimate"] == record["estimate"]
    ]
    title, subtitle = wording.title(result, lang), wording.subtitle(result, lang)
    return draw_dots(rows, Surround(title, subtitle, wording.notes(result.origin, lang)), "percent", ax, width)


def estimates(
    result: Estimates, ax: "Axes | None", lang: str, width: float | None, more: Sequence[DotRow] = ()
) -> "Axes":
    """A row for each estimate, then `more`; those that share their first keys stand under one head."""
    kind: Kind = "points" if result.kind in ("differences", "decomposition") and result.scale in SHARES else "number"
    decimals = _decimals(result)
    keys = ("outcome", "level", *result.by, "component", "term")
    rows: list[DotRow] = []
    for block in wording.blocks(result, keys, lang):
        rows += [DotRow(block.head)] if block.head else []
        rows += [DotRow(wording.one_line(label), (_dot(record, kind, decimals),)) for label, record in block.rows]
    rows += more
    title, subtitle = wording.title(result, lang), wording.subtitle(result, lang)
    unit = wording.word("points", lang) if kind == "points" else ""
    surround = Surround(title, subtitle, wording.notes(result.origin, lang), (), unit)
    return draw_dots(rows, surround, kind, ax, width, reference=NOTHING.get(result.kind))


def _decimals(result: Estimates) -> int:
    from ..tables.layouts_estimates import decimals_of

    return decimals_of(result)


def _dot(record: "Record", kind: Kind, decimals: int) -> Dot:
    """An estimate with its number, and its base where it has one of its own."""
    if kind == "points":
        return dot(record, wording.number(record["estimate"], "signed", 1, percent=True))
    return dot(record, wording.number(record["estimate"], "number", decimals))
