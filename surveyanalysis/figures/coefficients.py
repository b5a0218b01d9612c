"""Coefficients, ratios and effects with their intervals around the line of no effect."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..results import Estimates
from . import wording
from .dots import DotRow, Kind, dot, draw_dots
from .legend import Key
from .page import Surround
from .theme import ACCENT, LEVELS, SERIES, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record


RATIOS = ("odds_ratio", "risk_ratio", "rate_ratio", "hazard_ratio")


def coefficients(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Slopes; thresholds, the intercept and splines are left to the table. Ratios stand on a log axis around 1."""
    frame = result.frame
    slopes = frame[frame["component"] == "slope"] if "component" in frame else frame
    kept = slopes[~slopes["term"].astype(str).str.casefold().isin(("(intercept)", "intercept", "const"))]
    curves = kept["term"].isin(curves_of(result))
    left = wording.word("curves_left", lang) if curves.any() and not curves.all() else ""
    kept = kept[~curves] if left else kept
    ratio = result.scale in RATIOS
    return _draw(replace(result, _frame=kept), "ratio" if ratio else "number", ax, lang, width, left)


def curves_of(result: Estimates) -> Sequence[str]:
    """Terms that belong to a curve: drawn only where there is nothing else, since none is read alone."""
    return result.detail.get("curves", ())


def effects(result: Estimates, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Differences in probability, in percentage points; ratios on a log axis; effects on means in their units."""
    kinds: dict[str, Kind] = {"effect": "points", **dict.fromkeys(RATIOS, "ratio")}
    return _draw(result, kinds.get(result.scale, "number"), ax, lang, width)


def _draw(result: Estimates, kind: Kind, ax: "Axes | None", lang: str, width: float | None, note: str = "") -> "Axes":
    from ..tables.layouts_models import bounds_of, decimals_by

    frame = result.frame
    series = [key for key in ("level", *result.by) if key in frame and frame[key].nunique() > 1]
    looks = looks_of(result, series)
    decimals = decimals_by(result, bounds_of(result))
    rows: list[DotRow] = []
    for term in pd.unique(frame["term"]):
        records = frame[frame["term"] == term].to_dict("records")
        single = len(looks) == 1
        dots = tuple(dot(r, _words(r, kind, decimals) if single else "", looks[told_by(r, series)]) for r in records)
        rows.append(DotRow(_term(result, records[0], lang), dots))
    legend = tuple(
        Key(wording.one_line(words), *look) for words, look in zip(names_of(result, series, lang), looks.values())
    )
    surround = Surround(
        wording.title(result, lang),
        wording.subtitle(result, lang),
        wording.notes(result.origin, lang, note),
        legend if len(legend) > 1 else (),
        axis_title(result, kind, lang),
    )
    return draw_dots(rows, surround, kind, ax, width, reference=1.0 if kind == "ratio" else 0.0)


def told_by(record: "Record", series: Sequence[str]) -> tuple[Any, ...]:
    """Values of the keys that tell the series apart."""
    return tuple(record[key] for key in series)


def looks_of(result: Estimates, series: Sequence[str]) -> dict[tuple[Any, ...], tuple[str, str]]:
    """Colour and marker by series: steps of a scale in their order, a few groups by shape."""
    found = list(dict.fromkeys(told_by(record, series) for record in result.frame.to_dict("records")))
    if len(found) == 1:
        return {found[0]: (ACCENT, "o")}
    family = LEVELS if "level" in series or len(found) > len(SERIES) else SERIES
    chosen = spread(family, len(found)) if family is LEVELS else list(SERIES[: len(found)])
    return dict(zip(found, chosen))


def names_of(result: Estimates, series: Sequence[str], lang: str) -> list[str]:
    """Words of each series."""
    seen: dict[tuple[Any, ...], str] = {}
    for record in result.frame.to_dict("records"):
        words = " · ".join(wording.one_line(wording.label(result, key, record, lang)) for key in series)
        seen.setdefault(told_by(record, series), words)
    return list(seen.values())


def _term(result: Estimates, record: "Record", lang: str) -> str:
    """Words of a term; its question where several are modelled."""
    words = wording.label(result, "term", record, lang)
    many = result.frame["outcome"].nunique() > 1 if "outcome" in result.frame else False
    return f"{wording.label(result, 'outcome', record, lang)}: {words}" if many else words


def _words(record: "Record", kind: Kind, decimals: int) -> str:
    """Estimate and interval as a forest plot writes them."""
    ends = (record.get("ci_low", float("nan")), record.get("ci_high", float("nan")))
    if kind == "points":
        estimate = wording.number(record["estimate"], "signed", decimals - 1, percent=True)
        interval = wording.number(ends, "interval", decimals - 1, percent=True, between=", ")
    else:
        estimate = wording.number(record["estimate"], "number", decimals)
        interval = wording.number(ends, "interval", decimals, between=", ")
    return f"{estimate} [{interval}]" if interval else estimate


def axis_title(result: Estimates, kind: Kind, lang: str) -> str:
    """What the axis measures."""
    if kind == "points":
        return wording.word("points", lang)
    name = wording.word("effect_plain" if result.kind == "effects" and kind == "number" else result.scale, lang)
    log = wording.word("log_axis", lang).rstrip(".").lower()
    return f"{name} ({log})" if kind == "ratio" else name
