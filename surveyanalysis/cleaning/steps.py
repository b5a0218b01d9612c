"""The steps of a recipe by name, and what it takes to apply one: in a recipe file, or as Python functions."""

import inspect
import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, get_args, get_origin

import pandas as pd

from ..errors import LevelError, RecipeError, SurveyError, nearest
from ..language import Text, text
from .canonical import typed, untyped
from .cells import map_values, normalise_text, parse
from .checks import check, close, derive, disposition, flag
from .corrections import fix, recode_other, set_missing
from .rows import drop_duplicates, drop_partials, drop_status, drop_unfinished
from .work import Work

STEPS: Mapping[str, Callable[..., Work]] = {
    function.__name__: function
    for function in (
        drop_status,
        drop_duplicates,
        drop_unfinished,
        drop_partials,
        normalise_text,
        map_values,
        parse,
        fix,
        recode_other,
        set_missing,
        disposition,
        derive,
        check,
        flag,
    )
}
"""Words of a recipe -> functions of (work, keyword arguments)."""


@dataclass(frozen=True)
class Step:
    """One step of a recipe.

    Attributes
    ----------
    word
        What it does: a key of `STEPS`, or the name of a function.
    name
        Names it in the ledger.
    why
        The reason, for the ledger and the methods text.
    options
        Arguments.
    line
        Line in the recipe file; 0 for a step made in Python.

    Examples
    --------
    >>> step("drop_duplicates", name="same_person", why="Answered twice", on=["external_id"]).name
    'same_person'
    """

    word: str
    function: Callable[..., Work]
    name: str
    why: Text = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    def __call__(self, work: Work) -> Work:
        """Apply the step; errors name it."""
        try:
            return self.function(work, **self.options)
        except SurveyError as error:
            place = f" (line {self.line})" if self.line else ""
            raise type(error)(f"Step {self.name!r}{place}: {error}") from error


def step(word: str, *, name: str = "", why: "str | Text" = "", line: int = 0, **options: Any) -> Step:
    """Make a step by its word, as in a recipe file.

    Parameters
    ----------
    word
        drop_status, drop_duplicates, drop_unfinished, drop_partials, normalise_text, map_values, parse, fix,
        recode_other, set_missing, disposition, derive, check or flag.
    name, why
        What the ledger calls the step, and its reason (a text, or one per language).
    options
        The step's own arguments; `from` and `assert` may be written ``from_`` and ``assert_``.

    Raises
    ------
    RecipeError
        No such step, or an argument that it does not have, or lacks.
    """
    if word not in STEPS:
        raise RecipeError(f"There is no step {word!r}.{nearest(word, STEPS)} Steps: {', '.join(STEPS)}.")
    function = STEPS[word]
    given = {f"{k}_" if keyword.iskeyword(k) else k: value for k, value in options.items()}
    known = {p.name: p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY}
    shown = [name.rstrip("_") for name in known]
    for option in given:
        if option not in known:
            listed, said = ", ".join(["name", "why", *shown]), option.rstrip("_")
            raise RecipeError(f"Step {word!r} has no {said!r}.{nearest(said, shown)} It has: {listed}.")
        _refuse_wrong_type(word, option, given[option], known[option].annotation)
    lost = [p.name.rstrip("_") for p in known.values() if p.default is p.empty and p.name not in given]
    if lost:
        raise RecipeError(f"Step {word!r} needs {', '.join(map(repr, lost))}.")
    if not isinstance(why, str | Mapping):
        raise RecipeError(f"Step {word!r}: `why` is {why!r}; it must be a text, or one per language.")
    return Step(word, function, str(name or word), text(why), given, line)


_WORDS = {str: "a text", list: "a list", dict: "a mapping", float: "a number"}


def _refuse_wrong_type(word: str, option: str, value: Any, annotation: Any) -> None:
    """Refuse a value that the step cannot take: a number for a list, a list for a text."""
    kinds = [get_origin(kind) or kind for kind in (get_args(annotation) if _is_union(annotation) else [annotation])]
    number = isinstance(value, int | float) and not isinstance(value, bool) and float in kinds
    if Any in kinds or number or any(kind is not float and isinstance(value, kind) for kind in kinds):
        return
    wanted = " or ".join(_WORDS[kind] for kind in kinds if kind in _WORDS)
    raise RecipeError(f"Step {word!r}: {option.rstrip('_')!r} is {value!r}; it must be {wanted}.")


def _is_union(annotation: Any) -> bool:
    return isinstance(annotation, UnionType)


def function_step(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Step:
    """Make a step of a function from the typed frame to the changed frame; what it did is found by comparing the two.

    Its name is the step's, the first line of its docstring the reason. It may change cells and drop rows.
    """
    name = getattr(change, "__name__", "function")
    said = (inspect.getdoc(change) or "").split("\n")[0]
    return Step("function", lambda work: _changed_by(change, work), name, text(said or name))


def _changed_by(change: Callable[[pd.DataFrame], pd.DataFrame], work: Work) -> Work:
    keys = work.about["key"]
    if keys.duplicated().any():
        raise RecipeError("The same respondent is in the file twice; let drop_duplicates come before this function.")
    result = change(work.typed().set_axis(pd.Index(keys, name="respondent"), axis=0))
    if not isinstance(result, pd.DataFrame) or sorted(map(str, result.columns)) != sorted(work.columns):
        raise RecipeError(
            "The function must return the frame with the same columns; new ones belong in the codebook first."
        )
    strange = [str(k) for k in result.index if k not in set(keys)] + [
        str(k) for k in result.index[result.index.duplicated()]
    ]
    if strange:
        raise RecipeError(f"The function returned rows that were not there, or twice: {', '.join(strange[:5])}.")
    kept = work.keep(keys.isin(result.index).to_numpy(bool))
    ordered = untyped(result.loc[kept.about["key"], list(work.columns)], work.codebook).set_axis(
        kept.frame.index, axis=0
    )
    try:
        typed(ordered, work.codebook)
    except LevelError as error:
        raise RecipeError(f"The function's {str(error).split(' Let the steps')[0]}") from None
    cells = {str(c): ordered[c] for c in ordered}
    new = {
        c: kept.reasons[c].mask(s.notna()).mask(s.isna() & kept.frame[c].notna(), "invalid") for c, s in cells.items()
    }
    return kept.with_cells(cells, new)


CLOSING = (
    Step("derive", derive, "derived", {"en": "Questions that the codebook derives", "ko": "코드북의 파생 문항"}),
    Step("reasons", close, "reasons", {"en": "Reasons for missing answers", "ko": "결측 사유"}),
)
"""What every cleaning ends with."""
