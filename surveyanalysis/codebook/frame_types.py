"""Types of the cleaned frame's columns, and the expressions of a codebook tried on a frame of these types."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from ..errors import ColumnError, FormulaError, LevelError
from .document import Place
from .expressions import evaluate, names_in
from .questions import Codebook, Question

PROCESS_COLUMNS = ("disposition",)


def empty_frame(codebook: Codebook) -> pd.DataFrame:
    """Build a cleaned frame without respondents: every column of the codebook, with its type.

    Single choice is categorical, likert and grid are ordered, multiple response is boolean, ranks are Int64, numbers
    Float64, dates datetime64, text str; choices in the codebook's order.

    Examples
    --------
    >>> from .questions import Choice
    >>> book = Codebook({"sex": Question("sex", "single", choices=(Choice("m", {}), Choice("f", {})))})
    >>> empty_frame(book)["sex"].cat.categories.tolist()
    ['m', 'f']
    """
    return pd.DataFrame({name: pd.Series(dtype=dtype_of(q)) for q in codebook for name in q.columns})


def dtype_of(question: Question) -> pd.api.extensions.ExtensionDtype | str:
    """Type of each column of a question."""
    if question.type in ("single", "likert", "grid"):
        return pd.CategoricalDtype(list(question.codes), ordered=question.type != "single")
    return {"multi": "boolean", "rank": "Int64", "number": "Float64", "date": "datetime64[ns]"}.get(
        question.type, "str"
    )


def expression_faults(codebook: Codebook, place_of: "dict[str, Place]") -> Iterator[tuple[Place, str]]:
    """Expressions that cannot be read, or that name questions and answers that do not exist.

    Parameters
    ----------
    place_of
        Question id -> its place in the file.
    """
    frame = empty_frame(codebook)
    for question in codebook:
        place = place_of[question.id]
        if question.base is not None:
            yield from _fault(question.base, True, frame, codebook, (*place, "base"))
        if question.derived is not None:
            wants = question.type == "single"
            yield from _fault(question.derived, wants, frame, codebook, (*place, *_key_of(question, place)))
    for name in PROCESS_COLUMNS:
        frame[name] = pd.Series(dtype="str")
    for name, expression in codebook.bases.items():
        yield from _fault(expression, True, frame, codebook, ("bases", name, "where"))
    yield from _circles(codebook, place_of)


def _key_of(question: Question, place: Place) -> tuple[str, ...]:
    return () if "derive" in place else ("derived",)


def _fault(
    expression: str, condition: bool, frame: pd.DataFrame, codebook: Codebook, place: Place
) -> Iterator[tuple[Place, str]]:
    """Try one expression; a base is a condition, a derived number is a number."""
    try:
        found = evaluate(expression, frame, codebook)
    except (FormulaError, ColumnError, LevelError) as wrong:
        yield place, str(wrong)
        return
    if condition != pd.api.types.is_bool_dtype(found.dtype):
        wanted, given = ("a condition", "a number") if condition else ("a number", "a condition")
        yield place, f"{expression!r} is {given}; {wanted} is needed here."


def _circles(codebook: Codebook, place_of: "dict[str, Place]") -> Iterator[tuple[Place, str]]:
    """Questions whose expressions need each other."""
    needs: dict[str, set[str]] = {}
    for question in codebook:
        try:
            used = [name for e in (question.base, question.derived) if e is not None for name in names_in(e)]
        except FormulaError:
            continue
        owners = [codebook.question_of(name) for name in used]
        needs[question.id] = {owner.id for owner in owners if owner is not None}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as wrong:
        circle = list(dict.fromkeys(wrong.args[1]))
        yield place_of[circle[0]], f"the expressions of {', '.join(map(repr, circle))} need each other in a circle."
