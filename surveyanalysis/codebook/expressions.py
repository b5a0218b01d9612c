"""Conditions and derivations in codebook names: parsed against an allow-list, never evaluated as code."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ColumnError, FormulaError, nearest
from ..language import LANGUAGES, Text, say, text
from .comparing import as_number, compared, is_one_of, ticked
from .questions import Codebook

if TYPE_CHECKING:
    from ..survey import Survey

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS = ("answered", "missing")
DEEPEST = 60  # levels of nesting; every interpreter has room for so many
GRAMMAR = "names, numbers, 'text', == != < <= > >=, in, not in, and, or, not, + - * /, answered(x), missing(x)"


@dataclass(frozen=True)
class _Context:
    """What names stand for while an expression is read."""

    source: str
    frame: pd.DataFrame
    codebook: Codebook

    def refuse(self, node: ast.AST) -> FormulaError:
        piece = ast.get_source_segment(self.source, node) or type(node).__name__
        return FormulaError(f"{piece!r} is not allowed in the expression {self.source!r}. Allowed: {GRAMMAR}.")

    def column(self, name: str) -> pd.Series:
        if name not in self.frame.columns:
            question = self.codebook.question_of(name)
            if question is not None and question.derived:
                raise ColumnError(
                    f"{name!r} in the expression {self.source!r} is derived, and not computed yet: let a step `derive` "
                    "come before."
                )
            known = [*self.frame.columns, *self.codebook.questions]
            raise ColumnError(f"{name!r} in the expression {self.source!r} is not in the survey.{nearest(name, known)}")
        return self.frame[name]


def evaluate(expression: str, frame: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Evaluate an expression for every respondent.

    Parameters
    ----------
    expression
        Names are questions or columns. ``6 in barriers`` asks whether option 6 of a multi question is ticked;
        ``employer in ('company', 'university')`` whether the answer is one of several. Likert answers compare by the
        order of the scale, dates with text such as '2010-07-01'.
    frame, codebook
        Cleaned answers and what was asked.

    Returns
    -------
    pandas.Series
        Nullable boolean or float, shape (n,); missing where an answer that it needs is missing, and where it would
        divide by zero.

    Raises
    ------
    FormulaError
        Something outside the allow-list; it is named. Nothing is ever run as code.
    ColumnError, LevelError
        A question or an answer that does not exist; the nearest is named.

    Examples
    --------
    >>> from surveyanalysis.survey import Survey
    >>> people = Survey.from_frame(pd.DataFrame({"age": [31, 44], "sector": ["firm", "lab"]}))
    >>> evaluate("age > 40 and sector == 'lab'", people.frame, people.codebook).tolist()
    [False, True]
    """
    context = _Context(expression, frame, codebook)
    value = _value(_tree(expression), context)
    if isinstance(value, pd.Series):
        return value
    if isinstance(value, list):
        raise FormulaError(f"{expression!r} is a list, not a condition or a number.")
    return pd.Series(value, index=frame.index)


def names_in(expression: str) -> tuple[str, ...]:
    """Names that an expression uses, in order of appearance.

    Examples
    --------
    >>> names_in("6 in barriers and age > 40")
    ('barriers', 'age')
    """
    nodes = [n for n in ast.walk(_tree(expression)) if isinstance(n, ast.Name)]
    calls = {id(n.func) for n in ast.walk(_tree(expression)) if isinstance(n, ast.Call)}
    ordered = sorted((n for n in nodes if id(n) not in calls), key=lambda n: (n.lineno, n.col_offset))
    return tuple(dict.fromkeys(n.id for n in ordered if n.id not in FUNCTIONS))


def truth(
    survey: "Survey", expression: str | None = None, answers: Mapping[str, Any] | None = None
) -> tuple[NDArray[np.bool_], Text]:
    """Whom a condition holds for (missing counts as no), and the condition in readers' words.

    Parameters
    ----------
    expression
        A condition; see `evaluate`.
    answers
        Question -> answer, or a list of answers; all must hold.
    """
    mask, said = np.ones(len(survey), bool), list[Text]()
    if expression is not None:
        found = evaluate(expression, survey.frame, survey.codebook)
        if not pd.api.types.is_bool_dtype(found.dtype):
            raise FormulaError(f"{expression!r} is a number, not a condition. Compare it with something: > 40, == 1.")
        mask &= found.astype("boolean").fillna(False).to_numpy(bool)
        said.append(text(expression))
    for name, wanted in (answers or {}).items():
        levels = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
        mask &= is_one_of(survey.column(name), levels, name)
        said.append(_answer_words(survey, name, levels))
    if not said:
        raise FormulaError("Say who: where(employer='company') or where(\"age >= 40\").")
    return mask, joined(said)


def joined(conditions: Sequence[Text]) -> Text:
    """Join conditions that all hold: "Employer: Company and age >= 40"."""
    return {lang: {"en": " and ", "ko": ", "}[lang].join(say(c, lang) for c in conditions) for lang in LANGUAGES}


def _answer_words(survey: "Survey", name: str, levels: list[Any]) -> Text:
    """A question and its answers by their labels: "Present employer: Company or University"."""
    question = survey.codebook.question_of(name)
    label: Text = question.column_label(name) if question else text(name)
    named = [question.level_label(level) if question else text(str(level)) for level in levels]
    by_lang = {lang: {"en": " or ", "ko": "·"}[lang].join(say(n, lang) for n in named) for lang in LANGUAGES}
    return {lang: f"{say(label, lang)}: {by_lang[lang]}" for lang in LANGUAGES}


def _tree(expression: str) -> ast.expr:
    if not isinstance(expression, str):
        raise FormulaError(
            f"A condition is a text, such as \"age >= 40 and sex == 'female'\"; this is a {type(expression).__name__}."
        )
    try:
        body = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = getattr(error, "msg", None) or str(error) or "it nests too deeply"
        raise FormulaError(f"The expression {expression!r} cannot be read: {said}. Allowed: {GRAMMAR}.") from None
    if _depth(body) > DEEPEST:
        raise FormulaError(
            f"The expression {expression[:60]!r}... nests deeper than {DEEPEST} levels. Write it flatter."
        )
    return body


def _depth(tree: ast.expr) -> int:
    """Levels of a tree, counted without recursion."""
    depth = 0
    level: list[ast.AST] = [tree]
    while level:
        depth, level = depth + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _value(node: ast.expr, context: _Context) -> Any:
    """Value of one node: a Series, a number, a text, or a list of these."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str):
        return node.value
    if isinstance(node, ast.Name):
        return context.column(node.id)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_constant(item, context) for item in node.elts]
    for kind, read in _READERS:
        if isinstance(node, kind):
            return read(node, context)
    raise context.refuse(node)


def _constant(node: ast.expr, context: _Context) -> Any:
    value = _value(node, context)
    if isinstance(value, pd.Series | list):
        raise context.refuse(node)
    return value


def _read_bool(node: ast.BoolOp, context: _Context) -> pd.Series:
    parts = [_condition(value, context) for value in node.values]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined & part if isinstance(node.op, ast.And) else joined | part
    return joined


def _condition(node: ast.expr, context: _Context) -> pd.Series:
    value = _value(node, context)
    if not (isinstance(value, pd.Series) and pd.api.types.is_bool_dtype(value.dtype)):
        raise context.refuse(node)
    return value.astype("boolean")


def _read_unary(node: ast.UnaryOp, context: _Context) -> Any:
    if isinstance(node.op, ast.Not):
        return ~_condition(node.operand, context)
    if isinstance(node.op, ast.USub):
        value = _value(node.operand, context)
        return -(as_number(value) if isinstance(value, pd.Series) else value)
    raise context.refuse(node)


def _read_arithmetic(node: ast.BinOp, context: _Context) -> Any:
    if type(node.op) not in _ARITHMETIC:
        raise context.refuse(node)
    left, right = (_value(side, context) for side in (node.left, node.right))
    if isinstance(left, str | list) or isinstance(right, str | list):
        raise context.refuse(node)
    try:
        found = _ARITHMETIC[type(node.op)](as_number(left), as_number(right))
    except ZeroDivisionError:
        raise FormulaError(f"{context.source!r} divides by zero.") from None
    return found.mask(np.isinf(found).fillna(False)) if isinstance(found, pd.Series) else found


def _read_compare(node: ast.Compare, context: _Context) -> pd.Series:
    sides = [node.left, *node.comparators]
    parts = [_compare(a, op, b, context) for a, op, b in zip(sides[:-1], node.ops, sides[1:], strict=True)]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined & part
    return joined


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, context: _Context) -> pd.Series:
    if isinstance(op, ast.In | ast.NotIn):
        found = _membership(left, right, context)
        return ~found if isinstance(op, ast.NotIn) else found
    a, b = _value(left, context), _value(right, context)
    if type(op) not in _COMPARE or isinstance(a, list) or isinstance(b, list):
        raise context.refuse(left)
    if not isinstance(a, pd.Series):
        a, b, op = b, a, _MIRROR.get(type(op), type(op))()
    if not isinstance(a, pd.Series):
        raise context.refuse(left)
    return compared(a, _COMPARE[type(op)], b)


_MIRROR: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


def _membership(left: ast.expr, right: ast.expr, context: _Context) -> pd.Series:
    """`option in multi question`, or `column in (levels)`."""
    if isinstance(right, ast.Name) and right.id in context.codebook:
        return ticked(_constant(left, context), context.codebook[right.id], context.column)
    column, levels = _value(left, context), _value(right, context)
    if not isinstance(column, pd.Series) or not isinstance(levels, list):
        raise context.refuse(right)
    found = pd.Series(is_one_of(column, levels, str(column.name)), index=column.index)
    return found.astype("boolean").mask(column.isna())


def _read_call(node: ast.Call, context: _Context) -> pd.Series:
    """`answered(x)` and `missing(x)`."""
    if not (
        isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and len(node.args) == 1 and not node.keywords
    ):
        raise context.refuse(node)
    value = _value(node.args[0], context)
    if not isinstance(value, pd.Series):
        raise context.refuse(node)
    return (value.notna() if node.func.id == "answered" else value.isna()).astype("boolean")


_READERS: tuple[tuple[type[ast.expr], Callable[[Any, _Context], Any]], ...] = (
    (ast.BoolOp, _read_bool),
    (ast.UnaryOp, _read_unary),
    (ast.BinOp, _read_arithmetic),
    (ast.Compare, _read_compare),
    (ast.Call, _read_call),
)
