"""What the parts of a codebook file say about each other: names that clash, and names that do not exist."""

import keyword
import unicodedata
from collections.abc import Iterator, Mapping

from ..errors import nearest
from .assembly import choices_of, type_of
from .document import Place
from .expressions import FUNCTIONS
from .frame_types import PROCESS_COLUMNS
from .schema import Choices, CodebookFile, QuestionEntry

Fault = tuple[Place, str]


def bad_name(name: str, place: Place) -> Iterator[Fault]:
    """A name must be one that can stand in an expression."""
    if not name.isidentifier() or keyword.iskeyword(name) or unicodedata.normalize("NFKC", name) != name:
        yield place, f"{name!r} is no name. Use letters (Korean too), digits and _, not beginning with a digit."
    elif name in (*FUNCTIONS, *PROCESS_COLUMNS):
        yield place, f"{name!r} has a meaning of its own in expressions. Choose another name."


def _columns(entry: QuestionEntry, lists: Mapping[str, Choices]) -> list[str]:
    """Columns of the cleaned frame."""
    kind = type_of(entry)
    parts = entry.items if kind == "grid" else choices_of(entry, dict(lists)) if kind in ("multi", "rank") else ()
    return [f"{entry.id}_{part}" for part in parts] or [entry.id]


def clashes(file: CodebookFile) -> Iterator[Fault]:
    """Ids, columns of the frame and columns of the file that two questions claim."""
    ids: dict[str, str] = {}
    bound: dict[str, str] = {}
    for i, entry in enumerate(file.questions):
        place = ("questions", i)
        for name in dict.fromkeys([entry.id, *_columns(entry, file.choices), *entry.derive]):
            owner = ids.setdefault(name, entry.id)
            if (name == entry.id and i != _first(file, name)) or owner != entry.id:
                yield (*place, "id"), _taken(name, entry.id, owner)
        where = entry.column or entry.columns
        if where and entry.type != "text" and bound.setdefault(where, entry.id) != entry.id:
            yield (*place, "column"), f"{where!r} already holds the answers of question {bound[where]!r}."


def _taken(name: str, by: str, owner: str) -> str:
    if by == owner:
        return f"the id {name!r} occurs twice."
    return f"the cleaned answers would have two columns {name!r}: {by!r} and {owner!r} both make one. Rename one."


def _first(file: CodebookFile, name: str) -> int:
    return next(i for i, entry in enumerate(file.questions) if entry.id == name)


def references(file: CodebookFile) -> Iterator[Fault]:
    """Questions and columns that other parts of the file name exist."""
    texts = [q.id for q in file.questions if q.type == "text"]
    grids = [q.id for q in file.questions if type_of(q) == "grid"]
    columns = [c for q in file.questions for c in (*_columns(q, file.choices), *q.derive)]
    for place, name in _others(file):
        if name not in texts:
            yield (*place, "other"), f"{name!r} is no text question.{nearest(name, texts)}"
    for scale, entry in file.scales.items():
        yield from bad_name(scale, ("scales", scale))
        for key, names, known in (("items", entry.items, columns), ("reverse", entry.reverse, entry.items)):
            for name in (name for name in names if name not in known):
                yield ("scales", scale, key), f"{name!r} is no column of the cleaned answers.{nearest(name, known)}"
    for name in file.quality.grids if file.quality else ():
        if name not in grids:
            yield ("quality", "grids"), f"{name!r} is no grid question.{nearest(name, grids)}"


def _others(file: CodebookFile) -> Iterator[tuple[Place, str]]:
    """Each `other:` of a choice, with its place."""
    for name, choices in file.choices.items():
        yield from ((("choices", name, code), c.other) for code, c in choices.items() if c.other is not None)
    for i, entry in enumerate(file.questions):
        inline = entry.choices if isinstance(entry.choices, dict) else {}
        place = ("questions", i, "choices")
        yield from (((*place, code), c.other) for code, c in inline.items() if c.other is not None)
