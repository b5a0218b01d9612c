"""YAML files as plain values whose lines are known, so that errors can name them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import CodebookError, SurveyError

Place = tuple[Any, ...]
LineOf = Callable[[Place], int]
MAX_VALUES = 250_000
MAX_DEPTH = 40


def read_yaml(path: str | Path, error: type[SurveyError] = CodebookError) -> tuple[Any, LineOf]:
    """Read a YAML 1.2 file as plain dicts, lists, texts, numbers, booleans and dates.

    ``no``, ``01`` and ``1:30`` stay text. Nothing in the file is ever run; tags and merge keys are refused.

    Parameters
    ----------
    path
        A UTF-8 file.
    error
        The class of error to raise: `CodebookError`, `RecipeError`, `PublishedError`.

    Returns
    -------
    data
        What the file holds.
    line_of
        Place (a tuple of keys and positions) -> 1-based line; an unknown place has the line of its nearest parent.

    Raises
    ------
    SurveyError
        Of class `error`: the file is missing, no UTF-8, no YAML, empty, or a key occurs twice in one mapping.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "recipe.yaml"
    >>> _ = file.write_text("steps:\\n- drop: {name: test_rows}\\n- check: {name: no}\\n")
    >>> data, line_of = read_yaml(file)
    >>> data["steps"][1], line_of(("steps", 1, "check", "name"))
    ({'check': {'name': 'no'}}, 3)
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    content = _text_of(path, error)
    try:
        node = YAML(typ="safe", pure=True).compose(content)
    except MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        advice = _NO_TABS if "\\t" in str(wrong.problem) else _ADVICE
        raise error(f"{path}, line {line}: this is no YAML: {wrong.problem}. {advice}") from None
    except YAMLError as wrong:
        raise error(f"{path}: this is no YAML: {' '.join(str(wrong).split())}.") from None
    if node is None:
        raise error(f"{path} is empty.")
    reader = _Reader()
    data = reader.value(node, ())
    if reader.problems:
        raise error("\n".join(f"{path}, line {line}: {said}" for line, said in reader.problems))
    return data, reader.line_of


def _text_of(path: str | Path, error: type[SurveyError]) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise error(f"{path} is not UTF-8 (byte {wrong.start}). Save it as UTF-8.") from None
    except OSError as wrong:
        raise error(f"Cannot read {path}: {wrong.strerror or wrong}.") from None


_NO_TABS = "Indent with spaces: YAML allows no tabs there."
_ADVICE = 'Texts that hold ": ", " #", "{", "[" or start with "%", "@", "&", "*", "!" must stand in quotation marks.'


class _Reader:
    """Turns YAML nodes into plain values and remembers where each stood."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[tuple[int, str]] = []

    def line_of(self, place: Place) -> int:
        """Line of a place, or of its nearest parent."""
        for end in range(len(place), -1, -1):
            if tuple(place[:end]) in self.lines:
                return self.lines[tuple(place[:end])]
        return 1

    def value(self, node: Any, place: Place) -> Any:
        """Plain value of a node."""
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if len(place) > MAX_DEPTH or len(self.lines) > MAX_VALUES:
            self.problems = [(line, "the file nests or repeats (&, *) too much.")]
            return None
        if isinstance(node.value, str):
            return self.scalar(node, line)
        if str(node.tag) not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self.problems.append((line, f"the tag {node.tag} is not allowed."))
        if node.id == "mapping":
            return self.mapping(node, place)
        return [self.value(item, (*place, i)) for i, item in enumerate(node.value)]

    def mapping(self, node: Any, place: Place) -> dict[Any, Any]:
        """Plain dict of a mapping node."""
        values: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self.scalar(key_node, line) if isinstance(key_node.value, str) else None
            here = (*place, key)
            if not isinstance(key, int | str) or isinstance(key, bool) or key == "<<":
                self.problems.append((line, f"the key {_written(key_node)} must be a word or a whole number. {_KEYS}"))
            elif key in values:
                self.problems.append((line, f"the key {key!r} occurs twice; it is also on line {self.lines[here]}."))
            else:
                self.lines[here] = line
                values[key] = self.value(value_node, here)
        return values

    def scalar(self, node: Any, line: int) -> Any:
        """Text, number, boolean, date or None, by the rules of YAML 1.2."""
        kind, written = str(node.tag).removeprefix("tag:yaml.org,2002:"), node.value
        try:
            return _SCALARS[kind](written)
        except KeyError:
            self.problems.append((line, f"the tag {kind} is not allowed."))
        except ValueError as wrong:
            self.problems.append((line, f"{written!r} cannot be read: {wrong}."))
        return None


def _written(node: Any) -> str:
    return repr(node.value) if isinstance(node.value, str) else "that is no plain value"


_KEYS = "Put words such as true and 1.0 in quotation marks; merge keys (<<) are not allowed."


def _whole(written: str) -> int | str:
    """A whole number; text where a leading zero would be lost."""
    digits = written.lstrip("+-")
    if len(digits) > 1 and digits.startswith("0") and digits.isdigit():
        return written
    return int(written.replace("_", ""), 0)


def _decimal(written: str) -> float:
    return float(written.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _day(written: str) -> date | str:
    """A date; with a time of day it stays text."""
    return date.fromisoformat(written) if len(written) <= 10 else written


_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _whole,
    "float": _decimal,
    "bool": lambda written: written.lower() == "true",
    "null": lambda written: None,
    "timestamp": _day,
    "merge": str,
}
