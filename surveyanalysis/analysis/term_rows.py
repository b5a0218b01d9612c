"""Rows of a table of several models: which coefficients stand side by side, under which heading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from ..comparisons import ModelColumn, TermRow
from ..language import LANGUAGES, Text, say
from ..results import Estimates
from .spline_words import column_place, spline_heading
from .terms import Basis, Part

RANKS = {"slope": 0, "intercept": 1, "threshold": 2}
"""Order of the components in a table; any other comes after them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a category stands: under its question and reference, by its own label, in the codebook's order."""

    heading: Text
    label: Text
    position: tuple[int, ...]


@dataclass(slots=True)
class _Seat:
    """A row in the making."""

    component: str
    said: Heading
    full: Text
    places: list[int | None] = field(default_factory=list)


def columns_of_models(models: Mapping[str, Estimates]) -> tuple[ModelColumn, ...]:
    """One column a model; one a level where its outcome has several."""
    found = []
    for name, result in models.items():
        frame = result.frame
        levels = list(dict.fromkeys(frame["level"])) if "level" in frame else []
        found += [ModelColumn(name, level) for level in levels] if len(levels) > 1 else [ModelColumn(name)]
    return tuple(found)


def term_rows(
    models: Mapping[str, Estimates], bases: Mapping[str, Basis | None], columns: tuple[ModelColumn, ...]
) -> tuple[TermRow, ...]:
    """Rows in order: slopes grouped by question, the intercept, thresholds.

    Coefficients of the same name stand in one row only where they are compared with the same reference level.
    """
    groups: dict[tuple[str, ...], dict[str, _Seat]] = {}
    seats = {(column.model, column.level): i for i, column in enumerate(columns)}
    for name, result in models.items():
        headings = headings_of(bases.get(name))
        for place, record in enumerate(result.frame.to_dict("records")):
            component, said = _component(record), _said(result, record, headings)
            where = seats.get((name, record.get("level")), seats.get((name, None)))
            key = (component, say(said.heading) or f"{record['term']}|{say(said.label)}")
            empty = _Seat(component, said, result.labels.columns.get(record["term"], said.label), [None] * len(columns))
            seat = groups.setdefault(key, {}).setdefault(record["term"], empty)
            if where is not None:
                seat.places[where] = place
    ordered = sorted(groups.items(), key=lambda item: RANKS.get(item[0][0], len(RANKS)))
    rows = (seat for _, group in ordered for seat in sorted(group.values(), key=lambda s: s.said.position))
    return tuple(TermRow(s.component, s.said.heading, s.said.label, s.full, tuple(s.places)) for s in rows)


def _component(record: Mapping[Any, Any]) -> str:
    component = str(record.get("component", "slope"))
    return "intercept" if component == "slope" and record["term"] == "(intercept)" else component


def _said(result: Estimates, record: Mapping[Any, Any], headings: Mapping[str, Heading]) -> Heading:
    """Words of a row: those of its category, else its label alone."""
    term = record["term"]
    if term in headings and _component(record) == "slope":
        return headings[term]
    return Heading({}, result.labels.columns.get(term, {"": str(term)}), ())


def headings_of(basis: Basis | None) -> dict[str, Heading]:
    """Name of a coefficient -> its heading, for categories, splines, and interactions with them."""
    found: dict[str, Heading] = {}
    for term in basis.terms if basis else ():
        parts = [basis.parts[factor] for factor in term] if basis else []
        if all(part.is_slope and part.spline is None for part in parts):
            continue
        heading = _joined([_heading(part) for part in parts])
        for combined in product(*(_choices(part) for part in parts)):
            label = _joined([label for _, label, _ in combined if label])
            name, position = ":".join(name for name, _, _ in combined), tuple(at for _, _, at in combined)
            found[name] = Heading(heading, label, position)
    return found


def _choices(part: Part) -> list[tuple[str, Text, int]]:
    """Name, label under its heading, and position of each column; a slope has no label of its own there."""
    names = [name for name, _ in part.names()]
    if part.spline is not None:
        return [(name, column_place(i, part.spline.df), i) for i, name in enumerate(names, start=1)]
    if part.is_slope:
        return [(names[0], {}, 0)]
    return [(name, part.variable.level_label(at), at) for name, at in zip(names, part.shown)]


def _heading(part: Part) -> Text:
    """The question, with the level that the others are compared with, or the knots of its spline."""
    if part.spline is not None:
        return spline_heading(part.variable.label, part.spline)
    if part.reference is None:
        return part.names()[0][1]
    question, reference = part.variable.label, part.variable.level_label(part.reference)
    return {
        "en": f"{say(question)} (ref. {say(reference)})",
        "ko": f"{say(question, 'ko')} (기준: {say(reference, 'ko')})",
    }


def _joined(words: list[Text]) -> Text:
    return {lang: " × ".join(say(word, lang) for word in words) for lang in LANGUAGES}
