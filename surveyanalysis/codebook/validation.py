"""What a YAML file holds, checked against a model: every problem at once, each with file, line and question."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from ..errors import CodebookError, SurveyError, nearest
from .document import LineOf, Place

if TYPE_CHECKING:
    from pydantic import BaseModel

Model = TypeVar("Model", bound="BaseModel")


def validated(
    model: type[Model],
    data: Any,
    path: str | Path,
    line_of: LineOf,
    error: type[SurveyError] = CodebookError,
    context: Mapping[str, Any] | None = None,
) -> Model:
    """Check what a file holds against a pydantic model; all problems are told at once.

    Parameters
    ----------
    model
        A pydantic model; give it ``extra="forbid"`` so that misspelt keys are found (the nearest is named).
    data, line_of
        From `read_yaml`.
    error
        The class of error to raise.
    context
        What the model's validators need to know.

    Returns
    -------
    Model
        The model's instance.

    Raises
    ------
    SurveyError
        Of class `error`: one line a problem, each with file, line, question (or step, or number) and key.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(data, context=context)
    except ValidationError as wrong:
        found = [(_known_part(item["loc"], data), item) for item in wrong.errors(include_url=False)]
    lines = {problem(path, data, line_of, place, _in_words(model, item)): line_of(place) for place, item in found}
    raise error("\n".join(sorted(lines, key=lambda said: lines[said])))


def problem(path: str | Path, data: Any, line_of: LineOf, place: Place, said: str) -> str:
    """One problem in words: file, line, the named thing it is in, the key, and what is wrong.

    Examples
    --------
    >>> book = {"questions": [{"id": "q4", "base": "q3 = 1"}]}
    >>> problem("codebook.yaml", book, lambda place: 7, ("questions", 0, "base"), "cannot be read.")
    "codebook.yaml, line 7, question 'q4', `base`: cannot be read."
    """
    parts = [f"{path}, line {line_of(place)}", *_names(data, place)]
    return f"{', '.join(parts)}: {said}"


def _names(data: Any, place: Place) -> Iterator[str]:
    """The innermost thing with an id or a name that `place` lies in, and the keys below it."""
    keys: list[str] = []
    kind, named, here = "", "", data
    for key in place:
        inside = _inside(here, key)
        kind = str(key) if isinstance(inside, list) else kind
        if isinstance(here, dict):
            keys.append(str(key))
        name = inside.get("id", inside.get("name")) if isinstance(inside, dict) else None
        if kind and isinstance(name, str):
            named, keys = f"{kind.removesuffix('s')} {name!r}", []
        here = inside
    yield from filter(None, [named, f"`{'.'.join(keys)}`" if keys else ""])


def _inside(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None


def _known_part(place: Place, data: Any) -> Place:
    """The keys of pydantic's location that are in the file (it adds words of its own for unions and keys)."""
    known: list[Any] = []
    here = data
    for key in place:
        options = [key, int(key)] if isinstance(key, str) and key.lstrip("-").isdigit() else [key]
        found = next((k for k in options if isinstance(here, dict) and k in here), key)
        inside = _inside(here, found)
        if inside is not None or (isinstance(here, dict) and found in here):
            known.append(found)
            here = inside
        elif key == place[-1] and isinstance(here, dict):
            known.append(key)
    return tuple(known)


def _in_words(model: "type[BaseModel]", item: Any) -> str:
    """What pydantic found, in the words of a person who edits the file."""
    place, kind = item["loc"], item["type"]
    if kind == "extra_forbidden":
        known = _keys_at(model, place[:-1])
        if "languages" in _keys_at(model, ("survey",)) and re.fullmatch("[a-z]{2}", str(place[-1])):
            return f"no language of this survey. Name it: `survey: {{languages: [en, {place[-1]}]}}`."
        return f"unknown key.{nearest(place[-1], known)} Known here: {', '.join(known)}."
    if kind == "missing":
        return "is missing; it must be given."
    if kind == "literal_error":
        words = re.findall("'([^']*)'", item["ctx"]["expected"])
        return f"is {_short(item['input'])}; it must be {item['ctx']['expected']}.{nearest(item['input'], words)}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"must hold `key: value` pairs. It is {_short(item['input'])}."
    said = item["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{said}. It is {_short(item['input'])}." if kind != "value_error" else f"{said}."


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _keys_at(model: "type[BaseModel]", place: Place) -> list[str]:
    """Keys that the models at a location know."""
    models = [model]
    for key in place:
        fields = [f for m in models for name, f in m.model_fields.items() if key in (name, f.alias)]
        if fields:
            models = [m for f in fields for m in _models_in(f.annotation)]
    return [field.alias or name for m in models for name, field in m.model_fields.items()]


def _models_in(annotation: Any) -> "Iterator[type[BaseModel]]":
    if hasattr(annotation, "model_fields"):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
