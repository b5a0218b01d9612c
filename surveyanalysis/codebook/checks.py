"""What each question of a codebook file must hold; every fault with the place in the file that it is about."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..errors import nearest
from .assembly import PATTERNS, STANDARD_REASONS, choices_of, type_of
from .document import Place
from .references import Fault, bad_name, clashes, references
from .schema import Choices, CodebookFile, QuestionEntry

_CHOICE = {"choices", "event"}
KEYS_OF = {
    "single": _CHOICE,
    "likert": _CHOICE,
    "grid": {"choices", "items", "columns"},
    "multi": {"choices", "columns", "join", "ticked", "max"},
    "rank": {"choices", "columns", "join", "holds", "top"},
    "number": {"integer", "unit", "to", "range", "parse", "two_digit_year", "derive"},
    "date": {"formats", "range"},
    "text": set(),
}
CHOSEN = tuple(kind for kind, keys in KEYS_OF.items() if "choices" in keys)
NOT_FOR_ALL = set().union(*KEYS_OF.values())


def faults(file: CodebookFile) -> list[Fault]:
    """Everything that is wrong with a file, apart from its expressions."""
    found: list[Fault] = []
    for name, choices in file.choices.items():
        found += _choice_list(choices, ("choices", name))
    for i, entry in enumerate(file.questions):
        place = ("questions", i)
        found += bad_name(entry.id, (*place, "id"))
        found += _applicable(entry, place)
        found += _choices(entry, file, place)
        found += _binding(entry, place)
        found += _joined_options(entry, file.choices, place)
        found += _derivation(entry, file.choices, place)
        found += _limits(entry, file.choices, place)
        found += _reasons(entry, file, place)
    return found + list(clashes(file)) + list(references(file))


def _applicable(entry: QuestionEntry, place: Place) -> Iterator[Fault]:
    """Keys that mean nothing for a question of this type."""
    kind = type_of(entry)
    if entry.grid and entry.type not in ("likert", "grid"):
        yield (*place, "grid"), f"only a likert question can be a grid; the type is {entry.type!r}."
    for key in sorted(entry.model_fields_set & NOT_FOR_ALL - KEYS_OF[kind]):
        types = [other for other, keys in KEYS_OF.items() if key in keys]
        yield (*place, key), f"does not apply to a {kind} question; it is for {', '.join(types)}."


def _choices(entry: QuestionEntry, file: CodebookFile, place: Place) -> Iterator[Fault]:
    """A choice question has choices, a grid has items, and the event is one of the codes."""
    kind, here = type_of(entry), (*place, "choices")
    if kind in CHOSEN and entry.choices is None:
        yield here, f"is missing: a {kind} question needs choices, inline or the name of a list under `choices:`."
        return
    if isinstance(entry.choices, str) and entry.choices not in file.choices:
        yield here, f"there is no choice list {entry.choices!r}.{nearest(entry.choices, file.choices)}"
        return
    if isinstance(entry.choices, dict):
        yield from _choice_list(entry.choices, here)
    if kind == "grid" and not entry.items:
        yield (*place, "items"), "is missing: a grid needs items, its rows."
    codes = list(choices_of(entry, file.choices))
    if entry.event is not None and kind in ("single", "likert") and entry.event not in codes:
        yield (*place, "event"), f"{entry.event!r} is not one of the codes {codes}.{nearest(entry.event, codes)}"


def _choice_list(choices: Choices, place: Place) -> Iterator[Fault]:
    """At least one choice, and no spelling that stands for two of them."""
    if not choices:
        yield place, "has no choices."
    owner: dict[str, Any] = {}
    for code, choice in choices.items():
        for spelling in (str(code), *choice.label.values(), *choice.raw):
            known = owner.setdefault(unicodedata.normalize("NFC", spelling).strip(), code)
            if known != code:
                yield (*place, code), f"{spelling!r} stands for both {known!r} and {code!r}; an answer must mean one."


def _binding(entry: QuestionEntry, place: Place) -> Iterator[Fault]:
    """Where the answers lie must fit the type."""
    kind = type_of(entry)
    if entry.column is not None and entry.columns is not None:
        yield (*place, "columns"), "give `column` or `columns`, not both."
    if entry.columns is not None and kind in PATTERNS:
        part = "{rank}" if kind == "rank" and entry.holds == "code" else PATTERNS[kind]
        if entry.columns.count(part) != 1 or set("{}") & set(entry.columns.replace(part, "")):
            yield (*place, "columns"), f"{entry.columns!r} must hold {part} once, as in 'Q5_{part}'."
    if entry.column is not None and kind == "grid":
        yield (*place, "column"), "a grid lies in several columns; write `columns` with {item}."
    if entry.column is not None and kind in ("multi", "rank") and entry.join is None and entry.columns is None:
        yield (*place, "join"), 'is missing: several answers in one column need what separates them, such as ", ".'
    if entry.columns is not None and entry.join is not None:
        yield (*place, "join"), "belongs to one `column` that holds several answers, not to `columns`."


def _joined_options(entry: QuestionEntry, lists: Mapping[str, Choices], place: Place) -> Iterator[Fault]:
    """Of several answers in one cell, none may read like two others side by side."""
    if entry.join is None:
        return
    choices = choices_of(entry, dict(lists))
    known = {words.strip() for choice in choices.values() for words in (*choice.label.values(), *choice.raw)}
    for words in sorted(known):
        pieces = [piece.strip() for piece in words.split(entry.join.strip() or entry.join)]
        if len(pieces) > 1 and known.issuperset(pieces):
            said = " and ".join(map(repr, pieces))
            yield (*place, "choices"), f"{words!r} cannot be told from {said} in one cell joined by {entry.join!r}."


def _derivation(entry: QuestionEntry, lists: Mapping[str, Choices], place: Place) -> Iterator[Fault]:
    """A derived question is a number or a yes/no, and lies in no column of the file."""
    for name in entry.derive:
        yield from bad_name(name, (*place, "derive", name))
    if entry.derived is None:
        return
    here = (*place, "derived")
    if entry.column is not None or entry.columns is not None:
        yield here, "a derived question lies in no column of the file; leave `column` away."
    if type_of(entry) not in ("single", "number"):
        yield here, f"a {type_of(entry)} question cannot be derived; only a number or a single with two choices can."
    elif entry.type == "single" and len(choices_of(entry, dict(lists))) not in (0, 2):
        yield here, "a derived single question needs two choices: False, then True (or say which is True by `event`)."


def _limits(entry: QuestionEntry, lists: Mapping[str, Choices], place: Place) -> Iterator[Fault]:
    """Ranges are ordered and of the question's kind; no more ranks or ticks than choices."""
    if entry.range is not None and entry.type in ("number", "date"):
        yield from _ordered(entry.range, entry.type, (*place, "range"))
    number = len(choices_of(entry, dict(lists)))
    for key in ("top", "max"):
        limit = getattr(entry, key)
        if limit is not None and number and limit > number:
            yield (*place, key), f"is {limit}, but there are {number} choices."


def _ordered(ends: tuple[Any, Any], kind: str, place: Place) -> Iterator[Fault]:
    """Both ends are of the question's kind, the smaller one first."""
    low, high = ends
    if not all(isinstance(end, date) == (kind == "date") for end in ends):
        yield place, f"[{low}, {high}] must be two {'dates' if kind == 'date' else 'numbers'}."
    elif not low <= high:
        yield place, f"[{low}, {high}] is the wrong way round."


def _reasons(entry: QuestionEntry, file: CodebookFile, place: Place) -> Iterator[Fault]:
    """Reasons for missing that a question names exist."""
    known = [*file.missing, *(name for name in STANDARD_REASONS if name not in file.missing)]
    for raw, reason in entry.missing.items():
        if reason not in known:
            yield (*place, "missing", raw), f"{reason!r} is no reason for missing.{nearest(reason, known)}"
