"""Coefficients, ratios or effects of several models: one row a term, one dot a model."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..comparisons import ModelComparison, TermRow
from ..errors import ChoiceError
from ..results import Estimates
from . import wording
from .coefficients import axis_title, curves_of
from .dots import DotRow, Kind, dot, draw_dots
from .legend import Key
from .page import Surround
from .theme import ACCENT, LEVELS, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.grid import Record

KINDS: dict[str, Kind] = {"odds_ratio": "ratio", "rate_ratio": "ratio", "effect": "points"}
Look = tuple[str, str]


def comparison(result: ModelComparison, ax: "Axes | None", lang: str, width: float | None) -> "Axes":
    """Slopes of several models; intercepts, thresholds and splines are left to the table."""
    first = _of_one_scale(result)
    kind = KINDS.get(first.scale, "number")
    looks = looks_of_models(result)
    result, left = _without_curves(result)
    surround = _surround(result, _legend(result, looks, lang), axis_title(first, kind, lang), lang)
    if left:
        surround = replace(surround, notes=(wording.word("curves_left", lang), *surround.notes))
    return draw_dots(
        list(_rows(result, looks, lang)), surround, kind, ax, width, reference=1.0 if kind == "ratio" else 0.0
    )


def _without_curves(result: ModelComparison) -> tuple[ModelComparison, bool]:
    """Rows without splines, where other slopes are left; and whether any were left out."""
    kept = tuple(row for row in result.rows if not _bent(result, row))
    others = any(row.component == "slope" for row in kept)
    return (replace(result, rows=kept), True) if others and len(kept) < len(result.rows) else (result, False)


def _bent(result: ModelComparison, row: TermRow) -> bool:
    """Whether a row is a part of a curve."""
    found = ((result.models[column.model], place) for column, place in zip(result.columns, row.places))
    return any(place is not None and m.frame["term"].iloc[place] in curves_of(m) for m, place in found)


def _of_one_scale(result: ModelComparison) -> Estimates:
    """The first model; models of several scales have no common axis."""
    scales = {model.scale: name for name, model in result.models.items()}
    if len(scales) > 1:
        listed = ", ".join(f"{name!r} is in {scale}" for scale, name in scales.items())
        raise ChoiceError(
            f'The models have no common scale ({listed}). Compare them with scale="effect", or draw fewer.'
        )
    return next(iter(result.models.values()))


def looks_of_models(result: ModelComparison) -> dict[str, Look]:
    """Colour and marker of each model: three by hue and shape, up to five by the steps of a scale."""
    family = SERIES if len(result.models) <= len(SERIES) else LEVELS
    if len(result.models) > len(family):
        raise ChoiceError(
            f"{len(result.models)} models cannot be told apart in one figure. Draw at most {len(family)}, or use "
            "`.table()`."
        )
    return dict(zip(result.models, family)) if len(result.models) > 1 else dict.fromkeys(result.models, (ACCENT, "o"))


def _rows(result: ModelComparison, looks: Mapping[str, Look], lang: str) -> Iterator[DotRow]:
    """A row a term; under a head where the outcome of a model has several levels."""
    records = {name: model.frame.to_dict("records") for name, model in result.models.items()}
    levels = list(dict.fromkeys(column.level for column in result.columns))
    for level in levels:
        if len(levels) > 1:
            yield DotRow(_head(result, level, lang))
        for row in (row for row in result.rows if row.component == "slope"):
            found = _dots(result, row, level, records)
            if found:
                yield DotRow(wording.spoken(row.full, lang), tuple(dot(r, "", looks[name]) for name, r in found))


def _head(result: ModelComparison, level: Any, lang: str) -> str:
    """Words of a level, or of the outcome of the models that have none."""
    model = result.models[next(column.model for column in result.columns if column.level == level)]
    record = model.frame.iloc[0].to_dict() | ({} if level is None else {"level": level})
    return wording.one_line(wording.label(model, "outcome" if level is None else "level", record, lang))


def _dots(
    result: ModelComparison, row: TermRow, level: Any, records: Mapping[str, "list[Record]"]
) -> list[tuple[str, "Record"]]:
    """Models that have the term, with their rows."""
    return [
        (column.model, records[column.model][place])
        for column, place in zip(result.columns, row.places)
        if column.level == level and place is not None and np.isfinite(records[column.model][place]["estimate"])
    ]


def _surround(result: ModelComparison, legend: tuple[Key, ...], axis: str, lang: str) -> Surround:
    """Title and subtitle of the table, with the interval; notes on models and errors."""
    from ..tables.comparison_notes import about_models, subtitle_of, title_of

    small = wording.second(lang)
    intervals = dict.fromkeys(wording.interval(model, lang) for model in result.models.values())
    parts = [subtitle_of(result, small), *intervals]
    subtitle = " · ".join(part for part in parts if part)
    return Surround(title_of(result, wording.first(lang)), subtitle, tuple(about_models(result, small)), legend, axis)


def _legend(result: ModelComparison, looks: Mapping[str, Look], lang: str) -> tuple[Key, ...]:
    """Names of the models; with outcome and number of respondents where these differ."""
    from ..tables.comparison_notes import outcomes

    if len(looks) < 2:
        return ()
    asked, numbers = (
        outcomes(result, wording.first(lang)),
        {n: int(m.frame["n"].max()) for n, m in result.models.items()},
    )
    keys = []
    for name, look in looks.items():
        outcome = asked[name] if len(set(asked.values())) > 1 else ""
        number = f"n = {numbers[name]:,}" if len(set(numbers.values())) > 1 else ""
        keys.append(Key(" · ".join(part for part in (name, outcome, number) if part), *look))
    return tuple(keys)
